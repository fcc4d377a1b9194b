"""`nfi check --fix`: what it writes, what a later check makes of that, and what is left where it fails."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.typed import Nfi

HEADINGS = (
    "Employee reference number,Surname,Forename(s),Address line 1,Date of birth,National insurance number,"
    "Gross pay to date,Post code,Sort code\n"
)
PAYROLL = HEADINGS + (
    "E1,Archer ,Ann,1 Sample Road,01051980,cr 12 34 56 c,1200.00,ls14ap,20-45-23\n"
    "E2,Baker,Ben,2 Sample Road,02051981,CR123457C,1300.00,LS1 4AP,204523\n"
    "E3,Cook,Cat,3 Sample Road,31021982,CR 12 34 58 C,1400.00,LS1 4AP,20 45 23\n"
)
CHANGES = [
    ("2", "Surname", "Archer ", "Archer"),
    ("2", "Post code", "ls14ap", "LS1 4AP"),
    ("2", "National insurance number", "cr 12 34 56 c", "CR123456C"),
    ("4", "National insurance number", "CR 12 34 58 C", "CR123458C"),
    ("4", "Sort code", "20 45 23", "20-45-23"),
]


@pytest.fixture
def payroll(tmp_path: Path) -> Path:
    path = tmp_path / "payroll.csv"
    path.write_text(PAYROLL, encoding="utf-8")
    return path


def command(extract: Path, work: Path, *more: str) -> tuple[object, ...]:
    return ("check", extract, "-d", "payroll", "--out", work, "--as-of", "2026-10-01", *more)


def changes(work: Path) -> list[tuple[str, ...]]:
    with (work / "corrected/payroll-changes.csv").open(encoding="utf-8-sig", newline="") as file:
        return [(line["row"], line["field"], line["before"], line["after"]) for line in csv.DictReader(file)]


def files_in(work: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in work.rglob("*") if path.is_file()}


def test_without_fix_the_check_says_what_it_could_correct_and_writes_no_correction(
    nfi: Nfi, tmp_path: Path, payroll: Path
) -> None:
    said = nfi(*command(payroll, tmp_path / "work"))
    assert "nfi does it where --fix is given" in said.out
    assert "Post code: Post code in capitals with one blank (post_code): 1 value." in said.out
    assert not (tmp_path / "work/corrected").exists()
    assert "Not a sort code" in said.out  # blanks in it are a fault, as long as nobody corrects them


def test_every_change_is_logged_and_what_is_corrected_is_what_is_checked(
    nfi: Nfi, tmp_path: Path, payroll: Path
) -> None:
    before = payroll.read_bytes()
    said = nfi(*command(payroll, tmp_path / "work", "--fix"))
    assert said.code == 1  # no correction makes a day out of 31 February
    corrected = said.out.partition("Corrected:\n")[2]
    assert "Post code: Post code in capitals with one blank (post_code): 1 value." in corrected
    assert "Not a sort code" not in said.out
    assert str(tmp_path / "work/corrected/payroll-changes.csv") in said.err
    assert "ls14ap" not in said.out + said.err
    assert payroll.read_bytes() == before
    assert changes(tmp_path / "work") == CHANGES
    log = pq.read_table(tmp_path / "work/corrected/payroll-changes.parquet").to_pylist()
    assert [(str(each["row"]), each["before"], each["after"]) for each in log] == [
        (row, was, now) for row, _, was, now in CHANGES
    ]
    records = pq.read_table(tmp_path / "work/checked/payroll.parquet")
    assert records.column("post_code").to_pylist() == ["LS1 4AP"] * 3
    page = (tmp_path / "work/findings/payroll.html").read_text(encoding="utf-8")
    assert "Post code in capitals with one blank" in page


def test_the_corrected_extract_needs_no_further_correction_and_has_the_same_findings(
    nfi: Nfi, tmp_path: Path, payroll: Path
) -> None:
    first = json.loads(nfi(*command(payroll, tmp_path / "one", "--fix", "--json")).out)
    corrected = tmp_path / "one/corrected/payroll.csv"
    again = json.loads(nfi(*command(corrected, tmp_path / "two", "--fix", "--json")).out)
    assert sum(each["count"] for each in first["corrections"]) == len(CHANGES)
    assert again["corrections"] == []
    assert changes(tmp_path / "two") == []
    assert (tmp_path / "two/corrected/payroll.csv").read_bytes() == corrected.read_bytes()
    assert again["findings"] == first["findings"]
    assert again["records_sha256"] == first["records_sha256"]


def test_a_later_check_without_fix_takes_the_corrected_files_of_the_earlier_one_away(
    nfi: Nfi, tmp_path: Path, payroll: Path
) -> None:
    work = tmp_path / "work"
    nfi(*command(payroll, work, "--fix"))
    assert len(files_in(work / "corrected")) == 3
    assert nfi(*command(payroll, work)).code == 1
    assert files_in(work / "corrected") == {}
    assert nfi("verify", work).code == 0


@pytest.mark.parametrize("earlier", [True, False], ids=["after a good one", "the first time"])
def test_a_fault_far_down_leaves_nothing_half_corrected(
    nfi: Nfi, tmp_path: Path, payroll: Path, earlier: bool
) -> None:
    work = tmp_path / "work"
    if earlier:
        nfi(*command(payroll, work, "--fix"))
    before = files_in(work)
    payroll.write_text(
        PAYROLL + PAYROLL.splitlines()[2] + "\n" + "E5,Dean\n" + PAYROLL[len(HEADINGS) :] * 200
    )
    said = nfi(*command(payroll, work, "--fix"))
    assert said.code == 3
    assert said.err.count("\n") == 1
    assert files_in(work) == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(
            lambda work: (work / "findings/payroll.html").write_text("nothing found"),
            "payroll.html: not what check-payroll wrote",
            id="page",
        ),
        pytest.param(
            lambda work: (work / "corrected/payroll.csv").write_text(HEADINGS),
            "payroll.csv: not what check-payroll wrote",
            id="corrected extract",
        ),
        pytest.param(
            lambda work: (work / "corrected/payroll-changes.csv").unlink(),
            "payroll-changes.csv: missing",
            id="change log",
        ),
    ],
)
def test_a_page_and_corrections_changed_by_hand_are_noticed(
    nfi: Nfi, tmp_path: Path, payroll: Path, change: Callable[[Path], object], says: str
) -> None:
    work = tmp_path / "work"
    nfi(*command(payroll, work, "--fix"))
    assert nfi("verify", work).code == 0
    made_from = json.loads((work / "runs/check-payroll.json").read_text())["made_from"]
    assert made_from["correct"] is True
    change(work)
    said = nfi("verify", work)
    assert said.code == 1
    assert says in said.out


def test_a_change_in_one_of_several_files_is_logged_with_its_file(nfi: Nfi, tmp_path: Path) -> None:
    files = []
    for name, surname in (("april.csv", "Archer"), ("may.csv", "Baker ")):
        files.append(tmp_path / name)
        line = f"{name},{surname},Ann,1 Sample Road,01051980,,1200.00,LS1 4AP,20-45-23\n"
        files[-1].write_text(HEADINGS + line, encoding="utf-8")
    said = nfi("check", *files, "-d", "payroll", "--out", tmp_path / "work", "--fix")
    assert said.code == 0, said.err
    with (tmp_path / "work/corrected/payroll-changes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [(line["file"], line["row"]) for line in csv.DictReader(file)] == [("may.csv", "2")]
