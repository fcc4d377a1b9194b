"""Each innocent reason for what employees and creditors share is found where it holds, and only there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

import pytest

from matching.result import MatchResult

Row = dict[str, Any]
Matched = Callable[..., MatchResult]

numbers = count(1)

HOME = {"address_line_1": "7 Orchard Close", "post_code": "LS2 9JT"}
ANN = {"surname": "Thistle", "forenames": "Ann", "date_of_birth": date(1980, 2, 1)}
NUMBER = {"ni_number": "CR100001A"}
MOBILE = {"mobile_telephone": "07700 900123"}
MAILBOX = {"email": "ann@example.net"}
FULL = {"full_part_time": "F", "standard_hours": 3700}
LEFT = {"date_left": date(2026, 1, 1)}
SURNAMES = ("Birch", "Cedar", "Elder", "Fir", "Hazel", "Juniper", "Larch")


def person(n: int, **other: Any) -> Row:
    unique = next(numbers)
    return {
        "employee_reference": f"E{n}",
        "surname": SURNAMES[n],
        "forenames": "Eve",
        "ni_number": f"CR{unique * 7_919 % 1_000_000:06d}A",
        "date_of_birth": date(1970, 1, 1 + n),
        "address_line_1": f"{unique} High Street",
        "post_code": f"LS{unique % 9 + 1} 4AP",
        "date_started": date(2015, 4, 1),
        "date_last_paid": date(2026, 9, 25),
        "full_part_time": "P",
        "standard_hours": 1800,
        "gross_pay_to_date": 900_000,
        "sort_code": "204523",
        "bank_account": f"{unique + 10_000_000}",
    } | other


def creditor(n: int, **other: Any) -> Row:
    unique = next(numbers)
    return {
        "creditor_reference": f"C{n}",
        "creditor_name": f"{SURNAMES[-n]} Roofing Ltd",
        "address_line_1": f"{unique} Mill Lane",
        "post_code": "BD1 1AA",
        "company_number": f"{30_000_000 + unique}",
        "sort_code": "204523",
        "bank_account": f"{unique + 20_000_000}",
    } | other


def explanations(
    matched: Matched, report: str, *, people: Sequence[Row] = (), creditors: Sequence[Row] = ()
) -> list[str]:
    """What the first case is explained by."""
    datasets: dict[str, list[Row]] = {}
    if people:
        datasets["payroll"] = [person(n, **row) for n, row in enumerate(people, start=1)]
    if creditors:
        datasets["creditors-standing"] = [creditor(n, **row) for n, row in enumerate(creditors, start=1)]
        datasets["creditors-history"] = [{"creditor_reference": "C1", "total_invoice_amount": 500_000}]
    result = matched(datasets, report)
    assert result.cases.num_rows == 1, "no case, or more than one"
    told: list[str] = result.cases["explanations"][0].as_py()
    return told


def of_people(*rows: Mapping[str, Any]) -> dict[str, list[Row]]:
    return {"people": [dict(row) for row in rows]}


def of_creditors(*rows: Mapping[str, Any]) -> dict[str, list[Row]]:
    return {"creditors": [dict(row) for row in rows]}


def of_both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, list[Row]]:
    return {"people": [dict(one)], "creditors": [dict(other)]}


HOLDS: list[tuple[str, str, dict[str, list[Row]], str]] = [
    (
        "a couple",
        "payroll-same-phone",
        of_people(HOME | MOBILE, HOME | MOBILE),
        "2 people of 2 surnames at one address: may be one household",
    ),
    (
        "sisters who live apart",
        "payroll-same-phone",
        of_people(MOBILE | {"surname": "Thistle"}, MOBILE | {"surname": "Thistle", "forenames": "Ann"}),
        "2 people of one surname, not known to live together: may be of one family",
    ),
    (
        "a changed name",
        "payroll-nino-different-names",
        of_people(ANN | NUMBER, ANN | NUMBER | {"surname": "Vetch"}),
        "The date of birth and the forename agree, the surname does not: may be one person, spelt in two "
        "ways or with a changed name",
    ),
    (
        "two forms of a forename",
        "payroll-nino-different-names",
        of_people(ANN | NUMBER, ANN | NUMBER | {"forenames": "Annie"}),
        "The date of birth and the surname agree, the forename does not: may be one person, spelt in two "
        "ways or with a changed name",
    ),
    (
        "casual besides part time",
        "payroll-same-nino",
        of_people(ANN | NUMBER | FULL, ANN | NUMBER | {"full_part_time": "C", "standard_hours": 3000}),
        "1 of 2 posts are casual or as-and-when: one person may well hold them together",
    ),
    (
        "one post after the other",
        "payroll-two-full-time-posts",
        of_people(
            ANN | NUMBER | FULL | {"date_last_paid": date(2026, 5, 29)},
            ANN | NUMBER | FULL | {"date_started": date(2026, 5, 11)},
        ),
        "The post that began on 11/05/2026 follows one last paid on 29/05/2026: looks like a move from one "
        "post to another",
    ),
    (
        "seconded",
        "payroll-two-full-time-posts",
        of_people(ANN | NUMBER | FULL, ANN | NUMBER | FULL | {"department": "Seconded to Health"}),
        "A department reads 'Seconded to Health': looks like a secondment",
    ),
    (
        "nothing else agrees",
        "payroll-two-ni-numbers",
        of_people(ANN, ANN),
        "2 records of one name and birthday, with other post codes, and no account, telephone or e-mail "
        "address in common: may be different people",
    ),
    (
        "one figure",
        "payroll-two-ni-numbers",
        of_people(ANN | HOME | {"ni_number": "CR123456A"}, ANN | HOME | {"ni_number": "CR123457A"}),
        "The National Insurance numbers differ in 1 character: one of them may be a slip of the keyboard",
    ),
    (
        "a switchboard",
        "payroll-same-phone",
        of_people(*[MOBILE] * 5),
        "Employees of 5 names share it: may be the number or address of an office",
    ),
    (
        "an office's mailbox",
        "payroll-same-email",
        of_people(*[{"email": "Reception.North@example.org"}] * 2),
        "What stands before the @ is 'reception.north': may be the mailbox of an office, and no person's",
    ),
    (
        "a shared house",
        "payroll-same-address",
        of_people(*[HOME] * 3),
        "3 people of 3 surnames: may be a family or friends who share a house",
    ),
    (
        "a nurses' home",
        "payroll-same-address",
        of_people(*[HOME | {"address_line_1": "Nurses Home", "address_line_2": "7 Orchard Close"}] * 5),
        "The address reads 'NURSES HOME': many people may live there",
    ),
    (
        "soon after leaving",
        "payroll-paid-after-leaving",
        of_people({"date_left": date(2026, 6, 1)}),
        "116 days after leaving: arrears, holiday pay or a notice period may still be paid",
    ),
    (
        "another post goes on",
        "payroll-paid-after-leaving",
        of_people(ANN | NUMBER | LEFT, ANN | NUMBER | {"date_started": date(2026, 2, 2)}),
        "The same National Insurance number has 1 post without a day of leaving, from 02/02/2026: may have "
        "come back, or kept another post",
    ),
    (
        "fifteen years old",
        "payroll-no-ni-number",
        of_people({"ni_number": None, "date_of_birth": date(2010, 12, 1)}, {}),
        "Aged 15 when last paid: National Insurance numbers come shortly before the sixteenth birthday",
    ),
    (
        "foster care",
        "payroll-creditors-address",
        of_both(ANN | HOME, HOME | {"creditor_name": "Mr & Mrs A Thistle", "company_number": None}),
        "The creditor is called like the employee and has neither VAT nor company number: expenses, foster "
        "care and refunds are paid like this",
    ),
    (
        "an open trade",
        "payroll-creditors-bank",
        of_both(
            ANN | {"bank_account": "10000099"},
            {"creditor_name": "Ann Thistle Catering", "company_number": None, "bank_account": "10000099"},
        ),
        "The creditor bears the employee's surname and forename or initial, and is no company: looks like a "
        "trade that is carried on openly",
    ),
    (
        "a serviced office",
        "same-address-creditors",
        of_creditors(*[HOME] * 4),
        "4 names of creditors stand at this address: may be a serviced office, a business park or an "
        "accountant's",
    ),
    (
        "an accountant's address",
        "same-address-creditors",
        of_creditors(*[HOME | {"address_line_1": "c/o Rowan & Co", "address_line_2": "7 Orchard Close"}] * 2),
        "The address reads 'C/O ROWAN & CO': post may go to an accountant or agent",
    ),
    (
        "a house of offices",
        "same-address-creditors",
        of_creditors(*[HOME | {"address_line_1": "First Floor", "address_line_2": "7 Orchard Close"}] * 2),
        "The address speaks of premises that several firms may share: 'FLOOR'",
    ),
    (
        "a school",
        "same-address-creditors",
        of_creditors(
            HOME | {"creditor_name": "Friends of Elm"}, HOME | {"creditor_name": "Elm Primary School"}
        ),
        "Name or address speaks of premises that several bodies may share: 'FRIENDS OF'",
    ),
    (
        "a VAT group",
        "same-vat-number-creditors",
        of_creditors(*[{"vat_number": "949000138", "bank_account": "20000099"}] * 2),
        "2 names under one VAT number and at one bank account: may be companies of one VAT group, or one "
        "business under two names",
    ),
    (
        "an agent",
        "same-phone-creditors",
        of_creditors(*[{"telephone": "0113 496 0123"}] * 5),
        "Creditors of 5 names share it: may be the number or address of an agent, an accountant or a "
        "landlord",
    ),
]


@pytest.mark.parametrize(
    ("report", "rows", "expected"),
    [pytest.param(report, rows, text, id=what) for what, report, rows, text in HOLDS],
)
def test_a_reason_is_told_with_its_figures(
    matched: Matched, report: str, rows: dict[str, list[Row]], expected: str
) -> None:
    assert expected in explanations(matched, report, **rows)


DOES_NOT_HOLD: list[tuple[str, str, dict[str, list[Row]]]] = [
    (
        "one post code and two houses",
        "payroll-same-phone",
        of_people(HOME | MOBILE, HOME | MOBILE | {"address_line_1": "8 Orchard Close"}),
    ),
    ("seven people in one house", "payroll-same-phone", of_people(*[MOBILE] * 2)),
    ("two birthdays", "payroll-nino-different-names", of_people(NUMBER, NUMBER)),
    (
        "both posts go on",
        "payroll-two-full-time-posts",
        of_people(ANN | NUMBER | FULL, ANN | NUMBER | FULL | {"date_started": date(2026, 8, 20)}),
    ),
    (
        "paid for half a year after the next began",
        "payroll-two-full-time-posts",
        of_people(
            ANN | NUMBER | FULL | {"date_last_paid": date(2026, 5, 29)},
            ANN | NUMBER | FULL | {"date_started": date(2025, 11, 3)},
        ),
    ),
    ("one post code", "payroll-two-ni-numbers", of_people(ANN | HOME, ANN | HOME)),
    ("one account", "payroll-two-ni-numbers", of_people(*[ANN | {"bank_account": "10000099"}] * 2)),
    ("a person's mailbox", "payroll-same-email", of_people(*[{"email": "anna.it@example.org"}] * 2)),
    ("five in one house", "payroll-same-address", of_people(*[HOME] * 5)),
    ("nine months after leaving", "payroll-paid-after-leaving", of_people(LEFT)),
    ("grown up", "payroll-no-ni-number", of_people({"ni_number": None}, {})),
    (
        "a company of that name",
        "payroll-creditors-name-address",
        of_both(ANN | HOME, HOME | {"creditor_name": "Ann Thistle Catering Ltd"}),
    ),
    ("two firms in one house", "same-address-creditors", of_creditors(HOME, HOME)),
    (
        "tree surgery",
        "same-address-creditors",
        of_creditors(HOME | {"creditor_name": "Elm Tree Surgery"}, HOME),
    ),
    (
        "two firms, one VAT number",
        "same-vat-number-creditors",
        of_creditors(*[{"vat_number": "949000138"}] * 2),
    ),
    ("two firms, one telephone", "same-phone-creditors", of_creditors(*[{"telephone": "0113 496 0123"}] * 2)),
]


@pytest.mark.parametrize(
    ("report", "rows"), [pytest.param(report, rows, id=what) for what, report, rows in DOES_NOT_HOLD]
)
def test_what_has_no_reason_in_the_data_is_left_unexplained(
    matched: Matched, report: str, rows: dict[str, list[Row]]
) -> None:
    assert explanations(matched, report, **rows) == []


def test_addresses_on_the_domain_of_most_employees_may_be_the_employers(matched: Matched) -> None:
    staff = [{"email": f"{name}@council.example"} for name in ("ann", "ben", "cal")] + [MAILBOX]
    told = explanations(
        matched,
        "payroll-creditors-email",
        people=staff,
        creditors=[{"email": "ann@council.example"}],
    )
    assert told == [
        "3 of 4 e-mail addresses of employees end in @council.example: looks like the employer's own "
        "address, given as the creditor's contact"
    ]
    assert not explanations(matched, "payroll-creditors-email", people=staff, creditors=[MAILBOX])


def test_the_more_share_a_number_the_less_it_says(matched: Matched) -> None:
    def priority(sharing: int) -> float:
        rows = [person(n, **MOBILE, gross_pay_to_date=0) for n in range(1, sharing + 1)]
        value: float = matched({"payroll": rows}, "payroll-same-phone").cases["priority"][0].as_py()
        return value

    assert priority(2) > priority(5) > priority(6)
