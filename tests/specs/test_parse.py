"""From text to typed columns, and what is decided for a whole extract."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.amounts import HoursFormat, MoneyFormat
from specs.catalogues import load_specification
from specs.dates import DEFAULT_DATE_FORMATS, date_format
from specs.parse import Assumption, ParsedBatch, Reading, decide_reading, parse, record_schema, without_blanks

HISTORY = load_specification("creditors-history")
PAYROLL = load_specification("payroll")
READING = Reading(DEFAULT_DATE_FORMATS, MoneyFormat.PENCE, HoursFormat.HUNDREDTHS, latest_short_year=2036)


def batch(**columns: list[str]) -> pa.RecordBatch:
    rows = len(next(iter(columns.values())))
    return pa.record_batch({"source_row": pa.array(range(2, rows + 2), pa.int64()), **columns})


def texts(parsed: ParsedBatch, name: str) -> list[object]:
    column = parsed.columns[name]
    return list(column.of_each_record(column.text).to_pylist())


def values(parsed: ParsedBatch, name: str) -> list[object]:
    column = parsed.columns[name]
    return list(column.of_each_record(column.value).to_pylist())


def test_records_have_the_row_and_every_field_in_order_with_its_type() -> None:
    schema = record_schema(HISTORY)
    assert schema.names == ["source_row", *(field.column for field in HISTORY.fields)]
    assert schema.field("source_row").type == pa.int64()
    assert schema.field("creditor_reference").type == pa.string()
    assert schema.field("invoice_date").type == pa.date32()
    assert schema.field("total_invoice_amount").type == pa.int64()
    assert record_schema(PAYROLL).field("standard_hours").type == pa.int64()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  A1 ", "A1"),
        ("\tA1\n", "A1"),
        pytest.param("\N{NO-BREAK SPACE}A1\N{NO-BREAK SPACE}", "A1", id="no-break spaces"),
        pytest.param("A  1", "A  1", id="blanks inside stay"),
        ("   ", None),
        ("", None),
        pytest.param("NULL", "NULL", id="a word is a value"),
        pytest.param("0", "0", id="zero is a value"),
    ],
)
def test_blanks_around_a_value_go_and_blank_is_null(text: str, expected: str | None) -> None:
    assert without_blanks(pa.array([text])).to_pylist() == [expected]


@settings(deadline=None)
@given(st.lists(st.text()))
def test_taking_blanks_off_is_what_python_does_where_both_know_the_blank(texts: list[str]) -> None:
    for ours, text in zip(without_blanks(pa.array(texts, pa.string())).to_pylist(), texts, strict=True):
        assert ours is None or (ours and text.strip().startswith(ours[0]) and ours in text)
        if ours is None:
            assert text.strip("\x1c\x1d\x1e\x1f\x85\u200b\ufeff").strip() == ""


def test_text_stays_text_and_typed_values_stand_beside_it() -> None:
    parsed = parse(
        batch(
            creditor_reference=[" 007", ""],
            invoice_date=["31032024", "31022024"],
            total_invoice_amount=["12345", "12x"],
        ),
        HISTORY,
        READING,
    )
    assert parsed.rows.to_pylist() == [2, 3]
    assert texts(parsed, "creditor_reference") == ["007", None]
    assert values(parsed, "creditor_reference") == ["007", None]
    assert texts(parsed, "invoice_date") == ["31032024", "31022024"]
    assert values(parsed, "invoice_date") == [date(2024, 3, 31), None]
    assert values(parsed, "total_invoice_amount") == [12345, None]


def test_money_is_pounds_if_any_money_column_shows_it_and_the_others_follow() -> None:
    sample = batch(total_invoice_amount=["1200", "12.50"], vat_amount=["200", "2"])
    reading, assumptions = decide_reading(HISTORY, sample)
    assert reading.money is MoneyFormat.POUNDS
    assert assumptions == (
        Assumption(
            "money_format",
            HISTORY.by_column["total_invoice_amount"],
            "pounds: decimal point or pound sign in 1 of the first 2 records",
        ),
        Assumption("money_format", HISTORY.by_column["vat_amount"], "pounds, like Total invoice amount"),
    )


def test_a_stray_decimal_point_does_not_make_pounds_of_pence() -> None:
    sums = [*(str(pence) for pence in range(1000, 1060)), "12.50"]
    reading, assumptions = decide_reading(HISTORY, batch(total_invoice_amount=sums))
    assert reading.money == MoneyFormat.PENCE
    assert [found.detail for found in assumptions] == [
        "pence: decimal point or pound sign in only 1 of the first 61 records"
    ]


def test_money_without_any_decimal_point_is_pence_as_the_specification_asks() -> None:
    reading, assumptions = decide_reading(HISTORY, batch(total_invoice_amount=["1200", "-5"]))
    assert reading.money is MoneyFormat.PENCE
    assert [found.detail for found in assumptions] == ["pence: no decimal point in the first 2 records"]


def test_nothing_is_assumed_of_money_when_the_mapping_says_it() -> None:
    sample = batch(total_invoice_amount=["12.50"])
    reading, assumptions = decide_reading(HISTORY, sample, money=MoneyFormat.PENCE)
    assert (reading.money, assumptions) == (MoneyFormat.PENCE, ())


def test_nothing_is_assumed_of_a_column_that_is_blank_or_not_there() -> None:
    assert decide_reading(HISTORY, batch(total_invoice_amount=["", " "]))[1] == ()
    assert decide_reading(HISTORY, batch(remarks=["12.50"]))[1] == ()


@pytest.mark.parametrize(
    ("values", "expected"),
    [(["1600", "3750"], HoursFormat.HUNDREDTHS), (["16", "37.5"], HoursFormat.DECIMAL)],
)
def test_hours_are_decided_in_the_same_way(values: list[str], expected: HoursFormat) -> None:
    reading, assumptions = decide_reading(PAYROLL, batch(standard_hours=values))
    assert reading.hours is expected
    assert [(found.code, found.field.name) for found in assumptions] == [
        ("hours_format", "Standard hours per week")
    ]


def test_dates_are_read_as_the_mapping_says_or_in_the_usual_ways() -> None:
    usual, _ = decide_reading(HISTORY, batch(remarks=[""]))
    assert usual.dates == DEFAULT_DATE_FORMATS
    named, _ = decide_reading(HISTORY, batch(remarks=[""]), dates=[date_format("yyyymmdd")])
    assert named.dates == (date_format("yyyymmdd"),)


def test_the_meaning_of_a_short_year_comes_from_the_exercise_and_not_from_the_clock() -> None:
    assert decide_reading(HISTORY, batch(remarks=[""]))[0].latest_short_year == 2036
    old = load_specification("creditors-history", "2012-13")
    assert decide_reading(old, batch(remarks=[""]))[0].latest_short_year == 2022


COLUMNS = st.sampled_from([field.column for field in PAYROLL.fields])


@settings(deadline=None)
@given(st.dictionaries(COLUMNS, st.lists(st.text(), min_size=3, max_size=3), min_size=1))
def test_any_text_at_all_can_be_parsed(columns: dict[str, list[str]]) -> None:
    sample = batch(**columns)
    reading, _ = decide_reading(PAYROLL, sample)
    parsed = parse(sample, PAYROLL, reading)
    for column in columns:
        unread = [value is None for value in values(parsed, column)]
        blank = [text is None for text in texts(parsed, column)]
        assert all(unread[place] for place in range(3) if blank[place])


@pytest.mark.parametrize(
    "texts_given", [["A"], ["A", "B"] * 5_000, [f"{n}" for n in range(5_000)], ["", " "] * 9]
)
def test_values_come_back_for_each_record_whether_or_not_they_repeat(texts_given: list[str]) -> None:
    parsed = parse(batch(creditor_reference=texts_given), HISTORY, READING)
    assert texts(parsed, "creditor_reference") == [text.strip() or None for text in texts_given]
    column = parsed.columns["creditor_reference"]
    assert column.filled == sum(1 for text in texts_given if text.strip())
    assert (column.places is not None) == (len(set(texts_given)) * 2 <= min(len(texts_given), 2_048))
