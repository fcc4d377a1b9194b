"""The verbs of nfi as plain functions: what the commands call, and what a Python program may call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePath

from nfi.checking import CheckRun, check
from nfi.match_run import MatchRun, checked_digests, match
from nfi.run_record import problems_of, write_run_record
from nfi.workspace import NothingChecked, Workspace
from outputs.datapackage import MANIFEST
from outputs.open_submission import open_submission
from outputs.spec_format import NegativeSign
from outputs.submission import SubmissionPart, SubmissionRefused, SubmissionSummary, build_submission

__all__ = [
    "CheckRun",
    "MatchRun",
    "PackageVerified",
    "check",
    "match",
    "package",
    "verify_folder",
    "verify_package",
]


def package(
    folder: Path,
    *,
    passphrase: str | Callable[[], str],
    body: str,
    name: str = "submission.zip",
    accepted_errors: str | None = None,
    notes: Sequence[str] = (),
    negative_sign: NegativeSign = NegativeSign.LEADING,
    overwrite: bool = False,
    at: datetime,
) -> SubmissionSummary:
    """Package the extracts that were checked in a folder, as `submission/<name>` inside it.

    The arguments are those of `build_submission`.

    Raises:
        NothingChecked: the folder holds no checked extract.
        ErrorsOpen: a check found errors and `accepted_errors` does not say why to send them.
        PassphraseUnfit: the passphrase is too weak.
        SubmissionRefused: the package exists already, or the body or the package has no fit name.
    """
    if PurePath(name).suffix.casefold() != ".zip" or {"/", "\\", ":"}.intersection(name):
        raise SubmissionRefused(
            f"{name}: not a file name that ends in .zip. Choose one, such as payroll.zip."
        )
    workspace = Workspace(folder)
    records = workspace.records()
    summary = build_submission(
        [
            SubmissionPart(workspace.specification_of(record), workspace.checked(dataset), record)
            for dataset, record in records.items()
        ],
        workspace.submission / name,
        passphrase=passphrase,
        body=body,
        accepted_errors=accepted_errors,
        notes=notes,
        negative_sign=negative_sign,
        overwrite=overwrite,
    )
    write_run_record(
        workspace,
        "package",
        made_from={
            "checked": checked_digests(records),
            "package": name,
            "body": body,
            "accepted_errors": accepted_errors,
            "notes": list(notes),
            "negative_sign": negative_sign,
            "manifest_sha256": summary.manifest_sha256,
        },
        outputs=[],  # the archive around the files differs each time: AES draws a new salt
        at=at,
    )
    return summary


def verify_folder(folder: Path) -> tuple[str, ...]:
    """Where outputs, run records and trail of a folder no longer agree, in words; empty where all do.

    Raises:
        NothingChecked: nfi has not worked in this folder.
    """
    workspace = Workspace(folder)
    if not workspace.runs.is_dir():
        raise NothingChecked(f"{folder}: holds no run records, so nfi has not worked here. Name its folder.")
    return problems_of(workspace)


@dataclass(frozen=True, slots=True)
class PackageVerified:
    """What became of a package, by its own manifest."""

    manifest_sha256: str
    problems: tuple[str, ...]


def verify_package(package: Path, *, passphrase: str) -> PackageVerified:
    """Open a package and compare its files with its manifest; nothing is written to the disk.

    Raises:
        SubmissionUnreadable: not there, damaged, not one of nfi's, or another passphrase.
        ManifestUnreadable: its manifest is not one that this version of nfi reads.
    """
    with open_submission(package, passphrase=passphrase) as submission:
        return PackageVerified(
            manifest_sha256=sha256(submission.content(MANIFEST)).hexdigest(),
            problems=submission.problems(),
        )
