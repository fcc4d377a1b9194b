"""The ZIP package that a workbook is: whether it is one, and whether it is safe to open.

The workbook reader unpacks whole sheets into memory and lays cells out as a full rectangle. A file of a few
kilobytes could make it ask for hundreds of gigabytes: by packing blanks, by a table of contents that tells
lies, or with one cell in the last row and column. So every part is unpacked here first, in small pieces.
"""

from __future__ import annotations

import html
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from specs.errors import ExtractUnreadable
from specs.headings import column_letters

MAX_UNPACKED = 1 << 30
"""Bytes of all parts together; a sheet of a million rows and a dozen columns has about 0.7e9."""
MAX_RATIO = 200
"""Unpacked to packed size, of workbooks above `SMALL`; a sheet of one row repeated reaches 17."""
SMALL = 64 << 20
MAX_CELLS = 32 << 20
"""Cells in the rectangle from A1 to the last filled one: 32 columns at the greatest number of rows."""
_MAX_PARTS = 10_000
_CHUNK = 1 << 20
_LONGEST_TAG = 1 << 20
_ENCRYPTED = 0x1
_LOCAL_HEADER = struct.Struct("<4s22xHH")

ErrorCells = dict[tuple[int, int], str]
"""Text of cells such as #N/A, by row and column counted from 0. The workbook reader gives blanks for them."""

