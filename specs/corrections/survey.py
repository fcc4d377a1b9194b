"""The first look at an extract: which columns need correcting, and what they prove."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from specs.corrections.column_text import ColumnText, Counts
from specs.corrections.correct import codes_of, corrected_values, value_corrections
from specs.corrections.decisions import Corrections, Decision
from specs.corrections.descriptions import correction_descriptions
from specs.corrections.kind import FieldTerms, tally
from specs.corrections.registry import CODES, of_columns
from specs.dates import DateFormat
from specs.parse import decide_reading
from specs.specification import Specification

_NO_RECORDS = pa.RecordBatch.from_arrays([], names=[])


class CorrectionSurvey:
    """What the columns of an extract show, added up batch by batch: a few numbers for each column.

    Neither the order of the records nor how they are cut into batches makes a difference.
    """

    def __init__(
        self,
        specification: Specification,
        columns: Collection[str],
        *,
        today: date,
        dates: Sequence[DateFormat] = (),
    ) -> None:
        """Begin.

        Args:
            specification: what the columns are.
            columns: those of the specification that the extract has.
            today: the day of the check: no correction may lead to a date in the future where none may be.
            dates: the formats that the mapping names; then how dates are written is left as it is.
        """
        reading, _ = decide_reading(specification, _NO_RECORDS, dates=dates)
        self._terms = {
            field.column: FieldTerms(field, today, reading.latest_short_year, reading.dates)
            for field in specification.fields
            if field.column in columns
        }
        self._changed: dict[str, Counter[str]] = {column: Counter() for column in self._terms}
        self._counts: dict[tuple[str, str], Counts] = {}

    def add(self, batch: pa.RecordBatch) -> None:
        """Look at the next batch: `source_row` and text columns named as in the specification, never null."""
        for name, terms in self._terms.items():
            column = ColumnText(batch.column(name))
            if any(each.may_change(column, terms) for each in value_corrections(terms)):
                column = self._tidied(column, terms)
            for correction in of_columns(terms):
                key = (name, correction.code)
                counts = correction.counts(column, terms)
                self._counts[key] = self._counts[key] + counts if key in self._counts else counts

    def _tidied(self, column: ColumnText, terms: FieldTerms) -> ColumnText:
        """A column as it stands once each value is corrected by itself: what a proof is to look at."""
        encoded = column.text.dictionary_encode()
        corrected = corrected_values(encoded.dictionary, terms)
        changed = pc.not_equal(encoded.dictionary, corrected.text).to_numpy(zero_copy_only=False)
        if not changed.any():
            return column
        times = np.bincount(encoded.indices.to_numpy(), minlength=len(changed))
        marks, places = np.unique(corrected.marks[changed], return_inverse=True)
        for mark, count in zip(marks, np.bincount(places, weights=times[changed]), strict=True):
            for code in codes_of(int(mark)):
                self._changed[terms.field.column][code] += int(count)
        return ColumnText(corrected.text.take(encoded.indices))

    def to_plain(self) -> list[Any]:
        """What was added up, as JSON holds it."""
        counts = [[name, code, counted.tolist()] for (name, code), counted in self._counts.items()]
        return [self._changed, counts]

    def merge(self, plain: Sequence[Any]) -> None:
        """Add up what another survey of the same columns made of other records, as `to_plain` gave it."""
        changed, counts = plain
        for name, times in changed.items():
            self._changed[name].update(times)
        for name, code, counted in counts:
            self._counts[name, code] = self._counts.get((name, code), 0) + tally(*counted)

    def decide(self) -> Corrections:
        """What is corrected, by all that was added."""
        return Corrections(
            tuple(decision for name, terms in self._terms.items() for decision in self._decided(name, terms)),
            dict(self._terms),
        )

    def _decided(self, name: str, terms: FieldTerms) -> list[Decision]:
        described = correction_descriptions()
        seen = {code: f"{count:,} value{'s' * (count != 1)}" for code, count in self._changed[name].items()}
        for correction in of_columns(terms):
            counts = self._counts.get((name, correction.code))
            if counts is not None and correction.proven(counts, described[correction.code].limits):
                seen[correction.code] = correction.words(counts)
        return [
            Decision(column=name, field=terms.field.name, code=code, seen=seen[code])
            for code in CODES
            if code in seen
        ]
