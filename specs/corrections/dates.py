"""Dates: a time of day behind them, a zero taken off, a spreadsheet's day number, the month first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from specs.corrections.column_text import ColumnText, Counts, Mask
from specs.corrections.kind import ColumnCorrection, FieldTerms, ValueCorrection, tally
from specs.corrections.zeros import with_zero, zeros_were_taken_off
from specs.dates import date_format, read_dates

_COLON = ord(":")


def _matches(text: pa.Array, expression: str) -> Mask:
    found: Mask = pc.match_substring_regex(text, expression).to_numpy(zero_copy_only=False)
    return found


def _total(times: Counts, where: Mask) -> int:
    return int(times[where].sum())


# --- time of day ---

_TIME = r"[ T]{1,2}\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?$"
_ELEVEN_AT_NIGHT = r"[ T]{1,2}(?:23:00(?::00(?:\.0+)?)?|11:00(?::00(?:\.0+)?)? ?[Pp][Mm])$"


def _without_time(text: pa.Array, terms: FieldTerms) -> pa.Array:
    day = pc.replace_substring_regex(text, _TIME, "")
    turned = pc.coalesce(_turned_round(day), day)  # the order of day and month is decided elsewhere
    is_date = pc.or_(pc.is_valid(_read(day, terms)), pc.is_valid(_read(turned, terms)))
    cut = pc.and_(is_date, pc.invert(pc.match_substring_regex(text, _ELEVEN_AT_NIGHT)))
    return pc.if_else(cut, day, text)


def _read(text: pa.Array, terms: FieldTerms) -> pa.Array:
    return read_dates(text, terms.dates, latest_short_year=terms.latest_short_year)


TIME_OF_DAY = ValueCorrection("time_of_day", _without_time, lambda column, _terms: column.has(_COLON))


# --- zeros taken off ddmmyyyy ---

_DDMMYYYY = (date_format("ddmmyyyy"),)
_SEVEN_DIGITS = r"^[1-9]\d{6}$"


def _day_month_year(text: pa.Array, terms: FieldTerms) -> pa.Array:
    return read_dates(text, _DDMMYYYY, latest_short_year=terms.latest_short_year)


def _compact_dates(column: ColumnText, terms: FieldTerms) -> Counts:
    text, times = column.distinct, column.times
    kept = _matches(text, r"^0\d{7}$")
    full = _matches(text, r"^[1-9]\d{7}$")
    short = _matches(text, _SEVEN_DIGITS)
    as_dates = _day_month_year(with_zero(text, _SEVEN_DIGITS), terms)
    real = pc.is_valid(as_dates).to_numpy(zero_copy_only=False)
    digits = _matches(text, r"^\d+$")
    return tally(*(_total(times, where) for where in (digits, kept, full, short, real & (full | short))))


def _are_short_of_zeros(counts: Counts, limits: Mapping[str, int]) -> bool:
    values, real = int(counts[0]), int(counts[4])
    return zeros_were_taken_off(counts, limits) and (values - real) * limits["one_in"] <= values


def _compact_dates_in_words(counts: Counts) -> str:
    _values, _kept, full, short, _real = counts.tolist()
    return f"{full:,} dates have 8 digits and none of them begins with 0; {short:,} have 7"


def _with_zero_of_day(text: pa.Array, terms: FieldTerms) -> pa.Array:
    filled_up = with_zero(text, _SEVEN_DIGITS)
    return pc.if_else(pc.is_valid(_day_month_year(filled_up, terms)), filled_up, text)


DATE_ZERO = ColumnCorrection(
    "date_zero", _compact_dates, _are_short_of_zeros, _compact_dates_in_words, _with_zero_of_day
)


# --- day numbers ---

_DAY_NUMBER = r"^[1-9]\d{4}$"
_DAY_NOUGHT = np.datetime64("1899-12-30")
"""Spreadsheets count a 29 February 1900 that never was, so that later days seem to begin here."""


def _day_numbers(column: ColumnText, terms: FieldTerms) -> Counts:
    text, times = column.distinct, column.times
    within = np.zeros(len(text), np.bool_)
    numbers = _matches(text, _DAY_NUMBER)
    if numbers.any():
        within[numbers] = _days_within(text.filter(pa.array(numbers)), terms)
    return tally(column.filled, _total(times, within))


def _days_within(numbers: pa.Array, terms: FieldTerms) -> Mask:
    """Whether day numbers lie no later than dates may."""
    return _days(numbers) <= np.datetime64(f"{terms.latest_short_year}-12-31")


def _days(numbers: pa.Array) -> npt.NDArray[np.datetime64]:
    days: npt.NDArray[np.datetime64] = _DAY_NOUGHT + numbers.cast(pa.int32()).to_numpy()
    return days


def _are_day_numbers(counts: Counts, limits: Mapping[str, int]) -> bool:
    values, numbers = counts.tolist()
    return bool(values >= limits["values"] and numbers == values)


def _as_days(text: pa.Array, terms: FieldTerms) -> pa.Array:
    numbers = pa.array(_matches(text, _DAY_NUMBER))
    if not pc.any(numbers).as_py():
        return text
    chosen = text.filter(numbers)
    written = pc.strftime(pa.array(_days(chosen), pa.date32()), "%d/%m/%Y")
    within = pa.array(_days_within(chosen, terms))
    return pc.replace_with_mask(text, numbers, pc.if_else(within, written, chosen))


DAY_NUMBER = ColumnCorrection(
    "day_number",
    _day_numbers,
    _are_day_numbers,
    lambda counts: f"all {counts[0]:,} filled values are such numbers",
    _as_days,
)


# --- month first ---

_READ_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"  # what reading a date passes over
_THREE_PARTS = tuple(
    rf"^(?P<first>\d{{1,2}}){sign}(?P<second>\d{{1,2}})(?P<rest>{sign}(?:\d{{4}}|\d{{2}}){_READ_TIME})$"
    for sign in "/-"
)
_DAY_FIRST = tuple(date_format(text) for text in ("dd/mm/yyyy", "dd-mm-yyyy", "dd/mm/yy", "dd-mm-yy"))
_SEPARATED = r"^\d{1,2}[/-]"
_AFTER_THE_DAY = r"[ T].*$"


def _turned_round(text: pa.Array) -> pa.Array:
    """Dates of three numbers with the first two exchanged, both of two digits; null for other text."""
    turned = pa.nulls(len(text), pa.string())
    for expression in _THREE_PARTS:
        parts = pc.extract_regex(text, expression)
        first, second, rest = (pc.struct_field(parts, name) for name in ("first", "second", "rest"))
        two_digits = (pc.utf8_lpad(part, 2, "0") for part in (second, first))
        separator = pc.utf8_slice_codeunits(rest, 0, 1)
        exchanged = pc.binary_join_element_wise(*two_digits, separator)
        turned = pc.coalesce(turned, pc.binary_join_element_wise(exchanged, rest, ""))
    return turned


def _is_day_first(text: pa.Array, terms: FieldTerms) -> Mask:
    """Whether text, or what stands before its time of day, is a real date with the day first."""
    days = pc.replace_substring_regex(text, _AFTER_THE_DAY, "")
    real = pc.is_valid(read_dates(days, _DAY_FIRST, latest_short_year=terms.latest_short_year))
    mask: Mask = real.to_numpy(zero_copy_only=False)
    return mask


def _order(column: ColumnText, terms: FieldTerms) -> Counts:
    text, times = column.distinct, column.times
    separated = _matches(text, _SEPARATED)
    if not separated.any():
        return tally(0, 0, 0)
    text, times = text.filter(pa.array(separated)), times[separated]
    turned = _turned_round(text)
    three_parts = pc.is_valid(turned).to_numpy(zero_copy_only=False)
    first_above_12 = _matches(text, r"^(?:1[3-9]|[2-9]\d)[/-]")
    month_only = _is_day_first(turned, terms) & ~_is_day_first(text, terms)
    return tally(
        _total(times, three_parts),
        _total(times, three_parts & first_above_12),
        _total(times, three_parts & month_only),
    )


def _is_month_first(counts: Counts, limits: Mapping[str, int]) -> bool:
    values, day_first, month_first = counts.tolist()
    return bool(values >= limits["values"] and day_first == 0 and month_first * limits["one_in"] >= values)


def _order_in_words(counts: Counts) -> str:
    values, _day_first, month_first = counts.tolist()
    return f"in {month_first:,} of {values:,} dates the second part is above 12, in none the first"


def _day_first(text: pa.Array, terms: FieldTerms) -> pa.Array:
    turned = _turned_round(text)
    return pc.if_else(pa.array(_is_day_first(turned, terms)), turned, text)


MONTH_FIRST = ColumnCorrection(
    "month_first", _order, _is_month_first, _order_in_words, _day_first, another_day=True
)
