"""How sums, dates and lists read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.wording import counted, dates, day, listed, period, pounds


@pytest.mark.parametrize(
    ("pence", "text"),
    [
        (0, "£0.00"),
        (5, "£0.05"),
        (-5, "-£0.05"),
        (123_456, "£1,234.56"),
        (-123_456, "-£1,234.56"),
        (100_000_000, "£1,000,000.00"),
    ],
)
def test_pence_are_written_as_pounds(pence: int, text: str) -> None:
    assert pounds(pence) == text


@given(st.integers(-(10**15), 10**15))
def test_no_penny_is_lost_in_writing(pence: int) -> None:
    assert int(pounds(pence).replace("£", "").replace(",", "").replace(".", "")) == pence


def test_a_date_is_written_day_first() -> None:
    assert day(date(2025, 4, 3)) == "03/04/2025"


@pytest.mark.parametrize(
    ("days", "total", "apart", "text"),
    [
        ([3], 1, 0, "03/04/2025"),
        ([3, 4], 2, 1, "03/04/2025, 04/04/2025 (1 day apart)"),
        ([3, 9], 3, 700, "03/04/2025, 09/04/2025 and 1 more (700 days from first to last)"),
        ([3, 9], 3, 1_000, "03/04/2025, 09/04/2025 and 1 more (2 years from first to last)"),
    ],
)
def test_dates_say_how_far_they_lie_apart(days: list[int], total: int, apart: int, text: str) -> None:
    assert dates([date(2025, 4, each) for each in days], total, apart) == text


def test_a_period_of_one_day_is_that_day() -> None:
    assert period(date(2025, 4, 3), date(2025, 4, 3)) == "03/04/2025"
    assert period(date(2025, 4, 3), date(2025, 5, 1)) == "03/04/2025 to 01/05/2025"


@pytest.mark.parametrize(("number", "text"), [(1, "1 run"), (0, "0 runs"), (1_200, "1,200 runs")])
def test_what_is_counted_agrees_with_its_number(number: int, text: str) -> None:
    assert counted(number, "run") == text


@pytest.mark.parametrize(
    ("values", "total", "text"),
    [
        (["A"], 1, "A"),
        (["A", "B"], 2, "A / B"),
        (["A", "B"], 1_002, "A / B and 1,000 more"),
        ([], 0, ""),
    ],
)
def test_a_long_list_ends_with_how_many_more(values: list[str], total: int, text: str) -> None:
    assert listed(values, total) == text
