"""Delimited text: records come with their row numbers, memory stays bounded."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from specs.errors import ExtractUnreadable
from specs.formats.columns import Columns, RawRows
from specs.formats.dialect import Dialect, detected_dialect, first_records
from specs.formats.encoding import TextFile, Utf8Stream
from specs.formats.footers import LAST_ROWS
from specs.formats.odd_rows import OddRowsFound
from specs.formats.settle_columns import settle_columns

MAX_RECORD_BYTES = 2 << 20
"""Longest record, and the size of the parts that a file is read in."""

HEAD_BYTES = 1 << 16
"""How much of a text's start is looked at to settle how it is written."""

_LAST_RECORD = "\x1eend of extract\x1e"
"""Written behind the text: if it does not come back as a record, a quotation mark was left open."""
_DOS_END = "\x1a"
_LINE_BREAK = re.compile(b"\n")
_QUOTE_TITLES = {"'": "values in inverted commas", None: "quotation marks as characters"}


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """A delimited text file whose delimiter, text qualifier and headings are known."""

    text: TextFile
    dialect: Dialect
    columns: Columns
    _start: int
    """Bytes of UTF-8 before the record below the headings."""

    @property
    def title(self) -> str:
        """In words: 'comma-separated', or 'one column' where there is nothing to separate."""
        if len(self.columns.names) == 1:
            return "one column"
        quote = _QUOTE_TITLES.get(self.dialect.quote)
        return f"{self.dialect.delimiter_name}-separated{f', {quote}' if quote else ''}"

    def rows(self) -> Iterator[RawRows]:
        """All records below the headings, read from the file anew.

        Raises:
            ExtractUnreadable: rows with another number of columns, a quotation mark that is never closed,
                a record that is too long, a damaged file.
        """
        return _Reading(self, self._start).rows()


def open_delimited(
    text: TextFile, *, delimiter: str | None = None, quote: str | None = None, heading_row: int | None = None
) -> DelimitedText:
    """Settle the delimiter, the text qualifier and the headings from the first records.

    Raises:
        ExtractUnreadable: no headings, a heading twice, a delimiter that cannot be one.
    """
    head, whole = head_of(text)
    file = text.source.name
    dialect = detected_dialect(file, head, whole=whole, delimiter=delimiter, quote=quote)
    records = first_records(head, dialect, whole=whole)
    if not any(cell.strip() for record in records for cell in record):
        raise ExtractUnreadable(
            f"{file}: holds blank rows only. Export it again from the source system."
            if whole
            else f"{file}: no row of headings ends within the first {HEAD_BYTES // 1024} KiB. "
            "Check that row 1 holds headings, and that its quotation marks are closed."
        )
    columns = settle_columns(file, list(enumerate(records, start=1)), heading_row=heading_row)
    start, sound = _end_of_record(head, dialect, columns.heading_row)
    if not sound and any("\n" in cell for cell in records[columns.heading_row - 1]):
        raise _never_closed(text, columns.heading_row)
    return DelimitedText(text, dialect, columns, start)


def head_of(text: TextFile) -> tuple[str, bool]:
    """The start of a text, and whether that is all of it."""
    with text.utf8() as stream:
        start = stream.read(HEAD_BYTES)
        return start.decode("utf-8", errors="ignore"), not stream.read(1)  # the last character may be cut


def _end_of_record(head: str, dialect: Dialect, row: int) -> tuple[int, bool]:
    """Where a record ends, in bytes of UTF-8, and whether the quotation marks up to there are closed."""
    sound = True
    try:
        for _, _ in zip(range(row), dialect.records(head, strict=True), strict=False):
            pass
    except csv.Error:
        sound = False
    lines = io.StringIO(head, newline="")
    reader = dialect.reader(lines)
    for _ in range(row):
        next(reader)
    lines.seek(0)
    return sum(len(lines.readline().encode()) for _ in range(reader.line_num)), sound


def _never_closed(text: TextFile, row: int) -> ExtractUnreadable:
    return ExtractUnreadable(
        f"{text.source.name}: row {row:,} opens a quotation mark and does not close it. Close it, or export "
        "with every value in quotation marks and those inside doubled."
    )


