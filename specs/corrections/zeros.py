"""What a program that took text for numbers has done to a column: zeros in front taken off, '.0' put behind.

What proves it is never one value. A spreadsheet takes zeros off a whole column, so a column in which some
values still begin with 0 has not been through one, and a short value in it is short of some other digit. For
references there is no proof: a ledger that counts 9998, 9999, 10000 has shorter numbers among longer ones
by design, so theirs are never filled up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from specs.corrections.column_text import NOUGHT, ColumnText, Counts
from specs.corrections.kind import ColumnCorrection, FieldTerms, tally

_MOST_DIGITS = 15
"""Decimal digits that a number with a decimal point keeps exactly."""


# --- zeros taken off numbers of a known length ---


@dataclass(frozen=True, slots=True)
class KnownLength:
    """Numbers that all have so many digits, and which of the shorter ones may get a zero."""

    digits: int
    short: str
    """Expression of the values that lack one zero, as far as one value can tell."""

    def counts(self, column: ColumnText, _terms: FieldTerms) -> Counts:
        """Values of digits only; of full length beginning with 0, or not; one digit short."""
        digits = column.digits
        full = digits == self.digits
        kept = full & (column.first == NOUGHT)
        return tally(
            np.count_nonzero(digits),
            np.count_nonzero(kept),
            np.count_nonzero(full & ~kept),
            np.count_nonzero((digits == self.digits - 1) & (column.first != NOUGHT)),
        )

    def words(self, counts: Counts) -> str:
        """What the column showed."""
        _values, _kept, full, short = counts.tolist()
        return (
            f"{full:,} values have {self.digits} digits and none of them begins with 0; "
            f"{short:,} have {self.digits - 1}"
        )

    def filled_up(self, text: pa.Array, _terms: FieldTerms) -> pa.Array:
        """With a zero in front of what lacks one."""
        return with_zero(text, self.short)


def with_zero(text: pa.Array, short: str) -> pa.Array:
    """Text with a zero before what an expression matches."""
    return pc.if_else(pc.match_substring_regex(text, short), pc.binary_join_element_wise("0", text, ""), text)


def zeros_were_taken_off(counts: Counts, limits: Mapping[str, int]) -> bool:
    """Whether a column has lost its zeros: no value keeps one, and both lengths are there in numbers."""
    values, kept, full, short = counts[:4].tolist()
    one_in = limits["one_in"]
    both_lengths: bool = full * one_in >= values and short * one_in >= values
    few_others: bool = (values - full - short) * one_in <= values
    return values >= limits["values"] and kept == 0 and both_lengths and few_others


def _zero(code: str, length: KnownLength) -> ColumnCorrection:
    return ColumnCorrection(code, length.counts, zeros_were_taken_off, length.words, length.filled_up)


SORT_CODE_ZERO = _zero("sort_code_zero", KnownLength(6, r"^[1-9]\d{4}$"))
ACCOUNT_NUMBER_ZERO = _zero("account_number_zero", KnownLength(8, r"^[1-9]\d{6}$"))
# charities have numbers of seven digits, from 1000000 to about 1220000 so far
COMPANY_NUMBER_ZERO = _zero("company_number_zero", KnownLength(8, r"^(?:[2-9]\d{6}|1[3-9]\d{5})$"))


# --- telephone numbers ---


def _telephones(column: ColumnText, _terms: FieldTerms) -> Counts:
    first = column.first
    abroad_form = (first == ord("+")) & (column.byte(1) == ord("4")) & (column.byte(2) == ord("4"))
    short = (column.digits == 10) & np.isin(first, np.frombuffer(b"127", np.uint8))
    as_dialled = (first == NOUGHT) | abroad_form
    return tally(column.filled, np.count_nonzero(as_dialled), np.count_nonzero(short))


def _are_telephones(counts: Counts, limits: Mapping[str, int]) -> bool:
    values, as_dialled, short = counts.tolist()
    few_others: bool = (values - as_dialled - short) * limits["one_in"] <= values
    return values >= limits["values"] and short > 0 and few_others


def _telephones_in_words(counts: Counts) -> str:
    values, as_dialled, short = counts.tolist()
    return (
        f"of {values:,} values {short:,} are ten digits beginning with 1, 2 or 7, "
        f"and {as_dialled:,} begin with 0 or +44"
    )


TELEPHONE_ZERO = ColumnCorrection(
    "telephone_zero",
    _telephones,
    _are_telephones,
    _telephones_in_words,
    lambda text, _terms: with_zero(text, r"^[127]\d{9}$"),
)


# --- '.0' behind whole numbers ---


def _with_point_zero(column: ColumnText, _terms: FieldTerms) -> Counts:
    exact = column.has_point_zero & (column.digits > 0) & (column.digits <= _MOST_DIGITS)
    return tally(column.filled, np.count_nonzero(exact))


def _all_have_it(counts: Counts, limits: Mapping[str, int]) -> bool:
    values, with_point_zero = counts.tolist()
    return bool(values >= limits["values"] and with_point_zero == values)


POINT_ZERO = ColumnCorrection(
    "point_zero",
    _with_point_zero,
    _all_have_it,
    lambda counts: f"all {counts[0]:,} filled values are digits and '.0'",
    lambda text, _terms: pc.replace_substring_regex(text, rf"^(\d{{1,{_MOST_DIGITS}}})\.0$", r"\1"),
)
