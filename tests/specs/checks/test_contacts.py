"""Telephone numbers and email addresses, value by value. Numbers are those that Ofcom keeps for drama."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.checks import FieldCheck, Terms
from specs.checks.contacts import EMAIL, PHONE

TERMS = Terms(today=date(2026, 10, 1))


def passes(check: FieldCheck, *texts: str | None) -> Any:
    return check.passes(pa.array(texts, pa.string()), TERMS).to_pylist()


def detail(check: FieldCheck, text: str) -> Any:
    return check.detail(pa.array([text]), TERMS)[0].as_py()


@pytest.mark.parametrize(
    "number",
    [
        "01632960123",
        "01632 960 123",
        "(01632) 960-123",
        "020 7946 0123",
        "07700 900123",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "0044 1632 960123",
        "447700900123",
        "0808 157 0123",
        "0800 1111",
        pytest.param("01632 96012", id="ten digits, as some places have"),
        pytest.param("01204 960123 ext 4", id="with an extension"),
        pytest.param("+353 1 234 5678", id="Ireland"),
        pytest.param("00353 1 234 5678", id="Ireland, from a British telephone"),
    ],
)
def test_numbers_pass_as_people_write_them(number: str) -> None:
    assert passes(PHONE, number) == [True]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("7700900123", "a leading zero may be missing"),
        ("1632 960123", "a leading zero may be missing"),
        ("2079460123", "a leading zero may be missing"),
        ("01632 960", "8 digits, expected 10 or 11"),
        ("01632 9601234", "12 digits, expected 10 or 11"),
        ("01632 960123 / 07700 900123", "two numbers in one field?"),
        ("01632 960123 or 960124", "words beside the number, or instead of it"),
        ("ex-directory", "no number in it: leave blank if it is not known"),
        ("0", "no number in it: leave blank if it is not known"),
        ("N/A", "a placeholder: leave blank if it is not known"),
        ("7.7009E+09", "a spreadsheet has shortened the number: its digits are lost"),
        ("960123", None),
        ("+999 123", None),
    ],
)
def test_other_numbers_fail_and_say_why(number: str, why: str | None) -> None:
    assert passes(PHONE, number) == [False]
    assert detail(PHONE, number) == why


@pytest.mark.parametrize(
    "address",
    [
        "a.n.other@example.org",
        "a_n+other@sub.example.co.uk",
        "o'neill@example.org",
        "A.OTHER@EXAMPLE.ORG",
        pytest.param("josé@example.org", id="a letter that is not English"),
        pytest.param("a@bücher.example.de", id="such a letter in the domain"),
    ],
)
def test_email_addresses_have_one_at_and_a_domain(address: str) -> None:
    assert passes(EMAIL, address) == [True]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("a.n.other", "no @ in it"),
        ("accounts at example", "no @ in it"),
        ("a@b@example.org", None),
        pytest.param("a@example", None, id="no dot in the domain"),
        pytest.param("a@example..org", None, id="two dots"),
        pytest.param("a@.org", None, id="dot first"),
        pytest.param("a@example.org.", None, id="dot last"),
        pytest.param("a..b@example.org", None, id="two dots before the @"),
        ("a b@example.org", "a blank in it"),
        ("a@example.org, b@example.org", "two addresses in one field?"),
        ("A Other <a@example.org>", "a blank in it"),
        ("@example.org", None),
        ("a@example.con", "the end looks misspelt"),
        ("a@example.couk", "the end looks misspelt"),
        ("none", "a placeholder: leave blank if it is not known"),
    ],
)
def test_other_addresses_fail_and_say_why(address: str, why: str | None) -> None:
    assert passes(EMAIL, address) == [False]
    assert detail(EMAIL, address) == why


@settings(deadline=None)
@given(
    st.lists(
        st.none() | st.text() | st.text(st.sampled_from("+0123456789 ()x/"), max_size=16) | st.emails(),
        max_size=20,
    )
)
def test_any_text_at_all_gets_an_answer_and_a_blank_never_fails(texts: list[str | None]) -> None:
    for check in (PHONE, EMAIL):
        answers = passes(check, *texts)
        assert len(answers) == len(texts) == len(check.detail(pa.array(texts, pa.string()), TERMS))
        assert all(answer is not False for answer, text in zip(answers, texts, strict=True) if text is None)
