"""Names of people: what is no name, and what stands in the wrong column. All people are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.checks import FIELD_CHECKS, FieldCheck, Terms
from specs.checks.names import (
    COMPANY_AS_PERSON,
    NAME_CHARACTERS,
    NAME_WITH_COMMA,
    SAME_NAMES,
    TITLE_IN_FORENAME,
    TITLE_IN_SURNAME,
    WHOLE_NAME,
)

TERMS = Terms(today=date(2026, 10, 1))
SURNAME_CHECKS, FORENAME_CHECKS = FIELD_CHECKS["surname"], FIELD_CHECKS["forename"]
RECORD_CHECKS = [WHOLE_NAME, SAME_NAMES]


def passes(check: FieldCheck, text: str | None) -> Any:
    return check.passes(pa.array([text], pa.string()), TERMS).to_pylist()[0]


def failed(checks: tuple[FieldCheck, ...], text: str) -> set[str]:
    return {check.code for check in checks if passes(check, text) is False}


@pytest.mark.parametrize(
    "surname",
    [
        "Smith",
        "O'Brien",
        "D’Souza",
        "de la Cruz",
        "VAN DER BERG",
        "Smith-Jones",
        "St. John",
        "Smith (née Jones)",
        "Müller",
        "Ó Súilleabháin",
        "Ng",
        "Null",
        "Test",
        "Blank",
        "Na",
        pytest.param("Miss", id="a surname too"),
        pytest.param("Drew", id="begins like a title"),
        pytest.param("Mrozek", id="begins like another"),
        pytest.param("Reverend", id="a surname too, in full"),
        pytest.param("Bank", id="a word of business, and a surname"),
        pytest.param("Trust", id="another"),
        pytest.param("小林", id="not in Latin letters"),
    ],
)
def test_names_of_all_peoples_are_names(surname: str) -> None:
    assert failed(SURNAME_CHECKS, surname) == set()
    assert failed(FORENAME_CHECKS, surname) == set()


@pytest.mark.parametrize(
    ("surname", "code"),
    [
        ("Mr Smith", "title_in_name"),
        ("MRS. SMITH", "title_in_name"),
        ("Dr.Smith", "title_in_name"),
        ("Smith Mr", "title_in_name"),
        ("SMITH (MISS)", "title_in_name"),
        pytest.param("MR", "title_in_name", id="only a title"),
        ("Smith, John", "name_with_comma"),
        ("Smith,J", "name_with_comma"),
        ("Sm1th", "name_characters"),
        ("O?Brien", "name_characters"),
        ("Smith*", "name_characters"),
        ("a@example.org", "name_characters"),
        ("Other Cleaning Ltd", "company_as_person"),
        ("COUNCIL", "company_as_person"),
        ("N/A", "placeholder"),
        ("unknown", "placeholder"),
        ("XXX", "placeholder"),
        ("-", "placeholder"),
    ],
)
def test_what_is_no_surname_fails_one_check(surname: str, code: str) -> None:
    assert failed(SURNAME_CHECKS, surname) == {code}


@pytest.mark.parametrize(
    "forename",
    [pytest.param("MR", id="initials"), pytest.param("D R", id="initials apart"), "Mary, Ann", "N A"],
)
def test_initials_and_several_forenames_are_forenames(forename: str) -> None:
    assert failed(FORENAME_CHECKS, forename) == set()


def test_a_title_before_a_forename_is_found() -> None:
    assert failed(FORENAME_CHECKS, "Mrs Mary") == {"title_in_name"}
    assert passes(TITLE_IN_FORENAME, "MR") is True
    assert passes(TITLE_IN_SURNAME, "MR") is False


def test_the_detail_tells_a_digit_from_a_lost_letter() -> None:
    detail = NAME_CHARACTERS.detail(pa.array(["Sm1th", "Andr?", "Smith*"]), TERMS).to_pylist()
    assert detail == ["a digit", "a question mark: a letter may have been lost", None]


@pytest.mark.parametrize(
    ("surname", "forenames", "fails"),
    [
        ("John Smith", None, True),
        ("SMITH J", None, True),
        ("Smith, John", None, False),
        pytest.param("de la Cruz", None, True, id="several words all the same"),
        ("Smith", None, False),
        ("John Smith", "John", False),
        (None, None, False),
    ],
)
def test_a_whole_name_is_found_where_the_forename_is_missing(
    surname: str | None, forenames: str | None, fails: bool
) -> None:
    values = [pa.array([surname], pa.string()), pa.array([forenames], pa.string())]
    assert (WHOLE_NAME.passes(values, TERMS).to_pylist() == [False]) is fails


@pytest.mark.parametrize(
    ("surname", "forenames", "fails"),
    [("James", "JAMES", True), ("James", "Jim", False), (None, None, False), ("James", None, False)],
)
def test_the_same_name_twice_is_told(surname: str | None, forenames: str | None, fails: bool) -> None:
    values = [pa.array([surname], pa.string()), pa.array([forenames], pa.string())]
    assert (SAME_NAMES.passes(values, TERMS).to_pylist() == [False]) is fails


@settings(deadline=None)
@given(st.lists(st.tuples(st.none() | st.text(), st.none() | st.text())))
def test_any_names_at_all_get_an_answer_and_a_blank_never_fails(
    records: list[tuple[str | None, str | None]],
) -> None:
    values = [pa.array([record[place] for record in records], pa.string()) for place in (0, 1)]
    for check in (*SURNAME_CHECKS, *FORENAME_CHECKS, NAME_WITH_COMMA, COMPANY_AS_PERSON):
        answers = check.passes(values[0], TERMS).to_pylist()
        assert len(answers) == len(check.detail(values[0], TERMS)) == len(records)
        assert all(
            answer is not False for answer, (name, _) in zip(answers, records, strict=True) if name is None
        )
    for of_records in RECORD_CHECKS:
        assert len(of_records.passes(values, TERMS)) == len(of_records.detail(values, TERMS)) == len(records)
