"""The characters that differ are found, and nothing is marked where that would not help."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.differing import differing


def marked(*values: str | None) -> list[str | None]:
    """Each value with its differing characters in brackets; None where it is shown plain."""
    return [
        None if runs is None else "".join(f"[{run.text}]" if run.differs else run.text for run in runs)
        for runs in differing(values)
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(("INV-0017", "INV0017"), ["INV[-]0017", None], id="missing in the second"),
        pytest.param(("INV0017", "INV0017A"), [None, "INV0017[A]"], id="added in the second"),
        pytest.param(("A1234", "A1284"), ["A12[3]4", "A12[8]4"], id="another in its place"),
        pytest.param(("Acorn Ltd", "ACORN LTD"), [None, None], id="capitals and small letters are alike"),
        pytest.param(("Acorn Glazing", "Birch"), [None, None], id="different altogether"),
        pytest.param((None, "A1234", None, "A1235"), [None, "A123[4]", None, "A123[5]"], id="blanks"),
        pytest.param(("A1", "A1", "A1B"), [None, None, "A1[B]"], id="only the third"),
        pytest.param((), [], id="none"),
    ],
)
def test_what_differs_is_marked(values: tuple[str | None, ...], expected: list[str | None]) -> None:
    assert marked(*values) == expected


@given(st.lists(st.one_of(st.none(), st.text("aAbß 1-İ", max_size=9)), max_size=5))
def test_no_character_is_lost_or_made(values: list[str | None]) -> None:
    for value, runs in zip(values, differing(values), strict=True):
        assert runs is None or "".join(run.text for run in runs) == value
