"""`nfi match --data`: bare files, without a workspace and without a trace."""

from __future__ import annotations

import csv
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.typed import Nfi

PEOPLE = """\
First,Last,Born,Code
Ann,Acorn,01/02/1980,AB1 2CD
Anne,Acorn,01/02/1980,AB1 2CD
Bob,Birch,31/02/1970,AB1 2CE
Bob,Birch,1970-00-12,AB1 2CE
Cy,Cedar,05/06/1991,AB9 9ZZ
"""
MAPPING = """\
dataset: payroll
fields:
  Surname: Last
  Forenames: First
  Date of birth: Born
  Post code: Code
"""
PAIRS = "report,left_row,right_row,weight,probability"
SUPPLIERS = """\
Ref,Name,Sort,Account
C1,Acorn Hire Ltd,112233,12345678
C2,Birch Care,112233,00000123
"""
ACCOUNTS = """\
Ref,Last,Sort,Account
E1,Acorn,11-22-33,12345678
E2,Birch,112233,87654321
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the files, in which nothing is left behind; nor in the system's temporary folder."""
    files, temporary = tmp_path / "files", tmp_path / "temporary"
    files.mkdir()
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    for name, content in {
        "people.csv": PEOPLE,
        "people.map.yaml": MAPPING,
        "suppliers.csv": SUPPLIERS,
        "accounts.csv": ACCOUNTS,
        "suppliers.map.yaml": (
            "dataset: creditors-standing\nfields: {Creditor reference: Ref, Creditor name: Name, "
            "Sort code: Sort, Bank account: Account}\n"
        ),
        "accounts.map.yaml": (
            "dataset: payroll\nfields: {Employee reference number: Ref, Surname: Last, Sort code: Sort, "
            "Bank account: Account}\n"
        ),
    }.items():
        (files / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(files)
    yield files
    assert list(temporary.iterdir()) == []
    assert [path.name for path in files.iterdir() if path.name.startswith(".")] == []


def rows(path: Path) -> list[tuple[str, int, int]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["report"], int(row["left_row"]), int(row["right_row"])) for row in csv.DictReader(file)]


def test_people_are_matched_by_four_columns_with_dates_that_are_none(nfi: Nfi, folder: Path) -> None:
    outcome = nfi(
        *("match", "--data", "payroll=people.csv", "--mapping", "people.map.yaml"),
        *("--report", "same-person", "--pairs", "pairs.csv"),
    )
    assert outcome.code == 0, outcome.err
    assert sorted(rows(folder / "pairs.csv")) == [("same-person", 2, 3), ("same-person", 4, 5)]
    assert (folder / "pairs.csv").read_text().splitlines()[0] == PAIRS
    assert "2 of Date of birth could not be read as dates" in outcome.err
    assert "31/02" not in outcome.out + outcome.err
    if os.name == "posix":
        assert stat.S_IMODE((folder / "pairs.csv").stat().st_mode) == 0o600


def test_a_reference_that_is_not_there_differs_in_every_row(nfi: Nfi, folder: Path) -> None:
    (folder / "people.csv").write_text(PEOPLE.replace("Anne", "Ann"), encoding="utf-8")
    outcome = nfi(
        *("match", "--data", "payroll=people.csv", "--mapping", "people.map.yaml"),
        *("--report", "payroll-same-address", "--report", "same-person", "--json"),
    )
    assert outcome.code == 0, outcome.err
    reports = {each["report"]: each for each in json.loads(outcome.out)["reports"]}
    assert reports["same-person"]["cases"] == 2


def test_files_of_two_data_sets_are_matched_the_first_that_the_report_names_left(
    nfi: Nfi, folder: Path
) -> None:
    outcome = nfi(
        *("match", "--data", "creditors-standing=suppliers.csv", "--data", "payroll=accounts.csv"),
        *("--mapping", "suppliers.map.yaml", "--mapping", "accounts.map.yaml"),
        *("--report", "payroll-creditors-bank", "--pairs", "pairs.csv"),
    )
    assert outcome.code == 0, outcome.err
    assert rows(folder / "pairs.csv") == [("payroll-creditors-bank", 2, 2)]


