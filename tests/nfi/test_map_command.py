"""`nfi map` as it is typed. All records are invented."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from specs.catalogues import load_specification
from specs.mapping import matching_mapping, read_mapping
from specs.read import open_extract
from tests.typed import Nfi

PAYROLL = load_specification("payroll")
HISTORY = load_specification("creditors-history")
DOCS = Path(__file__).parents[2] / "docs"


def ledger(path: Path, *headings: str) -> Path:
    rows = [
        [
            f"S{n % 9:05}",
            f"V{n:06}",
            f"AB/{n * n}",
            f"{1 + n % 28:02}/05/2025",
            f"{n}.50",
            "Anywhere",
            f"x{n}",
        ]
        for n in range(1, 80)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


@pytest.fixture
def april(tmp_path: Path) -> Path:
    return ledger(
        tmp_path / "April 2025.csv", "Vendor ID", "Voucher", "Inv No", "Inv Date", "Gross", "Body Name", "ZZ"
    )


def test_the_next_command_reads_the_file_in_the_same_way(nfi: Nfi, tmp_path: Path) -> None:
    ledger(tmp_path / "a.csv", "Vendor ID", "Voucher", "Inv No", "Inv Date", "Gross", "Body Name", "ZZ")
    work = tmp_path / "work"
    options = ("--heading-row", "1", "--encoding", "cp1252")
    outcome = nfi("map", tmp_path / "a.csv", "-d", "creditors-history", "--out", work, *options)
    assert "--dataset creditors-history --encoding cp1252 --heading-row 1 --out" in outcome.err


def test_a_file_that_lacks_most_of_what_is_needed_may_be_of_another_data_set(
    nfi: Nfi, tmp_path: Path, april: Path
) -> None:
    said = "fields that every record must have. Is this a file of"
    asked = " ".join(nfi("map", april, "-d", "payroll", "--out", tmp_path / "work").out.split())
    assert f"{said} payroll?" in asked
    fits = " ".join(nfi("map", april, "-d", "creditors-history", "--out", tmp_path / "work").out.split())
    assert said not in fits


def test_a_mapping_is_proposed_written_and_found_again_by_the_check(
    nfi: Nfi, tmp_path: Path, april: Path
) -> None:
    work = tmp_path / "work"
    outcome = nfi("map", april, "--dataset", "creditors-history", "--out", work)
    assert outcome.code == 0, outcome.err
    saved = work / "mappings" / "creditors-history-April-2025.yaml"
    assert f"Written: {saved}" in outcome.err
    assert f"Next: nfi check '{april}' --dataset creditors-history --out {work}" in outcome.err
    assert "5 of 12 fields placed, from the headings and 79 records of 1 file" in outcome.out
    assert "Creditor reference" in outcome.out
    assert "heading is 'Vendor ID'" in outcome.out
    assert "Headings that no field takes:\n  ZZ" in outcome.out
    assert "'Body Name' says whose records they are." in outcome.out
    assert "S00001" not in outcome.out + outcome.err
    assert matching_mapping(work / "mappings", open_extract(april).headings, HISTORY) == saved
    assert read_mapping(saved, HISTORY).employer == "Body Name"
    checked = nfi("check", april, "--dataset", "creditors-history", "--out", work)
    assert checked.code in {0, 1}, checked.err
    assert "79 records" in checked.out


def test_json_says_the_same_for_other_programs(nfi: Nfi, tmp_path: Path, april: Path) -> None:
    outcome = nfi("map", april, "-d", "creditors-history", "-o", tmp_path / "work", "--json")
    said = json.loads(outcome.out)
    assert said["json_version"] == 1
    assert said["mapping"] == str(tmp_path / "work/mappings/creditors-history-April-2025.yaml")
    (reference,) = [each for each in said["placed"] if each["field"] == "Creditor reference"]
    assert reference["headings"] == ["Vendor ID"]
    assert 0.8 < reference["confidence"] <= 1
    assert {each["field"] for each in said["not_placed"]} >= {"Site ID", "Due date"}
    assert said["headings_not_taken"] == [{"heading": "ZZ", "looks_like": ""}]
    assert said["money_format"] == "pounds"
    assert len(said["signatures"][0]) == 64


def payroll(path: Path, *kinds: str) -> Path:
    """A payroll of 120 invented records, among which the kinds of employees come in turn."""
    rows = [
        [
            f"{n:06}",
            f"CR{n:06}A",
            f"{1 + n % 28:02}/05/19{60 + n % 30}",
            f"{n}00.50",
            kinds[n % len(kinds)],
            "NY"[n % 2],
        ]
        for n in range(1, 121)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        headings = ["Employee Number", "NI Number", "Date Of Birth", "Gross YTD", "FT/PT", "Teacher"]
        csv.writer(file).writerows([headings, *rows])
    return path


def test_words_for_codes_are_translated_and_the_check_finds_codes(nfi: Nfi, tmp_path: Path) -> None:
    work = tmp_path / "work"
    file = payroll(tmp_path / "pay.csv", "Bank", "Full Time", "Part-time", "full time")
    outcome = nfi("map", file, "-d", "payroll", "-o", work)
    assert "Full-time/part-time flag: Full Time to F, Part-time to P, Bank to C" in outcome.out
    assert "Teacher flag: Y to T, N to blank" in outcome.out
    mapping = read_mapping(work / "mappings/payroll-pay.yaml", PAYROLL)
    assert mapping.translate["Teacher flag"] == {"Y": "T", "N": ""}
    nfi("check", file, "-d", "payroll", "-o", work)
    records = pq.read_table(work / "checked/payroll.parquet")
    assert set(records["full_part_time"].to_pylist()) == {"F", "P", "C"}
    assert set(records["teacher_flag"].to_pylist()) == {"T", None}
    findings = pq.read_table(work / "findings/payroll.parquet")
    assert "one_of" not in findings["code"].to_pylist()


def test_codes_that_nobody_knows_are_left_for_a_person_to_translate(nfi: Nfi, tmp_path: Path) -> None:
    file = payroll(tmp_path / "pay.csv", "Full Time", "Seasonal")
    outcome = nfi("map", file, "-d", "payroll", "-o", tmp_path / "work")
    told = " ".join(outcome.out.split())
    assert "takes only F, P, C, and its heading has values that are not known, such as Seasonal: say" in told
    written = (tmp_path / "work/mappings/payroll-pay.yaml").read_text(encoding="utf-8")
    line = '#   Full-time/part-time flag: {Full Time: F, Seasonal: "?"}  # takes only F, P, C\n'
    assert line in written
    said = json.loads(nfi("map", file, "-d", "payroll", "-o", tmp_path / "work", "--force", "--json").out)
    (flag,) = [each for each in said["translate"] if each["field"] == "Full-time/part-time flag"]
    assert flag["values"] == {"Full Time": "F"}
    assert (flag["not_known"], flag["complete"]) == (["Seasonal"], False)


def test_a_total_that_is_net_is_to_be_looked_at(nfi: Nfi, tmp_path: Path) -> None:
    file = ledger(
        tmp_path / "a.csv", "Vendor ID", "Voucher", "Inv No", "Inv Date", "Net Amount", "Body", "ZZ"
    )
    outcome = nfi("map", file, "-d", "creditors-history", "-o", tmp_path / "work")
    told = " ".join(outcome.out.split())
    assert "Total invoice amount <- Net Amount: the heading says 'net', and this field includes VAT" in told
    written = (tmp_path / "work/mappings/creditors-history-a.yaml").read_text(encoding="utf-8")
    assert re.search("Total invoice amount: Net Amount +# LOOK, .*'net'", written)


def test_several_files_get_one_mapping(nfi: Nfi, tmp_path: Path, april: Path) -> None:
    may = ledger(
        tmp_path / "May.csv",
        "Supplier No",
        "Voucher",
        "Inv No",
        "Inv Date",
        "Gross Amount",
        "Body Name",
        "ZZ",
    )
    outcome = nfi("map", april, may, "-d", "creditors-history", "-o", tmp_path / "work", "--json")
    said = json.loads(outcome.out)
    headings = {each["field"]: each["headings"] for each in said["placed"]}
    assert headings["Creditor reference"] == ["Vendor ID", "Supplier No"]
    assert headings["Total invoice amount"] == ["Gross", "Gross Amount"]
    assert len(said["signatures"]) == 2


def test_a_mapping_that_is_there_stays_unless_force_says_otherwise(
    nfi: Nfi, tmp_path: Path, april: Path
) -> None:
    command = ("map", april, "-d", "creditors-history", "-o", tmp_path / "work")
    nfi(*command)
    saved = tmp_path / "work/mappings/creditors-history-April-2025.yaml"
    saved.write_text(saved.read_text() + "not_held: [Due date]\n")
    again = nfi(*command)
    assert again.code == 3
    assert "is there already" in again.err
    assert "not_held" in saved.read_text()
    assert nfi(*command, "--force").code == 0
    assert "not_held: [Due date]\n" not in saved.read_text().splitlines(keepends=True)


def test_a_second_mapping_for_the_same_headings_is_refused(nfi: Nfi, tmp_path: Path, april: Path) -> None:
    work = tmp_path / "work"
    nfi("map", april, "-d", "creditors-history", "-o", work)
    renamed = april.rename(tmp_path / "other.csv")
    outcome = nfi("map", renamed, "-d", "creditors-history", "-o", work)
    assert outcome.code == 3
    assert "is for these headings already, and nfi check finds it" in outcome.err
    elsewhere = nfi(
        *("map", renamed, "-d", "creditors-history", "-o", work),
        *("--mapping-file", tmp_path / "mine.yaml"),
    )
    assert elsewhere.code == 0
    assert f"--mapping {tmp_path / 'mine.yaml'}" in elsewhere.err


def test_a_file_with_nothing_of_the_data_set_is_refused_with_what_to_do(nfi: Nfi, tmp_path: Path) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text("Zeta,Eta\n" + "x,y\n" * 20)
    outcome = nfi("map", odd, "-d", "creditors-history", "-o", tmp_path / "work")
    assert outcome.code == 3
    assert "nothing in it looks like a field of creditors-history" in outcome.err
    assert not list((tmp_path / "work").glob("**/*.yaml"))


def test_an_unknown_data_set_is_refused_with_the_nearest(nfi: Nfi, tmp_path: Path, april: Path) -> None:
    outcome = nfi("map", april, "-d", "payrol", "-o", tmp_path / "work")
    assert outcome.code == 2
    assert "did you mean 'payroll'?" in outcome.err


def blocks(document: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", (DOCS / document).read_text(encoding="utf-8"), re.S | re.M)


def test_the_documentation_shows_what_is_printed_and_written(
    nfi: Nfi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "96")
    outcome = nfi("map", DOCS / "examples/ledger.csv", "-d", "creditors-history", "-o", tmp_path / "work")
    printed = [line.rstrip() for line in outcome.out.splitlines()]
    assert blocks("mapping.md", "text")[0].splitlines() == printed
    written = (tmp_path / "work/mappings/creditors-history-ledger.yaml").read_text(encoding="utf-8")
    assert blocks("mapping.md", "yaml")[0] == written


def test_the_mapping_in_the_documentation_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(blocks("mapping.md", "yaml")[1], encoding="utf-8")
    mapping = read_mapping(path, HISTORY)
    assert mapping.employer == "Organisation"
    assert set(mapping.lookups) == {"Method of payment"}


def test_the_translation_in_the_documentation_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(blocks("mapping.md", "yaml")[2], encoding="utf-8")
    mapping = read_mapping(path, PAYROLL)
    assert mapping.translate["Full-time/part-time flag"]["Part Time"] == "P"
    assert mapping.translate["Teacher flag"] == {"Yes": "T", "No": ""}
