"""Dates of one record that follow each other, and the leaver indicator beside the date of leaving."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.checks import RecordCheck, Terms
from specs.checks.date_order import (
    DUE_BEFORE_INVOICE,
    LEAVER_INDICATOR,
    LEFT_BEFORE_BIRTH,
    PAID_AFTER_LEAVING,
    PAID_BEFORE_INVOICE,
    PAID_BEFORE_START,
    START_AFTER_LEAVING,
    YOUNG_AT_START,
)

TODAY = date(2026, 10, 1)
FIRST_NOT_LATER = [START_AFTER_LEAVING, PAID_AFTER_LEAVING]
SECOND_NOT_LATER = [LEFT_BEFORE_BIRTH, PAID_BEFORE_START, PAID_BEFORE_INVOICE, DUE_BEFORE_INVOICE]
ALL = [*FIRST_NOT_LATER, *SECOND_NOT_LATER, YOUNG_AT_START]
Day = date | None


def terms(limit: int | None = None) -> Terms:
    return Terms(today=TODAY, limit=limit, names=("The one", "The other"))


def of(check: RecordCheck, one: Day, other: Day, limit: int | None = None) -> tuple[Any, Any]:
    values = [pa.array([one], pa.date32()), pa.array([other], pa.date32())]
    return (
        check.passes(values, terms(limit)).to_pylist()[0],
        check.detail(values, terms(limit)).to_pylist()[0],
    )


@pytest.mark.parametrize("check", FIRST_NOT_LATER, ids=lambda check: check.code)
def test_the_first_date_comes_at_most_so_many_days_after_the_second(check: RecordCheck) -> None:
    assert of(check, date(2026, 1, 31), date(2026, 1, 31)) == (True, "0 days before The other")
    assert of(check, date(2026, 2, 1), date(2026, 1, 31)) == (False, "1 day after The other")
    assert of(check, date(2026, 3, 3), date(2026, 1, 31), 31) == (True, "31 days after The other")
    assert of(check, date(2026, 3, 4), date(2026, 1, 31), 31) == (False, "32 days after The other")
    assert of(check, date(2020, 1, 1), date(2026, 1, 31)) == (True, "2222 days before The other")


@pytest.mark.parametrize("check", SECOND_NOT_LATER, ids=lambda check: check.code)
def test_the_first_date_comes_at_most_so_many_days_before_the_second(check: RecordCheck) -> None:
    assert of(check, date(2026, 1, 31), date(2026, 1, 31))[0] is True
    assert of(check, date(2026, 1, 30), date(2026, 1, 31)) == (False, "1 day before The other")
    assert of(check, date(2026, 1, 1), date(2026, 2, 1), 31)[0] is True
    assert of(check, date(2026, 1, 1), date(2026, 2, 2), 31) == (False, "32 days before The other")


@pytest.mark.parametrize(
    ("birth", "start", "passes", "why"),
    [
        (date(1980, 5, 5), date(2000, 5, 5), True, "under 13 on The other"),
        pytest.param(date(1987, 5, 5), date(2000, 5, 5), True, "under 13 on The other", id="13 that day"),
        pytest.param(
            date(1987, 5, 6), date(2000, 5, 5), False, "under 13 on The other", id="13 the next day"
        ),
        pytest.param(date(2000, 5, 6), date(2000, 5, 5), False, "after The other", id="born after"),
        pytest.param(date(1988, 2, 29), date(2001, 2, 28), False, "under 13 on The other", id="29 February"),
        pytest.param(date(1988, 2, 29), date(2001, 3, 1), True, "under 13 on The other", id="the day after"),
    ],
)
def test_nobody_starts_work_as_a_child(birth: date, start: date, passes: bool, why: str) -> None:
    assert of(YOUNG_AT_START, birth, start, 13) == (passes, why)


@pytest.mark.parametrize(
    ("indicator", "left", "fails", "why"),
    [
        ("N", None, False, None),
        ("Y", date(2026, 8, 1), False, None),
        (None, None, False, None),
        (None, date(2026, 8, 1), False, None),
        ("Y", None, True, "filled, but there is no Date left"),
        ("Leaver", None, True, "filled, but there is no Date left"),
        ("n", date(2026, 8, 1), True, "says that nobody left, but Date left lies in the past"),
        ("Current", date(2026, 10, 1), True, "says that nobody left, but Date left lies in the past"),
        pytest.param("N", date(2026, 12, 1), False, None, id="leaves later"),
        pytest.param("Y", date(2026, 12, 1), False, None, id="leaves later, marked already"),
    ],
)
def test_indicator_and_date_agree_on_who_has_left(
    indicator: str | None, left: Day, fails: bool, why: str | None
) -> None:
    values = [pa.array([indicator], pa.string()), pa.array([left], pa.date32())]
    named = Terms(today=TODAY, names=("Leaver indicator", "Date left"))
    assert (LEAVER_INDICATOR.passes(values, named).to_pylist() == [False]) is fails
    assert not fails or LEAVER_INDICATOR.detail(values, named).to_pylist() == [why]


@settings(deadline=None)
@given(st.lists(st.tuples(st.none() | st.dates(), st.none() | st.dates())), st.integers(0, 1000))
def test_any_two_days_get_an_answer_and_a_blank_never_fails(
    records: list[tuple[Day, Day]], limit: int
) -> None:
    values = [pa.array([record[place] for record in records], pa.date32()) for place in (0, 1)]
    for check in ALL:
        answers = check.passes(values, terms(limit)).to_pylist()
        assert len(answers) == len(check.detail(values, terms(limit))) == len(records)
        for answer, (one, other) in zip(answers, records, strict=True):
            assert answer is not False or (one is not None and other is not None)


@settings(deadline=None)
@given(st.lists(st.tuples(st.none() | st.text(), st.none() | st.dates())))
def test_any_indicator_gets_an_answer_and_a_blank_one_never_fails(
    records: list[tuple[str | None, Day]],
) -> None:
    values = [
        pa.array([indicator for indicator, _ in records], pa.string()),
        pa.array([left for _, left in records], pa.date32()),
    ]
    answers = LEAVER_INDICATOR.passes(values, terms()).to_pylist()
    assert len(answers) == len(LEAVER_INDICATOR.detail(values, terms())) == len(records)
    assert all(
        answer is not False for answer, (given_, _) in zip(answers, records, strict=True) if given_ is None
    )
