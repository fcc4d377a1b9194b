"""Dates: from text, in the ways in which source systems write them, to date32.

Only the distinct values of a column are looked at: a million payments hold a few thousand dates.
Source of the preferred forms: Audit Commission, NFI data formats (ddmmyyyy preferred, ddmmyy accepted,
separator / or -). The other forms are what ledgers, payrolls and spreadsheets export.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from specs.errors import MappingInvalid

EARLIEST_YEAR, LATEST_YEAR = 1850, 2100
"""A year outside these is a slip of the keyboard or a value that a system fills in by force."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TOKEN = re.compile(r"dd?|mmm|mm?|yyyy|yy|[^a-z0-9]+", re.IGNORECASE)
_TIME_OF_DAY = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"


@dataclass(frozen=True, slots=True)
class DateFormat:
    """One way of writing a date, such as dd/mm/yyyy, and the expression that recognises it.

    dd and mm take one digit as well where something stands between day, month and year. A time of
    day after the date, which spreadsheets add, is passed over.
    """

    text: str
    expression: str
    digits: tuple[slice, slice, slice] | None = None
    """Where day, month and year stand, if there are digits only; then `expression` has no parts."""


def date_format(text: str) -> DateFormat:
    """The format that `text` describes: day (dd), month (mm, or mmm for Jan), year (yyyy or yy).

    Raises:
        MappingInvalid: a part is missing, given twice or not known; the message lists the known ones.
    """
    parts = _TOKEN.findall(text.lower())
    letters = [part[0] for part in parts if part[0].isalpha()]
    if "".join(parts) != text.lower() or sorted(letters) != ["d", "m", "y"]:
        raise MappingInvalid(
            f"date format '{text}' is not understood. Write one day, one month and one year with "
            "dd, mm (or mmm for Jan) and yyyy (or yy), such as dd/mm/yyyy."
        )
    digits = "1,2" if len(parts) == 2 * len(letters) - 1 else "2"
    expressions = {
        "d": rf"(?P<day>\d{{{digits}}})",
        "m": rf"(?P<month>\d{{{digits}}})",
        "mmm": r"(?P<month>[A-Za-z]{3})",
        "yyyy": r"(?P<year>\d{4})",
        "yy": r"(?P<year>\d{2})",
    }
    if "".join(parts).isalpha() and "mmm" not in parts:
        return _of_digits(text, parts)
    pattern = "".join(expressions.get(part) or expressions.get(part[0]) or re.escape(part) for part in parts)
    return DateFormat(text, f"^{pattern}{_TIME_OF_DAY}$")


def _of_digits(text: str, parts: Sequence[str]) -> DateFormat:
    """A format without anything between day, month and year, such as ddmmyyyy."""
    places: dict[str, slice] = {}
    for part in parts:
        start = sum(place.stop - place.start for place in places.values())
        # one letter for a day or a month stands for two digits here
        places[part[0]] = slice(start, start + max(len(part), 2))
    width = sum(place.stop - place.start for place in places.values())
    return DateFormat(text, rf"^\d{{{width}}}$", (places["d"], places["m"], places["y"]))


DEFAULT_DATE_FORMATS = tuple(
    date_format(text)
    for text in (
        "ddmmyyyy",
        "dd/mm/yyyy",
        "dd-mm-yyyy",
        "yyyy-mm-dd",
        "ddmmyy",
        "dd/mm/yy",
        "dd-mm-yy",
        "dd-mmm-yy",
        "dd-mmm-yyyy",
    )
)
"""What is tried, in this order, where a mapping names no format. No two of them read one text differently."""


def read_dates(text: pa.Array, formats: Sequence[DateFormat], *, latest_short_year: int) -> pa.Array:
    """The dates (date32) that text stands for; null where it is null or no format gives a real day.

    Args:
        text: strings without surrounding blanks.
        formats: tried in order; the first that gives a real day counts.
        latest_short_year: the last of the hundred years that a year of two digits can mean: with 2036,
            36 is 2036 and 37 is 1937.
    """
    encoded = text.dictionary_encode()
    distinct = encoded.dictionary
    dates = pa.nulls(len(distinct), pa.date32())
    unread = pc.is_valid(distinct)
    for format_ in formats:
        if not pc.any(unread).as_py():
            break
        found = _dates_in(format_, distinct.filter(unread), latest_short_year)
        dates = pc.replace_with_mask(dates, unread, found)
        unread = pc.and_(unread, pc.is_null(dates))
    return dates.take(encoded.indices)


def _dates_in(format_: DateFormat, text: pa.Array, latest_short_year: int) -> pa.Array:
    """The dates that one format reads in `text`; null elsewhere."""
    if format_.digits is not None:
        written = pc.match_substring_regex(text, format_.expression)
        day, month, year = (_digits_at(place, text, written) for place in format_.digits)
    else:
        parts = pc.extract_regex(text, format_.expression)
        written = pc.is_valid(parts)
        day = _whole_numbers(pc.struct_field(parts, "day"))
        month = _month_numbers(pc.struct_field(parts, "month"), named="mmm" in format_.text.lower())
        year = _whole_numbers(pc.struct_field(parts, "year"))
    if "yyyy" not in format_.text.lower():
        year = latest_short_year - (latest_short_year - year) % 100
    sensible = (year >= EARLIEST_YEAR) & (year <= LATEST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(sensible, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(sensible, day - 1, 0)
    sensible &= days.astype("datetime64[M]") == months  # 31 February would be a day in March
    unread = ~(written.to_numpy(zero_copy_only=False) & sensible)
    return pa.array(days, pa.date32(), mask=unread)


def _digits_at(place: slice, text: pa.Array, written: pa.Array) -> npt.NDArray[np.int64]:
    """The whole numbers that stand in one place of texts that are written so; nought in others."""
    return _whole_numbers(pc.if_else(written, pc.utf8_slice_codeunits(text, place.start, place.stop), None))


def _whole_numbers(digits: pa.Array) -> npt.NDArray[np.int64]:
    """Whole numbers of text that holds only digits; nought for null."""
    numbers: npt.NDArray[np.int64] = pc.fill_null(digits, "0").cast(pa.int64()).to_numpy()
    return numbers


def _month_numbers(months: pa.Array, *, named: bool) -> npt.NDArray[np.int64]:
    """Months from 1 to 12 of 'Jan' or '01'; nought for null and for what is no month."""
    if not named:
        return _whole_numbers(months)
    places = pc.index_in(pc.utf8_lower(months), pa.array(_MONTHS))
    numbers: npt.NDArray[np.int64] = pc.fill_null(pc.add(places, 1), 0).cast(pa.int64()).to_numpy()
    return numbers
