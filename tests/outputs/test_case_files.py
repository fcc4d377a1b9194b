import csv
import stat
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.result import CASES, RECORD_KEYS, MatchResult
from outputs.case_files import write_case_files
from specs.formulas import FORMULA_STARTS
from specs.specification import FieldFormat
from tests.examples import examples
from tests.outputs.ranked_result import ranked_result


@dataclass(frozen=True)
class Field:
    name: str
    format: FieldFormat


FIELDS = {
    "creditor_reference": Field("Creditor reference", FieldFormat.CHARACTER),
    "invoice_date": Field("Invoice date", FieldFormat.DATE),
    "total_invoice_amount": Field("Total invoice amount", FieldFormat.MONEY),
    "standard_hours": Field("Standard hours per week", FieldFormat.HOURS),
    "bank_account": Field("Bank account", FieldFormat.CHARACTER),
    "ni_number": Field("National insurance number", FieldFormat.CHARACTER),
}
HELD_AS = {FieldFormat.DATE: pa.date32(), FieldFormat.MONEY: pa.int64(), FieldFormat.HOURS: pa.int64()}
CASE = {
    "rank": 1,
    "case": "0a1b2c3d4e5f6071",
    "report": "same-bank-account-creditors",
    "title": "Same bank account, different creditor reference",
    "also_in": ["one", "two"],
    "records": 2,
    "value_at_risk": 123456,
    "agrees": ["Bank account: 00012345", "Creditor name: Café Été / Cafe Ete"],
    "differs": [],
    "explanations": ["a reason; with a semicolon", 'and "quotes"'],
    "priority": 0.25,
    "share": 0.5,
    "bits": 17.2,
    "evidence": [
        {"field": "Bank account", "verdict": "agrees", "bits": 13.2},
        {"field": "Creditor name", "verdict": "alike", "bits": 4.0},
    ],
    "saw": [],
    "overlaps": ["2 records also in case 00ff, rank 7"],
}


def result_of(case: dict[str, Any] | None = None, **values: Any) -> MatchResult:
    """One case with one record that holds these values."""
    schema = pa.schema(
        [
            *RECORD_KEYS,
            *(pa.field(name, HELD_AS.get(field.format, pa.string())) for name, field in FIELDS.items()),
        ]
    )
    record = {
        "rank": 1,
        "case": CASE["case"],
        "dataset": "creditors-standing",
        "source_row": 12345,
        "raised_by": ["one", "two"],
    } | values
    return ranked_result(
        pa.Table.from_pylist([CASE | (case or {})], schema=CASES),
        pa.Table.from_pylist([record], schema=schema),
    )


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_paths_that_were_written_are_returned(tmp_path: Path) -> None:
    written = write_case_files(tmp_path / "matches", result_of(), FIELDS)
    assert sorted(path.name for path in written) == [
        "case-records.csv",
        "cases.csv",
    ]
    assert sorted(written) == sorted((tmp_path / "matches").iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}


def test_cases_read_well_in_csv(tmp_path: Path) -> None:
    write_case_files(tmp_path, result_of(), FIELDS)
    assert rows_of(tmp_path / "cases.csv") == [
        {
            "Rank": "1",
            "Case": "0a1b2c3d4e5f6071",
            "Report": "same-bank-account-creditors",
            "Title": "Same bank account, different creditor reference",
            "Other reports": "one; two",
            "Records": "2",
            "Value at risk (£)": "1234.56",
            "Value involved (£)": "",
            "Agrees": "Bank account: in the workbook; Creditor name: Café Été / Cafe Ete",
            "Differs": "",
            "Innocent explanations found": 'a reason; with a semicolon; and "quotes"',
            "Priority": "0.25",
            "Share worth opening": "0.5",
            "Bits": "17.2",
            "How surprising": "Bank account agrees: 1 in 9,400 by chance, 13.2 bits; "
            "Creditor name is alike: 1 in 16 by chance, 4.0 bits",
            "Records in other cases": "2 records also in case 00ff, rank 7",
        }
    ]


def test_records_read_well_in_csv(tmp_path: Path) -> None:
    result = result_of(
        creditor_reference="000123",
        invoice_date=date(2026, 2, 28),
        total_invoice_amount=-5,
        standard_hours=3725,
        bank_account="00012345",
    )
    write_case_files(tmp_path, result, FIELDS)
    assert rows_of(tmp_path / "case-records.csv") == [
        {
            "Rank": "1",
            "Case": "0a1b2c3d4e5f6071",
            "Data set": "creditors-standing",
            "Source row": "12345",
            "Raised by": "one; two",
            "Creditor reference": "000123",
            "Invoice date": "2026-02-28",
            "Total invoice amount (£)": "-0.05",
            "Standard hours per week": "37.25",
            "Bank account": "*****345",
            "National insurance number": "",
        }
    ]


