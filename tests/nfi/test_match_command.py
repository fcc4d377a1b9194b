"""`nfi match` as an officer uses it: again and again, and with part of the data."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from nfi.sample import SampleSummary
from nfi.verbs import check
from specs.catalogues import load_specification
from tests.specs.published.made_up import HEADINGS
from tests.specs.published.made_up import csv as published_csv
from tests.typed import Nfi


@pytest.fixture(scope="module")
def payroll_once(sample: SampleSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the payroll alone is checked. Read it; do not change it."""
    folder = tmp_path_factory.mktemp("payroll") / "work"
    check([sample.files["payroll"]], "payroll", folder=folder, at=datetime.now(UTC))
    return folder


@pytest.fixture
def work(payroll_once: Path, tmp_path: Path) -> Path:
    """A copy of it, to work in."""
    return shutil.copytree(payroll_once, tmp_path / "work")


def outcome_cell(workbook: Path) -> tuple[openpyxl.Workbook, object]:
    book = openpyxl.load_workbook(workbook)
    (cell,) = (cell for cell in book["Cases"][3] if cell.value == "Outcome")
    return book, book["Cases"].cell(4, cell.column)


def test_outcomes_that_were_filled_in_survive_the_next_match(nfi: Nfi, work: Path) -> None:
    assert nfi("match", work, "--report", "payroll-same-nino", "--report", "payroll-same-bank").code == 0
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
        assert nfi("match", work, "--report", "payroll-same-nino").code == 0
    assert [path.name for path in (work / "matches").glob("*.xlsx")] == ["cases.xlsx"]


def test_a_match_that_cannot_begin_leaves_the_workbook_where_it_is(nfi: Nfi, work: Path) -> None:
    nfi("match", work, "--report", "payroll-same-nino")
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


HISTORY = (
    "Creditor reference,Suppliers invoice number,Internal/system invoice number,Invoice date,"
    "Total invoice amount\n"
)


def test_a_payment_history_is_matched_without_the_standing_data_it_refers_to(
    nfi: Nfi, tmp_path: Path
) -> None:
    file = tmp_path / "history.csv"
    file.write_text(HISTORY + "C1,A1,1,01062024,99999\nC1,A1,9,30062024,99999\n", encoding="utf-8")
    assert nfi("check", file, "-d", "creditors-history", "--out", tmp_path / "work").code == 0
    found = nfi("match", tmp_path / "work")
    assert found.code == 0
    assert "The first 1 of 1 cases" in found.out


def test_a_case_says_in_which_of_several_files_each_record_stands(nfi: Nfi, tmp_path: Path) -> None:
    files = []
    for month, line in (("june", "C1,A1,1,01062024,99999"), ("july", "C1,A1,9,01072024,99999")):
        files.append(tmp_path / f"{month}.csv")
        files[-1].write_text(HISTORY + line + "\n", encoding="utf-8")
    work = tmp_path / "work"
    assert nfi("check", *files, "-d", "creditors-history", "--out", work).code == 0
    assert nfi("match", work).code == 0
    with (work / "matches/case-records.csv").open(encoding="utf-8-sig", newline="") as lines:
        places = [row["File and row"] for row in csv.DictReader(lines)]
    assert places == ["june.csv, row 2", "july.csv, row 2"]


GONE = ("ni_number", "bank_account")


def _published(path: Path, dataset: str, *, without: tuple[str, ...]) -> Path:
    """A made-up publication of a data set that has not got some of its fields."""
    fields = [field for field in load_specification(dataset).fields if field.column not in without]
    rows = [(str(number), field.name, str(field.format), "") for number, field in enumerate(fields, start=1)]
    path.write_bytes(published_csv([HEADINGS, *rows]))
    return path


def test_a_report_that_needs_a_field_which_the_bodys_own_specification_lacks_is_left_out_and_the_others_run(
    nfi: Nfi, sample: SampleSummary, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    document = _published(tmp_path / "payroll.csv", "payroll", without=GONE)
    assert nfi("specs", "import", document, "-d", "payroll", "-y", "-o", work).code == 0
    for dataset in ("payroll", "creditors-standing", "creditors-history"):
        assert nfi("check", sample.files[dataset], "-d", dataset, "--out", work).code in {0, 1}

    found = nfi("match", work, "--json")

    assert found.code == 0
    reports = {each["report"]: each for each in json.loads(found.out)["reports"]}
    skipped = {name: each["skipped"] for name, each in reports.items() if each["skipped"]}
    number = "payroll has no field for National insurance number"
    account = "payroll has no field for Bank account"
    assert skipped == {
        "payroll-same-nino": number,
        "payroll-nino-different-names": number,
        "payroll-two-ni-numbers": number,
        "payroll-two-full-time-posts": number,
        "payroll-no-ni-number": number,
        "payroll-same-bank": account,
        "payroll-creditors-bank": account,
    }
    assert reports["same-person"]["cases"] > 0
    assert reports["same-bank-account-creditors"]["cases"] > 0
    few = ("--report", "payroll-same-bank", "--report", "same-bank-account-creditors")
    assert account in " ".join(nfi("match", work, *few).out.split())


@pytest.mark.parametrize(
    "gone",
    [
        pytest.param(
            ("roll_number", "title", "sex", "gross_pay_to_date"), id="what no report needs, and the value"
        ),
        pytest.param(("surname",), id="one of several fields that are compared"),
    ],
)
def test_any_field_can_be_lacking(
    nfi: Nfi, sample: SampleSummary, tmp_path: Path, gone: tuple[str, ...]
) -> None:
    work = tmp_path / "work"
    document = _published(tmp_path / "list.csv", "payroll", without=gone)
    assert nfi("specs", "import", document, "-d", "payroll", "-y", "-o", work).code == 0
    assert nfi("check", sample.files["payroll"], "-d", "payroll", "--out", work).code in {0, 1}
    found = nfi("match", work, "--json")
    assert found.code == 0
    reports = {each["report"]: each["skipped"] for each in json.loads(found.out)["reports"]}
    of_payroll = {"payroll-same-nino", "payroll-same-bank", "same-person"}
    assert {name: reports[name] for name in of_payroll if reports[name]} == {}
