"""`nfi match` as an officer uses it: again and again, and with part of the data."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from nfi.sample import SampleSummary
from tests.typed import Nfi


@pytest.fixture
def work(nfi: Nfi, sample: SampleSummary, tmp_path: Path) -> Path:
    """A workspace in which the payroll alone is checked."""
    folder = tmp_path / "work"
    assert nfi("check", sample.files["payroll"], "-d", "payroll", "--out", folder).code in {0, 1}
    return folder


def outcome_cell(workbook: Path) -> tuple[openpyxl.Workbook, object]:
    book = openpyxl.load_workbook(workbook)
    (cell,) = (cell for cell in book["Cases"][3] if cell.value == "Outcome")
    return book, book["Cases"].cell(4, cell.column)


def test_outcomes_that_were_filled_in_survive_the_next_match(nfi: Nfi, work: Path) -> None:
    assert nfi("match", work).code == 0
    book, cell = outcome_cell(work / "matches/cases.xlsx")
    cell.value = "opened"  # type: ignore[attr-defined]
    book.save(work / "matches/cases.xlsx")

    again = nfi("match", work, "--report", "payroll-same-nino")

    assert again.code == 0
    kept = work / "matches/cases-kept-1.xlsx"
    assert kept.name in again.err.replace("\n", "")
    assert outcome_cell(kept)[1].value == "opened"  # type: ignore[attr-defined]
    assert outcome_cell(work / "matches/cases.xlsx")[1].value is None  # type: ignore[attr-defined]


def test_a_workbook_as_nfi_wrote_it_is_written_over(nfi: Nfi, work: Path) -> None:
    for _ in range(2):
        assert nfi("match", work).code == 0
    assert [path.name for path in (work / "matches").glob("*.xlsx")] == ["cases.xlsx"]


def test_a_match_that_cannot_begin_leaves_the_workbook_where_it_is(nfi: Nfi, work: Path) -> None:
    nfi("match", work)
    (work / "matches/cases.xlsx").write_bytes(b"changed")
    assert nfi("match", work, "--report", "no-such-report").code == 2
    assert (work / "matches/cases.xlsx").read_bytes() == b"changed"


def test_where_no_report_could_run_that_is_said(nfi: Nfi, work: Path) -> None:
    found = nfi("match", work, "--report", "same-creditor-invoice-amount")
    assert "No report could run" in found.out
    assert "No cases." not in found.out


def test_pay_is_shown_as_involved_and_not_as_at_risk(nfi: Nfi, work: Path) -> None:
    summary = json.loads(nfi("match", work, "--json").out)
    ran = [report for report in summary["reports"] if report["skipped"] is None]
    assert {report["value_at_risk"] for report in ran} == {None}
    assert all(report["value_involved"] > 0 for report in ran)
    assert summary["cases"] > 0
    assert all(Path(path).is_file() for path in summary["files"])
