"""Checked records gain what other data sets know of them, and the keys by which they are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from matching.records import RECORD_BITS, enrichments, known_fields, prepared_records
from matching.standardise import STANDARDS
from specs.engine import Engine
from specs.specification import Specification

Rows = list[dict[str, Any]]
Prepared = Callable[[Mapping[str, Rows]], dict[str, pa.Table]]


@pytest.fixture
def prepared(checked: Callable[[Mapping[str, Rows]], dict[str, Path]], engine: Engine) -> Prepared:
    return lambda datasets: prepared_records(checked(datasets), engine)


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
    assert prepared_records({"pensions": tmp_path / "pensions.parquet"}, engine) == {}


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
