"""Screens: the cheap look at all values lets nothing by that a check would fail."""

from __future__ import annotations

import pkgutil
from datetime import date

import pyarrow as pa
import pytest
import uk_postcodes_parsing.outcodes as outcodes
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.checks import FIELD_CHECKS, ODD_TEXT, FieldCheck, Terms
from specs.checks.any_text import PLACEHOLDER_NAME
from specs.checks.places import POST_CODE, _inward_codes
from tests.examples import examples

TERMS = Terms(date(2026, 10, 1))
SCREENED = {
    f"{check.code} of names" if check is PLACEHOLDER_NAME else check.code: check
    for check in (*ODD_TEXT.checks, *(check for checks in FIELD_CHECKS.values() for check in checks))
    if check.screen is not None
}
NEARLY = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"[A-Z]{2} ?[0-9]{6} ?[A-E]?", fullmatch=True),
    st.from_regex(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", fullmatch=True),
    st.from_regex(r"[0-9]{2}-?[0-9]{2}-?[0-9]{2}|-?1?-?2?-?3?-?4?-?5?-?6?|[0-9]{8}", fullmatch=True),
    st.from_regex(r"0{5,9}|([1-9])\1{4,8}|0?12345678?|987654321?", fullmatch=True),
    st.from_regex(r"[0-9]{1,2}[/-][0-9A-Za-z]{1,3}[/-][0-9]{2}", fullmatch=True),
    st.from_regex(
        r"[a-z0-9_.-]{1,3}@[a-z0-9.-]{1,4}\.(com|net|org|uk|co\.uk|con|couk|gov\.u|o\.u)", fullmatch=True
    ),
    st.text(st.sampled_from("0123456789-/.E+#N/A XxTBCÃ©â€™\u200b"), max_size=12),
)


PLAIN = {
    "nino": "CR123456A",
    "post_code": "LS1 4AP",
    "control_characters": "12 Sample Street",
    "account_number": "70915327",
    "made_up_digits": "20-53-17",
    "short_year": "01041987",
    "email": "ann.sample@example.org",
}


@pytest.mark.parametrize("check", SCREENED.values(), ids=SCREENED)
@settings(deadline=None, max_examples=examples(100))
@given(values=st.lists(NEARLY | st.none(), min_size=1, max_size=8))
def test_what_fails_a_check_does_not_get_past_its_screen(check: FieldCheck, values: list[str | None]) -> None:
    assert check.screen is not None
    text = pa.array(values, pa.string())
    passes, may_fail = check.passes(text, TERMS).to_pylist(), check.screen(text).to_pylist()
    assert [
        value
        for value, passed, may in zip(values, passes, may_fail, strict=True)
        if passed is False and not may
    ] == []


@pytest.mark.parametrize("code", [*PLAIN])
def test_a_screen_rules_out_what_is_written_as_it_should_be(code: str) -> None:
    screen = SCREENED[code].screen
    assert screen is not None
    assert screen(pa.array([PLAIN[code]])).to_pylist() == [False]


def test_every_post_code_of_the_directory_has_the_form() -> None:
    """So that being in the directory can stand for both checks."""
    districts = [module.name.upper() for module in pkgutil.iter_modules(outcodes.__path__)]
    assert len(districts) > 2_000
    codes = pa.array(
        [
            f"{district}{sorted(_inward_codes(district))[0]}"
            for district in districts
            if _inward_codes(district)
        ]
    )
    assert len(codes) > 2_000
    assert POST_CODE.passes(codes, TERMS).to_pylist() == [True] * len(codes)
