"""The records of an extract under the names of the specification: a stream, and what shows before it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from specs.across import first_rows_query
from specs.batches import BATCH_ROWS, of_one_size
from specs.engine import Engine
from specs.mapping import Mapping
from specs.parse import SOURCE_ROW
from specs.read import Extract


@dataclass(frozen=True, slots=True)
class MappedRecords:
    """Records as a stream of batches of one size: `source_row`, then text columns of the specification."""

    columns: frozenset[str]
    """The columns of the specification that there are."""
    sample: pa.RecordBatch
    """The first batch."""
    batches: Iterator[pa.RecordBatch]
    """All batches, the first one too. They can be had once."""
    repeated_rows: int
    """How many rows were left out, as the mapping asks, since an earlier row is the same."""


def open_mapped(extract: Extract, mapping: Mapping, folder: Path, engine: Engine) -> MappedRecords:
    """The records of an extract as a mapping makes them.

    Args:
        extract: what the source system gave.
        mapping: which headings hold which fields, and whether rows that are the same count once.
        folder: for working files, which the caller removes after the last batch.
        engine: what finds rows that are the same.

    Raises:
        ExtractUnreadable, MappingInvalid: as reading and mapping raise them; an extract without records
            is unreadable.
    """
    batches = of_one_size((mapping.apply(batch) for batch in extract.batches()), BATCH_ROWS)
    repeated_rows = 0
    if mapping.distinct:
        batches, repeated_rows = _distinct(batches, folder / "mapped.parquet", engine)
    sample = next(batches)
    return MappedRecords(
        columns=frozenset(sample.schema.names) - {SOURCE_ROW},
        sample=sample,
        batches=chain([sample], batches),
        repeated_rows=repeated_rows,
    )


def _distinct(
    batches: Iterator[pa.RecordBatch], file: Path, engine: Engine
) -> tuple[Iterator[pa.RecordBatch], int]:
    """The records without those that repeat an earlier one, and how many were left out."""
    first = next(batches)
    rows = 0
    with pq.ParquetWriter(file, first.schema, compression="lz4") as writer:
        for batch in chain([first], batches):
            rows += batch.num_rows
            writer.write_batch(batch)
    columns = [name for name in first.schema.names if name != SOURCE_ROW]
    first_rows = engine.sql(first_rows_query(columns), mapped=file).column(SOURCE_ROW).combine_chunks()
    return of_one_size(_kept(file, first_rows), BATCH_ROWS), rows - len(first_rows)


def _kept(file: Path, rows: pa.Array) -> Iterator[pa.RecordBatch]:
    """The records of a Parquet file that stand in one of these rows."""
    with pq.ParquetFile(file) as records:
        for batch in records.iter_batches(BATCH_ROWS):
            yield batch.filter(pc.is_in(batch.column(SOURCE_ROW), rows))
