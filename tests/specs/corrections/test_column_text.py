"""The bytes behind a column: what they tell is what Python says of each value."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.corrections.column_text import ColumnText, bytes_other_than

TEXTS = st.lists(st.one_of(st.text(max_size=6), st.from_regex(r"\A\d{0,3}(\.0)?\Z")))


@given(TEXTS, st.integers(0, 3))
def test_bytes_lengths_and_digits_are_those_of_each_value_wherever_the_column_is_cut(
    texts: list[str], start: int
) -> None:
    column = ColumnText(pa.array(texts, pa.string()).slice(min(start, len(texts))))
    filled = [text.encode() for text in texts[start:] if text]
    assert column.filled == len(filled)
    assert column.lengths.tolist() == [len(value) for value in filled]
    assert column.first.tolist() == [value[0] for value in filled]
    assert column.last.tolist() == [value[-1] for value in filled]
    assert column.byte(2).tolist() == [value[2] if len(value) > 2 else 32 for value in filled]
    assert column.byte(-2).tolist() == [value[-2] if len(value) > 1 else 32 for value in filled]
    assert column.is_ascii == all(value.isascii() for value in filled)
    assert column.has_point_zero.tolist() == [value.endswith(b".0") for value in filled]
    whole = [re.fullmatch(rb"(\d*)(?:\.0)?", value) for value in filled]
    assert column.digits.tolist() == [len(found[1]) if found else 0 for found in whole]
    assert column.count(ord("1")) == sum(value.count(b"1") for value in filled)
    assert column.has(ord("1")) == any(b"1" in value for value in filled)
    assert dict(zip(column.distinct.to_pylist(), column.times.tolist(), strict=True)) == {
        text: texts[start:].count(text) for text in texts[start:]
    }


@pytest.mark.parametrize("values", [[], [""], ["", ""]], ids=["no rows", "one blank", "only blanks"])
def test_a_column_without_values_has_nothing(values: list[str]) -> None:
    column = ColumnText(pa.array(values, pa.string()))
    assert (column.filled, column.is_ascii, column.has(0)) == (0, True, False)
    assert column.digits.tolist() == column.first.tolist() == []


def test_text_with_large_offsets_is_taken_too() -> None:
    assert ColumnText(pa.array(["a", ""], pa.large_string())).lengths.tolist() == [1]


def test_bytes_other_than_some_are_all_the_others() -> None:
    others = bytes_other_than("AZ")
    assert [chr(place) for place in range(256) if not others[place]] == ["A", "Z"]
