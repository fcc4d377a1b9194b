"""The cover sheet as a workbook: a sheet for each section, and cells to fill in for what a person does."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from openpyxl.worksheet.datavalidation import DataValidation

from outputs.cover.blocks import (
    Block,
    Cell,
    Column,
    Facts,
    Hundredths,
    Lines,
    Notice,
    Section,
    Shown,
    Table,
)
from outputs.cover.blocks import Words as Paragraph
from outputs.cover.sheet import cover_sheet
from outputs.safe_text import safe_text
from outputs.submitted.manifest import Manifest
from outputs.workbook import Book, Page, Value
from outputs.workbook_styles import Kind, Mark, Words, table_style

_LONGEST_FOOTER = 150  # characters; a spreadsheet allows 255 for the footer's three parts together
_LABEL_WIDTH, _LEAST_WIDTH, _NARROWEST, _WIDEST = 34, 150, 9, 64
_ROOM_FOR_A_HASH = 72
_WIDTHS = {Shown.TICK: 16, Shown.BLANK: 22, Shown.DAY: 14}
_ENTRIES = {Shown.TICK: Kind.TEXT, Shown.BLANK: Kind.TEXT, Shown.DAY: Kind.DATE}
_DONE = "yes,does not apply"


def cover_workbook(manifest: Manifest) -> bytes:
    """The workbook, the same bytes for the same manifest. Holds no records, and nothing of any one."""
    sheet = cover_sheet(manifest)
    book = Book(safe_text(sheet.title), footer=safe_text(sheet.footer)[:_LONGEST_FOOTER])
    for section in sheet.sections:
        _write(book, sheet.title, section)
    return book.as_bytes()


def _write(book: Book, title: str, section: Section) -> None:
    blocks = _joined(section) if section.together else section.blocks
    tables = [block for block in blocks if isinstance(block, Table)]
    labels = any(isinstance(block, Facts) for block in blocks)
    page = Page(book, section.name, _widths(tables, least=_LABEL_WIDTH if labels else _NARROWEST))
    page.title(section.title)
    page.words(title)
    for block in blocks:
        if isinstance(block, Table):
            _table(page, block, keep_in_sight=len(tables) == 1)
        else:
            _words(page, block)


def _joined(section: Section) -> tuple[Block, ...]:
    """The section with its tables as one, in which a first column says what were their captions."""
    tables = [block for block in section.blocks if isinstance(block, Table)]
    together = Table(
        "",
        (Column(section.together or ""), *tables[0].columns),
        tuple((table.caption, *row) for table in tables for row in table.rows),
    )
    return (*(block for block in section.blocks if not isinstance(block, Table)), together)


def _widths(tables: Sequence[Table], *, least: int) -> tuple[int, ...]:
    """Of the columns: wide enough for each table and for running text; the first at least so wide."""
    widths = [least]
    for table in tables:
        for place, column in enumerate(table.columns):
            wanted = _WIDTHS.get(column.shown) or _width_of_text(table, place)
            if column.shown is Shown.BLANK and len(table.columns) == 2:
                wanted = _ROOM_FOR_A_HASH
            if place == len(widths):
                widths.append(wanted)
            widths[place] = max(widths[place], wanted)
    if (missing := _LEAST_WIDTH - sum(widths)) > 0:
        widths.append(missing)
    return tuple(widths)


def _width_of_text(table: Table, place: int) -> int:
    longest = max((len(str(row[place] or "")) for row in table.rows), default=0)
    heading = max(len(word) for word in table.columns[place].heading.split())
    return min(max(longest + 3, heading + 4, _NARROWEST), _WIDEST)


def _words(page: Page, block: Paragraph | Notice | Facts | Lines) -> None:
    match block:
        case Facts():
            if block.heading:
                page.section(block.heading)
            for fact in block.facts:
                page.words(fact.text, label=fact.label)
        case Lines():
            page.section(block.heading)
            for line in block.lines:
                page.words(line)
        case Paragraph():
            style = Words.LABEL if block.strong else Words.TEXT
            page.words(_with_evidence(block.text, block.evidence), style)
        case Notice():
            page.words(f"{block.label} {block.text}", Words.NOTICE)


def _with_evidence(text: str, evidence: str | None) -> str:
    return f"{text} [{evidence}]" if evidence else text


def _table(page: Page, table: Table, *, keep_in_sight: bool) -> None:
    if table.caption:
        page.section(table.caption)
    else:
        page.next_row()
    headings = [column.heading for column in table.columns]
    to_fill_in = [column.heading for column in table.columns if column.shown.to_fill_in]
    heading_row = page.headings(headings, to_fill_in=to_fill_in)
    for row in table.rows:
        page.next_row()
        for place, (value, column) in enumerate(zip(row, table.columns, strict=True), start=1):
            if column.shown.to_fill_in:
                page.put(place, None, table_style(_ENTRIES[column.shown], Mark.ENTRY))
            else:
                page.put(place, *_as_cell(value))
    if not table.rows:
        return
    for place, column in enumerate(table.columns, start=1):
        if rule := _rule(column):
            page.validate(rule, place, heading_row + 1)
    if keep_in_sight:
        page.keep_in_sight(heading_row)
        page.filter(heading_row, len(headings))


def _as_cell(value: Cell) -> tuple[Value, str]:
    if isinstance(value, Hundredths):
        return Decimal(value.amount).scaleb(-2), table_style(Kind.MONEY)
    if isinstance(value, int):
        return value, table_style(Kind.COUNT)
    return value, table_style(Kind.TEXT)


def _rule(column: Column) -> DataValidation | None:
    """What can be chosen or typed in a cell to fill in."""
    if column.shown is Shown.TICK:
        return DataValidation("list", f'"{_DONE}"', allow_blank=True, showErrorMessage=True)
    if column.shown is Shown.DAY:
        return DataValidation("date", "DATE(2000,1,1)", operator="greaterThanOrEqual", allow_blank=True)
    return None
