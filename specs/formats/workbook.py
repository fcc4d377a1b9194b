"""Excel workbooks (.xlsx): first made sure that they are safe to open, then read as text."""

from __future__ import annotations

import contextlib
import datetime
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import python_calamine

from specs.errors import ExtractUnreadable
from specs.formats.layout import SAMPLE_RECORDS, Layout, RawRows, settle_layout
from specs.formats.workbook_package import ErrorCells, damaged, inspect_package
from specs.headings import nearest, shown

_ROWS_AT_A_TIME = 8_192
_TEXT_AT_A_TIME = 8 << 20
"""Characters after which a part is handed on, however few its rows."""
_LATEST = datetime.datetime.max - datetime.timedelta(seconds=1)
_LONGEST_TEXT = 32_767
"""Characters that Excel allows in a cell."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """One sheet of a workbook, whose headings are known."""

    file: str
    sheet: str
    sheets: int
    layout: Layout
    _cells: python_calamine.CalamineSheet
    _errors: ErrorCells

    def rows(self) -> Iterator[RawRows]:
        """All records below the headings."""
        part: list[list[str]] = []
        size = 0
        number = self.layout.heading_row
        for number, row in enumerate(_texts(self.file, self._cells, self._errors), start=1):
            if number <= self.layout.heading_row:
                continue
            part.append(row)
            size += sum(map(len, row))
            if len(part) == _ROWS_AT_A_TIME or size > _TEXT_AT_A_TIME:
                yield _raw(part, last=number, width=len(self.layout.columns))
                part, size = [], 0
        yield _raw(part, last=number, width=len(self.layout.columns))


def open_workbook(path: Path, *, sheet: str | None = None) -> Workbook:
    """The named sheet of a workbook, or the first visible one that holds something.

    Raises:
        ExtractUnreadable: no workbook, macros, a password, damaged, unsafe, no such sheet, no headings.
    """
    package = inspect_package(path)
    with _explained(path):
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        name, cells = _chosen_sheet(path, workbook, sheet)
        start = cells.start
    if start is None:
        raise ExtractUnreadable(
            f"{path.name}: sheet '{shown(name)}' is empty. Name another one with --sheet."
        )
    errors = package.error_cells.get(name, {})
    head: list[tuple[int, list[str]]] = []
    for number, row in enumerate(_texts(path.name, cells, errors), start=1):
        if head or any(cell.strip() for cell in row):
            head.append((number, row))
        if len(head) > SAMPLE_RECORDS:
            break
    if not head:
        raise ExtractUnreadable(f"{path.name}: sheet '{shown(name)}' holds blank cells only.")
    layout = settle_layout(
        path,
        heading_row=head[0][0],
        first_row=head[0][1],
        sample=[row for _, row in head[1:]],
        first_letter=start[1],
    )
    return Workbook(path.name, name, len(workbook.sheet_names), layout, cells, errors)


def cell_text(cell: object) -> str:
    """A cell as a person sees it, in one spelling: 2024-03-31, 1234.5, 00123, TRUE.

    Numbers have the 15 significant digits that Excel works with (39.6, where the file holds
    39.599999999999994), whole ones no decimal point. A date with a time keeps it: 2024-03-31 13:45:00.
    Durations are hours and minutes: 37:30.
    """
    return _SPELLINGS.get(type(cell), str)(cell)


def _number_text(number: float) -> str:
    if not math.isfinite(number):
        return repr(number)
    if number.is_integer():
        return str(int(number))
    return f"{Decimal(f'{number:.15g}').normalize():f}"


def _moment_text(moment: datetime.datetime) -> str:
    whole = (min(moment, _LATEST) + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)
    at_midnight = whole.time() == datetime.time()
    return whole.date().isoformat() if at_midnight else whole.isoformat(sep=" ")


def _duration_text(duration: datetime.timedelta) -> str:
    seconds = round(duration.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    clock = f"{'-' if seconds < 0 else ''}{hours:02}:{rest // 60:02}"
    return f"{clock}:{rest % 60:02}" if rest % 60 else clock


_SPELLINGS: dict[type, Callable[[Any], str]] = {
    bool: lambda cell: "TRUE" if cell else "FALSE",
    float: _number_text,
    datetime.datetime: _moment_text,
    datetime.date: datetime.date.isoformat,
    datetime.time: lambda cell: cell.isoformat(timespec="seconds" if cell.second else "minutes"),
    datetime.timedelta: _duration_text,
}


def _chosen_sheet(
    path: Path, workbook: python_calamine.CalamineWorkbook, wanted: str | None
) -> tuple[str, python_calamine.CalamineSheet]:
    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    if wanted is not None:
        for name in names:
            if name == wanted:
                return name, workbook.get_sheet_by_name(name)
        near = nearest(wanted, names)
        hint = f"; did you mean '{shown(near)}'?" if near else "."
        listed = ", ".join(f"'{shown(name)}'" for name in names[:10])
        more = f" and {len(names) - 10} more" if len(names) > 10 else ""
        raise ExtractUnreadable(
            f"{path.name}: no sheet is called '{shown(wanted)}'{hint} Sheets: {listed}{more}"
        )
    hidden = {
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible != python_calamine.SheetVisibleEnum.Visible
    }
    for name in sorted(names, key=lambda name: name in hidden):
        cells = workbook.get_sheet_by_name(name)
        if cells.start is not None:
            return name, cells
    raise ExtractUnreadable(f"{path.name}: no sheet holds anything. Export it again from the source system.")


def _texts(
    file: str, cells: python_calamine.CalamineSheet, errors: Mapping[tuple[int, int], str]
) -> Iterator[list[str]]:
    """Every row of the sheet from row 1, as text."""
    first_column = cells.start[1] if cells.start else 0
    rows_with_errors = {row for row, _ in errors}
    for index, row in enumerate(cells.iter_rows()):
        texts = [cell if type(cell) is str else cell_text(cell) for cell in row]
        if index in rows_with_errors:
            for column in range(len(texts)):
                texts[column] = errors.get((index, first_column + column), texts[column])
        if max(map(len, texts), default=0) > _LONGEST_TEXT:
            raise ExtractUnreadable(
                f"{file}: row {index + 1:,} has a cell longer than the {_LONGEST_TEXT:,} characters that "
                "Excel allows. Shorten it, or export as CSV."
            )
        yield texts


def _raw(part: Sequence[Sequence[str]], *, last: int, width: int) -> RawRows:
    columns = zip(*part, strict=True) if part else ([] for _ in range(width))
    return RawRows(
        np.arange(last - len(part) + 1, last + 1, dtype=np.int64),
        [pa.array(list(column), pa.string()) for column in columns],
    )


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn a workbook's own faults into one line with what to do."""
    try:
        yield
    except python_calamine.PasswordError as fault:
        raise ExtractUnreadable(f"{path.name}: is under a password. Save a copy without it.") from fault
    except (
        python_calamine.CalamineError,
        python_calamine.XmlError,
        python_calamine.ZipError,
        OSError,
    ) as fault:
        raise damaged(path) from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # the reader, written in Rust, gave up
            raise
        raise damaged(path) from fault
