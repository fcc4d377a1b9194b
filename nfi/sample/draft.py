"""A sample half made: its records, the rows still free, and the lines to plant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from nfi.sample.creditors import Creditors, Style, Vat, is_firm
from nfi.sample.dates import LEDGER_FROM
from nfi.sample.draw import stream
from nfi.sample.firms import bare_name
from nfi.sample.payments import Ledger, PlantedLines
from nfi.sample.people import spare_mobiles
from nfi.sample.planted import Involved
from nfi.sample.records import Records, RowsUsedUp, Unused
from nfi.sample.words import Words

PAYROLL: Final = "payroll"
STANDING: Final = "creditors-standing"
HISTORY: Final = "creditors-history"
LEAST_PLANTED: Final = 6_000
"""Pence net: planted invoices are worth looking at."""


@dataclass
class Draft:
    """What the planters work on. Each takes free rows and changes them, so that no two plantings collide."""

    words: Words
    people: Records
    creditors: Creditors
    ledger: Ledger
    lines_in_all: int
    """How many the history will have."""
    lines: PlantedLines
    free_people: Unused
    free_firms: Unused
    """Firms created before the history begins, with one site each and an ordinary amount of business."""
    free_others: Unused
    """The same of all other kinds of creditor."""
    taken_numbers: set[tuple[int, int]]
    taken_sums: set[tuple[str, int]]
    """References and sums of recurring payments, each given to one creditor only."""
    spare_mobiles: list[str]
    """Mobile telephone numbers that are nobody's."""

    def unlike_firms(self, number: int = 2) -> tuple[int, ...]:
        """Free firms of whose names no two have a telling word in common."""
        name = self.creditors.records["creditor_name"]
        words: set[str] = set()
        firms: list[int] = []
        while len(firms) < number:
            (row,) = self.free_firms.take()
            its = set(bare_name(name[row]).split())
            if not words & its:
                firms.append(row)
                words |= its
        return tuple(sorted(firms))

    def unlike_people(self, number: int = 2) -> tuple[int, ...]:
        """Free people of whom no two share a surname or a birthday."""
        people = self.people
        known: set[str] = set()
        found: list[int] = []
        while len(found) < number:
            (row,) = self.free_people.take()
            its = {people["surname"][row], people["date_of_birth"][row]}
            if not known & its:
                found.append(row)
                known |= its
        return tuple(sorted(found))

    def firm_with(self, *columns: str) -> int:
        """A free firm that has something in each of some columns."""
        while True:
            (row,) = self.free_firms.take()
            if all(self.creditors.records[column][row] for column in columns):
                return row

    def mobile(self) -> str:
        """A mobile telephone number that is nobody's yet."""
        if not self.spare_mobiles:
            raise RowsUsedUp
        return self.spare_mobiles.pop()

    def draw_invoice(
        self, rng: np.random.Generator, creditor: int, moment: float, *, least: int = LEAST_PLANTED
    ) -> Invoice:
        """One more invoice as this creditor sends them, entered about then, of a net sum (pence) at least."""
        invoice_day = int(moment) - int(rng.integers(2, 14))
        number = self.ledger.next_free_number(creditor, moment, self.lines_in_all, self.taken_numbers)
        gross, vat = self.ledger.amounts(rng, np.array([creditor]), np.array([invoice_day]))
        net = max(int(gross[0] - vat[0]), least)
        tax = (net * 20 + 50) // 100 if vat[0] else 0
        if self.creditors.invoicing.vat[creditor] == Vat.REDUCED:
            tax = (net * 5 + 50) // 100
        return Invoice(
            creditor, self.ledger.invoice_number(creditor, number, invoice_day), invoice_day, net + tax, tax
        )

    def enter(
        self,
        invoice: Invoice,
        moment: float,
        *,
        remarks: str = "",
        sign: int = 1,
        same_internal: bool = False,
    ) -> Involved:
        """Put a line for an invoice into the ledger at a moment."""
        lines = self.lines
        lines.clock.append(moment)
        lines.creditor.append(invoice.creditor)
        lines.number.append(invoice.number)
        lines.invoice_day.append(invoice.invoice_day)
        lines.gross.append(sign * invoice.gross)
        lines.vat.append(sign * invoice.vat)
        lines.remarks.append(remarks)
        lines.same_internal.append(int(same_internal))
        return Involved(HISTORY, len(lines) - 1)

    def paid_day(self, invoice: Invoice, moment: float) -> int:
        """The day on which an invoice entered at a moment is paid."""
        return self.ledger.paid_day(invoice.creditor, invoice.invoice_day, int(moment))

    def moment(self, rng: np.random.Generator, *, until: float = 0.9) -> float:
        """Some moment of entry, early enough for more to follow."""
        return float(self.ledger.timeline.at(np.array([0.02 + (until - 0.02) * rng.random()]))[0])

    def later(self, rng: np.random.Generator, moment: float, least: int, most: int) -> float:
        """A working moment some days after another."""
        day = self.ledger.timeline.working(int(moment) + int(rng.integers(least, most + 1)))
        return day + 0.999 * float(rng.random())


@dataclass(frozen=True)
class Invoice:
    """One invoice of a creditor (its place in the standing data); pence, and days since 1970."""

    creditor: int
    number: str
    invoice_day: int
    gross: int
    vat: int


def make_draft(
    seed: int, words: Words, *, people: Records, creditors: Creditors, ledger: Ledger, lines: int
) -> Draft:
    """A draft with all rows free, of a history of so many lines."""
    invoicing = creditors.invoicing
    usable = creditors.single & (invoicing.created < LEDGER_FROM)
    # an invoice number can be left free for planting only where the creditor's numbers have gaps
    usable_firms = (
        usable & is_firm(creditors.records) & (invoicing.step > 1) & (invoicing.style != Style.DATED)
    )
    return Draft(
        words=words,
        people=people,
        creditors=creditors,
        ledger=ledger,
        lines_in_all=lines,
        lines=PlantedLines(),
        free_people=Unused(stream(seed, "free people"), np.ones(len(people), dtype=bool)),
        free_firms=Unused(stream(seed, "free firms"), usable_firms),
        free_others=Unused(stream(seed, "free others"), usable & ~is_firm(creditors.records)),
        taken_numbers=set(),
        taken_sums=set(),
        spare_mobiles=spare_mobiles(words.reserved),
    )
