"""`nfi check` against what else is known: control totals, an earlier extract, look-ups, bank tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.typed import Nfi

HEADINGS = (
    "Creditor reference,Internal/system invoice number,Suppliers invoice number,Invoice date,"
    "Total invoice amount,VAT amount,Method of payment\n"
)


def ledger(folder: Path, records: int = 3, name: str = "ledger.csv") -> Path:
    path = folder / name
    lines = (f"C{n},{n},AB/{n},0{1 + n % 9}042026,120.00,20.00,B\n" for n in range(1, records + 1))
    path.write_text(HEADINGS + "".join(lines), encoding="utf-8")
    return path


def command(extract: Path, work: Path, *more: object) -> tuple[object, ...]:
    return ("check", extract, "-d", "creditors-history", "--out", work, *more)


def found(work: Path, code: str, dataset: str = "creditors-history") -> list[tuple[object, ...]]:
    """Row, field and detail of the findings with a code."""
    rows = pq.read_table(work / f"findings/{dataset}.parquet").to_pylist()
    return [(row["row"], row["field"], row["detail"]) for row in rows if row["code"] == code]


def made_from(work: Path, dataset: str = "creditors-history") -> dict[str, object]:
    """What the run record says that a check was made from."""
    record: dict[str, object] = json.loads((work / f"runs/check-{dataset}.json").read_text())["made_from"]
    return record


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        pytest.param(["rows=3", "Total invoice amount=360.00", "VAT amount:count=3"], [], id="right"),
        pytest.param(
            ["rows=4"], [(None, None, "expected 4 records, the extract has 3: 1 fewer")], id="records"
        ),
        pytest.param(
            ["VAT AMOUNT=59.99"],
            [(None, "VAT amount", "expected £59.99, the extract has £60.00: £0.01 more")],
            id="sum, in any case",
        ),
        pytest.param(
            ["VAT amount:count=2"],
            [(None, "VAT amount", "expected 2 records, the extract has 3: 1 more")],
            id="how many are filled",
        ),
    ],
)
def test_what_the_source_system_says_is_compared(
    nfi: Nfi, tmp_path: Path, expected: list[str], told: list[tuple[object, ...]]
) -> None:
    work = tmp_path / "work"
    options = [part for each in expected for part in ("--expect", each)]
    said = nfi(*command(ledger(tmp_path), work, *options))
    assert found(work, "control_total") == told
    assert said.code == int(bool(told))
    assert made_from(work)["expected"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("totals.yaml", "rows: 3\nfields: {Total invoice amount: 361.00}\n", id="YAML"),
        pytest.param("totals.csv", "field,sum,count\nrows,,3\nTotal invoice amount,361.00,\n", id="CSV"),
    ],
)
def test_control_totals_may_stand_in_a_file_and_the_command_line_counts_more(
    nfi: Nfi, tmp_path: Path, name: str, content: str
) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    work = tmp_path / "work"
    nfi(*command(ledger(tmp_path), work, "--expect-file", file, "--expect", "rows=5"))
    assert [detail for _, _, detail in found(work, "control_total")] == [
        "expected 5 records, the extract has 3: 2 fewer",
        "expected £361.00, the extract has £360.00: £1.00 less",
    ]


@pytest.mark.parametrize(
    ("expected", "says"),
    [
        pytest.param("Total invoce amount=1", "did you mean 'Total invoice amount'?", id="no such field"),
        pytest.param("Suppliers invoice number=1", "no column of sums", id="nothing to add up"),
        pytest.param("three", "is no control total", id="no total"),
    ],
)
def test_a_control_total_that_cannot_be_compared_is_refused_before_anything_is_read(
    nfi: Nfi, tmp_path: Path, expected: str, says: str
) -> None:
    said = nfi(*command(ledger(tmp_path), tmp_path / "work", "--expect", expected))
    assert said.code == 2
    assert says in said.err
    assert said.err.count("\n") == 1
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("how", ["folder", "record", "extract"])
def test_an_extract_much_smaller_than_the_previous_one_is_told(nfi: Nfi, tmp_path: Path, how: str) -> None:
    before = ledger(tmp_path, records=9, name="previous.csv")
    nfi(*command(before, tmp_path / "before"))
    previous = {
        "folder": tmp_path / "before",
        "record": tmp_path / "before/checked/creditors-history.json",
        "extract": before,
    }[how]
    work = tmp_path / "work"
    said = nfi(*command(ledger(tmp_path), work, "--previous", previous))
    assert found(work, "previous_records") == [(None, None, "3 records; 2026-27 had 9")]
    assert "[previous_records]" in said.out
    earlier = json.loads((tmp_path / "before/checked/creditors-history.json").read_text())
    assert made_from(work)["previous"] == earlier["records_sha256"]
    assert [path.name for path in work.iterdir() if path.name.startswith(".")] == []


def test_an_extract_like_the_previous_one_is_no_finding(nfi: Nfi, tmp_path: Path) -> None:
    nfi(*command(ledger(tmp_path), tmp_path / "before"))
    nfi(*command(ledger(tmp_path, records=4), tmp_path / "work", "--previous", tmp_path / "before"))
    assert [
        code
        for code in ("previous_records", "previous_filled", "previous_sums")
        if found(tmp_path / "work", code)
    ] == []


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(lambda folder: folder / "nowhere.csv", "the extract to compare with", id="not there"),
        pytest.param(lambda folder: folder, "holds no check of creditors-history", id="nothing checked"),
    ],
)
def test_a_previous_extract_that_is_none_is_one_line(
    nfi: Nfi, tmp_path: Path, make: Callable[[Path], Path], says: str
) -> None:
    said = nfi(*command(ledger(tmp_path), tmp_path / "work", "--previous", make(tmp_path)))
    assert said.code == 3
    assert says in said.err
    assert said.err.count("\n") == 1
    assert [path for path in (tmp_path / "work").rglob("*") if path.is_file()] == []


FIELDS = """dataset: creditors-history
fields:
  Creditor reference: Creditor reference
  Internal/system invoice number: Internal/system invoice number
  Suppliers invoice number: Suppliers invoice number
  Invoice date: Invoice date
  Total invoice amount: Total invoice amount
  VAT amount: VAT amount
  Method of payment: Method of payment
