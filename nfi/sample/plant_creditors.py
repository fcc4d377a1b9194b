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


def _in_standing_data(*rows: int) -> list[Involved]:
    return [Involved(STANDING, row) for row in rows]


def _invoice_alike(draft: Draft, first: int, second: int, *, series: int = 1) -> None:
    """Two records of one supplier: the same kind of invoice, numbers from another series."""
    its = draft.creditors.invoicing
    for facts in (its.vat, its.style, its.prefix, its.pad, its.terms, its.method, its.log_median):
        facts[second] = facts[first]
    its.start[second] = its.start[first] + series * 150_000
