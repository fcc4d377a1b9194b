"""Code lists, zeros, fields that should be empty, dates ahead."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from specs.checks import Terms
from specs.checks.any_field import EXPECTED_EMPTY, NOT_IN_FUTURE, NOT_ZERO, ONE_OF

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


def test_the_day_of_the_check_is_not_in_the_future_and_the_next_day_is() -> None:
    days = pa.array([date(2026, 9, 30), TODAY, date(2026, 10, 2), None], pa.date32())
    assert NOT_IN_FUTURE.passes(days, TERMS).to_pylist() == [True, True, False, None]
