import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.safe_text import LONGEST_TEXT, runs_as_formula, safe_text

ANY_TEXT = st.text(st.characters(exclude_categories=()))
UNWRITABLE_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param("O'Dowd & Söhne <Ltd>", "O'Dowd & Söhne <Ltd>", id="ordinary text stays"),
        pytest.param("=1+1", "=1+1", id="a formula's text stays: the cell's type keeps it from running"),
        pytest.param("a\x00b", "a\u2400b", id="NUL shows as its picture"),
        pytest.param("a\x1fb\x7f", "a\u241fb\u2421", id="other control characters show as theirs"),
        pytest.param("one\r\ntwo", "one\ntwo", id="a DOS line end is one line feed"),
        pytest.param("one\rtwo", "one\u240dtwo", id="a lone carriage return shows"),
        pytest.param("tab\tand\nline", "tab\tand\nline", id="tab and line feed stay"),
        pytest.param("\ud800\ufffe\uffff", "\ufffd\ufffd\ufffd", id="what XML cannot hold shows as replaced"),
        pytest.param("_x0041_", "_x005F_x0041_", id="what reads as an escape is escaped"),
        pytest.param("_x0041_x0042_", "_x005F_x0041_x005F_x0042_", id="also where two overlap"),
        pytest.param("_x41_", "_x41_", id="what only looks like one stays"),
    ],
)
def test_text_is_held_or_visibly_replaced(text: str, held: str) -> None:
    assert safe_text(text) == held


@given(ANY_TEXT)
def test_no_text_holds_anything_that_xml_cannot(text: str) -> None:
    assert not UNWRITABLE_IN_XML.search(safe_text(text))


@given(ANY_TEXT)
def test_nothing_disappears(text: str) -> None:
    unescaped = safe_text(text).replace("_x005F_", "_")
    assert len(unescaped) >= len(text.replace("\r\n", "\n").replace("_x005F_", "_"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("é" * LONGEST_TEXT, id="just short enough"),
        pytest.param("é" * (LONGEST_TEXT - 1) + "\x00", id="just short enough, with a control character"),
    ],
)
def test_a_text_that_fits_is_not_cut(text: str) -> None:
    assert len(safe_text(text)) == LONGEST_TEXT
    assert "cut" not in safe_text(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("é" * (LONGEST_TEXT + 1), id="one character too long"),
        pytest.param("😀" * 20_000, id="too long in UTF-16, in which spreadsheets count"),
        pytest.param("😀" + "x" * 40_000, id="a pair at an odd place is not cut in two"),
    ],
)
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(text: str) -> None:
    held = safe_text(text)
    assert len(held.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert held.endswith(f"… [cut: {len(text):,} characters in all]")
    assert text.startswith(held.split(" …")[0])


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"])
def test_what_a_spreadsheet_would_run_is_known(text: str) -> None:
    assert runs_as_formula(text)


@pytest.mark.parametrize("text", ["", "1=1", " ", "'=1", "a@b.example"])
def test_what_a_spreadsheet_would_not_run_is_known(text: str) -> None:
    assert not runs_as_formula(text)
