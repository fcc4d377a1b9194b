"""Single dates: in the future, long ago, filled in by a system; ages on the day of the check."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.checks import FieldCheck, Terms
from specs.checks.dates import (
    AGE,
    FAR_AHEAD,
    LONG_AGO,
    MINOR,
    NOT_IN_FUTURE,
    PLACEHOLDER_DATE,
    SHORT_YEAR,
    years_before,
)

TODAY = date(2026, 10, 1)
VALUE_CHECKS = [NOT_IN_FUTURE, FAR_AHEAD, LONG_AGO, PLACEHOLDER_DATE, MINOR, AGE]


def passes(check: FieldCheck, *days: date | None, limit: int | None = None, today: date = TODAY) -> Any:
    return check.passes(pa.array(days, pa.date32()), Terms(today=today, limit=limit)).to_pylist()


def test_the_day_of_the_check_is_not_in_the_future_and_the_next_day_is() -> None:
    days = (date(2026, 9, 30), TODAY, date(2026, 10, 2), None)
    assert passes(NOT_IN_FUTURE, *days) == [True, True, False, None]


def test_a_date_may_lie_as_many_days_ahead_as_the_specification_says() -> None:
    days = (TODAY, date(2026, 11, 1), date(2026, 11, 2), None)
    assert passes(FAR_AHEAD, *days, limit=31) == [True, True, False, None]
    assert passes(FAR_AHEAD, *days, limit=0) == [True, False, False, None]


def test_a_date_may_lie_back_to_the_year_that_the_specification_says() -> None:
    days = (date(1950, 1, 1), date(1949, 12, 31), date(1850, 6, 1), None)
    assert passes(LONG_AGO, *days, limit=1950) == [True, False, False, None]


def test_a_date_filled_in_by_a_system_is_reported_once() -> None:
    default = date(1900, 1, 1)
    assert passes(PLACEHOLDER_DATE, default) == [False]
    assert passes(LONG_AGO, default, limit=1950) == [True]
    assert passes(AGE, default) == [True]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(1899, 12, 30), False),
        (date(1900, 1, 1), False),
        (date(2099, 12, 31), False),
        pytest.param(date(1970, 1, 1), True, id="somebody's birthday"),
        (date(2024, 2, 29), True),
        (None, True),
    ],
)
def test_only_the_usual_default_dates_count_as_such(day: date | None, expected: object) -> None:
    assert passes(PLACEHOLDER_DATE, day) == [expected]


@pytest.mark.parametrize(
    ("birth", "age", "minor"),
    [
        pytest.param(date(2026, 10, 2), True, True, id="born tomorrow: the other check's to report"),
        pytest.param(date(2020, 1, 1), False, True, id="6"),
        pytest.param(date(2012, 10, 2), False, True, id="13, 14 tomorrow"),
        pytest.param(date(2012, 10, 1), True, False, id="14 today"),
        pytest.param(date(2008, 10, 2), True, False, id="17, 18 tomorrow"),
        pytest.param(date(2008, 10, 1), True, True, id="18 today"),
        pytest.param(date(1945, 10, 2), True, True, id="80, 81 tomorrow"),
        pytest.param(date(1945, 10, 1), False, True, id="81 today"),
        pytest.param(date(1926, 5, 5), False, True, id="100"),
    ],
)
def test_ages_under_14_over_80_and_minors_are_told_apart(birth: date, age: object, minor: object) -> None:
    assert passes(AGE, birth) == [age]
    assert passes(MINOR, birth) == [minor]


def test_the_day_of_the_check_may_be_the_29th_of_february() -> None:
    assert years_before(date(2028, 2, 29), 14) == date(2014, 2, 28)
    assert passes(MINOR, date(2010, 2, 28), date(2010, 3, 1), today=date(2028, 2, 29)) == [True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("010280", False),
        ("01/02/80", False),
        ("1-Feb-80", False),
        ("01021980", True),
        ("01/02/1980", True),
        ("1980-02-01", True),
        ("1-Feb-1980", True),
        (None, None),
    ],
)
def test_a_year_of_two_digits_is_noted(text: str | None, expected: object) -> None:
    assert SHORT_YEAR.passes(pa.array([text], pa.string()), Terms(today=TODAY)).to_pylist() == [expected]


@settings(deadline=None)
@given(st.lists(st.none() | st.dates()), st.dates(min_value=date(1900, 1, 1)), st.integers(1, 9999))
def test_any_day_at_all_gets_an_answer_and_a_blank_never_fails(
    days: list[date | None], today: date, limit: int
) -> None:
    for check in VALUE_CHECKS:
        if check is FAR_AHEAD:
            limit = min(limit, 366)
            today = min(today, date(9000, 1, 1))
        answers = passes(check, *days, limit=limit, today=today)
        assert len(answers) == len(days)
        assert all(answer is not False for answer, day in zip(answers, days, strict=True) if day is None)
