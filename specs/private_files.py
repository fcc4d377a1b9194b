"""Files that only their owner can read, written whole or not at all, and known by their hash."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

from specs.errors import OutputUnwritable


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def private_folder(folder: Path) -> Path:
    """The folder, made with mode 0700 where it (or a parent) is missing.

    Raises:
        OutputUnwritable: it cannot be made.
    """
    with _explained(folder):
        missing = [part for part in (folder, *folder.parents) if not part.exists()]
        for part in reversed(missing):
            part.mkdir(mode=0o700)
        if not folder.is_dir():
            raise OutputUnwritable(f"{folder}: is a file, not a folder. Choose another place.")
    return folder


@contextlib.contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """A temporary path beside `target` (mode 0600) that takes its place when the block ends well.

    When the block fails, the temporary file goes and `target` stays as it was.

    Raises:
        OutputUnwritable: no permission, no space, or a folder is in the way.
    """
    private_folder(target.parent)
    with _explained(target):
        # The name is settled first: whoever presses Ctrl-C while the file is made leaves none behind.
        temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
        try:
            os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            yield temporary
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def working_folder(beside: Path) -> Iterator[Path]:
    """A private temporary folder inside `beside`, gone when the block ends, however it ends."""
    private_folder(beside)
    with _explained(beside):
        folder = beside / f".working-{secrets.token_hex(8)}"
        try:
            folder.mkdir(mode=0o700)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def put_in_place(prepared: Path, folder: Path) -> list[Path]:
    """Move files that were prepared together into a folder, one right after the other.

    Args:
        prepared: a folder on the same disk; its files, at any depth, keep their place below it.
        folder: where they go; files of the same name make way.

    Returns:
        Where they are now, in alphabetical order.

    Raises:
        OutputUnwritable: no permission, or something is in the way.
    """
    files = sorted(path.relative_to(prepared) for path in prepared.rglob("*") if path.is_file())
    for target in (folder / file for file in files):
        private_folder(target.parent)
        if target.is_dir():
            raise OutputUnwritable(f"{target}: is a folder, where a file has to go. Move it away.")
    with _explained(folder):
        for file in files:
            (prepared / file).replace(folder / file)
    return [folder / file for file in files]


@contextlib.contextmanager
def _explained(target: Path) -> Iterator[None]:
    """Turn an operating system's refusal into one line with what to do."""
    try:
        yield
    except OSError as fault:
        advice = {
            errno.ENOSPC: "the disk is full. Free some space, or choose another place.",
            errno.EDQUOT: "your disk quota is used up. Free some space, or choose another place.",
            errno.EACCES: "no permission to write here. Choose another place.",
            errno.EROFS: "this disk is read-only. Choose another place.",
        }
        reason = advice.get(fault.errno or 0, f"cannot be written ({fault.strerror or fault}).")
        raise OutputUnwritable(f"{target}: {reason}") from fault
