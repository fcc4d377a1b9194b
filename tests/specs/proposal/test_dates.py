"""Dates among the values of a column."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.dates import DEFAULT_DATE_FORMATS, date_format, read_dates
from specs.proposal.dates import _LESS_COMMON, ColumnDates, dates_in
from tests.examples import examples

DAY = date(2026, 10, 5)


def looked_at(values: list[str]) -> ColumnDates | None:
    return dates_in(pa.array(values, pa.string()), np.ones(len(values), dtype=np.int64), DAY)


def days(form: str, *, start: date = date(2020, 1, 1), step: int = 11, count: int = 60) -> list[str]:
    return [(start + timedelta(days=step * number)).strftime(form) for number in range(count)]


@pytest.mark.parametrize(
    ("form", "formats", "order"),
    [
        pytest.param("%d/%m/%Y", (), {"day"}, id="day first is understood by itself"),
        pytest.param("%Y-%m-%d", (), set(), id="year first with hyphens too"),
        pytest.param("%d-%b-%y", (), set(), id="month in letters too"),
        pytest.param("%d%m%Y", (), {"day"}, id="figures only"),
        pytest.param("%m/%d/%Y", ("mm/dd/yyyy",), {"month"}, id="month first"),
        pytest.param("%m/%d/%y", ("mm/dd/yy",), {"month"}, id="month first, short year"),
        pytest.param("%Y%m%d", ("yyyymmdd",), set(), id="year first"),
        pytest.param("%d.%m.%Y", ("dd.mm.yyyy",), set(), id="full stops, as SAP writes them"),
        pytest.param("%d %b %Y", ("dd mmm yyyy",), set(), id="blanks"),
        pytest.param("%d/%m/%Y 00:00:00", (), {"day"}, id="time of day"),
    ],
)
def test_only_formats_that_a_mapping_has_to_give_are_needed(
    form: str, formats: tuple[str, ...], order: set[str]
) -> None:
    found = looked_at(days(form))
    assert found is not None
    assert (found.share, found.formats, set(found.order)) == (1.0, formats, order)


EVERY_FORMAT = [each.text for each in (*DEFAULT_DATE_FORMATS, *_LESS_COMMON)]


def written(text: str, on: date, *, short: bool) -> str:
    """A day in a format of ours; with `short` without the zeros that may be left out."""
    zero = "" if short and not text.isalpha() else "0"
    day, month = (f"{number:{zero}2}".strip() for number in (on.day, on.month))
    for token, said in (("yyyy", f"{on.year}"), ("yy", f"{on.year % 100:02}"), ("dd", day)):
        text = text.replace(token, said)
    return text.replace("mmm", on.strftime("%b")).replace("mm", month)


@pytest.mark.parametrize("time", ["", " 00:00", "T09:30:15.000"])
@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("text", EVERY_FORMAT)
def test_every_format_that_is_tried_is_looked_for(text: str, short: bool, time: str) -> None:
    """A value is given to the formats only if it has the form of a date: that must shut none of them out."""
    many = [date(2020, 1, 1) + timedelta(days=11 * number) for number in range(60)]
    if text.isalpha():  # no time of day stands after figures only
        time = ""
    values = [written(text, on, short=short) + time for on in many]
    read = read_dates(pa.array(values), [date_format(text)], latest_short_year=DAY.year)
    assert read.to_pylist() == many, "the test writes what the format reads"
    found = looked_at(values)
    assert found is not None
    assert found.share == 1.0


def test_dates_that_never_go_beyond_the_twelfth_prove_no_order() -> None:
    found = looked_at(["01/02/2020", "03/04/2020", "12/11/2021"])
    assert found is not None
    assert (found.formats, found.order) == ((), frozenset())


def test_both_orders_in_one_column_are_told() -> None:
    found = looked_at([*days("%d/%m/%Y"), *days("%m/%d/%Y")])
    assert found is not None
    assert found.order == {"day", "month"}


def test_one_slip_in_many_dates_does_not_make_a_format() -> None:
    found = looked_at([*days("%d/%m/%Y", step=3, count=300), "12/31/2020", "31.12.2020"])
    assert found is not None
    assert found.formats == ()


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([], id="nothing"),
        pytest.param([str(number) for number in range(101_003, 101_400)], id="six figures that run on"),
        pytest.param([str(number) for number in range(100_262, 100_600, 11)], id="a few numbers that run on"),
        pytest.param(["20-45-23", "20-99-93", "60-70-80"], id="sort codes"),
        pytest.param(["12345678", "98765432", "55779911"], id="account numbers"),
        pytest.param(["10.50", "11.20"], id="sums"),
    ],
)
def test_what_only_looks_like_dates_is_none(values: list[str]) -> None:
    assert looked_at(values) is None


def test_times_are_measured_from_the_day_of_the_extract() -> None:
    found = looked_at(["05/10/2016", "05/10/2006", "05/10/1996"])
    assert found is not None
    assert found.median == (DAY - date(2006, 10, 5)).days
    assert found.years == pytest.approx(19.6, abs=0.1)


@settings(deadline=None, max_examples=examples(20))
@given(st.lists(st.text(max_size=12), max_size=20))
def test_any_text_is_dates_or_is_not(values: list[str]) -> None:
    found = looked_at(values)
    assert found is None or 0.5 <= found.share <= 1
