"""Each report on payroll, creditors and both: what it must raise, and what it must leave alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest

from matching.result import MatchResult

Row = dict[str, Any]
Matched = Callable[..., MatchResult]
Raised = list[set[str]]
"""The employee and creditor references of each case."""

numbers = count(1)


def person(reference: str, **other: Any) -> Row:
    """An employee who shares nothing with any other, but for what is said."""
    n = next(numbers)
    return {
        "employee_reference": reference,
        "surname": f"Sample{chr(65 + n % 26)}{chr(65 + n // 26 % 26)}",
        "forenames": "Ann",
        "ni_number": f"CR{n:06d}A",
        "date_of_birth": date(1970, 1, 1 + n % 28),
        "address_line_1": f"{n} High Street",
        "post_code": "LS1 4AP",
        "home_telephone": f"01632 960{n % 1000:03d}",
        "email": f"person{n}@example.org",
        "date_started": date(2015, 4, 1),
        "date_last_paid": date(2026, 9, 25),
        "full_part_time": "P",
        "standard_hours": 1800,
        "gross_pay_to_date": 900_000,
        "sort_code": "204523",
        "bank_account": f"{n + 10_000_000}",
    } | other


def creditor(reference: str, name: str, **other: Any) -> Row:
    n = next(numbers)
    return {
        "creditor_reference": reference,
        "creditor_name": name,
        "address_line_1": f"{n} Mill Lane",
        "post_code": "BD1 1AA",
        "telephone": f"0113 496 0{n % 1000:03d}",
        "email": f"ledger{n}@example.com",
        "company_number": f"{30_000_000 + n}",
        "sort_code": "204523",
        "bank_account": f"{n + 20_000_000}",
    } | other


def payment(reference: str, amount: int = 2_000_000, on: date = date(2026, 5, 1)) -> Row:
    n = next(numbers)
    return {
        "creditor_reference": reference,
        "internal_invoice_number": str(n),
        "supplier_invoice_number": f"INV{n}",
        "invoice_date": on,
        "total_invoice_amount": amount,
    }


def raised(result: MatchResult) -> Raised:
    cases: dict[int, set[str]] = defaultdict(set)
    for record in result.records.to_pylist():
        reference = "employee_reference" if record["dataset"] == "payroll" else "creditor_reference"
        cases[record["rank"]].add(record[reference])
    return sorted(cases.values(), key=sorted)


ANN = {"surname": "Thistle", "forenames": "Ann", "date_of_birth": date(1980, 2, 1)}
HOME = {"address_line_1": "7 Orchard Close", "post_code": "LS2 9JT"}
FULL = {"full_part_time": "F", "standard_hours": 3700}

EMPLOYEES: dict[str, list[tuple[str, list[Row], Raised]]] = {
    "payroll-nino-different-names": [
        (
            "one number, two names",
            [{"ni_number": "CR100001A"}, {"ni_number": "CR 10 00 01 C"}],
            [{"E1", "E2"}],
        ),
        ("one number, one name", [ANN | {"ni_number": "CR100001A"}] * 2, []),
        ("no number", [{"ni_number": None}] * 2, []),
        ("a temporary number", [{"ni_number": "TN010180F"}] * 2, []),
    ],
    "payroll-two-ni-numbers": [
        ("one person, two numbers", [ANN, ANN], [{"E1", "E2"}]),
        ("one of them without a number", [ANN, ANN | {"ni_number": None}], []),
        ("another birthday", [ANN, ANN | {"date_of_birth": date(1980, 1, 2)}], []),
        ("another name", [ANN, ANN | {"forenames": "Eve"}], []),
    ],
    "payroll-two-full-time-posts": [
        ("two of 37 hours", [FULL | {"ni_number": "CR100001A"}] * 2, [{"E1", "E2"}]),
        (
            "hours not known, marked full-time",
            [{"ni_number": "CR100001A", "full_part_time": "F", "standard_hours": None}] * 2,
            [{"E1", "E2"}],
        ),
        ("one full and one part", [FULL | {"ni_number": "CR100001A"}, {"ni_number": "CR100001A"}], []),
        ("two people", [FULL, FULL], []),
    ],
    "payroll-two-full-time-posts-by-name": [
        (
            "two of 37 hours, whatever the number",
            [ANN | FULL, ANN | FULL | {"ni_number": None}],
            [{"E1", "E2"}],
        ),
        ("one full and one part", [ANN | FULL, ANN], []),
    ],
    "payroll-same-bank": [
        ("one account", [{"bank_account": "10000099"}] * 2, [{"E1", "E2"}]),
        (
            "one building society, two roll numbers",
            [{"bank_account": "10000099", "roll_number": roll} for roll in ("A/1", "A/2")],
            [],
        ),
    ],
    "payroll-same-phone": [
        (
            "one mobile",
            [{"mobile_telephone": "07700 900123"}, {"mobile_telephone": "+447700900123"}],
            [{"E1", "E2"}],
        ),
        (
            "the mobile of one is the home number of the other",
            [{"mobile_telephone": "07700900123"}, {"home_telephone": "07700 900 123"}],
            [{"E1", "E2"}],
        ),
        ("one person in two posts", [ANN | {"mobile_telephone": "07700 900123"}] * 2, []),
        ("a filler", [{"mobile_telephone": "00000000000"}] * 2, []),
    ],
    "payroll-same-email": [
        ("one address", [{"email": "box@example.org"}, {"email": "BOX@example.org "}], [{"E1", "E2"}]),
        ("one person in two posts", [ANN | {"email": "box@example.org"}] * 2, []),
        ("none", [{"email": None}] * 2, []),
    ],
    "payroll-same-address": [
        ("three surnames", [HOME] * 3, [{"E1", "E2", "E3"}]),
        ("a couple", [HOME] * 2, []),
        (
            "a family of one name",
            [HOME | {"surname": "Thistle", "forenames": name} for name in ("A", "B", "C")],
            [],
        ),
        ("neighbours", [HOME, HOME, HOME | {"address_line_1": "8 Orchard Close"}], []),
    ],
    "payroll-paid-after-leaving": [
        ("nine months", [{"date_left": date(2026, 1, 1)}], [{"E1"}]),
        ("61 days", [{"date_left": date(2026, 7, 26)}], []),
        ("62 days", [{"date_left": date(2026, 7, 25)}], [{"E1"}]),
        ("still there", [{"date_left": None}, {"date_left": date(2027, 1, 1)}], []),
        ("left an earlier post", [{"date_left": date(2014, 1, 1)}], []),
    ],
    "payroll-started-after-leaving": [
        ("left before the first day", [{"date_left": date(2015, 3, 31)}], [{"E1"}]),
        ("left on the first day", [{"date_left": date(2015, 4, 1)}], []),
    ],
    "payroll-no-ni-number": [
        ("for years", [{"ni_number": None}, {}], [{"E1"}]),
        ("a temporary one", [{"ni_number": "TN010180F"}], [{"E1"}]),
        ("new", [{"ni_number": None, "date_started": date(2026, 6, 25)}, {}], []),
    ],
    "payroll-over-80": [
        ("81", [{"date_of_birth": date(1945, 9, 25)}], [{"E1"}]),
        ("80", [{"date_of_birth": date(1945, 9, 26)}], []),
    ],
    "payroll-under-14": [
        ("13", [{"date_of_birth": date(2012, 9, 26)}], [{"E1"}]),
        ("14", [{"date_of_birth": date(2012, 9, 25)}], []),
    ],
    "payroll-post-box": [
        ("a post box", [{"address_line_1": "P.O. Box 12"}, {}], [{"E1"}]),
        ("a lane", [{"address_line_1": "12 Box Lane"}], []),
    ],
    "payroll-pay-without-hours": [
        ("part time", [{"standard_hours": 0}], [{"E1"}]),
        ("casual", [{"standard_hours": 0, "full_part_time": "C"}], []),
        ("hours not known", [{"standard_hours": None}, {}], []),
        ("little pay", [{"standard_hours": 0, "gross_pay_to_date": 100_000}], []),
    ],
}

BOTH: dict[str, list[tuple[str, Row, Row, bool]]] = {
    "payroll-creditors-bank": [
        (
            "one account",
            {"bank_account": "1000042"},
            {"bank_account": "01000042", "sort_code": "20-45-23"},
            True,
        ),
        (
            "another branch",
            {"bank_account": "10000042"},
            {"bank_account": "10000042", "sort_code": "204524"},
            False,
        ),
    ],
    "payroll-creditors-address": [
        ("one house", HOME, {"address_line_1": "7, ORCHARD CLOSE", "post_code": "LS29JT"}, True),
        ("next door", HOME, HOME | {"address_line_1": "9 Orchard Close"}, False),
        (
            "a flat above a shop",
            HOME | {"address_line_1": "Flat 2", "address_line_2": "7 Orchard Close"},
            HOME | {"address_line_1": "Ground Floor Shop", "address_line_2": "7 Orchard Close"},
            False,
        ),
        ("no post code", HOME | {"post_code": None}, HOME | {"post_code": None}, False),
    ],
    "payroll-creditors-phone": [
        ("one mobile", {"mobile_telephone": "07700900123"}, {"telephone": "+44 7700 900123"}, True),
        ("another", {"mobile_telephone": "07700900123"}, {"telephone": "07700 900124"}, False),
    ],
    "payroll-creditors-email": [
        ("one address", {"email": "ann@example.net"}, {"email": "Ann@Example.net"}, True),
        ("one domain", {"email": "ann@example.net"}, {"email": "accounts@example.net"}, False),
    ],
    "payroll-creditors-name-address": [
        (
            "the surname, at home",
            HOME | {"surname": "Thistle"},
            HOME | {"creditor_name": "Thistle Roofing Ltd"},
            True,
        ),
        (
            "half of a double surname",
            HOME | {"surname": "Thistle-Down"},
            HOME | {"creditor_name": "J Down"},
            True,
        ),
        ("another name", HOME | {"surname": "Thistle"}, HOME, False),
        ("another house", {"surname": "Thistle"}, {"creditor_name": "Thistle Roofing Ltd"}, False),
        ("part of a word", HOME | {"surname": "Bury"}, HOME | {"creditor_name": "Canterbury Roofing"}, False),
    ],
}

CREDITORS: dict[str, list[tuple[str, list[Row], Raised]]] = {
    "same-address-creditors": [
        ("one house", [HOME, HOME | {"post_code": "ls2 9jt"}], [{"C1", "C2"}]),
        ("two suites", [HOME | {"address_line_2": "x", "address_line_1": f"Suite {n}"} for n in (1, 2)], []),
        ("two sites of one creditor", [HOME | {"creditor_reference": "C9", "site_id": n} for n in "12"], []),
    ],
    "same-vat-number-creditors": [
        ("one number", [{"vat_number": "GB 949 0001 38"}, {"vat_number": "949000138"}], [{"C1", "C2"}]),
        ("a number that is none", [{"vat_number": "123456789"}] * 2, []),
    ],
    "same-company-number-creditors": [
        ("one number", [{"company_number": "1234567"}, {"company_number": "01234567"}], [{"C1", "C2"}]),
        ("none", [{"company_number": None}, {"company_number": None}, {}], []),
    ],
    "same-phone-creditors": [
        ("one number", [{"telephone": "0113 496 0123"}, {"telephone": "+441134960123"}], [{"C1", "C2"}]),
        (
            "one name",
            [
                {"telephone": "0113 496 0123", "creditor_name": name}
                for name in ("Acorn Ltd", "ACORN LIMITED")
            ],
            [],
        ),
    ],
    "same-email-creditors": [
        ("one address", [{"email": "ledger@example.org"}, {"email": "LEDGER@example.org"}], [{"C1", "C2"}]),
        ("one domain", [{"email": "a.b@example.org"}, {"email": "c.d@example.org"}], []),
    ],
    "creditors-not-to-be-used": [
        ("paid", [{"creditor_name": "Acorn Ltd (DO NOT USE)"}, {}], [{"C1"}]),
        ("never paid", [{"creditor_name": "Acorn Ltd (DO NOT USE)", "creditor_reference": "C7"}, {}], []),
    ],
    "creditors-without-bank-account": [
        ("paid", [{"bank_account": None, "sort_code": None}, {}], [{"C1"}]),
        ("never paid", [{"bank_account": None, "creditor_reference": "C7"}, {}], []),
    ],
    "creditors-without-numbers": [
        ("paid", [{"creditor_name": "Acorn Ltd", "company_number": None}, {}], [{"C1"}]),
        ("no company", [{"creditor_name": "J Birch", "company_number": None}, {}], []),
    ],
    "creditors-new-and-large": [
        ("new", [{"date_created": date(2026, 4, 20)}, {}], []),
        ("new, and large", [{"date_created": date(2026, 4, 20), "creditor_reference": "C8"}, {}], [{"C8"}]),
        ("old, and large", [{"date_created": date(2020, 4, 20), "creditor_reference": "C8"}, {}], []),
    ],
}
PAID = [payment("C1"), payment("C2"), payment("C3"), payment("C8", 6_000_000)]


@pytest.mark.parametrize(
    ("report", "rows", "expected"),
    [
        pytest.param(report, rows, expected, id=f"{report}: {what}")
        for report, examples in EMPLOYEES.items()
        for what, rows, expected in examples
    ],
)
def test_reports_on_payroll_raise_this_and_nothing_else(
    matched: Matched, report: str, rows: list[Row], expected: Raised
) -> None:
    payroll = [person(f"E{n}", **row) for n, row in enumerate(rows, start=1)]
    assert raised(matched({"payroll": payroll}, report)) == expected


@pytest.mark.parametrize(
    ("report", "employee", "supplier", "is_raised"),
    [
        pytest.param(report, employee, supplier, is_raised, id=f"{report}: {what}")
        for report, examples in BOTH.items()
        for what, employee, supplier, is_raised in examples
    ],
)
def test_reports_on_payroll_and_creditors_raise_this_and_nothing_else(
    matched: Matched, report: str, employee: Row, supplier: Row, is_raised: bool
) -> None:
    name = supplier.get("creditor_name", "Acorn Roofing Ltd")
    others = {key: value for key, value in supplier.items() if key != "creditor_name"}
    datasets = {
        "payroll": [person("E1", **employee), person("E2")],
        "creditors-standing": [creditor("C1", name, **others), creditor("C2", "Beech Glazing Ltd")],
        "creditors-history": PAID,
    }
    assert raised(matched(datasets, report)) == ([{"E1", "C1"}] if is_raised else [])


@pytest.mark.parametrize(
    ("report", "rows", "expected"),
    [
        pytest.param(report, rows, expected, id=f"{report}: {what}")
        for report, examples in CREDITORS.items()
        for what, rows, expected in examples
    ],
)
def test_reports_on_creditors_raise_this_and_nothing_else(
    matched: Matched, report: str, rows: list[Row], expected: Raised
) -> None:
    names = ("Acorn Roofing Ltd", "Beech Glazing Ltd", "Cedar Fencing Ltd")
    standing = [
        creditor(f"C{n}", name) | row for n, (name, row) in enumerate(zip(names, rows, strict=False), start=1)
    ]
    result = matched({"creditors-standing": standing, "creditors-history": PAID}, report)
    assert raised(result) == expected
