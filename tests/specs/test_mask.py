"""Masked values for consoles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.mask import masked


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("QQ123456C", "QQ12****C"),
        ("12345678", "12*****8"),
        ("204523", "20***3"),
        ("20452", "2****"),
        ("Ng", "**"),
        ("", ""),
        pytest.param("Somebody", "S*******", id="a name shows its first letter"),
        pytest.param("some.body@example.org", "s********", id="a long value does not show its length"),
        pytest.param("ab\n12", "a****", id="one line, whatever is in it"),
    ],
)
def test_little_of_a_value_stays_readable(value: str, expected: object) -> None:
    assert masked(value) == expected


@settings(deadline=None)
@given(st.text())
def test_no_more_than_five_characters_and_no_more_than_five_in_nine_are_ever_shown(value: str) -> None:
    shown = masked(value)
    left = len(shown) - shown.count("*")
    assert left <= 5
    assert left <= max(1, len(value) * 5 / 9)