_ONE_SPELLING = bytes.maketrans(b"'\t\r\n", b'"   ')
_FAR_OUT = re.compile(rb' r *= *"(?:[A-Za-z]{3}|[A-Za-z]*\d{7}|[B-Zb-z][A-Za-z]|[Aa][G-Zg-z])')
"""Beyond column AF or row 999,999: else the rectangle cannot be larger than MAX_CELLS."""
_WITHOUT_REFERENCE = re.compile(rb"<(?:\w{1,20}:)?c(?=[ >/])(?![^>]* r *=)")
_ROW_OR_CELL = re.compile(rb"<(?:\w{1,20}:)?(row|c)(?=[ >/])([^>]*)>")
_REFERENCE = re.compile(rb' r *= *"([A-Za-z]{0,7})(\d{0,15})"')
_ERROR_CELL = re.compile(
    rb'<(?:\w{1,20}:)?c (?=[^>]*\bt="e")[^>]*\br="([A-Za-z]{1,3})(\d{1,7})"[^>]*>'
    rb"(?:<(?:\w{1,20}:)?f\b[^>]*(?:/>|>[^<]*</[^>]*>))?<(?:\w{1,20}:)?v>([^<]{1,20})</"
)
_SHEET = re.compile(rb"<(?:\w{1,20}:)?sheet ([^>]*)>")
_RELATIONSHIP = re.compile(rb"<(?:\w{1,20}:)?Relationship ([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+) *= *"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook's package that is safe to open."""

    error_cells: dict[str, ErrorCells]
    """By name of the sheet."""


def inspect_package(path: Path) -> Package:
    """Make sure that a ZIP file is a workbook without macros that unpacks to what it says.

    Raises:
        ExtractUnreadable: it is not; says why and what to do.
    """
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            _refuse_other_kinds(path, package)
            _refuse_bombs(path, entries)
            parts = {entry.filename: _Part(path, entry) for entry in entries}
            by_part = {name: part.error_cells() for name, part in parts.items()}
            sheets = _sheet_parts(package)
    except ExtractUnreadable:
        raise
    except Exception as fault:  # a damaged package can fail in a dozen ways inside zipfile
        raise damaged(path) from fault
    return Package({sheet: by_part[name] for sheet, name in sheets.items() if by_part.get(name)})


def _refuse_other_kinds(path: Path, package: zipfile.ZipFile) -> None:
    names = {name.lower() for name in package.namelist()}
    if any(entry.flag_bits & _ENCRYPTED for entry in package.infolist()):
        raise ExtractUnreadable(
            f"{path.name}: is under a password. Unpack it, or save a copy without password."
        )
    if any(name.endswith("vbaproject.bin") for name in names) or path.suffix.lower() in {".xlsm", ".xltm"}:
        raise ExtractUnreadable(
            f"{path.name}: is a workbook with macros, which nfi does not open. Save it as .xlsx (without "
            "macros) or CSV."
        )
    if "xl/workbook.bin" in names:
        raise ExtractUnreadable(f"{path.name}: is a binary workbook (.xlsb). Save it as .xlsx or CSV.")
    if "xl/workbook.xml" not in names:
        if "mimetype" in names or "[content_types].xml" in names:
            raise ExtractUnreadable(
                f"{path.name}: is an office document, but no .xlsx. Save it as .xlsx or CSV."
            )
        raise ExtractUnreadable(f"{path.name}: is a ZIP archive. Unpack it, and use the file inside.")


def _refuse_bombs(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > SMALL and unpacked > MAX_RATIO * packed):
        raise ExtractUnreadable(
            f"{path.name}: would unpack to {unpacked / (1 << 20):,.0f} MiB, {unpacked / max(packed, 1):,.0f} "
            "times its size, which is not safe to open. Export the data as CSV."
        )
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > _MAX_PARTS or len(names) < len(entries):
        raise damaged(path)


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of the package, read in pieces straight from the file."""

    path: Path
    entry: zipfile.ZipInfo

    def error_cells(self) -> ErrorCells:
        """The cells of a sheet that hold an error, if this part is a sheet.

        Raises:
            ExtractUnreadable: the part is larger than it says, or its cells lie too far out.
        """
        found: ErrorCells = {}
        needs_measuring = False
        for piece in self._whole_tags():
            if not needs_measuring:
                needs_measuring = bool(_FAR_OUT.search(piece) or _WITHOUT_REFERENCE.search(piece))
            if b't="e"' in piece:
                for letters, row, text in _ERROR_CELL.findall(piece):
                    found[int(row) - 1, _column(letters) - 1] = html.unescape(text.decode("ascii", "replace"))
        if needs_measuring:
            self._refuse_far_out_cells()
        return found

    def _refuse_far_out_cells(self) -> None:
        """Follow rows and cells as the workbook reader does, and measure the rectangle."""
        row = column = last_row = last_column = 0
        for piece in self._whole_tags():
            for tag, attributes in _ROW_OR_CELL.findall(piece):
                reference = _REFERENCE.search(attributes)
                if tag == b"row":
                    row = int(reference[2] or 0) if reference else row + 1
                    column = 0
                    continue
                column = _column(reference[1]) if reference else column + 1
                row = int(reference[2] or 0) if reference else row
                if not attributes.endswith(b"/"):
                    last_row, last_column = max(last_row, row), max(last_column, column)
        if last_row * last_column > MAX_CELLS:
            raise ExtractUnreadable(
                f"{self.path.name}: has cells as far out as column {column_letters(last_column - 1)} and row "
                f"{last_row:,}. Delete what stands far outside the data, or export as CSV."
            )

    def _whole_tags(self) -> Iterator[bytes]:
        """The part in pieces that do not cut a tag, nor as a rule a cell, in two; quotes and blanks alike."""
        kept = b""
        for chunk in self._unpacked():
            piece = kept + chunk.translate(_ONE_SPELLING)
            cut = piece.rfind(b"<c ")
            if cut <= 0:
                cut = piece.rfind(b"<")
            if cut < 0 or (cut == 0 and b">" in piece):
                cut = len(piece)
            if cut == 0 and len(piece) > _LONGEST_TAG:
                raise damaged(self.path)
            yield piece[:cut]
            kept = piece[cut:]
        yield kept

    def _unpacked(self) -> Iterator[bytes]:
        """The part's bytes, never more than its table of contents says."""
        size = 0
        for chunk in self._stored() if self.entry.compress_type == zipfile.ZIP_STORED else self._inflated():
            size += len(chunk)
            if size > self.entry.file_size:
                break
            yield chunk
        if size != self.entry.file_size:
            raise ExtractUnreadable(
                f"{self.path.name}: a part of the workbook is not as large as its table of contents says. "
                "It is damaged, or made to do harm: export the data again."
            )

    def _inflated(self) -> Iterator[bytes]:
        if self.entry.compress_type != zipfile.ZIP_DEFLATED:
            raise damaged(self.path)
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        for stored in self._stored():
            packed = stored
            while packed and not inflater.eof:
                yield inflater.decompress(packed, _CHUNK)
                packed = inflater.unconsumed_tail
        yield inflater.flush()
        if not inflater.eof:
            raise damaged(self.path)

    def _stored(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(self.entry.header_offset)
            signature, name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
            if signature != b"PK\x03\x04":
                raise damaged(self.path)
            file.seek(name_length + extra_length, 1)
            left = self.entry.compress_size
            while left > 0 and (chunk := file.read(min(left, _CHUNK))):
                left -= len(chunk)
                yield chunk


def _column(letters: bytes) -> int:
    """A column's number, counted from 1: A is 1, AA is 27. No letters: 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """The part that holds each sheet, by the sheet's name. Sheets that cannot be traced are left out."""
    names = {name.lower(): name for name in package.namelist()}
    if "xl/_rels/workbook.xml.rels" not in names:
        return {}
    targets: dict[str, str] = {}
    for attributes in _tags(package, names["xl/_rels/workbook.xml.rels"], _RELATIONSHIP):
        if "Id" in attributes and "Target" in attributes:
            targets[attributes["Id"]] = posixpath.normpath(posixpath.join("/xl", attributes["Target"]))[1:]
    parts: dict[str, str] = {}
    for attributes in _tags(package, names["xl/workbook.xml"], _SHEET):
        identifier = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        part = names.get(targets.get(identifier, "").lower())
        if "name" in attributes and part:
            parts[attributes["name"]] = part
    return parts


def _tags(package: zipfile.ZipFile, part: str, tag: re.Pattern[bytes]) -> Iterator[dict[str, str]]:
    text = package.read(part).replace(b"'", b'"')
    for attributes in tag.findall(text):
        yield {
            key.decode("utf-8", "replace"): html.unescape(value.decode("utf-8", "replace"))
            for key, value in _ATTRIBUTE.findall(attributes)
        }


def damaged(path: Path) -> ExtractUnreadable:
    """What to say of a workbook that cannot be read."""
    return ExtractUnreadable(
        f"{path.name}: the workbook is damaged. Open it in a spreadsheet program, save it anew as .xlsx, and "
        "use that."
    )
