"""`nfi case`: one case for a person, without showing what must not be on a screen."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest

from nfi.verbs import verify_folder
from specs.catalogues import load_specification
from tests.typed import Nfi

BANK, SORT_CODE = "12345678", "204523"
PEOPLE = (
    ("E1", "Examplewright", "Ann", BANK),
    ("E2", "Inventedsson", "Bob", BANK),
    ("E3", "Otherly", "Cat", "87654321"),
    ("E4", "Furtherly", "Dan", "11223344"),
)


def payroll() -> str:
    """A payroll of three, two of whom share an account; every other field is blank."""
    fields = load_specification("payroll").fields
    lines = [",".join(f'"{field.name}"' for field in fields)]
    for reference, surname, forename, bank in PEOPLE:
        held = {"employee_reference": reference, "surname": surname, "forenames": forename}
        held |= {"sort_code": SORT_CODE, "bank_account": bank, "ni_number": f"CR12345{reference[1]}A"}
        lines.append(",".join(held.get(field.column, "") for field in fields))
    return "\n".join(lines) + "\n"


@pytest.fixture
def work(nfi: Nfi, tmp_path: Path) -> Path:
    (tmp_path / "payroll.csv").write_text(payroll())
    folder = tmp_path / "work"
    assert nfi("check", tmp_path / "payroll.csv", "-d", "payroll", "--out", folder).code in {0, 1}
    assert nfi("match", folder, "--report", "payroll-same-bank").code == 0
    return folder


def key_of(work: Path) -> str:
    (key,) = pq.read_table(work / "matches/cases.parquet")["case"].to_pylist()
    return str(key)


def test_a_case_is_shown_with_its_weight_and_its_place_in_the_queue(nfi: Nfi, work: Path) -> None:
    shown = nfi("case", key_of(work), "--folder", work)
    assert shown.code == 0
    assert f"Case {key_of(work)}, rank 1 of 1" in shown.out
    assert "Sort code and Bank account" in shown.out
    assert "bits" in shown.out
    assert "x the square root of £" in shown.out
    assert "payroll row 2" in shown.out


def test_values_are_masked_on_the_screen_and_left_out_for_programs(nfi: Nfi, work: Path) -> None:
    for options in ((), ("--json",)):
        shown = nfi("case", "1", "--folder", work, *options)
        for value in (BANK, SORT_CODE, "Examplewright", "Inventedsson", "CR12345"):
            assert value not in shown.out + shown.err
    assert "*****678" in nfi("case", "1", "--folder", work).out


def test_a_key_can_be_cut_short_and_a_rank_will_do(nfi: Nfi, work: Path) -> None:
    key = key_of(work)
    for wanted in (key, key[:6], key.upper(), "1"):
        found = json.loads(nfi("case", wanted, "-f", work, "--json").out)
        assert (found["case"], found["of"], found["json_version"]) == (key, 1, 1)
    assert [place["source_row"] for place in found["places"]] == [2, 3]
    assert found["places"][0]["raised_by"] == ["payroll-same-bank"]


def test_the_picture_is_written_where_it_is_asked_for(nfi: Nfi, work: Path, tmp_path: Path) -> None:
    picture = tmp_path / "case.svg"
    assert nfi("case", "1", "-f", work, "--picture", picture).code == 0
    assert key_of(work) in (ElementTree.parse(picture).getroot().findtext("{*}title") or "")
    assert BANK not in picture.read_text()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [("7", "no case '7'"), ("zz", "give a key or a rank"), ("ffffffffffffffff", "no case")],
)
def test_a_case_that_is_not_there_is_said_so(wanted: str, said: str, nfi: Nfi, work: Path) -> None:
    found = nfi("case", wanted, "-f", work)
    assert found.code == 2
    assert said in found.err


def test_a_folder_without_cases_says_which_command_makes_them(nfi: Nfi, tmp_path: Path) -> None:
    found = nfi("case", "1", "-f", tmp_path)
    assert found.code == 3
    assert f"nfi match {tmp_path}" in found.err.replace("\n", "")


def test_cases_that_cannot_be_read_are_said_so(nfi: Nfi, work: Path) -> None:
    (work / "matches/cases.parquet").write_bytes(b"not Parquet")
    assert nfi("case", "1", "-f", work).code == 3


def test_all_files_of_a_match_are_those_of_one_run(nfi: Nfi, work: Path) -> None:
    assert verify_folder(work) == ()
    record = json.loads((work / "runs/match.json").read_text())
    assert sorted(record["outputs"]) == [
        "matches/case-records.csv",
        "matches/case-records.parquet",
        "matches/cases.csv",
        "matches/cases.parquet",
        "matches/cases.xlsx",
    ]
