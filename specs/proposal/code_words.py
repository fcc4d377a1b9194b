"""Words and codes of source systems where the specification has a code list: code_words.yaml."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from specs.headings import loosely
from specs.plain_yaml import read_plain_yaml
from specs.proposal.column_profile import ColumnProfile
from specs.proposal.from_values import value_words
from specs.specification import SpecifiedField

CODE_WORDS_FILE = Path(__file__).with_name("code_words.yaml")
_FREQUENT = 0.01
"""A value in fewer of the records than this is a slip, and no code of the system."""
_REPEATED = 10
"""A value in fewer records than this is not named: it may be about a person."""
_MOST_NAMED = 5
_FEW_VALUES = 40
"""A column with more different values than this holds no codes, and none of them is named."""
_NAMEABLE = re.compile(r"[^\W_][\w &'()+./-]{0,19}")
_NUMBER = re.compile(r"\d{4}")
"""More figures than codes have: part of a number, a date or a post code that is somebody's."""


class CodeWords(BaseModel):
    """What is written for each code of one column, and how we know."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    evidence: Literal["inferred", "recalled"]
    codes: dict[str, tuple[str, ...]]
    """By the code of the specification, '' for blank."""


@dataclass(frozen=True, slots=True)
class CodesTranslated:
    """A field with a code list, and what becomes of values that are not on it."""

    field: SpecifiedField
    allowed: tuple[str, ...]
    words: Mapping[str, str]
    """By a value as the file has it, the most frequent first: the code, '' for blank."""
    unknown: tuple[str, ...] = ()
    """Frequent values that nothing is known of and that may be named, the most frequent first."""
    complete: bool = True
    """Whether every frequent value is a code or known; else a person has to say what the others mean."""


@cache
def code_words() -> dict[str, CodeWords]:
    """What is known, by the `column` of a specification's field."""
    content, _lines = read_plain_yaml(CODE_WORDS_FILE.read_bytes(), trusted=True)
    return TypeAdapter(dict[str, CodeWords]).validate_python(content)


def codes_translated(field: SpecifiedField, columns: Sequence[ColumnProfile]) -> CodesTranslated | None:
    """How the values of a field with a code list become its codes; None where there is nothing to translate.

    Args:
        field: a field that is placed.
        columns: the values under the headings that it takes.
    """
    allowed = next((check.allowed for check in field.checks if check.name == "one_of"), ())
    counts: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for column in columns:
        occurring = zip(column.distinct.to_pylist(), column.counts.tolist(), strict=True)
        for value, count in sorted(occurring, key=lambda each: -each[1]):
            if value not in allowed:  # small and capital letters count as one, in the more frequent spelling
                counts[spelled.setdefault(value.lower(), value)] += count
    filled = sum(column.filled for column in columns)
    if not allowed or not counts:
        return None
    known = _codes_by_word(field.column, allowed)
    words = {value: known[loosely(value)] for value, _ in counts.most_common() if loosely(value) in known}
    others = [
        (value, count)
        for value, count in counts.most_common()
        if value not in words and count >= max(2, _FREQUENT * filled)
    ]
    if not words and not others:
        return None
    nameable = [value for value, count in others if count >= _REPEATED and _is_a_code(value)]
    named = nameable[:_MOST_NAMED] if len(counts) <= _FEW_VALUES else []
    return CodesTranslated(field, allowed, words, tuple(named), complete=not others)


@cache
def _codes_by_word(column: str, allowed: tuple[str, ...]) -> dict[str, str]:
    """The code for each word, compared loosely; a code in small letters is one as well."""
    known = code_words()[column].codes if column in code_words() else {}
    words = {loosely(word): code for code in ("", *allowed) for word in known.get(code, ())}
    return words | {loosely(code): code for code in allowed}


def _is_a_code(value: str) -> bool:
    """Whether a value is a code or a word for one, and surely not about a person."""
    if not _NAMEABLE.fullmatch(value) or _NUMBER.search(value):
        return False
    names = value_words()["forenames"] | value_words()["surnames"]
    return names.isdisjoint(re.split(r"[\W_]+", value.lower()))