@pytest.mark.parametrize(
    ("pence", "pounds"),
    [
        (0, "0.00"),
        (1, "0.01"),
        (-1, "-0.01"),
        (100, "1.00"),
        (-123456, "-1234.56"),
        (2**63 - 1, "92233720368547758.07"),
    ],
)
def test_pence_become_pounds_exactly(tmp_path: Path, pence: int, pounds: str) -> None:
    write_case_files(tmp_path, result_of({"value_at_risk": pence}, total_invoice_amount=pence), FIELDS)
    assert rows_of(tmp_path / "cases.csv")[0]["Value at risk (£)"] == pounds
    assert rows_of(tmp_path / "case-records.csv")[0]["Total invoice amount (£)"] == pounds


@pytest.mark.parametrize(
    ("whole", "shown"),
    [("12345678", "*****678"), ("QQ123456C", "******56C"), ("123456", "******"), ("1", "*")],
)
def test_accounts_and_national_insurance_numbers_are_masked_in_csv(
    tmp_path: Path, whole: str, shown: str
) -> None:
    write_case_files(tmp_path, result_of(bank_account=whole, ni_number=whole), FIELDS)
    row = rows_of(tmp_path / "case-records.csv")[0]
    assert (row["Bank account"], row["National insurance number"]) == (shown, shown)


def test_no_masked_value_stands_anywhere_in_the_csv_files(tmp_path: Path) -> None:
    evidence = ["Bank account: 00012345 / 99912345", "National insurance number: QQ 12 34 56 C"]
    result = result_of(
        {"agrees": evidence, "differs": evidence}, bank_account="00012345", ni_number="QQ 12 34 56 C"
    )
    write_case_files(tmp_path, result, FIELDS)
    text = "".join((tmp_path / name).read_text("utf-8-sig") for name in ("cases.csv", "case-records.csv"))
    for value in ("00012345", "99912345", "QQ 12 34 56 C"):
        assert value not in text


@pytest.mark.parametrize("start", list(FORMULA_STARTS))
def test_text_that_a_spreadsheet_would_run_has_an_apostrophe_before_it(tmp_path: Path, start: str) -> None:
    write_case_files(tmp_path, result_of({"title": f"{start}1", "agrees": [f"{start}2"]}), FIELDS)
    row = rows_of(tmp_path / "cases.csv")[0]
    assert (row["Title"], row["Agrees"]) == (f"'{start}1", f"'{start}2")


def test_a_spreadsheet_is_told_that_the_csv_is_utf_8(tmp_path: Path) -> None:
    write_case_files(tmp_path, result_of(), FIELDS)
    for name in ("cases.csv", "case-records.csv"):
        raw = (tmp_path / name).read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        assert raw.count(b"\r\n") == raw.count(b"\n") == 2


def test_a_run_without_cases_gives_headings_only(tmp_path: Path) -> None:
    result = result_of()
    write_case_files(tmp_path, ranked_result(result.cases.slice(0, 0), result.records.slice(0, 0)), FIELDS)
    assert rows_of(tmp_path / "cases.csv") == []
    assert (tmp_path / "case-records.csv").read_text("utf-8-sig").startswith('"Rank","Case","Data set"')


def test_the_same_cases_give_the_same_bytes(tmp_path: Path) -> None:
    digests = [
        [path.read_bytes() for path in write_case_files(tmp_path / name, result_of(), FIELDS)]
        for name in ("one", "two")
    ]
    assert digests[0] == digests[1]


@given(st.text(), st.lists(st.text(), max_size=3))
@settings(max_examples=examples(24), deadline=None)
def test_any_text_can_be_read_back_from_csv(text: str, entries: list[str]) -> None:
    result = result_of({"title": text, "explanations": entries}, creditor_reference=text)
    with tempfile.TemporaryDirectory() as folder:
        write_case_files(Path(folder), result, FIELDS)
        (case,) = rows_of(Path(folder) / "cases.csv")
        (record,) = rows_of(Path(folder) / "case-records.csv")
    assert case["Title"].removeprefix("'") == text.removeprefix("'")
    assert record["Creditor reference"] == case["Title"]
    assert case["Innocent explanations found"].removeprefix("'") == "; ".join(entries).removeprefix("'")
    assert case["Title"][:1] not in set(FORMULA_STARTS)
