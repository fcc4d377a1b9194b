"""Checks that say nothing about what a field means: code lists, zeros, lengths, empty fields."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.kind import TEXT, FieldCheck, Terms, counted
from specs.specification import FieldFormat


def _is_allowed(text: pa.Array, terms: Terms) -> pa.Array:
    return pc.is_in(text, pa.array([*terms.allowed, None], pa.string()))


def _allowed(text: pa.Array, terms: Terms) -> pa.Array:
    return pa.repeat(f"allowed: {', '.join(terms.allowed)}", len(text))


def _is_usual(text: pa.Array, terms: Terms) -> pa.Array:
    usual = [value.upper() for value in terms.allowed]
    return pc.is_in(pc.utf8_upper(text), pa.array([*usual, None], pa.string()))


def _usual(text: pa.Array, terms: Terms) -> pa.Array:
    return pa.repeat(f"usual: {', '.join(terms.allowed)}", len(text))


def _is_short_enough(text: pa.Array, terms: Terms) -> pa.Array:
    return pc.less_equal(pc.utf8_length(text), terms.limit)


def _how_long(text: pa.Array, terms: Terms) -> pa.Array:
    return counted(text, f"characters, at most {terms.limit}")


def _is_not_zero(value: pa.Array, _terms: Terms) -> pa.Array:
    return pc.not_equal(value, 0)


def _is_empty(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.is_null(text)


ONE_OF = FieldCheck("one_of", "text", _is_allowed, _allowed, takes="list")
USUALLY = FieldCheck("usually", "text", _is_usual, _usual, takes="list")
"""Codes that are only inferred: upper and lower case are the same, and another value is no error."""
LONGEST = FieldCheck("longest", "text", _is_short_enough, _how_long, formats=TEXT, takes="number")
"""At most so many characters as the specification says."""
NOT_ZERO = FieldCheck(
    "not_zero", "value", _is_not_zero, formats=frozenset({FieldFormat.MONEY, FieldFormat.HOURS})
)
EXPECTED_EMPTY = FieldCheck("expected_empty", "text", _is_empty)
