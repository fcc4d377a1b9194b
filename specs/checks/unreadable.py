"""Why text could not be read as a date, a sum of money or hours: the detail of those findings."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from specs.amounts import HoursFormat, MoneyFormat, read_hours, read_money
from specs.checks.kind import Detail, Terms, first_true
from specs.dates import DEFAULT_DATE_FORMATS, EARLIEST_YEAR, LATEST_YEAR, date_format, read_dates
from specs.specification import FieldFormat

_YEAR_FIRST = date_format("yyyymmdd")
_MONTH_FIRST = (date_format("mm/dd/yyyy"), date_format("mm-dd-yyyy"))
_LIKE_A_DATE = r"^(?:\d{1,2}[/-]\w{1,3}[/-](?:\d{2}|\d{4})|\d{4}-\d{1,2}-\d{1,2}|\d{6}|\d{8})$"


def _why_no_date(text: pa.Array, _terms: Terms) -> pa.Array:
    by_default = read_dates(text, DEFAULT_DATE_FORMATS, latest_short_year=LATEST_YEAR)
    year_first = read_dates(text, (_YEAR_FIRST,), latest_short_year=LATEST_YEAR)
    month_first = read_dates(text, _MONTH_FIRST, latest_short_year=LATEST_YEAR)
    return first_true(
        text,
        (pc.is_valid(by_default), "a date, but not written as date_format in the mapping says"),
        (pc.is_valid(year_first), "year first? Then set date_format to yyyymmdd in the mapping"),
        (
            pc.is_valid(month_first),
            "month first? Then others of the column are read wrongly: set date_format in the mapping",
        ),
        (
            pc.match_substring_regex(text, _LIKE_A_DATE),
            f"no such day, or a year outside {EARLIEST_YEAR} to {LATEST_YEAR}",
        ),
        (pc.match_substring_regex(text, r"^\d{5}$|^\d{7}$"), "a leading zero may be missing"),
    )


def _why_no_money(text: pa.Array, _terms: Terms) -> pa.Array:
    return first_true(
        text,
        # in a column of pounds this would have been read
        (pc.is_valid(read_money(text, MoneyFormat.POUNDS)), "pounds, but the column is read as pence"),
        (pc.match_substring_regex(text, r"\.\d{3,}"), "more than two decimals"),
        (pc.match_substring_regex(text, r"\pL"), "letters"),
    )


def _why_no_hours(text: pa.Array, _terms: Terms) -> pa.Array:
    return first_true(
        text,
        # in a column of the other format this would have been read
        (
            pc.is_valid(read_hours(text, HoursFormat.DECIMAL)),
            "a decimal point, but the column is read as hundredths of an hour",
        ),
        (
            pc.is_valid(read_hours(text, HoursFormat.HUNDREDTHS)),
            "hundredths of an hour, but the column is read as hours",
        ),
        (pc.match_substring_regex(text, r"^\d+:\d+$"), "hours and minutes"),
    )


UNREADABLE: dict[FieldFormat, Detail] = {
    FieldFormat.DATE: _why_no_date,
    FieldFormat.MONEY: _why_no_money,
    FieldFormat.HOURS: _why_no_hours,
}
"""The formats that are read into something other than text; the format's name is the code of the check."""
