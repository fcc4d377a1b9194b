"""One report's cases with their records side by side, so that a person sees what agrees and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import pyarrow as pa

from matching.wording import counted
from outputs.case_blocks import CaseBlock, columns_that_matter, value_columns
from outputs.differing import Run, differing
from outputs.workbook import Book, Page, Value, place
from outputs.workbook_styles import Kind, Mark, Words, table_style
from specs.specification import FieldFormat

CASES_FILE, RECORDS_FILE = "cases.csv", "case-records.csv"

_KEYS = {"Rank": 6.0, "Case": 19.0, "Data set": 18.0, "Source row": 9.0}
_RAISED_BY = {"Raised by": 30.0}
_KINDS = {
    FieldFormat.CHARACTER: Kind.TEXT,
    FieldFormat.NUMBER: Kind.TEXT,
    FieldFormat.DATE: Kind.DATE,
    FieldFormat.MONEY: Kind.MONEY,
    FieldFormat.HOURS: Kind.HOURS,
}
_EXAMPLE = "INV-017"
_NARROWEST, _WIDEST = 11, 30  # characters, of a column with values


class PublishedField(Protocol):
    """A column of the records: its published name, and how its values are held."""

    @property
    def name(self) -> str:
        """As the specification spells it."""

    @property
    def format(self) -> FieldFormat:
        """Money is pence and hours are hundredths, as integers."""


@dataclass(frozen=True, slots=True)
class RecordColumn:
    """A column of the records as a person reads it."""

    column: str
    name: str
    kind: Kind

    @property
    def heading(self) -> str:
        """The published name, with the unit of money."""
        return f"{self.name} (£)" if self.kind is Kind.MONEY else self.name

    def value(self, record: Mapping[str, Any]) -> Value:
        """The record's value: pounds for pence, hours for hundredths."""
        raw: str | int | date | None = record[self.column]
        if self.kind in {Kind.MONEY, Kind.HOURS} and raw is not None:
            return Decimal(str(raw)).scaleb(-2)
        return raw

    def width(self, records: Sequence[Mapping[str, Any]]) -> float:
        """Characters that show most values whole."""
        longest = max((_length(self.value(record)) for record in records), default=0)
        heading = max(len(word) for word in self.heading.split())
        return float(min(max(longest + 2, heading + 2, _NARROWEST), _WIDEST))


def record_columns(records: pa.Schema, fields: Mapping[str, PublishedField]) -> list[RecordColumn]:
    """The columns of the data sets in the order of the records; one without a field keeps its own name."""
    return [
        RecordColumn(
            column,
            fields[column].name if column in fields else column,
            _kind_of(records.field(column).type, fields[column].format if column in fields else None),
        )
        for column in value_columns(records)
    ]


def _kind_of(held_as: pa.DataType, format_: FieldFormat | None) -> Kind:
    """How a column is shown: sums and hours by their field, numbers that were worked out as such."""
    if format_ in {FieldFormat.MONEY, FieldFormat.HOURS}:
        return _KINDS[format_]
    if pa.types.is_date(held_as):
        return Kind.DATE
    return Kind.COUNT if pa.types.is_integer(held_as) else Kind.TEXT


def _length(value: Value) -> int:
    if isinstance(value, date):
        return len("dd/mm/yyyy")
    return len(f"{value:,}") if isinstance(value, Decimal) else len(str(value or ""))


