"""Why text could not be read as a date, a sum of money or hours: the detail of those findings."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from specs.amounts import HoursFormat, MoneyFormat, read_hours, read_money
from specs.checks.any_text import no_value_at_all
from specs.checks.kind import Detail, Terms, first_true
from specs.checks.placeholders import placeholders
from specs.dates import DEFAULT_DATE_FORMATS, EARLIEST_YEAR, LATEST_YEAR, date_format, read_dates
from specs.specification import FieldFormat

_YEAR_FIRST = date_format("yyyymmdd")
_MONTH_FIRST = (date_format("mm/dd/yyyy"), date_format("mm-dd-yyyy"))
_LIKE_A_DATE = r"^(?:\d{1,2}[/-]\w{1,3}[/-](?:\d{2}|\d{4})|\d{4}-\d{1,2}-\d{1,2}|\d{6}|\d{8})$"
# Days counted from the end of 1899, as spreadsheets hold dates: 10,000 is in 1927, 59,999 in 2064.
_DAY_NUMBER = r"^[1-5]\d{4}(?:\.\d+)?$"


def _why_no_date(text: pa.Array, _terms: Terms) -> pa.Array:
    by_default = read_dates(text, DEFAULT_DATE_FORMATS, latest_short_year=LATEST_YEAR)
    year_first = read_dates(text, (_YEAR_FIRST,), latest_short_year=LATEST_YEAR)
    month_first = read_dates(text, _MONTH_FIRST, latest_short_year=LATEST_YEAR)
    zero_added = pc.binary_join_element_wise("0", text, "")
    with_zero = read_dates(zero_added, DEFAULT_DATE_FORMATS, latest_short_year=LATEST_YEAR)
    is_day_number = pc.match_substring_regex(text, _DAY_NUMBER)
    return first_true(
        text,
        *no_value_at_all(text),
        (pc.match_substring_regex(text, _default_year()), "a date that systems fill in: leave blank"),
        (pc.is_valid(by_default), "a date, but not written as date_format in the mapping says"),
        (pc.is_valid(year_first), "year first? Then set date_format to yyyymmdd in the mapping"),
        (
            pc.is_valid(month_first),
            "month first? Then look at the others of the column, and set date_format in the mapping",
        ),
        (
            pc.and_(is_day_number, pc.is_valid(with_zero)),
            "a leading zero may be missing, or it is a spreadsheet's day number",
        ),
        (is_day_number, "a spreadsheet's day number? Format the column as dates and export it again"),
        (
            pc.match_substring_regex(text, _LIKE_A_DATE),
            f"no such day, or a year outside {EARLIEST_YEAR} to {LATEST_YEAR}",
        ),
        (pc.match_substring_regex(text, r"^\d{5}$|^\d{7}$"), "a leading zero may be missing"),
    )


def _default_year() -> str:
    """What matches a date in one of the years of default dates that are out of range."""
    years = "|".join(placeholders().years_out_of_range)
    return (
        rf"^(?:(?:{years})-?\d\d-?\d\d|\d{{1,2}}[/-]\w{{1,3}}[/-](?:{years})|\d{{4}}(?:{years}))(?:[ T].*)?$"
    )


def _why_no_money(text: pa.Array, _terms: Terms) -> pa.Array:
    return first_true(
        text,
        *no_value_at_all(text),
        # in a column of pounds this would have been read
        (pc.is_valid(read_money(text, MoneyFormat.POUNDS)), "pounds, but the column is read as pence"),
        (pc.match_substring_regex(text, r"\.\d{3,}"), "more than two decimals"),
        (pc.match_substring_regex(text, r"\pL"), "letters"),
    )


def _why_no_hours(text: pa.Array, _terms: Terms) -> pa.Array:
    return first_true(
        text,
        *no_value_at_all(text),
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
