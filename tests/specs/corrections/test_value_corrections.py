"""Corrections that each value decides by itself: what they may and may not do, for any text."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from specs.corrections.blanks import BLANKS, INNER_BLANKS, TRIM
from specs.corrections.column_text import ColumnText
from specs.corrections.correct import value_corrections
from specs.corrections.dates import TIME_OF_DAY
from specs.corrections.forms import ACCOUNT_NUMBER, CODE_CASE, NI_NUMBER, POST_CODE, SORT_CODE
from specs.corrections.kind import ValueCorrection
from specs.corrections.letters import DAMAGED_LETTERS
from specs.specification import CheckUse
from tests.specs.corrections.made_up import DIRTY, PAYROLL, terms

FORMS = {
    "ni_number": NI_NUMBER,
    "post_code": POST_CODE,
    "sort_code": SORT_CODE,
    "bank_account": ACCOUNT_NUMBER,
}
COLUMNS = [field.column for field in PAYROLL.fields]
LATIN = st.text(
    st.characters(min_codepoint=0xA0, max_codepoint=0x17F)
    | st.characters(max_codepoint=0x7E, categories=["L", "N", "P", "Zs"])
)


def once(correction: ValueCorrection, column: str, *values: str) -> list[str]:
    after: list[str] = correction.changes(pa.array(values, pa.string()), terms(column)).to_pylist()
    return after


@given(st.text(), st.sampled_from(["surname", "ni_number", "date_of_birth"]))
def test_trimming_takes_blanks_off_both_ends_and_nothing_else(value: str, column: str) -> None:
    assert once(TRIM, column, value) == [value.strip(BLANKS)]


@given(st.text("0123456789.£ -\u200b\ufeff\u00a0"), st.sampled_from(["gross_pay_to_date", "standard_hours"]))
def test_of_an_amount_only_those_blanks_go_that_reading_passes_over(value: str, column: str) -> None:
    assert once(TRIM, column, value) == pc.utf8_trim_whitespace(pa.array([value])).to_pylist()


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=1))
def test_inside_a_name_only_what_parts_words_changes(words: list[str]) -> None:
    for blanks in (" ", "  ", "\t", "\u00a0", "\n\u200b "):
        assert once(INNER_BLANKS, "surname", blanks.join(words)) == [" ".join(words)]


@pytest.mark.parametrize("mark", ["\u200b", "\u00ad", "\u200d"], ids=["space", "soft hyphen", "joiner"])
def test_a_mark_without_width_inside_a_word_does_not_part_it(mark: str) -> None:
    assert once(INNER_BLANKS, "surname", f"Smi{mark}th") == [f"Smi{mark}th"]


@given(LATIN)
@example("Ŵyn’s café")
def test_letters_damaged_on_the_way_come_back_as_they_were(value: str) -> None:
    assume(not value.isascii())
    try:
        damaged = value.encode().decode("cp1252")
    except UnicodeDecodeError:
        damaged = value.encode().decode("latin-1")
    assert once(DAMAGED_LETTERS, "surname", damaged) == once(DAMAGED_LETTERS, "surname", value)


@given(st.text())
def test_what_is_repaired_is_the_same_bytes_read_in_another_way(value: str) -> None:
    (after,) = once(DAMAGED_LETTERS, "surname", value)
    if after != value:
        assert len(after) < len(value)
        assert "�" not in after
        assert not any(0x7F <= ord(character) < 0xA0 for character in after)


@pytest.mark.parametrize(
    "value",
    [
        "SÃO PAULO",
        "ÂNGELA",
        "Crème brûlée",
        "Łódź",
        "ÉCOLE",
        "Ŵ",
        "10 °C ± 2",
        "naïve façade",
        "“quoted” – dash",
        "Jos?",
    ],
)
def test_a_text_that_was_read_rightly_stays(value: str) -> None:
    assert once(DAMAGED_LETTERS, "surname", value) == [value]


def letters_and_digits(text: str) -> str:
    return "".join(sign for sign in text.upper() if sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@pytest.mark.parametrize("column", FORMS)
@given(data=st.data())
def test_a_form_is_tidied_without_exchanging_any_letter_or_digit(column: str, data: st.DataObject) -> None:
    value = data.draw(st.one_of(DIRTY[column], st.text("CR123456 -–\u00a0.ls4ap\u200b", max_size=12)))
    (after,) = once(FORMS[column], column, value)
    assert letters_and_digits(after) == letters_and_digits(value)
    assert once(FORMS[column], column, after) == [after]


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        pytest.param("full_part_time", "f", "F", id="small letter"),
        pytest.param("full_part_time", "F", "F", id="as listed"),
        pytest.param("full_part_time", "ft", "ft", id="another code"),
        pytest.param("teacher_flag", "t", "T", id="a list of one"),
        pytest.param("teacher_flag", "", "", id="blank"),
    ],
)
def test_a_code_takes_the_case_of_the_code_list(column: str, value: str, expected: str) -> None:
    assert once(CODE_CASE, column, value) == [expected]


def test_a_code_that_could_be_two_of_the_list_stays() -> None:
    asked = terms("full_part_time")
    field = asked.field.model_copy(update={"checks": (CheckUse(name="one_of", allowed=("Ab", "aB", "X")),)})
    ambiguous = type(asked)(field, asked.today, asked.latest_short_year)
    after = CODE_CASE.changes(pa.array(["AB", "ab", "Ab", "x"]), ambiguous)
    assert after.to_pylist() == ["AB", "ab", "Ab", "X"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("04/13/2024 00:00:00", "04/13/2024", id="month first: which order is settled elsewhere"),
        pytest.param("31-Mar-2024 00:00", "31-Mar-2024", id="month by name"),
        pytest.param("31/03/2024 9:05 am", "31/03/2024", id="twelve-hour clock"),
        pytest.param("31/03/2024 23:00:01", "31/03/2024", id="a second past eleven is a time"),
        pytest.param("31/03/2024 23:00:00.000", "31/03/2024 23:00:00.000", id="eleven sharp, with fractions"),
        pytest.param("31/03/2024 00:00:00+01:00", "31/03/2024 00:00:00+01:00", id="time zone"),
        pytest.param("31/03/2024 noon", "31/03/2024 noon", id="a word"),
        pytest.param("12:30", "12:30", id="no date at all"),
    ],
)
def test_a_time_of_day_is_cut_only_where_the_day_is_beyond_doubt(value: str, expected: str) -> None:
    assert once(TIME_OF_DAY, "date_of_birth", value) == [expected]


@given(st.lists(st.one_of(st.text(max_size=10), *DIRTY.values()), max_size=6), st.sampled_from(COLUMNS))
def test_the_cheap_look_at_a_column_overlooks_nothing(values: list[str], column: str) -> None:
    text = pa.array(values, pa.string())
    for correction in value_corrections(terms(column)):
        if not correction.changes(text, terms(column)).equals(text):
            assert correction.may_change(ColumnText(text), terms(column)), correction.code


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("surname", ["SMITH", "O'Brien", "", "Anne Marie"]),
        ("ni_number", ["CR123456C", "", "CR123456"]),
        ("post_code", ["LS1 4AP", "", "SW1A 1AA"]),
        ("sort_code", ["204523", "20-45-23", "", "20452"]),
        ("bank_account", ["12345678", "", "1234567"]),
        ("full_part_time", ["F", "P", ""]),
        ("date_of_birth", ["01021980", "01/02/1980", ""]),
    ],
)
def test_the_cheap_look_spares_columns_that_need_nothing(column: str, values: list[str]) -> None:
    look = ColumnText(pa.array(values, pa.string()))
    assert not any(each.may_change(look, terms(column)) for each in value_corrections(terms(column)))
