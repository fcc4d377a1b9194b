"""What a check is, and the few column operations that several checks share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from specs.specification import FieldFormat


@dataclass(frozen=True, slots=True)
class Terms:
    """What a check compares with besides the value: the field's code list and the day of the check."""

    allowed: tuple[str, ...]
    today: date


Test = Callable[[pa.Array, Terms], pa.Array]
"""Of each value: true, it passes; false, it does not; null, there is nothing to say (a blank)."""

Detail = Callable[[pa.Array, Terms], pa.Array]
"""Of each failing text: what only this place can tell, such as '8 characters, expected 9'; or null."""


def no_detail(text: pa.Array, _terms: Terms) -> pa.Array:
    """Nothing more to say than the check's own message."""
    return pa.nulls(len(text), pa.string())


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """One check: its code, whether it looks at the text or at the typed value, its test and its detail.

    `formats` are the formats whose typed values the test can take; a test of text takes any.
    """

    code: str
    looks_at: Literal["text", "value"]
    passes: Test
    detail: Detail = no_detail
    formats: frozenset[FieldFormat] = frozenset(FieldFormat)


def compact(text: pa.Array) -> pa.Array:
    """Upper case without blanks."""
    return pc.replace_substring(pc.ascii_upper(text), " ", "")


def counted(text: pa.Array, words: str) -> pa.Array:
    """'8 characters, expected 9' for each text of eight characters, where the words are what follows."""
    return pc.binary_join_element_wise(pc.utf8_length(text).cast(pa.string()), words, " ")


def first_true(text: pa.Array, *cases: tuple[pa.Array, pa.Array | str]) -> pa.Array:
    """For each text the detail of the first case whose mask is true; null where none is."""
    conditions = pc.make_struct(*(pc.fill_null(mask, False) for mask, _ in cases))
    details = [detail if isinstance(detail, pa.Array) else pa.scalar(detail) for _, detail in cases]
    return pc.case_when(conditions, *details, pa.nulls(len(text), pa.string()))


def of_each_distinct(text: pa.Array, function: Callable[[str], object], type_: pa.DataType) -> pa.Array:
    """What `function` makes of each text, asked once for each distinct one; null for null."""
    encoded = text.dictionary_encode()
    answers = pa.array([function(value) for value in encoded.dictionary.to_pylist()], type_)
    return answers.take(encoded.indices)
