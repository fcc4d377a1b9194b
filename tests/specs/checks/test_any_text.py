"""Checks of any text: what a spreadsheet, a wrong encoding or a person in a hurry leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.checks import Terms
from specs.checks.any_text import ODD_TEXT, PLACEHOLDER_NAME, saying_what_spoilt_it
from specs.checks.kind import no_detail
from specs.specification import CheckUse, FieldFormat, Need, SpecifiedField
from tests.examples import examples

TERMS = Terms(today=date(2026, 10, 1))


def failed(text: str) -> set[str]:
    values = pa.array([text])
    return {check.code for check in ODD_TEXT.checks if check.passes(values, TERMS).to_pylist() == [False]}


def field(
    *names: str, format_: FieldFormat = FieldFormat.CHARACTER, exempt: tuple[str, ...] = ()
) -> SpecifiedField:
    return SpecifiedField(
        name="Any",
        column="any",
        format=format_,
        required=Need.NO,
        checks=tuple(CheckUse(name=name) for name in names),
        exempt_from=exempt,
        evidence="inferred",
        source="main",
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Leeds\nLS1 4AP", "control_characters"),
        ("High\tStreet", "control_characters"),
        ("Smi\x00th", "control_characters"),
        pytest.param("\ufeffSmith", "control_characters", id="byte order mark"),
        pytest.param("Smi\u200bth", "control_characters", id="zero-width blank"),
        pytest.param("Smith\u200e", "control_characters", id="direction mark"),
        pytest.param("BjÃ¶rn", "mojibake", id="two bytes read as two letters"),
        pytest.param("Oâ€™Neill", "mojibake", id="typographic apostrophe"),
        pytest.param("Â£12", "mojibake", id="pound sign"),
        pytest.param("Ren\ufffd", "mojibake", id="lost letter"),
        ("#N/A", "spreadsheet_error"),
        ("#REF!", "spreadsheet_error"),
        ("#VALUE!", "spreadsheet_error"),
        ("#DIV/0!", "spreadsheet_error"),
        ("########", "spreadsheet_error"),
        ("Err:502", "spreadsheet_error"),
        ("1.23E+11", "scientific_notation"),
        ("1E+11", "scientific_notation"),
        pytest.param("1.23e+11", "scientific_notation", id="as Python writes it"),
        pytest.param("05-Jul", "spreadsheet_date", id="house number 5-7"),
        pytest.param("Jul-05", "spreadsheet_date", id="house number in another form"),
        pytest.param("21/11/1997", "spreadsheet_date", id="sort code 21-11-97"),
        ("2001-12-05 00:00:00", "spreadsheet_date"),
        ("2001-12-05", "spreadsheet_date"),
        ("12345.0", "decimal_added"),
        pytest.param("12345678901234500", "digits_cut", id="17 digits, the last two nought"),
        pytest.param("98765432109876500000", "digits_cut", id="20 digits"),
        ("UNKNOWN", "placeholder"),
        ("tbc", "placeholder"),
        ("N/A", "placeholder"),
        ("Not known.", "placeholder"),
        ("999999", "placeholder"),
        ("XXXX", "placeholder"),
        ("test", "placeholder"),
        ("NULL", "placeholder"),
        ("-", "placeholder"),
        ("???", "placeholder"),
    ],
)
def test_what_is_odd_is_found_by_one_check(text: str, code: str) -> None:
    assert failed(text) == {code}
    assert ODD_TEXT.screen(pa.array([text])).to_pylist() == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Smith",
        "O'Brien",
        "5-7 High Street",
        "May 5",
        "Flat 3",
        "#3 The Mews",
        "12E4",
        "1E5",
        "7E-12",
        "10.50",
        "1.0.1",
        "12/13",
        "31/12",
        "0009999",
        "9999",
        "X",
        "XY",
        "Testa",
        "Unknown Warrior Pub",
        pytest.param("SÃO PAULO", id="a letter that mojibake begins with"),
        pytest.param("Château", id="another"),
        pytest.param("Ângela", id="another, first"),
        pytest.param("Zoë Ünal", id="letters that are not English"),
        pytest.param("É", id="one such letter"),
        pytest.param("1234567890123450", id="16 digits: one number of ten ends in nought"),
        pytest.param("12345678901234567", id="17 digits"),
        pytest.param("00000000000001200", id="17 digits with leading zeros: never in a spreadsheet"),
    ],
)
def test_what_only_looks_odd_is_not(text: str) -> None:
    assert failed(text) == set()


def test_mrs_null_and_n_a_other_keep_their_names() -> None:
    names = pa.array(["Null", "Test", "N A", "Na", "UNKNOWN", "N/A", "XXX", "-", None])
    expected = [True, True, True, True, False, False, False, False]
    assert PLACEHOLDER_NAME.passes(names, TERMS).to_pylist()[:-1] == expected


def test_the_detail_says_which_character_cannot_be_seen() -> None:
    (check,) = (check for check in ODD_TEXT.checks if check.code == "control_characters")
    details = check.detail(pa.array(["a\nb", "a\tb", "a\u200bb", "a\x01b"]), TERMS).to_pylist()
    assert details == ["a line break inside the value", "a tab", "a character that cannot be seen", None]


def test_a_field_of_another_format_is_not_asked() -> None:
    assert ODD_TEXT.for_field(field(format_=FieldFormat.DATE)).checks == ()
    assert ODD_TEXT.for_field(field(format_=FieldFormat.NUMBER)).checks == ODD_TEXT.checks


def test_a_field_can_be_exempt_and_need_not_be_told_twice() -> None:
    def codes(asked: SpecifiedField) -> set[str]:
        return {check.code for check in ODD_TEXT.for_field(asked).checks}

    every = {check.code for check in ODD_TEXT.checks}
    assert codes(field(exempt=("spreadsheet_date",))) == every - {"spreadsheet_date"}
    assert codes(field("sort_code")) == {"control_characters", "mojibake"}
    assert codes(field("surname")) == every - {"placeholder"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("N/A", "a placeholder: leave blank if it is not known"),
        ("#N/A", "an error of a spreadsheet, where a value should be"),
        ("1.2E+10", "a spreadsheet has shortened the number: its digits are lost"),
        ("21/11/1997", "a date: a spreadsheet may have made it of other digits"),
        ("204523.0", "'.0' was added to the number"),
        ("20452", None),
    ],
)
def test_a_check_of_a_form_can_say_what_spoilt_the_value(text: str, why: str | None) -> None:
    detail = saying_what_spoilt_it(no_detail)
    assert detail(pa.array([text]), TERMS).to_pylist() == [why]


odd_pieces = st.sampled_from(
    [
        "#N/A",
        "E+1",
        "Jul",
        "-",
        "/",
        "19",
        "2",
        "00",
        ".0",
        "Ã",
        "©",
        "â€",
        "\ufffd",
        "\u200b",
        "x",
        "9",
        "NULL",
        " ",
    ]
)
texts = st.text() | st.lists(odd_pieces, max_size=6).map("".join)


@settings(deadline=None, max_examples=examples(100))
@given(st.lists(st.none() | texts))
def test_the_screen_lets_through_all_that_a_check_fails(values: list[str | None]) -> None:
    array = pa.array(values, pa.string())
    let_through: list[Any] = ODD_TEXT.screen(array).to_pylist()
    assert len(let_through) == len(values)
    assert None not in let_through
    for check in (*ODD_TEXT.checks, PLACEHOLDER_NAME):
        answers = check.passes(array, TERMS).to_pylist()
        assert len(answers) == len(check.detail(array, TERMS)) == len(values)
        for value, answer, seen in zip(values, answers, let_through, strict=True):
            assert answer is not False or (value is not None and seen)


def test_a_slice_of_a_column_is_screened_like_the_column() -> None:
    column = pa.array(["Ã©", "Smith", None, "a\tb", "UNKNOWN", "12.0"])
    assert ODD_TEXT.screen(column.slice(1, 4)).to_pylist() == ODD_TEXT.screen(column).to_pylist()[1:5]
    assert ODD_TEXT.screen(pa.array([], pa.string())).to_pylist() == []
    assert ODD_TEXT.screen(pa.nulls(2, pa.string())).to_pylist() == [False, False]
