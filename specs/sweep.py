"""What a power cut left behind goes at the next run in the same place; what is in use stays."""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_LONG_AGO = 24 * 60 * 60  # seconds; no command of nfi takes a day
_RANDOM = re.compile(r"[0-9a-f]{16}")


@contextlib.contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """While the block runs, other runs of nfi can tell that the folder is at work.

    The lock goes with the process, however it ends. Windows has none for folders.
    """
    lock = _lock(folder)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def sweep_folders(new: Path, start: str) -> None:
    """Delete folders beside `new`, named `start` and 16 hexadecimal digits, that nobody works in any more.

    Those of this user, more than a day older than `new`, and not in use. On Windows, where it cannot be
    told whether a folder is in use, nothing is deleted.
    """
    for folder in _old(new, start):
        if folder.is_dir() and (lock := _lock(folder)) is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def sweep_files(new: Path, start: str) -> None:
    """Delete files beside `new`, named `start` and 16 hexadecimal digits, that were never finished.

    Those of this user and more than a day older than `new`. Should one be in use all the same, by a
    computer that slept for a day, its writer finds it gone when it ends, and says so.
    """
    for file in _old(new, start):
        if file.is_file():
            with contextlib.suppress(OSError):
                file.unlink()


def _old(new: Path, start: str) -> list[Path]:
    """Ages are told by the disk's own clock, which may be another computer's."""
    found = []
    with contextlib.suppress(OSError), os.scandir(new.parent) as others:
        mine = new.lstat()
        for other in others:
            if other.name.startswith(start) and _RANDOM.fullmatch(other.name.removeprefix(start)):
                its = other.stat(follow_symlinks=False)
                if its.st_uid == mine.st_uid and mine.st_mtime - its.st_mtime > _LONG_AGO:
                    found.append(Path(other.path))
    return [path for path in found if not path.is_symlink()]


def _lock(folder: Path) -> int | None:
    """A lock on the folder, or None where another process has it or the system has no such locks."""
    try:
        fcntl: Any = importlib.import_module("fcntl")
        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
