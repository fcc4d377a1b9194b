"""The check of records by themselves, batch after batch, while they stream by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from specs.batches import in_order
from specs.findings_file import BatchFindings
from specs.parse import SOURCE_ROW, ParsedBatch, Reading, parse, record_schema
from specs.profile import RunningProfile
from specs.schema import ExtractSchema
from specs.specification import Specification
from specs.totals import RunningTotals

Progress = Callable[[int], None]
"""Told now and then how many records have been checked so far."""


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
    """What is known of the records once all of them have streamed by."""

    rows: int
    totals: RunningTotals
    profile: RunningProfile


def check_batches(
    batches: Iterable[pa.RecordBatch],
    batch_check: BatchCheck,
    records: Path,
    findings: BatchFindings,
    *,
    progress: Progress,
) -> BatchesChecked:
    """Check batch after batch: write typed records, keep findings, count and add up.

    Args:
        batches: `source_row` and text columns named as in the specification.
        batch_check: what each of them is put through.
        records: where typed records are written, as Parquet.
        findings: where findings are kept.
        progress: told how many records have been checked.
    """
    columns = batch_check.schema.fields
    totals = RunningTotals(batch_check.specification, columns)
    profile = RunningProfile(batch_check.specification, columns)
    rows = 0
    with _RecordsFile(records, record_schema(batch_check.specification)) as file, findings:

        def write(checked: CheckedBatch) -> CheckedBatch:
            file.write(checked)
            findings.add(checked.findings, last_row=checked.records.column(SOURCE_ROW)[-1].as_py())
            return checked

        # reading, checking and writing go on at the same time
        for checked in in_order(write, in_order(batch_check.check, batches), workers=1):
            totals.add(checked.records)
            profile.add(checked.parsed, checked.findings)
            rows += checked.records.num_rows
            progress(rows)
    return BatchesChecked(rows, totals, profile)


class _RecordsFile:
    """Typed records on their way into a Parquet file: a context manager.

    Columns that repeat themselves in the first batch are written with a dictionary, which halves the time
    that queries take; for the others it would only cost time to make one.
    """

    def __init__(self, path: Path, types: pa.Schema) -> None:
        self._path = path
        self._types = types
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._writer is not None:
            self._writer.close()

    def write(self, checked: CheckedBatch) -> None:
        """Write the records of the next batch."""
        if self._writer is None:
            repeating = [name for name, column in checked.parsed.columns.items() if column.places is not None]
            self._writer = pq.ParquetWriter(
                self._path, self._types, compression="lz4", use_dictionary=repeating
            )
        self._writer.write_batch(checked.records)


def _records(parsed: ParsedBatch, specification: Specification) -> pa.RecordBatch:
    """Typed records with every column of the specification, null where the extract has none."""
    schema = record_schema(specification)
    arrays = [parsed.rows]
    for field in specification.fields:
        type_ = schema.field(field.column).type
        column = parsed.columns.get(field.column)
        arrays.append(pa.nulls(len(parsed.rows), type_) if column is None else column.value_of_each_record)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
