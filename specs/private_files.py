"""Files that only their owner can read, written whole or not at all, and known by their hash."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
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
            raise OutputUnwritable(f"{folder}: is a file, not a folder. Choose another place with --out.")
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
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def working_folder(beside: Path) -> Iterator[Path]:
    """A private temporary folder inside `beside`, gone when the block ends, however it ends."""
    private_folder(beside)
    with _explained(beside):
        folder = Path(tempfile.mkdtemp(prefix=".working-", dir=beside))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _explained(target: Path) -> Iterator[None]:
    """Turn an operating system's refusal into one line with what to do."""
    try:
        yield
    except OSError as fault:
        advice = {
            errno.ENOSPC: "the disk is full. Free some space, or choose another place with --out.",
            errno.EDQUOT: "your disk quota is used up. Free some space, or choose another place with --out.",
            errno.EACCES: "no permission to write here. Choose another place with --out.",
            errno.EROFS: "this disk is read-only. Choose another place with --out.",
        }
        reason = advice.get(fault.errno or 0, f"cannot be written ({fault.strerror or fault}).")
        raise OutputUnwritable(f"{target}: {reason}") from fault
