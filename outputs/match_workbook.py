"""The cases of one match run as a workbook: a queue to work through, and the records side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl.worksheet.datavalidation import DataValidation

from matching.result import MatchResult
from matching.wording import counted
from outputs.case_blocks import CaseBlock, case_blocks
from outputs.match_read_me import OUTCOMES, READ_ME, read_me_page
from outputs.report_sheet import CASES_FILE, PublishedField, record_columns, report_sheet
from outputs.workbook import MOST_ROWS, Book, Page, place, sheet_name
from outputs.workbook_styles import Kind, Mark, Words, table_style
from specs.specification import Specification

REPORTS, CASES = "Reports", "Cases"

_REPORT_COLUMNS = {
    "Report": 44,
    "Sheet": 30,
    "NFI's number": 26,
    "Cases found": 9,
    "In the queue": 9,
    "Listed here": 9,
    "Records": 9,
    "Cases with an innocent explanation": 13,
    "Value at risk (£)": 15,
    "Value involved (£)": 15,
    "What the value is": 34,
    "Not run because": 36,
}
_CASE_COLUMNS = {
    "Rank": 6,
    "Case": 19,
    "Report": 24,
    "Records": 9,
    "Value at risk (£)": 13,
    "Value involved (£)": 13,
    "Agrees": 32,
    "Differs": 32,
    "Innocent explanations found": 32,
    "Also in": 22,
    "Outcome": 22,
    "Reviewed by": 14,
    "Date reviewed": 12,
    "Comments": 28,
}
_TO_FILL_IN = ("Outcome", "Reviewed by", "Date reviewed", "Comments")
_SHEET_ROWS_KEPT_FREE = 100  # more than the headings and the last line of a sheet ever take
_START_OF_2000 = "36526"  # 1 January 2000 as a spreadsheet counts days


def write_match_workbook(
    target: Path,
    result: MatchResult,
    columns: Mapping[str, PublishedField],
    *,
    specifications: Iterable[Specification],
    case_limit: int = 1000,
    records_per_case_limit: int = 50,
) -> None:
    """Write the cases of a match run for the people who review them.

    The first `case_limit` cases by rank are listed, each with up to `records_per_case_limit` records.
    What is left out is counted in the place where it is missing, with the name of the file that holds
    it. Bank accounts and National Insurance numbers are shown whole.

    Args:
        target: the workbook; replaced whole, readable by its owner only.
        result: the cases and their records.
        columns: published name and format by column of the records; a column that is not among them is
            shown under its own name.
        specifications: what the records were checked against, for their status and notices.
        case_limit: cases listed.
        records_per_case_limit: records shown of one case.

    Raises:
        OutputUnwritable: the workbook cannot be written.
    """
    shown = record_columns(result.records, columns)
    blocks = case_blocks(
        result,
        {column.column: column.name for column in shown},
        cases=min(case_limit, MOST_ROWS - _SHEET_ROWS_KEPT_FREE),
        records_per_case=records_per_case_limit,
    )
    by_report: dict[str, list[CaseBlock]] = defaultdict(list)
    for block in blocks:
        by_report[block.case["report"]].append(block)
    in_queue = Counter(result.cases["report"].to_pylist())
    sheets = _sheets(by_report)

    book = Book("Cases for review")
    read_me_page(book, result, blocks, specifications)
    _reports_page(book, result, in_queue, by_report, sheets)
    queue = Page(book, CASES, list(_CASE_COLUMNS.values()))
    heading_row = _queue_headings(queue, result.cases.num_rows, len(blocks))
    queue_places = {
        block.case["case"]: place(CASES, heading_row + nth) for nth, block in enumerate(blocks, start=1)
    }
    record_places: dict[str, str] = {}
    for report, its_blocks in by_report.items():
        rows = report_sheet(
            book, sheets[report], its_blocks, shown, in_queue=in_queue[report], links=queue_places
        )
        record_places |= {case: place(sheets[report], row) for case, row in rows.items()}
    _queue(queue, heading_row, blocks, record_places, result.cases.num_rows)
    book.save(target)


def _sheets(reports: Iterable[str]) -> dict[str, str]:
    """The sheet of each report: its id, made legal."""
    sheets: dict[str, str] = {}
    for report in reports:
        sheets[report] = sheet_name(report, (READ_ME, REPORTS, CASES, *sheets.values()))
    return sheets


def _reports_page(
    book: Book,
    result: MatchResult,
    in_queue: Mapping[str, int],
    listed: Mapping[str, Sequence[CaseBlock]],
    sheets: Mapping[str, str],
) -> None:
    page = Page(book, REPORTS, list(_REPORT_COLUMNS.values()))
    page.title("What each report found")
    page.words(
        "A case whose records all stand in a case further up is left to that one, which names this report "
        "under 'Also in': so fewer may be in the queue than were found. Values are of all cases found, so "
        "the sums of several reports can hold the same payment."
    )
    heading_row = page.headings(list(_REPORT_COLUMNS))
    page.keep_in_sight(heading_row)
    text, count = table_style(Kind.TEXT), table_style(Kind.COUNT)
    for report in result.reports:
        page.next_row()
        page.put(1, report.title, text)
        sheet = sheets.get(report.report)
        if sheet:
            page.put(2, report.report, table_style(Kind.TEXT, Mark.LINK), link=place(sheet))
        else:
            page.put(2, f"{report.report} (no sheet)", text)
        page.put(3, report.nfi_report or "none known", text)
        page.put(11, report.value_means, text)
        page.put(12, report.skipped, text)
        if report.skipped is not None:
            for column in range(4, 11):
                page.put(column, None, count)
            continue
        page.put(4, report.cases, count)
        page.put(5, in_queue.get(report.report, 0), count)
        page.put(6, len(listed.get(report.report, ())), count)
        page.put(7, report.records, count)
        page.put(8, report.explained, count)
        page.put(9, _in_pounds(report.value_at_risk), table_style(Kind.MONEY))
        page.put(10, _in_pounds(report.value_involved), table_style(Kind.MONEY))
    page.filter(heading_row, len(_REPORT_COLUMNS))


def _queue_headings(page: Page, total: int, listed: int) -> int:
    page.title("Cases in order of priority")
    page.next_row()
    if total == 0:
        text = "No cases: the reports that ran found nothing that does not fit together."
    elif listed == total:
        text = f"{counted(total, 'case')}, all listed here."
    else:
        text = (
            f"{listed:,} of {counted(total, 'case')} listed here, the first by rank. All: see {CASES_FILE}."
        )
    page.put(1, f"{text} A case is an inconsistency to look into; the green columns are for you.", Words.LINE)
    heading_row = page.headings(list(_CASE_COLUMNS), to_fill_in=_TO_FILL_IN)
    page.keep_in_sight(heading_row, columns=2)
    return heading_row


def _queue(
    page: Page, heading_row: int, blocks: Sequence[CaseBlock], links: Mapping[str, str], total: int
) -> None:
    text = table_style(Kind.TEXT)
    entry, a_date = table_style(Kind.TEXT, Mark.ENTRY), table_style(Kind.DATE, Mark.ENTRY)
    for block in blocks:
        case = block.case
        page.next_row()
        page.put(1, case["rank"], table_style(Kind.ROW, Mark.LINK), link=links[case["case"]])
        page.put(2, case["case"], text)
        page.put(3, case["title"], text)
        page.put(4, case["records"], table_style(Kind.COUNT))
        page.put(5, _in_pounds(case["value_at_risk"]), table_style(Kind.MONEY))
        page.put(6, _in_pounds(case["value_involved"]), table_style(Kind.MONEY))
        for column, lines in enumerate(("agrees", "differs", "explanations", "also_in"), start=7):
            page.put(column, "\n".join(case[lines]) or None, text)
        for column, heading in enumerate(_CASE_COLUMNS, start=1):
            if heading in _TO_FILL_IN:
                page.put(column, None, a_date if heading == "Date reviewed" else entry)
    page.filter(heading_row, len(_CASE_COLUMNS))
    if blocks:
        headings = list(_CASE_COLUMNS)
        page.validate(_outcome_list(), headings.index("Outcome") + 1, heading_row + 1)
        page.validate(_date_rule(), headings.index("Date reviewed") + 1, heading_row + 1)
    if total > len(blocks):
        page.next_row()
        page.put(1, f"and {counted(total - len(blocks), 'more case')}: see {CASES_FILE}", Words.MORE)


def _in_pounds(pence: int | None) -> Decimal | None:
    return None if pence is None else Decimal(pence).scaleb(-2)


def _outcome_list() -> DataValidation:
    return DataValidation(
        type="list",
        formula1=f'"{",".join(OUTCOMES)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Outcome",
        error="Choose an outcome from the list, or leave the cell empty.",
    )


def _date_rule() -> DataValidation:
    return DataValidation(
        type="date",
        operator="greaterThanOrEqual",
        formula1=_START_OF_2000,
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Date reviewed",
        error="Enter a date as dd/mm/yyyy, or leave the cell empty.",
    )
