"""Checks that say nothing about what a field means: code lists, zeros, fields that should be empty."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.kind import FieldCheck, Terms
from specs.specification import FieldFormat


def _is_allowed(text: pa.Array, terms: Terms) -> pa.Array:
    return pc.is_in(text, pa.array([*terms.allowed, None], pa.string()))


def _allowed(text: pa.Array, terms: Terms) -> pa.Array:
    return pa.repeat(f"allowed: {', '.join(terms.allowed)}", len(text))


def _is_not_zero(value: pa.Array, _terms: Terms) -> pa.Array:
    return pc.not_equal(value, 0)


def _is_empty(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.is_null(text)


def _is_past_or_today(value: pa.Array, terms: Terms) -> pa.Array:
    return pc.less_equal(value, pa.scalar(terms.today, pa.date32()))


ONE_OF = FieldCheck("one_of", "text", _is_allowed, _allowed)
NOT_ZERO = FieldCheck(
    "not_zero", "value", _is_not_zero, formats=frozenset({FieldFormat.MONEY, FieldFormat.HOURS})
)
EXPECTED_EMPTY = FieldCheck("expected_empty", "text", _is_empty)
NOT_IN_FUTURE = FieldCheck("not_in_future", "value", _is_past_or_today, formats=frozenset({FieldFormat.DATE}))
