"""Checks of names: whether what stands in a person's name is one, and in the right column.

Sources: surname and forename populated, each in its own column (published 2024/25); names in the wrong
columns as a known cause of trouble. The words that give it away are inferred. Names of all peoples are
names: only digits and signs that no name has are odd.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.kind import TEXT, FieldCheck, RecordCheck, Terms, first_true

_TITLE = r"(?i:MR|MRS|MS|MISS|MX|DR|PROF|PROFESSOR|REV|REVD|REVEREND|SIR|CLLR|COUNCILLOR)"
# Miss and Sir are surnames too; MR, MS and DR may be initials, but not of a surname.
_ONLY_A_TITLE = r"^(?i:MR|MRS|MS|MX|DR|PROF|REV|REVD|CLLR)\.?$"
_TITLE_AND_NAME = rf"^{_TITLE}(?:\.\s*|\s+)\pL|[\s,]\(?{_TITLE}\.?\)?$"
_IN_NO_NAME = r"[\d?@#&*_=+<>|\\$£%!;:~^{}\[\]]"
_SURNAME_FIRST = r"\pL\s*,\s*\pL"
_COMPANY = (
    r"(?i)\b(?:LTD|LIMITED|PLC|LLP|INCORPORATED|T/A|TRADING AS|COUNCIL|UNIVERSITY|NHS|SERVICES|ASSOCIATION)\b"
)


def _without(expression: str, text: pa.Array) -> pa.Array:
    return pc.invert(pc.match_substring_regex(text, expression))


def _has_no_title(text: pa.Array, _terms: Terms) -> pa.Array:
    return _without(_TITLE_AND_NAME, text)


def _is_not_only_a_title(text: pa.Array, terms: Terms) -> pa.Array:
    return pc.and_(_has_no_title(text, terms), _without(_ONLY_A_TITLE, text))


def _has_no_odd_character(text: pa.Array, _terms: Terms) -> pa.Array:
    return _without(_IN_NO_NAME, text)


def _which_odd_character(text: pa.Array, _terms: Terms) -> pa.Array:
    return first_true(
        text,
        (pc.match_substring_regex(text, r"\d"), "a digit"),
        (pc.match_substring_regex(text, r"\pL\?"), "a question mark: a letter may have been lost"),
    )


def _has_no_comma(text: pa.Array, _terms: Terms) -> pa.Array:
    return _without(_SURNAME_FIRST, text)


def _is_a_persons(text: pa.Array, _terms: Terms) -> pa.Array:
    return _without(_COMPANY, text)


def _surname_is_one_name(values: Sequence[pa.Array], _terms: Terms) -> pa.Array:
    """False where forenames are missing and the surname has several words; a comma is another check's."""
    surname, forenames = values
    alone = pc.is_null(forenames)
    passes = pc.if_else(pc.is_valid(surname), True, None)
    if not pc.any(alone).as_py():
        return passes
    surname = surname.filter(alone)  # few: what is costly is asked of these only
    several = pc.match_substring_regex(surname, r"\pL{2}.*[\s.]\s*\pL|\pL[\s.].*\pL{2}")
    has_comma = pc.match_substring(surname, ",")
    return pc.replace_with_mask(passes, alone, pc.invert(pc.and_(several, pc.invert(has_comma))))


def _names_differ(values: Sequence[pa.Array], _terms: Terms) -> pa.Array:
    surname, forenames = (pc.utf8_upper(value) for value in values)
    return pc.not_equal(surname, forenames)


TITLE_IN_FORENAME = FieldCheck("title_in_name", "text", _has_no_title, formats=TEXT)
TITLE_IN_SURNAME = FieldCheck("title_in_name", "text", _is_not_only_a_title, formats=TEXT)
NAME_CHARACTERS = FieldCheck(
    "name_characters", "text", _has_no_odd_character, _which_odd_character, formats=TEXT
)
NAME_WITH_COMMA = FieldCheck("name_with_comma", "text", _has_no_comma, formats=TEXT)
COMPANY_AS_PERSON = FieldCheck("company_as_person", "text", _is_a_persons, formats=TEXT)

WHOLE_NAME = RecordCheck("whole_name", (TEXT, TEXT), _surname_is_one_name)
"""Surname and forenames."""
SAME_NAMES = RecordCheck("same_names", (TEXT, TEXT), _names_differ)
"""Surname and forenames."""
