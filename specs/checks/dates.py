"""Checks of single dates: in the future, long ago, filled in by a system; and the ages that birthdays give.

Sources: that minors are left out unless a specification says otherwise is published (2024/25); ages under
14 and over 80, to be looked at as data quality first, are inferred, as are the usual default dates.
"""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.kind import FieldCheck, Terms
from specs.checks.placeholders import placeholders
from specs.specification import FieldFormat
from specs.text_bytes import TextBytes

_DATE = frozenset({FieldFormat.DATE})
_TWO_DIGITS = r"^(?:\d{6}|\d{1,2}[/-]\w{1,3}[/-]\d{2})$"
_ADULT, _YOUNGEST, _OLDEST = 18, 14, 80


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 28 February for a 29 that the year has not got."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _day(day: date) -> pa.Scalar:
    return pa.scalar(day, pa.date32())


def _is_past_or_today(value: pa.Array, terms: Terms) -> pa.Array:
    return pc.less_equal(value, _day(terms.today))


def _is_near(value: pa.Array, terms: Terms) -> pa.Array:
    """At most so many days ahead as the specification says."""
    return pc.less_equal(value, _day(terms.today + timedelta(days=terms.limit or 0)))


def _is_recent(value: pa.Array, terms: Terms) -> pa.Array:
    """In the year that the specification says, or later. Default dates are another check's to report."""
    is_later = pc.greater_equal(value, _day(date(terms.limit or date.min.year, 1, 1)))
    return pc.or_(is_later, _is_default(value))


def _is_default(value: pa.Array) -> pa.Array:
    return pc.is_in(value, pa.array(placeholders().dates, pa.date32()))


def _is_no_default(value: pa.Array, _terms: Terms) -> pa.Array:
    return pc.invert(_is_default(value))


def _has_whole_year(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.invert(pc.match_substring_regex(text, _TWO_DIGITS))


def _may_have_short_year(text: pa.Array) -> pa.Array:
    """Six bytes, or a separator before the last two."""
    look = TextBytes(text)
    before_year = look.byte(-3)
    may_have = (look.lengths == 6) | (before_year == ord("/")) | (before_year == ord("-"))
    return pa.array(may_have)


def _is_adult(birth: pa.Array, terms: Terms) -> pa.Array:
    """False from 14 to 17 years; who is younger is the next check's to report."""
    at_18, at_14 = (_day(years_before(terms.today, age)) for age in (_ADULT, _YOUNGEST))
    return pc.or_(pc.less_equal(birth, at_18), pc.greater(birth, at_14))


def _is_of_working_age(birth: pa.Array, terms: Terms) -> pa.Array:
    """False under 14 and from 81 years; birthdays to come and default dates are other checks' to report."""
    youngest, oldest = (_day(years_before(terms.today, age)) for age in (_YOUNGEST, _OLDEST + 1))
    likely = pc.and_(pc.less_equal(birth, youngest), pc.greater(birth, oldest))
    return pc.or_(likely, pc.or_(pc.greater(birth, _day(terms.today)), _is_default(birth)))


NOT_IN_FUTURE = FieldCheck("not_in_future", "value", _is_past_or_today, formats=_DATE)
FAR_AHEAD = FieldCheck("far_ahead", "value", _is_near, formats=_DATE, takes="number")
LONG_AGO = FieldCheck("long_ago", "value", _is_recent, formats=_DATE, takes="number")
PLACEHOLDER_DATE = FieldCheck("placeholder_date", "value", _is_no_default, formats=_DATE)
SHORT_YEAR = FieldCheck("short_year", "text", _has_whole_year, formats=_DATE, screen=_may_have_short_year)
MINOR = FieldCheck("minor", "value", _is_adult, formats=_DATE)
AGE = FieldCheck("age", "value", _is_of_working_age, formats=_DATE)
