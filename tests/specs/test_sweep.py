"""What a power cut left behind, and what only looks like it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from specs.private_files import working_folder, written_whole
from specs.sweep import in_use

ROOM = Path(__file__).parents[2]
DAYS = 24 * 60 * 60
LEFT = "0123456789abcdef"

needs_locks = pytest.mark.skipif(os.name == "nt", reason="Windows cannot lock a folder")


def aged(path: Path, days: float) -> Path:
    then = time.time() - days * DAYS
    os.utime(path, (then, then), follow_symlinks=False)
    return path


def folder_left(beside: Path, name: str = f".working-{LEFT}", days: float = 2) -> Path:
    (beside / name).mkdir()
    (beside / name / "records.parquet").write_text("plain")
    return aged(beside / name, days)


def file_left(beside: Path, name: str = f".package.zip.{LEFT}", days: float = 2) -> Path:
    (beside / name).write_text("half")
    return aged(beside / name, days)


@needs_locks
def test_a_working_folder_of_the_day_before_yesterday_goes(tmp_path: Path) -> None:
    old = folder_left(tmp_path)
    with working_folder(tmp_path):
        assert not old.exists()


@needs_locks
def test_a_working_folder_in_use_stays_however_old(tmp_path: Path) -> None:
    old = folder_left(tmp_path)
    script = (
        "import sys; from pathlib import Path; from specs.sweep import in_use\n"
        "with in_use(Path(sys.argv[1])):\n    print('at work', flush=True)\n    sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(old)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOM)},
    ) as other:
        assert other.stdout
        assert other.stdout.readline().strip() == b"at work"
        with working_folder(tmp_path):
            assert (old / "records.parquet").exists()
        other.kill()
    with working_folder(tmp_path):
        assert not old.exists()


@needs_locks
def test_a_working_folder_of_our_own_stays(tmp_path: Path) -> None:
    with working_folder(tmp_path) as first:
        aged(first, 2)
        with working_folder(tmp_path):
            assert first.exists()


def test_a_half_written_file_goes_when_the_same_file_is_written_again(tmp_path: Path) -> None:
    old = file_left(tmp_path)
    with written_whole(tmp_path / "package.zip"):
        assert not old.exists()


@pytest.mark.parametrize(
    "name",
    [
        ".working-notes",
        ".working-0123456789ABCDEF",
        f"working-{LEFT}",
        f".working-{LEFT}0",
        f".other.zip.{LEFT}",
        f".package.zip.{LEFT}.bak",
        ".package.zip.backup-of-monday",
        "package.zip",
    ],
)
@pytest.mark.parametrize("make", [folder_left, file_left])
def test_what_has_another_name_stays(tmp_path: Path, name: str, make: type) -> None:
    old = make(tmp_path, name)
    if name == "package.zip":
        old.rename(tmp_path / "package.zip.old")
        old = tmp_path / "package.zip.old"
    with working_folder(tmp_path), written_whole(tmp_path / "package.zip"):
        pass
    assert old.exists()


@pytest.mark.parametrize("days", [0, 0.9, -3])
def test_what_is_younger_than_a_day_stays(tmp_path: Path, days: float) -> None:
    folder, file = folder_left(tmp_path, days=days), file_left(tmp_path, days=days)
    with working_folder(tmp_path), written_whole(tmp_path / "package.zip"):
        assert folder.exists()
        assert file.exists()


@needs_locks
def test_a_link_of_that_name_and_what_it_leads_to_stay(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "ledger.csv").write_text("not ours")
    (tmp_path / f".working-{LEFT}").symlink_to(tmp_path / "elsewhere")
    (tmp_path / f".package.zip.{LEFT}").symlink_to(tmp_path / "elsewhere" / "ledger.csv")
    for name in (f".working-{LEFT}", f".package.zip.{LEFT}"):
        aged(tmp_path / name, 2)
    with working_folder(tmp_path), written_whole(tmp_path / "package.zip"):
        pass
    assert (tmp_path / "elsewhere" / "ledger.csv").read_text() == "not ours"
    assert (tmp_path / f".working-{LEFT}").is_symlink()


@needs_locks
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_what_belongs_to_somebody_else_stays(tmp_path: Path) -> None:
    folder, file = folder_left(tmp_path), file_left(tmp_path)
    for path in (folder, file):
        os.chown(path, 12345, 12345)
    with working_folder(tmp_path), written_whole(tmp_path / "package.zip"):
        assert folder.exists()
        assert file.exists()


def test_where_folders_cannot_be_locked_none_is_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)  # as on Windows
    old = folder_left(tmp_path)
    with working_folder(tmp_path) as folder, in_use(folder):
        assert old.exists()
