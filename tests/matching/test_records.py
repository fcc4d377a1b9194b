"""Checked records gain what other data sets know of them, and the keys by which they are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from matching.body import Body
from matching.prepare import prepared_records
from matching.records import RECORD_BITS, Enrichment, enrichments, known_fields
from matching.standards import STANDARDS
from specs.engine import Engine
from specs.finding import FINDINGS
from specs.specification import Specification

Rows = list[dict[str, Any]]
Prepared = Callable[[Mapping[str, Rows]], dict[str, pa.Table]]


@pytest.fixture
def prepared(
    checked: Callable[[Mapping[str, Rows]], dict[str, Path]],
    engine: Engine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Prepared:
    """Prepared records as tables, in order of record."""

    def prepare(datasets: Mapping[str, Rows]) -> dict[str, pa.Table]:
        files = prepared_records((Body(checked(datasets)),), engine, tmp_path_factory.mktemp("prepared"))
        return {dataset: pq.read_table(file).sort_by("record") for dataset, file in files.items()}

    return prepare


HISTORY: Rows = [
    {"creditor_reference": "C1", "total_invoice_amount": 500, "supplier_invoice_number": "INV-1"},
    {"creditor_reference": "C1", "total_invoice_amount": -200},
    {"creditor_reference": "C2", "total_invoice_amount": 900},
    {"creditor_reference": None, "total_invoice_amount": 70},
]
STANDING: Rows = [
    {"creditor_reference": "C1", "site_id": "1", "creditor_name": None},
    {"creditor_reference": "C1", "site_id": "2", "creditor_name": "Acorn Hire Ltd"},
    {"creditor_reference": "C1", "site_id": "3", "creditor_name": "Acorn Tools Ltd"},
    {"creditor_reference": "C9", "creditor_name": "Birch Care"},
    {"creditor_reference": None, "creditor_name": "No Reference"},
]


def test_a_payment_takes_the_first_name_that_the_standing_data_hold_and_stays_one_row(
    prepared: Prepared,
) -> None:
    history = prepared({"creditors-history": HISTORY, "creditors-standing": STANDING})["creditors-history"]
    assert history["creditor_name"].to_pylist() == ["Acorn Hire Ltd", "Acorn Hire Ltd", None, None]
    assert history["creditor_name_key"].to_pylist() == ["ACORN HIRE", "ACORN HIRE", None, None]
    assert history["invoice_key"].to_pylist() == ["INV1", None, None, None]


@pytest.mark.parametrize(("names", "taken"), [(10, "Supplier 0"), (11, None)])
def test_a_collective_reference_has_no_name_of_its_own(
    names: int, taken: str | None, prepared: Prepared
) -> None:
    standing = [{"creditor_reference": "CARDS", "creditor_name": f"Supplier {n}"} for n in range(names)]
    history = [{"creditor_reference": "CARDS", "total_invoice_amount": 500}]
    found = prepared({"creditors-history": history, "creditors-standing": standing})["creditors-history"]
    assert found["creditor_name"].to_pylist() == [taken]


def test_a_creditor_gains_what_it_was_paid_less_its_credits(prepared: Prepared) -> None:
    standing = prepared({"creditors-history": HISTORY, "creditors-standing": STANDING})["creditors-standing"]
    assert standing["paid"].to_pylist() == [300, 300, 300, 0, 0]


def test_what_a_missing_data_set_would_have_said_is_blank(prepared: Prepared) -> None:
    history = prepared({"creditors-history": HISTORY})["creditors-history"]
    standing = prepared({"creditors-standing": STANDING})["creditors-standing"]
    assert history["creditor_name"].null_count == history.num_rows
    assert history.schema.field("creditor_name").type == pa.string()
    assert standing["paid"].null_count == standing.num_rows
    assert standing.schema.field("paid").type == pa.int64()


def test_records_are_numbered_apart_and_in_order_of_their_rows(prepared: Prepared) -> None:
    rows = [{"source_row": 9, "creditor_reference": "B"}, {"source_row": 4, "creditor_reference": "A"}]
    tables = prepared(
        {"creditors-history": HISTORY, "creditors-standing": rows, "payroll": [{"surname": "A"}]}
    )
    assert tables["creditors-standing"]["source_row"].to_pylist() == [4, 9]
    numbers = [number for table in tables.values() for number in table["record"].to_pylist()]
    assert numbers == sorted(set(numbers))
    assert [number % (1 << RECORD_BITS) for number in tables["creditors-standing"]["record"].to_pylist()] == [
        4,
        9,
    ]


@pytest.mark.parametrize("dataset", enrichments())
def test_a_data_set_without_records_has_all_its_columns(dataset: str, prepared: Prepared) -> None:
    empty = prepared({dataset: []})[dataset]
    one = prepared({dataset: [{"source_row": 2}]})[dataset]
    assert empty.num_rows == 0
    assert empty.schema.names == one.schema.names
    assert empty.schema.types == one.schema.types


def test_a_data_set_that_nothing_is_said_of_brings_no_records(
    prepared: Prepared, tmp_path: Path, engine: Engine
) -> None:
    assert prepared_records((Body({"pensions": tmp_path / "pensions.parquet"}),), engine, tmp_path) == {}


def test_keys_name_standards_and_columns_that_there_are(
    prepared: Prepared, specifications: dict[str, Specification]
) -> None:
    tables = prepared({dataset: [] for dataset in enrichments()})
    for dataset, entry in enrichments().items():
        for made in entry.keys.values():
            ((standard, columns),) = made.items()
            assert standard in STANDARDS
            assert set(columns) <= set(tables[dataset].column_names)
            assert set(columns) <= set(known_fields(specifications))


def test_a_key_is_traced_back_to_the_columns_that_a_person_knows() -> None:
    payroll = enrichments()["payroll"]
    assert payroll.origin("bank_key") == ("sort_code", "bank_account", "roll_number")
    assert payroll.origin("date_of_birth") == ("date_of_birth",)


def test_what_is_added_up_is_a_sum_or_the_first_or_largest_of_its_kind(prepared: Prepared) -> None:
    days = [date(2025, 3, 4), date(2025, 1, 2), None, date(2024, 1, 1)]
    history = [{**row, "invoice_date": day} for row, day in zip(HISTORY, days, strict=True)]
    standing = prepared({"creditors-history": history, "creditors-standing": STANDING})["creditors-standing"]
    assert standing["first_invoice"].to_pylist() == [date(2025, 1, 2)] * 3 + [None, None]
    assert standing["largest_invoice"].to_pylist() == [500, 500, 500, None, None]
    assert standing.schema.field("first_invoice").type == pa.date32()


def test_a_derived_column_may_take_what_was_added_up_and_is_null_where_nothing_can_be_said(
    prepared: Prepared,
) -> None:
    standing: Rows = [{"creditor_reference": "C1", "date_created": date(2025, 1, 1)}]
    standing.append({"creditor_reference": "C1"})
    history = [{"creditor_reference": "C1", "invoice_date": date(2025, 1, 31)}]
    tables = prepared({"creditors-history": history, "creditors-standing": standing})
    assert tables["creditors-standing"]["days_to_first_invoice"].to_pylist() == [30, None]
    alone = prepared({"creditors-standing": standing})["creditors-standing"]
    assert alone["days_to_first_invoice"].to_pylist() == [None, None]


def test_only_the_keys_that_are_needed_are_made_and_what_goes_into_them(
    checked: Callable[[Mapping[str, Rows]], dict[str, Path]], engine: Engine, tmp_path: Path
) -> None:
    bodies = (Body(checked({"creditors-history": HISTORY})),)
    found = prepared_records(bodies, engine, tmp_path, needed={"invoice_alike_keys"})
    names = set(pq.read_schema(found["creditors-history"]).names)
    assert {"invoice_alike_keys", "invoice_folded_key", "invoice_core_key", "invoice_digits_key"} <= names
    assert not {"invoice_key", "creditor_name_key", "vat_expected"} & names


def test_a_date_that_could_not_be_read_keeps_its_digits(
    checked: Callable[[Mapping[str, Rows]], dict[str, Path]], engine: Engine, tmp_path: Path
) -> None:
    rows: Rows = [{"date_of_birth": date(1980, 2, 1)}, {"date_of_birth": None}, {"date_of_birth": None}]
    finding = {"code": "date", "severity": "error", "row": 3, "field": "Date of birth", "value": "31/02/1980"}
    pq.write_table(pa.Table.from_pylist([finding], schema=FINDINGS), tmp_path / "findings.parquet")
    body = Body(checked({"payroll": rows}), findings={"payroll": tmp_path / "findings.parquet"})
    (tmp_path / "working").mkdir()
    found = pq.read_table(prepared_records((body,), engine, tmp_path / "working")["payroll"]).sort_by(
        "record"
    )
    assert found["date_of_birth_given"].to_pylist() == ["19800201", "19800231", None]


def test_a_reference_that_the_extract_has_not_got_is_a_row_of_its_own(
    checked: Callable[[Mapping[str, Rows]], dict[str, Path]], engine: Engine, tmp_path: Path
) -> None:
    body = Body(
        checked({"payroll": [{"surname": "A"}, {"surname": "A"}]}),
        without={"payroll": frozenset({"employee_reference", "department"})},
    )
    found = prepared_records((body,), engine, tmp_path, told_apart_by={"employee_reference"})
    table = pq.read_table(found["payroll"]).sort_by("record")
    assert table["employee_reference"].to_pylist() == ["(row 2)", "(row 3)"]
    assert table["department"].to_pylist() == [None, None]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            {"add_up": [{"name": "a", "title": "A", "from": "b", "by": "c"}]},
            "expected one of sum, count, min, max",
        ),
        ({"derived": {"a": {"format": "text", "by": "magic", "of": ["b"]}}}, "no function called 'magic'"),
        (
            {"lines_of": {"a": {"title": "A", "same": ["b"], "next_to": {}, "sums": ["c"]}}},
            "expected one column of numbers in a row",
        ),
        (
            {"derived": {"a": {"title": "A", "format": "texts", "by": "whole_years", "of": ["b"]}}},
            "only matched on",
        ),
    ],
)
def test_what_records_yaml_cannot_say_is_refused(entry: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Enrichment.model_validate(entry)
