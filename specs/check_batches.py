"""The check of records by themselves, batch after batch, while they stream by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from specs.batches import in_order
from specs.engine import Stored
from specs.findings_file import BatchFindings
from specs.parse import SOURCE_ROW, ParsedBatch, Reading, parse, record_schema, repeating
from specs.profile import RunningProfile
from specs.schema import ExtractSchema
from specs.specification import Specification
from specs.totals import RunningTotals

RECORDS, WHOLE, FINDINGS = "each record", "the data set as a whole", "findings"
"""The steps of a check."""
Progress = Callable[[str, int], None]
"""Told the step of a check, and now and then how many records have been checked so far."""


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """One batch of an extract after its check."""

    records: pa.RecordBatch
    findings: pa.RecordBatch
    parsed: ParsedBatch


@dataclass(frozen=True, slots=True)
class BatchCheck:
    """The check of some records by themselves: pure, and the same whatever else is in the extract."""

    specification: Specification
    reading: Reading
    schema: ExtractSchema
    """The specification's schemas over the columns that batches have."""

    def check(self, batch: pa.RecordBatch) -> CheckedBatch:
        """Check a batch of `source_row` and text columns named as in the specification."""
        parsed = parse(batch, self.specification, self.reading)
        return CheckedBatch(
            records=_records(parsed, self.specification),
            findings=self.schema.findings(parsed),
            parsed=parsed,
        )


@dataclass(frozen=True, slots=True)
class BatchesChecked:
    """What is known of the records once each has been checked by itself."""

    rows: int
    totals: RunningTotals
    profile: RunningProfile
    stored: Stored
    """Where SQL can be asked of them: `source_row`, every field of the specification and maybe more."""


class KeptRecords:
    """What the check of records by themselves leaves behind: typed records and findings. A context manager.

    Columns that repeat themselves in the first batch are written with a dictionary, which halves the time
    that queries take; for the others it would only cost time to make one.
    """

    def __init__(
        self,
        specification: Specification,
        columns: Collection[str],
        sample: pa.RecordBatch,
        *,
        records: Path,
        findings: BatchFindings,
        progress: Progress,
    ) -> None:
        """Begin with nothing.

        Args:
            specification: what the records are.
            columns: those that the extract has.
            sample: the first batch of text.
            records: where typed records are written, as Parquet.
            findings: where findings are kept.
            progress: told `RECORDS`, and how many of them have been checked.
        """
        self.file = records
        self.findings = findings
        self.totals = RunningTotals(specification, columns)
        self.rows = 0
        self._progress = progress
        self._writer = pq.ParquetWriter(
            records, record_schema(specification), compression="lz4", use_dictionary=list(repeating(sample))
        )

    def __enter__(self) -> Self:
        self.findings.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self._writer.close()
        finally:
            self.findings.__exit__(kind, fault, traceback)

    def write(self, records: pa.RecordBatch, findings: pa.RecordBatch) -> None:
        """Write the typed records of the next batch, and keep its findings, ordered by row."""
        self._writer.write_batch(records)
        self.findings.add(findings, last_row=records.column(SOURCE_ROW)[-1].as_py())

    def count(self, records: pa.RecordBatch) -> None:
        """Count a batch of typed records, and add it up."""
        self.totals.add(records)
        self.rows += records.num_rows
        self._progress(RECORDS, self.rows)


def check_batches(
    batches: Iterable[pa.RecordBatch], batch_check: BatchCheck, kept: KeptRecords
) -> BatchesChecked:
    """Check batch after batch: write typed records, keep findings, count and add up.

    Args:
        batches: `source_row` and text columns named as in the specification.
        batch_check: what each of them is put through.
        kept: where all of it goes.
    """
    profile = RunningProfile(batch_check.specification, batch_check.schema.fields)
    with kept:

        def write(checked: CheckedBatch) -> CheckedBatch:
            kept.write(checked.records, checked.findings)
            return checked

        # reading, checking and writing go on at the same time
        for checked in in_order(write, in_order(batch_check.check, batches), workers=1):
            profile.add(checked.parsed, checked.findings)
            kept.count(checked.records)
    return BatchesChecked(kept.rows, kept.totals, profile, kept.file)


def _records(parsed: ParsedBatch, specification: Specification) -> pa.RecordBatch:
    """Typed records with every column of the specification, null where the extract has none."""
    schema = record_schema(specification)
    arrays = [parsed.rows]
    for field in specification.fields:
        type_ = schema.field(field.column).type
        column = parsed.columns.get(field.column)
        arrays.append(pa.nulls(len(parsed.rows), type_) if column is None else column.value_of_each_record)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
