"""What is planted in the payroll: one person twice, two people as one, and people who have good reasons."""

from __future__ import annotations

import numpy as np

from nfi.sample.addresses import ADDRESS
from nfi.sample.dates import EXTRACT, PAY_YEAR_FROM, as_day
from nfi.sample.draft import PAYROLL, STANDING, Draft
from nfi.sample.draw import one_of
from nfi.sample.people import email_part
from nfi.sample.planted import Involved
from nfi.sample.respelling import forename_respelt, with_typing_error

PERSON = ("title", "sex", "surname", "forenames", "middle_names", "date_of_birth")
CONTACTS = ("home_telephone", "mobile_telephone", "email")
BANK = ("sort_code", "bank_account", "roll_number")
FULL_WEEK = 3700
"""Hundredths of an hour."""
MONDAYS_IN_AUGUST = ("03082026", "10082026", "17082026")
HOURLY_PAY = (1_280, 2_600)
"""Pence, from and to."""


def shared_ni_number(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """One NI number on two people; every second time with another suffix, which does not matter."""
    first, second = draft.unlike_people()
    number = draft.people["ni_number"][first]
    draft.people.change(second, {"ni_number": number[:8] + one_of(rng, (number[8], "A", "B", "C", "D"))})
    return _on_payroll(first, second)


def two_full_time_posts(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """One person, full time in two departments, with the forename or the surname spelt in two ways."""
    first, second = _older_first(draft)
    people = draft.people
    people.copy(first, second, (*PERSON, "ni_number"))
    _respell(draft, rng, second, short_forms=True)
    if rng.random() < 0.5:
        people.copy(first, second, ADDRESS)
    for row in (first, second):
        people.change(row, _post(draft, rng, row, "F", FULL_WEEK))
    _in_other_department(draft, first, second)
    _write_to_own_name(draft, second)
    return _on_payroll(first, second)


def similar_person(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """One birthday and nearly one name; the NI number is another's, or blank."""
    first, second = _older_first(draft)
    draft.people.copy(first, second, PERSON)
    _respell(draft, rng, second, short_forms=False)
    if rng.random() < 0.5:
        draft.people.copy(first, second, ADDRESS)
    if rng.random() < 0.35:
        draft.people.change(second, {"ni_number": ""})
    _write_to_own_name(draft, second)
    return _on_payroll(first, second)


def two_ni_numbers(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """One person, spelt alike and at one address, under two NI numbers."""
    first, second = _older_first(draft)
    draft.people.copy(first, second, (*PERSON, *ADDRESS))
    _in_other_department(draft, first, second)
    _write_to_own_name(draft, second)
    return _on_payroll(first, second)


def shared_pay_account(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two people who are paid into one account."""
    first, second = draft.unlike_people()
    draft.people.copy(first, second, BANK)
    return _on_payroll(first, second)


def second_post(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """One person, part time in two departments; together no more than a full week."""
    first, second = _older_first(draft)
    people = draft.people
    people.copy(first, second, (*PERSON, *ADDRESS, *CONTACTS, *BANK, "ni_number"))
    hours = 50 * int(rng.integers(20, 44))
    others = 50 * int(rng.integers(10, (FULL_WEEK - hours) // 50 + 1))
    for row, its in ((first, hours), (second, others)):
        people.change(row, _post(draft, rng, row, "P", its))
    _in_other_department(draft, first, second)
    return _on_payroll(first, second)


def seconded(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """One person, full time in a post of their own and in the one that they are lent to."""
    first, second = _one_person(draft)
    for row in (first, second):
        draft.people.change(row, _post(draft, rng, row, "F", FULL_WEEK))
    where = draft.creditors.names.place()
    draft.people.change(second, {"department": f"Seconded to {where} Drainage Board"})
    return _on_payroll(first, second)


def moved_post(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """One person who changed from one full-time post to another in the month before the last."""
    first, second = _one_person(draft)
    began = MONDAYS_IN_AUGUST[int(rng.integers(len(MONDAYS_IN_AUGUST)))]
    draft.people.change(second, {"date_started": began})
    for row, last_paid in ((first, "28082026"), (second, "25092026")):
        post = _post(draft, rng, row, "F", FULL_WEEK)
        draft.people.change(row, post | {"date_last_paid": last_paid})
    _in_other_department(draft, first, second)
    return _on_payroll(first, second)


def couple(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two employees at one address with a joint account; most share the surname too."""
    first, second = draft.free_people.take(2)
    draft.people.copy(first, second, (*ADDRESS, "home_telephone", *BANK))
    if rng.random() < 0.75:
        draft.people.copy(first, second, ("surname",))
        _write_to_own_name(draft, second)
    return _on_payroll(first, second)


def twins(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two people of one surname, birthday and address, called much alike."""
    first, second = _older_first(draft)
    people = draft.people
    people.copy(first, second, ("title", "sex", "surname", "date_of_birth", *ADDRESS, "home_telephone"))
    alike = draft.words.people.twins
    pairs = alike.women if people["sex"][first] == "F" else alike.men
    for row, forename in zip((first, second), pairs[int(rng.integers(len(pairs)))], strict=True):
        people.change(row, {"forenames": forename})
        _write_to_own_name(draft, row)
    return _on_payroll(first, second)


def employee_account_is_creditors(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A company that is paid into an employee's account."""
    (person,) = draft.free_people.take()
    (creditor,) = draft.free_firms.take()
    while (
        str(draft.people["surname"][person]).lower()
        in draft.creditors.records["creditor_name"][creditor].lower()
    ):
        (creditor,) = draft.free_firms.take()
    _pay_into_account_of(draft, person, creditor)
    return [Involved(PAYROLL, person), Involved(STANDING, creditor)]


def declared_sole_trader(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """An employee who has a small business of the same name at home."""
    (person,) = draft.free_people.take()
    (creditor,) = draft.free_others.take()
    people = draft.people
    surname, forename = people["surname"][person], people["forenames"][person]
    trade = one_of(rng, draft.words.firms.trades)
    name = one_of(
        rng, (f"{forename} {surname}", f"{forename} {surname} {trade}", f"{forename[0]} {surname} {trade}")
    )
    _become_person(draft, person, creditor, name, "Sole trader")
    return [Involved(PAYROLL, person), Involved(STANDING, creditor)]


def staff_expenses(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """An employee who is a creditor as well, to be paid expenses."""
    (person,) = draft.free_people.take()
    (creditor,) = draft.free_others.take()
    people = draft.people
    title, surname, forename = (people[column][person] for column in ("title", "surname", "forenames"))
    name = one_of(rng, (f"{title} {forename[0]} {surname}", f"{surname} {forename}", f"{forename} {surname}"))
    _become_person(draft, person, creditor, name, "Employee")
    draft.creditors.invoicing.log_median[creditor] = np.log(4_500)
    draft.creditors.invoicing.prefix[creditor] = "EXP"
    return [Involved(PAYROLL, person), Involved(STANDING, creditor)]


def duplicate_employee_reference(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A fault: two employees under one reference."""
    first, second = draft.free_people.take(2)
    draft.people.copy(first, second, ("employee_reference",))
    return _on_payroll(first, second)


def _one_person(draft: Draft) -> tuple[int, int]:
    """Two records of one person, the first of which began months ago."""
    while True:
        first, second = _older_first(draft)
        if as_day(draft.people["date_started"][first]) < PAY_YEAR_FROM:
            break
    draft.people.copy(first, second, (*PERSON, *ADDRESS, *CONTACTS, *BANK, "ni_number"))
    return first, second


def _on_payroll(*rows: int) -> list[Involved]:
    return [Involved(PAYROLL, row) for row in rows]


def _older_first(draft: Draft) -> tuple[int, int]:
    """Two free rows, the older person first: who gets an older person's birthday was old enough to start."""
    first, second = sorted(
        draft.free_people.take(2), key=lambda row: as_day(str(draft.people["date_of_birth"][row]))
    )
    return first, second


def _respell(draft: Draft, rng: np.random.Generator, row: int, *, short_forms: bool) -> None:
    """Spell the forename (by its short form, if wanted and there is one) or the surname differently."""
    people = draft.people
    forename, surname = people["forenames"][row], people["surname"][row]
    if rng.random() < 0.5:
        people.change(row, {"surname": with_typing_error(rng, surname)})
    elif short_forms:
        other = forename_respelt(rng, forename, draft.words.people.short_forms)
        people.change(row, {"forenames": other})
    else:
        people.change(row, {"forenames": with_typing_error(rng, forename)})


def _post(draft: Draft, rng: np.random.Generator, row: int, flag: str, hours: int) -> dict[str, str]:
    """Flags, hours and pay of a post that is no teacher's, for the time since the person started."""
    started = as_day(draft.people["date_started"][row])
    weeks = (EXTRACT - max(started, PAY_YEAR_FROM)) / 7
    pay = round(hours / 100 * weeks * int(rng.integers(*HOURLY_PAY)))
    return {
        "full_part_time": flag,
        "standard_hours": str(hours),
        "gross_pay_to_date": str(pay),
        "teacher_flag": "",
        "date_last_paid": "25092026",
    }


def _in_other_department(draft: Draft, first: int, second: int) -> None:
    """Give the second of two posts a department that the first is not in, and neither a teacher's post."""
    departments = list(dict.fromkeys(job.department for job in draft.words.jobs))
    here = departments.index(draft.people["department"][first])
    if draft.people["department"][second] == departments[here]:
        draft.people.change(second, {"department": departments[(here + 3) % len(departments)]})


def _write_to_own_name(draft: Draft, row: int) -> None:
    """An e-mail address that fits the name, where there is one; the employee reference keeps it apart."""
    people = draft.people
    if people["email"][row]:
        domain = people["email"][row].split("@")[1]
        name = f"{email_part(people['forenames'][row])}.{email_part(people['surname'][row])}"
        people.change(row, {"email": f"{name}.{people['employee_reference'][row][-3:]}@{domain}"})


def _pay_into_account_of(draft: Draft, person: int, creditor: int) -> None:
    people = draft.people
    account = {column: people[column][person] for column in BANK}
    draft.creditors.records.change(creditor, account | {"sort_code": account["sort_code"].replace("-", "")})


def _become_person(draft: Draft, person: int, creditor: int, name: str, kind: str) -> None:
    """Make a creditor of an employee: name, address, account; not registered anywhere."""
    address = {column: draft.people[column][person] for column in ADDRESS}
    nothing = {"vat_number": "", "company_number": "", "telephone": "", "email": ""}
    draft.creditors.records.change(
        creditor, address | nothing | {"creditor_name": name, "creditor_type": kind}
    )
    draft.creditors.invoicing.vat[creditor] = 0
    _pay_into_account_of(draft, person, creditor)
