"""A sheet of a workbook, opened by calamine in this process."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import python_calamine

from specs.errors import ExtractUnreadable
from specs.formats.cell_text import text_columns
from specs.formats.columns import RawRows
from specs.formats.source import Source
from specs.formats.workbook_package import ErrorCells, damaged
from specs.headings import nearest, shown

_ROWS_AT_A_TIME = 8_192
_CELLS_AT_A_TIME = 1 << 17
_LONGEST_TEXT = 32_767
"""Characters that Excel allows in a cell."""


class _Holds(Enum):
    """What a sheet holds, as far as choosing one needs it."""

    TABLE = "a row with several cells, and another one below it"
    COLUMN = "two rows or more"
    ROW = "one row, or blank cells only"
    NOTHING = "nothing"


_NO_TABLE = {_Holds.COLUMN, _Holds.ROW}


@dataclass(frozen=True, slots=True)
class SheetSize:
    """How much a sheet holds."""

    name: str
    rows: int
    """Down to the last filled cell; 0 for an empty sheet."""
    columns: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet whose cells can be read as text."""

    name: str
    sheets: int
    """How many sheets the workbook has."""
    passed_over: tuple[str, ...]
    """Sheets before it that hold something, but no table; none where a person named the sheet."""
    first_letter: int
    """Index of the first column that holds something."""
    parts: Callable[[], Iterator[RawRows]]
    """Every row from row 1, some at a time."""
    head: Callable[[], Iterator[RawRows]]
    """The first of these parts, as far as finding the headings needs them."""


def open_sheet(source: Source, wanted: str | None, errors: Mapping[str, ErrorCells]) -> OpenSheet:
    """The named sheet of a workbook, or the first one that holds a table.

    A table is headings and a record. One with several columns goes before one with a single column, which
    may be notes; visible sheets go before hidden ones. Where no sheet holds a table, the first one that holds
    anything is opened.

    Args:
        source: a workbook that is safe to open.
        wanted: name of the sheet.
        errors: text of the cells that hold an error, by sheet.

    Raises:
        ExtractUnreadable: a password, damaged, no such sheet, an empty sheet.
    """
    with _explained(source):
        workbook = python_calamine.CalamineWorkbook.from_path(str(source.path))
        name, passed_over = _chosen(source, workbook, wanted, errors)
        cells = workbook.get_sheet_by_name(name)
        start = cells.start
    if start is None:
        raise ExtractUnreadable(
            f"{source.name}: sheet '{shown(name)}' is empty. Name another one with --sheet."
        )

    def parts() -> Iterator[RawRows]:
        return _parts(source, cells, errors.get(name, {}))

    return OpenSheet(name, len(workbook.sheet_names), passed_over, start[1], parts, head=parts)


def sheet_sizes(source: Source) -> tuple[SheetSize, ...]:
    """What each sheet of a workbook holds, in the order of the workbook.

    Raises:
        ExtractUnreadable: a password, damaged.
    """
    with _explained(source):
        workbook = python_calamine.CalamineWorkbook.from_path(str(source.path))
        found = []
        for sheet in _data_sheets(workbook):
            last = workbook.get_sheet_by_name(sheet.name).end
            rows, columns = (last[0] + 1, last[1] + 1) if last else (0, 0)
            found.append(SheetSize(sheet.name, rows, columns, _is_hidden(sheet)))
    return tuple(found)


def _data_sheets(workbook: python_calamine.CalamineWorkbook) -> list[python_calamine.SheetMetadata]:
    return [
        sheet for sheet in workbook.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]


def _is_hidden(sheet: python_calamine.SheetMetadata) -> bool:
    return sheet.visible != python_calamine.SheetVisibleEnum.Visible


