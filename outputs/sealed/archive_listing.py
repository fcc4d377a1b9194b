"""What an archive says of itself, looked at before any of it is used: is it one that nfi could have made?"""

from __future__ import annotations

import io
import re
import stat
import struct
from collections.abc import Sequence
from typing import IO

import pyzipper
from pyzipper.zipfile_aes import AESZipInfo

from outputs.sealed.encrypted_zip import new_entry

MOST_FILES = 1_000
# Deflate makes at most 1,032 bytes of one; of records that differ in a reference at least, far fewer.
_MOST_TIMES, _TIMES_MATTER_FROM = 500, 64 << 20
_AES_256 = 3  # as the ZIP format numbers the lengths of keys
_AE_2 = 2  # the form that keeps no checksum of the plain text
_ENCRYPTED, _DESCRIBED_BEHIND = 0x1, 0x8
_STRANGE = 0x20 | 0x40 | 0x2000  # patches, another kind of encryption, a hidden list
_READABLE = {pyzipper.ZIP_STORED, pyzipper.ZIP_DEFLATED}
_DOS_FOLDER = 0x10
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_DESCRIPTIONS = {12, 16, 20, 24}  # lengths in bytes of what may stand behind a file that was streamed
# No way out of a folder, no drive, no backslash, no name that Windows keeps for a device or shortens.
_SAFE_PART = re.compile(
    r"(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9_-][a-z0-9._-]*(?<!\.)", re.IGNORECASE
)


class Unsound(Exception):
    """What is wrong with an archive, as the end of a sentence that begins with its path."""


def require_sound(archive: pyzipper.AESZipFile, file: IO[bytes], *, encrypted: bool) -> None:
    """Refuse a list of files that could mislead who reads or unpacks it.

    Args:
        archive: as opened.
        file: the bytes it was opened from.
        encrypted: whether each file has to be under AES-256, or (inside age) under nothing.

    Raises:
        Unsound: says what is wrong; names are cut short, and without control characters.
    """
    entries: list[AESZipInfo] = archive.infolist()
    if not entries:
        raise Unsound("holds no files")
    if len(entries) > MOST_FILES:
        raise Unsound(f"holds {len(entries):,} files, more than the {MOST_FILES:,} that nfi reads")
    seen: set[str] = set()
    for entry in entries:
        _require_sound_entry(entry, encrypted=encrypted)
        if entry.filename.lower() in seen:
            raise Unsound(f"holds {shown(entry.filename)} more than once")
        seen.add(entry.filename.lower())
    _require_one_behind_the_other(entries, file, archive.start_dir)


def as_written(archive: pyzipper.AESZipFile, file: IO[bytes]) -> bool:
    """Whether every byte around the encrypted contents is as `encrypted_zip` writes it.

    The encryption vouches for the contents; nothing vouches for dates, modes and comments in the lists.
    """
    entries: list[AESZipInfo] = archive.infolist()
    ours = [_as_ours(entry) for entry in entries]
    for our in ours:
        possible = [our.FileHeader(large) for large in (False, True)]
        file.seek(our.header_offset)
        if not file.read(max(map(len, possible))).startswith(tuple(possible)):
            return False
    expected = _end_of(ours, archive.start_dir)
    file.seek(archive.start_dir)
    return file.read(len(expected) + 1) == expected


def shown(name: str) -> str:
    """A name out of a foreign file, fit for a message."""
    plain = "".join(each if each.isascii() and each.isprintable() else "?" for each in name)
    return f"'{plain[:57]}...'" if len(plain) > 60 else f"'{plain}'"


def _require_sound_entry(entry: AESZipInfo, *, encrypted: bool) -> None:
    name = shown(entry.orig_filename)
    if not all(_SAFE_PART.fullmatch(part) for part in entry.orig_filename.split("/")):
        raise Unsound(f"holds {name}, a name that nfi never gives and that could mislead")
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG} or entry.external_attr & _DOS_FOLDER:
        raise Unsound(f"holds {name}, which is a link or something else than a file")
    if entry.flag_bits & _STRANGE or entry.compress_type not in _READABLE:
        raise Unsound(f"holds {name}, packed in a way that nfi never uses")
    if encrypted and not (entry.is_encrypted and entry.wz_aes_strength == _AES_256):
        raise Unsound(f"holds {name}, which is not encrypted with AES-256")
    if not encrypted and entry.is_encrypted:
        raise Unsound(f"holds {name}, which is encrypted once more")
    if entry.file_size > max(_TIMES_MATTER_FROM, _MOST_TIMES * entry.compress_size):
        raise Unsound(f"holds {name}, which would unpack to {entry.file_size:,} bytes out of very few")


def _require_one_behind_the_other(entries: Sequence[AESZipInfo], file: IO[bytes], end: int) -> None:
    """Contents neither overlap nor leave room for something that the list does not name."""
    place = 0
    for entry in sorted(entries, key=lambda entry: int(entry.header_offset)):
        room = entry.header_offset - place
        if room and room not in (_DESCRIPTIONS if place else ()):
            raise Unsound(
                f"has {shown(entry.filename)} in a place that its list of files does not account for"
            )
        place = entry.header_offset + _length(entry, file) + entry.compress_size
    if end - place not in {0, *_DESCRIPTIONS}:
        raise Unsound("has more in it than its list of files accounts for, or less")


def _length(entry: AESZipInfo, file: IO[bytes]) -> int:
    """Of what stands before the contents, in bytes, once it agrees with the list."""
    file.seek(entry.header_offset)
    raw = file.read(_LOCAL_HEADER.size)
    if len(raw) < _LOCAL_HEADER.size:
        raise Unsound(f"ends before {shown(entry.filename)}")
    mark, _, flags, *_, name_length, extra_length = _LOCAL_HEADER.unpack(raw)
    name = file.read(name_length)
    if mark != b"PK\x03\x04" or name != entry.orig_filename.encode() or flags != entry.flag_bits:
        raise Unsound(f"has two descriptions of {shown(entry.filename)} that differ")
    return _LOCAL_HEADER.size + int(name_length) + int(extra_length)


def _as_ours(entry: AESZipInfo) -> AESZipInfo:
    our = new_entry(entry.filename)
    our.flag_bits = _ENCRYPTED
    our.wz_aes_vendor_id, our.wz_aes_version, our.wz_aes_strength = b"AE", _AE_2, _AES_256
    our.CRC = 0
    our.file_size, our.compress_size = entry.file_size, entry.compress_size
    our.header_offset = entry.header_offset
    return our


def _end_of(entries: list[AESZipInfo], start: int) -> bytes:
    """The list of files that pyzipper writes behind the contents, which end at `start`."""
    file = io.BytesIO()
    archive = pyzipper.AESZipFile(_From(file, start), "w")
    archive.filelist, archive.start_dir = entries, start
    archive._write_end_record()
    archive.fp = None
    return file.getvalue()


class _From:
    """A file that seems to begin with bytes that are not there."""

    def __init__(self, file: io.BytesIO, start: int) -> None:
        self._file = file
        self._start = start

    def tell(self) -> int:
        return self._start + self._file.tell()

    def seek(self, position: int) -> int:
        return self._file.seek(max(position - self._start, 0))

    def write(self, content: bytes) -> int:
        return self._file.write(content)

    def flush(self) -> None:
        """Nothing is held back."""
