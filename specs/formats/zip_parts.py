"""The parts of a ZIP file, unpacked in small pieces and never to more than was announced."""

from __future__ import annotations

import contextlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from specs.errors import ExtractUnreadable
from specs.formats.source import Source

MAX_RATIO = 200
"""Unpacked to packed size, of files above `SMALL`; a sheet of one row repeated reaches 17."""
SMALL = 64 << 20
_MAX_PARTS = 10_000
_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_LOCAL_HEADER = struct.Struct("<4s22xHH")


@contextlib.contextmanager
def table_of_contents(source: Source) -> Iterator[zipfile.ZipFile]:
    """The table of contents of a ZIP file, to be read.

    Raises:
        ExtractUnreadable: the file is under a password.
        zipfile.BadZipFile: it is damaged.
    """
    with zipfile.ZipFile(source.path) as package:
        if any(entry.flag_bits & _ENCRYPTED for entry in package.infolist()):
            raise ExtractUnreadable(
                f"{source.name}: is under a password. Unpack it, or save a copy without password."
            )
        yield package


def refuse_bombs(source: Source, entries: list[zipfile.ZipInfo], *, most: int) -> None:
    """Make sure that parts unpack to a size that is safe.

    Args:
        source: the ZIP file.
        entries: the parts that are to be unpacked.
        most: bytes of all of them together.

    Raises:
        ExtractUnreadable: they unpack to more, or to a multiple of their size that no data reaches.
        zipfile.BadZipFile: too many parts, or two with one name.
    """
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > most or (unpacked > SMALL and unpacked > MAX_RATIO * packed):
        raise ExtractUnreadable(
            f"{source.name}: would unpack to {unpacked / (1 << 20):,.0f} MiB, "
            f"{unpacked / max(packed, 1):,.0f} times its size, which is not safe to open. Export the data as "
            "CSV."
        )
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > _MAX_PARTS or len(names) < len(entries):
        raise zipfile.BadZipFile


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a ZIP file, read in pieces straight from the file."""

    source: Source
    entry: zipfile.ZipInfo

    def unpacked(self) -> Iterator[bytes]:
        """The part's bytes, never more than the table of contents says.

        Raises:
            ExtractUnreadable: the table of contents tells lies.
            zipfile.BadZipFile: it is damaged, or packed in an unusual way.
        """
        size = 0
        for chunk in self._stored() if self.entry.compress_type == zipfile.ZIP_STORED else self._inflated():
            size += len(chunk)
            if size > self.entry.file_size:
                break
            yield chunk
        if size != self.entry.file_size:
            raise ExtractUnreadable(
                f"{self.source.name}: a part of it is not as large as its table of contents says. "
                "It is damaged, or made to do harm: export the data again."
            )

    def _inflated(self) -> Iterator[bytes]:
        if self.entry.compress_type != zipfile.ZIP_DEFLATED:
            raise zipfile.BadZipFile
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        for stored in self._stored():
            packed = stored
            while packed and not inflater.eof:
                yield inflater.decompress(packed, _CHUNK)
                packed = inflater.unconsumed_tail
        yield inflater.flush()
        if not inflater.eof:
            raise zipfile.BadZipFile

    def _stored(self) -> Iterator[bytes]:
        with self.source.path.open("rb") as file:
            file.seek(self.entry.header_offset)
            signature, name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
            if signature != b"PK\x03\x04":
                raise zipfile.BadZipFile
            file.seek(name_length + extra_length, 1)
            left = self.entry.compress_size
            while left > 0 and (chunk := file.read(min(left, _CHUNK))):
                left -= len(chunk)
                yield chunk
