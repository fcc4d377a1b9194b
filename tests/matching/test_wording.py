"""How sums, dates and lists read."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.wording import chance, counted, day, evidence_in_words, lists_of, period, pounds, said
from specs.specification import FieldFormat, Need, SpecifiedField


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


def field(format_: FieldFormat) -> SpecifiedField:
    return SpecifiedField(
        name="Invoice date",
        column="x",
        format=format_,
        required=Need.NO,
        evidence="inferred",
        source="invented",
    )


@pytest.mark.parametrize(
    ("days", "total", "apart", "text"),
    [
        ([3], 1, 0, "03/04/2025"),
        ([3, 4], 2, 1, "03/04/2025, 04/04/2025 (1 day apart)"),
        ([3, 9], 3, 700, "03/04/2025, 09/04/2025 and 1 more (700 days from first to last)"),
        ([3, 9], 3, 1_000, "03/04/2025, 09/04/2025 and 1 more (2 years from first to last)"),
        ([], 0, 0, "blank"),
    ],
)
def test_dates_say_how_far_they_lie_apart(days: list[int], total: int, apart: int, text: str) -> None:
    values = pa.array([[date(2025, 4, each) for each in days]], pa.list_(pa.date32()))
    told = said(field(FieldFormat.DATE), values, pa.array([total]), pa.array([apart]))
    assert told.to_pylist() == [f"Invoice date: {text}"]


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
        (None, 0, "blank"),
    ],
)
def test_a_long_list_ends_with_how_many_more(values: list[str] | None, total: int, text: str) -> None:
    told = said(field(FieldFormat.CHARACTER), pa.array([values], pa.list_(pa.string())), pa.array([total]))
    assert told.to_pylist() == [f"Invoice date: {text}"]


def test_sums_are_pounds_in_every_row() -> None:
    values = pa.array([[5], [123_456, 200]], pa.list_(pa.int64()))
    told = said(field(FieldFormat.MONEY), values, pa.array([1, 2]))
    assert told.to_pylist() == ["Invoice date: £0.05", "Invoice date: £1,234.56 / £2.00"]


texts = st.lists(st.tuples(*[st.one_of(st.none(), st.text(max_size=3))] * 3), max_size=6)


@given(texts)
def test_each_row_lists_what_its_columns_say(rows: list[tuple[str | None, ...]]) -> None:
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(3)]
    expected = [[each for each in row if each is not None] for row in rows]
    assert lists_of(columns, len(rows)).to_pylist() == expected
    assert lists_of([], 2).to_pylist() == [[], []]


@pytest.mark.parametrize(
    ("bits", "text"),
    [(0.4, "76 in 100"), (2, "25 in 100"), (5, "1 in 32"), (15.6, "1 in 50,000"), (30, "1 in 1,100,000,000")],
)
def test_bits_are_told_as_odds(bits: float, text: str) -> None:
    assert chance(bits) == text


@pytest.mark.parametrize(
    ("verdict", "bits", "text"),
    [
        ("agrees", 15.6, "Surname agrees: 1 in 50,000 by chance, 15.6 bits"),
        ("near", 3.5, "Surname is near: 1 in 11 by chance, 3.5 bits"),
        ("agrees, told by Name", 0.0, "Surname agrees: counted with Name"),
        ("differs", 0.0, "Surname differs"),
        ("typing slip", 6.1, "Surname: typing slip, 6.1 bits"),
        ("different", -4.2, "Surname: different, \u22124.2 bits"),
    ],
)
def test_evidence_is_told_in_words(verdict: str, bits: float, text: str) -> None:
    assert evidence_in_words("Surname", verdict, bits) == text
