from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from specs.data_set import AcrossContext
from specs.data_set.totals_row import totals_row

ContextOf = Callable[..., AcrossContext]
LEDGER: list[dict[str, Any]] = [
    {"creditor_reference": "C1", "invoice_date": date(2026, 4, 1), "total_invoice_amount": 5000},
    {"creditor_reference": "C2", "invoice_date": date(2026, 4, 2), "total_invoice_amount": -700},
]
COLUMNS = {"creditor_reference", "invoice_date", "total_invoice_amount", "vat_amount", "remarks"}


@pytest.mark.parametrize(
    ("last", "detail"),
    [
        pytest.param(
            {"total_invoice_amount": 4300},
            "Total invoice amount: what all rows above add up to",
            id="the sum, and nothing else",
        ),
        pytest.param({"creditor_reference": "TOTAL", "total_invoice_amount": 1}, None, id="says so"),
        pytest.param({"remarks": "Grand total", "vat_amount": 3}, None, id="says so elsewhere"),
    ],
)
def test_a_line_of_totals_at_the_end_is_found(
    context_of: ContextOf, last: dict[str, Any], detail: str | None
) -> None:
    context = context_of("creditors-history", [*LEDGER, last], columns=COLUMNS)
    (found,) = totals_row(context).rows.to_pylist()
    told = (found["code"], found["severity"], found["row"], found["field"])
    assert told == ("totals_row", "warning", 4, None)
    assert found["detail"] == detail


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([], id="no records"),
        pytest.param(LEDGER, id="whole records"),
        pytest.param(
            [
                *LEDGER,
                {"creditor_reference": "C3", "invoice_date": date(2026, 4, 3), "total_invoice_amount": 4300},
            ],
            id="a whole record of that sum",
        ),
        pytest.param(
            [
                *LEDGER,
                {"creditor_reference": "Total", "invoice_date": date(2026, 4, 3), "total_invoice_amount": 1},
            ],
            id="a creditor of that name",
        ),
        pytest.param([*LEDGER, {"creditor_reference": "C3", "total_invoice_amount": 1}], id="only no date"),
        pytest.param([LEDGER[0], {"total_invoice_amount": 5000}], id="one record above: no sum"),
        pytest.param([*LEDGER, {"total_invoice_amount": 4300}, LEDGER[0]], id="not the last"),
    ],
)
def test_other_last_records_are_no_line_of_totals(
    context_of: ContextOf, records: list[dict[str, Any]]
) -> None:
    columns = COLUMNS - {"vat_amount"}
    assert totals_row(context_of("creditors-history", records, columns=columns)).rows.num_rows == 0


def test_columns_that_the_extract_has_not_got_make_no_line_of_totals(context_of: ContextOf) -> None:
    records = [*LEDGER, {"creditor_reference": "Total"}]
    assert totals_row(context_of("creditors-history", records, columns={"remarks"})).rows.num_rows == 0
