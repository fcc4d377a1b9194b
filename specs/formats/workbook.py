"""Workbooks of any kind: the sheet is chosen, the headings are found, cells come as text.

Those of Excel since 2007 (.xlsx, .xlsm) are measured first and then opened here. The others (.xls, .xlsb,
.ods) cannot be measured without opening them, so a process of their own does: see `workbook_process`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from specs.errors import ExtractUnreadable
from specs.formats.columns import Columns, RawRows
from specs.formats.dialect import SAMPLE_RECORDS
from specs.formats.settle_columns import settle_columns
from specs.formats.sheet import OpenSheet, SheetSize, open_sheet, sheet_sizes
from specs.formats.source import Source
from specs.formats.workbook_package import inspect_other_package, inspect_package
from specs.formats.workbook_process import open_sheet_apart, sheet_sizes_apart
from specs.headings import shown

_NAMED = 10  # sheets that a message lists


@dataclass(frozen=True, slots=True)
class Workbook:
    """One sheet of a workbook, whose headings are known."""

    source: Source
    """Kept here, since it may be a private copy that goes with the last reference."""
    sheet: str
    sheets: int
    passed_over: tuple[str, ...]
    """Sheets before it that hold something, but no table."""
    columns: Columns
    sizes: Callable[[], tuple[SheetSize, ...]]
    """What each sheet holds; opens all of them."""
    _parts: Callable[[], Iterator[RawRows]]

    def rows(self) -> Iterator[RawRows]:
        """All records below the headings."""
        for part in self._parts():
            above = int((part.numbers <= self.columns.heading_row).sum())
            yield RawRows(part.numbers[above:], [column.slice(above) for column in part.columns])


def open_workbook(source: Source, *, sheet: str | None = None, heading_row: int | None = None) -> Workbook:
    """A sheet of a workbook (.xlsx, .xlsm): the named one, or the first one that holds a table.

    Raises:
        ExtractUnreadable: no workbook, a password, damaged, unsafe, no such sheet, no headings.
    """
    package = inspect_package(source)
    opened = open_sheet(source, sheet, package.error_cells)
    return _workbook(source, opened, heading_row, lambda: sheet_sizes(source))


def open_other_workbook(
    source: Source, *, packed: bool, sheet: str | None = None, heading_row: int | None = None
) -> Workbook:
    """The same of a workbook of another kind.

    Args:
        source: the workbook.
        packed: it is a ZIP package (.xlsb, .ods).
        sheet: the sheet that a person named.
        heading_row: the row that a person named.

    Raises:
        ExtractUnreadable: as for `open_workbook`.
    """
    if packed:
        inspect_other_package(source)
    opened = open_sheet_apart(source, sheet)
    return _workbook(source, opened, heading_row, lambda: sheet_sizes_apart(source))


def _workbook(
    source: Source, opened: OpenSheet, heading_row: int | None, sizes: Callable[[], tuple[SheetSize, ...]]
) -> Workbook:
    columns = _settled(source, opened, heading_row)
    columns = replace(columns, without_records=lambda: _elsewhere(opened.name, sizes()))
    return Workbook(source, opened.name, opened.sheets, opened.passed_over, columns, sizes, opened.parts)


def _elsewhere(read: str, sizes: Sequence[SheetSize]) -> str:
    """Which sheet was read, and which others hold more rows."""
    rows = next((size.rows for size in sizes if size.name == read), 0)
    others = [f"'{shown(size.name)}' ({size.rows:,} rows)" for size in sizes if size.rows > max(rows, 1)]
    if not others:
        return f"Sheet '{shown(read)}' was read. Check that the export ran to its end."
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    listed = ", ".join(others[:_NAMED])
    return f"Sheet '{shown(read)}' was read; others: {listed}{more}. Choose with --sheet"


def _settled(source: Source, opened: OpenSheet, heading_row: int | None) -> Columns:
    """The columns of a sheet, from its first rows."""
    first: list[tuple[int, list[str]]] = []
    filled = 0
    for number, cells in _rows(opened.head()):
        filled += any(cell.strip() for cell in cells)
        if filled:
            first.append((number, cells))
        if filled > SAMPLE_RECORDS:
            break
    if not filled:
        raise ExtractUnreadable(f"{source.name}: sheet '{shown(opened.name)}' holds blank cells only.")
    return settle_columns(source.name, first, first_letter=opened.first_letter, heading_row=heading_row)


def _rows(parts: Iterator[RawRows]) -> Iterator[tuple[int, list[str]]]:
    for part in parts:
        for number, *cells in zip(
            part.numbers.tolist(), *(column.to_pylist() for column in part.columns), strict=True
        ):
            yield number, cells
