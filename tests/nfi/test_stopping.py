"""Stopped, killed, unheard, in another country: what a command leaves behind, and what it says."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from nfi.sample import SampleSummary, make_sample
from nfi.verbs import check
from outputs.sealed.encrypted_zip import encrypted_zip
from tests.typed import Nfi

ROOM = Path(__file__).parents[2]
PASSPHRASE = "correct horse battery staple 7"
STOPPED = "nfi: stopped before the end. No half-written file is left; give the command again to finish.\n"

on_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    """Enough payments that there is time to stop."""
    return make_sample(
        tmp_path_factory.mktemp("large"), employees=300, creditors=400, payments=60_000, seed=5
    )


@pytest.fixture(scope="module")
def large_once(large: SampleSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its creditors and payments, checked. Read it; do not change it."""
    folder = tmp_path_factory.mktemp("large-checked") / "work"
    for dataset in ("creditors-standing", "creditors-history"):
        check([large.files[dataset]], dataset, folder=folder, at=datetime.now(UTC))
    return folder


@pytest.fixture
def checked(large_once: Path, tmp_path: Path) -> Path:
    """A copy of it, to work in."""
    (tmp_path / "passphrase.txt").write_text(PASSPHRASE)
    return shutil.copytree(large_once, tmp_path / "work")


