"""The correction of records that an engine holds: made where they are, written here in order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from specs.batches import BATCH_ROWS, of_one_size
from specs.check_record import CorrectionCount
from specs.corrected import CorrectionFiles
from specs.corrections import CHANGES, Corrections, CorrectionSurvey, write_changes, write_corrected
from specs.dates import DateFormat
from specs.held_batches import of_records, sent_with_records, with_records
from specs.held_records import HeldRecords
from specs.parse import SOURCE_ROW
from specs.specification import Specification

_CHANGES, _SURVEY = "changes", "survey"


@dataclass(frozen=True, slots=True)
class SurveyBatch:
    """From records as text to a survey of them, as JSON."""

    specification: Specification
    columns: tuple[str, ...]
    today: date
    dates: tuple[DateFormat, ...]

    def survey(self) -> CorrectionSurvey:
        """A survey of nothing so far."""
        return CorrectionSurvey(self.specification, self.columns, today=self.today, dates=self.dates)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Column `survey`: one row, or none."""
        survey = self.survey()
        if batch.num_rows:
            survey.add(batch)
        plain = [json.dumps(survey.to_plain())] if batch.num_rows else []
        return pa.record_batch({_SURVEY: pa.array(plain, pa.string())})


@dataclass(frozen=True, slots=True)
class CorrectBatch:
    """From records as text to the same corrected, each with what was changed in it."""

    corrections: Corrections

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The same columns, and `changes`."""
        if not batch.num_rows:
            return batch.append_column(_CHANGES, pa.array([], sent_with_records(CHANGES)))
        batch = batch.take(pc.sort_indices(batch.column(SOURCE_ROW)))
        corrected, changes = self.corrections.apply(batch)
        return corrected.append_column(_CHANGES, with_records(changes, batch.column(SOURCE_ROW)))


@dataclass(frozen=True, slots=True)
class CorrectedThere:
    """Records that were corrected where an engine holds them."""

    records: HeldRecords
    counts: tuple[CorrectionCount, ...]
    sentences: tuple[str, ...]
    """What was corrected and what calls for it."""


def correct_held(
    held: HeldRecords, files: CorrectionFiles, *, today: date, dates: Sequence[DateFormat]
) -> CorrectedThere:
    """Correct the records of a data set, and write what was changed; arguments as for `correct`."""
    columns = tuple(name for name in held.source.schema.names if name != SOURCE_ROW)
    mapped = held.mapped or held.each_extract("mapped", lambda mapping: mapping)[0]
    survey_batch = SurveyBatch(held.specification, columns, today, tuple(dates))
    surveys = held.map_mapped("surveys", survey_batch, mapped)
    survey = survey_batch.survey()
    found = held.engine.sql(f"select {_SURVEY}\nfrom surveys", surveys=surveys)
    for plain in found.column(_SURVEY).to_pylist():
        survey.merge(json.loads(plain))
    corrections = survey.decide()
    corrected = held.map_mapped("corrected", CorrectBatch(corrections), mapped)
    with_changes = pa.schema([(SOURCE_ROW, pa.int64()), (_CHANGES, sent_with_records(CHANGES))])

    def changes() -> Iterator[pa.RecordBatch]:
        for batch in of_one_size(held.pages(corrected, with_changes), BATCH_ROWS):
            yield of_records(batch, _CHANGES, CHANGES)

    counts = write_changes(changes(), files.changes, files.changes_csv, held.specification, held.source.files)
    write_corrected(files.extract, held.pages(corrected, held.source.schema), held.specification)
    return CorrectedThere(replace(held, mapped=corrected), counts, tuple(corrections.describe()))