def test_one_data_set_twice_is_two_bodies_and_only_pairs_across_count(nfi: Nfi, folder: Path) -> None:
    (folder / "theirs.csv").write_text(
        "First,Last,Born,Code\nAnn,Acorn,01/02/1980,AB1 2CD\n", encoding="utf-8"
    )
    outcome = nfi(
        *("match", "--data", "payroll=people.csv", "--data", "payroll=theirs.csv"),
        *(
            "--mapping",
            "people.map.yaml",
            "--report",
            "same-person",
            "--pairs",
            "pairs.csv",
            "--out",
            "found",
        ),
    )
    assert outcome.code == 0, outcome.err
    found = rows(folder / "pairs.csv")
    assert found
    assert {right for _, _, right in found} == {2}
    assert {left for _, left, _ in found} <= {2, 3}
    records = (folder / "found/matches/case-records.csv").read_text(encoding="utf-8-sig")
    assert "Body" in records.splitlines()[0]
    assert "theirs.csv" in records


def test_out_gives_the_workbook_and_a_run_record(nfi: Nfi, folder: Path) -> None:
    arguments = ("match", "--data", "payroll=people.csv", "--mapping", "people.map.yaml", "--out", "found")
    outcome = nfi(*arguments, "--report", "same-person")
    assert outcome.code == 0, outcome.err
    assert (folder / "found/matches/cases.xlsx").exists()
    record = json.loads((folder / "found/runs/match.json").read_text())
    assert record["made_from"]["reports"] == ["same-person"]
    assert record["made_from"]["checked"]["payroll"]["extract_sha256"]


def test_a_case_of_bare_files_can_be_shown(nfi: Nfi, folder: Path) -> None:
    nfi("match", "--data", "payroll=people.csv", "--mapping", "people.map.yaml", "--out", "found")
    shown = nfi("case", "1", "--folder", "found", "--picture", "case.svg")
    assert shown.code == 0, shown.err
    assert "Surname" in shown.out
    assert (folder / "case.svg").exists()


def test_the_same_files_give_the_same_pairs_byte_for_byte(nfi: Nfi, folder: Path) -> None:
    arguments = ("match", "--data", "payroll=people.csv", "--mapping", "people.map.yaml", "--pairs")
    assert nfi(*arguments, "one.csv").code == nfi(*arguments, "two.csv").code == 0
    assert (folder / "one.csv").read_bytes() == (folder / "two.csv").read_bytes()


def test_reports_that_need_what_is_not_there_say_so_and_the_rest_run(nfi: Nfi, folder: Path) -> None:
    outcome = nfi("match", "--data", "payroll=people.csv", "--mapping", "people.map.yaml", "--json")
    assert outcome.code == 0, outcome.err
    reports = {each["report"]: each["skipped"] for each in json.loads(outcome.out)["reports"]}
    assert reports["same-person"] is None
    assert reports["payroll-creditors-bank"] == "needs creditors-standing, which has not been checked"
    assert reports["payroll-same-bank"].startswith("needs Sort code and Bank account")


def test_an_empty_file_is_said_to_be_empty_and_the_rest_is_matched(nfi: Nfi, folder: Path) -> None:
    (folder / "suppliers.csv").write_text("Ref,Name,Sort,Account\n", encoding="utf-8")
    suppliers = ("match", "--data", "creditors-standing=suppliers.csv", "--mapping", "suppliers.map.yaml")
    alone = nfi(*suppliers, "--pairs", "pairs.csv")
    assert alone.code == 3
    assert "suppliers.csv: holds headings but no records" in alone.err
    assert not (folder / "pairs.csv").exists()
    both = nfi(*suppliers, "--data", "payroll=people.csv", "--mapping", "people.map.yaml", "--json")
    assert both.code == 0, both.err
    assert "suppliers.csv: holds headings but no records" in both.err
    reports = {each["report"]: each for each in json.loads(both.out)["reports"]}
    assert reports["same-person"]["cases"] == 2
    assert reports["payroll-creditors-bank"]["skipped"].startswith("needs creditors-standing")


