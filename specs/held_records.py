"""The records of extracts that an engine holds: mapped and checked where they are, written here in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from specs.batches import BATCH_ROWS, in_order, of_one_size
from specs.check_batches import BatchCheck, BatchesChecked, KeptRecords
from specs.data_set.repeated_rows import without_repeated_query
from specs.engine import BatchFunction, Engine, Stored
from specs.engine_extract import FIRST_ROW, ExtractEnd, HeldExtract, end_of_extract
from specs.errors import ExtractUnreadable
from specs.formats.footers import footer_of
from specs.held_batches import (
    SUMMARY,
    CheckBatch,
    MapAndCheckBatch,
    MapBatch,
    MergeSummaries,
    Summary,
    checked_schema,
    records_and_findings,
    summary_of,
)
from specs.mapped import MappedSource
from specs.parse import SOURCE_ROW
from specs.quoting import quoted
from specs.specification import Specification

_PAGE_ROWS = 4 * BATCH_ROWS
"""Rows of checked records that are fetched at once."""


@dataclass(frozen=True, slots=True)
class HeldRecords:
    """The records of extracts that an engine holds, under the names of the specification."""

    extracts: Sequence[HeldExtract]
    ends: Sequence[ExtractEnd]
    """Of each extract."""
    source: MappedSource
    specification: Specification
    folder: Path
    """For working files, which the caller removes."""
    engine: Engine
    mapped: Stored | None = None
    """Where the records stand that have been mapped, as text, for what had to be done before their check."""
    repeated_rows: int = 0
    """How many rows are left out, as the mapping asks, since an earlier row is the same."""

    @property
    def rows_before(self) -> list[int]:
        """For each extract, the rows of those before it; then those of all."""
        before = [0]
        for end in self.ends:
            before.append(before[-1] + end.last_row)
        return before

    def sample(self) -> pa.RecordBatch:
        """The first records, as many as a batch of a streamed extract has."""
        return next(of_one_size(self._first_records(), BATCH_ROWS))

    def _first_records(self) -> Iterator[pa.RecordBatch]:
        if self.mapped:
            yield from self.pages(self.mapped, self.source.schema)
            return
        for extract, function in zip(self.extracts, self._mappings(), strict=True):
            for first in range(FIRST_ROW, extract.rows + FIRST_ROW, BATCH_ROWS):
                rows = extract.window(self.engine, first, first + BATCH_ROWS - 1)
                yield function.of_text(rows)[0]

    def _mappings(self) -> list[MapBatch]:
        """What maps each extract."""
        return [
            MapBatch(
                extract.headings, end.footers[0].number if end.footers else None, self.source.records, before
            )
            for extract, end, before in zip(self.extracts, self.ends, self.rows_before, strict=False)
        ]

    def _pages(self) -> list[tuple[int, int]]:
        """The first and the last row of each page of records."""
        last = self.rows_before[-1]
        return [(first, first + _PAGE_ROWS - 1) for first in range(FIRST_ROW, last + 1, _PAGE_ROWS)]

    def check(self, batch_check: BatchCheck, kept: KeptRecords) -> BatchesChecked:
        """Check each record by itself where it is; write the outcome here, in the order of the rows."""
        check = CheckBatch(batch_check)
        if self.mapped:
            stored = self.map_mapped("checked", check, self.mapped)
            summary = self._summary("checked", stored)
        else:
            stored, summary = self.each_extract("checked", lambda mapping: MapAndCheckBatch(mapping, check))
        with kept:
            schema = checked_schema(self.specification, with_summary=False)
            for batch in of_one_size(self.pages(stored, schema), BATCH_ROWS):
                records, findings = records_and_findings(batch, self.specification)
                kept.write(records, findings)
                kept.count(records)
        if kept.rows != summary.records or summary.profile is None:
            raise ExtractUnreadable(
                f"{self.extracts[0].path.name}: {summary.records:,} records were read and {kept.rows:,} "
                "checked: it has changed meanwhile. Check it again."
            )
        return BatchesChecked(kept.rows, kept.totals, summary.profile, stored)

    def pages(self, stored: Stored, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Columns of a table in the order of its rows, fetched while those before them are worked on."""
        names = ", ".join(quoted(name) for name in schema.names)

        def page(rows: tuple[int, int]) -> pa.Table:
            first, last = rows
            query = f"select {names}\nfrom stored\nwhere source_row between {first} and {last}"
            return self.engine.sql(f"{query}\norder by source_row", stored=stored).cast(schema)

        for table in in_order(page, self._pages(), workers=1):
            yield from table.to_batches()

    def map_mapped(self, name: str, function: BatchFunction, mapped: Stored) -> Stored:
        """What a function makes of mapped records: `source_row`, then text columns of the specification."""
        names = ", ".join(quoted(column) for column in self.source.schema.names)
        query = f"select {names}\nfrom mapped"
        return self.engine.map_into(self.folder / f"{name}.parquet", function, query, mapped=mapped)

    def each_extract(
        self, name: str, function: Callable[[MapBatch], BatchFunction]
    ) -> tuple[Stored, Summary]:
        """What a function makes of each extract, all in one table; takes down what was read of them.

        Args:
            name: of working files.
            function: what maps an extract, and goes on from there.
        """
        self.source.begin()
        total = Summary()
        parts: list[Stored] = []
        for extract, end, mapping in zip(self.extracts, self.ends, self._mappings(), strict=True):
            own = f"{name}-{len(parts) + 1}"
            made = self.engine.map_into(
                self.folder / f"{own}.parquet",
                function(mapping),
                extract.query(),
                extract=extract.table,
            )
            parts.append(made)
            summary = self._summary(own, made)
            self.source.employers += summary.employers
            self.source.end_of(
                extract,
                records=summary.records,
                blank_rows=extract.rows - summary.records - len(end.footers),
                footers=[footer_of(row, records=summary.records) for row in end.footers],
                last_row=end.last_row,
            )
            total = total.merge(summary)
        if len(parts) == 1:
            return parts[0], total
        tables = {f"part_{number}": part for number, part in enumerate(parts, start=1)}
        query = "\nunion all\n".join(f"select * from {part}" for part in tables)  # noqa: S608 (our own names)
        return self.engine.sql_into(self.folder / f"{name}.parquet", query, **tables), total

    def _summary(self, name: str, stored: Stored) -> Summary:
        merged = self.engine.map_into(
            self.folder / f"{name}-summaries.parquet",
            MergeSummaries(self.specification),
            f"select {SUMMARY}\nfrom records\nwhere {SUMMARY} is not null",
            records=stored,
        )
        summaries = self.engine.sql(f"select {SUMMARY}\nfrom summaries", summaries=merged)
        return summary_of(summaries.column(SUMMARY), self.specification)


def open_held(
    extracts: Sequence[HeldExtract],
    source: MappedSource,
    specification: Specification,
    folder: Path,
    engine: Engine,
) -> HeldRecords:
    """The records of extracts that an engine holds; mapped already where the mapping wants distinct ones.

    Raises:
        ExtractEmpty: an extract without records.
        NfiError: as the engine raises it.
    """
    ends = [end_of_extract(extract, engine) for extract in extracts]
    held = HeldRecords(extracts, ends, source, specification, folder, engine)
    if not source.mapping.distinct:
        return held
    stored, summary = held.each_extract("mapped", lambda mapping: mapping)
    query = without_repeated_query(source.schema.names)
    distinct = engine.sql_into(folder / "distinct.parquet", query, mapped=stored)
    (count,) = engine.sql(f"select count({SOURCE_ROW}) as records from mapped", mapped=distinct).to_pylist()  # noqa: S608 (our own names)
    return replace(held, mapped=distinct, repeated_rows=summary.records - count["records"])
