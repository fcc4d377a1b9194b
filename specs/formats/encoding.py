"""How the text of an extract is encoded, and that text as one stream of UTF-8, whatever it was."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import BinaryIO, cast

import numpy as np
import pyarrow as pa

from specs.errors import ExtractUnreadable
from specs.formats.file_kind import HEAD_BYTES
from specs.formats.source import Source

CHUNK = 1 << 20
"""Bytes that are read at a time."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TITLES = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "utf-16-le": "UTF-16 (little-endian)",
    "utf-16-be": "UTF-16 (big-endian)",
}
_ASCII_AS_IT_IS = {"utf-8", "cp1252", "iso8859-1", "iso8859-15"}
"""Encodings in which bytes below 128 are ASCII whatever stands before them."""

_WIDE = ("utf-16", "utf-32")
"""Encodings in which a character has bytes of zero."""

_NO_CHARACTER_SETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
"""Codecs of Python's that no extract is written in."""

_NAMES = "utf-8, cp1252, utf-16, cp850"
"""Encodings that a message suggests."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file that has been read through once, so that its encoding holds to the last byte."""

    source: Source
    gzipped: bool
    encoding: str
    """Python's name of the codec."""
    marked: bool
    """A byte order mark stands at the start."""
    sha256: str
    """Of the file as it is on disk, packed if it is packed."""
    size: int
    """Bytes on disk."""
    modified: int
    """When the file was last written, in nanoseconds; only to see whether it changes while it is read."""

    @property
    def encoding_title(self) -> str:
        """The encoding in words: 'UTF-8 with byte order mark'."""
        title = _TITLES.get(self.encoding, self.encoding)
        return f"{title} with byte order mark" if self.marked else title

    def refuse_change(self) -> None:
        """Make sure that the file is still the one that was examined.

        Raises:
            ExtractUnreadable: its size or its time has changed.
        """
        with readable(self.source):
            now = self.source.path.stat()
        if (now.st_size, now.st_mtime_ns) != (self.size, self.modified):
            raise _changed(self.source)

    @contextlib.contextmanager
    def utf8(self, *, ending: bytes = b"") -> Iterator[Utf8Stream]:
        """The text as UTF-8 without byte order mark, then a line break if it lacks one, then `ending`."""
        with _unpacked(self.source, gzipped=self.gzipped) as file:
            if self.marked:
                file.read(next(len(mark) for mark, name in _MARKS if name == self.encoding))
            with Utf8Stream(self.source, file, self.encoding, ending) as stream:
                yield stream


class Utf8Stream(io.RawIOBase):
    """Text in any encoding, read as UTF-8 in bounded memory.

    Every read gives as many bytes as were asked for, until the end.

    Raises:
        ExtractUnreadable: while reading, where the file is damaged or has changed since it was examined.
    """

    def __init__(self, source: Source, file: BinaryIO, encoding: str, ending: bytes) -> None:
        """A stream over `file`, whose byte order mark, if any, has been read."""
        super().__init__()
        self._source = source
        self._file = file
        self._decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)()
        self._as_it_is = encoding in _ASCII_AS_IT_IS
        self._ending = ending
        self._ready = bytearray()
        self._last = b"\n"
        self._ended = False

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """The next `size` bytes; fewer at the end; all that is left if `size` is negative or None."""
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(CHUNK), b""))
        if self._decoder is None and not self._ready and not self._ended:
            piece = self._next(size)
            if len(piece) == size:
                return piece
            self._ready += piece
        while len(self._ready) < size and not self._ended:
            # What needs no decoding is read exactly, so that nothing is left over to be copied each time.
            missing = size if self._decoder else size - len(self._ready)
            self._ready += self._next(min(missing, CHUNK))
        piece = bytes(self._ready[:size])
        del self._ready[:size]
        return piece

    def put_back(self, piece: bytes) -> None:
        """Have `piece` read next."""
        self._ready[:0] = piece

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        """Fill a buffer, for readers of the standard library."""
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def _next(self, size: int) -> bytes:
        """About `size` bytes of UTF-8; the ending, once the file is at its end."""
        with readable(self._source):
            raw = self._file.read(size)
            piece = self._decoded(raw)
        if piece:
            self._last = piece[-1:]
        if not raw:
            self._ended = True
            piece += (b"" if self._last == b"\n" else b"\n") + self._ending
        return piece

    def _decoded(self, raw: bytes) -> bytes:
        if self._decoder is None or (self._as_it_is and raw.isascii() and raw):
            return raw
        return self._decoder.decode(raw, final=not raw).encode()


