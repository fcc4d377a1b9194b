"""The first page of the match workbook: what a case is, how to work with it, what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from matching.result import MatchResult
from matching.wording import counted
from outputs.case_blocks import CaseBlock
from outputs.report_sheet import CASES_FILE, RECORDS_FILE
from outputs.workbook import Book, Page
from outputs.workbook_styles import Words
from specs.own_yaml import read_own_yaml
from specs.specification import Specification

READ_ME = "Read me"


class _Words(BaseModel):
    """The page's words, from the YAML file beside this module."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what_a_case_is: str
    sheets: dict[str, str]
    how_to_read: dict[str, str]
    outcomes: dict[str, str]
    outcome_rule: str
    keeping: str


_WORDS = _Words.model_validate(read_own_yaml(Path(__file__).with_suffix(".yaml")))
OUTCOMES = tuple(_WORDS.outcomes)
"""What a person can record about a case. None is chosen beforehand."""


def read_me_page(
    book: Book, result: MatchResult, blocks: Sequence[CaseBlock], specifications: Iterable[Specification]
) -> None:
    """Write the page. `blocks` are the cases that the workbook lists."""
    page = Page(book, READ_ME, (26, 114))
    page.title("Cases for review")
    page.words(_in_all(result), Words.LABEL)
    page.words(_WORDS.what_a_case_is, Words.NOTICE)
    _section(page, "Sheets", _WORDS.sheets)
    _section(page, "How to read a case", _WORDS.how_to_read)
    _section(page, "Outcomes", _WORDS.outcomes)
    page.words(_WORDS.outcome_rule)
    page.section("What is left out")
    for line in _left_out(result, blocks):
        page.words(line)
    page.section("Specifications of the data")
    for specification in specifications:
        page.words(specification.notice or "", label=specification.label)
    page.section("Keep it safe")
    page.words(_WORDS.keeping)


def _section(page: Page, title: str, entries: Mapping[str, str]) -> None:
    page.section(title)
    for label, text in entries.items():
        page.words(text, label=label)


def _in_all(result: MatchResult) -> str:
    ran = [report for report in result.reports if report.skipped is None]
    skipped = len(result.reports) - len(ran)
    if not result.cases_file.rows:
        found = "No cases"
    else:
        known = result.cases_file.read(["value_at_risk"])["value_at_risk"].drop_null().to_pylist()
        at_risk = f", £{Decimal(sum(known)).scaleb(-2):,.2f} at risk in all" if known else ""
        found = f"{counted(result.cases_file.rows, 'case')}{at_risk}"
    not_run = f"; {counted(skipped, 'report')} could not run, see Reports" if skipped else ""
    return f"{found}, from {counted(len(ran), 'report')} that ran{not_run}."


def _left_out(result: MatchResult, blocks: Sequence[CaseBlock]) -> list[str]:
    cases = result.cases_file.rows - len(blocks)
    cut = [block for block in blocks if block.left_out]
    records = sum(block.left_out for block in cut)
    lines = []
    if cases:
        after = f"ranked after the first {len(blocks):,}"
        lines.append(f"{counted(cases, 'case')} {after}: see {CASES_FILE} and {RECORDS_FILE}.")
    if cut:
        large = f"of {counted(len(cut), 'large case')}"
        lines.append(f"{counted(records, 'record')} {large}: see {RECORDS_FILE}.")
    empty = "olumns that are empty in all records of a report's sheet."
    lines.append(f"C{empty}" if lines else f"Nothing, except c{empty}")
    return lines
