"""Delimited text: the delimiter is detected, records come with their row numbers, memory stays bounded."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from specs.errors import ExtractUnreadable
from specs.formats.encoding import TextFile
from specs.formats.layout import SAMPLE_RECORDS, Layout, RawRows, settle_layout

MAX_RECORD_BYTES = 2 << 20
"""Longest record, and the size of the parts that a file is read in."""

_HEAD_BYTES = 1 << 16
_NAMES = {",": "comma", "|": "pipe", "\t": "tab", "~": "tilde", ";": "semicolon"}
_BY_NAME = {name: delimiter for delimiter, name in _NAMES.items()} | {"\\t": "\t"}
_LAST_RECORD = "\x1eend of extract\x1e"
"""Written behind the text: if it does not come back as a record, a quotation mark was left open."""
_DOS_END = "\x1a"
_LINE_BREAK = re.compile(b"\n")


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """A delimited text file whose delimiter and headings are known."""

    text: TextFile
    delimiter: str
    layout: Layout

    @property
    def delimiter_title(self) -> str:
        """The delimiter in words: 'comma-separated', or 'one column' where there is nothing to separate."""
        if len(self.layout.columns) == 1:
            return "one column"
        return f"{_NAMES.get(self.delimiter, repr(self.delimiter))}-separated"

    def rows(self) -> Iterator[RawRows]:
        """All records below the headings, read from the file anew.

        Raises:
            ExtractUnreadable: rows with another number of columns, a quotation mark that is never closed,
                a record that is too long, a damaged file.
        """
        return _Reading(self).rows()


def open_delimited(text: TextFile, *, delimiter: str | None = None) -> DelimitedText:
    """Settle the delimiter and the headings from the first records.

    Raises:
        ExtractUnreadable: no headings, a heading twice, a delimiter that cannot be one.
    """
    with text.utf8() as stream:
        start = stream.read(_HEAD_BYTES)
        whole = not stream.read(1)
    head = start.decode("utf-8", errors="ignore")  # the last character may be cut
    if delimiter is not None:
        delimiter = _given_delimiter(text, delimiter)
    else:
        delimiter = _detected_delimiter(head, whole=whole)
    records = _first_records(head, delimiter, whole=whole)
    row = next((index for index, record in enumerate(records) if any(cell.strip() for cell in record)), None)
    if row is None:
        raise ExtractUnreadable(
            f"{text.path.name}: holds blank rows only. Export it again from the source system."
            if whole
            else f"{text.path.name}: no row of headings ends within the first {_HEAD_BYTES // 1024} KiB. "
            "Check that row 1 holds headings, and that its quotation marks are closed."
        )
    if any("\n" in cell for cell in records[row]) and not _is_closed(head, delimiter, row):
        raise _never_closed(text, row + 1)
    layout = settle_layout(
        text.path, heading_row=row + 1, first_row=records[row], sample=records[row + 1 :], first_letter=0
    )
    return DelimitedText(text, delimiter, layout)


def _given_delimiter(text: TextFile, delimiter: str) -> str:
    """The character that a user names: itself, or 'tab', 'pipe'..."""
    character = _BY_NAME.get(delimiter.lower(), delimiter)
    if len(character) != 1 or not character.isascii() or character in '"\r\n\0' or character.isalnum():
        raise ExtractUnreadable(
            f"{text.path.name}: '{delimiter}' cannot be the delimiter. Name one of "
            f"{', '.join(_NAMES.values())}, or another single character; or leave --delimiter out."
        )
    return character


def _detected_delimiter(head: str, *, whole: bool) -> str:
    """The delimiter under which most of the first records have as many columns as the headings.

    Of equals, the one that gives more columns. A comma where none gives two columns.
    """
    best, best_score = ",", (0.0, 1)
    for delimiter in _NAMES:
        widths = [len(record) for record in _first_records(head, delimiter, whole=whole) if any(record)]
        if widths and widths[0] > 1:
            score = (round(widths.count(widths[0]) / len(widths), 2), widths[0])
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _first_records(head: str, delimiter: str, *, whole: bool) -> list[list[str]]:
    """The first records of a text; without the last one where the text is only the start of a file."""
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        for record in reader:
            records.append(record)
            if len(records) > SAMPLE_RECORDS:
                return records
    except csv.Error:  # a field longer than the module takes: what came before it will do
        return records
    return records if whole else records[:-1]


def _is_closed(head: str, delimiter: str, row: int) -> bool:
    """Whether all quotation marks up to the end of a record are closed as they should be."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, strict=True)
    try:
        for _ in range(row + 1):
            next(reader)
    except csv.Error:
        return False
    return True


