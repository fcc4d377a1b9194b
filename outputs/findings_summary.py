"""The summary of the findings workbook: what was checked, what to put right first, how good the data are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matching.wording import counted
from outputs.data_quality import FileQuality, share
from outputs.findings_words import (
    MEANING,
    PRIVATE,
    Explanation,
    about_columns,
    evidence_of_fields,
    full_list,
    left_out,
    next_step,
    place_of,
    several_files,
    title_of,
    verdict,
    what_was_checked,
    what_was_corrected,
    where_is,
    without_a_check,
)
from outputs.problems import Problem, Problems
from outputs.quality_sheet import write_quality
from outputs.workbook import Book, Page, place
from outputs.workbook_styles import Kind, Mark, Words, table_style
from specs.check_record import CheckRecord
from specs.specification import Severity, Specification
from specs.totals import in_words

SUMMARY, WHOLE_FILE_SHEET, CORRECTIONS_SHEET, FILES_SHEET = "Summary", "Whole file", "Corrected", "Files"
_WIDTHS = (46, 13, 34, 10, 10, 10, 10, 11, 11, 11, 12, 12)
_COLUMNS = ("Problem", "Severity", "Field", "Findings", "Of records", "First row", "Listed")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a findings workbook is made from."""

    record: CheckRecord
    specification: Specification
    explanations: Mapping[str, Explanation]
    problems: Problems
    sheets: Mapping[int, str]
    """By the number of a problem, the sheet that lists it."""
    quality: FileQuality


def write_summary(book: Book, contents: Contents) -> None:
    """Add the summary sheet to a workbook."""
    record, specification = contents.record, contents.specification
    page = Page(book, SUMMARY, _WIDTHS)
    page.title(title_of(record, specification))
    page.words(f"{verdict(record)} {next_step(record)}", Words.LABEL)
    if specification.notice:
        page.words(f"Specification {specification.status}. {specification.notice}", Words.NOTICE)
    page.words(PRIVATE)
    page.section("What was checked")
    for label, text in what_was_checked(record):
        page.words(text, label=label)
    page.words("; ".join(evidence_of_fields(specification)), label="What its fields rest on")
    if several_files(record):
        page.next_row()
        page.put(1, "The files, one by one", Words.BACK, link=place(FILES_SHEET))
    _by_severity(page, record)
    _problems(page, contents)
    _totals(page, record)
    _left_out(page, record)
    _not_checked(page, record, contents.explanations)
    page.section("Columns")
    for label, text in about_columns(record):
        page.words(text, label=label)
    if record.profile:
        write_quality(page, contents.quality)


def _by_severity(page: Page, record: CheckRecord) -> None:
    page.section("Findings by severity")
    page.headings(("Severity", "Findings", "What it means"))
    for severity in Severity:
        page.next_row()
        page.put(1, severity.value, table_style(Kind.TEXT, Mark(severity.value)))
        page.put(2, record.count(severity), table_style(Kind.COUNT))
        page.put(3, MEANING[severity], Words.LINE)


def _problems(page: Page, contents: Contents) -> None:
    page.section("What to put right, the heaviest first")
    problems = contents.problems.all
    if not problems:
        page.words("Nothing was found.")
        return
    page.words(
        "A link leads to the sheet that says what to do, with the rows. "
        + full_list(contents.record)
        + _without_sheet(contents.problems)
    )
    columns = (*_COLUMNS, "In file") if several_files(contents.record) else _COLUMNS
    heading_row = page.headings(columns)
    for problem in problems:
        page.next_row()
        _problem(page, problem, contents)
    page.filter(heading_row, len(columns))


def _without_sheet(problems: Problems) -> str:
    number = len(problems.not_shown)
    if not number:
        return ""
    return f" The last {counted(number, 'problem')} of the list {'has' if number == 1 else 'have'} no sheet."


def _problem(page: Page, problem: Problem, contents: Contents) -> None:
    found, sheet = problem.found, contents.sheets.get(problem.number)
    page.put(
        1,
        f"{problem.number}. {contents.explanations[found.code].title}",
        table_style(Kind.TEXT, Mark.LINK if sheet else Mark.PLAIN),
        link=place(sheet) if sheet else None,
    )
    page.put(2, found.severity.value, table_style(Kind.TEXT, Mark(found.severity.value)))
    whole_file = problem.whole_file
    page.put(3, place_of(found.field, whole_file=whole_file), table_style(Kind.TEXT))
    page.put(4, found.count, table_style(Kind.COUNT))
    page.put(7, len(problem.rows), table_style(Kind.COUNT))
    if found.first_row is None:
        page.put(5, None, table_style(Kind.SHARE))
        page.put(6, None, table_style(Kind.ROW))
        return
    file, row = where_is(found.first_row, contents.record)
    page.put(5, share(found.count, contents.record.rows), table_style(Kind.SHARE))
    page.put(6, row, table_style(Kind.ROW))
    if several_files(contents.record):
        page.put(8, file, Words.LINE)


def _totals(page: Page, record: CheckRecord) -> None:
    if record.totals:
        page.section("To compare with the ledger or the payroll")
        for totals in record.totals:
            page.words(in_words(totals))


def _left_out(page: Page, record: CheckRecord) -> None:
    page.section("Assumed, corrected and left out")
    said = [*left_out(record)]
    if record.count(Severity.NOTE):
        said.append("What was assumed stands among the notes above.")
    for text in said:
        page.words(text)
    if record.corrections:
        page.words(what_was_corrected(record))
        page.next_row()
        page.put(1, "What was corrected, by field", Words.BACK, link=place(CORRECTIONS_SHEET))
    elif not said:
        page.words("Nothing.")


def _not_checked(page: Page, record: CheckRecord, explanations: Mapping[str, Explanation]) -> None:
    page.section("Not checked")
    if not record.not_checked:
        page.words("Every check of the specification was made.")
    for code, text in without_a_check(record, explanations):
        page.words(text, label=code)
