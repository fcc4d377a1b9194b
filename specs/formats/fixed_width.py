"""Fixed-width text: a layout says where its columns are; rows may lack the blanks at their end."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from specs.errors import ExtractUnreadable
from specs.formats.columns import Columns, RawRows, Title
from specs.formats.encoding import TextFile
from specs.formats.fixed_layout import FixedColumn, FixedLayout, LayoutFile
from specs.formats.footers import LAST_ROWS, footer_cells, says_footer
from specs.formats.odd_rows import OddRowsFound
from specs.headings import looks_like_a_record, loosely, shown

_PART = 2 << 20
"""Bytes that are read at a time, and the longest row."""
_ROWS_ABOVE = 50  # in which a row of headings is looked for
_DOS_END = "\x1a"
_BLANK = " \t" + _DOS_END


@dataclass(frozen=True, slots=True)
class FixedWidthText:
    """A fixed-width text file whose layout is known."""

    text: TextFile
    layout: LayoutFile
    length: int
    """Characters that a row has at most."""
    columns: Columns

    @property
    def title(self) -> str:
        """In words: 'fixed width (120 characters, layout payroll.yaml)'."""
        return f"fixed width ({self.length:,} characters, layout {self.layout.name})"

    def rows(self) -> Iterator[RawRows]:
        """All records, without the blanks that pad their values.

        Raises:
            ExtractUnreadable: rows that hold something beyond their end, a row that is too long, a damaged
                file.
        """
        return _Reading(self).rows()


def open_fixed_width(text: TextFile, layout: LayoutFile, *, heading_row: int | None = None) -> FixedWidthText:
    """Settle where the records begin, and how long they are.

    The row of headings is the one that a person named, else the one in which most places of the layout
    hold the layout's own headings, else the one that the layout names. Rows end where the layout does, or
    further on where most of them are equally long.

    Raises:
        ExtractUnreadable: blank rows only, rows that reach few columns of the layout, no headings where
            they should be.
    """
    lines = _first_lines(text)
    file = text.source.name
    found = _heading_row(file, layout.layout, lines, heading_row)
    filled = [line for line in lines[found:] if line.strip(_BLANK)]
    if not filled:
        raise ExtractUnreadable(f"{file}: holds no records. Check that the export ran to its end.")
    _refuse_far_too_short(file, layout, max(map(len, filled)))
    usual, count = Counter(map(len, filled)).most_common(1)[0]
    end = max(layout.layout.width, usual if 2 * count > len(filled) else 0)
    titles = tuple(
        Title(row, shown(line))
        for row, line in enumerate(lines[: max(found - 1, 0)], 1)
        if line.strip(_BLANK)
    )
    names = tuple(column.heading.strip() for column in layout.layout.columns)
    return FixedWidthText(text, layout, end, Columns(file, found, names, 0, titles))


def _refuse_far_too_short(file: str, layout: LayoutFile, longest: int) -> None:
    """Blanks may have been cut off at the end of rows, but hardly those of half the columns in all."""
    columns = layout.layout.columns
    if 2 * sum(1 for column in columns if column.start <= longest) < len(columns):
        raise ExtractUnreadable(
            f"{file}: its rows have {longest:,} characters, but the layout {layout.name} goes up to "
            f"character {layout.layout.width:,}. Correct the layout, or export again with padded rows."
        )


def _heading_row(file: str, layout: FixedLayout, lines: list[str], named: int | None) -> int:
    """Row of the headings; 0 where there is none."""
    if named is not None:
        if named > len(lines) or not lines[named - 1].strip(_BLANK):
            raise ExtractUnreadable(
                f"{file}: row {named:,} cannot be the row of headings: it is blank, or not among the first "
                f"{len(lines):,} rows. Name another one with --heading-row, or leave that out."
            )
        return named
    for row, line in enumerate(lines[:_ROWS_ABOVE], start=1):
        same = sum(1 for column in layout.columns if _holds_its_heading(line, column))
        if 2 * same > len(layout.columns):
            return row
    row = layout.heading_row or int(layout.headings)
    if row and row <= len(lines) and looks_like_a_record(_cut(lines[row - 1], layout)):
        raise ExtractUnreadable(
            f"{file}: row {row:,} should hold headings, says the layout, but it holds a date or a sum, so "
            "it is a record. Correct heading_row (or headings) in the layout, or give --heading-row."
        )
    return row


def _holds_its_heading(line: str, column: FixedColumn) -> bool:
    """Whether a line has the heading of a column in its place, whole or cut at its width."""
    cell = loosely(line[column.start - 1 : column.end])
    return bool(cell) and cell in {loosely(column.heading), loosely(column.heading[: column.width])}


def _cut(line: str, layout: FixedLayout) -> list[str]:
    return [line[column.start - 1 : column.end] for column in layout.columns]


def _first_lines(text: TextFile) -> list[str]:
    with text.utf8() as stream:
        lines: list[str] = []
        for part in _lines(stream, text.source.name):
            lines += part
            if len(lines) > 4 * _ROWS_ABOVE:
                break
    return lines[: 4 * _ROWS_ABOVE]


def _lines(stream: io.RawIOBase, file: str) -> Iterator[list[str]]:
    """The lines of a text, without their ends, some at a time; the last of them may be empty."""
    kept = b""
    number = 0
    while chunk := stream.read(_PART):
        whole = kept + chunk
        cut = whole.rfind(b"\n") + 1
        lines = whole[:cut].decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1] if cut else []
        number += len(lines)
        kept = whole[cut:]
        if len(kept) > _PART:
            raise ExtractUnreadable(
                f"{file}: row {number + 1:,} is longer than {_PART / (1 << 20):g} MiB. Fixed-width text "
                "needs a line break behind each record: export it again."
            )
        if lines:
            yield lines


class _Reading:
    """One pass through the records of a fixed-width text."""

    def __init__(self, table: FixedWidthText) -> None:
        self._text = table.text
        self._length = table.length
        self._layout_end = table.layout.layout.width
        self._above = table.columns.heading_row
        self._fields = table.layout.layout.columns
        self._odd = OddRowsFound(table.text.source.name, table.length, "character")
        self._odd.cause = self._cause

    def rows(self) -> Iterator[RawRows]:
        number = 0
        held: list[str] = []
        with self._text.utf8() as stream:
            for lines in _lines(stream, self._text.source.name):
                if held:
                    yield self._part(held, number)
                    number += len(held)
                held = lines
        yield self._part(held, number, is_last=True)
        self._text.refuse_change()

    def _part(self, lines: list[str], before: int, *, is_last: bool = False) -> RawRows:
        """Some rows; `before` is the row of the line above them."""
        skip = max(self._above - before, 0)
        lines, first = lines[skip:], before + skip + 1
        if is_last and lines:
            lines[-1] = lines[-1].rstrip(_DOS_END)
        numbers = np.arange(first, first + len(lines), dtype=np.int64)
        column = pa.array(lines, pa.string())
        # Rows that are too short lack blanks at their end, and are cut as if these were there.
        fits = pc.less_equal(pc.utf8_length(column), self._length).to_numpy(zero_copy_only=False).copy()
        for index in np.flatnonzero(~fits).tolist():
            fits[index] = len(lines[index].rstrip(_BLANK)) <= self._length
            if not fits[index]:
                self._note(first + index, lines[index])
        if is_last:
            for index in range(max(len(lines) - LAST_ROWS, 0), len(lines)):
                if fits[index] and says_footer(footer_cells(lines[index])):
                    fits[index] = False
                    self._note(first + index, lines[index])
        elif self._odd.count > LAST_ROWS:
            self._odd.refuse(())
        kept = column.filter(pa.array(fits))
        short = kept.filter(pc.less(pc.utf8_length(kept), self._layout_end))
        return RawRows(
            numbers[fits],
            [
                pc.utf8_trim(pc.utf8_slice_codeunits(kept, field.start - 1, field.end), " ")
                for field in self._fields
            ],
            padded=len(short) - short.to_pylist().count("") if len(short) else 0,
            odd=self._odd if is_last and self._odd.count else None,
        )

    def _note(self, row: int, line: str) -> None:
        self._odd.note(row, len(line.rstrip(_BLANK)), footer_cells(line))

    def _cause(self, _lengths: Collection[int]) -> str:
        return (
            "Probably the layout ends too early, or two records stand in one row. Correct the layout, or "
            "export it again with one record in each row."
        )
