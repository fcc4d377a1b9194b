"""A date that is none still has its digits."""

from __future__ import annotations

import pyarrow as pa
import pytest

from matching.derive.given import date_digits


@pytest.mark.parametrize(
    ("given", "digits"),
    [
        pytest.param("19800201", "19800201", id="read from a real date"),
        pytest.param("31/02/1980", "19800231", id="no such day"),
        pytest.param("1980-00-12", "19800012", id="no such month"),
        pytest.param("1.2.1980", "19800201", id="single digits"),
        pytest.param("31021980", "19800231", id="day first without separators"),
        pytest.param("31/02/1980 00:00", "19800231", id="with a time of day"),
        pytest.param("31/02/80", None, id="a year of two digits"),
        pytest.param("unknown", None, id="words"),
        pytest.param("", None, id="blank"),
        pytest.param(None, None, id="null"),
    ],
)
def test_year_month_and_day_are_told_from_each_other(given: str | None, digits: str | None) -> None:
    assert date_digits(pa.array([given, "19700101"], pa.string())).to_pylist() == [digits, "19700101"]


def test_no_dates_give_none() -> None:
    assert date_digits(pa.array([], pa.string())).type == pa.string()
