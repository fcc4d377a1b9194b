"""A match on Spark alone gives what it gives on this machine."""

from __future__ import annotations

from datetime import date, timedelta
from math import isclose
from typing import TYPE_CHECKING, Any

import pytest

from tests.matching.conftest import Matched

if TYPE_CHECKING:
    from matching.engines.spark import SparkEngine

pytestmark = pytest.mark.xdist_group("spark")

REPORTS = ("same-creditor-invoice-amount", "similar-creditor-names")


@pytest.fixture
def datasets() -> dict[str, list[dict[str, Any]]]:
    """Invented payments, some keyed twice, and two creditors of nearly one name."""
    numbers = [f"INV{1000 + 37 * number}" for number in range(30)]
    numbers += numbers[:5]
    history = [
        {
            "creditor_reference": f"C{place % 5}",
            "supplier_invoice_number": number,
            "invoice_date": date(2025, 4, 1) + timedelta(days=3 * place),
            "total_invoice_amount": 12_345 + 1_000 * (place % 5),
        }
        for place, number in enumerate(numbers)
    ]
    names = ["Acorn Hire Limited", "Acorn Hires Ltd", "Birch & Sons", "Cedar Catering", "Hazel Transport"]
    standing = [
        {"creditor_reference": f"C{place}", "creditor_name": name} for place, name in enumerate(names)
    ]
    return {"creditors-history": history, "creditors-standing": standing}


def test_cases_records_and_totals_are_those_of_this_machine(
    datasets: dict[str, list[dict[str, Any]]], matched: Matched, spark_engine: SparkEngine
) -> None:
    here = matched(datasets, *REPORTS)
    there = matched(datasets, *REPORTS, engine=spark_engine)
    assert {case["report"] for case in here.cases.to_pylist()} == set(REPORTS)
    assert there.cases.schema == here.cases.schema
    assert alike(there.cases.to_pylist(), here.cases.to_pylist())
    assert there.records.schema == here.records.schema
    assert alike(there.records.to_pylist(), here.records.to_pylist())
    assert there.reports == here.reports


def alike(one: Any, other: Any) -> bool:
    """The same, numbers to the ninth digit."""
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    return bool(one == other)
