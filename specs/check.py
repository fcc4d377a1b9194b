"""Check an extract against a specification: typed records, findings, and a record of the check.

The extract is read once, in batches of one size: mapped, parsed, held against the specification's schema,
written as typed records. What needs the whole data set (references used twice or to nothing, a line of
totals) is asked in SQL of those records. Nothing takes its place in the workspace until all of it is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from specs.across import (
    duplicate_key_findings,
    missing_reference_findings,
    needed_for_key,
    totals_row_findings,
)
from specs.amounts import MoneyFormat
from specs.batches import in_order
from specs.check_descriptions import check_descriptions
from specs.check_record import CheckRecord, NotChecked
from specs.dates import date_format
from specs.engine import Engine
from specs.finding import FINDINGS
from specs.findings_file import BatchFindings, write_findings
from specs.mapped import open_mapped
from specs.mapping import Mapping as FieldMapping
from specs.parse import SOURCE_ROW, ParsedBatch, Reading, decide_reading, parse, record_schema
from specs.private_files import digest_of, working_folder, written_whole
from specs.read import Extract, ExtractFormat
from specs.schema import ExtractSchema, severity_of_absence
from specs.specification import Severity, Specification
from specs.totals import RunningTotals

Progress = Callable[[int], None]
"""Told now and then how many records have been checked so far."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found, and where it is written."""

    record: CheckRecord
    format: ExtractFormat
    filled: Mapping[str, int]
    """By published name: in how many records the field has a value. Fields without a column are left out."""
    records: Path
    """Typed records: `checked/<dataset>.parquet`."""
    record_file: Path
    findings: Path
    """Columns FINDINGS, ordered by row, code and place of the field: `findings/<dataset>.parquet`."""
    findings_csv: Path


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """One batch of an extract after its check."""

    records: pa.RecordBatch
    findings: pa.RecordBatch
    filled: Mapping[str, int]


def check_extract(
    extract: Extract,
    specification: Specification,
    mapping: FieldMapping,
    *,
    today: date,
    workspace: Path,
    engine: Engine,
    others: Mapping[str, Path] | None = None,
    money: MoneyFormat | None = None,
    progress: Progress | None = None,
) -> CheckResult:
    """Check an extract and write its records, findings and check record into a workspace.

    Memory stays bounded whatever the size of the extract. The same arguments give the same bytes.

    Args:
        extract: what the source system gave.
        specification: what it must look like.
        mapping: which headings hold which fields.
        today: the day of the check; a date of birth after it is a finding.
        workspace: folder that gets `checked/` and `findings/`, private to the user.
        engine: what runs SQL.
        others: checked records of other data sets, by data set, for references to them.
        money: overrides what the mapping says of sums of money.
        progress: told how many records have been checked.

    Raises:
        ExtractUnreadable: something in the file that only shows while reading.
        MappingInvalid: the mapping names a heading that is not there.
        OutputUnwritable: no permission, no space.
    """
    records = workspace / "checked" / f"{specification.dataset}.parquet"
    findings = workspace / "findings" / f"{specification.dataset}.parquet"
    record_file, findings_csv = records.with_suffix(".json"), findings.with_suffix(".csv")
    with ExitStack() as files:  # what is opened first takes its place last: the record vouches for the rest
        new_record = files.enter_context(written_whole(record_file))
        new_csv = files.enter_context(written_whole(findings_csv))
        new_findings = files.enter_context(written_whole(findings))
        new_records = files.enter_context(written_whole(records))
        folder = files.enter_context(working_folder(workspace))

        source = open_mapped(extract, mapping, folder, engine)
        reading, assumptions = decide_reading(
            specification,
            source.sample,
            dates=[date_format(text) for text in mapping.date_format],
            money=money or mapping.money_format,
        )
        kept = BatchFindings(folder / "findings.arrow")
        totals = RunningTotals(specification, source.columns)
        rows, filled = _check_batches(
            source.batches,
            BatchCheck(specification, reading, ExtractSchema(specification, source.columns, today=today)),
            new_records,
            kept,
            totals=totals,
            progress=progress or (lambda _rows: None),
        )
        across, not_checked = _check_across(specification, source.columns, new_records, others or {}, engine)
        whole_file = _whole_file_findings(
            [
                *_missing_columns(specification, source.columns, mapping),
                *((found.code, found.field.name, None, found.detail) for found in assumptions),
                *_left_out(source.repeated_rows),
            ]
        )
        counts = write_findings(kept.merged_with(whole_file, across), new_findings, new_csv)
        record = CheckRecord(
            dataset=specification.dataset,
            exercise=specification.exercise,
            specification=specification.label,
            specification_digest=specification.digest,
            extract=extract.path.name,
            extract_sha256=extract.sha256,
            extract_bytes=extract.bytes,
            records_sha256=digest_of(new_records),
            extract_format=extract.format.describe(),
            mapping_sha256=mapping.digest,
            rows=rows,
            blank_rows=extract.blank_rows,
            findings=counts,
            not_checked=not_checked,
            totals=totals.totals(),
            columns_absent=mapping.columns_absent,
            columns_not_held=tuple(name for name in mapping.columns_absent if name in mapping.not_held),
            columns_unused=mapping.columns_unused(extract.headings),
            version=version("nfi"),
        )
        new_record.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return CheckResult(
        record=record,
        format=extract.format,
        filled={
            field.name: filled[field.column]
            for field in specification.fields
            if field.column in source.columns
        },
        records=records,
        record_file=record_file,
        findings=findings,
        findings_csv=findings_csv,
    )


