"""What is planted in the history: invoices paid twice, and lines that only look like it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from nfi.sample.dates import EPOCH, EXTRACT, LEDGER_FROM, day
from nfi.sample.draft import STANDING, Draft, Invoice
from nfi.sample.draw import one_of
from nfi.sample.plant_creditors import set_up_twice
from nfi.sample.planted import Involved
from nfi.sample.respelling import invoice_number_respelt

RENTS = range(25_000, 300_000, 500)
FEES = range(1_995, 40_000, 95)
LEASES = range(12_000, 200_000, 65)
ROUND_SUMS = (15_000, 20_000, 25_000, 30_000, 50_000, 60_000)
"""Pence."""


def rekeyed_invoice(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """An invoice that was entered and paid a second time, as it was."""
    moment, invoice = _some_invoice(draft, rng)
    return [draft.enter(invoice, moment), draft.enter(invoice, draft.later(rng, moment, 6, 70))]


def rekeyed_invoice_altered(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """The same, with its number spelt differently; one in four with another date as well."""
    moment, invoice = _some_invoice(draft, rng)
    again = replace(invoice, number=invoice_number_respelt(rng, invoice.number))
    if rng.random() < 0.25:
        again = replace(again, invoice_day=invoice.invoice_day + int(rng.integers(1, 6)))
    return [draft.enter(invoice, moment), draft.enter(again, draft.later(rng, moment, 6, 70))]


def duplicate_creditor_paid_twice(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """An invoice that was paid through two records of one creditor; the records as well."""
    first, second = set_up_twice(draft, rng)
    moment = draft.moment(rng)
    invoice = draft.draw_invoice(rng, first, moment)
    again = replace(invoice, creditor=second)
    lines = [draft.enter(invoice, moment), draft.enter(again, draft.later(rng, moment, 3, 50))]
    return [*lines, Involved(STANDING, first), Involved(STANDING, second)]


def wrong_creditor_paid(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """An invoice that was first entered for a creditor whose invoice it is not."""
    creditor, other = draft.unlike_firms()
    moment = draft.moment(rng)
    invoice = draft.draw_invoice(rng, creditor, moment)
    wrong = replace(invoice, creditor=other)
    return [draft.enter(wrong, moment), draft.enter(invoice, draft.later(rng, moment, 3, 30))]


def monthly_rent(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Rent of the same sum, on the first of every month for one to three years."""
    references = draft.words.payments.rent_references
    return _recurring(draft, rng, one_of(rng, references), RENTS, every=1, kind="Landlord")


