"""What is corrected in an extract, decided once for all its records, and the correcting itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict

from specs.corrections.change_log import CHANGES, joined_codes
from specs.corrections.column_text import ColumnText
from specs.corrections.correct import (
    Corrected,
    codes_of,
    corrected_by_column,
    corrected_values,
    value_corrections,
)
from specs.corrections.descriptions import correction_descriptions
from specs.corrections.kind import FieldTerms
from specs.corrections.registry import of_columns
from specs.parse import SOURCE_ROW


class Decision(BaseModel):
    """One correction that is made in one field, and what in the column calls for it. No personal data."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str
    field: str
    """Published name."""
    code: str
    seen: str
    """What the column showed, in words, such as '12 values'."""


@dataclass(frozen=True)
class Corrections:
    """What is corrected in an extract: the same for all its records, however they are cut into batches."""

    decisions: tuple[Decision, ...]
    """By place of the field, then in the order in which corrections are made."""
    terms: Mapping[str, FieldTerms]
    """Of every column that the extract has, in the specification's order."""

    def apply(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, pa.RecordBatch]:
        """A batch after correction, and what was changed: columns CHANGES, ordered by row and field.

        A cell that several corrections changed is one change, with all their codes: what stood there and
        what stands there now.

        Args:
            batch: `source_row` and text columns named as in the specification, as they were surveyed.
        """
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        rows = columns[SOURCE_ROW]
        places, changes = [], []
        for name in {decision.column: None for decision in self.decisions}:
            if name not in columns:
                continue
            corrected = self._corrected(columns[name], name)
            changed = np.flatnonzero(
                pc.not_equal(columns[name], corrected.text).to_numpy(zero_copy_only=False)
            )
            if len(changed):
                chosen = pa.array(changed)
                places.append(changed)
                changes.append(
                    pa.record_batch(
                        [
                            rows.take(chosen),
                            pa.repeat(self.terms[name].field.name, len(changed)),
                            columns[name].take(chosen),
                            corrected.text.take(chosen),
                            _codes(corrected.marks[changed]),
                        ],
                        schema=CHANGES,
                    )
                )
                columns[name] = corrected.text
        corrected_batch = pa.RecordBatch.from_arrays(list(columns.values()), schema=batch.schema)
        if not changes:
            return corrected_batch, pa.RecordBatch.from_pylist([], schema=CHANGES)
        in_order = np.argsort(np.concatenate(places), kind="stable")
        return corrected_batch, pa.concat_batches(changes).take(pa.array(in_order))

    def describe(self) -> list[str]:
        """What is corrected, one sentence for each correction of each field, with what proves it."""
        described = correction_descriptions()
        return [
            f"{decision.field}: {described[decision.code].title} ({decision.code}): {decision.seen}."
            for decision in self.decisions
        ]

    def _corrected(self, text: pa.Array, column: str) -> Corrected:
        """A column after correction, worked out once for each distinct text."""
        terms = self.terms[column]
        decided = {decision.code for decision in self.decisions if decision.column == column}
        proven = [each for each in of_columns(terms) if each.code in decided]
        if not proven:
            look = ColumnText(text)
            if not any(each.may_change(look, terms) for each in value_corrections(terms)):
                return Corrected(text, np.zeros(len(text), np.int64))
        encoded = text.dictionary_encode()
        by_value = corrected_values(encoded.dictionary, terms)
        by_column = corrected_by_column(by_value.text, proven, terms)
        places = encoded.indices
        marks = (by_value.marks | by_column.marks)[places.to_numpy()]
        return Corrected(by_column.text.take(places), marks)


def _codes(marks: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Array:
    distinct, places = np.unique(marks, return_inverse=True)
    return pa.array([joined_codes(codes_of(int(mark))) for mark in distinct], pa.string()).take(
        pa.array(places)
    )