@dataclass(frozen=True, slots=True)
class BatchCheck:
    """The check of some records by themselves: pure, and the same whatever else is in the extract."""

    specification: Specification
    reading: Reading
    schema: ExtractSchema
    """The specification's schema over the columns that batches have."""

    def check(self, batch: pa.RecordBatch) -> CheckedBatch:
        """Check a batch of `source_row` and text columns named as in the specification."""
        parsed = parse(batch, self.specification, self.reading)
        return CheckedBatch(
            records=_records(parsed, self.specification),
            findings=self.schema.findings(parsed),
            filled={column: len(text) - text.null_count for column, text in parsed.text.items()},
        )


def _check_batches(
    batches: Iterable[pa.RecordBatch],
    batch_check: BatchCheck,
    records: Path,
    findings: BatchFindings,
    *,
    totals: RunningTotals,
    progress: Progress,
) -> tuple[int, Counter[str]]:
    """Check batch after batch; write records, keep findings, add up; rows, and filled values per column."""
    rows = 0
    filled: Counter[str] = Counter()
    types = record_schema(batch_check.specification)
    with (
        # without dictionaries: half the time to write, and no slower to query
        pq.ParquetWriter(
            records, types, compression="zstd", compression_level=1, use_dictionary=False
        ) as writer,
        findings,
    ):

        def write(checked: CheckedBatch) -> CheckedBatch:
            writer.write_batch(checked.records)
            findings.add(checked.findings, last_row=checked.records.column(SOURCE_ROW)[-1].as_py())
            return checked

        # reading, checking and writing go on at the same time
        for checked in in_order(write, in_order(batch_check.check, batches), workers=1):
            filled.update(checked.filled)
            totals.add(checked.records)
            rows += checked.records.num_rows
            progress(rows)
    return rows, filled


def _check_across(
    specification: Specification,
    columns: frozenset[str],
    records: Path,
    others: Mapping[str, Path],
    engine: Engine,
) -> tuple[pa.Table, tuple[NotChecked, ...]]:
    """Findings that need the whole data set, ordered by row and code, and what could not be checked."""
    found = [totals_row_findings(specification, columns, records, engine)]
    not_checked = []

    def absent(*names: str) -> str:
        fields = [specification.by_column[name].name for name in names if name not in columns]
        return f"the extract has no column for {' and '.join(fields)}" if fields else ""

    if reason := absent(*needed_for_key(specification)):
        not_checked.append(NotChecked(code="duplicate_key", reason=reason))
    else:
        found.append(duplicate_key_findings(specification, records, engine))
    for reference in specification.references:
        reason = absent(reference.column)
        if not reason and reference.dataset not in others:
            reason = f"{reference.dataset} has not been checked; check it first, then this data set again"
        if reason:
            not_checked.append(NotChecked(code="reference", reason=reason))
            continue
        other = others[reference.dataset]
        found.append(missing_reference_findings(specification, reference, records, other, engine))
    not_checked += [
        NotChecked(code="not_greater", reason=reason)
        for limit in specification.not_greater
        if (reason := absent(limit.column, limit.than))
    ]
    across = pa.concat_tables(found)
    in_order_of_rows = pc.sort_indices(across, sort_keys=[("row", "ascending"), ("code", "ascending")])
    return across.take(in_order_of_rows), tuple(not_checked)


def _records(parsed: ParsedBatch, specification: Specification) -> pa.RecordBatch:
    """Typed records with every column of the specification, null where the extract has none."""
    schema = record_schema(specification)
    arrays = [parsed.rows]
    for field in specification.fields:
        type_ = schema.field(field.column).type
        arrays.append(parsed.values.get(field.column, pa.nulls(len(parsed.rows), type_)))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


_FileFinding = tuple[str, str | None, Severity | None, str | None]
"""Code, field, severity where the specification sets it, detail."""


def _missing_columns(
    specification: Specification, columns: frozenset[str], mapping: FieldMapping
) -> Iterator[_FileFinding]:
    for field in specification.fields:
        if field.column in columns:
            continue
        severity = severity_of_absence(field, specification.required_evidence) or Severity.NOTE
        if field.name in mapping.not_held:
            # what a record cannot do without needs a look, even where it is missing on purpose
            said = Severity.WARNING if severity is Severity.ERROR else Severity.NOTE
            yield "missing_column", field.name, said, "not held, as the mapping says"
        else:
            yield "missing_column", field.name, severity, None


def _left_out(repeated_rows: int) -> Iterator[_FileFinding]:
    if repeated_rows:
        yield "repeated_row", None, None, f"{repeated_rows:,} row{'s' if repeated_rows > 1 else ''}"


def _whole_file_findings(found: list[_FileFinding]) -> pa.Table:
    """Findings without a row, ordered by code; within a code in the order in which they were found."""
    described = check_descriptions()
    return pa.Table.from_pylist(
        [
            {
                "code": code,
                "severity": str(severity or described[code].severity),
                "row": None,
                "field": field,
                "value": None,
                "detail": detail,
            }
            for code, field, severity, detail in sorted(found, key=lambda finding: finding[0])
        ],
        schema=FINDINGS,
    )
