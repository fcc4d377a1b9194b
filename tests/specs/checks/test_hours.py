"""Hours of a week, by themselves and beside the full-time/part-time flag."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.checks import Terms
from specs.checks.hours import FEW_HOURS, FLAG_AND_HOURS, HOURS_OF_A_WEEK, MANY_HOURS

TERMS = Terms(today=date(2026, 10, 1), names=("Full-time/part-time flag", "Standard hours per week"))


@pytest.mark.parametrize(
    ("hours", "week", "many", "few"),
    [
        pytest.param(0, True, True, True, id="none"),
        pytest.param(37, True, True, False, id="hours instead of hundredths"),
        (100, True, True, True),
        (37_50, True, True, True),
        (60_00, True, True, True),
        (60_25, True, False, True),
        (168_00, True, False, True),
        pytest.param(168_01, False, True, True, id="more than a week has: said once"),
        (None, None, None, None),
    ],
)
def test_hours_fit_in_a_week_and_are_likely(
    hours: int | None, week: object, many: object, few: object
) -> None:
    values = pa.array([hours], pa.int64())
    answers = [
        check.passes(values, TERMS).to_pylist()[0] for check in (HOURS_OF_A_WEEK, MANY_HOURS, FEW_HOURS)
    ]
    assert answers == [week, many, few]


@pytest.mark.parametrize(
    ("flag", "hours", "fails", "why"),
    [
        ("F", 37_50, False, None),
        ("F", 29_99, True, "F, but Standard hours per week is under 30"),
        ("F", 0, True, "F, but Standard hours per week is nought"),
        ("P", 30_01, True, "P, but Standard hours per week is over 30"),
        ("P", 16_00, False, None),
        pytest.param("F", 30_00, False, None, id="exactly 30 is not covered"),
        pytest.param("P", 30_00, False, None, id="exactly 30 is not covered, part time"),
        pytest.param("C", 48_00, False, None, id="casual"),
        pytest.param("f", 10_00, True, "F, but Standard hours per week is under 30", id="lower case"),
        (None, 10_00, False, None),
        ("F", None, False, None),
    ],
)
def test_f_is_over_30_hours_and_p_is_under(
    flag: str | None, hours: int | None, fails: bool, why: str | None
) -> None:
    values = [pa.array([flag], pa.string()), pa.array([hours], pa.int64())]
    assert (FLAG_AND_HOURS.passes(values, TERMS).to_pylist() == [False]) is fails
    assert not fails or FLAG_AND_HOURS.detail(values, TERMS).to_pylist() == [why]


@settings(deadline=None)
@given(st.lists(st.tuples(st.none() | st.text(), st.none() | st.integers(0, 99_999))))
def test_any_flag_and_any_hours_get_an_answer(records: list[tuple[Any, Any]]) -> None:
    values = [
        pa.array([flag for flag, _ in records], pa.string()),
        pa.array([hours for _, hours in records], pa.int64()),
    ]
    answers = FLAG_AND_HOURS.passes(values, TERMS).to_pylist()
    assert len(answers) == len(FLAG_AND_HOURS.detail(values, TERMS)) == len(records)
    assert all(answer is not False for answer, record in zip(answers, records, strict=True) if None in record)
