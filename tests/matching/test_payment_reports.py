"""Each report on payments finds what it is for, and leaves what only looks like it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest

from matching.result import MatchResult

Matched = Callable[..., MatchResult]
Row = dict[str, Any]

ALIKE = "same-creditor-amount-invoice-alike"
SWAPPED = "same-creditor-amount-invoice-swapped"
SLIP = "same-creditor-amount-invoice-slip"
AMOUNT_SLIP = "same-creditor-invoice-amount-slip"
WITH_VAT = "same-creditor-invoice-gross-and-net"
DATE_SWAPPED = "same-creditor-amount-date-swapped"
AMOUNT = "same-creditor-amount"
SIMILAR_NAME = "similar-name-invoice-amount"
POST_CODE_DATE = "same-post-code-date-amount"
POST_CODE = "same-post-code-amount"
VAT_OVERPAID = "vat-overpaid"
VAT_WITHOUT_NUMBER = "vat-without-number"

numbers = count(1)


def payment(**other: Any) -> Row:
    return {
        "creditor_reference": "C1",
        "supplier_invoice_number": "INV10045",
        "internal_invoice_number": f"{next(numbers) * 1000}",
        "invoice_date": date(2025, 3, 4),
        "total_invoice_amount": 123_456,
    } | other


def numbered(*written: str, **other: Any) -> list[Row]:
    """Payments that differ in nothing but how the invoice number is written, a week apart."""
    return [
        payment(supplier_invoice_number=each, invoice_date=date(2025, 3, 4 + 7 * place), **other)
        for place, each in enumerate(written)
    ]


def found(result: MatchResult) -> list[list[int]]:
    """The source rows of each case, in order of rank."""
    cases: dict[int, list[int]] = {}
    for row in result.records.to_pylist():
        cases.setdefault(row["rank"], []).append(row["source_row"])
    return list(cases.values())


@pytest.mark.parametrize(
    ("report", "left", "right"),
    [
        pytest.param(ALIKE, "582789", "582789A", id="a letter behind"),
        pytest.param(ALIKE, "582789", "INV582789", id="a channel before"),
        pytest.param(ALIKE, "582789", "582789/1", id="a part behind"),
        pytest.param(ALIKE, "AB582789", "XY582789", id="other letters around the digits"),
        pytest.param(ALIKE, "A10204", "A1O2O4", id="O for zero"),
        pytest.param(ALIKE, "A10204", "AI0204", id="I for one"),
        pytest.param(SWAPPED, "582789", "528789", id="neighbours exchanged"),
        pytest.param(SWAPPED, "AB1234", "BA1234", id="letters exchanged"),
        pytest.param(SLIP, "582789", "58789", id="a digit left out"),
        pytest.param(SLIP, "582789", "5822789", id="a digit twice"),
        pytest.param(SLIP, "582789", "587789", id="another digit"),
    ],
)
def test_a_number_that_was_keyed_differently_makes_a_case(
    report: str, left: str, right: str, matched: Matched
) -> None:
    rows = [*numbered(left, right), payment(supplier_invoice_number="990001")]
    assert found(matched({"creditors-history": rows}, report)) == [[2, 3]]


@pytest.mark.parametrize(
    ("report", "left", "right", "other"),
    [
        pytest.param(ALIKE, "582789", "582790", {}, id="another number"),
        pytest.param(ALIKE, "inv-582789", "INV 582789", {}, id="left to the report on equal numbers"),
        pytest.param(SWAPPED, "582789", "587289", {"creditor_reference": None}, id="no creditor"),
        pytest.param(SWAPPED, "582789", "582987", {}, id="exchanged, but no neighbours"),
        pytest.param(SWAPPED, "123", "132", {}, id="too short to say much"),
        pytest.param(SLIP, "582789", "582456", {}, id="several digits differ"),
        pytest.param(SLIP, "582789", "58789", {"total_invoice_amount": 9_999}, id="a small sum"),
        pytest.param(ALIKE, "582789", "582789A", {"total_invoice_amount": -123_456}, id="credits"),
    ],
)
def test_other_numbers_make_none(report: str, left: str, right: str, other: Row, matched: Matched) -> None:
    assert found(matched({"creditors-history": numbered(left, right, **other)}, report)) == []


@pytest.mark.parametrize("report", [ALIKE, SWAPPED, SLIP])
def test_numbers_agree_only_for_one_creditor_and_amount(report: str, matched: Matched) -> None:
    pairs = {ALIKE: ("582789", "582789A"), SWAPPED: ("582789", "528789"), SLIP: ("582789", "58789")}
    rows = numbered(*pairs[report])
    rows[1]["creditor_reference"] = "C2"
    assert found(matched({"creditors-history": rows}, report)) == []
    rows = numbered(*pairs[report])
    rows[1]["total_invoice_amount"] = 123_457
    assert found(matched({"creditors-history": rows}, report)) == []


@pytest.mark.parametrize(
    ("left", "right", "holds"),
    [
        pytest.param(22_800, 2_280_000, True, id="times a hundred"),
        pytest.param(22_800, 228_000, True, id="times ten"),
        pytest.param(123_456, 124_356, True, id="neighbouring digits exchanged"),
        pytest.param(123_450, 123_405, True, id="a zero exchanged"),
        pytest.param(123_456, 123_456, False, id="the same"),
        pytest.param(123_456, 123_459, False, id="another sum"),
        pytest.param(123_456, 153_426, False, id="digits exchanged that are no neighbours"),
        pytest.param(12_345, -123_450, False, id="a credit"),
    ],
)
def test_one_invoice_at_two_sums_that_a_slip_turns_into_each_other(
    left: int, right: int, holds: bool, matched: Matched
) -> None:
    rows = [payment(total_invoice_amount=left), payment(total_invoice_amount=right)]
    rows[1]["invoice_date"] = date(2025, 4, 1)
    assert bool(found(matched({"creditors-history": rows}, AMOUNT_SLIP))) == holds
    rows[1]["supplier_invoice_number"] = "INV20000"
    assert found(matched({"creditors-history": rows}, AMOUNT_SLIP)) == []


@pytest.mark.parametrize(
    ("total", "vat", "other_total", "holds"),
    [
        pytest.param(12_000, 2_000, 10_000, True, id="less its VAT"),
        pytest.param(12_000, None, 10_000, True, id="less VAT at the rate, where none is told"),
        pytest.param(10_001, None, 8_334, True, id="to the nearest penny"),
        pytest.param(10_500, 500, 10_000, True, id="less VAT at the reduced rate"),
        pytest.param(12_000, 2_000, 9_999, False, id="another sum"),
        pytest.param(12_000, 2_000, 12_000, False, id="the same sum"),
    ],
)
def test_one_invoice_paid_with_vat_and_without(
    total: int, vat: int | None, other_total: int, holds: bool, matched: Matched
) -> None:
    rows = [
        payment(total_invoice_amount=total, vat_amount=vat),
        payment(total_invoice_amount=other_total, invoice_date=date(2025, 4, 1)),
    ]
    assert bool(found(matched({"creditors-history": rows}, WITH_VAT))) == holds


@pytest.mark.parametrize(
    ("first", "second", "holds"),
    [
        pytest.param(date(2025, 3, 4), date(2025, 4, 3), True, id="day and month exchanged"),
        pytest.param(date(2025, 3, 4), date(2025, 3, 4), False, id="the same day"),
        pytest.param(date(2025, 3, 4), date(2024, 4, 3), False, id="another year"),
        pytest.param(date(2025, 3, 14), date(2025, 4, 14), False, id="no month has that number"),
    ],
)
def test_day_and_month_may_have_been_exchanged(
    first: date, second: date, holds: bool, matched: Matched
) -> None:
    rows = [
        payment(supplier_invoice_number=number, invoice_date=when)
        for number, when in (("770012", first), ("881234", second))
    ]
    assert bool(found(matched({"creditors-history": rows}, DATE_SWAPPED))) == holds


@pytest.mark.parametrize(
    ("days", "amount", "holds"),
    [
        pytest.param(14, 100_000, True, id="a fortnight apart"),
        pytest.param(15, 100_000, False, id="further apart"),
        pytest.param(14, 99_999, False, id="under the floor"),
    ],
)
def test_one_amount_to_one_creditor_at_close_dates(
    days: int, amount: int, holds: bool, matched: Matched
) -> None:
    rows = [
        payment(
            supplier_invoice_number=number, invoice_date=date(2025, 3, 1 + after), total_invoice_amount=amount
        )
        for number, after in (("770012", 0), ("881234", days))
    ]
    assert bool(found(matched({"creditors-history": rows}, AMOUNT))) == holds


@pytest.mark.parametrize(
    ("name", "other_name", "number", "holds"),
    [
        pytest.param("Larkspur Design Ltd", "Larkspurr Design", "INV10045", True, id="a letter twice"),
        pytest.param(
            "Larkspur Design Ltd",
            "Larkspur Design",
            "INV10045",
            False,
            id="left to the report on equal names",
        ),
        pytest.param("Larkspur Design Ltd", "Harrow Joinery", "INV10045", False, id="another firm"),
        pytest.param("Larkspur Design Ltd", "Larkspurr Design", "INV20000", False, id="another number"),
    ],
)
def test_one_invoice_to_two_creditors_of_similar_names(
    name: str, other_name: str, number: str, holds: bool, matched: Matched
) -> None:
    data = {
        "creditors-history": [
            payment(),
            payment(creditor_reference="C2", supplier_invoice_number=number, invoice_date=date(2025, 4, 1)),
        ],
        "creditors-standing": [
            {"creditor_reference": "C1", "creditor_name": name},
            {"creditor_reference": "C2", "creditor_name": other_name},
        ],
    }
    assert bool(found(matched(data, SIMILAR_NAME))) == holds


@pytest.mark.parametrize(
    ("report", "days", "place", "holds"),
    [
        pytest.param(POST_CODE_DATE, 0, "LS1 4AP", True, id="one day"),
        pytest.param(POST_CODE_DATE, 1, "LS1 4AP", False, id="another day"),
        pytest.param(POST_CODE_DATE, 0, "LS1 4AQ", False, id="another place"),
        pytest.param(POST_CODE, 20, "ls14ap", True, id="close dates"),
        pytest.param(POST_CODE, 31, "LS1 4AP", False, id="distant dates"),
        pytest.param(POST_CODE, 0, "LS1 4AP", False, id="left to the report on one day"),
    ],
)
def test_one_amount_to_two_creditors_at_one_post_code(
    report: str, days: int, place: str, holds: bool, matched: Matched
) -> None:
    later = date.fromordinal(date(2025, 3, 4).toordinal() + days)
    data = {
        "creditors-history": [
            payment(),
            payment(creditor_reference="C2", supplier_invoice_number="7712", invoice_date=later),
        ],
        "creditors-standing": [
            {"creditor_reference": "C1", "creditor_name": "Larkspur Design", "post_code": "LS1 4AP"},
            {"creditor_reference": "C2", "creditor_name": "Harrow Joinery", "post_code": place},
        ],
    }
    assert bool(found(matched(data, report))) == holds


def test_vat_above_the_rate_is_told_with_rate_and_sums(matched: Matched) -> None:
    rows = [
        payment(total_invoice_amount=1_200_000, vat_amount=200_000),
        payment(total_invoice_amount=1_250_000, vat_amount=250_000),
        payment(total_invoice_amount=1_175_000, vat_amount=175_000, invoice_date=date(2009, 6, 1)),
        payment(total_invoice_amount=1_175_000, vat_amount=175_000, invoice_date=date(2008, 6, 1)),
        payment(total_invoice_amount=1_050_000, vat_amount=50_000),
        payment(total_invoice_amount=-1_300_000, vat_amount=-300_000),
    ]
    result = matched({"creditors-history": rows}, VAT_OVERPAID)
    assert found(result) == [[3], [4]]
    at_risk = result.cases["value_at_risk"].to_pylist()
    assert at_risk == [50_000, 25_000]
    first, second = result.cases["agrees"].to_pylist()
    assert {"Standard rate at the tax point: 20 %", "VAT at that rate: £2,000.00"} <= set(first)
    assert {"Standard rate at the tax point: 15 %", "Rate of other years that the VAT fits: 17.5 %"} <= set(
        second
    )
    assert result.cases["explanations"].to_pylist() == [
        [],
        ["The VAT fits the rate of 17.5 %, which held in other years: the rate at the time of supply counts"],
    ]


def test_vat_to_a_creditor_without_a_vat_number(matched: Matched) -> None:
    data = {
        "creditors-history": [
            payment(creditor_reference=reference, vat_amount=vat)
            for reference, vat in (("C1", 2_000), ("C1", 1_000), ("C2", 2_000), ("C3", None))
        ],
        "creditors-standing": [
            {"creditor_reference": "C1", "creditor_name": "Larkspur Design"},
            {"creditor_reference": "C2", "creditor_name": "Harrow Joinery", "vat_number": "GB999999973"},
            {"creditor_reference": "C3", "creditor_name": "Ann Example"},
        ],
    }
    result = matched(data, VAT_WITHOUT_NUMBER)
    assert found(result) == [[2]]
    assert result.cases["value_involved"].to_pylist() == [3_000]
