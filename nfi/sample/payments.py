"""The payment history, in order of entry, a chunk at a time: ordinary invoices, planted lines among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nfi.sample.creditors import Creditors, Method, Style, Vat
from nfi.sample.dates import EXTRACT, Timeline, ddmmyyyy_column, next_friday
from nfi.sample.draw import BoolArray, FloatArray, IntArray, picks, stream
from nfi.sample.words import PaymentWords
from specs.specification import Specification

CHUNK = 250_000
"""Ordinary lines made at a time. Part of what makes a sample: another size gives other lines."""
CREDITS = 0.02
FIRST_INTERNAL_NUMBER = 10_000_001
METHODS = {
    Method.BACS: ("BACS", "BACS"),
    Method.CHEQUE: ("Cheque", ""),
    Method.FASTER_PAYMENT: ("Faster Payment", "FP"),
    Method.DIRECT_DEBIT: ("Direct Debit", "DD"),
}
"""How each method is written, and the beginning of its payment references."""
SMALLEST_NET, LARGEST_NET = 85, 250_000_000
"""Pence: what an invoice is at least and at most."""
UPLIFT = 1.03
"""Fixed charges rise by this on 1 April."""
YEARS = range(2000, 2100)
"""Years that an invoice number can name."""


@dataclass(frozen=True)
class Lines:
    """Lines of the ledger before they are written, in any order; amounts in pence, days since 1970.

    `clock` is the moment of entry, day and fraction, and gives the order of the file. `planted` is the number
    of a planted line, -1 for an ordinary one.
    """

    clock: FloatArray
    creditor: IntArray
    number: pa.Array
    invoice_day: IntArray
    gross: IntArray
    vat: IntArray
    remarks: pa.Array
    planted: IntArray
    same_internal: IntArray
    """1: has the internal number of the line before it, a planted fault."""

    def __len__(self) -> int:
        return len(self.clock)

    def in_order(self) -> Lines:
        """The lines by moment of entry; those of one moment stay as they are."""
        return self.take(np.argsort(self.clock, kind="stable").astype(np.int64))

    def take(self, rows: IntArray) -> Lines:
        """Some of the lines."""
        taken = pa.array(rows)
        return Lines(
            self.clock[rows],
            self.creditor[rows],
            self.number.take(taken),
            self.invoice_day[rows],
            self.gross[rows],
            self.vat[rows],
            self.remarks.take(taken),
            self.planted[rows],
            self.same_internal[rows],
        )

    def with_(self, other: Lines) -> Lines:
        """These lines and then others."""
        return Lines(
            np.concatenate([self.clock, other.clock]),
            np.concatenate([self.creditor, other.creditor]),
            pa.concat_arrays([self.number, other.number]),
            np.concatenate([self.invoice_day, other.invoice_day]),
            np.concatenate([self.gross, other.gross]),
            np.concatenate([self.vat, other.vat]),
            pa.concat_arrays([self.remarks, other.remarks]),
            np.concatenate([self.planted, other.planted]),
            np.concatenate([self.same_internal, other.same_internal]),
        )


@dataclass
class PlantedLines:
    """The lines put among the ordinary ones on purpose; a line's number is its place in the lists."""

    clock: list[float] = field(default_factory=list)
    creditor: list[int] = field(default_factory=list)
    number: list[str] = field(default_factory=list)
    invoice_day: list[int] = field(default_factory=list)
    gross: list[int] = field(default_factory=list)
    vat: list[int] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    same_internal: list[int] = field(default_factory=list)
    overwritten: dict[int, dict[str, str]] = field(default_factory=dict)
    """Text that stands in some columns of a line instead of what belongs there: faults."""

    def __len__(self) -> int:
        return len(self.clock)

    def as_lines(self) -> Lines:
        """All of them, in order of entry."""
        return Lines(
            np.array(self.clock, dtype=np.float64),
            np.array(self.creditor, dtype=np.int64),
            pa.array(self.number, pa.string()),
            np.array(self.invoice_day, dtype=np.int64),
            np.array(self.gross, dtype=np.int64),
            np.array(self.vat, dtype=np.int64),
            pa.array(self.remarks, pa.string()),
            np.arange(len(self), dtype=np.int64),
            np.array(self.same_internal, dtype=np.int64),
        ).in_order()


