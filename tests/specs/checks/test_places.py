"""Post codes: form, and existence, with the directory itself as the oracle of the form."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uk_postcodes_parsing import is_in_ons_postcode_directory

from specs.checks import FieldCheck, Terms
from specs.checks.places import POST_CODE, POST_CODE_UNKNOWN

TERMS = Terms(allowed=(), today=date(2026, 10, 1))


def passes(check: FieldCheck, *texts: str | None) -> Any:
    return check.passes(pa.array(texts, pa.string()), TERMS).to_pylist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LS1 4AP", True),
        ("ls14ap", True),
        ("SW1A 1AA", True),
        ("M1 1AE", True),
        ("GIR 0AA", True),
        ("BF1 2AA", True),
        pytest.param("LS1 4A0", False, id="nought for O"),
        pytest.param("12345", False, id="digits only"),
        pytest.param("LS1", False, id="half of one"),
        pytest.param("QS1 4AP", False, id="Q is never first"),
        pytest.param("LS1 4AC", False, id="C is never among the last two"),
        pytest.param("D02 X285", False, id="Irish"),
        pytest.param("LS1-4AP", False, id="hyphen"),
        pytest.param(None, None, id="blank"),
    ],
)
def test_the_form_is_royal_mails(text: str, expected: object) -> None:
    assert passes(POST_CODE, text) == [expected]


@pytest.mark.parametrize(
    "district", ["ls1", "sw1a", "ec1a", "m1", "ab10", "bt1", "im1", "je2", "gy1", "ze1", "w1a"]
)
def test_every_post_code_of_the_directory_has_the_form_and_is_known(district: str) -> None:
    inward = sorted(import_module(f"uk_postcodes_parsing.outcodes.{district}").INCODES)
    codes = [f"{district} {code}" for code in inward]
    assert codes
    assert passes(POST_CODE, *codes) == [True] * len(codes)
    assert passes(POST_CODE_UNKNOWN, *codes) == [True] * len(codes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LS1 4AP", True),
        pytest.param("LS1 1ZZ", False, id="no such second half"),
        pytest.param("LS99 4AP", False, id="no such second half in a district for large users"),
        pytest.param("ZE9 1AA", False, id="no such district"),
        pytest.param("BX8 0HB", True, id="a bank's, which is no place"),
        pytest.param("BF1 2AA", True, id="the forces'"),
        pytest.param("LS1 4A0", None, id="not in the form: the other check's to report"),
        pytest.param(None, None, id="blank"),
    ],
)
def test_a_post_code_in_the_form_is_looked_up(text: str, expected: object) -> None:
    assert passes(POST_CODE_UNKNOWN, text) == [expected]


@settings(deadline=None)
@given(st.from_regex(r"(LS1|SW1A|M60|ZE9|E1W) [0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True))
def test_the_answer_is_the_librarys_own(code: str) -> None:
    assert passes(POST_CODE_UNKNOWN, code) == [is_in_ons_postcode_directory(code)]


@settings(deadline=None)
@given(st.lists(st.none() | st.text() | st.text(st.sampled_from("ABLS019 ./-"), max_size=9)))
def test_any_text_at_all_gets_an_answer(texts: list[str | None]) -> None:
    for check in (POST_CODE, POST_CODE_UNKNOWN):
        assert len(passes(check, *texts)) == len(texts)
