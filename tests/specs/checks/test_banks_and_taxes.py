"""Sort codes, account numbers and VAT numbers, value by value. All accounts are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum.gb import vat as gb_vat

from specs.checks import FieldCheck, Terms
from specs.checks.banks_and_taxes import (
    ACCOUNT_NUMBER,
    MADE_UP_DIGITS,
    SORT_CODE,
    VAT_NUMBER,
    VAT_NUMBER_FOREIGN,
)
from tests.examples import examples

TERMS = Terms(today=date(2026, 10, 1))
CHECKS = [SORT_CODE, ACCOUNT_NUMBER, MADE_UP_DIGITS, VAT_NUMBER, VAT_NUMBER_FOREIGN]


def passes(check: FieldCheck, *texts: str | None) -> Any:
    return check.passes(pa.array(texts, pa.string()), TERMS).to_pylist()


def detail(check: FieldCheck, text: str) -> Any:
    return check.detail(pa.array([text]), TERMS)[0].as_py()


@pytest.mark.parametrize("text", ["204523", "20-45-23", pytest.param("010203", id="leading zero")])
def test_a_sort_code_has_six_digits_with_or_without_hyphens(text: str) -> None:
    assert passes(SORT_CODE, text) == [True]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("20452", "5 digits, expected 6"),
        ("2045230", "7 digits, expected 6"),
        ("20-4523", None),
        ("20/45/23", None),
        ("20/45/23x", None),
        pytest.param(
            "21/11/1997", "a date: a spreadsheet may have made it of other digits", id="a spreadsheet's date"
        ),
        pytest.param("12345.0", "'.0' was added to the number", id="a decimal added"),
        ("000000", "only zeros: leave blank if it is not known"),
        ("00-00-00", "only zeros: leave blank if it is not known"),
    ],
)
def test_anything_else_is_no_sort_code(text: str, why: str | None) -> None:
    assert passes(SORT_CODE, text) == [False]
    assert detail(SORT_CODE, text) == why


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("12345678", True, None),
        ("00000012", True, None),
        ("1234567", False, "7 digits, expected 8"),
        ("1234567X", False, "7 digits, expected 8"),
        ("1234 5678", False, None),
        ("00000000", False, "only zeros: leave blank if it is not known"),
    ],
)
def test_an_account_number_usually_has_eight_digits(text: str, expected: object, why: str | None) -> None:
    assert passes(ACCOUNT_NUMBER, text) == [expected]
    assert expected or detail(ACCOUNT_NUMBER, text) == why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11111111", False),
        ("99999999", False),
        ("12345678", False),
        ("12-34-56", False),
        ("222222", False),
        ("11111112", True),
        ("123456789", True),
        pytest.param("1111111", True, id="seven digits: the other check's to report"),
        pytest.param("00000000", True, id="zeros: the other check's to report"),
        (None, None),
    ],
)
def test_digits_that_are_all_the_same_or_in_a_row_look_made_up(text: str | None, expected: object) -> None:
    assert passes(MADE_UP_DIGITS, text) == [expected]


def vat_number(first_seven: str, *, plus: int = 0) -> str:
    """A number whose check digits agree: weights 8 to 2 on seven digits, taken from a multiple of 97."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seven, range(8, 1, -1), strict=True))
    return f"{first_seven}{97 - (total + plus) % 97:02}"


@pytest.mark.parametrize(
    "text",
    [
        "949000138",
        "GB 949 0001 38",
        "GB949000138",
        pytest.param("XI949000138", id="Northern Ireland"),
        pytest.param("949000138001", id="branch"),
        pytest.param("GD001", id="department"),
        pytest.param("HA501", id="health authority"),
        pytest.param(vat_number("1234567", plus=55), id="newer numbers, plus 55"),
    ],
)
def test_vat_numbers_whose_check_digits_agree_pass(text: str) -> None:
    assert passes(VAT_NUMBER, text) == [True]
    assert passes(VAT_NUMBER_FOREIGN, text) == [True]


@settings(deadline=None)
@given(st.integers(1_000_000, 9_999_999).map(str), st.sampled_from([0, 55]))
def test_numbers_made_by_the_published_rule_pass_and_their_neighbours_fail(
    first_seven: str, plus: int
) -> None:
    good = vat_number(first_seven, plus=plus)
    assert passes(VAT_NUMBER, good) == [True]
    neighbour = good[:-1] + str((int(good[-1]) + 1) % 10)
    assert passes(VAT_NUMBER, neighbour) == [False]


vat_pieces = st.sampled_from(["GB", "xi", "GD", "HA", "8888", " ", "-", ".", "949000138", "001", "7", "x"])


@example("GBGB949000138")
@settings(deadline=None, max_examples=examples(100))
@given(
    st.from_regex(r"(GB|XI|gb )?[0-9]{9}([0-9]{3})?", fullmatch=True)
    | st.lists(vat_pieces, max_size=5).map("".join)
    | st.integers(0, 10**12).map(str)
)
def test_the_answer_is_the_librarys_own(text: str) -> None:
    assert passes(VAT_NUMBER, text) == [gb_vat.is_valid(text)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("123456789", "the check digits do not agree"),
        ("94900013", "not 9 or 12 digits"),
        ("N/A", "a placeholder: leave blank if it is not known"),
        ("EXEMPT", "not 9 or 12 digits"),
        ("GD999", None),
        ("94900013X", None),
    ],
)
def test_other_numbers_fail_and_say_why(text: str, why: str | None) -> None:
    assert passes(VAT_NUMBER, text) == [False]
    assert detail(VAT_NUMBER, text) == why


@pytest.mark.parametrize("text", ["IE1234567T", "DE 123456789", "EL123456789", "CHE123456789", "NO123456789"])
def test_a_foreign_number_is_not_failed_as_a_british_one_but_told_apart(text: str) -> None:
    assert passes(VAT_NUMBER, text) == [True]
    assert passes(VAT_NUMBER_FOREIGN, text) == [False]


def test_a_word_that_begins_like_a_country_is_not_a_foreign_number() -> None:
    assert passes(VAT_NUMBER_FOREIGN, "DEREGISTERED") == [True]
    assert passes(VAT_NUMBER, "DEREGISTERED") == [False]


@settings(deadline=None)
@given(st.lists(st.none() | st.text() | st.text(st.sampled_from("GBXI0123456789 -."), max_size=14)))
def test_any_text_at_all_gets_an_answer_and_a_blank_never_fails(texts: list[str | None]) -> None:
    for check in CHECKS:
        answers = passes(check, *texts)
        assert len(answers) == len(texts)
        assert all(answer is not False for answer, text in zip(answers, texts, strict=True) if text is None)
        assert len(check.detail(pa.array(texts, pa.string()), TERMS)) == len(texts)