@dataclass(frozen=True)
class Chunk:
    """Some lines of the file as they are written, and where the planted ones among them are."""

    columns: list[pa.Array]
    planted: IntArray
    """For each line the number of the planted line it is, or -1."""


class Ledger:
    """Makes the history of one sample."""

    def __init__(
        self,
        seed: int,
        words: PaymentWords,
        specification: Specification,
        creditors: Creditors,
        timeline: Timeline,
    ) -> None:
        self.specification = specification
        self.timeline = timeline
        self.invoicing = creditors.invoicing
        self._seed = seed
        self._words = words
        self._records = creditors.records
        self._prefixes = pa.array([], pa.string())
        self._weights = np.cumsum(creditors.invoicing.weight)

    def chunks(self, size: int, planted: PlantedLines) -> Iterator[Chunk]:
        """`size` lines in all, in order of entry, the planted ones in their places."""
        self._weights = np.cumsum(self.invoicing.weight)  # planting has changed some
        self._prefixes = pa.array(self.invoicing.prefix, pa.string())
        ordinary = size - len(planted)
        plan = planted.as_lines()
        counts = np.zeros(len(self.invoicing.weight), dtype=np.int64)
        internal = FIRST_INTERNAL_NUMBER
        done = 0
        for number, first in enumerate(range(0, ordinary, CHUNK)):
            last = min(first + CHUNK, ordinary)
            lines = self._ordinary(number, np.arange(first, last), ordinary, counts)
            until = lines.clock[-1] if last < ordinary else np.inf
            upto = int(np.searchsorted(plan.clock, until, side="right"))
            lines = lines.with_(plan.take(np.arange(done, upto))).in_order()
            done = upto
            yield Chunk(self._written(lines, internal, planted.overwritten), lines.planted)
            internal += len(lines)

    def next_free_number(self, creditor: int, moment: float, lines: int, taken: set[tuple[int, int]]) -> int:
        """An invoice number that ordinary lines leave out, about as high as the creditor has got by then."""
        its = self.invoicing
        total = self._weights[min(int(np.searchsorted(its.created, moment)), len(its.created)) - 1]
        count = int(lines * self.timeline.share(moment) * its.weight[creditor] / total)
        while (creditor, count) in taken:
            count += 1
        taken.add((creditor, count))
        return int(its.start[creditor] + its.step[creditor] * (count + 1) - 1)

    def invoice_number(self, creditor: int, number: int, invoice_day: int) -> str:
        """The invoice number as the creditor writes it."""
        its = self.invoicing
        written = _invoice_numbers(
            style=its.style[[creditor]],
            prefix=pa.array(its.prefix[[creditor]], pa.string()),
            pad=its.pad[[creditor]],
            number=np.array([number]),
            invoice_day=np.array([invoice_day]),
            is_credit=np.zeros(1, dtype=bool),
        )
        return str(written[0].as_py())

    def paid_day(self, creditor: int, invoice_day: int, entered: int) -> int:
        """The day of the payment run that pays an invoice."""
        due = invoice_day + int(self.invoicing.terms[creditor])
        return int(_payment_runs(np.array([entered]), np.array([due]))[0])

    def amounts(
        self, rng: np.random.Generator, creditors: IntArray, days: IntArray
    ) -> tuple[IntArray, IntArray]:
        """Gross and VAT of invoices in pence, as the creditors charge."""
        its = self.invoicing
        size = len(creditors)
        logs = its.log_median[creditors] + its.spread[creditors] * rng.standard_normal(size)
        years = (days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) - 3) // 12 - 53
        rises = np.where(its.spread[creditors] == 0, UPLIFT**years, 1.0)
        net = np.clip(np.rint(np.exp(logs) * rises), SMALLEST_NET, LARGEST_NET).astype(np.int64)
        whole = (rng.random(size) < 0.3) & (net > 5_000) & (its.spread[creditors] > 0)
        net = np.where(whole, net // 500 * 500, net)
        vat = its.vat[creditors]
        charged = (vat == Vat.STANDARD) | ((vat == Vat.MIXED) & (rng.random(size) < 0.6))
        percent = np.where(charged, 20, np.where(vat == Vat.REDUCED, 5, 0))
        tax = (net * percent + 50) // 100
        return net + tax, tax

    def _ordinary(self, number: int, positions: IntArray, of: int, counts: IntArray) -> Lines:
        """Ordinary lines; `counts`, how many each creditor has had, goes on from chunk to chunk."""
        rng = stream(self._seed, "payments", number)
        size = len(positions)
        its = self.invoicing
        clock = self.timeline.at((positions + 0.5) / of)
        eligible = self._weights[np.searchsorted(its.created, clock, side="left") - 1]
        creditor = np.searchsorted(self._weights, rng.random(size) * eligible, side="right").astype(np.int64)
        nth = counts[creditor] + _nth_of_its_kind(creditor)
        counts += np.bincount(creditor, minlength=len(counts))
        entered = clock.astype(np.int64)
        invoice_day = entered - np.minimum(rng.exponential(6.0, size).astype(np.int64) + 1, 75)
        is_credit = rng.random(size) < CREDITS
        jitter = (rng.random(size) * (its.step[creditor] - 1)).astype(np.int64)
        numbers = _invoice_numbers(
            style=its.style[creditor],
            prefix=self._prefixes.take(pa.array(creditor)),
            pad=its.pad[creditor],
            number=its.start[creditor] + its.step[creditor] * nth + jitter,
            invoice_day=invoice_day,
            is_credit=is_credit,
        )
        gross, vat = self.amounts(rng, creditor, invoice_day)
        sign = np.where(is_credit, -1, 1)
        return Lines(
            clock=clock,
            creditor=creditor,
            number=numbers,
            invoice_day=invoice_day,
            gross=gross * sign,
            vat=vat * sign,
            remarks=self._remarks(rng, is_credit),
            planted=np.full(size, -1, dtype=np.int64),
            same_internal=np.zeros(size, dtype=np.int64),
        )

    def _remarks(self, rng: np.random.Generator, is_credit: BoolArray) -> pa.Array:
        """Nothing for most lines; an order number, a phrase, or 'Credit note'."""
        size = len(is_credit)
        phrases = self._words.remarks
        u = rng.random(size)
        chosen = np.where(u < 0.05, picks(rng, [1.0] * len(phrases), size) + 2, 0)
        chosen = np.where(is_credit, 1, chosen)
        said = pa.array(["", "Credit note", *phrases]).take(pa.array(chosen))
        orders = pc.binary_join_element_wise(
            "PO 45", pc.cast(pa.array(rng.integers(10_000, 99_999, size)), pa.string()), ""
        )
        return pc.if_else(pa.array((u > 0.9) & ~is_credit), orders, said)

    def _written(self, lines: Lines, internal: int, overwritten: dict[int, dict[str, str]]) -> list[pa.Array]:
        """The columns of the file in the specification's order."""
        its = self.invoicing
        creditor = lines.creditor
        entered = lines.clock.astype(np.int64)
        due = lines.invoice_day + its.terms[creditor]
        paid = _payment_runs(entered, due)
        method = its.method[creditor]
        unpaid = paid > EXTRACT
        rows = pa.array(creditor)
        columns = {
            "creditor_reference": pa.array(self._records["creditor_reference"], pa.string()).take(rows),
            "site_id": pa.array(self._records["site_id"], pa.string()).take(rows),
            "supplier_invoice_number": lines.number,
            "internal_invoice_number": pc.cast(
                pa.array(internal + np.arange(len(lines)) - lines.same_internal), pa.string()
            ),
            "invoice_date": ddmmyyyy_column(lines.invoice_day),
            "due_date": ddmmyyyy_column(due),
            "payment_date": ddmmyyyy_column(np.where(unpaid, -1, paid)),
            "total_invoice_amount": pc.cast(pa.array(lines.gross), pa.string()),
            "vat_amount": pc.cast(pa.array(lines.vat), pa.string()),
            "payment_method": pa.array([how for how, _ in METHODS.values()]).take(pa.array(method)),
            "payment_reference": _payment_references(creditor, method, paid, unpaid),
            "remarks": lines.remarks,
        }
        for line in np.flatnonzero(np.isin(lines.planted, list(overwritten))).tolist():
            for column, value in overwritten[int(lines.planted[line])].items():
                columns[column] = _with(columns[column], line, value)
        blank = pa.array([""] * len(lines), pa.string())
        return [columns.get(column, blank) for column in self.specification.by_column]


def _invoice_numbers(
    *,
    style: IntArray,
    prefix: pa.Array,
    pad: IntArray,
    number: IntArray,
    invoice_day: IntArray,
    is_credit: BoolArray,
) -> pa.Array:
    """Invoice numbers, each in its style: something before, zeros, the number, something after."""
    yearly, dated, suffixed = (style == its for its in (Style.YEARLY, Style.DATED, Style.SUFFIXED))
    year = invoice_day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970 - YEARS.start
    years = pa.array([f"{year}/" for year in YEARS]).take(pa.array(year))
    before = pc.if_else(pa.array(yearly), years, prefix)
    before = pc.if_else(pa.array(is_credit), "CN", before)
    figures = pc.cast(pa.array(np.where(dated, number % 100, number)), pa.string())
    length = pc.utf8_length(figures).to_numpy(zero_copy_only=False)
    missing = np.maximum(np.where(yearly, 4, pad) - length, 0)
    zeros = pa.array(["0" * n for n in range(9)]).take(pa.array(missing))
    days = pc.utf8_slice_codeunits(ddmmyyyy_column(np.where(dated, invoice_day, -1)), 0, 4)
    short_years = pa.array(["", *(f"{year % 100:02d}/" for year in YEARS)]).take(
        pa.array(np.where(dated, year + 1, 0))
    )
    after = pa.array(["", *(f"/{year % 100:02d}" for year in YEARS)]).take(
        pa.array(np.where(suffixed & ~is_credit, year + 1, 0))
    )
    return pc.binary_join_element_wise(before, days, short_years, zeros, figures, after, "")


def _payment_runs(entered: IntArray, due: IntArray) -> IntArray:
    """The Friday that pays each invoice: the last one before it is due, or the first after it is entered."""
    return next_friday(np.maximum(entered + 1, due - 6))


def _payment_references(creditor: IntArray, method: IntArray, paid: IntArray, unpaid: BoolArray) -> pa.Array:
    """One BACS reference for a whole run; one cheque for a creditor in a run; one day's direct debits."""
    run = paid // 7
    numbers = np.select(
        [method == Method.BACS, method == Method.CHEQUE, method == Method.FASTER_PAYMENT],
        [run + 98_000, 300_000 + run % 160 * 1_000 + creditor % 1_000, paid * 1_000 + creditor % 1_000],
        paid,
    )
    beginnings = pa.array([*(beginning for _, beginning in METHODS.values())]).take(pa.array(method))
    references = pc.binary_join_element_wise(beginnings, pc.cast(pa.array(numbers), pa.string()), "")
    return pc.if_else(pa.array(unpaid), "", references)


def _with(column: pa.Array, row: int, value: str) -> pa.Array:
    return pa.concat_arrays([column.slice(0, row), pa.array([value], pa.string()), column.slice(row + 1)])


def _nth_of_its_kind(values: IntArray) -> IntArray:
    """For each element how many equal ones stand before it: [5, 7, 5] gives [0, 0, 1]."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    starts = np.maximum.accumulate(np.where(new, np.arange(len(values)), 0))
    nth = np.empty(len(values), dtype=np.int64)
    nth[order] = np.arange(len(values)) - starts
    return nth
