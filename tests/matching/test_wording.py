"""How sums, dates and lists read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.wording import day, listed, pounds


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
