"""`nfi reports`: what a match looks for, and a body's own reports among it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matching.known_reports import known_reports
from matching.report import Report, all_reports
from matching.report_words import reports_page, statements
from tests.typed import Nfi

ROOT = Path(__file__).parents[2]
OWN = """\
id: {id}
title: Same remarks
about: Two payments bear the same remarks.
data: [creditors-history]
same: [remarks, {column}]
near: {{total_invoice_amount: 5 %}}
where: {{total_invoice_amount: {{above: 100000}}, payment_date: {{blank: false}}}}
different: {{creditor_reference: 3}}
value: total_invoice_amount
strength: {{share: 0.1, evidence: inferred}}
"""


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A workspace with an own report, one that replaces nfi's, and one that cannot be used."""
    own = tmp_path / "work" / "reports"
    own.mkdir(parents=True)
    (own / "mine.yaml").write_text(OWN.format(id="mine", column="vat_amount"))
    (own / "ours.yaml").write_text(OWN.format(id="same-invoice-amount", column="vat_amount"))
    return tmp_path / "work"


def test_the_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    assert page == reports_page(known_reports().reports), "nfi reports list --markdown > docs/reports.md"


@pytest.mark.parametrize("report", all_reports(), ids=lambda report: report.id)
def test_every_report_can_be_said_in_words(report: Report) -> None:
    said = dict(statements(report))
    assert said["Looks at"]
    lines = [line for each in said.values() for line in each]
    assert not [line for line in lines if "{" in line or "_given" in line]


def test_all_reports_are_listed_with_where_they_come_from(nfi: Nfi, work: Path) -> None:
    outcome = nfi("reports", "list", "--out", work, "--json")
    assert outcome.code == 0, outcome.err
    listed = {each["id"]: each for each in json.loads(outcome.out)["reports"]}
    assert {report.id for report in all_reports()} <= listed.keys()
    assert (listed["mine"]["whose"], listed["mine"]["replaces"]) == ("own", False)
    assert (listed["same-invoice-amount"]["whose"], listed["same-invoice-amount"]["replaces"]) == (
        "own",
        True,
    )
    numbers = {each["nfi_report"] for each in listed.values()} - {None}
    assert all(number.endswith("(recalled, unverified)") for number in numbers)
    shown = nfi("reports", "list", "--out", work)
    assert "mine" in shown.out
    assert "in place of" in shown.out


def test_an_own_report_is_shown_in_words_with_its_yaml_and_its_queries(nfi: Nfi, work: Path) -> None:
    outcome = nfi("reports", "show", "mine", "--out", work, "--sql")
    assert outcome.code == 0, outcome.err
    said = " ".join(outcome.out.split())
    for words in (
        "Total invoice amount is above £1,000.00",
        "Payment date is filled in",
        "Must be near: Total invoice amount: at most 5 % apart",
        "Creditor reference: at least 3 values",
        "10% of its cases (inferred)",
        "your own, mine.yaml",
        "about: Two payments bear the same remarks.",
    ):
        assert words in said
    assert "from creditors_history" in said
    assert 'count(distinct "creditor_reference") >= 3' in said


def test_a_report_that_weighs_tells_what_it_compares(nfi: Nfi, tmp_path: Path) -> None:
    outcome = nfi("reports", "show", "same-person", "--out", tmp_path, "--json")
    said = {each["heading"]: each["lines"] for each in json.loads(outcome.out)["says"]}
    assert "Date of birth" in said["Is compared and weighed"]


def test_an_own_report_that_cannot_be_used_is_told_with_exit_code_1(nfi: Nfi, work: Path) -> None:
    (work / "reports" / "bad.yaml").write_text(OWN.format(id="bad", column="vat_amount") + "colour: red\n")
    outcome = nfi("reports", "list", "--out", work)
    assert outcome.code == 1
    assert "bad.yaml: line 11: colour: no such key" in " ".join(outcome.err.split())
    assert nfi("reports", "show", "bad", "--out", work).code == 3
    assert nfi("reports", "show", "mine", "--out", work).code == 0


def test_an_unknown_report_is_answered_with_the_nearest(nfi: Nfi, tmp_path: Path) -> None:
    outcome = nfi("reports", "show", "same-persn", "--out", tmp_path)
    assert outcome.code == 2
    assert "did you mean 'same-person'?" in outcome.err


def test_queries_of_a_report_with_a_column_that_there_is_not_are_refused(nfi: Nfi, work: Path) -> None:
    (work / "reports" / "mine.yaml").write_text(OWN.format(id="mine", column="vat_amuont"))
    assert nfi("reports", "show", "mine", "--out", work).code == 0
    outcome = nfi("reports", "show", "mine", "--out", work, "--sql")
    assert outcome.code == 3
    assert "did you mean 'vat_amount'" in outcome.err


def test_a_folder_is_matched_with_its_own_reports_and_records_them(nfi: Nfi, checked: Path) -> None:
    own = checked / "reports"
    own.mkdir()
    (own / "mine.yaml").write_text(OWN.format(id="mine", column="vat_amount"))
    (own / "ours.yaml").write_text(OWN.format(id="same-invoice-amount", column="vat_amount"))
    outcome = nfi(
        "match", checked, "--report", "mine", "--report", "same-invoice-amount", "--pairs", checked / "p.csv"
    )
    assert outcome.code == 0, outcome.err
    assert "in place of nfi's report 'same-invoice-amount'" in " ".join(outcome.err.split())
    record = json.loads((checked / "runs" / "match.json").read_text())
    assert sorted(record["made_from"]["own_reports"]) == ["mine", "same-invoice-amount"]
    assert (
        record["made_from"]["own_reports"]["mine"]["sha256"] == known_reports(own).called(["mine"])[0].sha256
    )
    assert (checked / "p.csv").exists()


def test_a_folder_is_matched_with_another(nfi: Nfi, checked: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "Othertown"
    extract = tmp_path / "theirs.csv"
    extract.write_text("Ref,NI\nA1,CR000001A\n")
    (tmp_path / "map.yaml").write_text(
        "dataset: payroll\nfields: {Employee reference number: Ref, National insurance number: NI}\n"
    )
    arguments = (
        "check",
        extract,
        "--dataset",
        "payroll",
        "--mapping",
        tmp_path / "map.yaml",
        "--out",
        theirs,
    )
    assert nfi(*arguments).code in {0, 1}
    outcome = nfi("match", checked, "--with", theirs, "--json")
    assert outcome.code == 0, outcome.err
    reports = {each["report"]: each["skipped"] for each in json.loads(outcome.out)["reports"]}
    assert reports["payroll-same-nino"] is None
    assert reports["same-creditor-invoice-amount"] == "needs creditors-history of both bodies"
    record = json.loads((checked / "runs" / "match.json").read_text())
    assert record["made_from"]["other"]["payroll"]["extract_sha256"]


def test_a_folder_to_match_with_in_which_nothing_was_checked_is_said(
    nfi: Nfi, checked: Path, tmp_path: Path
) -> None:
    outcome = nfi("match", checked, "--with", tmp_path / "nowhere")
    assert outcome.code == 3
    assert "no checked extract here" in outcome.err
