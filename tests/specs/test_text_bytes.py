"""Looks at the bytes behind a column say what Python says of each value."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from specs.text_bytes import TextBytes

VALUES = st.lists(st.none() | st.text(st.sampled_from("0189 ax/-.é\u00a0٣"), max_size=4), max_size=6)


@given(VALUES, st.integers(0, 3))
def test_each_value_is_looked_at_as_it_stands(values: list[str | None], left_out: int) -> None:
    look = TextBytes(pa.array(values, pa.string()).slice(left_out))
    written = [(value or "").encode() for value in values[left_out:]]
    assert look.lengths.tolist() == [len(each) for each in written]
    assert look.only_digits.tolist() == [each.isdigit() for each in written]
    assert look.is_ascii == all(each.isascii() for each in written)
    for place in (-3, -1, 0, 2):
        least = place + 1 if place >= 0 else -place
        assert look.byte(place).tolist() == [each[place] if len(each) >= least else 0 for each in written]


@given(VALUES, st.integers(0, 3))
def test_no_blank_around_a_value_is_overlooked(values: list[str | None], left_out: int) -> None:
    text = [value or "" for value in values[left_out:]]
    look = TextBytes(pa.array(values, pa.string()).slice(left_out))
    plain = all(value.isascii() and value == value.strip() for value in text)
    if any(value != value.strip() for value in text):
        assert look.may_have_blanks_around
    if plain:
        assert not look.may_have_blanks_around
