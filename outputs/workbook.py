"""Pages of a workbook, written from top to bottom: words, then a table with frozen, repeated headings."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Collection, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

from openpyxl.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.chart import Reference
from openpyxl.chart._chart import ChartBase
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from outputs.differing import Run
from outputs.safe_text import LONGEST_TEXT, runs_as_formula, safe_text
from outputs.workbook_file import ALT_TEXT, new_workbook, save_workbook, workbook_bytes
from outputs.workbook_styles import CHARACTERS_THAT_DIFFER, OTHER_CHARACTERS, Words, add_styles

MOST_ROWS = 1_048_576
"""Rows of one sheet. Source: Excel specifications and limits."""
MOST_LINKS = 65_530
"""Links of one sheet. Source: Excel specifications and limits."""

Value = str | int | float | Decimal | date | None

_LONGEST_NAME = 31
_ILLEGAL_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED_NAMES = {"history"}
_A3, _A4 = 8, 9  # how the file format numbers them
_WIDEST_ON_A4, _WIDEST_ON_A3 = 230, 330  # characters; beyond them, print is too small to read
_LINE_HEIGHT = 15.0  # points, of a line of 11 point text
_TALLEST_ROW = 409.0  # points
_POINTS_PER_CM = 72 / 2.54
_SMALL_LETTERS = 1.12  # more of them fit into a width than of the digits that it counts
_LONGEST_AS_TEXT = 255  # older Excel shows ##### for a longer text in a cell formatted as text
_FIRST_DATE = date(1900, 3, 1)  # before it, a spreadsheet's calendar is wrong or does not exist
_FOOTER = "Personal data: keep private, destroy when no longer needed"


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    r"""A legal name for a sheet: 31 characters at most, none of []:*?/\, in no case one of `taken`."""
    name = _ILLEGAL_IN_NAME.sub("-", wanted).strip(" '")[:_LONGEST_NAME].rstrip(" '") or "Sheet"
    used = {other.casefold() for other in taken} | _RESERVED_NAMES
    number, unique = 2, name
    while unique.casefold() in used:
        suffix = f" ({number})"
        unique = name[: _LONGEST_NAME - len(suffix)].rstrip(" '") + suffix
        number += 1
    return unique


class Book:
    """A new workbook in the house style."""

    def __init__(self, title: str, *, notice: str = "", footer: str = _FOOTER) -> None:
        """Begin one; `notice` stands at the head of every printed page, `footer` at its foot."""
        self.notice = notice
        self.footer = footer
        self.workbook = new_workbook(title)
        self.styles = add_styles(self.workbook)

    def save(self, target: Path) -> None:
        """Write it whole, for its owner only, the same bytes on any day.

        Raises:
            OutputUnwritable: no permission, no space, or a folder is in the way.
        """
        save_workbook(self.workbook, target)

    def as_bytes(self) -> bytes:
        """The same without a file."""
        return workbook_bytes(self.workbook)


class Page:
    """One sheet, landscape and to the width of the paper, written row by row.

    Text never becomes a formula or an error value, whatever it starts with.
    """

    def __init__(
        self, book: Book, name: str, widths: Sequence[float], *, tab_colour: str | None = None
    ) -> None:
        """Add a sheet called `name`, which must be legal, with columns of these widths (in characters)."""
        self.row = 0
        """The row that was written last."""
        self.widths = tuple(widths)
        self._links = 0
        self._row_height = _LINE_HEIGHT
        self._styles = book.styles
        self._sheet: Worksheet = book.workbook.create_sheet(name)
        for column, width in enumerate(widths, start=1):
            self._sheet.column_dimensions[get_column_letter(column)].width = width
        self._sheet.sheet_view.showGridLines = False
        self._sheet.sheet_properties.tabColor = tab_colour
        self._set_up_printing(book.notice, book.footer)

    def _set_up_printing(self, notice: str, footer: str) -> None:
        sheet = self._sheet
        sheet.page_setup.orientation = "landscape"
        width = sum(self.widths)
        sheet.page_setup.paperSize = _A3 if width > _WIDEST_ON_A4 else _A4
        sheet.page_setup.fitToWidth = math.ceil(width / _WIDEST_ON_A3)
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        margins = sheet.page_margins
        margins.left = margins.right = 0.4
        margins.top = 0.75 if notice else 0.5
        margins.header = 0.35
        margins.bottom = 0.75
        margins.footer = 0.35
        if notice:
            sheet.HeaderFooter.oddHeader = HeaderFooterItem(left=_HeaderFooterPart(notice.replace("&", "&&")))
        sheet.HeaderFooter.oddFooter = HeaderFooterItem(
            left=_HeaderFooterPart(footer.replace("&", "&&")),
            center=_HeaderFooterPart("&A"),
            right=_HeaderFooterPart("Page &P of &N"),
        )

    def next_row(self, *, skip: int = 0) -> None:
        """Go on to the next row, leaving `skip` rows blank before it."""
        self.row += 1 + skip
        self._row_height = _LINE_HEIGHT

    def put(
        self,
        column: int,
        value: Value,
        style: str,
        *,
        link: str | None = None,
        runs: Sequence[Run] | None = None,
    ) -> None:
        """Write one cell of the current row.

        Args:
            column: from 1.
            value: what it holds.
            style: a name from workbook_styles.
            link: a place in this workbook, from `place`.
            runs: the pieces of a text of which some differ from another value; None to show it plain.
        """
        cell = cast("Cell", self._sheet.cell(self.row, column))
        look = self._styles[style]
        if isinstance(value, date) and value < _FIRST_DATE:
            value = f"{value:%d/%m}/{value.year:04}"
        cell.value = safe_text(value) if isinstance(value, str) else value
        cell._style = copy(look.numbers)  # type: ignore[attr-defined]
        if isinstance(value, str):
            if runs and len(value) < LONGEST_TEXT // 2:
                cell.value = _in_runs(runs)
            self._as_text(cell)
            if look.wraps:
                self._make_room(str(cell.value), self.widths[column - 1])
        if link and self._links < MOST_LINKS:
            self._links += 1
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=link)

    @staticmethod
    def _as_text(cell: Cell) -> None:
        """Keep a text what it is: no formula, no error value, also after a person edits it."""
        text = str(cell.value or "")
        cell.data_type = "s"
        cell.quotePrefix = runs_as_formula(text)
        if len(text) > _LONGEST_AS_TEXT:
            cell.number_format = "General"

    def _make_room(self, text: str, width: float) -> None:
        """Make the current row as high as a wrapped text needs; not every program does so by itself."""
        if len(text) < width and "\n" not in text:
            return
        height = _height(text, width)
        if height > self._row_height:
            self._row_height = height
            self._sheet.row_dimensions[self.row] = _GrowingRow(self._sheet, index=self.row, ht=height)

    def title(self, text: str) -> None:
        """The sheet's title, on a row of its own."""
        self.next_row()
        self.put(1, text, Words.TITLE)
        self._set_height(26)

    def section(self, text: str) -> None:
        """A heading inside the sheet, after a blank row."""
        self.next_row(skip=1)
        self.put(1, text, Words.SECTION)

    def words(self, text: str, style: str = Words.TEXT, *, label: str | None = None) -> None:
        """A row of running text over the whole width, after its label if it has one; as high as it needs."""
        self.next_row()
        first = 1 if label is None else 2
        if label is not None:
            self.put(1, label, Words.LABEL)
        self.put(first, text, style)
        if len(self.widths) > first:
            self._sheet.merge_cells(
                start_row=self.row, end_row=self.row, start_column=first, end_column=len(self.widths)
            )
        width = sum(self.widths[first - 1 :])
        self._set_height(max(_height(text, width), _height(label or "", self.widths[0])))

    def _set_height(self, points: float) -> None:
        """Fix the height of the current row."""
        self._sheet.row_dimensions[self.row] = RowDimension(self._sheet, index=self.row, ht=points)

    def headings(self, headings: Sequence[str], *, to_fill_in: Collection[str] = ()) -> int:
        """A table's heading row; returns its number."""
        self.next_row()
        for column, heading in enumerate(headings, start=1):
            self.put(column, heading, Words.ENTRY_HEADING if heading in to_fill_in else Words.HEADING)
        self._set_height(
            max(_height(text, width * 0.85) for text, width in zip(headings, self.widths, strict=False))
        )
        return self.row

    def chart(self, chart: ChartBase, *, rows: int, alt_text: str) -> None:
        """A chart below the current row, as wide as it says, over so many rows of the usual height."""
        setattr(chart, ALT_TEXT, alt_text)
        self.next_row(skip=1)
        self._sheet.add_chart(chart, f"A{self.row}")
        chart.height = rows * _LINE_HEIGHT / _POINTS_PER_CM
        self.next_row(skip=rows - 1)

    def begin_printed_page(self) -> None:
        """Let what follows begin on a new sheet of paper."""
        self._sheet.row_breaks.append(Break(id=self.row))

    def cells(self, column: int, first_row: int, last_row: int) -> Reference:
        """Some cells of one column, for a chart."""
        return Reference(self._sheet, min_col=column, min_row=first_row, max_row=last_row)

    def keep_in_sight(self, heading_row: int, *, columns: int = 0) -> None:
        """Freeze the rows down to `heading_row` and the first columns; repeat both on each printed page."""
        self._sheet.freeze_panes = f"{get_column_letter(columns + 1)}{heading_row + 1}"
        self._sheet.print_title_rows = f"{heading_row}:{heading_row}"
        if columns:
            self._sheet.print_title_cols = f"A:{get_column_letter(columns)}"

    def filter(self, heading_row: int, columns: int) -> None:
        """Filter buttons on the headings, for the rows from there to the current one."""
        self._sheet.auto_filter.ref = f"A{heading_row}:{get_column_letter(columns)}{self.row}"

    def validate(self, rule: DataValidation, column: int, first_row: int) -> None:
        """Hold the cells of a column, from `first_row` to the current row, to a rule."""
        letter = get_column_letter(column)
        rule.add(f"{letter}{first_row}:{letter}{self.row}")
        self._sheet.add_data_validation(rule)


def _height(text: str, width: float) -> float:
    """Points that a text needs when it is wrapped to a width in characters."""
    per_line = max(int(width if text.isupper() else width * _SMALL_LETTERS), 1)
    if len(text) > per_line * _TALLEST_ROW / _LINE_HEIGHT:
        return _TALLEST_ROW
    lines = sum(len(textwrap.wrap(line, per_line)) or 1 for line in text.split("\n"))
    return min(lines * _LINE_HEIGHT + 2, _TALLEST_ROW)


def _in_runs(runs: Sequence[Run]) -> CellRichText:
    """A text whose differing characters stand out, in colour and without it."""
    looks = {True: CHARACTERS_THAT_DIFFER, False: OTHER_CHARACTERS}
    return CellRichText([TextBlock(looks[run.differs], safe_text(run.text)) for run in runs])


class _GrowingRow(RowDimension):
    """A row with a height to begin with, which a program may change when someone types into the row."""

    customHeight = False  # noqa: N815 (openpyxl's name)


def place(sheet: str, row: int = 1) -> str:
    """Where a link inside the workbook leads: the first cell of a row of a sheet."""
    return f"{quote_sheetname(sheet)}!A{row}"
