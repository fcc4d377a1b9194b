"""The ZIP package that a workbook is: whether it is one, and whether it is safe to open.

The workbook reader unpacks whole sheets into memory and lays cells out as a full rectangle. A file of a few
kilobytes could make it ask for hundreds of gigabytes: by packing blanks, by a table of contents that tells
lies, or with one cell in the last row and column. So every part is unpacked here first, in small pieces.
"""

from __future__ import annotations

import contextlib
import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from specs.errors import ExtractUnreadable
from specs.formats.source import Source
from specs.formats.zip_parts import Part, refuse_bombs, table_of_contents
from specs.headings import column_letters

MAX_UNPACKED = 1 << 30
"""Bytes of all parts together; a sheet of a million rows and a dozen columns has about 0.7e9."""
MAX_CELLS = 32 << 20
"""Cells in the rectangle from A1 to the last filled one: 32 columns at the greatest number of rows."""
_LONGEST_TAG = 1 << 20
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"

ErrorCells = dict[tuple[int, int], str]
"""Text of cells such as #N/A, by row and column counted from 0. The workbook reader gives blanks for them."""

_ONE_SPELLING = bytes.maketrans(b"'\t\r\n", b'"   ')
_FAR_OUT = re.compile(rb' r *= *"(?:[A-Za-z]{3}|[A-Za-z]*\d{7}|[B-Zb-z][A-Za-z]|[Aa][G-Zg-z])')
"""Beyond column AF or row 999,999: else the rectangle cannot be larger than MAX_CELLS."""
_MAY_LACK_REFERENCE = re.compile(rb'<c(?! r=")[ >/]|:c[ >/]')
"""Much quicker to rule out than what follows, which decides."""
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


class ZipKind(Enum):
    """What a ZIP file is, told from the names of its parts."""

    WORKBOOK = "xlsx"
    """.xlsx, or .xlsm: cells are read, macros are neither run nor looked at."""
    BINARY_WORKBOOK = "xlsb"
    OPEN_DOCUMENT = "ods"
    ARCHIVE = "archive"


def zip_kind(source: Source) -> ZipKind:
    """What a ZIP file is.

    Raises:
        ExtractUnreadable: a letter or some other document, under a password, or damaged.
    """
    with _explained(source), table_of_contents(source) as package:
        names = {name.lower() for name in package.namelist()}
        if "xl/workbook.xml" in names:
            return ZipKind.WORKBOOK
        if "xl/workbook.bin" in names:
            return ZipKind.BINARY_WORKBOOK
        if "content.xml" in names and "mimetype" in names:
            refuse_bombs(source, package.infolist(), most=MAX_UNPACKED)
            if package.read("mimetype").startswith(_SPREADSHEET):
                return ZipKind.OPEN_DOCUMENT
        if "mimetype" in names or "[content_types].xml" in names:
            raise ExtractUnreadable(
                f"{source.name}: is an office document, but no workbook. Save it as .xlsx or CSV."
            )
        return ZipKind.ARCHIVE


def inspect_package(source: Source) -> Package:
    """Make sure that a workbook (.xlsx, .xlsm) unpacks to what it says, and lies within bounds.

    Raises:
        ExtractUnreadable: it does not; says why and what to do.
    """
    with _explained(source), table_of_contents(source) as package:
        entries = package.infolist()
        refuse_bombs(source, entries, most=MAX_UNPACKED)
        by_part = {entry.filename: _SheetPart(Part(source, entry)).error_cells() for entry in entries}
        sheets = _sheet_parts(package)
    return Package({sheet: by_part[name] for sheet, name in sheets.items() if by_part.get(name)})


def inspect_other_package(source: Source) -> None:
    """Make sure that a workbook (.xlsb, .ods) unpacks to what it says.

    Raises:
        ExtractUnreadable: it does not; says why and what to do.
    """
    with _explained(source), table_of_contents(source) as package:
        entries = package.infolist()
        refuse_bombs(source, entries, most=MAX_UNPACKED)
        for entry in entries:
            for _ in Part(source, entry).unpacked():
                pass


@contextlib.contextmanager
def _explained(source: Source) -> Iterator[None]:
    try:
        yield
    except ExtractUnreadable:
        raise
    except Exception as fault:  # a damaged package can fail in a dozen ways inside zipfile
        raise damaged(source) from fault


@dataclass(frozen=True, slots=True)
class _SheetPart:
    """A part of a workbook that may be a sheet."""

    part: Part

    def error_cells(self) -> ErrorCells:
        """The cells of a sheet that hold an error, if this part is a sheet.

        Raises:
            ExtractUnreadable: the part is larger than it says, or its cells lie too far out.
        """
        found: ErrorCells = {}
        needs_measuring = False
        for piece in self._whole_tags():
            if not needs_measuring:
                needs_measuring = bool(
                    _FAR_OUT.search(piece)
                    or (_MAY_LACK_REFERENCE.search(piece) and _WITHOUT_REFERENCE.search(piece))
                )
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
                f"{self.part.source.name}: has cells as far out as column {column_letters(last_column - 1)} "
                f"and row {last_row:,}. Delete what stands far outside the data, or export as CSV."
            )

    def _whole_tags(self) -> Iterator[bytes]:
        """The part in pieces that do not cut a tag, nor as a rule a cell, in two; quotes and blanks alike."""
        kept = b""
        for chunk in self.part.unpacked():
            piece = kept + chunk.translate(_ONE_SPELLING)
            cut = piece.rfind(b"<c ")
            if cut <= 0:
                cut = piece.rfind(b"<")
            if cut < 0 or (cut == 0 and b">" in piece):
                cut = len(piece)
            if cut == 0 and len(piece) > _LONGEST_TAG:
                raise zipfile.BadZipFile
            yield piece[:cut]
            kept = piece[cut:]
        yield kept


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


def damaged(source: Source) -> ExtractUnreadable:
    """What to say of a workbook that cannot be read."""
    return ExtractUnreadable(
        f"{source.name}: the workbook is damaged. Open it in a spreadsheet program, save it anew as .xlsx, "
        "and use that."
    )
