"""The same inputs give the same bytes of every file inside a package, wherever and whenever it is made."""

from __future__ import annotations

import io
import json
import locale
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyrage
import pytest

from nfi.sample import SampleSummary
from outputs.sealed.passphrase import VARIABLE
from tests.outputs.invented_submission import contents

ROOT = Path(__file__).parents[2]
PASSPHRASE = "correct horse battery staple 7"

pytestmark = pytest.mark.xdist_group("package reproducible")  # all compare with one package

ORDER = ("payroll", "creditors-standing", "creditors-history")
PACKAGE = ("--body", "Anytown Council", "--accept-errors", "agreed", "--accepted-by", "Nadia O'Neill")


@dataclass(frozen=True)
class Place:
    """A machine, a day and a way of packaging."""

    order: Sequence[str] = ORDER
    """In which the data sets are checked; the creditors come before what refers to them."""
    days: int = 0
    threads: int = 0
    umask: int = 0o022
    passphrase: str = PASSPHRASE
    options: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


def elsewhere(place: Place, sample: SampleSummary, work: Path) -> Path:
    """Check the sample and package it there; the folder with the package."""
    work.parent.mkdir(parents=True, exist_ok=True)
    commands = [
        *(
            ["check", str(sample.files[each]), "-d", each, "--as-of", "2026-10-01", "--out", work.name]
            for each in place.order
        ),
        ["package", work.name, *PACKAGE, *place.options],
    ]
    asked = {"days": place.days, "threads": place.threads, "commands": commands}
    run = subprocess.run(
        [sys.executable, "-m", "tests.nfi.elsewhere", json.dumps(asked)],
        cwd=work.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: place.passphrase, **place.environment},
        preexec_fn=(lambda: os.umask(place.umask) and None) if os.name == "posix" else None,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    return work / "submission"


@pytest.fixture(scope="module")
def here(sample: SampleSummary, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every file inside the package as it is made here."""
    return contents(
        elsewhere(Place(), sample, tmp_path_factory.mktemp("here") / "work") / "submission.zip", PASSPHRASE
    )


def installed(*names: str) -> str:
    """The first of these locales that this machine has; C is everywhere."""
    before = locale.setlocale(locale.LC_ALL)
    try:
        for name in names:
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_ALL, before)
    return "C"


def test_another_folder_language_time_zone_hash_seed_umask_day_order_passphrase_and_number_of_threads(
    here: dict[str, bytes], sample: SampleSummary, tmp_path: Path
) -> None:
    there = Place(
        order=("creditors-standing", "creditors-history", "payroll"),
        days=400,
        threads=1,
        umask=0o077,
        passphrase="orbit-lantern-velvet-moss",
        options=("--name", "another.zip"),
        environment={
            "LC_ALL": "C",
            "LANG": "C",
            "TZ": "Pacific/Kiritimati",
            "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0",
            "PYTHONHASHSEED": "4711",
        },
    )
    work = tmp_path / "a folder" / "of another name"
    folder = elsewhere(there, sample, work)
    assert "202" in (work / "runs/trail.jsonl").read_text()
    assert contents(folder / "another.zip", there.passphrase) == here
    assert {path.name: path.read_bytes() for path in folder.iterdir() if "cover-sheet" in path.name} == {
        f"another-{name}": content for name, content in here.items() if name.startswith("cover-sheet")
    }


def test_signed_for_age_with_many_threads_in_a_language_in_which_commas_are_points(
    here: dict[str, bytes], sample: SampleSummary, tmp_path: Path
) -> None:
    identity = pyrage.x25519.Identity.generate()
    key = tmp_path / "key.pem"
    made = subprocess.run(
        [sys.executable, "-m", "nfi", "key", "new", key.stem, "--out", tmp_path],
        env={**os.environ, "PYTHONPATH": str(ROOT), "NFI_KEY_PASSPHRASE": PASSPHRASE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    spoken = installed("de_DE.UTF-8", "fr_FR.UTF-8", "tr_TR.UTF-8", "en_GB.UTF-8")
    there = Place(
        days=-300,
        threads=8,
        umask=0,
        options=("--sign", str(key), "--age-recipient", str(identity.to_public())),
        environment={
            "NFI_KEY_PASSPHRASE": PASSPHRASE,
            "LC_ALL": spoken,
            "LANGUAGE": "de",
            "TZ": "America/Adak",
            "PYTHONHASHSEED": "1",
        },
    )
    package = elsewhere(there, sample, tmp_path / "work") / "submission.zip.age"
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(package.read_bytes(), [identity]))) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    assert len(inside.pop("datapackage.json.sig")) == 64
    assert inside == here


def test_another_day_is_another_day(sample: SampleSummary, tmp_path: Path) -> None:
    """That the clock is moved at all: a check without a day of its own takes that of its run."""
    commands = [["check", str(sample.files["payroll"]), "-d", "payroll", "--out", "work"]]
    days = []
    for number in (0, 400):
        folder = tmp_path / str(number)
        folder.mkdir()
        subprocess.run(
            [
                *(sys.executable, "-m", "tests.nfi.elsewhere"),
                json.dumps({"days": number, "threads": 0, "commands": commands}),
            ],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
        )
        days.append(json.loads((folder / "work/runs/check-payroll.json").read_text())["made_from"]["day"])
    assert days[0] < days[1]
    shutil.rmtree(tmp_path)
