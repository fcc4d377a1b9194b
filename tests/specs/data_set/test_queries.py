"""The queries as a reader sees them.

NFI_REWRITE_GOLDEN=1 pytest tests/specs/data_set/test_queries.py rewrites what is expected: read the diff.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from specs.catalogues import load_specification
from specs.data_set.agreements import agreement_query
from specs.data_set.codes import codes_query, lookup_query
from specs.data_set.default_dates import commonest_days_query
from specs.data_set.few_values import spelt_query
from specs.data_set.keys import duplicate_key_query
from specs.data_set.months import months_query
from specs.data_set.period import outside_query
from specs.data_set.references import missing_reference_query, unreferenced_query
from specs.data_set.repeated_rows import first_rows_query, without_repeated_query
from specs.data_set.set_apart import SharedKey, hashes_query, set_apart_query, sharing_query
from specs.data_set.sums import sums_query
from specs.data_set.texts import digits_query, lengths_query, with_zeros_query
from specs.data_set.totals_row import incomplete_last_query, totals_row_query

GOLDEN = Path(__file__).parents[2] / "golden" / "data_set"
PAYROLL = load_specification("payroll")
HISTORY = load_specification("creditors-history")
STANDING = load_specification("creditors-standing")
SHARED, _POSTS, NAMESAKES, ACCOUNT = PAYROLL.across.agreements

KEYS = [
    SharedKey(
        parts=('upper("bank_account")',), filled='"bank_account" is not null', columns=("bank_account",)
    ),
    SharedKey(
        parts=('"date_of_birth"', 'upper("surname")'),
        filled='"date_of_birth" is not null and "surname" is not null',
        with_one='"ni_number" is null',
        columns=("surname",),
    ),
]
IN_NO_ORDER = {"hashes", "without_repeated"}  # said there, with the reason

QUERIES = {
    "duplicate_key": duplicate_key_query(STANDING),
    "missing_reference": missing_reference_query("creditor_reference"),
    "unreferenced": unreferenced_query("creditor_reference"),
    "first_rows": first_rows_query(["surname", "forenames"]),
    "without_repeated": without_repeated_query(["source_row", "surname", "forenames"]),
    "incomplete_last": incomplete_last_query(
        ["creditor_reference", "invoice_date", "remarks"], ["creditor_reference", "invoice_date"]
    ),
    "totals_row": totals_row_query(["remarks"], ["total_invoice_amount", "vat_amount"]),
    "hashes": hashes_query(KEYS),
    "sharing": sharing_query(KEYS),
    "set_apart": set_apart_query(["ni_number", "surname"]),
    "shared_number_agreement": agreement_query(PAYROLL, SHARED, SHARED.different),
    "namesakes_agreement": agreement_query(PAYROLL, NAMESAKES, NAMESAKES.different),
    "account_agreement": agreement_query(PAYROLL, ACCOUNT, ACCOUNT.different),
    "months": months_query(["payment_date", "invoice_date"]),
    "outside_period": outside_query(["payment_date"], date(2009, 4, 1), date(2012, 10, 8)),
    "commonest_days": commonest_days_query(["date_of_birth", "date_started"]),
    "lengths": lengths_query({"surname": 20, "address_line_3": 35}, counted={"address_line_3"}),
    "digits": digits_query([("bank_account", 8), ("employee_reference", 6)]),
    "with_zeros": with_zeros_query([("bank_account", 8)]),
    "spelt": spelt_query(["department", "sex"]),
    "codes": codes_query({"department": (), "sex": ("M", "F")}),
    "lookup": lookup_query("department"),
    "sums": sums_query(HISTORY, ["total_invoice_amount", "vat_amount"], has_vat=True),
}


@pytest.mark.parametrize("name", QUERIES)
def test_the_query_reads_as_the_golden_one(name: str) -> None:
    golden = GOLDEN / f"{name}.sql"
    if os.environ.get("NFI_REWRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(QUERIES[name], encoding="utf-8")
    assert QUERIES[name] == golden.read_text(encoding="utf-8")


def test_every_golden_query_is_still_asked() -> None:
    assert {file.stem for file in GOLDEN.glob("*.sql")} == set(QUERIES)


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_says_its_order(name: str) -> None:
    assert ("\norder by " in QUERIES[name]) != (name in IN_NO_ORDER)
    assert "filter (" not in QUERIES[name], "quadratic over windows in DuckDB 2.0"
