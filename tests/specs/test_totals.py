"""Totals of sums and dates, against plain Python."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.catalogues import load_specification
from specs.check_record import FieldTotals
from specs.parse import record_schema
from specs.totals import RunningTotals, in_words

HISTORY = load_specification("creditors-history")
COLUMNS = ("invoice_date", "total_invoice_amount")
pence = st.none() | st.integers(-(10**15), 10**15)
days = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))


def batch(records: list[tuple[int | None, date | None]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(
        [
            {"source_row": row, "total_invoice_amount": amount, "invoice_date": day}
            for row, (amount, day) in enumerate(records, start=2)
        ],
        schema=record_schema(HISTORY),
    )


@given(st.lists(st.lists(st.tuples(pence, days), min_size=1), max_size=4))
def test_totals_of_batches_are_those_of_all_records(
    parts: list[list[tuple[int | None, date | None]]],
) -> None:
    running = RunningTotals(HISTORY, COLUMNS)
    for part in parts:
        running.add(batch(part))
    found = {each.field: each for each in running.totals()}

    sums = [amount for part in parts for amount, _ in part if amount is not None]
    dates = [day for part in parts for _, day in part if day is not None]
    expected = {}
    if dates:
        expected["Invoice date"] = FieldTotals(
            field="Invoice date",
            values=len(dates),
            first=min(dates).isoformat()[:7],
            last=max(dates).isoformat()[:7],
        )
    if sums:
        expected["Total invoice amount"] = FieldTotals(
            field="Total invoice amount",
            values=len(sums),
            total=sum(sums),
            below_zero=len([amount for amount in sums if amount < 0]),
            total_below_zero=sum(amount for amount in sums if amount < 0),
        )
    assert found == expected


def test_a_total_may_be_larger_than_64_bits() -> None:
    running = RunningTotals(HISTORY, COLUMNS)
    running.add(batch([(10**15 - 1, None)] * 20_000))
    (found,) = running.totals()
    assert found.total == 20_000 * (10**15 - 1) > 2**63


def test_columns_that_the_extract_has_not_got_have_no_totals() -> None:
    running = RunningTotals(HISTORY, ["invoice_date"])
    running.add(batch([(1, date(2026, 4, 1))]))
    assert [each.field for each in running.totals()] == ["Invoice date"]


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ({"values": 1, "total": 5, "below_zero": 0, "total_below_zero": 0}, "F: £0.05 in 1 record"),
        (
            {"values": 1234, "total": 123456, "below_zero": 2, "total_below_zero": -4000},
            "F: £1,234.56 in 1,234 records, 2 of them negative (-£40.00)",
        ),
        ({"values": 2, "first": "2024-04", "last": "2026-06"}, "F: April 2024 to June 2026, in 2 records"),
        ({"values": 2, "first": "2024-04", "last": "2024-04"}, "F: April 2024, in 2 records"),
    ],
)
def test_totals_in_words(totals: dict[str, Any], said: str) -> None:
    assert in_words(FieldTotals(field="F", **totals)) == said
