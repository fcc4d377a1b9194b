"""What is worked out of records of people and of creditors, value by value."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from matching.derive.people import (
    OF_PEOPLE,
    closed_record,
    company_without_numbers,
    days_between,
    days_paid_after_leaving,
    days_without_ni_number,
    full_time_post,
    post_box,
    whole_years,
)

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def dates(*values: date | None) -> pa.Array:
    return pa.array(values, pa.date32())


def text(*values: str | None) -> pa.Array:
    return pa.array(values, pa.string())


def hours(*values: int | None) -> pa.Array:
    return pa.array(values, pa.int64())


@pytest.mark.parametrize(
    ("earlier", "later", "days"),
    [
        pytest.param(MAY, JUNE, 31, id="later"),
        pytest.param(JUNE, MAY, -31, id="the other way round"),
        pytest.param(MAY, MAY, 0, id="the same day"),
        pytest.param(None, MAY, None, id="blank"),
    ],
)
def test_days_from_one_date_to_another(earlier: date | None, later: date | None, days: int | None) -> None:
    assert days_between(dates(earlier), dates(later)).to_pylist() == [days]


@pytest.mark.parametrize(
    ("left", "started", "days"),
    [
        pytest.param(MAY, date(2020, 1, 1), 31, id="left this post"),
        pytest.param(MAY, None, 31, id="first day not known"),
        pytest.param(MAY, date(2026, 5, 2), None, id="left an earlier post"),
        pytest.param(None, MAY, None, id="has not left"),
    ],
)
def test_days_paid_after_leaving_are_those_of_this_post(
    left: date | None, started: date | None, days: int | None
) -> None:
    assert days_paid_after_leaving(dates(left), dates(started), dates(JUNE)).to_pylist() == [days]


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        pytest.param(date(2000, 6, 1), date(2026, 5, 31), 25, id="the day before the birthday"),
        pytest.param(date(2000, 6, 1), date(2026, 6, 1), 26, id="on the birthday"),
        pytest.param(date(2000, 2, 29), date(2026, 2, 28), 25, id="born on 29 February"),
        pytest.param(date(2000, 12, 31), date(2001, 1, 1), 0, id="a day old"),
        pytest.param(None, date(2026, 6, 1), None, id="birthday not known"),
    ],
)
def test_age_counts_whole_years(born: date | None, on: date, age: int | None) -> None:
    assert whole_years(dates(born), dates(on)).to_pylist() == [age]


@pytest.mark.parametrize(
    ("number", "days"),
    [
        pytest.param(None, 31, id="null"),
        pytest.param("", 31, id="blank"),
        pytest.param("TN 01 01 80 M", 31, id="temporary"),
        pytest.param("11a11111", 31, id="temporary reference"),
        pytest.param("CR123456A", None, id="a number"),
        pytest.param("CR12345", None, id="a number misspelt"),
    ],
)
def test_days_at_work_without_an_ni_number(number: str | None, days: int | None) -> None:
    assert days_without_ni_number(text(number), dates(MAY), dates(JUNE)).to_pylist() == [days]


@pytest.mark.parametrize(
    ("flag", "weekly", "is_full_time"),
    [
        pytest.param("F", 3700, True, id="full"),
        pytest.param("P", 3001, True, id="more than thirty hours, whatever the flag"),
        pytest.param("F", 3000, False, id="thirty hours"),
        pytest.param("F", None, True, id="hours not known"),
        pytest.param("P", None, False, id="part time, hours not known"),
        pytest.param(None, None, False, id="nothing known"),
    ],
)
def test_a_full_time_post_has_more_than_thirty_hours(
    flag: str | None, weekly: int | None, is_full_time: bool
) -> None:
    assert full_time_post(text(flag), hours(weekly)).is_valid().to_pylist() == [is_full_time]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        pytest.param(("PO Box 12", "Leeds"), "PO Box 12", id="first line"),
        pytest.param(("Acorns", "P.O. BOX 7"), "P.O. BOX 7", id="full stops, second line"),
        pytest.param(("pobox 7", None), "pobox 7", id="in one word"),
        pytest.param(("Post Office Box 3", None), "Post Office Box 3", id="written out"),
        pytest.param(("Post Office House", "Box Lane"), None, id="a house and a lane"),
        pytest.param((None, None), None, id="blank"),
    ],
)
def test_a_post_box_is_seen_in_any_line(lines: tuple[str | None, ...], found: str | None) -> None:
    assert post_box(*(text(line) for line in lines)).to_pylist() == [found]


@pytest.mark.parametrize(
    ("name", "vat", "company", "ending"),
    [
        pytest.param("Acorn Roofing Ltd.", None, "", "LTD", id="neither number"),
        pytest.param("Acorn Roofing PLC", "949000138", None, None, id="a VAT number"),
        pytest.param("Acorn Roofing Limited", None, "01234567", None, id="a company number"),
        pytest.param("Acorn Roofing", None, None, None, id="no company by its name"),
        pytest.param("Limited Editions", None, None, None, id="the word at the beginning"),
    ],
)
def test_companies_without_numbers(
    name: str, vat: str | None, company: str | None, ending: str | None
) -> None:
    assert company_without_numbers(text(name), text(vat), text(company)).to_pylist() == [ending]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("Acorn Ltd - DO NOT USE", "DO NOT USE", id="after the name"),
        pytest.param("DO NOT USE Acorn", "DO NOT USE", id="before the name"),
        pytest.param("Acorn Ltd (dormant)", "DORMANT", id="in brackets"),
        pytest.param("Acorn Old", "OLD", id="last word"),
        pytest.param("The Old School", None, id="a name that holds such a word"),
        pytest.param("Closed Circuit Cameras Ltd", None, id="a name that begins with one"),
        pytest.param(None, None, id="blank"),
    ],
)
def test_words_that_close_a_record_are_seen_where_clerks_write_them(
    name: str | None, words: str | None
) -> None:
    assert closed_record(text(name)).to_pylist() == [words]


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("days_between", [dates(), dates()]),
        ("days_paid_after_leaving", [dates(), dates(), dates()]),
        ("whole_years", [dates(), dates()]),
        ("days_without_ni_number", [text(), dates(), dates()]),
        ("full_time_post", [text(), hours()]),
        ("post_box", [text(), text()]),
        ("company_without_numbers", [text(), text(), text()]),
        ("closed_record", [text()]),
    ],
)
def test_no_records_give_no_values(name: str, columns: list[Any]) -> None:
    assert len(OF_PEOPLE[name](*columns)) == 0
