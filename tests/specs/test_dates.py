"""Dates from text: every accepted form, every trap, and Python's own calendar as the oracle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.dates import DEFAULT_DATE_FORMATS, EARLIEST_YEAR, LATEST_YEAR, DateFormat, date_format, read_dates
from specs.errors import MappingInvalid

LATEST_SHORT_YEAR = 2036


def read(*texts: str | None, formats: Sequence[DateFormat] = DEFAULT_DATE_FORMATS) -> Any:
    array = pa.array(texts, pa.string())
    return read_dates(array, formats, latest_short_year=LATEST_SHORT_YEAR).to_pylist()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("31032024", id="preferred form"),
        pytest.param("310324", id="accepted form"),
        pytest.param("31/03/2024", id="strokes"),
        pytest.param("31-03-2024", id="hyphens"),
        pytest.param("31/3/2024", id="month of one digit"),
        pytest.param("31/03/24", id="year of two digits"),
        pytest.param("2024-03-31", id="ISO"),
        pytest.param("2024-03-31 00:00:00", id="ISO with midnight, as spreadsheets give it"),
        pytest.param("31/03/2024 09:30", id="a time of day, which does not count"),
        pytest.param("2024-03-31T00:00:00.000", id="ISO with a T and milliseconds"),
        pytest.param("31-Mar-24", id="month by name"),
        pytest.param("31-MAR-2024", id="month by name in capitals"),
    ],
)
def test_usual_ways_of_writing_a_date_are_read(text: str) -> None:
    assert read(text) == [date(2024, 3, 31)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("31022024", id="no such day"),
        pytest.param("29/02/2023", id="no leap year"),
        pytest.param("01132024", id="no such month"),
        pytest.param("00012024", id="day nought"),
        pytest.param("31/12/1849", id="too early"),
        pytest.param("01/01/2101", id="too late"),
        pytest.param("1022024", id="leading zero lost"),
        pytest.param("31/03-2024", id="two kinds of separator"),
        pytest.param("31/03/024", id="year of three digits"),
        pytest.param("31-Mrz-2024", id="month in another language"),
        pytest.param("2024-03-31 9.30", id="a time of day in another writing"),
        pytest.param("20240331", id="year first without separators"),
        pytest.param("45382", id="a spreadsheet's day number"),
        pytest.param("\u0663\u0661032024", id="digits of another script"),
        pytest.param("31 March 2024", id="words"),
        pytest.param("31032024\n", id="line break after it"),
        pytest.param("", id="empty"),
    ],
)
def test_anything_else_is_no_date(text: str) -> None:
    assert read(text) == [None]


def test_first_and_last_day_of_the_range_are_dates() -> None:
    assert read("01011850", "31122100") == [date(1850, 1, 1), date(2100, 12, 31)]


def test_short_years_fall_in_the_hundred_years_up_to_the_latest() -> None:
    assert read("010136", "010137", "01/01/00", "01-Jan-99") == [
        date(2036, 1, 1),
        date(1937, 1, 1),
        date(2000, 1, 1),
        date(1999, 1, 1),
    ]


def test_a_column_may_mix_forms_and_blanks() -> None:
    assert read("31032024", None, "x", "2024-04-01", "31032024") == [
        date(2024, 3, 31),
        None,
        None,
        date(2024, 4, 1),
        date(2024, 3, 31),
    ]


def test_only_the_formats_named_are_read_and_in_their_order() -> None:
    american = [date_format("mm/dd/yyyy"), date_format("dd/mm/yyyy")]
    assert read("03/04/2024", "31/03/2024", "2024-03-31", formats=american) == [
        date(2024, 3, 4),
        date(2024, 3, 31),
        None,
    ]


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("dd mmm yyyy", "31 Mar 2024"),
        ("d.m.yy", "31.3.24"),
        ("yyyymmdd", "20240331"),
        ("mmm dd, yyyy", "Mar 31, 2024"),
        ("ddmmmyy", "31mar24"),
        ("DD/MM/YYYY", "31/03/2024"),
    ],
)
def test_a_mapping_can_name_other_formats(format_: str, text: str) -> None:
    assert read(text, formats=[date_format(format_)]) == [date(2024, 3, 31)]


@pytest.mark.parametrize(
    "text",
    ["", "dd/mm", "dd/mm/yyyy/dd", "dd/mm/mmm/yyyy", "%d/%m/%Y", "day/mm/yyyy", "dd/mm/yyy", "mm/yyyy"],
)
def test_a_format_that_is_not_understood_says_how_to_write_one(text: str) -> None:
    with pytest.raises(MappingInvalid, match="such as dd/mm/yyyy"):
        date_format(text)


WRITTEN = {
    "ddmmyyyy": "%d%m%Y",
    "dd/mm/yyyy": "%d/%m/%Y",
    "dd-mm-yyyy": "%d-%m-%Y",
    "yyyy-mm-dd": "%Y-%m-%d",
    "dd-mmm-yyyy": "%d-%b-%Y",
}


@settings(deadline=None)
@given(st.dates(date(EARLIEST_YEAR, 1, 1), date(LATEST_YEAR, 12, 31)), st.sampled_from(sorted(WRITTEN)))
def test_a_date_written_in_a_default_form_is_read_back(day: date, form: str) -> None:
    assert read(day.strftime(WRITTEN[form])) == [day]


@settings(deadline=None)
@given(
    st.dates(date(LATEST_SHORT_YEAR - 99, 1, 1), date(LATEST_SHORT_YEAR, 12, 31)),
    st.sampled_from(["%d%m%y", "%d/%m/%y", "%d-%m-%y", "%d-%b-%y"]),
)
def test_a_date_written_with_a_short_year_is_read_back(day: date, form: str) -> None:
    assert read(day.strftime(form)) == [day]


@settings(deadline=None)
@given(st.integers(0, 99), st.integers(0, 99), st.integers(1000, 9999))
def test_a_day_is_read_if_and_only_if_the_calendar_has_it(day: int, month: int, year: int) -> None:
    try:
        expected = date(year, month, day) if EARLIEST_YEAR <= year <= LATEST_YEAR else None
    except ValueError:
        expected = None
    assert read(f"{day:02}{month:02}{year}", f"{day}/{month}/{year}") == [expected, expected]


@settings(deadline=None)
@given(st.lists(st.none() | st.text() | st.text(st.sampled_from("0123456789/-Jan :T."), max_size=12)))
def test_any_text_at_all_gives_a_date_or_nothing(texts: list[str | None]) -> None:
    dates = read(*texts)
    assert len(dates) == len(texts)
    assert all(day is None or EARLIEST_YEAR <= day.year <= LATEST_YEAR for day in dates)


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789/-"), max_size=10))
def test_no_two_default_formats_read_one_text_differently(text: str) -> None:
    readings = {read(text, formats=[format_])[0] for format_ in DEFAULT_DATE_FORMATS}
    assert len(readings - {None}) <= 1
