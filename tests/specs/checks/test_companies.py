"""Creditors: company registration numbers, and words that ledgers add to names. All firms are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.checks import FieldCheck, Terms
from specs.checks.companies import COMPANY_NUMBER, LEDGER_NOISE

TERMS = Terms(today=date(2026, 10, 1))


def passes(check: FieldCheck, *texts: str | None) -> Any:
    return check.passes(pa.array(texts, pa.string()), TERMS).to_pylist()


@pytest.mark.parametrize(
    "number",
    [
        "01234567",
        "sc123456",
        "SC 123456",
        "NI012345",
        "OC312345",
        "R0001234",
        pytest.param("IP12345R", id="registered society"),
        pytest.param("RS007012", id="registered society, newer"),
        pytest.param("CE012345", id="charitable incorporated organisation"),
    ],
)
def test_company_numbers_have_eight_characters(number: str) -> None:
    assert passes(COMPANY_NUMBER, number) == [True]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (
            "1234567",
            "7 digits, expected 8: leading zeros may be missing, or it is a charity's number",
        ),
        ("SC12345", "7 characters, expected 8: zeros may be missing after the letters"),
        ("949000138", "nine digits: a VAT registration number?"),
        ("GB949000138", "nine digits: a VAT registration number?"),
        ("AB123456C", "a National Insurance number?"),
        ("1234567890", "10 digits, expected 8"),
        ("123", "3 digits, expected 8"),
        ("00000000", "only zeros: leave blank if it is not known"),
        ("XX123456", None),
        ("None", "a placeholder: leave blank if it is not known"),
        ("1.23E+07", "a spreadsheet has shortened the number: its digits are lost"),
        ("1234567.0", "'.0' was added to the number"),
    ],
)
def test_other_numbers_fail_and_say_why(number: str, why: str | None) -> None:
    assert passes(COMPANY_NUMBER, number) == [False]
    assert COMPANY_NUMBER.detail(pa.array([number]), TERMS).to_pylist() == [why]


@pytest.mark.parametrize(
    "name",
    [
        "Other Supplies Ltd - DO NOT USE",
        "DONT USE Other Supplies",
        "Other Supplies (CLOSED)",
        "Other Supplies [dormant]",
        "Other Supplies - Inactive",
        "OTHER SUPPLIES CLOSED",
        "*DUPLICATE* Other Supplies",
        "Duplicate - Other Supplies",
        "Other Supplies DUPLICATE OF 10234",
        "Other Supplies now use supplier 10234",
        "ZZ Other Supplies",
        "XXX-Other Supplies",
        "Other Supplies no longer trading",
    ],
)
def test_words_that_a_ledger_adds_are_found(name: str) -> None:
    assert passes(LEDGER_NOISE, name) == [False]


@pytest.mark.parametrize(
    "name",
    [
        "Closed Circuit Cameras Ltd",
        "Duplicate Keys & Locks",
        "The Old School House",
        "Old Mill Nursery",
        "Suspended Ceilings Ltd",
        "Inactive Minds Theatre",
        "ZZZeducational Ltd",
        "Blocked Drains Direct",
        None,
    ],
)
def test_the_same_words_inside_a_firms_name_are_its_name(name: str | None) -> None:
    assert passes(LEDGER_NOISE, name) != [False]


@settings(deadline=None)
@given(st.lists(st.none() | st.text() | st.text(st.sampled_from("SCNIR0123456789 "), max_size=10)))
def test_any_text_at_all_gets_an_answer_and_a_blank_never_fails(texts: list[str | None]) -> None:
    for check in (COMPANY_NUMBER, LEDGER_NOISE):
        answers = passes(check, *texts)
        assert len(answers) == len(texts) == len(check.detail(pa.array(texts, pa.string()), TERMS))
        assert all(answer is not False for answer, text in zip(answers, texts, strict=True) if text is None)
