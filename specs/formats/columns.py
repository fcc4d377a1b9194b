"""The columns of an extract: where the headings stand, which are left over, which rows are no records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from specs.errors import ExtractEmpty, ExtractUnreadable
from specs.formats.footers import LAST_ROWS, NUMBER, Footer, LastRow, RecordShape, footer_of, is_footer
from specs.headings import column_letters

_BLANKS_BEYOND_ASCII = np.array([0xC2, 0xE1, 0xE2, 0xE3], dtype=np.uint8)
"""First bytes, in UTF-8, of the blanks beyond ASCII (no-break space, em space, ideographic space...)."""

SHAPE_ROWS = 4_096
"""So many records at the end of a file show what records have in common, which a footer has not."""

Rows = npt.NDArray[np.int64]


class OddRows(Protocol):
    """Rows that have another number of columns than the headings, or another length."""

    @property
    def last(self) -> Sequence[LastRow]:
        """The last of them, with what they hold; at most LAST_ROWS."""

    def refuse(self, but: Collection[int]) -> None:
        """Refuse the extract, unless all of them are among these rows.

        Raises:
            ExtractUnreadable: some row is not.
        """


@dataclass(frozen=True, slots=True)
class RawRows:
    """Some records as they stand in the file, blank ones included; one array of text per column."""

    numbers: Rows
    """Row of each record, as a spreadsheet shows it."""
    columns: list[pa.Array]
    already_left_out: int = 0
    """Blank rows met on the way that are not among these."""
    padded: int = 0
    """Rows among these that were read as if they had the blanks that they lack at their end."""
    odd: OddRows | None = None
    """Given with the last rows of a file, if it has any."""


@dataclass(frozen=True, slots=True)
class Title:
    """A row above the headings that was passed over."""

    row: int
    text: str
    """What it says, on one line and cut short."""


@dataclass(slots=True)
class LeftOut:
    """What one reading of an extract has left out, or made up, so far."""

    blank_rows: int = 0
    padded_rows: int = 0
    """Rows that were read as if they had the blanks that they lack at their end: not left out, but told."""
    footers: tuple[Footer, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the headings stand, and what the columns under them are called."""

    file: str
    heading_row: int
    """0 where there is no row of headings."""
    names: tuple[str | None, ...]
    """A heading for each column of the file; None for one without heading and, so far, without data."""
    first_letter: int = 0
    """Index in the spreadsheet of the first of these columns."""
    titles: tuple[Title, ...] = ()
    without_records: Callable[[], str] = lambda: "Check that the export ran to its end."
    """What to do where there are no records."""

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings, without the columns that are left over."""
        return tuple(heading for heading in self.names if heading is not None)

    def batches(self, raw: Iterable[RawRows], left_out: LeftOut) -> Generator[pa.RecordBatch, None, None]:
        """Records: 'source_row', then one column per heading; neither blank rows nor footers.

        The last rows are held back until the end of the file shows whether they are footers, which does not
        depend on how the records were cut.

        Raises:
            ExtractUnreadable: a column without heading turns out to hold data, some row has another shape
                than the others, or there are no records.
        """
        schema = pa.schema(
            [pa.field("source_row", pa.int64()), *(pa.field(h, pa.string()) for h in self.headings)]
        )
        delivered = 0
        held = pa.RecordBatch.from_arrays([pa.array([], kind) for kind in schema.types], schema=schema)
        odd: OddRows | None = None
        for part in raw:
            odd = part.odd or odd
            batch = self._records(part, schema, left_out)
            if batch.num_rows < SHAPE_ROWS:
                batch = pa.concat_batches([held.slice(max(held.num_rows - SHAPE_ROWS, 0)), batch])
                held = held.slice(0, max(held.num_rows - SHAPE_ROWS, 0))
            if held.num_rows:
                delivered += held.num_rows
                yield held
            held = batch
        last = footer_rows(held, odd, width=len(self.headings))
        held = held.slice(0, held.num_rows - sum(not row.odd for row in last))
        left_out.footers = tuple(footer_of(row, records=delivered + held.num_rows) for row in last)
        if odd is not None:
            odd.refuse({footer.row for footer in left_out.footers})
        if held.num_rows:
            yield held
        elif not delivered:
            raise ExtractEmpty(f"{self.file}: holds headings but no records. {self.without_records()}")

    def _records(self, part: RawRows, schema: pa.Schema, left_out: LeftOut) -> pa.RecordBatch:
        """The records of a part that are not blank."""
        blank = blank_rows(part.columns)
        left_out.padded_rows += part.padded
        left_out.blank_rows += int(blank.sum()) + part.already_left_out
        self._refuse_data_without_heading(part)
        kept = [
            column for column, heading in zip(part.columns, self.names, strict=True) if heading is not None
        ]
        batch = pa.RecordBatch.from_arrays([pa.array(part.numbers), *kept], schema=schema)
        return batch.filter(pa.array(~blank)) if blank.any() else batch

    def _refuse_data_without_heading(self, part: RawRows) -> None:
        for index, (column, heading) in enumerate(zip(part.columns, self.names, strict=True)):
            if heading is None and (with_data := np.flatnonzero(~blank_rows([column]))).size:
                letters = column_letters(self.first_letter + index)
                raise ExtractUnreadable(
                    f"{self.file}: row {part.numbers[with_data[0]]} holds data in column {letters}, which "
                    "has no heading. Give the column a heading, or delete it."
                )


def footer_rows(records: pa.RecordBatch, odd: OddRows | None, *, width: int) -> tuple[LastRow, ...]:
    """The footers among the last rows of a file, in its order; odd ones are not among the records.

    Args:
        records: the last records, at least SHAPE_ROWS of them where there are so many.
        odd: the last rows of another shape.
        width: number of columns that records have.
    """
    records = records.slice(max(records.num_rows - SHAPE_ROWS, 0))
    start = max(records.num_rows - LAST_ROWS, 0)
    last = [
        LastRow(number, tuple(cells))
        for number, *cells in zip(
            *(column.to_pylist() for column in records.slice(start).columns), strict=True
        )
    ]
    last = sorted([*last, *(odd.last if odd else ())], key=lambda row: row.number)
    found: list[LastRow] = []
    for row in reversed(last):
        above = records.slice(0, records.num_rows - (not row.odd))
        only_row = not above.num_rows and not row.odd
        if only_row or not is_footer(row, _shape(above), width=width):
            break
        found.append(row)
        records = above
    return tuple(reversed(found))


def _shape(records: pa.RecordBatch) -> RecordShape:
    columns = records.columns[1:]
    always = {index for index, column in enumerate(columns) if not pc.any(pc.equal(column, "")).as_py()}
    first = columns[0].unique() if columns else []
    same = len(first) == 1 and records.num_rows > 1
    numbers = {index for index, column in enumerate(columns) if _all_numbers(column)}
    return RecordShape(always, first[0].as_py() if same else None, numbers)


def _all_numbers(column: pa.Array) -> bool:
    spelt = pc.match_substring_regex(column, rf"^\s*(?:{NUMBER.pattern})?\s*$")
    return bool(pc.all(spelt).as_py())


def blank_rows(columns: Sequence[pa.Array]) -> npt.NDArray[np.bool_]:
    """Which rows have nothing, or only blanks, in every column.

    A row is looked at closely only if each of its values is empty or begins with a blank.
    """
    count = len(columns[0])
    rows = np.arange(count)
    for column in columns:
        if not rows.size:
            break
        rows = rows[_may_be_blank(column, rows)]
    blank = np.zeros(count, dtype=np.bool_)
    if rows.size:
        taken = pa.array(rows)
        close = np.ones(rows.size, dtype=np.bool_)
        for column in columns:
            trimmed = pc.utf8_trim_whitespace(column.take(taken))
            close &= pc.equal(trimmed, "").to_numpy(zero_copy_only=False)
        blank[rows[close]] = True
    return blank


def _may_be_blank(column: pa.Array, rows: Rows) -> npt.NDArray[np.bool_]:
    """Which of these rows' values are empty or begin with what may be a blank."""
    _, offsets_buffer, text_buffer = column.buffers()
    offsets = np.frombuffer(offsets_buffer, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    starts = offsets[:-1][rows]
    empty = offsets[1:][rows] == starts
    if text_buffer is None or text_buffer.size == 0:
        return np.asarray(empty)
    text = np.frombuffer(text_buffer, dtype=np.uint8)
    first = text[np.minimum(starts, text.size - 1)]
    return np.asarray(empty | (first <= 0x20) | np.isin(first, _BLANKS_BEYOND_ASCII))
