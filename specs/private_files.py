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
from specs.leftovers import vanishing
from specs.sweep import in_use, sweep_files, sweep_folders

_WORKING = ".working-"


class OutputExists(OutputUnwritable):
    """A file that was to be new has come to be there in the meantime, and stays as it is."""


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def private_folder(folder: Path) -> Path:
    """The folder, made with mode 0700 where it (or a parent) is missing.

    Raises:
        OutputUnwritable: it cannot be made.
    """
    with explained_refusals(folder):
        missing = [part for part in (folder, *folder.parents) if not part.exists()]
        for part in reversed(missing):
            part.mkdir(mode=0o700)
        if not folder.is_dir():
            raise OutputUnwritable(f"{folder}: is a file, not a folder. Choose another place.")
    return folder


@contextlib.contextmanager
def begun(folder: Path) -> Iterator[Path]:
    """A private folder, made where it is missing; it goes again if the block fails and leaves it empty."""
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    private_folder(folder)
    try:
        yield folder
    except BaseException:
        with contextlib.suppress(OSError):  # something has come into it
            for part in missing:
                part.rmdir()
        raise


@contextlib.contextmanager
def written_whole(target: Path, *, new: bool = False) -> Iterator[Path]:
    """A temporary path beside `target` (mode 0600) that takes its place when the block ends well.

    When the block fails or nfi is killed, the temporary file goes and `target` stays as it was.

    Args:
        target: the file.
        new: never take the place of a file, not even of one that appears while the block runs.

    Raises:
        OutputExists: it has to be new, and something stands there.
        OutputUnwritable: no permission, no space, or a folder is in the way.
    """
    private_folder(target.parent)
    with explained_refusals(target):
        # The name is settled first: whoever stops nfi while the file is made leaves none behind.
        start = f".{target.name}."
        temporary = target.with_name(start + secrets.token_hex(8))
        with vanishing(temporary):
            try:
                os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
                sweep_files(temporary, start)
                yield temporary
                if new:
                    _put_where_nothing_is(temporary, target)
                else:
                    temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)


def _put_where_nothing_is(temporary: Path, target: Path) -> None:
    """Give a file its name, which the file system refuses where anything has it."""
    try:
        try:
            target.hardlink_to(temporary)
        except FileExistsError:
            raise
        except OSError:  # a disk without hard links, such as FAT: take the name first, then fill it
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            temporary.replace(target)
    except FileExistsError:
        raise OutputExists(f"{target}: exists already. Choose another name.") from None


@contextlib.contextmanager
def working_folder(beside: Path) -> Iterator[Path]:
    """A private temporary folder inside `beside`, gone when the block or nfi ends, however it ends."""
    private_folder(beside)
    with explained_refusals(beside):
        folder = beside / f"{_WORKING}{secrets.token_hex(8)}"
        with vanishing(folder):
            try:
                folder.mkdir(mode=0o700)
                sweep_folders(folder, _WORKING)
                with in_use(folder):
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
    with explained_refusals(folder):
        for file in files:
            (prepared / file).replace(folder / file)
    return [folder / file for file in files]


@contextlib.contextmanager
def explained_refusals(target: Path) -> Iterator[None]:
    """Turn an operating system's refusal into one line with what to do.

    Raises:
        OutputUnwritable: in place of any OSError, naming `target`.
    """
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
