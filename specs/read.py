"""Reading an extract: delimited text or a workbook, as text exactly as it stands in the file."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from specs.errors import ExtractUnreadable
from specs.formats.delimited import open_delimited
from specs.formats.encoding import digest_of, examine, read_start, readable
from specs.formats.file_kind import FileKind, file_kind
from specs.formats.layout import Layout, RawRows
from specs.formats.workbook import open_workbook

_EXCEL_LOCK = "~$"


@dataclass(frozen=True, slots=True)
class ExtractFormat:
    """How an extract is written: what was detected, or what a person asked for."""

    layout: str
    """'comma-separated', 'one column' or 'workbook'."""
    encoding: str | None = None
    """In words; None for a workbook."""
    gzipped: bool = False
    sheet: str | None = None
    """Name of the sheet that is read; None for delimited text."""
    sheets: int = 0
    """How many sheets the workbook has."""

    def describe(self) -> str:
        """In words: 'comma-separated, UTF-8 with byte order mark', 'workbook, sheet 'April' (1 of 3)'."""
        if self.sheet is not None:
            of = f" (1 of {self.sheets} sheets; the others are not read)" if self.sheets > 1 else ""
            return f"{self.layout}, sheet '{self.sheet}'{of}"
        return f"{self.layout}, {self.encoding}{', gzip' if self.gzipped else ''}"


@dataclass(slots=True)
class Extract:
    """What a source system gave. The records are read from the file each time `batches` is called."""

    path: Path
    format: ExtractFormat
    headings: tuple[str, ...]
    """In the order of the file, without surrounding blanks; no two are the same."""
    sha256: str
    """Of the file as it is on disk."""
    bytes: int
    """Size on disk."""
    _layout: Layout = field(repr=False)
    _rows: Callable[[], Iterator[RawRows]] = field(repr=False)
    _blank_rows: list[int] = field(default_factory=list, repr=False)

    def batches(self) -> Generator[pa.RecordBatch, None, None]:
        """The records: column 'source_row' (int64), then a column of text per heading, never null.

        `source_row` is the row that a spreadsheet shows: headings are row 1, blank rows count, a line break
        inside quotation marks does not. Rows that are wholly blank are left out and counted in `blank_rows`.
        Columns go by position: a heading may itself be 'source_row'.

        Raises:
            ExtractUnreadable: something that only shows while reading, such as rows of another length.
        """
        self._blank_rows = []
        return self._layout.batches(self._rows(), self._blank_rows)

    @property
    def blank_rows(self) -> int:
        """How many blank rows below the headings the last call of `batches` has left out so far."""
        return sum(self._blank_rows)


def open_extract(
    path: Path, *, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None
) -> Extract:
    """An extract, recognised by what is in the file and not by its name.

    Delimited text (comma, pipe, tab, tilde or semicolon; UTF-8, UTF-16 or Windows-1252; packed with gzip or
    not) or an Excel workbook (.xlsx). Delimited text is read through once here: the encoding has to hold for
    all of it, and its SHA-256 is wanted anyway.

    Args:
        path: The file.
        encoding: Name of the encoding, in place of the detected one.
        delimiter: The character between columns ('|', or by name: 'pipe'), in place of the detected one.
        sheet: Name of the sheet, in place of the first one that holds something.

    Raises:
        ExtractUnreadable: in one line, what is wrong, where, and what to do.
    """
    path = Path(path)
    if path.name.startswith(_EXCEL_LOCK):
        raise ExtractUnreadable(
            f"{path.name}: is what Excel leaves beside a workbook while it is open. Name the workbook "
            f"itself: {path.name.removeprefix(_EXCEL_LOCK)}"
        )
    with readable(path):
        if path.is_dir():
            raise IsADirectoryError
        if path.exists() and not path.is_file():
            raise ExtractUnreadable(f"{path}: is not a file. Save the data to a file first.")
    kind = file_kind(path, read_start(path, gzipped=False))
    if kind is FileKind.ZIP:
        _refuse(path, "encoding", encoding, "a workbook")
        _refuse(path, "delimiter", delimiter, "a workbook")
        workbook = open_workbook(path, sheet=sheet)
        return Extract(
            path,
            ExtractFormat("workbook", sheet=workbook.sheet, sheets=workbook.sheets),
            workbook.layout.headings,
            digest_of(path),
            path.stat().st_size,
            workbook.layout,
            workbook.rows,
        )
    _refuse(path, "sheet", sheet, "text")
    gzipped = kind is FileKind.GZIP
    if gzipped and file_kind(path, read_start(path, gzipped=True)) is not FileKind.TEXT:
        raise ExtractUnreadable(f"{path.name}: holds another packed file or a workbook. Unpack it first.")
    text = examine(path, gzipped=gzipped, encoding=encoding)
    table = open_delimited(text, delimiter=delimiter)
    return Extract(
        path,
        ExtractFormat(table.delimiter_title, encoding=text.encoding_title, gzipped=gzipped),
        table.layout.headings,
        text.sha256,
        text.size,
        table.layout,
        table.rows,
    )


def _refuse(path: Path, option: str, value: str | None, what: str) -> None:
    if value is not None:
        raise ExtractUnreadable(f"{path.name}: is {what}, so --{option} does not apply. Leave it out.")
