"""Text taken apart byte by byte: the same as regular expressions make of it."""

from __future__ import annotations

import re
import string

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.standards import STANDARDS
from matching.standards.ascii_text import (
    ascii_letters_and_digits,
    ascii_spaced,
    ascii_with_characters,
    ascii_zeros_gone,
)
from matching.standards.text import packed, plain, present

ascii_texts = st.lists(st.none() | st.text("00019AZaz'`. -/\x01\t~", max_size=12), max_size=30)
codes = st.lists(st.none() | st.text("00019AZ", max_size=12), max_size=30)
any_texts = st.lists(
    st.none()
    | st.text("0019ANX-/ .'’éß０", max_size=8)
    | st.sampled_from(["n/a", "N A", "not known", "na 1"]),
    max_size=20,
)


def array(values: list[str | None]) -> pa.Array:
    """As a slice, whose bytes do not begin with its buffer."""
    return pa.array(["before", None, *values], pa.string()).slice(2)


def spaced_by_expressions(text: str) -> str:
    return re.sub("[^A-Za-z0-9]+", " ", re.sub("['`.]", "", text)).strip()


def zeros_gone_by_expressions(text: str) -> str:
    return re.sub(r"([A-Z])0+([0-9])", r"\1\2", re.sub(r"^0+([A-Z0-9])", r"\1", text))


@given(ascii_texts)
def test_words_are_those_that_expressions_find(texts: list[str | None]) -> None:
    made = ascii_spaced(array(texts))
    made.validate(full=True)
    assert made.to_pylist() == [text if text is None else spaced_by_expressions(text) for text in texts]


@given(ascii_texts)
def test_letters_and_digits_are_those_that_an_expression_keeps(texts: list[str | None]) -> None:
    made = ascii_letters_and_digits(array(texts))
    assert made.to_pylist() == [text if text is None else re.sub("[^A-Za-z0-9]", "", text) for text in texts]


@given(codes)
def test_zeros_go_as_expressions_take_them(texts: list[str | None]) -> None:
    made = ascii_zeros_gone(array(texts))
    made.validate(full=True)
    assert made.to_pylist() == [text if text is None else zeros_gone_by_expressions(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("007", "7", id="at the start"),
        pytest.param("00", "0", id="nothing but zeros"),
        pytest.param("0A", "A", id="before a letter at the start"),
        pytest.param("A00B", "A0B", id="between letters one stays"),
        pytest.param("INV001", "INV1", id="after letters"),
        pytest.param("A100", "A100", id="after a digit"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_which_zeros_go(text: str, left: str) -> None:
    assert ascii_zeros_gone(pa.array([text, None])).to_pylist() == [left, None]


def test_characters_are_replaced_everywhere() -> None:
    made = ascii_with_characters(pa.array(["OIL", None, string.digits]), {"O": "0", "I": "1", "L": "1"})
    assert made.to_pylist() == ["011", None, string.digits]


@given(any_texts)
def test_a_packed_text_is_plain_text_without_spaces_and_no_placeholder(texts: list[str | None]) -> None:
    expected = pc.replace_substring(present(plain(array(texts))), " ", "")
    assert packed(array(texts)).to_pylist() == expected.to_pylist()


@pytest.mark.parametrize("standard", ["invoice_number", "invoice_folded", "invoice_core", "company_name"])
@given(texts=any_texts)
def test_a_text_of_another_language_beside_it_changes_no_standard_form(
    standard: str, texts: list[str | None]
) -> None:
    alone = [STANDARDS[standard](pa.array([text], pa.string())).to_pylist()[0] for text in texts]
    assert STANDARDS[standard](array(texts)).to_pylist() == alone
