"""Texts of one field, corrected: what becomes of each, and which corrections had a part in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from specs.corrections.kind import ColumnCorrection, FieldTerms, ValueCorrection
from specs.corrections.registry import CODES, forms, tidying
from specs.corrections.verify import brings_no_finding

Marks = npt.NDArray[np.int64]
"""One bit for each correction, in the order of CODES."""

_ROUNDS = 8
"""One correction can make way for another (marks without width hide damaged letters): two rounds do."""
_BITS = {code: np.int64(1 << place) for place, code in enumerate(CODES)}


@dataclass(frozen=True, slots=True)
class Corrected:
    """Texts after correction, and for each which corrections changed it."""

    text: pa.Array
    marks: Marks

    def at(self, places: npt.NDArray[np.intp]) -> Corrected:
        """Those at some places."""
        return Corrected(self.text.take(pa.array(places)), self.marks[places])

    def replaced(self, places: npt.NDArray[np.intp], others: Corrected) -> Corrected:
        """These, with others at some places."""
        chosen = np.zeros(len(self.text), np.bool_)
        chosen[places] = True
        marks = self.marks.copy()
        marks[places] = others.marks
        return Corrected(pc.replace_with_mask(self.text, pa.array(chosen), others.text), marks)

    def where(self, chosen: pa.Array, other: Corrected) -> Corrected:
        """These where the mask is true, the others elsewhere."""
        return Corrected(
            pc.if_else(chosen, self.text, other.text),
            np.where(chosen.to_numpy(zero_copy_only=False), self.marks, other.marks),
        )


def value_corrections(terms: FieldTerms) -> tuple[ValueCorrection, ...]:
    """The corrections of a field that each value decides by itself."""
    return (*tidying(terms), *forms(terms))


def corrected_values(text: pa.Array, terms: FieldTerms) -> Corrected:
    """Texts after the corrections that each value decides by itself.

    Where the outcome would have a finding that the text has not, only the tidying is kept; where even
    that would, the text stays.
    """
    as_they_are = Corrected(text, np.zeros(len(text), np.int64))
    tidy = _until_nothing_changes(tidying(terms), as_they_are, terms)
    outcome = tidy.where(_fine(text, tidy, terms), as_they_are)
    of_forms = forms(terms)
    if not of_forms:
        return outcome
    whole = _until_nothing_changes((*of_forms, *tidying(terms)), tidy, terms)
    return whole.where(_fine(text, whole, terms), outcome)


def corrected_by_column(
    text: pa.Array, corrections: Sequence[ColumnCorrection], terms: FieldTerms
) -> Corrected:
    """Texts after corrections that their column has proved; as they are where that brings a finding.

    What follows from a date being another day than it was read as is no objection.
    """
    as_they_are = Corrected(text, np.zeros(len(text), np.int64))
    same_day = [each for each in corrections if not each.another_day]
    rewritten = _one_by_one(same_day, as_they_are, terms)
    outcome = rewritten.where(_fine(text, rewritten, terms), as_they_are)
    return _one_by_one([each for each in corrections if each.another_day], outcome, terms)


def codes_of(marks: int) -> tuple[str, ...]:
    """The corrections that marks stand for, in the order in which they are made."""
    return tuple(code for code, bit in _BITS.items() if marks & int(bit))


def _until_nothing_changes(
    corrections: Sequence[ValueCorrection], before: Corrected, terms: FieldTerms
) -> Corrected:
    outcome = _one_by_one(corrections, before, terms)
    for _ in range(_ROUNDS):
        changed = _where_differ(before.text, outcome.text)
        if not len(changed):
            break
        again = _one_by_one(corrections, outcome.at(changed), terms)  # what was as it is, stays
        before, outcome = outcome, outcome.replaced(changed, again)
    return outcome


def _where_differ(text: pa.Array, other: pa.Array) -> npt.NDArray[np.intp]:
    return np.flatnonzero(pc.not_equal(text, other).to_numpy(zero_copy_only=False))


def _one_by_one(
    corrections: Sequence[ValueCorrection | ColumnCorrection], before: Corrected, terms: FieldTerms
) -> Corrected:
    text, marks = before.text, before.marks
    for correction in corrections:
        after = correction.changes(text, terms)
        changed = pc.not_equal(text, after).to_numpy(zero_copy_only=False)
        text, marks = after, marks | np.where(changed, _BITS[correction.code], 0)
    return Corrected(text, marks)


def _fine(before: pa.Array, after: Corrected, terms: FieldTerms) -> pa.Array:
    """Of each text, whether its correction brings no finding; asked of those only that it changed."""
    fine = np.ones(len(before), np.bool_)
    changed = np.flatnonzero(after.marks)
    if len(changed):
        chosen = pa.array(changed)
        fine[changed] = brings_no_finding(before.take(chosen), after.text.take(chosen), terms)
    return pa.array(fine)
