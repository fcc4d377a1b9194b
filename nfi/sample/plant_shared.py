"""What is planted in two records or more: telephones, e-mail addresses and homes that they share."""

from __future__ import annotations

import re

import numpy as np

from nfi.sample.addresses import ADDRESS
from nfi.sample.draft import PAYROLL, STANDING, Draft
from nfi.sample.draw import one_of
from nfi.sample.people import email_part
from nfi.sample.planted import Involved

STREET = re.compile(r"\d+ ")


# --- employees among themselves


def shared_employee_phone(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two employees with nothing in common but a mobile telephone."""
    rows = draft.unlike_people()
    return _all_changed(draft, rows, {"mobile_telephone": draft.mobile()})


def shared_employee_email(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two employees with nothing in common but an e-mail address."""
    rows = draft.unlike_people()
    name = f"{draft.people['forenames'][rows[0]]}.{draft.people['surname'][rows[0]]}"
    name = ".".join(email_part(part) for part in name.split("."))
    own = f"{name}.{draft.people['employee_reference'][rows[0]]}@{_domain(draft, rng)}"
    return _all_changed(draft, rows, {"email": own})


def many_at_one_address(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Five to seven employees of different surnames in one house."""
    rows = draft.unlike_people(int(rng.integers(5, 8)))
    return _all_changed(draft, rows, {column: draft.people[column][rows[0]] for column in ADDRESS})


def staff_residence(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Six to nine employees who live in a house that the employer keeps for its staff."""
    rows = draft.unlike_people(int(rng.integers(6, 10)))
    address = _under(draft, rows[0], one_of(rng, draft.words.people.residences))
    return _all_changed(draft, rows, address)


def office_telephone(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Five to eight employees who gave the number of their office."""
    rows = draft.unlike_people(int(rng.integers(5, 9)))
    return _all_changed(draft, rows, {"mobile_telephone": draft.mobile()})


def office_mailbox(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Three to five employees who gave the e-mail address of their office."""
    rows = draft.unlike_people(int(rng.integers(3, 6)))
    mailbox = f"{one_of(rng, draft.words.people.mailboxes)}.{email_part(draft.creditors.names.stem())}"
    return _all_changed(draft, rows, {"email": f"{mailbox}@{_domain(draft, rng)}"})


# --- an employee and a creditor


def employee_phone_is_creditors(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A company of another name with an employee's mobile telephone."""
    person, creditor = _unlike_employee_and_firm(draft)
    number = draft.mobile()
    draft.people.change(person, {"mobile_telephone": number})
    draft.creditors.records.change(creditor, {"telephone": f"{number[:5]} {number[5:]}"})
    return _both(person, creditor)


def employee_email_is_creditors(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A company of another name that is written to at an employee's own e-mail address."""
    person, creditor = _unlike_employee_and_firm(draft)
    people = draft.people
    name = f"{email_part(people['forenames'][person])}.{email_part(people['surname'][person])}"
    own = {"email": f"{name}.{people['employee_reference'][person]}@{_domain(draft, rng)}"}
    people.change(person, own)
    draft.creditors.records.change(creditor, own)
    return _both(person, creditor)


def employee_address_is_creditors(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A company of another name at an employee's home."""
    person, creditor = _unlike_employee_and_firm(draft)
    _move_home(draft, person, creditor)
    return _both(person, creditor)


def employee_name_in_creditors(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A company with an employee's surname in its name, at the employee's home; the account is another."""
    (person,) = draft.free_people.take()
    (creditor,) = draft.free_firms.take()
    trade = one_of(rng, draft.words.firms.trades)
    name = f"{draft.people['surname'][person]} {trade} Ltd"
    draft.creditors.records.change(creditor, {"creditor_name": name, "creditor_type": "Company"})
    _move_home(draft, person, creditor)
    return _both(person, creditor)


def foster_carer(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """An employee's household that is paid for foster care under the name of both."""
    (person,) = draft.free_people.take()
    (creditor,) = draft.free_others.take()
    name = f"Mr & Mrs {draft.people['forenames'][person][0]} {draft.people['surname'][person]}"
    nothing = {"vat_number": "", "company_number": "", "telephone": "", "email": ""}
    draft.creditors.records.change(
        creditor, nothing | {"creditor_name": name, "creditor_type": "Foster carer"}
    )
    draft.creditors.invoicing.vat[creditor] = 0
    _move_home(draft, person, creditor)
    return _both(person, creditor)


def shop_below_a_flat(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """An employee's flat above a company's shop: one number and street, and two front doors."""
    person, creditor = _unlike_employee_and_firm(draft)
    draft.people.change(person, _under(draft, person, f"Flat {int(rng.integers(1, 4))}"))
    draft.creditors.records.change(creditor, _under(draft, person, "Ground Floor Shop"))
    return _both(person, creditor)


def _all_changed(draft: Draft, rows: tuple[int, ...], values: dict[str, str]) -> list[Involved]:
    for row in rows:
        draft.people.change(row, values)
    return [Involved(PAYROLL, row) for row in rows]


def _both(person: int, creditor: int) -> list[Involved]:
    return [Involved(PAYROLL, person), Involved(STANDING, creditor)]


def _domain(draft: Draft, rng: np.random.Generator) -> str:
    return one_of(rng, draft.words.reserved.email_domains)


def _move_home(draft: Draft, person: int, creditor: int) -> None:
    home = {column: draft.people[column][person] for column in ADDRESS}
    draft.creditors.records.change(creditor, home)


def _under(draft: Draft, row: int, first: str) -> dict[str, str]:
    """An employee's street, town and post code below another first line."""
    people = draft.people
    lines = [people[column][row] for column in ADDRESS[:-1]]
    street = next(n for n, line in enumerate(lines) if STREET.match(line))
    written = [first, *(line for line in lines[street:] if line), "", "", ""][:4]
    return {**dict(zip(ADDRESS, written, strict=False)), "post_code": people["post_code"][row]}


def _unlike_employee_and_firm(draft: Draft) -> tuple[int, int]:
    (person,) = draft.free_people.take()
    surname = str(draft.people["surname"][person]).lower()
    while True:
        (creditor,) = draft.free_firms.take()
        if surname not in draft.creditors.records["creditor_name"][creditor].lower():
            return person, creditor
