"""Checks of two dates of one record, which follow each other, and of a leaver's date beside the indicator.

Sources: current staff only, Date left expected empty (published 2012/13); last paid after Date left beyond
a grace period, and start after leaving, as payroll signals (inferred). How many days or years are too many
is set by the specification.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.kind import TEXT, RecordCheck, Terms, first_true
from specs.specification import FieldFormat

_DATE = frozenset({FieldFormat.DATE})
_STILL_HERE = ("N", "NO", "0", "F", "FALSE", "C", "A", "CURRENT", "ACTIVE")
_HAS_LEFT = ("Y", "YES", "1", "T", "TRUE", "L", "LEAVER", "LEFT")
"""What leaver indicators say of people; no code list was published (inferred)."""


def _at_most_days_after(later: pa.Array, earlier: pa.Array, days: int) -> pa.Array:
    return pc.less_equal(pc.days_between(earlier, later), days)


def _first_is_not_later(values: Sequence[pa.Array], terms: Terms) -> pa.Array:
    """The first day is not after the second, but for so many days as the specification allows."""
    first, second = values
    return _at_most_days_after(first, second, terms.limit or 0)


def _second_is_not_later(values: Sequence[pa.Array], terms: Terms) -> pa.Array:
    """The second day is not after the first, but for so many days as the specification allows."""
    first, second = values
    return _at_most_days_after(second, first, terms.limit or 0)


def _days_apart(values: Sequence[pa.Array], terms: Terms) -> pa.Array:
    first, second = values
    days = pc.abs(pc.days_between(first, second))
    count = pc.binary_join_element_wise(
        days.cast(pa.string()), pc.if_else(pc.equal(days, 1), "day", "days"), " "
    )
    order = pc.if_else(pc.greater(first, second), f"after {terms.names[1]}", f"before {terms.names[1]}")
    return pc.binary_join_element_wise(count, order, " ")


def _was_old_enough(values: Sequence[pa.Array], terms: Terms) -> pa.Array:
    """At least so many years old at the start as the specification says."""
    birth, start = values
    return pc.greater_equal(_age(birth, start), terms.limit or 0)


def _how_old(values: Sequence[pa.Array], terms: Terms) -> pa.Array:
    birth, start = values
    return first_true(
        pa.nulls(len(birth), pa.string()),
        (pc.greater(birth, start), f"after {terms.names[1]}"),
        (pc.is_valid(birth), f"under {terms.limit} on {terms.names[1]}"),
    )


def _age(birth: pa.Array, day: pa.Array) -> pa.Array:
    """Whole years from birth to a day; negative before birth."""
    years = pc.subtract(pc.year(day), pc.year(birth))
    birthday, on_day = (pc.add(pc.multiply(pc.month(dates), 100), pc.day(dates)) for dates in (birth, day))
    return pc.subtract(years, pc.if_else(pc.greater(birthday, on_day), 1, 0))


def _indicator_agrees(values: Sequence[pa.Array], terms: Terms) -> pa.Array:
    """False where one of the two says that a person has left and the other says that not.

    An indicator that is blank, or of a system's own words, says nothing. A leaving date that lies ahead is
    no contradiction.
    """
    indicator, left = values
    word = pc.utf8_upper(indicator)
    here, gone = pc.is_in(word, pa.array(_STILL_HERE)), pc.is_in(word, pa.array(_HAS_LEFT))
    has_left = pc.fill_null(pc.less_equal(left, pa.scalar(terms.today, pa.date32())), False)
    return pc.if_else(here, pc.invert(has_left), pc.if_else(gone, pc.is_valid(left), None))


def _which_disagrees(values: Sequence[pa.Array], terms: Terms) -> pa.Array:
    indicator, left = values
    return first_true(
        indicator,
        (pc.is_null(left), f"filled, but there is no {terms.names[1]}"),
        (pc.is_valid(left), f"says that nobody left, but {terms.names[1]} lies in the past"),
    )


_TWO_DATES = (_DATE, _DATE)
START_AFTER_LEAVING = RecordCheck("start_after_leaving", _TWO_DATES, _first_is_not_later, _days_apart)
"""Date started, Date left."""
LEFT_BEFORE_BIRTH = RecordCheck("left_before_birth", _TWO_DATES, _second_is_not_later, _days_apart)
"""Date left, Date of birth."""
PAID_BEFORE_START = RecordCheck("paid_before_start", _TWO_DATES, _second_is_not_later, _days_apart)
"""Date last paid, Date started."""
PAID_AFTER_LEAVING = RecordCheck("paid_after_leaving", _TWO_DATES, _first_is_not_later, _days_apart)
"""Date last paid, Date left."""
YOUNG_AT_START = RecordCheck("young_at_start", _TWO_DATES, _was_old_enough, _how_old)
"""Date of birth, Date started; the limit is in years."""
LEAVER_INDICATOR = RecordCheck("leaver_indicator", (TEXT, _DATE), _indicator_agrees, _which_disagrees)
"""Leaver indicator, Date left."""
PAID_BEFORE_INVOICE = RecordCheck("paid_before_invoice", _TWO_DATES, _second_is_not_later, _days_apart)
"""Payment date, Invoice date."""
DUE_BEFORE_INVOICE = RecordCheck("due_before_invoice", _TWO_DATES, _second_is_not_later, _days_apart)
"""Due date, Invoice date."""
