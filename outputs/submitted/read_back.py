"""A file read back while it is packaged: from its bytes, by the code of `nfi verify`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, cast

import pyarrow as pa

from outputs.submitted.manifest import Resource
from outputs.submitted.read_records import RecordsUnlike, text_batches
from outputs.written.delimited import RECORD_AT_MOST
from outputs.written.record_file import RecordFile
from specs.errors import NfiError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer


class NotReadBack(NfiError):
    """What was written cannot be read again, so that nobody could verify the package."""


def read_back(pieces: Iterator[bytes], file: RecordFile, resource: Resource) -> Iterator[pa.RecordBatch]:
    """The records as text under the published names, as whoever opens the package reads them.

    Args:
        pieces: the file, from its start.
        file: how it is written.
        resource: what the manifest says of it.

    Raises:
        NotReadBack: a record is too long to be read.
        Exception: whatever making the pieces raises, as it is.
    """
    lines = _Lines(pieces)
    try:
        yield from text_batches(cast(IO[bytes], lines), resource, file.form)
    except Exception as fault:
        if lines.failure:  # pyarrow and text_batches may have made another of it
            raise lines.failure from None
        if isinstance(fault, RecordsUnlike):
            raise _not_read_back(resource.path, fault.where) from None
        raise


def _not_read_back(file: str, where: str | None) -> NotReadBack:
    place = f", {where}" if where else ""
    return NotReadBack(
        f"{file}{place}: a record is too long to be read back: it may have {RECORD_AT_MOST >> 20} MiB. "
        "Look there for a field with a very long value, shorten it, and check the extract again: nfi check"
    )


class _Lines(io.RawIOBase):
    """Pieces of a file as a stream; keeps the fault that stopped them."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._rest = memoryview(b"")
        self.failure: BaseException | None = None

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        """The next bytes, as many as there are at hand; none at the end."""
        try:
            while not self._rest:
                self._rest = memoryview(next(self._pieces))
        except StopIteration:
            return 0
        except BaseException as fault:
            self.failure = fault
            raise
        room = memoryview(buffer).cast("B")
        size = min(len(room), len(self._rest))
        room[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