"""


def mapping_file(folder: Path, more: str) -> Path:
    path = folder / "ledger.yaml"
    path.write_text(FIELDS + more, encoding="utf-8")
    return path


def test_codes_are_looked_up_in_the_table_that_the_mapping_names(nfi: Nfi, tmp_path: Path) -> None:
    (tmp_path / "methods.csv").write_text("Code,Meaning\nC,Cheque\nB,BACS\n")
    mapping = mapping_file(tmp_path, "lookups: {Method of payment: methods.csv}\n")
    work = tmp_path / "work"
    nfi(*command(ledger(tmp_path), work, "--mapping", mapping))
    assert found(work, "not_in_lookup") == []
    first = made_from(work)["lookups"]

    (tmp_path / "methods.csv").write_text("Code,Meaning\nC,Cheque\n")
    said = nfi(*command(ledger(tmp_path), work, "--mapping", mapping))
    assert [(row, field) for row, field, _ in found(work, "not_in_lookup")] == [
        (row, "Method of payment") for row in (2, 3, 4)
    ]
    assert "not_in_lookup" in said.out
    assert made_from(work)["lookups"] != first


def test_a_look_up_table_that_is_not_there_is_one_line(nfi: Nfi, tmp_path: Path) -> None:
    mapping = mapping_file(tmp_path, "lookups: {Method of payment: methods.csv}\n")
    said = nfi(*command(ledger(tmp_path), tmp_path / "work", "--mapping", mapping))
    assert said.code == 3
    assert "methods.csv" in said.err
    assert said.err.count("\n") == 1


PEOPLE = (
    "Body,Employee reference number,Surname,Forename(s),Address line 1,Date of birth,Gross pay to date,"
    "Post code,Sort code,Bank account\n"
    "Anytown,E1,Archer,Ann,1 Sample Road,01051980,1200.00,LS1 4AP,10-00-00,00000011\n"
    "Anytown,E2,Baker,Ben,2 Sample Road,02051981,1300.00,LS1 4AP,10-00-00,00000012\n"
    "Othertown,E3,Cook,Cat,3 Sample Road,03051982,1400.00,LS1 4AP,30-00-00,00000012\n"
)


def people(folder: Path) -> Path:
    path = folder / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


def test_more_than_one_employer_under_the_heading_that_the_mapping_names_is_told(
    nfi: Nfi, tmp_path: Path
) -> None:
    headings = PEOPLE.splitlines()[0].split(",")[1:]
    fields = "".join(f"  {heading}: {heading}\n" for heading in headings)
    mapping = tmp_path / "people.yaml"
    mapping.write_text(f"dataset: payroll\nemployer: Body\nfields:\n{fields}", encoding="utf-8")
    work = tmp_path / "work"
    nfi("check", people(tmp_path), "-d", "payroll", "--out", work, "--mapping", mapping)
    assert found(work, "several_employers", "payroll") == [
        (None, None, "2 employers: Anytown (2 records), Othertown (1 record)")
    ]


def test_sort_codes_and_accounts_are_held_against_tables_that_the_user_supplies(
    nfi: Nfi, tmp_path: Path
) -> None:
    # Invented, in the layout of Pay.UK: the last two digits, weighted 2 and 1, are divisible by 11 or not.
    tables = tmp_path / "tables"
    tables.mkdir()
    weights = " ".join(f"{weight:4}" for weight in [0] * 12 + [10, 1])
    (tables / "valacdos-v1.txt").write_text(f"100000 100009 MOD11 {weights}\r\n")
    work = tmp_path / "work"
    said = nfi("check", people(tmp_path), "-d", "payroll", "--out", work, "--modulus-tables", tables)
    assert [row for row, _, _ in found(work, "modulus", "payroll")] == [3]
    assert "modulus" in said.out
    assert isinstance(made_from(work, "payroll")["modulus_tables"], str)

    without = nfi("check", people(tmp_path), "-d", "payroll", "--out", work)
    assert "Not checked [modulus]: no tables of Pay.UK were given" in without.out
    assert found(work, "modulus", "payroll") == []


def test_a_folder_without_modulus_tables_is_one_line(nfi: Nfi, tmp_path: Path) -> None:
    said = nfi(
        *("check", people(tmp_path), "-d", "payroll", "--out", tmp_path / "work"),
        *("--modulus-tables", tmp_path),
    )
    assert said.code == 3
    assert "no file called valacdos*.txt" in said.err
    assert said.err.count("\n") == 1
    assert not (tmp_path / "work").exists()
