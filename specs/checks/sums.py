"""Checks of sums of money: by themselves, against another one of the same record, and VAT by its rates.

Sources: matching reference, VAT rules: VAT above the rate is the finding, less may be a mixture of rates;
tolerance 1p or 0.5 % (inferred); the standard rates and their days are recalled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.kind import FieldCheck, RecordCheck, Terms, first_true
from specs.specification import FieldFormat

_MONEY = frozenset({FieldFormat.MONEY})
_DATE = frozenset({FieldFormat.DATE})
_PENCE = 100

_EARLIER_RATES = {date(2008, 11, 30): 175, date(2009, 12, 31): 150, date(2011, 1, 3): 175}
"""The standard rate in thousandths up to and with each day."""
_STANDARD_RATE = 200
"""The rate since, and the highest of them, which counts where the day is not known."""
_TOLERANCE = 200
"""One part in so many of the VAT at the rate: 0.5 %."""


def _is_likely(pence: pa.Array, terms: Terms) -> pa.Array:
    """At most so many pounds as the specification says, without sign."""
    return pc.less_equal(pc.abs(pence), (terms.limit or 0) * _PENCE)


def _is_not_negative(pence: pa.Array, _terms: Terms) -> pa.Array:
    return pc.greater_equal(pence, 0)


def _is_not_greater(values: Sequence[pa.Array], _terms: Terms) -> pa.Array:
    part, whole = values
    return pc.less_equal(pc.abs(part), pc.abs(whole))


def _larger_than(values: Sequence[pa.Array], terms: Terms) -> pa.Array:
    part, whole = values
    is_nil = pc.and_(pc.equal(whole, 0), pc.not_equal(part, 0))
    return first_true(
        pa.nulls(len(part), pa.string()),
        (is_nil, f"{terms.names[1]} is nought"),
        (pc.is_valid(part), f"larger than {terms.names[1]}"),
    )


def _have_one_sign(values: Sequence[pa.Array], _terms: Terms) -> pa.Array:
    part, whole = values
    return pc.greater_equal(pc.multiply(pc.sign(part), pc.sign(whole)), 0)


def _rates(days: pa.Array) -> pa.Array:
    """The standard rate of VAT on each day, in thousandths."""
    rates = pa.repeat(_STANDARD_RATE, len(days))
    for last, rate in reversed(_EARLIER_RATES.items()):
        upto = pc.fill_null(pc.less_equal(days, pa.scalar(last, pa.date32())), False)
        rates = pc.if_else(upto, rate, rates)
    return rates


def _is_within_rate(values: Sequence[pa.Array], _terms: Terms) -> pa.Array:
    """False for VAT above the rate; VAT above its total or of another sign is another check's to report."""
    vat, total, day = values
    vat_pence, gross = pc.abs(vat), pc.abs(total)
    rates = _rates(day)
    # VAT at the rate, of a sum that includes it, rounded up to a whole penny
    at_rate = pc.divide(pc.add(pc.multiply(gross, rates), pc.add(rates, 999)), pc.add(rates, 1000))
    tolerance = pc.max_element_wise(pc.divide(at_rate, _TOLERANCE), 1)
    within = pc.less_equal(vat_pence, pc.add(at_rate, tolerance))
    return pc.or_(within, pc.greater(vat_pence, gross))


def _what_rate(values: Sequence[pa.Array], terms: Terms) -> pa.Array:
    vat, total, day = values
    rates = _rates(day)
    all_of_it = pc.equal(pc.abs(vat), pc.abs(total))
    dated = f"% of the net sum, the standard rate on {terms.names[2]}"
    words = {rate: f"more than {rate / 10:g} {dated}" for rate in (_STANDARD_RATE, *_EARLIER_RATES.values())}
    return first_true(
        pa.nulls(len(vat), pa.string()),
        (all_of_it, f"all of {terms.names[1]}: import VAT, or an invoice for VAT only?"),
        (pc.is_null(day), f"more than 20 % of the net sum; {terms.names[2]} is not known"),
        *((pc.equal(rates, rate), text) for rate, text in words.items()),
    )


LARGE_SUM = FieldCheck("large_sum", "value", _is_likely, formats=_MONEY, takes="number")
NEGATIVE_SUM = FieldCheck("negative_sum", "value", _is_not_negative, formats=_MONEY)
NOT_GREATER = RecordCheck("not_greater", (_MONEY, _MONEY), _is_not_greater, _larger_than)
"""A sum cannot be larger than the one that it is part of; both without sign."""
VAT_SIGN = RecordCheck("vat_sign", (_MONEY, _MONEY), _have_one_sign)
"""VAT and the total that includes it."""
VAT_RATE = RecordCheck("vat_rate", (_MONEY, _MONEY, _DATE), _is_within_rate, _what_rate)
"""VAT, the total that includes it, and the tax point."""
