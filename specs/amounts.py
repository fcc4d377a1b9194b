"""Sums of money and hours: from text to whole pence and whole hundredths of an hour, never by way of a float.

The specification asks for digits only: 123.45 pounds is 12345, 16 hours are 1600. Source systems
also export pounds and hours with a decimal point; which of the two a column holds is one decision for
the whole column, since 12345 means one thing in one of them and a hundred times as much in the other.
Source: Audit Commission, NFI data formats; Standard hours per week of the payroll specification.
"""

from __future__ import annotations

from enum import StrEnum
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from specs.text_bytes import TextBytes


class MoneyFormat(StrEnum):
    """How a column writes sums: 12345 (pence) or 123.45 (pounds)."""

    PENCE = "pence"
    POUNDS = "pounds"


class HoursFormat(StrEnum):
    """How a column writes hours: 3750 (hundredths) or 37.5 (decimal)."""

    HUNDREDTHS = "hundredths"
    DECIMAL = "decimal"


# At most 13 digits of pounds, 15 of pence: more than any ledger holds, and far inside 64 bits.
_PENCE = r"^[+-]?\d{1,15}$"
_POUNDS = r"^-?\d{1,13}(?:\.\d{1,2})?$"
# A week has 168 hours: a longer number is in the other format.
_HUNDREDTHS = r"^\d{1,5}$"
_HOURS = r"^\d{1,3}(?:\.\d{1,2})?$"
_DECIMAL = r"^\D*[\d,]*\.\d{1,2}0*\D*$"
_DECIMAL_OR_POUND_SIGN = rf"\x{{00A3}}|{_DECIMAL}"

_BLANK = r"[\s\x{00A0}]*"
_SIGN = r"[+\-\x{2212}]"
_DRESSED_POUNDS = (
    rf"^(?P<opened>\(?){_BLANK}(?P<before>{_SIGN}?){_BLANK}\x{{00A3}}?{_BLANK}(?P<inside>{_SIGN}?){_BLANK}"
    rf"(?P<pounds>\d{{1,3}}(?:,\d{{3}}){{1,4}}|\d{{0,13}})(?:\.(?P<pence>\d{{1,2}})0*)?{_BLANK}"
    rf"(?P<after>{_SIGN}?){_BLANK}(?P<closed>\)?){_BLANK}(?P<side>(?i:CR|DR)?)$"
)
"""Pounds as ledgers print them: with pound sign, thousands separators and one mark of sign, in any place."""


def count_in_pounds(sums: pa.Array) -> int:
    """How many sums have one or two digits after a decimal point, or a pound sign: none do in pence."""
    return pc.sum(pc.match_substring_regex(sums, _DECIMAL_OR_POUND_SIGN)).as_py() or 0


def count_in_decimals(hours: pa.Array) -> int:
    """How many numbers of hours have one or two digits after a decimal point: none do in hundredths."""
    return pc.sum(pc.match_substring_regex(hours, _DECIMAL)).as_py() or 0


def read_money(text: pa.Array, money: MoneyFormat) -> pa.Array:
    """Whole pence (int64) of sums in text; null where it is null or not a sum in this format.

    In pounds, one sign may stand before or after, brackets and CR make a sum negative, DR leaves it
    positive (that CR lowers what is owed to the creditor is recalled), and thousands separators stand in
    groups of three; zeros after the second decimal do not count. In pence there are only digits and a
    leading sign. Two signs, a third decimal or any letter make it unreadable.

    Args:
        text: strings without surrounding blanks.
        money: what the whole column holds.
    """
    if money == MoneyFormat.PENCE:
        pence = _where(_PENCE, text, digits=15)
        has_plus = pc.any(pc.starts_with(pence, "+")).as_py()
        return (pc.replace_substring(pence, "+", "") if has_plus else pence).cast(pa.int64())
    pence = _hundredths(_where(_POUNDS, text, digits=13))
    if pence.null_count == text.null_count:
        return pence
    dressed = pc.and_(pc.is_null(pence), pc.is_valid(text))
    return pc.replace_with_mask(pence, dressed, _dressed_pounds(text.filter(dressed)))


def read_hours(text: pa.Array, hours: HoursFormat) -> pa.Array:
    """Whole hundredths of an hour (int64) of text; null where it is null or not in this format."""
    if hours == HoursFormat.HUNDREDTHS:
        return _where(_HUNDREDTHS, text, digits=5).cast(pa.int64())
    return _hundredths(_where(_HOURS, text, digits=3))


def _where(pattern: str, text: pa.Array, *, digits: int) -> pa.Array:
    """Text that matches a pattern, as up to so many digits alone do; null elsewhere."""
    matches = _matches(pattern, text, digits)
    return text if pc.all(matches).as_py() else pc.if_else(matches, text, None)


def _matches(pattern: str, text: pa.Array, digits: int) -> pa.Array:
    """Whether text matches a pattern; false or null for null. Nearly all of it is digits alone."""
    look = TextBytes(text)
    matches = pa.array(look.only_digits & (look.lengths <= digits))
    others = pc.and_(pc.invert(matches), pc.is_valid(text))
    if not pc.any(others).as_py():
        return matches
    return pc.replace_with_mask(matches, others, pc.match_substring_regex(text.filter(others), pattern))


def _hundredths(decimals: pa.Array) -> pa.Array:
    """One hundred times each number of at most two decimals: the digits without the point, then scaled."""
    point = pc.find_substring(decimals, ".")
    if not pc.any(pc.not_equal(point, -1)).as_py():
        return pc.multiply(decimals.cast(pa.int64()), 100)
    after_point = pc.subtract(pc.subtract(pc.binary_length(decimals), point), 1)
    places = pc.if_else(pc.equal(point, -1), 0, after_point)
    digits = pc.replace_substring(decimals, ".", "").cast(pa.int64())
    return pc.multiply(digits, pa.array([100, 10, 1], pa.int64()).take(places))


def _dressed_pounds(text: pa.Array) -> pa.Array:
    """Whole pence of sums with pound signs, separators, brackets, CR or DR; null where it is no sum."""
    parts = pc.extract_regex(text, _DRESSED_POUNDS)

    def part(name: str) -> pa.Array:
        return pc.fill_null(pc.struct_field(parts, name), "")

    def is_given(name: str) -> pa.Array:
        return pc.not_equal(part(name), "")

    bracketed, sided = is_given("opened"), is_given("side")
    signs = [is_given("before"), is_given("inside"), is_given("after"), bracketed, sided]
    marks = reduce(pc.add, [sign.cast(pa.int8()) for sign in signs])
    readable = pc.and_(pc.is_valid(parts), pc.less_equal(marks, 1))
    readable = pc.and_(readable, pc.equal(bracketed, is_given("closed")))
    readable = pc.and_(readable, pc.or_(is_given("pounds"), is_given("pence")))
    digits = pc.binary_join_element_wise(
        "0", pc.replace_substring(part("pounds"), ",", ""), pc.utf8_rpad(part("pence"), 2, "0"), ""
    )
    pence = pc.if_else(readable, digits, None).cast(pa.int64())
    is_minus = pc.is_in(
        pc.binary_join_element_wise(part("before"), part("inside"), part("after"), ""),
        pa.array(["-", "\N{MINUS SIGN}"]),
    )
    is_credit = pc.equal(pc.utf8_upper(part("side")), "CR")
    is_negative = pc.or_(pc.or_(is_minus, bracketed), is_credit)
    return pc.if_else(is_negative, pc.negate(pence), pence)
