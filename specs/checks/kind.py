"""What a check is, and the few column operations that several checks share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from specs.modulus_tables import ModulusTables
from specs.specification import CheckUse, FieldFormat, SpecifiedField

TEXT = frozenset({FieldFormat.CHARACTER, FieldFormat.NUMBER})
"""The formats whose values stay text."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a check compares with besides the value: what the specification says, and the day of the check."""

    today: date
    allowed: tuple[str, ...] = ()
    """The values that the specification allows, where the check takes a list."""
    limit: int | None = None
    """The number that the specification sets, where the check takes one."""
    names: tuple[str, ...] = ()
    """The published names of the fields that a check of several fields looks at."""
    modulus: ModulusTables | None = None
    """Pay.UK's tables, where the user has supplied them."""


Test = Callable[[pa.Array, Terms], pa.Array]
"""Of each value: true, it passes; false, it does not; null, there is nothing to say (a blank)."""

Detail = Callable[[pa.Array, Terms], pa.Array]
"""Of each failing text: what only this place can tell, such as '8 characters, expected 9'; or null."""


Screen = Callable[[pa.Array], pa.Array]
"""Of each value: true, it may fail; false, it is sure to pass. False or null for null."""


def no_detail(text: pa.Array, _terms: Terms) -> pa.Array:
    """Nothing more to say than the check's own message."""
    return pa.nulls(len(text), pa.string())


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """One check: its code, whether it looks at the text or at the typed value, its test and its detail.

    `formats` are the formats whose typed values the test can take; a test of text takes any. `said_by`
    are names under which a specification asks for checks that say the same of a value, and better: a
    field that names one of them is not asked for this check as well. `takes` is what a specification
    gives besides the name: a list, a whole number or nothing. `screen` is a cheap look at all values that
    tells which need the test; several checks may share one. Without it the test itself is what tells.
    """

    code: str
    looks_at: Literal["text", "value"]
    passes: Test
    detail: Detail = no_detail
    formats: frozenset[FieldFormat] = frozenset(FieldFormat)
    said_by: frozenset[str] = frozenset()
    takes: Literal["nothing", "list", "number"] = "nothing"
    screen: Screen | None = None

    def misfit(self, use: CheckUse) -> str | None:
        """What is wrong with the way in which a specification names the check; None if nothing is."""
        given = "list" if use.allowed else "nothing" if use.limit is None else "number"
        if given == self.takes:
            return None
        example = {"nothing": use.name, "list": f"{{{use.name}: [A, B]}}", "number": f"{{{use.name}: 1}}"}
        return f"check '{use.name}' takes {_A[self.takes]} but was given {_A[given]}: {example[self.takes]}"


_A = {"nothing": "nothing", "list": "a list", "number": "a number"}


@dataclass(frozen=True, slots=True)
class TextChecks:
    """Checks of any text, whatever the field. Each has a screen."""

    checks: tuple[FieldCheck, ...]

    def for_field(self, field: SpecifiedField) -> TextChecks:
        """Those of the checks that a field is asked for: none where its values do not stay text.

        A field may be exempt from some by its specification (`exempt_from`), or name a check that says
        the same.
        """
        named = {use.name for use in field.checks}
        return TextChecks(
            tuple(
                check
                for check in self.checks
                if field.format in check.formats
                and check.code not in field.exempt_from
                and not check.said_by & named
            )
        )

    def screen(self, text: pa.Array) -> pa.Array:
        """Whether a value may fail one of the checks; false for null."""
        odd = pa.repeat(False, len(text))
        for screen in dict.fromkeys(check.screen for check in self.checks):
            if screen is not None:
                odd = pc.or_(odd, pc.fill_null(screen(text), False))
        return odd


RecordTest = Callable[[Sequence[pa.Array], Terms], pa.Array]
"""Of each record, from typed values of several fields: true, false, or null where there is nothing to say."""

RecordDetail = Callable[[Sequence[pa.Array], Terms], pa.Array]
"""Of each failing record, from the same values: what only this place can tell; or null."""


def no_record_detail(values: Sequence[pa.Array], _terms: Terms) -> pa.Array:
    """Nothing more to say than the check's own message."""
    return pa.nulls(len(values[0]), pa.string())


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """One check on several fields of one record; its findings stand at the first of them.

    `formats` are, for each field in turn, the formats whose typed values the test can take. `lacks` says
    what is missing for the check to be made, in words; None where nothing is.
    """

    code: str
    formats: tuple[frozenset[FieldFormat], ...]
    passes: RecordTest
    detail: RecordDetail = no_record_detail
    lacks: Callable[[Terms], str | None] = lambda _terms: None


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
