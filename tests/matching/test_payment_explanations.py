"""Innocent explanations of payments that agree in part: each is found where it holds, and only there."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import pyarrow as pa
import pytest

from matching.explain import explained, fact_queries, facts_for, known_explanations, queries_behind
from matching.report import all_reports
from matching.result import MatchResult
from specs.engine import Engine

Matched = Callable[..., MatchResult]
Row = dict[str, Any]

ALIKE = "same-creditor-amount-invoice-alike"
SWAPPED = "same-creditor-amount-invoice-swapped"
SLIP = "same-creditor-amount-invoice-slip"
AMOUNT_SLIP = "same-creditor-invoice-amount-slip"
AMOUNT = "same-creditor-amount"
SAME_NAME = "same-name-invoice-amount"
POST_CODE_DATE = "same-post-code-date-amount"
VAT_OVERPAID = "vat-overpaid"

FIRST = date(2025, 3, 4)
internal = count(1)


def payment(number: str, after: int = 0, **other: Any) -> Row:
    """A payment so many days after the first."""
    return {
        "creditor_reference": "C1",
        "supplier_invoice_number": number,
        "internal_invoice_number": f"{next(internal) * 1000}",
        "invoice_date": FIRST + timedelta(days=after),
        "total_invoice_amount": 123_456,
    } | other


def says(result: MatchResult, explanation: str, case: int = 0) -> str | None:
    """What an explanation says of a case; None where it was not found."""
    beginning, _, rest = known_explanations()[explanation].text.partition("{")
    ending = rest.rpartition("}")[2]
    texts = result.cases["explanations"][case].as_py()
    return next((text for text in texts if text.startswith(beginning) and text.endswith(ending)), None)


def paid(*rows: Row) -> dict[str, list[Row]]:
    return {"creditors-history": list(rows)}


@pytest.mark.parametrize(
    ("left", "right", "holds"),
    [
        pytest.param("582787A", "582787B", True, id="letters of a series"),
        pytest.param("NOV582787", "DEC582787", True, id="other letters before"),
        pytest.param("582787", "582787A", False, id="one with a letter added"),
        pytest.param("582787", "INV582787", False, id="one with a channel added"),
        pytest.param("A10204", "A1O204", False, id="the same with a look-alike"),
    ],
)
def test_numbers_of_a_series(left: str, right: str, holds: bool, matched: Matched) -> None:
    result = matched(paid(payment(left), payment(right, 20)), ALIKE)
    assert result.cases.num_rows == 1
    assert (says(result, "series") is not None) == holds


@pytest.mark.parametrize(
    ("left", "right", "weight"),
    [
        pytest.param("RENT 23APR25", "RENT 23MAY25", 0.02, id="two months"),
        pytest.param("RENT 04/2025", "HIRE 04/2025", 0.15, id="one month"),
        pytest.param("HSC 2024-25", "HSC 2024-25 B", 0.15, id="one year"),
        pytest.param("TP207826", "STP207826", None, id="digits that are no date"),
        pytest.param("EB1955", "APPEB1955", None, id="too long ago"),
    ],
)
def test_numbers_that_stand_for_periods(
    left: str, right: str, weight: float | None, matched: Matched
) -> None:
    result = matched(paid(payment(left), payment(right, 30)), ALIKE)
    assert result.cases.num_rows == 1
    assert (says(result, "period_in_number") is not None) == (weight is not None)


def test_numbers_of_different_months_stand_lower(matched: Matched) -> None:
    months = matched(paid(payment("RENT 23APR25"), payment("RENT 23MAY25", 30)), ALIKE)
    month = matched(paid(payment("RENT 23APR25"), payment("HIRE 23APR25", 30)), ALIKE)
    assert months.cases["priority"][0].as_py() < month.cases["priority"][0].as_py() / 5


@pytest.mark.parametrize(
    ("numbers", "says_so"),
    [
        pytest.param(
            ("77004", "77005"), "The 2 invoice numbers end in figures that are 1 apart", id="neighbours"
        ),
        pytest.param(
            ("77004", "77014"), "The 2 invoice numbers end in figures that are 10 apart", id="ten apart"
        ),
        pytest.param(("77004", "77015"), None, id="further"),
        pytest.param(("A77004", "B77005"), None, id="other letters"),
    ],
)
def test_numbers_that_follow_each_other(
    numbers: tuple[str, str], says_so: str | None, matched: Matched
) -> None:
    result = matched(paid(*(payment(number, place) for place, number in enumerate(numbers))), AMOUNT)
    said = says(result, "sequential_numbers")
    assert (said or "").startswith(says_so or "")
    assert (said is None) == (says_so is None)


def test_an_amount_that_is_paid_again_and_again_counts_its_payments(matched: Matched) -> None:
    others = [payment(f"9{number}0{number}7", 90 * number) for number in range(3, 8)]
    result = matched(paid(payment("582789"), payment("528789", 10), *others), SWAPPED)
    assert says(result, "common_amount") == (
        "£1,234.56 went to this creditor 5 more times under other invoice numbers: "
        "two of its numbers may agree so far by accident"
    )
    alone = matched(paid(payment("582789"), payment("528789", 10)), SWAPPED)
    assert says(alone, "common_amount") is None
    assert result.cases["priority"][0].as_py() == pytest.approx(alone.cases["priority"][0].as_py() * 8 / 13)


@pytest.mark.parametrize(
    ("pair", "holds"),
    [
        pytest.param({"500189": 186, "500198": 195}, True, id="with the dates"),
        pytest.param({"500192": 195, "500129": 205}, False, id="behind its place"),
        pytest.param({"500192": 195, "501092": 205}, False, id="far ahead of it"),
    ],
)
def test_numbers_that_stand_where_their_dates_put_them(
    pair: dict[str, int], holds: bool, matched: Matched
) -> None:
    ledger = [
        payment(f"{500_000 + after}", after, total_invoice_amount=1_000 + after)
        for after in range(100, 310, 10)
    ]
    result = matched(paid(*ledger, *(payment(number, after) for number, after in pair.items())), SWAPPED)
    assert result.cases.num_rows == 1
    assert (says(result, "numbers_in_step") is not None) == holds


def test_a_number_without_three_before_or_after_is_in_no_place(matched: Matched) -> None:
    result = matched(paid(payment("582789"), payment("528789", 10)), SWAPPED)
    assert says(result, "numbers_in_step") is None


def test_other_amounts_under_the_number_are_counted(matched: Matched) -> None:
    rows = [payment("INV10045", total_invoice_amount=amount) for amount in (22_800, 228_000, 4_711, 815)]
    result = matched(paid(*rows), AMOUNT_SLIP)
    assert (says(result, "several_amounts") or "").startswith(
        "2 other amounts stood under this invoice number"
    )
    assert says(matched(paid(*rows[:2]), AMOUNT_SLIP), "several_amounts") is None


@pytest.mark.parametrize(("amount", "holds"), [(120_000, True), (100_000, True), (123_000, False)])
def test_round_sums(amount: int, holds: bool, matched: Matched) -> None:
    rows = [payment("7001", 0, total_invoice_amount=amount), payment("8215", 3, total_invoice_amount=amount)]
    assert (says(matched(paid(*rows), AMOUNT), "round_sums") is not None) == holds


@pytest.mark.parametrize(("names", "holds"), [(10, False), (11, True)])
def test_a_reference_that_stands_for_many_names(names: int, holds: bool, matched: Matched) -> None:
    standing = [
        {"creditor_reference": "C1", "creditor_name": f"Payee {'ABCDEFGHIJK'[n]}"} for n in range(names)
    ]
    data = paid(payment("582789"), payment("582789A", 10)) | {"creditors-standing": standing}
    assert (says(matched(data, ALIKE), "collective_creditor") is not None) == holds


@pytest.mark.parametrize(("others", "holds"), [(4, False), (5, True)])
def test_a_batch_of_one_day(others: int, holds: bool, matched: Matched) -> None:
    batch = [payment(f"40{n}7{n}", total_invoice_amount=5_000 + n) for n in range(others)]
    result = matched(paid(payment("7001"), payment("8215"), *batch), AMOUNT)
    assert (says(result, "same_day_batch") is not None) == holds


@pytest.mark.parametrize(
    ("began", "holds"), [pytest.param(150, True, id="after"), pytest.param(20, False, id="side by side")]
)
def test_one_creditor_takes_over_from_another(began: int, holds: bool, matched: Matched) -> None:
    before = [payment(f"10{n}", 30 * n, total_invoice_amount=900 + n) for n in range(4)]
    after = [
        payment(f"20{n}", began + 30 * n, total_invoice_amount=800 + n, creditor_reference="C2")
        for n in range(4)
    ]
    pair = [payment("INV10045", 90), payment("INV10045", began, creditor_reference="C2")]
    standing = [{"creditor_reference": each, "creditor_name": "Larkspur Design"} for each in ("C1", "C2")]
    result = matched(paid(*before, *after, *pair) | {"creditors-standing": standing}, SAME_NAME)
    assert result.cases.num_rows == 1
    assert (says(result, "took_over") is not None) == holds


def test_one_sum_to_many_at_one_post_code_looks_like_a_grant(matched: Matched) -> None:
    rows = [payment(f"70{n}", creditor_reference=f"C{n}") for n in range(3)]
    standing = [
        {"creditor_reference": f"C{n}", "creditor_name": f"Payee {n}", "post_code": "LS1 4AP"}
        for n in range(3)
    ]
    result = matched(paid(*rows) | {"creditors-standing": standing}, POST_CODE_DATE)
    assert says(result, "one_sum_to_many") is not None


def test_vat_that_was_credited_leaves_nothing_at_risk(matched: Matched) -> None:
    rows = [payment("7001", total_invoice_amount=12_500, vat_amount=2_500)]
    rows.append(payment("CN1", 30, total_invoice_amount=-12_500, vat_amount=-2_500))
    result = matched(paid(*rows), VAT_OVERPAID)
    assert says(result, "vat_credited") == "£25.00 of VAT was credited to the same creditor on 03/04/2025"
    assert result.cases["value_at_risk"].to_pylist() == [0]


def test_an_invoice_of_nothing_but_vat(matched: Matched) -> None:
    result = matched(paid(payment("7001", total_invoice_amount=2_500, vat_amount=2_500)), VAT_OVERPAID)
    assert says(result, "vat_only") is not None


def test_an_explanation_whose_data_set_is_not_there_finds_nothing(engine: Engine) -> None:
    members = pa.table({"group_no": [1], "creditor_reference": ["C1"]})
    assert list(explained("collective_creditor", members, {}, engine)) == []
    assert facts_for(["collective_creditor"], {}, engine) == {}


def test_every_fact_is_asked_for() -> None:
    asked = {name for report in all_reports() for name in report.explanations}
    behind = {query for name in asked for query in queries_behind(name)[1:]}
    assert behind == set(fact_queries().values())


def test_a_ledger_of_one_amount_and_one_number_takes_seconds(matched: Matched) -> None:
    """Sixty thousand payments of one creditor: whatever compares each with each would take far longer."""
    rows = [payment("INV10045", n % 700) for n in range(30_000)]
    rows += [payment(f"{900_000 + n}", n % 700) for n in range(30_000)]
    began = time.process_time()
    result = matched(paid(*rows), *(each.id for each in all_reports() if each.data == ("creditors-history",)))
    assert result.cases.num_rows > 0
    assert time.process_time() - began < 30
