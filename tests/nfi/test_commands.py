"""Whole commands, from what is typed to what is printed and written."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from nfi.sample import SampleSummary
from outputs.submitted.open_submission import open_submission
from specs.catalogues import datasets, exercises, load_specification
from tests.typed import Nfi

PASSPHRASE = "correct horse battery staple 7"
FAULTY = "Creditor reference,Internal/system invoice number,Invoice date,Total invoice amount,VAT amount\n"


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase.txt"
    path.write_text(PASSPHRASE + "\n")
    return path


def check_sample(nfi: Nfi, sample: SampleSummary, folder: Path) -> None:
    for dataset in ("payroll", "creditors-standing", "creditors-history"):
        assert nfi("check", sample.files[dataset], "--dataset", dataset, "--out", folder).code in {0, 1}


def test_the_whole_job_on_a_sample(
    nfi: Nfi, sample: SampleSummary, tmp_path: Path, passphrase_file: Path
) -> None:
    work = tmp_path / "work"
    check_sample(nfi, sample, work)

    matched = nfi("match", work)
    assert matched.code == 0, matched.err
    assert "cases, to be looked at by a person" in matched.out
    assert "payroll 2026-27 (provisional)" in matched.out
    assert pq.read_table(work / "matches/cases.parquet").num_rows > 20

    arguments = ("package", work, "--body", "Anytown Council", "--passphrase-file", passphrase_file)
    refused = nfi(*arguments)
    assert refused.code == 1
    assert "--accept-errors" in refused.err
    assert not (work / "submission/submission.zip").exists()

    packaged = nfi(
        *arguments,
        *("--accept-errors", "agreed with the key contact"),
        *("--note", "Payment dates of unpaid invoices are blank.", "--negative-sign", "trailing-minus"),
    )
    assert packaged.code == 0, packaged.err
    assert "open errors were accepted" in packaged.out
    package = work / "submission/submission.zip"
    with open_submission(package, PASSPHRASE) as submission:
        assert submission.manifest.resources[-1].rows == 300
        assert submission.manifest.remarks == ("Payment dates of unpaid invoices are blank.",)
        assert re.search(r'"\d+-"|,\d+-,|\|\d+-\|', submission.content("creditors-history.csv").decode())

    verified = nfi("verify", package, "--passphrase-file", passphrase_file)
    assert verified.code == 0, verified.out


def test_a_check_says_what_is_wrong_where_and_what_to_do_without_showing_values(
    nfi: Nfi, tmp_path: Path
) -> None:
    extract = tmp_path / "ledger.csv"
    extract.write_text(FAULTY + "C1,9001,31022024,100,\nC2,9002,01022024,100,900\nC3,9003,01022024,twelve,\n")

    outcome = nfi("check", extract, "--dataset", "creditors-history", "--out", tmp_path / "work")

    assert outcome.code == 1
    assert "creditors-history 2026-27 (provisional)" in outcome.out
    assert "Unconfirmed" in outcome.out
    assert re.search(r"row 2, Invoice date: 31\*{4,5}4\.", outcome.out)
    assert "twelve" not in outcome.out + outcome.err
    assert re.search(r"3 errors", outcome.out)


def test_json_is_one_document_on_standard_output(nfi: Nfi, sample: SampleSummary, tmp_path: Path) -> None:
    outcome = nfi("check", sample.files["payroll"], "-d", "payroll", "--out", tmp_path / "work", "--json")

    record = json.loads(outcome.out)
    assert record["json_version"] == 1
    assert record["dataset"] == "payroll"
    assert record["rows"] == 300
    assert {"code", "severity", "field", "count", "first_row"} == set(record["findings"][0])


def test_match_prints_json_with_every_report_that_was_asked_for(nfi: Nfi, checked: Path) -> None:
    asked = {"payroll-same-nino", "same-creditor-invoice-amount"}
    chosen = [part for report in sorted(asked) for part in ("--report", report)]
    reports = json.loads(nfi("match", checked, *chosen, "--json").out)["reports"]
    assert {report["report"] for report in reports} == asked


def test_one_report_can_be_run_alone(nfi: Nfi, checked: Path) -> None:
    assert nfi("match", checked, "--report", "payroll-same-nino").code == 0
    assert set(pq.read_table(checked / "matches/cases.parquet")["report"].to_pylist()) == {
        "payroll-same-nino"
    }


def test_every_file_is_readable_by_its_owner_only(nfi: Nfi, checked_once: Path, checked: Path) -> None:
    if os.name == "nt":
        pytest.skip("Windows keeps other permissions")
    nfi("match", checked, "--report", "payroll-same-nino")
    written = [*checked_once.rglob("*"), *checked.rglob("*")]
    assert len(written) > 40
    modes = {path: path.stat().st_mode & 0o077 for path in written}
    assert [path for path, open_to_others in modes.items() if open_to_others] == []


def test_the_trail_is_a_chain(checked_once: Path) -> None:
    lines = [json.loads(line) for line in (checked_once / "runs/trail.jsonl").read_text().splitlines()]
    assert [line["run"] for line in lines] == [
        "check-payroll",
        "check-creditors-standing",
        "check-creditors-history",
    ]
    assert lines[0]["previous_sha256"] is None
    assert all(line["previous_sha256"] for line in lines[1:])


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(["check", "nowhere.csv", "-d", "payroll"], 3, "nowhere.csv", id="no such extract"),
        pytest.param(["check", "x.csv", "-d", "payrol"], 2, "did you mean 'payroll'", id="misspelt data set"),
        pytest.param(
            ["check", "x.csv", "-d", "payroll", "-e", "1999-00"], 2, "2026-27", id="no such exercise"
        ),
        pytest.param(["match", "nowhere"], 3, "First: nfi check", id="nothing checked"),
        pytest.param(["match", "nowhere", "-r", "nothing"], 2, "no report called 'nothing'", id="no report"),
        pytest.param(["package", "nowhere", "--body", "B"], 3, "First: nfi check", id="nothing to package"),
        pytest.param(["sample", "s", "--payments", "3"], 2, "payments", id="sample too small"),
        pytest.param(["specs", "show", "housing"], 2, "creditors-history", id="unknown specification"),
        pytest.param(["check"], 2, "Missing argument", id="no arguments"),
    ],
)
def test_wrong_use_is_one_line_that_says_what_to_do(
    nfi: Nfi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = nfi(*arguments)
    assert outcome.code == code
    assert says in outcome.err
    assert "Traceback" not in outcome.err
    assert list(tmp_path.iterdir()) == []


def test_open_errors_are_told_before_a_passphrase_is_asked_for(
    nfi: Nfi, sample: SampleSummary, tmp_path: Path
) -> None:
    nfi("check", sample.files["payroll"], "-d", "payroll", "--out", tmp_path / "work")
    arguments = ("package", tmp_path / "work", "--body", "Anytown Council")
    assert "--accept-errors" in nfi(*arguments).err
    nobody_to_ask = nfi(*arguments, "--accept-errors", "agreed")
    assert nobody_to_ask.code == 2
    assert "--passphrase-file" in nobody_to_ask.err


def test_a_fault_of_our_own_exits_70_and_keeps_values_out(
    nfi: Nfi, sample: SampleSummary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = " ".join(["from", "somebody's", "payroll"])  # so that the source line does not hold it

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(value)

    monkeypatch.setattr("nfi.checking.check_extracts", broken)
    outcome = nfi("check", sample.files["payroll"], "-d", "payroll", "--out", tmp_path / "work")

    assert outcome.code == 70
    assert value not in outcome.err
    written = Path(re.search(r"is in (\S+)", outcome.err)[1])  # type: ignore[index]
    assert value not in written.read_text()
    assert "checking.py" in written.read_text()
    written.unlink()


def test_the_catalogue_is_listed_with_its_evidence(nfi: Nfi) -> None:
    known = [
        (specification.exercise, specification.dataset, specification.status)
        for exercise in exercises()
        for dataset in datasets(exercise)
        for specification in [load_specification(dataset, exercise)]
    ]
    assert {status for _, _, status in known} == {"published", "provisional"}
    lines = [re.split(r"\s{2,}", line) for line in nfi("specs", "list").out.splitlines()[1:]]
    assert [(line[0], line[1], line[4]) for line in lines if len(line) > 4] == known
    shown = nfi("specs", "show", "creditors-standing")
    assert "recalled" in shown.out
    assert "Unconfirmed" in shown.err


def test_the_demo_finds_what_it_planted_and_takes_the_place_of_an_earlier_one(
    nfi: Nfi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("nfi.demo._SIZE", {"employees": 300, "creditors": 400, "payments": 3_000})
        smaller = nfi("demo", tmp_path / "demo")
    assert smaller.code == 0, smaller.err
    outcome = nfi("demo", tmp_path / "demo")
    assert outcome.code == 0, outcome.err
    assert outcome.out != smaller.out
    made = tmp_path / "demo/submission"
    verified = nfi("verify", made / "submission.zip", "--passphrase-file", made / "passphrase.txt")
    assert verified.code == 0, verified.out


def test_a_check_can_be_repeated_as_of_its_day(nfi: Nfi, tmp_path: Path) -> None:
    extract = tmp_path / "payroll.csv"
    extract.write_text(
        "Employee reference number,Surname,Forename(s),Date of birth,Gross pay to date,Post code,Sort code\n"
        "E1,Abel,Ann,01022024,100,,\n"
    )
    checked = [
        nfi("check", extract, "-d", "payroll", "--out", tmp_path / day, "--as-of", day).out
        for day in ("2024-01-31", "2024-02-01")
    ]
    assert "not_in_future" in checked[0]
    assert "not_in_future" not in checked[1]
    made_from = json.loads((tmp_path / "2024-01-31/runs/check-payroll.json").read_text())["made_from"]
    assert made_from["day"] == "2024-01-31"


def test_records_changed_after_the_check_are_not_used(
    nfi: Nfi, sample: SampleSummary, tmp_path: Path, passphrase_file: Path
) -> None:
    nfi("check", sample.files["payroll"], "-d", "payroll", "--out", tmp_path / "work")
    records = tmp_path / "work/checked/payroll.parquet"
    table = pq.read_table(records)
    pq.write_table(table.slice(1), records)
    for command in (("match",), ("package", "--body", "B", "--passphrase-file", passphrase_file)):
        outcome = nfi(*command, tmp_path / "work")
        assert outcome.code == 3
        assert "payroll.parquet: not what the check of payroll.csv wrote" in outcome.err


def test_a_check_shows_totals_and_tells_a_line_of_totals(nfi: Nfi, tmp_path: Path) -> None:
    extract = tmp_path / "history.csv"
    extract.write_text(
        FAULTY + "C1,1,01042026,120.00,20.00\nC2,2,02052026,-20.00,\nTotal,,,100.00,20.00\n", encoding="utf-8"
    )
    said = nfi("check", extract, "-d", "creditors-history", "--out", tmp_path / "work")
    assert "Invoice date: April 2026 to May 2026, in 2 records" in said.out
    assert "Total invoice amount: £200.00 in 3 records, 1 of them negative (-£20.00)" in said.out
    assert "(whole record)" in said.out
    assert "totals_row" in said.out
    told = json.loads(
        nfi("check", extract, "-d", "creditors-history", "--out", tmp_path / "work", "--json").out
    )
    assert told["notice"].startswith("Unconfirmed")
    assert [each["field"] for each in told["totals"]] == [
        "Invoice date",
        "Total invoice amount",
        "VAT amount",
    ]


def test_a_layout_that_is_only_recalled_is_not_called_published(nfi: Nfi, tmp_path: Path) -> None:
    extract = tmp_path / "standing.csv"
    extract.write_text(
        "Creditor reference,Creditor name,Address line 1,Post code,Sort code,Bank account\n"
        "C1,Invented Ltd,1 High Street,LS1 4AP,204523,12345678\n",
        encoding="utf-8",
    )
    said = nfi("check", extract, "-d", "creditors-standing", "--out", tmp_path / "work")
    assert "Unconfirmed and recalled: no published layout" in said.out
    assert "2012/13" not in said.out


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_fit_the_console(
    nfi: Nfi, sample: SampleSummary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    said = nfi("check", sample.files["payroll"], "-d", "payroll", "--out", tmp_path / "work")
    assert max(map(len, said.out.splitlines())) <= width


def test_a_day_written_another_way_is_refused_plainly(nfi: Nfi, tmp_path: Path) -> None:
    said = nfi("check", tmp_path / "a.csv", "-d", "payroll", "--as-of", "01/10/2026")
    assert said.code == 2
    assert "year-month-day" in " ".join(said.err.replace("│", " ").split())
