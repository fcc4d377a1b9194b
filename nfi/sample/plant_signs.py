"""What is planted in single records: an employee or a creditor that does not look like the others."""

from __future__ import annotations

import numpy as np

from nfi.sample.dates import EXTRACT, as_day, written
from nfi.sample.draft import PAYROLL, STANDING, Draft
from nfi.sample.planted import Involved

LAST_PAID = "25092026"
ENTERED_UNTIL = 0.85
"""Share of the history by which a planted payment is entered: early enough to have been paid."""


def paid_after_leaving(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Left five months to two years ago, and paid last month."""
    left = EXTRACT - int(rng.integers(150, 700))
    row = _started_before(draft, left - 90)
    draft.people.change(
        row, {"date_left": written(left), "leaver_indicator": "Y", "date_last_paid": LAST_PAID}
    )
    return [Involved(PAYROLL, row)]


def started_after_leaving(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """The day of leaving stands before the first day at work."""
    (row,) = draft.free_people.take()
    started = as_day(draft.people["date_started"][row])
    draft.people.change(row, {"date_left": written(started - int(rng.integers(40, 300)))})
    return [Involved(PAYROLL, row)]


def no_ni_number(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """At work for more than half a year without an NI number."""
    row = _started_before(draft, EXTRACT - int(rng.integers(200, 800)))
    draft.people.change(row, {"ni_number": "", "date_last_paid": LAST_PAID})
    return [Involved(PAYROLL, row)]


def ni_number_to_follow(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A new employee whose NI number is not known yet."""
    (row,) = draft.free_people.take()
    started = EXTRACT - int(rng.integers(15, 55))
    started -= max((started + 3) % 7 - 4, 0)
    draft.people.change(row, {"ni_number": "", "date_started": written(started), "date_last_paid": LAST_PAID})
    return [Involved(PAYROLL, row)]


def too_old(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Ninety years old and more."""
    return _born(draft, int(rng.integers(1930, 1936)))


def too_young(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """At primary school."""
    return _born(draft, int(rng.integers(2015, 2019)))


def _born(draft: Draft, year: int) -> list[Involved]:
    """An employee with the same birthday in another year, in March where it might be a 29 February."""
    (row,) = draft.free_people.take()
    birthday = draft.people["date_of_birth"][row][:4]
    birthday = "0103" if birthday == "2902" else birthday
    draft.people.change(row, {"date_of_birth": f"{birthday}{year}"})
    return [Involved(PAYROLL, row)]


def post_box_address(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """An employee whose address is a post box."""
    (row,) = draft.free_people.take()
    people = draft.people
    town = [people[f"address_line_{n}"][row] for n in (4, 3, 2) if people[f"address_line_{n}"][row]]
    lines = [f"PO Box {int(rng.integers(20, 900))}", *reversed(town[:2])]
    people.change(row, {f"address_line_{n}": line for n, line in enumerate([*lines, "", ""][:4], start=1)})
    return [Involved(PAYROLL, row)]


def pay_without_hours(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A part-time post of no hours that is paid like any other."""
    (row,) = draft.free_people.take()
    draft.people.change(row, {"full_part_time": "P", "standard_hours": "0", "teacher_flag": ""})
    pay = max(int(draft.people["gross_pay_to_date"][row]), 150_000 + int(rng.integers(400_000)))
    draft.people.change(row, {"gross_pay_to_date": str(pay)})
    return [Involved(PAYROLL, row)]


def closed_record_paid(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A creditor that is not to be used any more, and is."""
    row = _paid_firm(draft, rng)
    name = draft.creditors.records["creditor_name"][row]
    draft.creditors.records.change(row, {"creditor_name": f"{name} - DO NOT USE"})
    return [Involved(STANDING, row)]


def no_bank_account(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A creditor that is paid without a bank account on file."""
    row = _paid_firm(draft, rng)
    draft.creditors.records.change(row, {"sort_code": "", "bank_account": "", "roll_number": ""})
    return [Involved(STANDING, row)]


def _paid_firm(draft: Draft, rng: np.random.Generator) -> int:
    """A firm with one invoice of more than a thousand pounds at least."""
    (row,) = draft.free_firms.take()
    moment = draft.moment(rng, until=ENTERED_UNTIL)
    draft.enter(draft.draw_invoice(rng, row, moment, least=100_000), moment)
    return row


def _started_before(draft: Draft, when: int) -> int:
    """A free employee who was at work by some day."""
    while True:
        (row,) = draft.free_people.take()
        if as_day(draft.people["date_started"][row]) < when:
            return row