def read_start(source: Source, *, gzipped: bool) -> bytes:
    """The first bytes of a file, unpacked if it is packed.

    Raises:
        ExtractUnreadable: not there, a folder, no permission, or damaged.
    """
    with _unpacked(source, gzipped=gzipped) as file, readable(source):
        return file.read(HEAD_BYTES)


def digest_of(source: Source) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with readable(source), source.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def examine(source: Source, *, gzipped: bool, encoding: str | None = None) -> TextFile:
    """Read a text file through once: settle its encoding for the whole of it, and take its SHA-256.

    Without `encoding`: a byte order mark decides; else UTF-16 if every second byte of the start is zero;
    else UTF-8 if all of the file is valid UTF-8; else Windows-1252.

    Raises:
        ExtractUnreadable: not text, no known encoding fits, or the file is damaged; says where.
    """
    with readable(source):
        modified = source.path.stat().st_mtime_ns
    start = read_start(source, gzipped=gzipped)
    mark, marked_as = next((found for found in _MARKS if start.startswith(found[0])), (b"", None))
    chosen = _codec(source, encoding, marked_as) or marked_as or _utf16_without_mark(start)
    codec = chosen or "utf-8"
    scan = _scan(source, gzipped=gzipped, codec=codec, skip=len(mark))
    if scan.fault is not None:
        if chosen is not None:
            advice = (
                f"Name the encoding that it is in ({_NAMES}), or leave --encoding out."
                if encoding
                else "Export it again, or name its encoding with --encoding."
            )
            where = _line_at(source, gzipped, scan.fault)
            title = _TITLES.get(codec, codec)
            raise ExtractUnreadable(
                f"{source.name}: line {where:,}, byte {scan.fault + 1:,} is not {title}. {advice}"
            )
        codec = "cp1252"
        fault = _scan(source, gzipped=gzipped, codec=codec, skip=0).fault
        if fault is not None:
            raise ExtractUnreadable(
                f"{source.name}: is neither UTF-8 (line {_line_at(source, gzipped, scan.fault):,}) nor "
                f"Windows-1252 (line {_line_at(source, gzipped, fault):,}, byte {fault + 1:,}). Name its "
                "encoding, such as --encoding cp850"
            )
    return TextFile(source, gzipped, codec, bool(mark), scan.sha256, scan.size, modified)


@dataclass(frozen=True, slots=True)
class _Scan:
    sha256: str
    size: int
    fault: int | None
    """Where the first byte is that the codec cannot read; None if it reads all."""


def _scan(source: Source, *, gzipped: bool, codec: str, skip: int) -> _Scan:
    """Read the whole file: digest, size, and whether `codec` can read all behind the first `skip` bytes."""
    decoder = codecs.getincrementaldecoder(codec)()
    fault: int | None = None
    at = 0
    with (
        _digest_meanwhile(source) as sha256,
        _unpacked(source, gzipped=gzipped) as file,
        readable(source),
    ):
        file.read(skip)
        at = skip
        while True:
            chunk = file.read(CHUNK)
            _refuse_nul(source, not codec.startswith(_WIDE) and b"\0" in chunk)
            if fault is None:
                pending = decoder.getstate()[0]
                if codec == "utf-8" and chunk and (cut := _end_of_utf8(pending + chunk)) is not None:
                    decoder.setstate((cut, 0))
                elif pending or not chunk or codec not in _ASCII_AS_IT_IS or not chunk.isascii():
                    try:
                        text = decoder.decode(chunk, final=not chunk)
                    except UnicodeError as error:
                        start = error.start if isinstance(error, UnicodeDecodeError) else 0
                        fault = at - len(pending) + start
                    else:
                        _refuse_nul(source, "\0" in text)
            at += len(chunk)
            if not chunk:
                break
        digest, size = sha256()
        return _Scan(digest, size, fault)


def _end_of_utf8(data: bytes) -> bytes | None:
    """The start of a character that is cut off at the end of UTF-8; None where the rest is no UTF-8.

    Arrow tells in a tenth of the time that decoding would take, and without Python's lock.
    """
    tail = 0
    for back in range(1, min(len(data), 3) + 1):
        byte = data[-back]
        if byte >= 0xC0:  # the first of two bytes, of three or of four
            tail = back if back < 2 + (byte >= 0xE0) + (byte >= 0xF0) else 0
        if byte < 0x80 or byte >= 0xC0:
            break
    end = len(data) - tail
    offsets = pa.py_buffer(np.array([0, end], np.int32))
    try:
        pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(data)]).validate(full=True)
    except pa.ArrowInvalid:
        return None
    return data[end:]


