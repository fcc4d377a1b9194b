"""What is planted in the standing data: records that should be one, and records that may well be several."""

from __future__ import annotations

import numpy as np

from nfi.sample.addresses import ADDRESS
from nfi.sample.draft import STANDING, Draft
from nfi.sample.draw import one_of
from nfi.sample.firms import bare_name
from nfi.sample.people import email_part
from nfi.sample.planted import Involved
from nfi.sample.respelling import creditor_name_mistaken, creditor_name_respelt

BANK = ("sort_code", "bank_account", "roll_number")
CONTACTS = ("telephone", "email")
REGISTRATIONS = ("vat_number", "company_number", "creditor_type")


def shared_bank_account(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two companies that are paid into one account."""
    first, second = draft.unlike_firms()
    draft.creditors.records.copy(first, second, BANK)
    return _in_standing_data(first, second)


def similar_creditor_name(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A company once more, misspelt or abbreviated, with another account; most at the same address."""
    first, second = draft.free_firms.take(2)
    creditors = draft.creditors.records
    name = creditors["creditor_name"][first]
    other = creditor_name_mistaken(rng, name, draft.words.firms.abbreviations)
    while bare_name(other) == bare_name(name):
        other = creditor_name_mistaken(rng, name, draft.words.firms.abbreviations)
    creditors.copy(first, second, ("creditor_type",))
    creditors.change(second, {"creditor_name": other, "email": "", "company_number": ""})
    if rng.random() < 0.6:
        creditors.copy(first, second, ADDRESS)
    if rng.random() < 0.5:
        creditors.copy(first, second, ("vat_number", "company_number"))
        draft.creditors.invoicing.vat[second] = draft.creditors.invoicing.vat[first]
    return _in_standing_data(first, second)


def duplicate_creditor_record(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A company set up a second time."""
    return _in_standing_data(*set_up_twice(draft, rng))


def set_up_twice(draft: Draft, rng: np.random.Generator) -> tuple[int, int]:
    """One company under two references: its name in another spelling, all else the same."""
    first, second = draft.free_firms.take(2)
    creditors = draft.creditors.records
    creditors.copy(first, second, (*ADDRESS, *BANK, *CONTACTS, *REGISTRATIONS))
    creditors.change(second, {"creditor_name": creditor_name_respelt(rng, creditors["creditor_name"][first])})
    if rng.random() < 0.4:
        creditors.change(second, {"vat_number": "", "company_number": ""})
    _invoice_alike(draft, first, second)
    return first, second


def group_companies(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two to four companies called by one brand, with one account, address and VAT registration."""
    rows = draft.free_firms.take(int(rng.integers(2, 5)))
    creditors = draft.creditors.records
    stem = draft.creditors.names.stem()
    ends = rng.permutation(len(draft.words.firms.group_ends))
    domain = draft.words.reserved.email_domains[0]
    for n, row in enumerate(rows):
        creditors.copy(rows[0], row, (*ADDRESS, *BANK, "vat_number", "telephone"))
        name = f"{stem} {draft.words.firms.group_ends[ends[n]]} Ltd"
        creditors.change(row, {"creditor_name": name, "email": f"accounts.{email_part(stem)}@{domain}"})
        draft.creditors.invoicing.vat[row] = draft.creditors.invoicing.vat[rows[0]]
    return _in_standing_data(*rows)


def branches(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two to four branches of one company; every second one is paid through head office's account."""
    rows = draft.free_firms.take(int(rng.integers(2, 5)))
    creditors = draft.creditors.records
    central = rng.random() < 0.5
    for n, row in enumerate(rows[1:], start=1):
        creditors.copy(rows[0], row, ("creditor_name", *REGISTRATIONS, "email"))
        if central:
            creditors.copy(rows[0], row, BANK)
        _invoice_alike(draft, rows[0], row, series=n)
    return _in_standing_data(*rows)


def factoring(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two to four firms that have sold their invoices to one factor, each with the factor in its name."""
    rows = draft.free_firms.take(int(rng.integers(2, 5)))
    creditors = draft.creditors.records
    factor = one_of(rng, draft.words.firms.factors)
    for row in rows:
        creditors.copy(rows[0], row, BANK)
        name = creditors["creditor_name"][row]
        creditors.change(row, {"creditor_name": one_of(rng, (f"{name} c/o {factor}", f"{factor} re {name}"))})
    return _in_standing_data(*rows)


def shared_address(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two companies with nothing in common but their address."""
    return _shared(draft, *ADDRESS)


def shared_vat_number(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two companies with nothing in common but their VAT number."""
    return _shared(draft, "vat_number")


def shared_company_number(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two companies with nothing in common but their company number."""
    return _shared(draft, "company_number")


def shared_phone(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two companies with nothing in common but their telephone."""
    return _shared(draft, "telephone")


def shared_email(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two companies with nothing in common but their e-mail address."""
    return _shared(draft, "email")


def serviced_office(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Six to ten companies that rent desks in one building."""
    rows = draft.unlike_firms(int(rng.integers(6, 11)))
    creditors = draft.creditors.records
    building = {"address_line_1": f"{draft.creditors.names.place()} House"}
    for row in rows:
        creditors.copy(rows[0], row, ADDRESS)
        creditors.change(row, building)
    return _in_standing_data(*rows)


def care_of_accountants(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Four to six small creditors who have their post and calls go to one firm of accountants."""
    rows = draft.free_others.take(int(rng.integers(4, 7)))
    creditors = draft.creditors.records
    accountants = f"c/o {draft.creditors.names.stem()} Accountants"
    domain = draft.words.reserved.email_domains[1]
    shared = {column: creditors[column][draft.firm_with("telephone")] for column in ("telephone", *ADDRESS)}
    shared |= {"address_line_1": accountants, "email": f"clients.{email_part(accountants[4:])}@{domain}"}
    for row in rows:
        creditors.change(row, shared)
    return _in_standing_data(*rows)


def school_and_its_friends(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A school, its fund and its parents' association, on one site with one telephone."""
    rows = draft.free_others.take(3)
    creditors = draft.creditors.records
    school = draft.creditors.names.school()
    telephone = creditors["telephone"][draft.firm_with("telephone")]
    names = (f"{school} Primary School", f"{school} School Fund", f"Friends of {school} School")
    for row, name, kind in zip(rows, names, ("Public body", "Charity", "Charity"), strict=True):
        creditors.copy(rows[0], row, ADDRESS)
        own = {"creditor_name": name, "creditor_type": kind, "telephone": telephone, "email": ""}
        creditors.change(row, own | {"vat_number": "", "company_number": ""})
        draft.creditors.invoicing.vat[row] = 0
    return _in_standing_data(*rows)


def novation(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A business that a new company took over: same address and account, the one paid after the other."""
    first, second = draft.unlike_firms()
    creditors = draft.creditors.records
    creditors.copy(first, second, (*ADDRESS, *BANK))
    handed_over = draft.moment(rng, until=0.6)
    for row in (first, second):
        draft.creditors.invoicing.weight[row] = 0.0
    for row, days in ((first, (-160, -120, -75, -30)), (second, (20, 55, 90, 130))):
        for apart in days:
            moment = draft.later(rng, handed_over, apart, apart + 10)
            draft.enter(draft.draw_invoice(rng, row, moment), moment)
    return _in_standing_data(first, second)


def _shared(draft: Draft, *columns: str) -> list[Involved]:
    """Two firms of different names, the second with what the first has in some columns."""
    creditors = draft.creditors.records
    wanted = [column for column in columns if column not in ADDRESS]
    first = draft.firm_with(*wanted)
    telling = set(bare_name(creditors["creditor_name"][first]).split())
    second = draft.firm_with()
    while telling & set(bare_name(creditors["creditor_name"][second]).split()):
        second = draft.firm_with()
    creditors.copy(first, second, columns)
    if "vat_number" in columns:
        draft.creditors.invoicing.vat[second] = draft.creditors.invoicing.vat[first]
    return _in_standing_data(first, second)


def _in_standing_data(*rows: int) -> list[Involved]:
    return [Involved(STANDING, row) for row in rows]


def _invoice_alike(draft: Draft, first: int, second: int, *, series: int = 1) -> None:
    """Two records of one supplier: the same kind of invoice, numbers from another series."""
    its = draft.creditors.invoicing
    for facts in (its.vat, its.style, its.prefix, its.pad, its.terms, its.method, its.log_median):
        facts[second] = facts[first]
    its.start[second] = its.start[first] + series * 150_000