BAD = [
    pytest.param(["--report", "same-persn"], 2, "did you mean 'same-person'", id="unknown report"),
    pytest.param(["--pairs", "people.csv"], 2, "is read by this match", id="pairs onto the extract"),
    pytest.param(["--pairs", "people.map.yaml"], 2, "is read by this match", id="pairs onto the mapping"),
    pytest.param(["--pairs", "accounts.csv"], 3, "is no list of pairs", id="pairs onto another file"),
    pytest.param(["--pairs", "."], 3, "is a folder", id="pairs onto a folder"),
    pytest.param(["--pairs", "people.csv/pairs.csv"], 3, "people.csv", id="pairs under a file"),
    pytest.param(
        ["--mapping", "suppliers.map.yaml"], 2, "is a mapping of 'creditors-standing'", id="other mapping"
    ),
    pytest.param(["--mapping", "missing.yaml"], 3, "missing.yaml: cannot be read", id="mapping missing"),
    pytest.param(["--mapping", "people.csv"], 3, "people.csv", id="mapping that is none"),
    pytest.param(["--data", "payrol=accounts.csv"], 2, "payrol", id="unknown data set"),
    pytest.param(["--data", "accounts.csv"], 2, "write DATASET=FILE", id="no data set"),
    pytest.param(["--data", "payroll=missing.csv"], 3, "missing.csv", id="file missing"),
    pytest.param(["--data", "payroll=people.csv"], 2, "is there twice", id="file twice"),
    pytest.param(
        ["--data", "payroll=accounts.csv", "--data", "payroll=suppliers.csv"],
        2,
        "three files",
        id="three bodies",
    ),
    pytest.param(["--with", "elsewhere"], 2, "does not go with --data", id="with a folder"),
    pytest.param(["elsewhere"], 2, "does not go with --data", id="beside a folder"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), BAD)
def test_what_cannot_be_done_is_said_with_the_right_exit_code(
    arguments: list[str], code: int, said: str, nfi: Nfi, folder: Path
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    mapping = [] if "--mapping" in arguments else ["--mapping", "people.map.yaml"]
    outcome = nfi("match", "--data", "payroll=people.csv", *mapping, *arguments)
    assert outcome.code == code, outcome.err
    assert said in " ".join(outcome.err.replace("│", " ").split())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_mapping_without_data_is_refused(nfi: Nfi, folder: Path) -> None:
    outcome = nfi("match", "--mapping", "people.map.yaml")
    assert outcome.code == 2
    assert "is for --data" in outcome.err


def test_own_reports_run_over_bare_files_and_one_that_cannot_be_used_is_told(nfi: Nfi, folder: Path) -> None:
    own = folder / "reports"
    own.mkdir()
    report = (
        "id: {id}\ntitle: Same post code\nabout: One post code.\ndata: [payroll]\nsame: [{column}]\n"
        "different: [employee_reference]\nvalue: gross_pay_to_date\n"
        "strength: {{share: 0.1, evidence: inferred}}\n"
    )
    (own / "a.yaml").write_text(report.format(id="mine", column="post_code_key"))
    (own / "b.yaml").write_text(report.format(id="odd", column="no_such_column"))
    (own / "c.yaml").write_text(report.format(id="bad", column="post_code_key").replace("about", "abuot"))
    arguments = (
        "match",
        "--data",
        "payroll=people.csv",
        "--mapping",
        "people.map.yaml",
        "--reports",
        "reports",
    )
    outcome = nfi(*arguments, "--json")
    assert outcome.code == 1
    said = " ".join(outcome.err.split())
    assert "c.yaml: line 3: abuot" in said
    assert "report odd, same: payroll has no column 'no_such_column'" in said
    reports = {each["report"]: each for each in json.loads(outcome.out)["reports"]}
    assert reports["mine"]["cases"] == 2
    assert nfi(*arguments, "--report", "mine").code == 0
    assert nfi(*arguments, "--report", "odd").code == 3
    assert nfi(*arguments, "--report", "bad").code == 3
