"""The cases of one match run as a workbook: a queue to work through, and the records side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl.worksheet.datavalidation import DataValidation

from matching.result import MatchResult, ReportSummary
from matching.wording import counted, evidence_in_words, pounds
from outputs.case_blocks import CaseBlock, case_blocks
from outputs.match_read_me import OUTCOMES, READ_ME, read_me_page
from outputs.report_sheet import CASES_FILE, PublishedField, record_columns, report_sheet
from outputs.workbook import MOST_ROWS, Book, Page, place, sheet_name
from outputs.workbook_styles import Kind, Mark, Words, table_style
from specs.specification import Specification

REPORTS, CASES = "Reports", "Cases"

_REPORT_COLUMNS = {
    "Data": 22,
    "Report": 44,
    "Sheet": 32,
    "Cases found": 9,
    "Lead a case": 9,
    "Joined to others": 9,
    "Listed here": 9,
    "Records": 10,
    "Cases with an innocent explanation": 13,
    "Value at risk (£)": 16,
    "Value involved (£)": 16,
    "What the value is": 34,
    "NFI's number": 20,
    "Not run because": 36,
}
_CASE_COLUMNS = {
    "Rank": 7,
    "Case": 19,
    "Report": 22,
    "Records": 8,
    "Value at risk (£)": 13,
    "Value involved (£)": 13,
    "Agrees": 30,
    "Differs": 30,
    "How surprising": 52,
    "Innocent explanations found": 34,
    "Other reports": 28,
    "Outcome": 19,
    "Reviewed by": 12,
    "Date reviewed": 12,
    "Comments": 28,
}
_TO_FILL_IN = ("Outcome", "Reviewed by", "Date reviewed", "Comments")
_NOTICE = (
    "A case is an inconsistency to look into. Nothing is assumed about anyone until someone has investigated."
)
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
    shown = record_columns(result.records_file.schema, columns)
    blocks = case_blocks(
        result,
        {column.column: column.name for column in shown},
        cases=min(case_limit, MOST_ROWS - _SHEET_ROWS_KEPT_FREE),
        records_per_case=records_per_case_limit,
    )
    by_report: dict[str, list[CaseBlock]] = defaultdict(list)
    for block in blocks:
        by_report[block.case["report"]].append(block)
    in_queue = Counter(result.cases_file.read(["report"])["report"].to_pylist())
    sheets = _sheets(by_report)

    book = Book("Cases for review", notice=_NOTICE)
    read_me_page(book, result, blocks, specifications)
    _reports_page(book, result, in_queue, by_report, sheets)
    queue = Page(book, CASES, list(_CASE_COLUMNS.values()))
    heading_row = _queue_headings(queue, result.cases_file.rows, len(blocks))
    queue_places = {
        block.case["case"]: place(CASES, heading_row + nth) for nth, block in enumerate(blocks, start=1)
    }
    record_places: dict[str, str] = {}
    for report, its_blocks in by_report.items():
        rows = report_sheet(
            book,
            sheets[report],
            its_blocks,
            shown,
            in_queue=in_queue[report],
            links=queue_places,
            back=REPORTS,
        )
        record_places |= {case: place(sheets[report], row) for case, row in rows.items()}
    _queue(queue, heading_row, blocks, record_places, result.cases_file.rows)
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
        "What several reports found of the same records is one case. It stands with the report that leads "
        "it, and names the others; so what each report found either leads a case or has joined one. Values "
        "are of all that a report found, so the sums of several reports can hold the same payment."
    )
    heading_row = page.headings(list(_REPORT_COLUMNS))
    page.keep_in_sight(heading_row, columns=2)
    text = table_style(Kind.TEXT)
    for report in sorted(result.reports, key=_place_in_contents):
        page.next_row()
        page.put(1, " and ".join(report.data), text)
        page.put(2, report.title, text)
        sheet = sheets.get(report.report)
        if sheet:
            page.put(3, report.report, table_style(Kind.TEXT, Mark.LINK), link=place(sheet))
        else:
            page.put(3, f"{report.report} (no sheet)", text)
        _figures(page, report, in_queue.get(report.report, 0), len(listed.get(report.report, ())))
        page.put(12, report.value_means, text)
        page.put(13, report.nfi_report or "none known", text)
        page.put(14, report.skipped, text)
    page.filter(heading_row, len(_REPORT_COLUMNS))


def _figures(page: Page, report: ReportSummary, leading: int, listed: int) -> None:
    """A report's numbers, or empty cells where it did not run."""
    ran = report.skipped is None
    counts = (report.cases, leading, report.cases - leading, listed, report.records, report.explained)
    for column, number in enumerate(counts, start=4):
        page.put(column, number if ran else None, table_style(Kind.COUNT))
    page.put(10, _in_pounds(report.value_at_risk), table_style(Kind.MONEY))
    page.put(11, _in_pounds(report.value_involved), table_style(Kind.MONEY))


def _place_in_contents(report: ReportSummary) -> tuple[bool, tuple[str, ...], bool]:
    """By data; what did not run at the end; what found nothing after what did. Else in their own order."""
    return report.skipped is not None, report.data, report.cases == 0


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
        told = (case["agrees"], case["differs"], _how_surprising(case), case["explanations"], _others(case))
        for column, lines in enumerate(told, start=7):
            page.put(column, "\n".join(lines) or None, text)
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


def _how_surprising(case: Mapping[str, Any]) -> list[str]:
    """The weight of the evidence in words, for each field that has any of its own."""
    lines = [evidence_in_words(**entry) for entry in case["evidence"] if entry["bits"]]
    if len(lines) > 1:
        lines.append(f"In all {case['bits']:.1f} bits".replace("-", "\u2212"))
    return lines


def _others(case: Mapping[str, Any]) -> list[str]:
    """What other reports saw of the case, and where else its records stand."""
    lines = []
    for saw in case["saw"][1:]:
        value = "" if saw["value"] is None else f", {pounds(saw['value'])}"
        lines.append(f"{saw['title']} ({counted(saw['records'], 'record')}{value})")
        lines += [f"\u2013 {reason}" for reason in saw["explanations"] if reason not in case["explanations"]]
    return [*lines, *case["overlaps"]]


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
