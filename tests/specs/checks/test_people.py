"""National Insurance numbers and email addresses, value by value. All numbers are invented."""

from __future__ import annotations

import string
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.checks import FieldCheck, Terms
from specs.checks.people import EMAIL, NINO, NINO_SUFFIX

TERMS = Terms(allowed=(), today=date(2026, 10, 1))


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
            for prefix in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
            if prefix != "TN"
        ),
        pytest.param("TN010180M", "temporary number: leave blank", id="temporary: TN, birth date, sex"),
        pytest.param("TN010180", "temporary number: leave blank", id="temporary without sex"),
        pytest.param("11A11111", "temporary number: leave blank", id="temporary reference"),
        pytest.param("UNKNOWN", "7 characters, expected 9", id="a word"),
    ],
)
def test_other_numbers_fail_and_say_why(number: str, why: str | None) -> None:
    assert passes(NINO, number) == [False]
    assert detail(NINO, number) == why


def test_a_blank_has_nothing_to_fail() -> None:
    assert all(answer is not False for check in (NINO, NINO_SUFFIX, EMAIL) for answer in passes(check, None))


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
    return first + second not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def test_all_prefixes_agree_with_the_manual() -> None:
    prefixes = [first + second for first in string.ascii_uppercase for second in string.ascii_uppercase]
    assert passes(NINO, *(f"{prefix}123456A" for prefix in prefixes)) == [
        _allowed_by_the_manual(*prefix) for prefix in prefixes
    ]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("a.n.other@example.org", True),
        ("a_n+other@sub.example.co.uk", True),
        ("o'neill@example.org", True),
        pytest.param("a.n.other", False, id="no at"),
        pytest.param("accounts at example", False, id="words"),
        pytest.param("a@b@example.org", False, id="two ats"),
        pytest.param("a@example", False, id="no dot in the domain"),
        pytest.param("a@example..org", False, id="two dots"),
        pytest.param("a@.org", False, id="dot first"),
        pytest.param("a@example.org.", False, id="dot last"),
        pytest.param("a b@example.org", False, id="blank"),
        pytest.param("a@example.org, b@example.org", False, id="two addresses"),
        pytest.param("A Other <a@example.org>", False, id="with a name"),
        pytest.param("@example.org", False, id="nobody"),
    ],
)
def test_email_addresses_have_one_at_and_a_domain(address: str, expected: object) -> None:
    assert passes(EMAIL, address) == [expected]


@settings(deadline=None)
@given(st.lists(st.none() | st.text()))
def test_any_text_at_all_gets_an_answer(texts: list[str | None]) -> None:
    for check in (NINO, NINO_SUFFIX, EMAIL):
        assert len(passes(check, *texts)) == len(texts)
        assert len(check.detail(pa.array(texts, pa.string()), TERMS)) == len(texts)
