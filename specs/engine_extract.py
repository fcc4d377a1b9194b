"""Extracts that an engine holds, such as Parquet on a cluster or a table: they are checked where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import PurePath
from typing import Protocol, runtime_checkable

import pyarrow as pa
import pyarrow.compute as pc

from specs.engine import Engine, Stored, schema_of_table
from specs.errors import ExtractEmpty, ExtractUnreadable
from specs.formats.columns import SHAPE_ROWS, blank_rows, footer_rows
from specs.formats.footers import LastRow
from specs.formats.parquet import column_text, typed_columns
from specs.parse import SOURCE_ROW
from specs.quoting import quoted
from specs.read import ExtractFormat, ReadingOptions

_WINDOW = 65_536
"""Rows that are looked at together from the end of an extract upwards."""
FIRST_ROW = 2
"""Of the records, as if the headings were row 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineTable:
    """What an engine knows of an extract that it holds."""

    table: Stored
    """`source_row` (int64), then the columns of the extract in its order, whatever they are called here.

    Rows are numbered from 2 in the order of the extract, without a gap; the same in every query."""
    names: tuple[str, ...]
    """What the columns after `source_row` are called in the extract, exactly as it stands there."""
    rows: int
    path: PurePath
    """As it was named."""
    sha256: str
    """Of the file; of several, of the list of their hashes; else what tells a table from its other states."""
    bytes: int
    """Of the file or files."""
    format: str
    """In words: 'Parquet, read by Spark'."""


@runtime_checkable
class ExtractEngine(Engine, Protocol):
    """An engine that can read extracts by itself."""

    def table(self, location: str) -> EngineTable:
        """An extract by its path or name.

        Raises:
            ExtractUnreadable: it is not there, or nothing that the engine can read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldExtract:
    """An extract that an engine holds, with headings as those of an `Extract`."""

    path: PurePath
    format: ExtractFormat
    headings: tuple[str, ...]
    """In the order of the extract, without surrounding blanks; no two are the same."""
    sha256: str
    bytes: int
    rows: int
    """Blank rows and footers among them."""
    table: Stored

    def query(self, where: str = "") -> str:
        """The query for its rows, in no order: `source_row`, then its columns."""
        names = ", ".join(quoted(name) for name in schema_of_table(self.table).names)
        return f"select {names}\nfrom extract{where and f'{chr(10)}where {where}'}"

    def window(self, engine: Engine, first: int, last: int) -> pa.RecordBatch:
        """The records of consecutive rows as text, in order."""
        query = self.query(f"source_row between {first} and {last}")
        rows = engine.sql(f"{query}\norder by source_row", extract=self.table).combine_chunks()
        batches = rows.to_batches()
        batch = batches[0] if batches else pa.RecordBatch.from_pylist([], schema=rows.schema)
        return as_text(batch, self.headings)


@dataclass(frozen=True, slots=True)
class ExtractEnd:
    """What the last rows of an extract turn out to be."""

    last_row: int
    """The row of the last record."""
    footers: tuple[LastRow, ...]


def open_held_extract(engine: ExtractEngine, location: str) -> HeldExtract:
    """An extract that an engine holds.

    Raises:
        ExtractUnreadable: not there, a heading twice or none, or a column of lists or of bytes.
        NfiError: as the engine raises it.
    """
    found = engine.table(location)
    types = schema_of_table(found.table).types[1:]
    columns = typed_columns(found.path.name, pa.schema(list(zip(found.names, types, strict=True))))
    if None in columns.names:
        raise ExtractUnreadable(
            f"{found.path.name}: column {columns.names.index(None) + 1} has no name. Give it one, or "
            "leave the column out."
        )
    return HeldExtract(
        path=found.path,
        format=ExtractFormat(found.format),
        headings=columns.headings,
        sha256=found.sha256,
        bytes=found.bytes,
        rows=found.rows,
        table=found.table,
    )


def refuse_options(location: str, options: ReadingOptions) -> None:
    """Refuse what a person says of how a file is read: an engine reads tables whose columns have types.

    Raises:
        ExtractUnreadable: names the first option.
    """
    for option in fields(options):
        if getattr(options, option.name) is not None:
            name = option.name.replace("_", "-")
            raise ExtractUnreadable(
                f"{location}: is read by the engine, so --{name} does not apply. Leave it out."
            )


def as_text(batch: pa.RecordBatch, headings: Sequence[str]) -> pa.RecordBatch:
    """The records of some rows as `Extract.batches` gives them: in order, as text, without blank rows."""
    batch = batch.take(pc.sort_indices(batch.column(0)))
    columns = [column_text(column) for column in batch.columns[1:]]
    records = pa.RecordBatch.from_arrays(
        [batch.column(0).cast(pa.int64()), *columns],
        schema=pa.schema([(SOURCE_ROW, pa.int64()), *((heading, pa.string()) for heading in headings)]),
    )
    blank = blank_rows(columns) if records.num_rows else None
    return records if blank is None or not blank.any() else records.filter(pa.array(~blank))


def end_of_extract(extract: HeldExtract, engine: Engine) -> ExtractEnd:
    """Where the records of an extract end, and the footers below them.

    Raises:
        ExtractEmpty: it has no records.
    """
    windows: list[pa.RecordBatch] = []
    last = extract.rows + FIRST_ROW - 1
    while last >= FIRST_ROW and sum(window.num_rows for window in windows) < SHAPE_ROWS:
        first = max(last - _WINDOW + 1, FIRST_ROW)
        windows.insert(0, extract.window(engine, first, last))
        last = first - 1
    records = pa.concat_batches(windows) if windows else None
    if not records:
        raise ExtractEmpty(
            f"{extract.path.name}: holds headings but no records. Check that the export ran to its end."
        )
    footers = footer_rows(records, None, width=len(extract.headings))
    return ExtractEnd(records.column(0)[records.num_rows - len(footers) - 1].as_py(), footers)
