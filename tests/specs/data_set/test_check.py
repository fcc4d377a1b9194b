"""The check of a whole data set: in order, the same twice, and silent about records that are in order."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from specs.check_descriptions import check_descriptions
from specs.data_set import AcrossContext, AcrossFindings, Code, check_across, parse_control_totals
from specs.data_set.context import Trailer
from specs.specification import Severity

ContextOf = Callable[..., AcrossContext]


def staff(count: int) -> list[dict[str, Any]]:
    """Invented people without a fault; the same each time."""
    draw = random.Random(7)
    return [
        {
            "employee_reference": f"{10_000 + place}",
            "department": draw.choice(["Education", "Highways"]),
            "sex": draw.choice("MF"),
            "surname": f"Surname{place % 90}",
            "forenames": f"Forename{place % 37}",
            "address_line_1": f"{place} Mill Lane",
            "post_code": f"LS1 {place % 10}AP",
            "date_of_birth": date(1960, 1, 5) + timedelta(days=place * 29),
            "date_started": date(2001, 3, 1) + timedelta(days=draw.randrange(8_000)),
            "leaver_indicator": "N",
            "ni_number": f"CR{place:06}A",
            "gross_pay_to_date": draw.randrange(500_000, 4_000_000),
            "standard_hours": draw.choice([1600, 3700]),
            "date_last_paid": date(2026, 9, 25),
            "sort_code": draw.choice(["20-45-23", "20-45-24"]),
            "bank_account": f"{draw.randrange(10**8):08}",
        }
        for place in range(count)
    ]


def payments(count: int) -> list[dict[str, Any]]:
    """Invented payments of the period without a fault, apart from credit notes being there."""
    draw = random.Random(7)
    records = []
    for place in range(count):
        paid = date(2023, 10, 2) + timedelta(days=place * 1090 // count)
        total = draw.randrange(1_000, 300_000)
        records.append(
            {
                "creditor_reference": f"C{place % 50:04}",
                "supplier_invoice_number": f"INV{place * 7}",
                "internal_invoice_number": f"{place:07}",
                "invoice_date": paid - timedelta(days=draw.randrange(5, 40)),
                "due_date": paid + timedelta(days=draw.randrange(5)),
                "payment_date": paid,
                "total_invoice_amount": -total if place % 97 == 0 else total,
                "vat_amount": draw.choice([0, total // 6, None]),
                "payment_method": draw.choice(["BACS", "Cheque"]),
            }
        )
    return records


CREDITORS = [{"creditor_reference": f"C{place:04}"} for place in range(50)]


def test_staff_without_a_fault_are_left_alone(context_of: ContextOf) -> None:
    records = staff(600)
    found = check_across(context_of("payroll", records, columns=set(records[0]), employers={"Council": 600}))
    assert found.rows.num_rows == 0
    assert found.whole == ()


def test_payments_without_a_fault_are_left_alone(context_of: ContextOf) -> None:
    records = payments(6_000)
    context = context_of(
        "creditors-history", records, columns=set(records[0]), others={"creditors-standing": CREDITORS}
    )
    found = check_across(context)
    assert found.rows.num_rows == 0
    assert [(str(each.code), each.severity) for each in found.whole] == [("credit_notes", Severity.NOTE)]
    assert found.not_checked == ()


FAULTY = [
    *staff(60),
    {"employee_reference": "10001", "surname": "Other", "ni_number": "CR000002A", "department": "X"},
    {"employee_reference": "10003", "surname": "Total"},
]


def test_findings_are_in_order_of_rows_and_codes_and_the_same_twice(context_of: ContextOf) -> None:
    context = context_of("payroll", FAULTY, lookups={"department": frozenset({"Education", "Highways"})})
    found = check_across(context)
    order = [(each["row"], each["code"]) for each in found.rows.to_pylist()]
    assert order == sorted(order)
    assert {code for _row, code in order} >= {"duplicate_key", "nino_shared", "not_in_lookup", "totals_row"}
    again = check_across(context)
    assert found.rows.equals(again.rows)
    assert (found.whole, found.not_checked) == (again.whole, again.not_checked)


@pytest.mark.parametrize("dataset", ["payroll", "creditors-history", "creditors-standing", "council-tax"])
@pytest.mark.parametrize("columns", [None, set()], ids=["all columns", "no column"])
def test_an_extract_without_records_raises_nothing(
    context_of: ContextOf, dataset: str, columns: set[str] | None
) -> None:
    found = check_across(context_of(dataset, [], columns=columns))
    assert found.rows.num_rows == 0
    assert found.whole == ()


@pytest.mark.parametrize("dataset", ["payroll", "creditors-history", "creditors-standing"])
def test_records_that_are_blank_throughout_raise_only_what_they_are(
    context_of: ContextOf, dataset: str
) -> None:
    found = check_across(context_of(dataset, [{}] * 120))
    assert found.rows.num_rows == 0
    assert {str(each.code) for each in found.whole} == {"column_blank"}


def test_what_is_expected_besides_is_checked_too(context_of: ContextOf) -> None:
    context = context_of(
        "creditors-history",
        payments(10),
        expected=parse_control_totals(["rows=11"]),
        trailers=(Trailer("ledger.csv", 20, 10),),
        others={"creditors-standing": CREDITORS[:10]},
    )
    codes = [str(each.code) for each in check_across(context).whole]
    assert codes[0] == "trailer_count"
    assert "control_total" in codes


def test_every_code_has_words_and_a_severity_where_the_specification_gives_none() -> None:
    for code in Code:
        assert code in check_descriptions(), code


def test_a_finding_without_a_severity_gets_one_from_its_words(context_of: ContextOf) -> None:
    context = context_of(
        "creditors-history",
        payments(10),
        expected=parse_control_totals(["rows=11"]),
        trailers=(Trailer("ledger.csv", 20, 10),),
    )
    found: AcrossFindings = check_across(context)
    open_ones = [each for each in found.whole if each.severity is None]
    assert open_ones
    for each in open_ones:
        assert Severity(check_descriptions()[each.code].severity)
