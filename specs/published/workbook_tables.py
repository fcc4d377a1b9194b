"""The sheets of a workbook as tables of text, read with the guards that extracts are read with.

A file of a few kilobytes can make a workbook reader ask for more memory than there is (docs/decisions/0009),
so every workbook is measured first, or opened by a process with a limit of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from specs.errors import ExtractUnreadable
from specs.formats.encoding import read_start
from specs.formats.file_kind import FileKind, file_kind
from specs.formats.sheet import OpenSheet, SheetSize, open_sheet, sheet_sizes
from specs.formats.source import Source, source_of
from specs.formats.workbook_package import ZipKind, inspect_other_package, inspect_package, zip_kind
from specs.formats.workbook_process import open_sheet_apart, sheet_sizes_apart
from specs.headings import column_letters, shown

MOST_CELLS = 1_000_000
"""Of a sheet, from A1 to the last filled cell: what is larger is no specification."""

Rows = list[list[str]]


def workbook_tables(path: Path) -> list[tuple[str, Rows]]:
    """Each sheet that holds something, by name in the workbook's order, without its blank rows.

    Raises:
        ExtractUnreadable: no workbook, a password, damaged, unsafe, or a sheet too large for a specification.
    """
    source = source_of(path)
    sizes, opened = _reader(source)
    for size in sizes:
        if size.rows * size.columns > MOST_CELLS:
            raise ExtractUnreadable(
                f"{source.name}: sheet '{shown(size.name)}' reaches to row {size.rows:,} and column "
                f"{column_letters(size.columns - 1)}, further than any specification. "
                "Delete what stands far outside the table, or save the table as CSV."
            )
    return [(size.name, list(_rows(opened(size.name)))) for size in sizes if size.rows]


def _reader(source: Source) -> tuple[tuple[SheetSize, ...], Callable[[str], OpenSheet]]:
    """What the sheets hold, and what opens one of them, as suits the kind of workbook."""
    kind = file_kind(source, read_start(source, gzipped=False))
    packed = zip_kind(source) if kind is FileKind.ZIP else None
    if packed is ZipKind.WORKBOOK:
        errors = inspect_package(source).error_cells
        return sheet_sizes(source), lambda name: open_sheet(source, name, errors)
    if packed is ZipKind.ARCHIVE or (packed is None and kind is not FileKind.OLD_WORKBOOK):
        raise ExtractUnreadable(
            f"{source.name}: is an archive, no workbook. Unpack it, and name the document inside."
        )
    if packed is not None:
        inspect_other_package(source)
    return sheet_sizes_apart(source), partial(open_sheet_apart, source)


def _rows(sheet: OpenSheet) -> Iterator[list[str]]:
    for part in sheet.parts():
        columns = [column.to_pylist() for column in part.columns]
        for cells in zip(*columns, strict=True):
            if any(cell.strip() for cell in cells):
                yield list(cells)
