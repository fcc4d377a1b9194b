"""The columns of an extract: which have a heading, which are left over, and which rows are blank."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from specs.errors import ExtractUnreadable
from specs.headings import column_letters, looks_like_a_record, repeated, shown

MAX_COLUMNS = 16_384
"""As many as a spreadsheet has."""

SAMPLE_RECORDS = 200
"""How many records are looked at before the columns are settled."""

_BLANKS_BEYOND_ASCII = np.array([0xC2, 0xE1, 0xE2, 0xE3], dtype=np.uint8)
"""First bytes, in UTF-8, of the blanks beyond ASCII (no-break space, em space, ideographic space...)."""

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RawRows:
    """Some records as they stand in the file, blank ones included; one array of text per column."""

    numbers: Rows
    """Row of each record, as a spreadsheet shows it."""
    columns: list[pa.Array]
    already_left_out: int = 0
    """Blank rows met on the way that are not among these."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the headings stand, and what the columns under them are called."""

    file: str
    heading_row: int
    """Headings are row 1, unless blank rows stand above them."""
    columns: tuple[str | None, ...]
    """A heading for each column of the file; None for one without heading and, so far, without data."""
    first_letter: int = 0
    """Index in the spreadsheet of the first of these columns."""

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings, without the columns that are left over."""
        return tuple(heading for heading in self.columns if heading is not None)

    def batches(self, raw: Iterable[RawRows], blank_rows: list[int]) -> Generator[pa.RecordBatch, None, None]:
        """Records that are not blank: 'source_row', then one column per heading.

        Appends to `blank_rows` how many blank rows each part held.

        Raises:
            ExtractUnreadable: a column without heading turns out to hold data, or there are no records.
        """
        schema = pa.schema(
            [pa.field("source_row", pa.int64()), *(pa.field(h, pa.string()) for h in self.headings)]
        )
        records = 0
        for part in raw:
            blank = _blank(part.columns)
            blank_rows.append(int(blank.sum()) + part.already_left_out)
            self._refuse_data_without_heading(part)
            kept = [
                column
                for column, heading in zip(part.columns, self.columns, strict=True)
                if heading is not None
            ]
            batch = pa.RecordBatch.from_arrays([pa.array(part.numbers), *kept], schema=schema)
            if blank.any():
                batch = batch.filter(pa.array(~blank))
            records += batch.num_rows
            if batch.num_rows:
                yield batch
        if not records:
            raise ExtractUnreadable(
                f"{self.file}: holds headings but no records. Check that the export ran to its end."
            )

    def _refuse_data_without_heading(self, part: RawRows) -> None:
        for index, (column, heading) in enumerate(zip(part.columns, self.columns, strict=True)):
            if heading is None and (filled := np.flatnonzero(~_blank([column]))).size:
                letters = column_letters(self.first_letter + index)
                raise ExtractUnreadable(
                    f"{self.file}: row {part.numbers[filled[0]]} holds data in column {letters}, which has "
                    "no heading. Give the column a heading, or delete it."
                )


def settle_layout(
    file: Path,
    *,
    heading_row: int,
    first_row: Sequence[str],
    sample: Sequence[Sequence[str]],
    first_letter: int,
) -> Layout:
    """The layout that a row of headings and the first records give.

    Surrounding blanks of a heading do not count. A column without heading is left over, as spreadsheets
    leave them, if the first records hold nothing in it; else it is called '(no heading: column I)'.

    Raises:
        ExtractUnreadable: a heading twice, too many columns, a record or a title in place of the headings.
    """
    if len(first_row) > MAX_COLUMNS:
        raise ExtractUnreadable(
            f"{file.name}: row {heading_row} has {len(first_row):,} columns, more than a spreadsheet has. "
            "Check which character is between the columns: --delimiter"
        )
    if looks_like_a_record(first_row):
        raise ExtractUnreadable(
            f"{file.name}: row {heading_row} holds a date or a sum, so it is a record and not the headings. "
            "Put a row of headings above it."
        )
    if _filled(first_row) == 1 and any(_filled(record) > 2 for record in sample):
        raise ExtractUnreadable(
            f"{file.name}: row {heading_row} holds a title and not the headings. Delete what stands above "
            "the headings."
        )
    columns: list[str | None] = []
    for index, cell in enumerate(first_row):
        heading = cell.strip()
        if heading:
            columns.append(heading)
        elif any(index < len(record) and record[index].strip() for record in sample):
            columns.append(f"(no heading: column {column_letters(first_letter + index)})")
        else:
            columns.append(None)
    if twice := repeated(heading for heading in columns if heading is not None):
        names = ", ".join(f"'{shown(name)}'" for name in twice[:3])
        more = f" and {len(twice) - 3} more" if len(twice) > 3 else ""
        raise ExtractUnreadable(
            f"{file.name}: row {heading_row} has the same heading more than once: {names}{more}. "
            "Give each column a heading of its own."
        )
    return Layout(file.name, heading_row, tuple(columns), first_letter)


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _blank(columns: Sequence[pa.Array]) -> npt.NDArray[np.bool_]:
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
