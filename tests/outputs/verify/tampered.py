"""A package of invented people that somebody who knows the passphrase changes, for tests."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from matching.engines.duckdb import DuckDBEngine
from nfi import __version__
from nfi.checking import check
from nfi.packaging import PackageWishes, package
from nfi.sample import make_sample
from outputs.sealed.archive import open_archive
from outputs.sealed.encrypted_zip import encrypted_zip
from outputs.sealed.signature import sign
from outputs.submitted.acceptance import Acceptance
from outputs.submitted.open_submission import open_submission
from outputs.verify import State, Verification, opened_for_use, verification

PASSPHRASE = "orbit lantern velvet moss 41"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
DAY = date(2026, 10, 5)

Files = dict[str, bytes]
Change = Callable[[Files], None]


@dataclass(frozen=True)
class Made:
    """A package, and the extracts that it was made from."""

    package: Path
    payroll: Path
    creditors: Path

    def copy(self, target: Path) -> Path:
        """The package under another name."""
        target.write_bytes(self.package.read_bytes())
        return target


def make(folder: Path) -> Made:
    """Payroll with a look-up table, and creditors with headings of their own and a mapping; signed."""
    sample = make_sample(folder / "sample", employees=150, creditors=400, payments=1_000, seed=7).files
    payroll, creditors = sample["payroll"], folder / "suppliers.csv"
    lookup = _departments(payroll, folder / "departments.csv")
    mapping = _renamed(sample["creditors-standing"], creditors, folder / "suppliers.yaml")
    work = folder / "work"
    check(
        [payroll],
        "payroll",
        folder=work,
        lookups={"Department": lookup},
        day=DAY,
        at=datetime.now(UTC),
    )
    check([creditors], "creditors-standing", folder=work, mapping=mapping, day=DAY, at=datetime.now(UTC))
    made = package(
        work,
        body="Anytown Council",
        seal=PASSPHRASE,
        wishes=PackageWishes(
            acceptances=(
                Acceptance("National insurance numbers are on their way.", "Head of Payroll", "nino"),
                Acceptance("Known to the pension fund.", "Head of Finance"),
            )
        ),
        sign=lambda content: sign(content, KEY),
        ask=lambda dataset, field: "each code is a word",
        at=datetime.now(UTC),
    )
    return Made(made.summary.package, payroll, creditors)


def _departments(payroll: Path, target: Path) -> Path:
    with payroll.open(newline="", encoding="utf-8") as file:
        names = sorted({row["Department"] for row in csv.DictReader(file)} - {""})
    with target.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("code", "meaning"), *((name, f"{name} department") for name in names)])
    return target


def _renamed(extract: Path, target: Path, mapping: Path) -> Path:
    """The same records under the headings of a ledger, and the mapping from these."""
    heading, _, rest = extract.read_text(encoding="utf-8").partition("\n")
    names = heading.strip().split(",")
    target.write_text(",".join(f"L{number}" for number in range(len(names))) + "\n" + rest, encoding="utf-8")
    fields = "".join(f'  "{name}": L{number}\n' for number, name in enumerate(names))
    mapping.write_text(f"dataset: creditors-standing\nfields:\n{fields}", encoding="utf-8")
    return mapping


def contents(package: Path) -> Files:
    """Every file inside, by name, in order."""
    with open_archive(package, PASSPHRASE) as archive:
        return {name: archive.read_small(name) for name in archive.names}


def packed(files: Files, target: Path) -> Path:
    """Files in an archive as nfi makes it."""
    with encrypted_zip(target, PASSPHRASE) as archive:
        for name, content in files.items():
            archive.write(name, [content], size_at_most=len(content))
    return target


def changed(package: Path, target: Path, *changes: Change) -> Path:
    """The package with its files changed, properly encrypted again."""
    files = contents(package)
    for change in changes:
        change(files)
    return packed(files, target)


def with_manifest(edit: Callable[[dict[str, Any]], object]) -> Change:
    """A change of the manifest."""

    def change(files: Files) -> None:
        manifest = json.loads(files["datapackage.json"])
        edit(manifest)
        files["datapackage.json"] = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()

    return change


def described_anew(*names: str) -> Change:
    """Sizes and hashes in the manifest corrected, as a careful forger would."""

    def change(files: Files) -> None:
        def edit(manifest: dict[str, Any]) -> None:
            for entry in (*manifest["resources"], *manifest["nfi:files"]):
                if entry["path"] in names:
                    content = files[entry["path"]]
                    entry |= {"bytes": len(content), "hash": f"sha256:{sha256(content).hexdigest()}"}

        with_manifest(edit)(files)

    return change


def signed_anew(key: Ed25519PrivateKey) -> Change:
    """The manifest signed once more."""

    def change(files: Files) -> None:
        files["datapackage.json.sig"] = sign(files["datapackage.json"], key)

    return change


def verified(package: Path, folder: Path, key: Ed25519PublicKey | None = None) -> Verification:
    """What verifying says."""
    with open_submission(package, PASSPHRASE) as submission:
        opened = opened_for_use(submission, folder, nfi=f"nfi {__version__}")
        return verification(opened, folder, DuckDBEngine(temporary=folder), key=key)


def differing(found: Verification) -> list[str]:
    """The lines on what differs."""
    return [each.in_words() for each in found.of_state(State.DIFFERS)]
