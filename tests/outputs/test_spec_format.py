"""Every value here is invented."""

import re
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.written.spec_format import NegativeSign, as_specified, as_typed, bytes_in_use, clean_text
from specs.specification import FieldFormat

INT64 = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('\r\n\t\0\x7f\x85\u2028\u2029é,"|~ ')
)


def written(
    values: list[object], field_format: FieldFormat, sign: NegativeSign = NegativeSign.LEADING
) -> list[str | None]:
    types = {FieldFormat.DATE: pa.date32(), FieldFormat.MONEY: pa.int64(), FieldFormat.HOURS: pa.int64()}
    column = pa.array(values, types.get(field_format, pa.string()))
    texts: list[str | None] = as_specified(column, field_format, sign).cast(pa.string()).to_pylist()
    return texts


@pytest.mark.parametrize(
    ("field_format", "value", "text"),
    [
        pytest.param(FieldFormat.DATE, date(2024, 3, 1), "01032024", id="a date is ddmmyyyy"),
        pytest.param(FieldFormat.DATE, date(987, 3, 1), "01030987", id="an early year has four digits"),
        pytest.param(FieldFormat.DATE, None, None, id="an unknown date is blank"),
        pytest.param(FieldFormat.MONEY, 12345, "12345", id="123.45 pounds is 12345, as published"),
        pytest.param(FieldFormat.MONEY, 0, "0", id="a true nil is a zero"),
        pytest.param(FieldFormat.MONEY, None, None, id="an unknown sum is blank, not zero"),
        pytest.param(FieldFormat.MONEY, -500, "-500", id="a credit note leads with its minus"),
        pytest.param(FieldFormat.HOURS, 1600, "1600", id="16 hours is 1600, as published"),
        pytest.param(FieldFormat.NUMBER, "00123", "00123", id="leading zeros stay"),
        pytest.param(FieldFormat.CHARACTER, "O'Neill ", "O'Neill ", id="text stays as it is"),
    ],
)
def test_a_value_is_written_as_the_specification_asks(
    field_format: FieldFormat, value: object, text: str | None
) -> None:
    assert written([value], field_format) == [text]


def test_a_trailing_minus_stands_after_the_digits_and_only_on_negative_amounts() -> None:
    assert written([-500, 500, 0, None], FieldFormat.MONEY, NegativeSign.TRAILING) == [
        "500-",
        "500",
        "0",
        None,
    ]


@given(st.lists(st.none() | st.dates()))
def test_dates_survive_writing_and_reading(days: list[date | None]) -> None:
    column = pa.array(days, pa.date32())
    assert as_typed(as_specified(column, FieldFormat.DATE, NegativeSign.LEADING), FieldFormat.DATE) == column


@given(st.lists(st.none() | INT64), st.sampled_from(NegativeSign))
def test_amounts_survive_writing_and_reading_with_either_sign(
    amounts: list[int | None], sign: NegativeSign
) -> None:
    column = pa.array(amounts, pa.int64())
    text = as_specified(column, FieldFormat.MONEY, sign).cast(pa.string())
    assert as_typed(text, FieldFormat.MONEY) == column


@pytest.mark.parametrize("text", ["31022024", "2024-03-01", "1032024", "00012024"])
def test_a_date_written_in_another_way_is_refused(text: str | None) -> None:
    with pytest.raises(pa.ArrowInvalid):
        as_typed(pa.array([text]), FieldFormat.DATE)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        pytest.param("Unit 4\r\nMill Lane", "Unit 4 Mill Lane", id="one space for a Windows line break"),
        pytest.param("Unit 4\nMill Lane", "Unit 4 Mill Lane", id="line feed"),
        pytest.param("Unit 4\x0bMill Lane", "Unit 4 Mill Lane", id="a spreadsheet's vertical tab"),
        pytest.param("Unit 4\u2028Mill Lane", "Unit 4 Mill Lane", id="Unicode line separator"),
        pytest.param("Unit 4\x85Mill Lane", "Unit 4 Mill Lane", id="next line, from a mainframe"),
        pytest.param("a\0b", "a b", id="NUL"),
        pytest.param("Mill Lane\n", "Mill Lane", id="no space is left at the end"),
        pytest.param("\r\n", None, id="nothing but a line break is blank"),
        pytest.param("", None, id="empty is blank"),
        pytest.param(None, None, id="blank stays blank"),
        pytest.param(" two  spaces ", " two  spaces ", id="spaces alone are left as they are"),
        pytest.param("Café – Müller", "Café – Müller", id="accents and dashes are left as they are"),
    ],
)
def test_text_is_made_fit_for_one_line(text: str | None, clean: str | None) -> None:
    result = clean_text(pa.array([text], pa.string()))
    assert result.text.to_pylist() == [clean]


def test_the_values_that_had_to_change_are_counted() -> None:
    values = pa.array(["a\nb\nc", "plain", None, "x\ty", "é"])
    assert clean_text(values).replaced == 2


@given(st.lists(st.none() | TEXT))
def test_clean_text_has_no_line_break_in_any_program(values: list[str | None]) -> None:
    for text in clean_text(pa.array(values, pa.string())).text.to_pylist():
        assert text is None or (text.splitlines() == [text] and not re.search(r"[\x00-\x1f\x7f-\x9f]", text))


@given(st.lists(st.none() | TEXT))
def test_cleaning_twice_changes_nothing_more(values: list[str | None]) -> None:
    once = clean_text(pa.array(values, pa.string())).text
    assert clean_text(once) == clean_text(once, None)
    assert clean_text(once).text == once
    assert clean_text(once).replaced == 0


@given(st.lists(st.none() | TEXT), st.data())
def test_bytes_in_use_are_those_of_the_column_even_of_a_slice(
    values: list[str | None], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(values)))
    length = data.draw(st.integers(0, len(values)))
    part = pa.array(values, pa.string()).slice(start, length)
    expected = {byte for text in part.to_pylist() if text for byte in text.encode()}
    assert {byte for byte, occurs in enumerate(bytes_in_use(part)) if occurs} == expected
