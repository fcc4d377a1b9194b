"""A package opened by someone who may not trust it: looked at first, then read; nothing is unpacked."""

from __future__ import annotations

import contextlib
import copy
import io
import stat
import struct
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pyzipper
from pyzipper.zipfile_aes import AESZipExtFile

from outputs.sealed.age_files import NotAge, OtherKey, decrypt_stream
from outputs.sealed.age_keys import Identities
from outputs.sealed.archive_listing import Unsound, as_written, require_sound, shown
from outputs.sealed.veiled_file import veiled_file
from specs.errors import NfiError
from specs.private_files import explained_refusals

SMALL_FILE = 64 << 20  # bytes, such as a manifest; records are streamed

_AGE = b"age-encryption.org/"
_AT_ONCE = 8 << 20  # bytes read in one go: a list of files is far shorter, whatever its header says
# What pyzipper raises for archives that are damaged or were made to look odd.
_DAMAGED = (
    *(pyzipper.BadZipFile, zlib.error, struct.error),
    *(EOFError, OSError, NotImplementedError, ValueError, KeyError, IndexError, OverflowError),
)


class ArchiveUnreadable(NfiError):
    """A package cannot be opened: not there, damaged, unsafe, or another passphrase or key."""


def sealed_with_age(path: Path) -> bool:
    """Whether a package is an age file, so that it takes a key to open it and no passphrase.

    Raises:
        ArchiveUnreadable: not there, a folder, no permission.
    """
    with _opened(path) as file:
        return file.read(len(_AGE)) == _AGE


@contextlib.contextmanager
def open_archive(path: Path, secret: str | Identities) -> Iterator[Archive]:
    """An AES-256 ZIP under a passphrase, or a ZIP inside an age file, open for reading.

    The list of files is looked at before anything is used. A ZIP is decrypted as it is read. An age file
    is decrypted whole first, since a ZIP is read from its end and age vouches for its own end only then:
    into a temporary file that only this process can read.

    Raises:
        ArchiveUnreadable: not there, damaged, cut short, unsafe, another passphrase or key, or one of
            them where the other is needed.
        OutputUnwritable: no room for the temporary file.
    """
    by_age = sealed_with_age(path)
    with contextlib.ExitStack() as open_files:
        file: IO[bytes] = open_files.enter_context(_opened(path))
        if isinstance(secret, Identities):
            if not by_age:
                raise ArchiveUnreadable(f"{path}: is not encrypted with age. Give its passphrase instead.")
            file = open_files.enter_context(_decrypted(path, file, secret))
        elif by_age:
            raise ArchiveUnreadable(f"{path}: is encrypted with age. Give your key instead of a passphrase.")
        archive = open_files.enter_context(_listed(path, file))
        if isinstance(secret, str):
            archive.setpassword(secret.encode(errors="surrogatepass"))  # an error would quote it
        opened = Archive(path, archive, as_made=_looked_at(path, archive, file, by_age=by_age))
        with opened.open(opened.names[0]):  # another passphrase is told here, before anything is read
            pass
        yield opened


class Archive:
    """A package whose list of files is sound. Made by `open_archive`."""

    def __init__(self, path: Path, archive: pyzipper.AESZipFile, *, as_made: bool) -> None:
        self.path = path
        self._archive = archive
        self.sizes: dict[str, int] = {each.filename: each.file_size for each in archive.infolist()}
        """Bytes of each file, as the list has them; reading stops with an error where that is not true."""
        self.names: tuple[str, ...] = tuple(self.sizes)
        self.as_made = as_made
        """Whether the archive around the files is as nfi makes it; else something packed it again."""

    def read_small(self, name: str, limit: int = SMALL_FILE) -> bytes:
        """One whole file of at most `limit` bytes.

        Raises:
            ArchiveUnreadable: larger, damaged, or another passphrase.
        """
        with self.open(name, limit) as plain:
            return plain.read()

    @contextlib.contextmanager
    def open(self, name: str, at_most: int | None = None) -> Iterator[IO[bytes]]:
        """One file, decrypted as it is read; what vouches for its contents is checked at its end.

        Args:
            name: one of `names`.
            at_most: bytes that the reader expects at most; a larger file is refused unread.

        Raises:
            ArchiveUnreadable: larger, another passphrase; and while reading, damaged.
        """
        if at_most is not None and self.sizes[name] > at_most:
            raise ArchiveUnreadable(
                f"{self.path}: {name} has {self.sizes[name]:,} bytes, more than the {at_most:,} it may have."
            )
        with _Plain(self, name, self._entry(name)) as plain:
            yield plain  # type: ignore[misc]

    def _entry(self, name: str) -> AESZipExtFile:
        # One byte more than it has: so it is read to its very end, and what lies behind would show.
        info = copy.copy(self._archive.getinfo(name))
        info.file_size += 1
        try:
            return self._archive.open(info)
        except RuntimeError as fault:
            if isinstance(fault, NotImplementedError):
                raise self.damaged(name) from None
            raise ArchiveUnreadable(f"{self.path}: another passphrase was used. Try again.") from None
        except _DAMAGED:
            raise self.damaged(name) from None

    def damaged(self, name: str) -> ArchiveUnreadable:
        """What to say of a file that does not read as it was written."""
        return ArchiveUnreadable(f"{self.path}: {shown(name)} is damaged. Fetch the package again.")


