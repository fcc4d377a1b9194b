"""Code lists, zeros, lengths, fields that should be empty."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from specs.checks import Terms
from specs.checks.any_field import EXPECTED_EMPTY, LONGEST, NOT_ZERO, ONE_OF, USUALLY

TODAY = date(2026, 10, 1)
TERMS = Terms(allowed=("F", "P", "C"), today=TODAY)


def test_a_code_is_one_of_the_list_exactly_as_written() -> None:
    codes = pa.array(["F", "P", "C", "f", "FT", "30", None])
    assert ONE_OF.passes(codes, TERMS).to_pylist() == [True, True, True, False, False, False, True]
    assert ONE_OF.detail(pa.array(["FT"]), TERMS).to_pylist() == ["allowed: F, P, C"]


def test_zero_fails_and_a_blank_is_not_zero() -> None:
    assert NOT_ZERO.passes(pa.array([0, 1, -1, None]), TERMS).to_pylist() == [False, True, True, None]


def test_anything_at_all_in_a_field_that_should_be_empty_fails() -> None:
    assert EXPECTED_EMPTY.passes(pa.array(["01022020", "n/a", None]), TERMS).to_pylist() == [
        False,
        False,
        True,
    ]


def test_a_usual_code_may_be_written_in_lower_case() -> None:
    codes = pa.array(["F", "p", "FT", None])
    assert USUALLY.passes(codes, TERMS).to_pylist() == [True, True, False, True]
    assert USUALLY.detail(pa.array(["FT"]), TERMS).to_pylist() == ["usual: F, P, C"]


def test_length_is_counted_in_characters_and_not_in_bytes() -> None:
    terms = Terms(today=TODAY, limit=4)
    names = pa.array(["José", "Josés", "", None])
    assert LONGEST.passes(names, terms).to_pylist() == [True, False, True, None]
    assert LONGEST.detail(pa.array(["Josés"]), terms).to_pylist() == ["5 characters, at most 4"]
