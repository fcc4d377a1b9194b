"""The findings of one check as a workbook: a summary, then a sheet for each problem, heaviest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matching.wording import counted
from outputs.data_quality import data_quality
from outputs.findings_summary import (
    CORRECTIONS_SHEET,
    FILES_SHEET,
    SUMMARY,
    WHOLE_FILE_SHEET,
    Contents,
    write_summary,
)
from outputs.findings_words import (
    MEANING,
    Explanation,
    corrections_made,
    how_often,
    place_of,
    several_files,
    what_was_corrected,
    where_is,
    why,
)
from outputs.problems import Problem, Problems, read_problems
from outputs.workbook import Book, Page, place, sheet_name
from outputs.workbook_styles import TAB_COLOURS, Kind, Mark, Words, table_style
from specs.check_record import CheckRecord
from specs.specification import Specification

ROWS_EACH, MOST_SHEETS = 1_000, 40
"""Rows of one problem, and problems with a sheet of their own, that a workbook lists."""

_ROWS_IN_ALL = 10_000  # more would keep a person waiting for seconds, and nobody reads them


def write_findings_workbook(
    target: Path,
    record: CheckRecord,
    findings: Path,
    explanations: Mapping[str, Explanation],
    specification: Specification,
    *,
    records: Path | None = None,
    rows_each: int = ROWS_EACH,
    most_sheets: int = MOST_SHEETS,
) -> None:
    """Write the findings of one check for the people who put them right.

    A row of the extract means nothing in the source system, so each finding also shows the key of its
    record, such as the employee reference number. The summary counts every finding, also those that no
    sheet lists, and says where they are.

    Args:
        target: the workbook; replaced whole, readable by its owner only.
        record: what the check left behind.
        findings: Parquet as `specs.finding.FINDINGS`, of the same check.
        explanations: the words for every code in `record`.
        specification: what the extract was checked against.
        records: typed records of the same check, for the keys; None: no keys are shown.
        rows_each: rows listed of one problem; fewer where there are many problems.
        most_sheets: problems that have a sheet, the heaviest ones; those of the whole file share one more.

    Raises:
        OutputUnwritable: the workbook cannot be written.
        ValueError: record and findings are not of the same check.
    """
    with_sheets = min(sum(found.first_row is not None for found in record.findings), most_sheets)
    problems = read_problems(
        record,
        findings,
        specification,
        records=records,
        rows_each=min(rows_each, _ROWS_IN_ALL // max(with_sheets, 1)),
        most=most_sheets,
    )
    sheets = _sheets(problems)
    book = Book(f"{specification.title} {specification.exercise}: findings")
    contents = Contents(
        record,
        specification,
        explanations,
        problems,
        sheets,
        data_quality(record, specification),
    )
    write_summary(book, contents)
    if problems.in_whole_file:
        _whole_file(book, problems.in_whole_file, explanations)
    for problem in problems.in_records:
        _problem(book, sheets[problem.number], problem, contents)
    if record.corrections:
        _corrections(book, record)
    if several_files(record):
        _files(book, record)
    book.save(target)


def _sheets(problems: Problems) -> dict[int, str]:
    """By number, on which sheet each problem stands; those that are only counted stand on none."""
    taken = {SUMMARY, WHOLE_FILE_SHEET, CORRECTIONS_SHEET, FILES_SHEET}
    sheets = {problem.number: WHOLE_FILE_SHEET for problem in problems.in_whole_file}
    for problem in problems.in_records:
        sheets[problem.number] = sheet_name(problem.name, taken)
        taken.add(sheets[problem.number])
    return sheets


def _problem(book: Book, sheet: str, problem: Problem, contents: Contents) -> None:
    found, explanation = problem.found, contents.explanations[problem.found.code]
    keys = contents.problems.key_names
    in_files = ("File",) if several_files(contents.record) else ()
    widths = (16, *(30 for _ in in_files), *(24 for _ in keys), 34, 36, 64)
    page = Page(book, sheet, widths, tab_colour=TAB_COLOURS[found.severity])
    where = place_of(found.field, whole_file=False)
    page.title(f"{problem.number}. {explanation.title}: {where}")
    _back(page)
    page.words(f"{found.severity}. {MEANING[found.severity]}", label="Severity")
    page.words(explanation.message, label="Why")
    page.words(explanation.guidance, label="What to do")
    page.words(
        f"{how_often(found, contents.record.rows)}; {_listed(problem)} "
        f"Check: {found.code}. Evidence for it: {explanation.evidence}.",
        label="How many",
    )
    columns = ("Row", *in_files, *keys, "Field", "Value", "Why, in this row")
    heading_row = page.headings(columns)
    page.keep_in_sight(heading_row)
    text, number = table_style(Kind.TEXT), table_style(Kind.ROW)
    for row in problem.rows:
        page.next_row()
        file, number_in_file = where_is(row.row, contents.record)
        page.put(1, number_in_file, number)
        words = (*[file for _ in in_files], *row.key, where, row.value, row.detail or explanation.message)
        for column, word in enumerate(words, start=2):
            page.put(column, word, text)
    page.filter(heading_row, len(columns))
    if problem.left_out:
        page.next_row()
        page.put(1, f"and {problem.left_out:,} more: see {contents.record.dataset}.csv", Words.MORE)


def _listed(problem: Problem) -> str:
    return f"the first {len(problem.rows):,} are listed here." if problem.left_out else "all listed here."


def _back(page: Page) -> None:
    page.next_row()
    page.put(1, "Back to Summary", Words.BACK, link=place(SUMMARY))


def _whole_file(book: Book, problems: Sequence[Problem], explanations: Mapping[str, Explanation]) -> None:
    page = Page(book, WHOLE_FILE_SHEET, (10, 12, 28, 32, 62, 62, 20))
    page.title("About the whole file")
    _back(page)
    page.words(f"{counted(len(problems), 'problem')} that no single record has.")
    columns = ("No.", "Severity", "Problem", "Field", "Why", "What to do", "Evidence")
    heading_row = page.headings(columns)
    page.keep_in_sight(heading_row)
    text = table_style(Kind.TEXT)
    for problem in problems:
        found, explanation = problem.found, explanations[problem.found.code]
        for row in problem.rows:
            page.next_row()
            page.put(1, problem.number, table_style(Kind.ROW))
            page.put(2, found.severity, table_style(Kind.TEXT, Mark(found.severity)))
            said = why(explanation, ": ".join(filter(None, (row.value, row.detail))))
            words = (
                explanation.title,
                place_of(found.field, whole_file=True),
                said,
                explanation.guidance,
                explanation.evidence,
            )
            for column, word in enumerate(words, start=3):
                page.put(column, word, text)
    page.filter(heading_row, len(columns))


def _corrections(book: Book, record: CheckRecord) -> None:
    page = Page(book, CORRECTIONS_SHEET, (44, 36, 16, 64, 64))
    page.title("What was corrected")
    _back(page)
    page.words(what_was_corrected(record))
    columns = ("Correction", "Field", "Values changed", "What it does", "Why it is safe")
    heading_row = page.headings(columns)
    page.keep_in_sight(heading_row)
    text = table_style(Kind.TEXT)
    for made in corrections_made(record):
        page.next_row()
        page.put(1, made.title, text)
        page.put(2, made.field, text)
        page.put(3, made.count, table_style(Kind.COUNT))
        page.put(4, made.does, text)
        page.put(5, made.safe_because, text)
    page.filter(heading_row, len(columns))


def _files(book: Book, record: CheckRecord) -> None:
    page = Page(book, FILES_SHEET, (50, 12, 12, 14, 50, 40, 68))
    page.title("The files of this data set")
    _back(page)
    page.words("In the order in which they were read. Rows on the other sheets are those of their file.")
    columns = ("File", "Records", "Blank rows", "Bytes", "Read as", "Fields without a column here", "SHA-256")
    heading_row = page.headings(columns)
    page.keep_in_sight(heading_row)
    text, count = table_style(Kind.TEXT), table_style(Kind.COUNT)
    for file in record.files:
        page.next_row()
        page.put(1, file.name, text)
        for column, number in enumerate((file.records, file.blank_rows, file.bytes), start=2):
            page.put(column, number, count)
        for column, word in enumerate((file.format, "; ".join(file.columns_absent), file.sha256), start=5):
            page.put(column, word, text)
    page.filter(heading_row, len(columns))