def report_sheet(
    book: Book,
    name: str,
    blocks: Sequence[CaseBlock],
    columns: Sequence[RecordColumn],
    *,
    in_queue: int,
    links: Mapping[str, str],
    back: str,
) -> dict[str, int]:
    """Write one report's sheet and return the row on which each case begins.

    Args:
        book: where to add it.
        name: of the sheet.
        blocks: the report's cases that are listed, at least one.
        columns: those of the records; columns without any value in these cases are left out.
        in_queue: how many cases the report has in the queue, listed or not.
        links: where each case stands in the queue.
        back: the sheet with the list of reports.
    """
    matter = columns_that_matter(blocks, {column.column: column.name for column in columns})
    shown = sorted(
        (column for column in columns if column.column in matter), key=lambda c: matter.index(c.column)
    )
    records = [record for block in blocks for record in block.records]
    raised_by = _RAISED_BY if any(block.case["also_in"] for block in blocks) else {}
    widths = (*_KEYS.values(), *(column.width(records) for column in shown), *raised_by.values())
    page = Page(book, name, widths)
    _opening(page, blocks, in_queue, back)
    headings = (*_KEYS, *(column.heading for column in shown), *raised_by)
    heading_row = page.headings(headings)
    page.keep_in_sight(heading_row, columns=len(_KEYS))
    rows = {}
    for block in blocks:
        rows[block.case["case"]] = page.row + 1
        _block(page, block, shown, links, tell_reports=bool(raised_by))
    page.filter(heading_row, len(headings))
    if in_queue > len(blocks):
        page.next_row()
        more = counted(in_queue - len(blocks), "more case")
        page.put(1, f"and {more} of this report: see {CASES_FILE} and {RECORDS_FILE}", Words.MORE)
    return rows


def _opening(page: Page, blocks: Sequence[CaseBlock], in_queue: int, back: str) -> None:
    page.title(blocks[0].case["title"])
    page.next_row()
    page.put(1, f"Back to {back}", Words.BACK, link=place(back))
    page.next_row()
    cases = counted(in_queue, "case")
    all_listed = in_queue == len(blocks)
    listed = f"{cases}, all listed here." if all_listed else f"{len(blocks):,} of {cases} listed here."
    page.put(1, f"{listed} A dark line begins each case.", Words.LINE)
    page.next_row()
    page.put(3, "Agrees", table_style(Kind.TEXT, Mark.AGREES))
    page.put(
        4, "green with a bar on the left: the same, or alike in the way that the report compares", Words.LINE
    )
    page.next_row()
    page.put(3, "Differs", table_style(Kind.TEXT, Mark.DIFFERS))
    page.put(4, "on yellow: the records of the case do not all have the same value", Words.LINE)
    page.next_row()
    page.put(
        3,
        _EXAMPLE,
        table_style(Kind.TEXT, Mark.AGREES),
        runs=(Run("INV", False), Run("-0", True), Run("17", False)),
    )
    page.put(
        4, "bold, red and underlined: characters that the value it is compared with does not have", Words.LINE
    )


def _block(
    page: Page,
    block: CaseBlock,
    columns: Sequence[RecordColumn],
    links: Mapping[str, str],
    *,
    tell_reports: bool,
) -> None:
    case = block.case["case"]
    runs = {
        column.column: differing([record[column.column] for record in block.records])
        for column in columns
        if column.kind is Kind.TEXT
    }
    for nth, record in enumerate(block.records):
        first = nth == 0
        page.next_row()
        mark = Mark.LINK if first else Mark.PLAIN
        page.put(
            1,
            block.case["rank"],
            table_style(Kind.ROW, mark, first=first),
            link=links[case] if first else None,
        )
        page.put(2, case, table_style(Kind.TEXT, first=first))
        page.put(3, record["dataset"], table_style(Kind.TEXT, first=first))
        page.put(4, record["source_row"], table_style(Kind.ROW, first=first))
        for position, column in enumerate(columns, start=len(_KEYS) + 1):
            value = column.value(record)
            style = table_style(column.kind, block.mark(column.column, value), first=first)
            its_runs = runs[column.column][nth] if column.column in runs else None
            page.put(position, value, style, runs=its_runs)
        if tell_reports:
            raised_by = "\n".join(record["raised_by"]) if block.case["also_in"] else None
            page.put(len(_KEYS) + len(columns) + 1, raised_by, table_style(Kind.TEXT, first=first))
    if block.left_out:
        page.next_row()
        page.put(1, block.case["rank"], table_style(Kind.ROW))
        page.put(2, case, table_style(Kind.TEXT))
        more = counted(block.left_out, "more record")
        page.put(3, f"and {more} of this case: see {RECORDS_FILE}", Words.MORE)