def subscription(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A fee of the same sum every month."""
    reference = one_of(rng, draft.words.payments.subscription_references)
    reference = reference if rng.random() < 0.4 else f"{reference} {int(rng.integers(1000, 9999))}"
    return _recurring(draft, rng, reference, FEES, every=1)


def quarterly_lease(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A lease of the same sum every quarter, under the number of its agreement."""
    reference = f"AGR {int(rng.integers(10_000, 99_999))}/{int(rng.integers(1, 9))}"
    return _recurring(draft, rng, reference, LEASES, every=3)


def reversed_and_paid_again(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A payment that was cancelled, and issued once more."""
    moment, invoice = _some_invoice(draft, rng, until=0.85)
    cancelled = draft.later(rng, draft.paid_day(invoice, moment), 2, 10)
    again = draft.later(rng, cancelled, 1, 12)
    return [
        draft.enter(invoice, moment),
        draft.enter(invoice, cancelled, sign=-1, remarks="Payment cancelled, bank details rejected"),
        draft.enter(invoice, again, remarks="Reissued"),
    ]


def duplicate_credited(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """An invoice that was paid twice, and the supplier's credit note for one of the two."""
    moment, invoice = _some_invoice(draft, rng, until=0.85)
    second = draft.later(rng, moment, 6, 40)
    credited = draft.later(rng, draft.paid_day(invoice, second), 5, 40)
    note = replace(draft.draw_invoice(rng, invoice.creditor, credited), gross=invoice.gross, vat=invoice.vat)
    note = replace(note, number=f"CN{''.join(filter(str.isdigit, note.number))}")
    return [
        draft.enter(invoice, moment),
        draft.enter(invoice, second),
        draft.enter(note, credited, sign=-1, remarks="Credit note, invoice charged twice"),
    ]


def credited_in_full(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """An invoice, and its full credit under the same number."""
    moment, invoice = _some_invoice(draft, rng)
    return [
        draft.enter(invoice, moment),
        draft.enter(invoice, draft.later(rng, moment, 5, 45), sign=-1, remarks="Credited in full"),
    ]


def split_coding_lines(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """An invoice shared equally among two to six cost centres, keyed in one go."""
    moment, invoice = _some_invoice(draft, rng)
    centres = sorted(rng.choice(900, int(rng.integers(2, 7)), replace=False).tolist())
    return [draft.enter(invoice, moment, remarks=f"Cost centre {centre + 41_000}") for centre in centres]


def instalments(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A grant or contract paid in three to six equal parts, month by month or quarter by quarter."""
    parts = int(rng.integers(3, 7))
    every = one_of(rng, ("month", "quarter"))
    months = 1 if every == "month" else 3
    moment, invoice = _some_invoice(draft, rng, until=0.9 - parts * months / 36)
    lines = []
    for part in range(parts):
        due = _months_later(invoice.invoice_day, part * months)
        entered = moment if part == 0 else draft.later(rng, due, 2, 6)
        instalment = replace(invoice, invoice_day=due)
        lines.append(draft.enter(instalment, entered, remarks=f"Instalment {part + 1} of {parts}"))
    return lines


def generic_number(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """Two small firms, each with an invoice 1 (or 001) of the same round sum, within a few weeks."""
    first, second = draft.free_others.take(2)
    moment = draft.moment(rng)
    number = one_of(rng, ("1", "001", "01", "2", "002"))
    gross = int(rng.choice(ROUND_SUMS))
    invoice = Invoice(first, number, int(moment) - int(rng.integers(2, 9)), gross, 0)
    later = draft.later(rng, moment, 1, 25)
    other = Invoice(second, number, int(later) - int(rng.integers(2, 9)), gross, 0)
    for row in (first, second):  # neither sends other invoices, nor charges VAT
        draft.creditors.invoicing.weight[row] = 0.0
        draft.creditors.records.change(row, {"vat_number": ""})
    return [draft.enter(invoice, moment), draft.enter(other, later)]


def duplicate_internal_number(draft: Draft, rng: np.random.Generator) -> list[Involved]:
    """A fault: two lines, one after the other, of which the second has the internal number of the first."""
    moment, invoice = _some_invoice(draft, rng)
    other = draft.draw_invoice(rng, invoice.creditor, moment)
    return [draft.enter(invoice, moment), draft.enter(other, moment, same_internal=True)]


def _some_invoice(draft: Draft, rng: np.random.Generator, *, until: float = 0.9) -> tuple[float, Invoice]:
    """An invoice of a creditor in which nothing else is planted."""
    (creditor,) = draft.free_firms.take()
    moment = draft.moment(rng, until=until)
    return moment, draft.draw_invoice(rng, creditor, moment)


def _recurring(
    draft: Draft,
    rng: np.random.Generator,
    reference: str,
    sums: range,
    *,
    every: int,
    kind: str | None = None,
) -> list[Involved]:
    """One sum under one reference, on the first of the month, from a creditor that sends nothing else."""
    (creditor,) = draft.free_firms.take()
    draft.creditors.invoicing.weight[creditor] = 0.0
    if kind:
        as_kind = {"creditor_name": draft.creditors.names.one(kind), "creditor_type": kind}
        draft.creditors.records.change(creditor, as_kind | {"vat_number": "", "email": ""})
    charges_vat = bool(draft.creditors.records["vat_number"][creditor])
    net = sums[int(rng.integers(len(sums)))]
    while (reference.lower(), net) in draft.taken_sums:
        net = sums[int(rng.integers(len(sums)))]
    draft.taken_sums.add((reference.lower(), net))
    vat = (net * 20 + 50) // 100 if charges_vat else 0
    first = _months_later(LEDGER_FROM, int(rng.integers(1, 13)))
    times = min(int(rng.integers(12, 36)), 34 - (first - LEDGER_FROM) // 30) // every
    lines = []
    for n in range(times):
        due = _months_later(first, n * every)
        invoice = Invoice(creditor, reference, due, net + vat, vat)
        lines.append(draft.enter(invoice, draft.later(rng, due, 1, 4)))
    return lines


def _months_later(when: int, months: int) -> int:
    """The same day some months later, at most the 28th."""
    then = date.fromordinal(when + EPOCH.toordinal())
    month = then.month - 1 + months
    return min(day(date(then.year + month // 12, month % 12 + 1, min(then.day, 28))), EXTRACT)