def _never_closed(text: TextFile, row: int) -> ExtractUnreadable:
    return ExtractUnreadable(
        f"{text.path.name}: row {row:,} opens a quotation mark and does not close it. Close it, or export "
        "with every value in quotation marks and those inside doubled."
    )


class _Reading:
    """One pass through the records of a delimited text."""

    def __init__(self, source: DelimitedText) -> None:
        self._text = source.text
        self._delimiter = source.delimiter
        self._layout = source.layout
        self._width = len(source.layout.columns)
        self._parsed = 0
        self._delivered = 0
        self._blank: list[int] = []
        """Row numbers of blank records that have another number of columns."""
        self._odd = _OddRows(self._width)
        self._not_data = str.maketrans("", "", self._delimiter + '"' + _DOS_END)
        self._quotes_are_sound = False

    def rows(self) -> Iterator[RawRows]:
        last = _LAST_RECORD + self._delimiter * (self._width - 1) + "\n"
        with self._text.utf8(ending=last.encode()) as stream:
            try:
                with self._reader(stream) as reader:
                    yield from self._numbered(reader)
            except pa.ArrowInvalid as fault:
                if self._odd.count:
                    raise self._odd.unreadable(self._text, self._delimiter) from fault
                raise self._unsplittable() from fault
        self._text.refuse_change()

    def _reader(self, stream: io.RawIOBase) -> pa.csv.CSVStreamingReader:
        names = [f"c{index}" for index in range(self._width)]
        return pa.csv.open_csv(
            stream,
            # Only without threads do rows that do not fit come with their numbers; it is no slower here.
            read_options=pa.csv.ReadOptions(
                use_threads=False,
                block_size=MAX_RECORD_BYTES,
                column_names=names,
                skip_rows_after_names=self._layout.heading_row,
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=self._delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,  # a blank line has a row number, too
                invalid_row_handler=self._note_odd_row,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )

    def _note_odd_row(self, row: pa.csv.InvalidRow) -> str:
        if not row.text.translate(self._not_data).strip() and self._is_blank(row.text):
            self._blank.append(row.number)
        else:
            self._odd.note(row, self._delimiter)
        return "skip"

    def _is_blank(self, record: str) -> bool:
        """Whether a record of delimiters, blanks and quotation marks has nothing but blanks in its cells."""
        if '"' not in record:
            return True
        rows = csv.reader(io.StringIO(record.replace(_DOS_END, ""), newline=""), delimiter=self._delimiter)
        try:
            return not any(cell.strip() for cells in rows for cell in cells)
        except csv.Error:  # longer than the module takes: no blank row that a spreadsheet left
            return False

    def _numbered(self, reader: pa.csv.CSVStreamingReader) -> Iterator[RawRows]:
        held: pa.RecordBatch | None = None
        for batch in reader:
            if self._odd.count:
                for _ in reader:  # only to count the rows that do not fit
                    pass
                raise self._odd.unreadable(self._text, self._delimiter)
            if batch.num_rows == 0:
                continue
            self._parsed += batch.num_rows
            if held is not None:
                yield self._with_numbers(held)
            held = batch
        if self._odd.count:
            raise self._odd.unreadable(self._text, self._delimiter)
        if held is None or held.column(0)[-1].as_py() != _LAST_RECORD:
            raise _never_closed(self._text, self._last_row)
        yield self._with_numbers(held.slice(0, held.num_rows - 1), left_out=len(self._blank))

    def _with_numbers(self, batch: pa.RecordBatch, *, left_out: int = 0) -> RawRows:
        order = np.arange(self._delivered, self._delivered + batch.num_rows, dtype=np.int64)
        first = self._layout.heading_row + 1
        numbers = order + first
        if self._blank:
            before = np.array(self._blank, dtype=np.int64) - first - np.arange(len(self._blank))
            numbers += np.searchsorted(before, order, side="right")
        self._delivered += batch.num_rows
        if not self._quotes_are_sound and any(_line_break_and_quote(column) for column in batch.columns):
            self._refuse_open_quotes()
            self._quotes_are_sound = True
        return RawRows(numbers, batch.columns, left_out)

    def _refuse_open_quotes(self) -> None:
        """Read the text strictly, once, where a value holds both a line break and a quotation mark.

        A quotation mark that is not closed runs to the next one, which may be rows below and in the same
        column: rows would vanish inside a value without any row having the wrong number of columns.
        """
        with self._text.utf8() as stream, _long_fields():
            lines = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8", newline="")
            reader = csv.reader(_bounded(lines), delimiter=self._delimiter, strict=True)
            row = 0
            while True:
                row += 1
                line = reader.line_num
                try:
                    next(reader)
                except StopIteration:
                    return
                except csv.Error as fault:
                    if reader.line_num > line + 1:
                        raise _never_closed(self._text, row) from fault

    @property
    def _last_row(self) -> int:
        """Row of the last record that has been parsed so far."""
        return self._layout.heading_row + self._parsed + len(self._blank)

    def _unsplittable(self) -> ExtractUnreadable:
        return ExtractUnreadable(
            f"{self._text.path.name}: row {self._last_row + 1:,} is longer than "
            f"{MAX_RECORD_BYTES / (1 << 20):g} MiB. Probably a quotation mark is opened there and never "
            "closed; close it, or export again."
        )


class _OddRows:
    """The rows that have another number of columns than the headings. Keeps no values."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._found: Counter[int] = Counter()
        self._first: list[int] = []
        self._over_lines: int | None = None
        self._only_blanks_too_many = True

    @property
    def count(self) -> int:
        return self._found.total()

    def note(self, row: pa.csv.InvalidRow, delimiter: str) -> None:
        self._found[row.actual_columns] += 1
        surplus = delimiter * (row.actual_columns - self._width)
        end = row.text.rstrip("\r\n" + _DOS_END).replace('""', "")
        self._only_blanks_too_many &= bool(surplus) and end.endswith(surplus)
        if len(self._first) < 5:
            self._first.append(row.number)
        if self._over_lines is None and "\n" in row.text.rstrip("\r\n"):
            self._over_lines = row.number

    def unreadable(self, text: TextFile, delimiter: str) -> ExtractUnreadable:
        rows = ", ".join(f"{number:,}" for number in self._first)
        more = f" and {self.count - len(self._first):,} more" if self.count > len(self._first) else ""
        widths = sorted(self._found)
        found = str(widths[0]) if len(widths) == 1 else f"{widths[0]} to {widths[-1]}"
        which = "row" if self.count == 1 else "rows"
        return ExtractUnreadable(
            f"{text.path.name}: {self.count:,} {which} with {found} columns where the headings have "
            f"{self._width}: {which} {rows}{more}. {self._cause(delimiter)}"
        )

    def _cause(self, delimiter: str) -> str:
        name = _NAMES.get(delimiter, f"'{delimiter}'")
        if self._over_lines is not None:
            return f"Row {self._over_lines:,} runs over several lines: close the quotation mark opened there."
        if self._width == 1:
            return f"Probably not {name}-separated, or row 1 is a title: name the delimiter with --delimiter."
        if self._only_blanks_too_many:
            return (
                "They end in empty cells beyond the last heading. Delete the empty columns, or end the row "
                "of headings with as many delimiters."
            )
        if min(self._found) > self._width:
            return (
                f"Probably a {name} inside a value: put such values in quotation marks, or export with "
                "another delimiter, such as a pipe (|)."
            )
        if max(self._found) < self._width:
            return (
                "Probably a line break inside a value that has no quotation marks, or empty cells left off "
                "at the end of rows: export again with every value in quotation marks, or as .xlsx."
            )
        return "Probably values that hold the delimiter or a line break: export with them in quotation marks."


def _line_break_and_quote(column: pa.Array) -> bool:
    """Whether some value holds both a line break and a quotation mark."""
    text = column.buffers()[2]
    if text is None or not _LINE_BREAK.search(text):
        return False
    broken = pc.match_substring(column, "\n")
    return pc.any(pc.and_(broken, pc.match_substring(column, '"'))).as_py() or False


@contextlib.contextmanager
def _long_fields() -> Iterator[None]:
    """Let the csv module take fields as long as a record may be, for a while."""
    usual = csv.field_size_limit(MAX_RECORD_BYTES)
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def _bounded(lines: io.TextIOWrapper) -> Iterator[str]:
    """Lines, up to the first that is longer than a record may be."""
    while line := lines.readline(MAX_RECORD_BYTES):
        if len(line) == MAX_RECORD_BYTES and not line.endswith(("\n", "\r")):
            return
        yield line