def _chosen(
    source: Source,
    workbook: python_calamine.CalamineWorkbook,
    wanted: str | None,
    errors: Mapping[str, ErrorCells],
) -> tuple[str, tuple[str, ...]]:
    """Name of the sheet to read, and those passed over for it."""
    sheets = _data_sheets(workbook)
    names = [sheet.name for sheet in sheets]
    if wanted is not None:
        if wanted in names:
            return wanted, ()
        near = nearest(wanted, names)
        hint = f"; did you mean '{shown(near)}'?" if near else "."
        listed = ", ".join(f"'{shown(name)}'" for name in names[:10])
        more = f" and {len(names) - 10} more" if len(names) > 10 else ""
        raise ExtractUnreadable(
            f"{source.name}: no sheet is called '{shown(wanted)}'{hint} Sheets: {listed}{more}"
        )
    found: dict[str, _Holds] = {}
    for hidden in (False, True):
        side = [sheet.name for sheet in sheets if _is_hidden(sheet) == hidden]
        for name in side:
            found[name] = _held(workbook.get_sheet_by_name(name), errors.get(name, {}))
            if found[name] is _Holds.TABLE:
                return name, tuple(other for other in found if found[other] in _NO_TABLE)
        for name in side:
            if found[name] is _Holds.COLUMN:
                return name, tuple(other for other in found if found[other] is _Holds.ROW)
    for name, holds in found.items():
        if holds is _Holds.ROW:
            return name, ()
    raise ExtractUnreadable(
        f"{source.name}: no sheet holds anything. Export it again from the source system."
    )


def _held(cells: python_calamine.CalamineSheet, errors: ErrorCells) -> _Holds:
    """What a sheet holds; looks no further than it must."""
    if cells.start is None:
        return _Holds.NOTHING
    with_errors = {row for row, _ in errors}
    filled = 0
    wide = False
    for number, row in enumerate(cells.iter_rows()):
        count = sum(1 for cell in row if not isinstance(cell, str) or cell.strip())
        if count or number in with_errors:
            if wide:
                return _Holds.TABLE
            filled += 1
            wide = count > 1
    return _Holds.COLUMN if filled > 1 else _Holds.ROW


def _parts(source: Source, cells: python_calamine.CalamineSheet, errors: ErrorCells) -> Iterator[RawRows]:
    first_column = cells.start[1] if cells.start else 0
    width = cells.width
    size = max(1, min(_ROWS_AT_A_TIME, _CELLS_AT_A_TIME // max(width, 1)))
    rows = cells.iter_rows()
    first = 0
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in errors.items():
        by_row.setdefault(row, {})[column - first_column] = text
    while part := list(itertools.islice(rows, size)):
        for row in by_row.keys() & range(first, first + len(part)):
            for column, text in by_row[row].items():
                if 0 <= column < width:
                    part[row - first][column] = text
        columns = text_columns(part, width=width)
        _refuse_long_text(source, columns, first)
        yield RawRows(np.arange(first + 1, first + len(part) + 1, dtype=np.int64), columns)
        first += len(part)


def _refuse_long_text(source: Source, columns: list[pa.Array], first: int) -> None:
    for column in columns:
        lengths = pc.utf8_length(column)
        if (pc.max(lengths).as_py() or 0) > _LONGEST_TEXT:
            row = first + 1 + pc.index(pc.greater(lengths, _LONGEST_TEXT), True).as_py()
            raise ExtractUnreadable(
                f"{source.name}: row {row:,} has a cell longer than the {_LONGEST_TEXT:,} characters that "
                "Excel allows. Shorten it, or export as CSV."
            )


@contextlib.contextmanager
def _explained(source: Source) -> Iterator[None]:
    """Turn a workbook's own faults into one line with what to do."""
    try:
        yield
    except python_calamine.PasswordError as fault:
        raise ExtractUnreadable(f"{source.name}: is under a password. Save a copy without it.") from fault
    except (
        python_calamine.CalamineError,
        python_calamine.XmlError,
        python_calamine.ZipError,
        OSError,
    ) as fault:
        raise damaged(source) from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # the reader, written in Rust, gave up
            raise
        raise damaged(source) from fault