class _Reading:
    """One pass through the records of a delimited text."""

    def __init__(self, table: DelimitedText, start: int) -> None:
        self._text = table.text
        self._dialect = table.dialect
        self._start = start
        self._heading_row = table.columns.heading_row
        self._width = len(table.columns.names)
        self._parsed = 0
        self._delivered = 0
        self._skipped: list[int] = []
        """Rows that Arrow did not deliver: blank ones of another width, and odd ones."""
        self._blank = 0
        self._odd = OddRowsFound(table.text.source.name, self._width, "column")
        self._odd.cause = self._cause
        self._over_lines: int | None = None
        self._only_blanks_too_many = True
        self._not_data = str.maketrans(
            "", "", self._dialect.delimiter + (self._dialect.quote or "") + _DOS_END
        )
        self._quotes_are_sound = self._dialect.quote is None

    def rows(self) -> Iterator[RawRows]:
        last = _LAST_RECORD + self._dialect.delimiter * (self._width - 1) + "\n"
        with self._text.utf8(ending=last.encode()) as stream:
            stream.read(self._start)
            _keep_mark(stream)
            try:
                with self._reader(stream) as reader:
                    yield from self._numbered(reader)
            except pa.ArrowInvalid as fault:
                self._odd.refuse(())
                raise self._unsplittable() from fault
        self._text.refuse_change()

    def _reader(self, stream: io.RawIOBase) -> pa.csv.CSVStreamingReader:
        names = [f"c{index}" for index in range(self._width)]
        return pa.csv.open_csv(
            stream,
            # Only without threads do rows that do not fit come with their numbers; it is no slower here.
            read_options=pa.csv.ReadOptions(
                use_threads=False, block_size=MAX_RECORD_BYTES, column_names=names
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=self._dialect.delimiter,
                quote_char=self._dialect.quote or False,
                newlines_in_values=True,
                ignore_empty_lines=False,  # a blank line has a row number, too
                invalid_row_handler=self._note_odd_row,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )

    def _note_odd_row(self, row: pa.csv.InvalidRow) -> str:
        number = self._heading_row + row.number
        self._skipped.append(number)
        if not row.text.translate(self._not_data).strip() and self._is_blank(row.text):
            self._blank += 1
        else:
            self._note(number, row)
        return "skip"

    def _is_blank(self, record: str) -> bool:
        """Whether a record of delimiters, blanks and quotation marks has nothing but blanks in its cells."""
        if self._dialect.quote is None or self._dialect.quote not in record:
            return True
        try:
            cells = [cell for row in self._dialect.records(record.replace(_DOS_END, "")) for cell in row]
        except csv.Error:  # longer than the module takes: no blank row that a spreadsheet left
            return False
        return not any(cell.strip() for cell in cells)

    def _note(self, number: int, row: pa.csv.InvalidRow) -> None:
        surplus = self._dialect.delimiter * (row.actual_columns - self._width)
        end = row.text.rstrip("\r\n" + _DOS_END).replace('""', "")
        self._only_blanks_too_many &= bool(surplus) and end.endswith(surplus)
        if self._over_lines is None and "\n" in row.text.rstrip("\r\n"):
            self._over_lines = number
        try:
            cells = next(self._dialect.records(row.text), [])
        except csv.Error:
            cells = [row.text]
        self._odd.note(number, row.actual_columns, cells)

    def _numbered(self, reader: pa.csv.CSVStreamingReader) -> Iterator[RawRows]:
        held: pa.RecordBatch | None = None
        for batch in reader:
            if self._are_odd_rows_no_footers():
                for _ in reader:  # only to count the rows that do not fit
                    pass
                self._odd.refuse(())
            if batch.num_rows == 0:
                continue
            self._parsed += batch.num_rows
            if held is not None:
                yield self._with_numbers(held)
            held = batch
        if held is None or held.column(0)[-1].as_py() != _LAST_RECORD:
            self._odd.refuse(())
            raise _never_closed(self._text, self._last_row)
        self._odd.end_at(self._last_row - 1)
        yield self._with_numbers(
            held.slice(0, held.num_rows - 1),
            left_out=self._blank,
            odd=self._odd if self._odd.count else None,
        )

    def _are_odd_rows_no_footers(self) -> bool:
        """Whether odd rows are too many, or too far above the end, to be footers."""
        if not self._odd.count:
            return False
        return self._odd.count > LAST_ROWS or self._last_row > self._odd.first + 10 * LAST_ROWS

    def _with_numbers(
        self, batch: pa.RecordBatch, *, left_out: int = 0, odd: OddRowsFound | None = None
    ) -> RawRows:
        order = np.arange(self._delivered, self._delivered + batch.num_rows, dtype=np.int64)
        first = self._heading_row + 1
        numbers = order + first
        if self._skipped:
            before = np.array(self._skipped, dtype=np.int64) - first - np.arange(len(self._skipped))
            numbers += np.searchsorted(before, order, side="right")
        self._delivered += batch.num_rows
        if not self._quotes_are_sound and any(self._may_hide_rows(column) for column in batch.columns):
            self._refuse_open_quotes()
            self._quotes_are_sound = True
        return RawRows(numbers, batch.columns, left_out, odd=odd)

    def _may_hide_rows(self, column: pa.Array) -> bool:
        """Whether some value holds both a line break and a quotation mark."""
        text = column.buffers()[2]
        if text is None or not _LINE_BREAK.search(text):
            return False
        broken = pc.match_substring(column, "\n")
        return pc.any(pc.and_(broken, pc.match_substring(column, self._dialect.quote))).as_py() or False

    def _refuse_open_quotes(self) -> None:
        """Read the text strictly, once, where a value holds both a line break and a quotation mark.

        A quotation mark that is not closed runs to the next one, which may be rows below and in the same
        column: rows would vanish inside a value without any row having the wrong number of columns.
        """
        with self._text.utf8() as stream, long_fields():
            stream.read(self._start)
            lines = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8", newline="")
            reader = self._dialect.reader(_bounded(lines), strict=True)
            row = self._heading_row
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
        return self._heading_row + self._parsed + len(self._skipped)

    def _unsplittable(self) -> ExtractUnreadable:
        return ExtractUnreadable(
            f"{self._text.source.name}: row {self._last_row + 1:,} is longer than "
            f"{MAX_RECORD_BYTES / (1 << 20):g} MiB. Probably a quotation mark is opened there and never "
            "closed; close it, or export again."
        )

    def _cause(self, lengths: Collection[int]) -> str:
        name = self._dialect.delimiter_name
        if self._over_lines is not None:
            return f"Row {self._over_lines:,} runs over several lines: close the quotation mark opened there."
        if self._width == 1:
            return (
                f"Probably not {name}-separated, or row {self._heading_row} is a title: name the delimiter "
                "with --delimiter, or the row of the headings with --heading-row."
            )
        if self._only_blanks_too_many:
            return (
                "They end in empty cells beyond the last heading. Delete the empty columns, or end the row "
                "of headings with as many delimiters."
            )
        if min(lengths) > self._width:
            return (
                f"Probably a {name} inside a value: put such values in quotation marks, or export with "
                "another delimiter, such as a pipe (|)."
            )
        if max(lengths) < self._width:
            return (
                "Probably a line break inside a value that has no quotation marks, or empty cells left off "
                "at the end of rows: export again with every value in quotation marks, or as .xlsx."
            )
        return "Probably values that hold the delimiter or a line break: export with them in quotation marks."


def _keep_mark(stream: Utf8Stream) -> None:
    """Let a byte order mark that opens the first record stay: Arrow drops one wherever it begins to read."""
    start = stream.read(len(codecs.BOM_UTF8))
    stream.put_back(start * 2 if start == codecs.BOM_UTF8 else start)


@contextlib.contextmanager
def long_fields(limit: int = MAX_RECORD_BYTES) -> Iterator[None]:
    """Let the csv module take fields as long as a record may be, for a while."""
    usual = csv.field_size_limit(limit)
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