class _WholeEntry(AESZipExtFile):  # type: ignore[misc]  # pyzipper is not typed
    """A file of the archive that is complete only where list and contents agree on its size."""

    def check_integrity(self) -> None:
        if self._left != 1 or self._compress_left > 0:
            raise pyzipper.BadZipFile("not of the size in the list")
        super().check_integrity()


class _Plain(io.RawIOBase):
    """The plain text of one file; what is wrong with it comes out in one line, wherever it is read."""

    def __init__(self, archive: Archive, name: str, entry: AESZipExtFile) -> None:
        self._fault = archive.damaged(name)
        self._entry = entry

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            content: bytes = self._entry.read(size)
        except _DAMAGED:
            raise self._fault from None
        return content

    def readinto(self, buffer: Any, /) -> int:
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._entry.close()
        super().close()


class _InPieces:
    """The file of an archive, from which nobody can read a gigabyte at once."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(_AT_ONCE + 1 if size < 0 else min(size, _AT_ONCE + 1))
        if len(content) > _AT_ONCE:
            raise pyzipper.BadZipFile("a list of files of this length")
        return content

    def close(self) -> None:
        """Whoever opened the file closes it."""


def _looked_at(path: Path, archive: pyzipper.AESZipFile, file: IO[bytes], *, by_age: bool) -> bool:
    """Refuse an unsound archive; whether it is as nfi makes it."""
    try:
        require_sound(archive, file, encrypted=not by_age)
        return by_age or as_written(archive, file)  # age vouches for every byte
    except Unsound as fault:
        raise ArchiveUnreadable(f"{path}: {fault}. Do not use it; ask for it again.") from None
    except _DAMAGED:
        raise _not_a_package(path) from None


def _listed(path: Path, file: IO[bytes]) -> pyzipper.AESZipFile:
    try:
        archive = pyzipper.AESZipFile(_InPieces(file))
    except _DAMAGED:
        raise _not_a_package(path) from None
    archive.zipextfile_cls = _WholeEntry
    return archive


@contextlib.contextmanager
def _decrypted(path: Path, sealed: IO[bytes], identities: Identities) -> Iterator[IO[bytes]]:
    with contextlib.ExitStack() as files:
        with explained_refusals(Path(tempfile.gettempdir())):
            plain = files.enter_context(veiled_file())
            _decrypt(path, sealed, plain, identities)
        yield plain


def _decrypt(path: Path, sealed: IO[bytes], plain: IO[bytes], identities: Identities) -> None:
    try:
        decrypt_stream(sealed, plain, identities)
    except OtherKey:
        raise ArchiveUnreadable(
            f"{path}: is encrypted for another key. Give the key whose public half it was made for."
        ) from None
    except NotAge:
        raise ArchiveUnreadable(f"{path}: is damaged or cut short. Fetch it again.") from None


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise ArchiveUnreadable(f"{path}: is a folder. Name the package in it.")
        if not stat.S_ISREG(kind):
            raise ArchiveUnreadable(f"{path}: is not a file. Name a package.")
        file = path.open("rb")
    except FileNotFoundError:
        raise ArchiveUnreadable(f"{path}: no such file. Name the package to open.") from None
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or "not a name of a file"
        raise ArchiveUnreadable(f"{path}: cannot be read ({reason}). Check that you may open it.") from None
    with file:
        yield file


def _not_a_package(path: Path) -> ArchiveUnreadable:
    return ArchiveUnreadable(f"{path}: is damaged or not a ZIP. Fetch it again.")
