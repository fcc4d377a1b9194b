"""National Insurance and passport numbers, value by value. All numbers are invented."""

from __future__ import annotations

import string
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.checks import FieldCheck, Terms
from specs.checks.people import NINO, NINO_SUFFIX, NINO_TEMPORARY, PASSPORT

TERMS = Terms(today=date(2026, 10, 1))
CHECKS = [NINO, NINO_TEMPORARY, NINO_SUFFIX, PASSPORT]


def passes(check: FieldCheck, *texts: str | None) -> Any:
    return check.passes(pa.array(texts, pa.string()), TERMS).to_pylist()


def detail(check: FieldCheck, text: str) -> Any:
    return check.detail(pa.array([text]), TERMS)[0].as_py()


@pytest.mark.parametrize(
    "number",
    [
        "AB123456C",
        "JK000000A",
        pytest.param("ab 12 34 56 c", id="as people write it"),
        pytest.param("GY123456D", id="from before 1975"),
        pytest.param("CR123456C", id="administrative CR"),
        pytest.param("FY123456C", id="administrative FY, although F is otherwise never used"),
        pytest.param("MW123456C", id="administrative MW"),
        pytest.param("NC123456C", id="administrative NC"),
        pytest.param("OO123456C", id="administrative OO, although O is otherwise never second"),
        pytest.param("AB123456", id="without its last letter"),
    ],
)
def test_numbers_in_the_published_form_pass(number: str) -> None:
    assert passes(NINO, number) == [True]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("AB12345C", "8 characters, expected 9"),
        ("AB1234567C", "10 characters, expected 9"),
        ("A1234567C", None),
        ("AB123456E", "the last letter is not A to D"),
        pytest.param("DA123456C", "letters that are never used", id="D first"),
        pytest.param("AV123456C", "letters that are never used", id="V second"),
        pytest.param("AO123456C", "letters that are never used", id="O second"),
        pytest.param("QQ123456C", "letters that are never used", id="the usual specimen"),
        *(
            pytest.param(f"{prefix}123456A", "a prefix that is never issued", id=f"prefix {prefix}")
            for prefix in ("BG", "GB", "KN", "NK", "NT", "ZZ")
        ),
        pytest.param("UNKNOWN", "a placeholder: leave blank if it is not known", id="placeholder"),
        pytest.param("SMITH", "5 characters, expected 9", id="a word"),
    ],
)
def test_other_numbers_fail_and_say_why(number: str, why: str | None) -> None:
    assert passes(NINO, number) == [False]
    assert detail(NINO, number) == why


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("TN010180M", id="TN, birth date, sex"),
        pytest.param("tn 01 01 80", id="without sex, as people write it"),
        pytest.param("11A11111", id="two digits, a letter, five digits"),
    ],
)
def test_a_temporary_number_is_told_apart_from_a_wrong_one(number: str) -> None:
    assert passes(NINO_TEMPORARY, number) == [False]
    assert passes(NINO, number) == [True]


@pytest.mark.parametrize("number", ["TN12345C", "AB123456C", "11A1111", "TNT"])
def test_what_only_begins_like_a_temporary_number_is_none(number: str) -> None:
    assert passes(NINO_TEMPORARY, number) == [True]


@pytest.mark.parametrize(
    ("number", "expected", "why"),
    [
        pytest.param("123456789", True, None, id="British"),
        pytest.param("012345678", True, None, id="leading zero"),
        pytest.param("C01X00T47", True, None, id="letters among the digits, abroad"),
        pytest.param("PA 1234567", True, None, id="letters first, with a blank"),
        ("12345", False, "5 digits; a British passport has 9"),
        ("000000000", False, "9 digits; a British passport has 9"),
        ("SEEN", False, "letters only"),
        ("1.23E+08", False, "a spreadsheet has shortened the number: its digits are lost"),
        ("N/A", False, "a placeholder: leave blank if it is not known"),
    ],
)
def test_passport_numbers_have_digits_and_a_length(number: str, expected: object, why: str | None) -> None:
    assert passes(PASSPORT, number) == [expected]
    assert expected or detail(PASSPORT, number) == why


def test_a_blank_has_nothing_to_fail() -> None:
    assert all(answer is not False for check in CHECKS for answer in passes(check, None))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("AB123456C", True),
        ("AB123456", False),
        ("ab 12 34 56", False),
        pytest.param("AB12345", True, id="not in the form: the other check's to report"),
        pytest.param("ZZ123456", True, id="never issued: the other check's to report"),
    ],
)
def test_a_number_without_its_last_letter_is_told_apart(number: str, expected: object) -> None:
    assert passes(NINO_SUFFIX, number) == [expected]


def _allowed_by_the_manual(first: str, second: str) -> bool:
    """NIM39110 and NIM39115, word for word and letter by letter: the oracle for all 676 prefixes."""
    if first + second in {"OO", "CR", "FY", "MW", "NC"}:  # administrative
        return True
    never_either, never_second = set("DFIQUV"), {"O"}
    if first in never_either or second in never_either | never_second:
        return False
    # TN is not issued either, but stands for a temporary number: another check's to report
    return first + second not in {"BG", "GB", "KN", "NK", "NT", "ZZ"}


def test_all_prefixes_agree_with_the_manual() -> None:
    prefixes = [first + second for first in string.ascii_uppercase for second in string.ascii_uppercase]
    assert passes(NINO, *(f"{prefix}123456A" for prefix in prefixes)) == [
        _allowed_by_the_manual(*prefix) for prefix in prefixes
    ]


@settings(deadline=None)
@given(st.lists(st.none() | st.text()))
def test_any_text_at_all_gets_an_answer(texts: list[str | None]) -> None:
    for check in CHECKS:
        assert len(passes(check, *texts)) == len(texts)
        assert len(check.detail(pa.array(texts, pa.string()), TERMS)) == len(texts)
