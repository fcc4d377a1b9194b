"""Checks of the hours of a week, by themselves and beside the full-time/part-time flag.

Source: the payroll specification (F over 30 hours, P under 30, exactly 30 not covered; published 2012/13).
How many hours are likely is inferred.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.kind import TEXT, FieldCheck, RecordCheck, Terms, first_true
from specs.specification import FieldFormat

_HOURS = frozenset({FieldFormat.HOURS})
_WEEK, _MANY, _ONE, _FULL_TIME = 168_00, 60_00, 1_00, 30_00  # hundredths of an hour


def _fit_in_a_week(hours: pa.Array, _terms: Terms) -> pa.Array:
    return pc.less_equal(hours, _WEEK)


def _are_not_many(hours: pa.Array, _terms: Terms) -> pa.Array:
    """False over 60 hours; what is beyond a week is the other check's to report."""
    return pc.or_(pc.less_equal(hours, _MANY), pc.greater(hours, _WEEK))


def _are_not_few(hours: pa.Array, _terms: Terms) -> pa.Array:
    """False for less than one hour, but not for none."""
    return pc.or_(pc.greater_equal(hours, _ONE), pc.less_equal(hours, 0))


def _agree_with_flag(values: Sequence[pa.Array], _terms: Terms) -> pa.Array:
    flag, hours = values
    full, part = (pc.equal(pc.utf8_upper(flag), letter) for letter in "FP")
    too_few, too_many = pc.less(hours, _FULL_TIME), pc.greater(hours, _FULL_TIME)
    return pc.invert(pc.or_(pc.and_(full, too_few), pc.and_(part, too_many)))


def _how_they_disagree(values: Sequence[pa.Array], terms: Terms) -> pa.Array:
    flag, hours = values
    full = pc.equal(pc.utf8_upper(flag), "F")
    field = terms.names[1]
    return first_true(
        flag,
        (pc.and_(full, pc.equal(hours, 0)), f"F, but {field} is nought"),
        (full, f"F, but {field} is under 30"),
        (pc.is_valid(flag), f"P, but {field} is over 30"),
    )


HOURS_OF_A_WEEK = FieldCheck("hours_of_a_week", "value", _fit_in_a_week, formats=_HOURS)
MANY_HOURS = FieldCheck("many_hours", "value", _are_not_many, formats=_HOURS)
FEW_HOURS = FieldCheck("few_hours", "value", _are_not_few, formats=_HOURS)
FLAG_AND_HOURS = RecordCheck("flag_and_hours", (TEXT, _HOURS), _agree_with_flag, _how_they_disagree)