def _refuse_nul(source: Source, found: bool) -> None:
    if found:
        raise ExtractUnreadable(
            f"{source.name}: holds NUL bytes, so it is not text (or is damaged). Export it again as CSV or "
            ".xlsx."
        )


def _codec(source: Source, encoding: str | None, marked_as: str | None) -> str | None:
    """Python's name for the encoding that was asked for; None where nothing was."""
    if encoding is None:
        return None
    try:
        found = codecs.lookup(encoding)
        "".encode(found.name)  # refuses codecs that are no text encodings
    except (LookupError, UnicodeError, ValueError):
        found = None
    if found is None or found.name.replace("_", "-") in _NO_CHARACTER_SETS:
        raise ExtractUnreadable(
            f"{source.name}: no encoding is called '{encoding}'. Usual ones: {_NAMES}; or leave --encoding "
            "out."
        )
    name = {"utf-8-sig": "utf-8"}.get(found.name, found.name)
    if name == "utf-16":
        return marked_as if marked_as and marked_as.startswith("utf-16") else "utf-16-le"
    if marked_as is not None and name != marked_as:
        raise ExtractUnreadable(
            f"{source.name}: starts with the byte order mark of {_TITLES[marked_as]}, so it is not "
            f"{encoding}. Leave --encoding out."
        )
    return name


def _utf16_without_mark(start: bytes) -> str | None:
    """UTF-16, told by zeros in every second byte; None where there are few."""
    half = max(len(start) // 2, 1)
    even, odd = start[0::2].count(0) / half, start[1::2].count(0) / half
    if odd > 0.7 and even < 0.1:
        return "utf-16-le"
    if even > 0.7 and odd < 0.1:
        return "utf-16-be"
    return None


def _line_at(source: Source, gzipped: bool, offset: int) -> int:
    """The line of the text file, as an editor counts, in which a byte stands."""
    lines, left = 1, offset
    with _unpacked(source, gzipped=gzipped) as file, readable(source):
        while left > 0 and (chunk := file.read(min(left, CHUNK))):
            lines += chunk.count(b"\n")
            left -= len(chunk)
    return lines


@contextlib.contextmanager
def _digest_meanwhile(source: Source) -> Iterator[Callable[[], tuple[str, int]]]:
    """SHA-256 and size of a file as it lies on disk, worked out on a second core while the block runs."""
    stop = Event()

    def digest() -> tuple[str, int]:
        sha256, size, piece = hashlib.sha256(), 0, bytearray(CHUNK)
        with readable(source), source.path.open("rb", buffering=0) as file:
            while not stop.is_set() and (count := file.readinto(piece)):
                sha256.update(memoryview(piece)[:count])
                size += count
        return sha256.hexdigest(), size

    with ThreadPoolExecutor(1) as pool:
        try:
            yield pool.submit(digest).result
        finally:
            stop.set()


@contextlib.contextmanager
def _unpacked(source: Source, *, gzipped: bool) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked if it is packed."""
    with contextlib.ExitStack() as stack:
        with readable(source):
            packed = stack.enter_context(io.BufferedReader(io.FileIO(source.path), CHUNK))
        if gzipped:
            yield cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=packed)))
        else:
            yield cast(BinaryIO, packed)


@contextlib.contextmanager
def readable(source: Source) -> Iterator[None]:
    """Turn what can go wrong while reading into one line with what to do."""
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as fault:
        raise ExtractUnreadable(
            f"{source.name}: the gzip file is damaged or cut short. Copy it again from where it came."
        ) from fault
    except UnicodeError as fault:
        raise _changed(source) from fault
    except FileNotFoundError as fault:
        raise ExtractUnreadable(f"{source.path}: is not there. Check the name and the folder.") from fault
    except IsADirectoryError as fault:
        raise ExtractUnreadable(f"{source.path}: is a folder. Name the file in it.") from fault
    except PermissionError as fault:
        raise ExtractUnreadable(
            f"{source.path}: no permission to read it. Ask its owner, or close the program that holds it "
            "open."
        ) from fault
    except OSError as fault:
        raise ExtractUnreadable(f"{source.path}: cannot be read ({fault.strerror or fault}).") from fault


def _changed(source: Source) -> ExtractUnreadable:
    return ExtractUnreadable(f"{source.name}: changed while it was being read. Try again.")