def started(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    """The command in a process of its own, as a terminal starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "nfi", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOM), **environment},
    )


def wait_for(happens: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.002)


def hidden(folder: Path) -> list[Path]:
    """Temporary files and folders, which a run must not leave behind."""
    return [
        Path(parent, name)
        for parent, folders, names in os.walk(folder)  # which does not mind that folders vanish
        for name in (*folders, *names)
        if name.startswith(".")
    ]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "trail.jsonl"
    }


@on_posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_check_that_is_stopped_says_so_and_leaves_nothing(
    large: SampleSummary, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    work = tmp_path / "work"
    check = started("check", large.files["creditors-history"], "-d", "creditors-history", "--out", work)
    wait_for(lambda: bool(hidden(work)))
    check.send_signal(number)
    out, err = check.communicate(timeout=60)

    assert (check.returncode, out, err) == (code, "", STOPPED)
    assert files(work) == {}
    assert hidden(work) == []


@on_posix
def test_a_match_of_bare_files_that_is_stopped_leaves_no_trace(large: SampleSummary, tmp_path: Path) -> None:
    temporary, here = tmp_path / "temporary", tmp_path / "here"
    temporary.mkdir()
    here.mkdir()
    command = started(
        *("match", "--data", f"creditors-history={large.files['creditors-history']}"),
        *("--pairs", here / "pairs.csv"),
        TMPDIR=str(temporary),
    )
    wait_for(lambda: any(path.suffix == ".parquet" for path in temporary.rglob("*")))
    command.send_signal(signal.SIGINT)
    out, err = command.communicate(timeout=60)

    assert (command.returncode, out, err) == (130, "", STOPPED)
    assert list(temporary.iterdir()) == []
    assert list(here.iterdir()) == []


@on_posix
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("match",), id="match"),
        pytest.param(("package", "--body", "B", "--accept-errors", "agreed"), id="package"),
    ],
)
def test_what_is_stopped_leaves_the_workspace_as_it_was(checked: Path, arguments: tuple[str, ...]) -> None:
    before = files(checked)
    secret = ("--passphrase-file", checked.parent / "passphrase.txt") if "package" in arguments else ()
    command = started(*arguments, checked, *secret)
    wait_for(lambda: bool(hidden(checked)))
    command.send_signal(signal.SIGINT)
    out, err = command.communicate(timeout=60)

    assert (command.returncode, out, err) == (130, "", STOPPED)
    assert files(checked) == before
    assert hidden(checked) == []


@on_posix
@pytest.mark.parametrize("seconds", [0.0, 0.3, 0.8, 1.3])
def test_a_match_can_be_stopped_at_any_moment(checked: Path, seconds: float) -> None:
    match = started("match", checked)
    wait_for(lambda: bool(hidden(checked)))
    time.sleep(seconds)
    match.send_signal(signal.SIGINT)
    _, err = match.communicate(timeout=60)

    if match.returncode != -signal.SIGINT:  # else Python itself was leaving already, with all written
        assert match.returncode in {0, 130}
        assert err.count("\n") == 1
    assert hidden(checked) == []


@on_posix
def test_ctrl_c_is_understood_while_libraries_are_loading(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("import sys, time\nprint('loading', flush=True)\ntime.sleep(60)\n")
    slow = started("specs", "list", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOM}")
    assert slow.stdout
    assert slow.stdout.readline() == "loading\n"
    slow.send_signal(signal.SIGINT)
    _, err = slow.communicate(timeout=60)
    assert (slow.returncode, err) == (130, STOPPED)


@pytest.fixture(scope="module")
def few(sample: SampleSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an extract, two checked data sets and a passphrase; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("few")
    for name in ("payroll", "creditors-standing"):
        shutil.copy(sample.files[name], folder / f"{name}.csv")
        check([folder / f"{name}.csv"], name, folder=folder / "work", at=datetime(2026, 10, 1, tzinfo=UTC))
    (folder / "passphrase.txt").write_text(PASSPHRASE)
    return folder


PACKAGING = ("package", "work", "--body", "B", "--accept-errors", "x", "--passphrase-file", "passphrase.txt")
PACKAGING_EVERY = int(os.environ.get("NFI_STOP_EVERY", "17"))
"""1 stops packaging at every change that it makes to the disk, which takes some minutes."""
CHECKING = ("check", "payroll.csv", "-d", "payroll", "--fix", "--out", "work")
MATCHING = ("match", "work", "-r", "payroll-same-nino", "-r", "similar-creditor-names", "-r", "same-person")


def stopped_at_each_step(
    folder: Path, prepared: Path, *command: str, by: str, first: int, every: int
) -> list[dict[str, Any]]:
    """What each run left, the last of which ended by itself."""
    script = Path(__file__).with_name("stop_at_each_step.py")
    answers = subprocess.run(
        [sys.executable, script, prepared, folder / "here", by, str(first), str(every), *command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOM), "TMPDIR": str(folder)},
    )
    assert answers.returncode == 0, answers.stderr
    return [json.loads(line) for line in answers.stdout.splitlines()]


@on_posix
@pytest.mark.parametrize(
    ("command", "by", "first", "every"),
    [
        pytest.param(PACKAGING, "SIGKILL", 1, PACKAGING_EVERY, id="package killed"),
        pytest.param(PACKAGING, "SIGTERM", 3, 18, id="package ended by the system"),
        pytest.param(PACKAGING, "SIGINT", 7, 18, id="package interrupted"),
        pytest.param(CHECKING, "SIGKILL", 1, 16, id="check killed"),
        pytest.param(CHECKING, "SIGINT", 4, 20, id="check interrupted"),
        pytest.param(MATCHING, "SIGKILL", 2, 14, id="match killed"),
    ],
)
def test_whatever_step_a_command_is_stopped_at_it_leaves_nothing_half_done(
    few: Path, tmp_path: Path, command: tuple[str, ...], by: str, first: int, every: int
) -> None:
    *stopped, done = stopped_at_each_step(tmp_path, few, *command, by=by, first=first, every=every)
    assert done["code"] in {0, 1}
    assert len(stopped) > 2, "the steps were not noticed"
    assert [(each["step"], each["left"]) for each in (*stopped, done) if each["left"]] == []
    assert [(each["step"], each["broken"]) for each in (*stopped, done) if each["broken"]] == []
    assert all(each["files"].items() >= extracts_of(few).items() for each in stopped)
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


@on_posix
def test_a_package_that_is_there_stays_as_it_was_until_the_new_one_is_whole(
    few: Path, tmp_path: Path
) -> None:
    prepared = shutil.copytree(few, tmp_path / "packaged")
    package = prepared / "work/submission/submission.zip"
    package.parent.mkdir()
    with encrypted_zip(package, PASSPHRASE) as archive:
        archive.write("older.csv", [b"an older package"], size_at_most=16)
    older = sha256(package.read_bytes()).hexdigest()

    *stopped, done = stopped_at_each_step(
        tmp_path, prepared, *PACKAGING, "--overwrite", by="SIGKILL", first=1, every=9
    )
    found = [each["files"]["work/submission/submission.zip"] == older for each in stopped]
    assert found == sorted(found, reverse=True), "once it has been replaced it stays replaced"
    assert found[0]
    assert found.count(True) > 5
    assert done["files"]["work/submission/submission.zip"] != older
    assert [each["broken"] for each in (*stopped, done) if each["broken"]] == []
    assert [each["left"] for each in (*stopped, done) if each["left"]] == []


def extracts_of(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.csv")}


@on_posix
@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.2, 0.5])
def test_a_match_that_is_killed_while_other_libraries_write_leaves_nothing(
    checked: Path, seconds: float
) -> None:
    match = started("match", checked)
    wait_for(lambda: bool(hidden(checked)))
    time.sleep(seconds)
    match.kill()
    match.communicate(timeout=60)
    wait_for(lambda: hidden(checked) == [])


@on_posix
def test_after_a_kill_the_same_command_gives_the_same_results(
    nfi: Nfi, large: SampleSummary, checked: Path, tmp_path: Path
) -> None:
    work = tmp_path / "killed"
    for dataset in ("creditors-standing", "creditors-history"):
        arguments = ("check", large.files[dataset], "-d", dataset, "--out", work)
        check = started(*arguments)
        wait_for(lambda folder=work: bool(hidden(folder)))  # type: ignore[misc]
        check.kill()
        check.communicate(timeout=60)
        assert nfi("match", work).code in {0, 3}  # never a fault, never records of half a check
        assert nfi(*arguments).code in {0, 1}
    assert {name: each for name, each in files(work).items() if "/." not in name} == {
        name: each for name, each in files(checked).items() if not name.startswith("matches")
    } | {name: each for name, each in files(work).items() if name.startswith(("matches", "runs/match"))}
    wait_for(lambda: hidden(work) == [])


@on_posix
@pytest.mark.parametrize("asked", [("specs", "list"), ("specs", "show", "payroll"), ("--help",)])
def test_a_reader_who_leaves_early_is_no_fault(asked: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    listed = subprocess.run(
        [sys.executable, "-m", "nfi", *asked],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOM)},
    )
    os.close(writer)
    assert "Traceback" not in listed.stderr
    assert "nfi:" not in listed.stderr
    assert "Exception ignored" not in listed.stderr
    assert listed.returncode == (0 if asked[0] == "specs" else 141)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
def test_a_full_disk_behind_the_output_is_said_plainly() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        listed = subprocess.run(
            [sys.executable, "-m", "nfi", "specs", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOM)},
        )
    assert listed.returncode == 3
    assert listed.stderr.startswith("nfi: output: No space left on device.")
    assert listed.stderr.count("\n") == 1


def test_another_place_language_and_hash_seed_give_the_same_bytes(
    nfi: Nfi, sample: SampleSummary, tmp_path: Path
) -> None:
    day = ("--as-of", "2026-10-01")
    elsewhere = {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "LANG": "tr_TR.UTF-8",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONHASHSEED": "4711",
    }
    for dataset in ("payroll", "creditors-standing", "creditors-history"):
        extract = ("check", sample.files[dataset], "-d", dataset, *day)
        assert nfi(*extract, "--out", tmp_path / "here").code in {0, 1}
        there = started(*extract, "--out", tmp_path / "there", **elsewhere)
        there.communicate(timeout=120)
        assert there.returncode in {0, 1}
    reports = (
        "-r",
        "same-creditor-invoice-amount",
        "-r",
        "similar-creditor-names",
        "-r",
        "payroll-same-nino",
    )
    assert nfi("match", tmp_path / "here", *reports).code == 0
    match = started("match", tmp_path / "there", *reports, **elsewhere)
    out, err = match.communicate(timeout=120)

    assert match.returncode == 0, err  # the pound sign is not in ASCII
    assert "?" in out
    assert files(tmp_path / "here") == files(tmp_path / "there")
    assert json.loads(files(tmp_path / "there")["runs/match.json"])["made_from"]["checked"].keys() == {
        "payroll",
        "creditors-standing",
        "creditors-history",
    }
