"""A match that was interrupted goes on where it stood, to the same bytes, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import nfi.match_run
from matching.engines.limits import DiskShort
from nfi.long_run import RESUME, LongRun
from nfi.match_run import match
from nfi.sample import SampleSummary
from nfi.time_left import StepCost
from nfi.verbs import check
from tests.typed import Nfi

ROOM = Path(__file__).parents[2]
REPORTS = ("same-person", "same-creditor-invoice-amount", "payroll-same-nino")
AT = datetime(2026, 10, 1, tzinfo=UTC)

on_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


class Stopped(Exception):
    """Ctrl-C, or the like."""


@pytest.fixture(scope="module")
def checked(sample: SampleSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace to be copied, not changed."""
    folder = tmp_path_factory.mktemp("checked") / "work"
    for name in ("payroll", "creditors-standing", "creditors-history"):
        check([sample.files[name]], name, folder=folder, at=AT)
    return folder


@pytest.fixture
def work(checked: Path, tmp_path: Path) -> Path:
    return shutil.copytree(checked, tmp_path / "work")


@pytest.fixture(scope="module")
def whole(checked: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a match that nothing interrupts writes."""
    folder = shutil.copytree(checked, tmp_path_factory.mktemp("whole") / "work")
    run(folder, keep_from=10**9)
    return files(folder)


def run(
    folder: Path, *, stop_at: int | None = None, reports: Sequence[str] = REPORTS, **long: Any
) -> list[str]:
    """The steps that were told, and what was said of them before."""
    said: list[str] = []

    def progress(step: str) -> None:
        said.append(step)
        if len(said) - 1 == stop_at:
            raise Stopped

    options = LongRun(says=said.append, **{"keep_from": 0, **long})
    match(folder, reports=reports, long=options, at=AT, progress=progress)
    return said


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "trail.jsonl"
    }


@pytest.mark.parametrize(
    ("place", "finished", "again"),
    [
        pytest.param(0, 0, 6, id="while the records are prepared"),
        pytest.param(2, 3, 4, id="in the second report: records, facts and a report are kept"),
        pytest.param(5, 5, 2, id="while the cases are written: they are ranked again"),
    ],
)
def test_a_match_that_was_stopped_goes_on_to_the_same_bytes(
    work: Path, whole: dict[str, bytes], place: int, finished: int, again: int
) -> None:
    with pytest.raises(Stopped):
        run(work, stop_at=place)
    assert (work / RESUME).exists() == (finished > 0)
    told = run(work)
    if finished:
        assert told.pop(0).startswith(f"Going on from a match that was interrupted: {finished} finished s")
    assert len(told) == again
    assert files(work) == whole


@pytest.mark.parametrize(
    "other", [{"afresh": True}, {"reports": REPORTS[:2]}], ids=["afresh", "other inputs"]
)
def test_what_is_not_to_be_taken_up_is_thrown_away(work: Path, other: dict[str, Any]) -> None:
    with pytest.raises(Stopped):
        run(work, stop_at=2)
    assert (work / RESUME).exists()
    with pytest.raises(Stopped):
        run(work, stop_at=0, **other)
    assert not (work / RESUME).exists()


def test_a_damaged_step_is_made_again(work: Path, whole: dict[str, bytes]) -> None:
    with pytest.raises(Stopped):
        run(work, stop_at=2)
    kept = work / RESUME / "records.0.parquet"
    kept.write_bytes(kept.read_bytes()[:-1])
    assert "Preparing records" in run(work)
    assert files(work) == whole


def test_a_short_match_keeps_nothing(work: Path) -> None:
    with pytest.raises(Stopped):
        run(work, stop_at=3, keep_from=10**9)
    assert not (work / RESUME).exists()


def test_a_match_tells_its_steps_before_they_begin(work: Path) -> None:
    expected: list[StepCost] = []
    told = run(work, expects=expected.extend)
    assert [step for step, _ in expected] == told


def test_too_little_disk_is_said_before_anything_is_done(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nfi.match_run, "DISK_FACTOR", 10**9)
    with pytest.raises(DiskShort, match=r"too little disk.*Free .* GB there") as caught:
        run(work)
    assert "\n" not in str(caught.value)
    assert not (work / "matches").exists()
    assert [path.name for path in work.iterdir() if path.name.startswith(".")] == []


def test_senseless_memory_is_refused_in_one_line(nfi: Nfi, work: Path) -> None:
    asked = nfi("match", work, "--memory", "lots")
    assert (asked.code, asked.out) == (2, "")
    assert asked.err == "nfi: memory 'lots': not an amount of memory. Write a number and a unit: 4GB.\n"


def test_less_memory_gives_the_same_bytes(nfi: Nfi, checked: Path, tmp_path: Path) -> None:
    found = []
    for name, memory in (("little", ("--memory", "200MB")), ("plenty", ())):
        folder = shutil.copytree(checked, tmp_path / name)
        assert nfi("match", folder, "--report", REPORTS[1], *memory).code == 0
        found.append(files(folder))
    assert found[0] == found[1]


_KILLED = """
import sys
from nfi.match_run import match
from nfi.long_run import LongRun
from datetime import UTC, datetime
from pathlib import Path
folder, *reports = sys.argv[1:]
match(Path(folder), reports=reports, long=LongRun(keep_from=0), at=datetime(2026, 10, 1, tzinfo=UTC),
      progress=lambda step: print(step, flush=True))
"""


@on_posix
@pytest.mark.parametrize("killed_at", ["Same person under two employee references", "Ranking cases"])
def test_after_a_kill_a_match_goes_on(work: Path, whole: dict[str, bytes], killed_at: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, work, *REPORTS],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOM)},
    )
    assert process.stdout
    for line in process.stdout:
        if line.startswith(killed_at):
            process.send_signal(signal.SIGKILL)
            break
    process.stdout.read()
    process.stdout.close()
    assert process.wait(60) == -signal.SIGKILL
    until = time.monotonic() + 30
    while hidden := list(work.rglob(".*")):
        assert time.monotonic() < until, hidden
        time.sleep(0.05)
    assert (work / RESUME).exists()
    assert run(work)[0].startswith("Going on")
    assert files(work) == whole
