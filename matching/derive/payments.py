"""Columns worked out of records of payments. Sums are pence (int64), dates date32."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field

from specs.own_yaml import read_own_yaml
from specs.specification import Evidence

_RATES = Path(__file__).parent / "vat_rates.yaml"

Truths = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Tolerance(_Entry):
    """What VAT may lie above the rate by: the larger of so many pence and so much of the VAT expected."""

    pence: Annotated[int, Field(ge=0)]
    percent_of_vat: Annotated[Decimal, Field(ge=0)]
    evidence: Evidence


class Rate(_Entry):
    """The standard rate from one day on, until the next."""

    from_: Annotated[date, Field(alias="from")]
    percent: Annotated[Decimal, Field(gt=0)]
    evidence: Evidence

    @property
    def thousandths(self) -> int:
        """17.5 % is 175."""
        return int(self.percent * 10)

    def __str__(self) -> str:
        return f"{self.percent.normalize():f} %"


class VatRates(_Entry):
    """Rates by tax point, first to last."""

    tolerance: Tolerance
    rates: Annotated[tuple[Rate, ...], Field(min_length=1)]


@cache
def vat_rates() -> VatRates:
    """What vat_rates.yaml says."""
    return VatRates.model_validate(read_own_yaml(_RATES))


def any_of_these(*texts: pa.Array) -> pa.Array:
    """The texts of a row as one list; null where all are."""
    rows = len(texts[0])
    there = np.stack([_there(text) for text in texts], axis=1)
    places = np.arange(len(texts)) * rows + np.arange(rows)[:, None]
    held = pa.concat_arrays(texts).take(pa.array(places[there]))
    return _lists(there, held, taking=np.asarray(there.any(axis=1), dtype=np.bool_))


def sum_slips(amount: pa.Array) -> pa.Array:
    """Keys that two different sums share if one slip lies between them.

    One key is the sum without the zeros at its end: sums that differ in the place of the decimal point share
    it. The others are the sum with two neighbouring digits put in order, and their place: sums that differ by
    one exchange of neighbours share one. Null for credits.
    """
    encoded = amount.dictionary_encode()
    return _slips_of(_pence(encoded.dictionary)).take(encoded.indices)


def _slips_of(pence: Numbers) -> pa.Array:
    """The keys as text: of each the sum, and in the last two digits the place of the exchange (0: none)."""
    stripped = pence.copy()
    while (ends := (stripped != 0) & (stripped % 10 == 0)).any():
        stripped[ends] //= 10
    places = len(str(pence.max(initial=1))) - 1
    keys, held = [stripped * 100], [np.ones(len(pence), dtype=np.bool_)]
    for place in range(places):
        unit = 10**place
        tens, ones = pence // (unit * 10) % 10, pence // unit % 10
        in_order = (
            pence + (np.minimum(tens, ones) - tens) * unit * 10 + (np.maximum(tens, ones) - ones) * unit
        )
        keys.append(in_order * 100 + place + 1)
        held.append((tens != ones) & (pence >= unit * 10))
    return _as_lists(keys, held, taking=pence > 0)


def with_and_without_vat(total: pa.Array, vat: pa.Array, tax_point: pa.Array) -> pa.Array:
    """What an invoice may have been paid at, in pence as text: its total; less its VAT; less VAT at the rate.

    An invoice that was paid once with VAT and once without shares a sum with itself. Null for credits.
    """
    totals, vats = _pence(total), _pence(vat)
    place = _rate_at(tax_point)
    whole = 1_000 + _thousandths()[place]
    candidates = [totals, totals - vats, (totals * 2_000 + whole) // (2 * whole)]
    everywhere = np.ones(len(totals), dtype=np.bool_)
    return _as_lists(candidates, [everywhere, vats > 0, place >= 0], taking=totals > 0)


def _as_lists(values: Sequence[Numbers], held: Sequence[Truths], *, taking: Truths) -> pa.Array:
    """For each row the list of those `values` that are `held` there, as text; null where it takes no part."""
    there = np.stack(held, axis=1) & taking[:, None]
    return _lists(there, pc.cast(pa.array(np.stack(values, axis=1)[there]), pa.string()), taking=taking)


def _lists(there: Truths, texts: pa.Array, *, taking: Truths) -> pa.Array:
    """Texts cut into the lists of rows: row by row, as many as there are in it."""
    offsets = np.concatenate(([0], np.cumsum(there.sum(axis=1)))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), texts, mask=pa.array(~taking))


def date_either_way(day: pa.Array) -> pa.Array:
    """A date whose day and month may be exchanged: '2025-03-05' for both 3 May and 5 March 2025.

    Null where they cannot be exchanged, or where nothing changes.
    """
    days, months, years = (part(day) for part in (pc.day, pc.month, pc.year))
    first, second = pc.min_element_wise(days, months), pc.max_element_wise(days, months)
    parts = [pc.cast(years, pa.string())]
    parts += [pc.utf8_lpad(pc.cast(each, pa.string()), 2, "0") for each in (first, second)]
    both = pc.and_(pc.less_equal(days, 12), pc.not_equal(days, months))
    return pc.if_else(both, pc.binary_join_element_wise(*parts, "-"), pa.scalar(None, pa.string()))


def standard_rate(tax_point: pa.Array) -> pa.Array:
    """The standard rate of VAT at a tax point, such as '17.5 %'; null before the first that is known."""
    names = pa.array([str(rate) for rate in vat_rates().rates], pa.string())
    place = _rate_at(tax_point)
    return names.take(pa.array(place, mask=place < 0))


def vat_expected(total: pa.Array, vat: pa.Array, tax_point: pa.Array) -> pa.Array:
    """VAT at the standard rate on what is left of the total without VAT, in pence."""
    expected, known = _expected(total, vat, tax_point)
    return pa.array(expected, mask=~known)


def vat_overpaid(total: pa.Array, vat: pa.Array, tax_point: pa.Array) -> pa.Array:
    """VAT above the standard rate, in pence; null where it is not, by more than the tolerance."""
    expected, known = _expected(total, vat, tax_point)
    over = _pence(vat) - expected
    tolerance = vat_rates().tolerance
    allowed = np.maximum(tolerance.pence, expected * float(tolerance.percent_of_vat) / 100)
    return pa.array(over, mask=~(known & (over > allowed)))


def rate_that_fits(total: pa.Array, vat: pa.Array, tax_point: pa.Array) -> pa.Array:
    """A standard rate of earlier or later days that the VAT fits to the penny; null where none does."""
    net, charged = _pence(total) - _pence(vat), _pence(vat)
    own = pc.fill_null(standard_rate(tax_point), "")
    fits = pa.nulls(len(net), pa.string())
    for rate in {rate.percent: rate for rate in vat_rates().rates}.values():
        at_rate = np.abs(charged - _at_rate(net, rate.thousandths)) <= vat_rates().tolerance.pence
        fits = pc.if_else(pa.array(at_rate & (charged > 0) & (net > 0)), str(rate), fits)
    return pc.if_else(pc.not_equal(fits, own), fits, pa.scalar(None, pa.string()))


def _expected(total: pa.Array, vat: pa.Array, tax_point: pa.Array) -> tuple[Numbers, Truths]:
    net, place = _pence(total) - _pence(vat), _rate_at(tax_point)
    known = (place >= 0) & _there(total) & _there(vat) & (_pence(total) > 0) & (_pence(vat) > 0)
    return _at_rate(np.maximum(net, 0), _thousandths()[place]), known


def _thousandths() -> Numbers:
    return np.array([rate.thousandths for rate in vat_rates().rates], dtype=np.int64)


def _at_rate(net: Numbers, thousandths: Numbers | int) -> Numbers:
    return (net * thousandths * 2 + 1_000) // 2_000


def _rate_at(tax_point: pa.Array) -> Numbers:
    """The place of the rate in force in the list of rates; -1 where no day is given, or none is known."""
    starts = pa.array([rate.from_ for rate in vat_rates().rates], pa.date32()).cast(pa.int32()).to_numpy()
    days = pc.fill_null(tax_point.cast(pa.int32()), np.iinfo(np.int32).min)
    after = np.searchsorted(starts, days.to_numpy(zero_copy_only=False), side="right")
    return np.asarray(after, dtype=np.int64) - 1


def _pence(sums: pa.Array) -> Numbers:
    return np.asarray(pc.fill_null(sums, 0).to_numpy(zero_copy_only=False), dtype=np.int64)


def _there(values: pa.Array) -> Truths:
    return np.asarray(values.is_valid().to_numpy(zero_copy_only=False))


OF_PAYMENTS: dict[str, Callable[..., pa.Array]] = {
    function.__name__: function
    for function in (
        any_of_these,
        sum_slips,
        with_and_without_vat,
        date_either_way,
        standard_rate,
        vat_expected,
        vat_overpaid,
        rate_that_fits,
    )
}
"""The functions that records.yaml may name."""
