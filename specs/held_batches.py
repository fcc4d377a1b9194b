"""What an engine does with each batch of an extract that it holds: map it, check it, count what it holds.

These are functions from a batch to a batch that can be sent to other processes. Each record keeps its own
findings. What is counted over all records stands in the column `summary` of the first record of a batch, as
JSON; the summaries of any batches, in any order, add up to those of the extract.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from specs.check_batches import BatchCheck
from specs.engine_extract import as_text
from specs.finding import FINDINGS
from specs.mapped import RecordMapping
from specs.parse import SOURCE_ROW, record_schema
from specs.profile import RunningProfile
from specs.specification import Specification

SUMMARY = "summary"
_FINDINGS = "findings"


@dataclass(slots=True)
class Summary:
    """What was counted in some records."""

    records: int = 0
    employers: Counter[str] = field(default_factory=Counter)
    profile: RunningProfile | None = None
    """None where the records have only been mapped so far."""

    def merge(self, other: Summary) -> Summary:
        """What was counted in these records and in others; changes this one."""
        self.records += other.records
        self.employers += other.employers
        if self.profile is None:
            self.profile = other.profile
        elif other.profile is not None:
            self.profile.merge(other.profile)
        return self

    def as_json(self) -> str:
        """As it stands in a column."""
        profile = self.profile and self.profile.to_plain()
        return json.dumps([self.records, self.employers, profile], ensure_ascii=False)


def summary_of(texts: pa.Array | pa.ChunkedArray, specification: Specification) -> Summary:
    """The sum of summaries as they stand in a column; null ones do not count."""
    return reduce(
        Summary.merge, (_read(text, specification) for text in texts.drop_null().to_pylist()), Summary()
    )


def _read(text: str, specification: Specification) -> Summary:
    records, employers, profile = json.loads(text)
    return Summary(records, Counter(employers), profile and RunningProfile.from_plain(specification, profile))


@dataclass(frozen=True, slots=True)
class MapBatch:
    """From rows of an extract to records of the specification as text, with a summary."""

    headings: tuple[str, ...]
    first_footer: int | None
    """The row from which on nothing is a record."""
    records: RecordMapping
    rows_before: int
    """Rows of the extracts before this one."""

    def mapped(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, Summary]:
        """The records, and what was counted in them."""
        return self.of_text(as_text(batch, self.headings))

    def of_text(self, found: pa.RecordBatch) -> tuple[pa.RecordBatch, Summary]:
        """The same of rows that are text already."""
        if self.first_footer is not None:
            found = found.filter(pc.less(found.column(0), self.first_footer))
        summary = Summary(found.num_rows, self.records.employers(found))
        return self.records.apply(found, self.rows_before), summary

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """`source_row`, text columns of the specification, `summary`."""
        records, summary = self.mapped(batch)
        return records.append_column(SUMMARY, _summaries(records.num_rows, summary))


@dataclass(frozen=True, slots=True)
class CheckBatch:
    """From records as text to typed records, each with its findings, and a summary."""

    batch_check: BatchCheck

    def checked(self, records: pa.RecordBatch, summary: Summary) -> pa.RecordBatch:
        """The typed records, `findings` and `summary`, to which the profile of the records is added."""
        if not records.num_rows:
            return pa.RecordBatch.from_pylist([], schema=checked_schema(self.batch_check.specification))
        checked = self.batch_check.check(records)
        summary.profile = RunningProfile(self.batch_check.specification, self.batch_check.schema.fields)
        summary.profile.add(checked.parsed, checked.findings)
        return pa.RecordBatch.from_arrays(
            [
                *checked.records.columns,
                with_records(checked.findings, checked.records.column(SOURCE_ROW)),
                _summaries(records.num_rows, summary),
            ],
            schema=checked_schema(self.batch_check.specification),
        )

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """What `checked` makes of `source_row` and text columns; in order of the rows."""
        return self.checked(batch.take(pc.sort_indices(batch.column(SOURCE_ROW))), Summary(batch.num_rows))


@dataclass(frozen=True, slots=True)
class MapAndCheckBatch:
    """Both, one after the other."""

    map: MapBatch
    check: CheckBatch

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """What `CheckBatch.checked` makes of rows of an extract."""
        return self.check.checked(*self.map.mapped(batch))


@dataclass(frozen=True, slots=True)
class MergeSummaries:
    """From summaries, one a row, to one."""

    specification: Specification

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Column `summary`: one row, or none."""
        summary = summary_of(batch.column(SUMMARY), self.specification)
        return pa.record_batch({SUMMARY: _summaries(min(batch.num_rows, 1), summary)})


def checked_schema(specification: Specification, *, with_summary: bool = True) -> pa.Schema:
    """The columns of records that an engine has checked."""
    fields = [pa.field(each.name, each.type) for each in record_schema(specification)]
    summary = [pa.field(SUMMARY, pa.string())] if with_summary else []
    return pa.schema([*fields, pa.field(_FINDINGS, sent_with_records(FINDINGS)), *summary])


def records_and_findings(
    batch: pa.RecordBatch, specification: Specification
) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """Checked records as `checked_query` gives them, as typed records and as findings of their own."""
    schema = record_schema(specification)
    records = pa.RecordBatch.from_arrays(batch.select(schema.names).columns, schema=schema)
    return records, of_records(batch, _FINDINGS, FINDINGS)


def sent_with_records(schema: pa.Schema) -> pa.ListType:
    """The type of a column that holds for each record its rows of another table, without their `row`."""
    # to many engines any column may be null
    return pa.list_(pa.struct([pa.field(each.name, each.type) for each in schema if each.name != "row"]))


def with_records(found: pa.RecordBatch, rows: pa.Array) -> pa.ListArray:
    """Of each record the rows of another table that are about it; both in order of `row`."""
    type_ = sent_with_records(found.schema)
    starts = np.searchsorted(found.column("row").to_numpy(), rows.to_numpy())
    columns = [found.column(each.name) for each in type_.value_type]
    values = pa.StructArray.from_arrays(columns, fields=list(type_.value_type))
    return pa.ListArray.from_arrays(pa.array([*starts, found.num_rows], pa.int32()), values, type=type_)


def of_records(batch: pa.RecordBatch, column: str, schema: pa.Schema) -> pa.RecordBatch:
    """The other table again, from a column that `with_records` made; in order of `row` if the records are."""
    lists = batch.column(column)
    names = [each.name for each in lists.type.value_type]
    found = dict(zip(names, lists.flatten().flatten(), strict=True))
    found["row"] = batch.column(SOURCE_ROW).take(pc.list_parent_indices(lists))
    return pa.RecordBatch.from_arrays([found[name] for name in schema.names], schema=schema)


def _summaries(rows: int, summary: Summary) -> pa.Array:
    """The summary in the first of so many rows."""
    return pa.array([summary.as_json(), *[None] * (rows - 1)] if rows else [], pa.string())
