"""Each innocent explanation is found where it holds, and only there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matching.body import Body
from matching.engines.duckdb import DuckDBEngine
from matching.explain import _FOLDER, explained, known_explanations
from matching.prepare import prepared_records
from matching.records import enrichments
from matching.report import Report, Similarity, all_reports
from matching.result import MatchResult
from specs.engine import Engine, Stored

Rows = list[dict[str, Any]]
Matched = Callable[..., MatchResult]

SAME_CREDITOR = "same-creditor-invoice-amount"
SAME_NAME = "same-name-invoice-amount"
SAME_INVOICE = "same-invoice-amount"
SAME_BANK = "same-bank-account-creditors"
SIMILAR_NAMES = "similar-creditor-names"
EMPLOYEE_CREDITOR = "payroll-creditors-bank"
SAME_NINO = "payroll-same-nino"
PAY_BANK = "payroll-same-bank"
SIMILAR_PERSON = "same-person"

numbers = count(1)


def on(text: str) -> date:
    return date.fromisoformat(text)


def payment(when: str | date | None, amount: int = 50_000, **other: Any) -> dict[str, Any]:
    """One line of the ledger; internal numbers far apart, so that no two look like lines of one invoice."""
    return {
        "creditor_reference": "C1",
        "supplier_invoice_number": "INV10045",
        "internal_invoice_number": f"{next(numbers) * 1000}",
        "invoice_date": on(when) if isinstance(when, str) else when,
        "total_invoice_amount": amount,
    } | other


def credit(when: str, amount: int = 50_000, **other: Any) -> dict[str, Any]:
    return payment(when, -amount, **other)


def creditor(reference: str, name: str, **other: Any) -> dict[str, Any]:
    return {"creditor_reference": reference, "creditor_name": name} | other


def employee(reference: str, **other: Any) -> dict[str, Any]:
    return {
        "employee_reference": reference,
        "surname": "Example",
        "forenames": "Ann",
        "ni_number": "CR123456C",
        "date_of_birth": on("1980-02-01"),
        "gross_pay_to_date": 1_000_000,
        "post_code": "LS1 4AP",
    } | other


def paid(*rows: dict[str, Any]) -> dict[str, Rows]:
    return {"creditors-history": list(rows)}


def told(result: MatchResult, name: str, case: int = 0) -> str | None:
    """What an explanation says of one case; None where it was not found."""
    beginning, _, rest = known_explanations()[name].text.partition("{")
    ending = rest.rpartition("}")[2]
    for text in result.cases["explanations"][case].as_py():
        if text.startswith(beginning) and text.endswith(ending if name != "split_invoice" else ""):
            return str(text)
    return None


def at_risk(result: MatchResult, case: int = 0) -> int | None:
    value: int | None = result.cases["value_at_risk"][case].as_py()
    return value


def monthly(start: str, times: int, **other: Any) -> Rows:
    first = on(start)
    dates = [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(times)
    ]
    return [payment(when, **other) for when in dates]


# reversed


def test_paid_credited_and_paid_again_leaves_one_payment(matched: Matched) -> None:
    rows = paid(payment("2025-01-10"), credit("2025-01-20"), payment("2025-01-25"))
    result = matched(rows, SAME_CREDITOR)
    assert told(result, "reversed") == (
        "1 credit of £500.00 to the same creditor, 20/01/2025: 2 payments less 1 credit leave 1"
    )
    assert at_risk(result) == 0


def test_one_credit_does_not_take_back_two_payments_too_many(matched: Matched) -> None:
    rows = paid(payment("2025-01-10"), payment("2025-01-11"), payment("2025-01-12"), credit("2025-01-20"))
    result = matched(rows, SAME_CREDITOR)
    assert "3 payments less 1 credit leave 2" in (told(result, "reversed") or "")
    assert at_risk(result) == 50_000


def test_a_payment_and_its_credit_are_no_case(matched: Matched) -> None:
    assert matched(paid(payment("2025-01-10"), credit("2025-01-20")), SAME_CREDITOR).cases.num_rows == 0


@pytest.mark.parametrize(
    ("when", "amount", "number", "reference", "holds"),
    [
        pytest.param("2025-07-09", 50_000, "CN7001", "C1", True, id="after 180 days"),
        pytest.param("2025-07-10", 50_000, "CN7001", "C1", False, id="after 181 days"),
        pytest.param("2025-01-10", 50_000, "CN7001", "C1", True, id="on the day"),
        pytest.param("2025-01-09", 50_000, "CN7001", "C1", False, id="before the payment"),
        pytest.param("2025-02-01", 50_000, None, "C1", True, id="without a number"),
        pytest.param("2025-02-01", 49_999, "CN7001", "C1", False, id="another amount"),
        pytest.param("2025-02-01", 50_000, "CN7001", "C2", False, id="another creditor"),
        pytest.param("2025-02-01", 50_000, "INV20000", "C1", False, id="number of another payment"),
        pytest.param("2027-02-01", 50_000, "inv-10045", "C1", True, id="own number, two years later"),
    ],
)
def test_a_credit_counts_under_its_own_number_for_half_a_year(
    when: str, amount: int, number: str | None, reference: str, holds: bool, matched: Matched
) -> None:
    rows = paid(
        payment("2025-01-10"),
        payment("2025-01-12"),
        payment("2024-12-01", supplier_invoice_number="INV20000"),
        credit(when, amount, supplier_invoice_number=number, creditor_reference=reference),
    )
    result = matched(rows, SAME_CREDITOR)
    assert result.cases.num_rows == 1
    assert (told(result, "reversed") is not None) == holds
    assert at_risk(result) == (0 if holds else 50_000)


def test_a_credit_under_another_number_counts_once_for_the_payment_before_it(matched: Matched) -> None:
    rows = paid(
        payment("2025-01-10"),
        payment("2025-01-12"),
        payment("2025-03-10", supplier_invoice_number="INV20000"),
        payment("2025-03-12", supplier_invoice_number="INV20000"),
        credit("2025-03-20", supplier_invoice_number="CN7001"),
    )
    result = matched(rows, SAME_CREDITOR)
    by_number = {case["agrees"][1]: case["value_at_risk"] for case in result.cases.to_pylist()}
    assert by_number == {
        "Suppliers invoice number: INV10045": 50_000,
        "Suppliers invoice number: INV20000": 0,
    }


def test_two_credits_take_back_the_doubles_of_two_invoices_of_one_day(matched: Matched) -> None:
    second: dict[str, Any] = {"supplier_invoice_number": "INV20000"}
    rows = [payment("2025-01-10"), payment("2025-01-12"), payment("2025-01-10", **second)]
    rows += [payment("2025-01-12", **second), credit("2025-01-20", supplier_invoice_number="CN7001")]
    one = matched(paid(*rows), SAME_CREDITOR)
    both = matched(paid(*rows, credit("2025-01-21", supplier_invoice_number="CN7002")), SAME_CREDITOR)
    assert sorted(one.cases["value_at_risk"].to_pylist()) == [0, 50_000]
    assert both.cases["value_at_risk"].to_pylist() == [0, 0]


def test_a_credit_without_a_date_is_told_as_such(matched: Matched) -> None:
    rows = paid(payment("2025-01-10"), payment("2025-01-12"), payment(None, -50_000))
    assert "not known: 2 payments less 1 credit leave 1" in (
        told(matched(rows, SAME_CREDITOR), "reversed") or ""
    )


# split_invoice


def unequal_lines(invoices: int) -> Rows:
    """Invoices of two lines with different amounts: the mark of a ledger that holds lines."""
    return [
        payment("2024-01-01", amount, creditor_reference="C9", supplier_invoice_number=f"OTHER{number:04d}")
        for number in range(invoices)
        for amount in (1_000 + number, 2_000 + number)
    ]


def lines(*internal: str, when: str = "2025-01-10", **other: Any) -> Rows:
    return [payment(when, internal_invoice_number=number, **other) for number in internal]


def test_lines_of_one_invoice_in_a_ledger_of_lines_are_no_double(matched: Matched) -> None:
    result = matched(paid(*lines("5001", "5002", "5004"), *unequal_lines(3)), SAME_CREDITOR)
    assert told(result, "split_invoice") == (
        "3 lines in 1 run of neighbouring internal numbers: the lines of a run look like one invoice coded "
        "to several budgets; outside the largest run stand £0.00"
    )
    assert at_risk(result) == 0


def test_an_invoice_keyed_twice_in_a_row_is_not_taken_for_lines_where_the_ledger_has_none(
    matched: Matched,
) -> None:
    ordinary = [payment("2024-01-01", 1_000 + n, supplier_invoice_number=f"X{n:05d}") for n in range(40)]
    keyed_twice = matched(paid(*lines("5001", "5002"), *ordinary), SAME_CREDITOR)
    in_lines = matched(paid(*lines("5001", "5002"), *ordinary, *unequal_lines(3)), SAME_CREDITOR)
    assert "keyed twice in a row" in (told(keyed_twice, "split_invoice") or "")
    assert (at_risk(keyed_twice), at_risk(in_lines)) == (50_000, 0)
    assert keyed_twice.cases["priority"][0].as_py() > 10 * in_lines.cases["priority"][0].as_py()


def test_three_in_a_row_are_not_called_keyed_twice(matched: Matched) -> None:
    result = matched(paid(*lines("5001", "5002", "5003")), SAME_CREDITOR)
    assert "keyed twice" not in (told(result, "split_invoice") or "keyed twice")
    assert at_risk(result) == 0


def test_lines_under_one_internal_number_are_lines_in_any_ledger(matched: Matched) -> None:
    result = matched(paid(*lines("5001", "5001")), SAME_CREDITOR)
    assert at_risk(result) == 0
    assert "keyed twice" not in (told(result, "split_invoice") or "")


def test_an_invoice_of_lines_that_was_entered_again_stays_at_risk_once(matched: Matched) -> None:
    rows = paid(*lines("5001", "5002"), *lines("9001", "9002"), *unequal_lines(3))
    result = matched(rows, SAME_CREDITOR)
    said = told(result, "split_invoice") or ""
    assert "4 lines in 2 runs" in said
    assert said.endswith("outside the largest run stand £1,000.00")
    assert at_risk(result) == 100_000


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(
            {"internal_invoice_number": "5001"}, {"internal_invoice_number": "5022"}, id="numbers apart"
        ),
        pytest.param({"internal_invoice_number": None}, {"internal_invoice_number": None}, id="no numbers"),
        pytest.param({"internal_invoice_number": "A"}, {"internal_invoice_number": "B"}, id="no digits"),
        pytest.param(
            {"internal_invoice_number": "5001", "payment_date": on("2025-02-01")},
            {"internal_invoice_number": "5002", "payment_date": on("2025-02-08")},
            id="paid on two days",
        ),
        pytest.param(
            {"internal_invoice_number": "5001", "supplier_invoice_number": "INV-10045"},
            {"internal_invoice_number": "5002", "supplier_invoice_number": "INV10045"},
            id="number spelt in two ways",
        ),
        pytest.param(
            {"internal_invoice_number": "5001", "invoice_date": on("2025-01-10")},
            {"internal_invoice_number": "5002", "invoice_date": on("2025-01-11")},
            id="two invoice dates",
        ),
    ],
)
def test_other_payments_of_one_invoice_are_not_lines(
    first: dict[str, Any], second: dict[str, Any], matched: Matched
) -> None:
    rows = paid(payment("2025-01-10", **first), payment("2025-01-10", **second), *unequal_lines(3))
    result = matched(rows, SAME_CREDITOR)
    assert told(result, "split_invoice") is None
    assert at_risk(result) == 50_000


# recurring


@pytest.mark.parametrize(
    ("days", "holds"),
    [
        ([0, 11, 39, 172, 193, 224], True),
        ([0, 11, 172, 193], True),
        pytest.param([0, 11, 172], False, id="three dates are too few"),
        pytest.param([0, 0, 11, 11, 172], False, id="dates count, not payments"),
        pytest.param([0, 30, 61, 91, 121], False, id="regular: told as such"),
    ],
)
def test_a_number_on_many_dates_may_stand_for_an_agreement(
    days: list[int], holds: bool, matched: Matched
) -> None:
    rows = [payment(on("2024-01-01") + timedelta(days=each)) for each in days]
    assert (told(matched(paid(*rows), SAME_CREDITOR), "instalments") is not None) == holds


def test_the_more_dates_the_less_is_left_of_the_case(matched: Matched) -> None:
    def priority(days: list[int]) -> float:
        rows = [payment(on("2024-01-01") + timedelta(days=each), 10_000 // (len(days) - 1)) for each in days]
        left: float = matched(paid(*rows), SAME_CREDITOR).cases["priority"][0].as_py()
        return left

    assert priority([0, 11, 172]) > priority([0, 11, 39, 172]) > priority([0, 11, 39, 172, 193, 224])


def test_monthly_rent_under_one_reference_looks_regular(matched: Matched) -> None:
    result = matched(paid(*monthly("2024-01-01", 12, supplier_invoice_number="RENT")), SAME_CREDITOR)
    said = told(result, "recurring") or ""
    assert said.startswith("12 payments on 12 dates, mostly 31 days apart, 01/01/2024 to 01/12/2024")
    assert at_risk(result) == 0


@pytest.mark.parametrize("day", [1, 4, 12], ids=["on the same day", "three days later", "eleven days later"])
def test_one_double_payment_of_rent_stays_at_risk(day: int, matched: Matched) -> None:
    rows = monthly("2024-01-01", 12, supplier_invoice_number="RENT")
    rows.append(payment(date(2024, 6, day), supplier_invoice_number="RENT"))
    result = matched(paid(*rows), SAME_CREDITOR)
    assert told(result, "recurring") is not None
    assert at_risk(result) == 50_000


@pytest.mark.parametrize(
    "days",
    [
        pytest.param([0, 30], id="two dates"),
        pytest.param([0, 3, 6, 9, 12], id="every three days"),
        pytest.param([0, 5, 60, 61, 200], id="no rhythm"),
    ],
)
def test_irregular_payments_are_not_called_regular(days: list[int], matched: Matched) -> None:
    rows = [payment(on("2024-01-01") + timedelta(days=day)) for day in days]
    result = matched(paid(*rows), SAME_CREDITOR)
    assert told(result, "recurring") is None
    assert at_risk(result) == 50_000 * (len(days) - 1)


def test_a_month_left_out_is_still_regular(matched: Matched) -> None:
    rows = monthly("2024-01-01", 12)
    del rows[5]
    assert told(matched(paid(*rows), SAME_CREDITOR), "recurring") is not None


def test_every_other_month_left_out_is_still_regular(matched: Matched) -> None:
    months = ["2024-01-01", "2024-02-01", "2024-04-01", "2024-05-01", "2024-07-01"]
    assert told(matched(paid(*map(payment, months)), SAME_CREDITOR), "recurring") is not None


# regular_amount


def rent_under_its_own_numbers(**other: Any) -> Rows:
    return [
        row | {"supplier_invoice_number": f"R{number:05d}"} | other
        for number, row in enumerate(monthly("2024-01-01", 10))
    ]


def test_an_amount_paid_monthly_under_other_numbers_is_told(matched: Matched) -> None:
    rows = rent_under_its_own_numbers()
    rows[3]["supplier_invoice_number"] = rows[2]["supplier_invoice_number"]  # a number that was typed twice
    result = matched(paid(*rows), SAME_CREDITOR)
    said = told(result, "regular_amount") or ""
    assert said.startswith("The same amount went to this creditor 8 more times")
    assert "mostly 31 days apart, 01/01/2024 to 01/10/2024" in said


@pytest.mark.parametrize("day", [1, 8], ids=["same day", "a week later"])
def test_a_rent_invoice_paid_twice_is_not_explained_by_the_rent(day: int, matched: Matched) -> None:
    rows = rent_under_its_own_numbers()
    rows.append(payment(date(2024, 6, day), supplier_invoice_number="R00005"))
    result = matched(paid(*rows), SAME_CREDITOR)
    assert result.cases.num_rows == 1
    assert result.cases["explanations"][0].as_py() == []


def test_a_rent_invoice_paid_through_two_references_is_not_explained_by_the_rent(matched: Matched) -> None:
    rows = [*rent_under_its_own_numbers(), payment("2024-06-03", supplier_invoice_number="R00005")]
    rows[-1]["creditor_reference"] = "C2"
    datasets = paid(*rows) | {
        "creditors-standing": [creditor("C1", "Acorn Lets"), creditor("C2", "ACORN LETS LTD")]
    }
    result = matched(datasets, SAME_NAME)
    assert result.cases.num_rows == 1
    assert told(result, "regular_amount") is None


def test_lines_of_a_regular_invoice_do_not_speak_against_it(matched: Matched) -> None:
    rows = rent_under_its_own_numbers()
    rows += lines("70001", "70002", when="2024-11-01", supplier_invoice_number="R00011")
    result = matched(paid(*rows, *unequal_lines(3)), SAME_CREDITOR)
    assert told(result, "regular_amount") is not None


# reused_reference, weak_reference, common_reference, far_apart


def test_a_number_that_stands_on_payments_of_other_amounts_is_told(matched: Matched) -> None:
    rows = paid(payment("2025-01-10"), payment("2025-02-20"), payment("2025-03-30", 7_777))
    said = told(matched(rows, SAME_CREDITOR), "reused_reference")
    assert said is not None
    assert "1 other payment to" in said


def test_a_number_on_a_credit_or_at_another_creditor_is_not_reused(matched: Matched) -> None:
    rows = paid(
        payment("2025-01-10"),
        payment("2025-02-20"),
        credit("2025-03-30", 7_777),
        payment("2025-03-30", 7_777, creditor_reference="C2"),
    )
    assert told(matched(rows, SAME_CREDITOR), "reused_reference") is None


@pytest.mark.parametrize(
    ("number", "holds"),
    [("Q1", True), ("001", True), ("RENT MARCH", True), ("1234", False), ("MARCH 25", False)],
)
def test_a_number_that_is_short_or_has_no_digit_is_told(number: str, holds: bool, matched: Matched) -> None:
    rows = [payment("2025-01-10"), payment("2025-02-20")]
    for row in rows:
        row["supplier_invoice_number"] = number
    assert (told(matched(paid(*rows), SAME_CREDITOR), "weak_reference") is not None) == holds


@pytest.mark.parametrize(("creditors", "holds"), [(2, False), (3, True), (30, True)])
def test_a_number_that_many_creditors_use_is_told(creditors: int, holds: bool, matched: Matched) -> None:
    rows = [payment("2025-01-10", creditor_reference="C0"), payment("2025-01-12", creditor_reference="C1")]
    rows += [payment("2025-05-05", 100 + n, creditor_reference=f"C{n}") for n in range(2, creditors)]
    standing = [creditor(f"C{n}", f"Firm {chr(65 + n % 26)}{n}") for n in range(creditors)]
    result = matched(paid(*rows) | {"creditors-standing": standing}, SAME_INVOICE)
    assert result.cases.num_rows == 1
    said = told(result, "common_reference")
    assert (said is not None) == holds
    if said:
        assert said.startswith(f"{creditors} creditors")


@pytest.mark.parametrize(
    ("dates", "holds"),
    [
        (["2023-01-01", "2023-10-28"], False),
        (["2023-01-01", "2023-10-29"], True),
        (["2021-01-01", "2022-06-01", "2024-01-01"], True),
        (["2021-01-01", "2021-01-09", "2024-01-01"], False),
        (["2021-01-01"], False),
        ([None, None], False),
    ],
)
def test_payments_more_than_ten_months_apart_are_told(
    dates: list[str | None], holds: bool, matched: Matched
) -> None:
    rows = [payment(when) for when in dates] + ([payment("2021-01-01")] if len(dates) == 1 else [])
    assert (told(matched(paid(*rows), SAME_CREDITOR), "far_apart") is not None) == holds


# supplier records


def banked(reference: str, name: str, **other: Any) -> dict[str, Any]:
    return creditor(reference, name, sort_code="20-45-23", bank_account="12345678") | other


@pytest.mark.parametrize(
    ("names", "holds"),
    [
        (("Larkspur Factors Ltd", "Oak Hire"), True),
        (("Oak Hire re Acorn Invoice Finance", "Oak Hire"), True),
        (("Larkspur Receivables", "Oak Hire"), True),
        (("Oak Hire c/o Acorn Debtor Finance", "Oak Hire"), True),
        (("Aspen Motor Factors", "Oak Hire"), False),
        (("Benefactors Trust", "Oak Hire"), False),
        (("Acorn Finance", "Oak Hire"), False),
    ],
)
def test_a_factor_is_known_by_its_name(names: tuple[str, str], holds: bool, matched: Matched) -> None:
    rows = {"creditors-standing": [banked("C1", names[0]), banked("C2", names[1])]}
    assert (told(matched(rows, SAME_BANK), "factor") is not None) == holds


@pytest.mark.parametrize(
    ("names", "holds"),
    [
        (("Acorn Glazing Ltd", "Acorn Roofing Ltd"), True),
        (("Acorn Glazing Ltd", "Birch Roofing Ltd"), False),
        (("Oak Glazing", "Oak Roofing"), False),
        (("Acorn Glazing Ltd", "Acorn Glazing Limited"), False),
        (("Acorn Glazing Ltd", None), False),
    ],
)
def test_companies_of_one_group_begin_alike(
    names: tuple[str, str | None], holds: bool, matched: Matched
) -> None:
    rows = {"creditors-standing": [banked("C1", names[0]), banked("C2", names[1] or "")]}
    rows["creditors-standing"][1]["creditor_name"] = names[1]
    assert (told(matched(rows, SAME_BANK), "group_companies") is not None) == holds


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"company_number": "01234567"}, {"company_number": "01234567"}, "company registration number"),
        ({"vat_number": "949000138"}, {"vat_number": "949000138"}, "VAT registration number"),
        ({"company_number": "01234567"}, {"company_number": "07654321"}, None),
        ({"company_number": "01234567"}, {}, None),
        pytest.param(
            {"company_number": "01234567", "post_code": "LS1 4AP"},
            {"company_number": "01234567", "post_code": "ls14ap"},
            None,
            id="one post code: one supplier entered twice, rather than branches",
        ),
        pytest.param(
            {"company_number": "01234567", "post_code": "LS1 4AP"},
            {"company_number": "01234567", "post_code": "LS2 9JT"},
            "company registration number",
            id="two post codes",
        ),
        ({}, {}, None),
    ],
)
def test_branches_carry_one_number(
    first: dict[str, str], second: dict[str, str], said: str | None, matched: Matched
) -> None:
    rows = {"creditors-standing": [banked("C1", "Acorn Hire", **first), banked("C2", "Birch Hire", **second)]}
    found = told(matched(rows, SAME_BANK), "branches")
    assert (found is not None) == (said is not None)
    assert (said or "") in (found or "")


@pytest.mark.parametrize(
    ("codes", "holds"),
    [
        (("LS1 4AP", "LS2 9JT"), True),
        (("LS1 4AP", "ls14ap"), False),
        (("LS1 4AP", None), False),
        (("LS1 4AP", "LS2 9JT", "LS1 4AP"), False),
    ],
)
def test_records_at_different_places_may_be_branches(
    codes: tuple[str | None, ...], holds: bool, matched: Matched
) -> None:
    standing = [creditor(f"C{n}", "Acorn Nurseries", post_code=code) for n, code in enumerate(codes)]
    assert (
        told(matched({"creditors-standing": standing}, SIMILAR_NAMES), "different_places") is not None
    ) == holds


@pytest.mark.parametrize(
    ("names", "codes", "holds"),
    [
        (("Acorn Care Ltd", "Acorn Care"), ("LS1 4AP", "LS2 9JT"), True),
        (("Acorn Care Ltd", "Birch Care"), ("LS1 4AP", "LS2 9JT"), False),
        (("Acorn Care Ltd", "Acorn Care"), ("LS1 4AP", "LS1 4AP"), False),
        (("Acorn Care Ltd", "Acorn Care"), ("LS1 4AP", None), False),
        ((None, None), ("LS1 4AP", "LS2 9JT"), False),
    ],
)
def test_one_name_at_several_places_with_one_account_may_be_branches(
    names: tuple[str | None, ...], codes: tuple[str | None, ...], holds: bool, matched: Matched
) -> None:
    standing = [
        banked(f"C{n}", "", creditor_name=name, post_code=code)
        for n, (name, code) in enumerate(zip(names, codes, strict=True))
    ]
    result = matched({"creditors-standing": standing}, SAME_BANK)
    assert (told(result, "one_name_several_places") is not None) == holds


def similar_by_characters() -> Report:
    """The report of similar names as one that knows nothing of words would have it."""
    report = next(each for each in all_reports() if each.id == SIMILAR_NAMES)
    return report.model_copy(update={"similar": {"creditor_name_key": Similarity(least=0.8)}})


def test_names_that_begin_differently_at_one_address_may_be_one_firm_misspelt(matched: Matched) -> None:
    names = ("Larkspur Design", "Lraskpur Design")
    standing = [creditor(f"C{n}", name, post_code="LS1 4AP") for n, name in enumerate(names)]
    result = matched({"creditors-standing": standing}, similar_by_characters())
    assert result.cases.num_rows == 1
    assert told(result, "different_beginnings") is None


@pytest.mark.parametrize(
    ("names", "holds"),
    [
        (("Cole Technical Services", "Mole Technical Services"), True),
        (("Acorn Glazing", "Acorn Glazings"), False),
        (("Oak Wood Lettings", "Oakwood Lettings"), False),
    ],
)
def test_names_that_begin_differently_may_be_different_firms(
    names: tuple[str, str], holds: bool, matched: Matched
) -> None:
    standing = [creditor(f"C{n}", name) for n, name in enumerate(names)]
    result = matched({"creditors-standing": standing}, similar_by_characters())
    assert result.cases.num_rows == 1
    assert (told(result, "different_beginnings") is not None) == holds


# employees


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("A Example Joinery", True),
        ("EXAMPLE, ANN", True),
        ("Examples Ltd", False),
        ("Oak Joinery", False),
        (None, False),
    ],
)
def test_a_creditor_of_the_employees_name_is_told(name: str | None, holds: bool, matched: Matched) -> None:
    rows = {
        "payroll": [employee("E1", sort_code="204523", bank_account="12345678")],
        "creditors-standing": [banked("C1", name or "", creditor_name=name)],
    }
    assert (told(matched(rows, EMPLOYEE_CREDITOR), "own_name") is not None) == holds


@pytest.mark.parametrize(
    ("code", "holds"), [("ls14ap", True), ("LS2 9JT", False), (None, False), ("unknown", False)]
)
def test_a_creditor_at_the_employees_post_code_is_told(
    code: str | None, holds: bool, matched: Matched
) -> None:
    person = employee(
        "E1", sort_code="204523", bank_account="12345678", post_code=code if code == "unknown" else "LS1 4AP"
    )
    rows = {"payroll": [person], "creditors-standing": [banked("C1", "Oak Joinery", post_code=code)]}
    assert (told(matched(rows, EMPLOYEE_CREDITOR), "same_address") is not None) == holds


FULL = {"full_part_time": "F", "standard_hours": 3700}
PART = {"full_part_time": "P", "standard_hours": 1600}


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        pytest.param(FULL, PART, "2 posts: 53.00 hours", id="one full-time"),
        pytest.param(PART, PART, "2 posts: 32.00 hours", id="two part-time"),
        pytest.param(
            FULL | {"standard_hours": 4000}, PART | {"standard_hours": 2000}, "60.00", id="sixty hours"
        ),
        pytest.param(
            FULL | {"standard_hours": 4000}, PART | {"standard_hours": 2001}, None, id="over sixty hours"
        ),
        pytest.param(FULL, FULL | {"standard_hours": 1000}, None, id="two marked full-time"),
        pytest.param(FULL, PART | {"standard_hours": None}, None, id="hours of one post not known"),
        pytest.param(PART, PART | {"surname": "Other"}, None, id="another surname"),
        pytest.param(PART, PART | {"date_of_birth": on("1981-02-01")}, None, id="another birthday"),
    ],
)
def test_two_posts_of_one_person_fit_into_a_week(
    first: dict[str, Any], second: dict[str, Any], said: str | None, matched: Matched
) -> None:
    result = matched({"payroll": [employee("E1", **first), employee("E2", **second)]}, SAME_NINO)
    assert result.cases.num_rows == 1
    found = told(result, "second_post")
    assert (found is not None) == (said is not None)
    assert (said or "") in (found or "")


TWIN = {"forenames": "Anna", "ni_number": "CR654321A"}


@pytest.mark.parametrize(
    ("other", "holds"),
    [
        pytest.param(TWIN, True, id="twins"),
        pytest.param(TWIN | {"post_code": "LS2 9JT"}, False, id="another place"),
        pytest.param(TWIN | {"post_code": None}, False, id="place of one not known"),
        pytest.param(TWIN | {"ni_number": None}, False, id="number of one not known"),
        pytest.param(TWIN | {"forenames": "Ann"}, False, id="one forename"),
        pytest.param(TWIN | {"surname": "Exampel"}, False, id="surname spelt otherwise"),
    ],
)
def test_twins_share_surname_and_place_and_nothing_else(
    other: dict[str, Any], holds: bool, matched: Matched
) -> None:
    result = matched({"payroll": [employee("E1"), employee("E2", **other)]}, SIMILAR_PERSON)
    assert result.cases.num_rows == 1
    assert (told(result, "twins") is not None) == holds


@pytest.mark.parametrize(
    ("other", "holds"),
    [
        pytest.param({"surname": "Partner"}, True, id="two people at one place"),
        pytest.param({"surname": "Partner", "post_code": "LS2 9JT"}, False, id="two places"),
        pytest.param({"surname": "Partner", "post_code": None}, False, id="place of one not known"),
        pytest.param({"surname": "Partner", "post_code": "not known"}, False, id="placeholder"),
        pytest.param({}, False, id="one name"),
    ],
)
def test_a_household_is_several_people_at_one_place(
    other: dict[str, Any], holds: bool, matched: Matched
) -> None:
    bank = {"sort_code": "204523", "bank_account": "12345678"}
    rows = [employee("E1", **bank), employee("E2", **({"ni_number": "CR654321A"} | bank | other))]
    if other.get("post_code") == "not known":
        rows[0]["post_code"] = "not known"
    result = matched({"payroll": rows}, PAY_BANK)
    assert result.cases.num_rows == 1
    assert (told(result, "same_household") is not None) == holds


def test_employees_without_ni_numbers_who_share_an_account_are_a_case(matched: Matched) -> None:
    bank = {"sort_code": "204523", "bank_account": "12345678", "ni_number": None, "post_code": None}
    rows = [employee("E1", **bank), employee("E2", **bank | {"surname": "Other"})]
    assert matched({"payroll": rows}, PAY_BANK).cases.num_rows == 1


# all of them


@pytest.mark.parametrize("name", known_explanations())
def test_every_explanation_has_a_query_and_a_report_that_asks_for_it(name: str) -> None:
    assert (_FOLDER / f"{name}.sql").is_file()
    assert any(name in report.explanations for report in all_reports())


def test_every_query_has_a_text() -> None:
    assert {path.stem for path in _FOLDER.glob("*.sql")} == set(known_explanations())


@pytest.fixture(scope="module")
def no_records(
    tmp_path_factory: pytest.TempPathFactory, checked_table: Callable[[str, Rows], pa.Table]
) -> dict[str, Stored]:
    """Data sets without a record, prepared, with every key and derived column."""
    folder = tmp_path_factory.mktemp("nothing")
    files = {name: folder / f"{name}.parquet" for name in enrichments()}
    for dataset, file in files.items():
        pq.write_table(checked_table(dataset, []), file)
    return prepared_records([Body(files)], DuckDBEngine(), folder)


@pytest.mark.parametrize("name", known_explanations())
def test_an_explanation_of_no_groups_says_nothing(
    name: str, no_records: dict[str, Stored], engine: Engine
) -> None:
    parts = (engine.sql("select * from records", records=path) for path in no_records.values())
    members = pa.concat_tables(parts, promote_options="default")
    members = members.append_column("group_no", pa.array([], pa.int64()))
    members = members.append_column("dataset", pa.array([], pa.string()))
    assert list(explained(name, members, no_records, engine)) == []
