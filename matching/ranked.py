"""Tables in the order of their cases, in files: as long as they like, read as much as is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from specs.private_files import written_whole


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows with a `rank`, in its order, in a Parquet file."""

    file: Path
    schema: pa.Schema
    rows: int

    def read(self, columns: Sequence[str] | None = None, *, ranks: int | None = None) -> pa.Table:
        """The rows in memory.

        Args:
            columns: which; None: all.
            ranks: of so many cases, from the first on; None: of all.
        """
        first = None if ranks is None else pc.field("rank") <= ranks
        return pq.read_table(self.file, columns=columns, filters=first)

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        """All rows, at most so many at a time."""
        with pq.ParquetFile(self.file, pre_buffer=False) as file:
            yield from file.iter_batches(rows)

    def moved_to(self, folder: Path) -> Ranked:
        """The same once the file has been moved into another folder."""
        return replace(self, file=folder / self.file.name)


def write_ranked(file: Path, tables: Iterable[pa.Table]) -> Ranked:
    """Write tables one after the other, so that only one of them is in memory.

    Args:
        file: to be written, for its owner only; what is there makes way once the new one is whole.
        tables: at least one, all of the same columns, in the order of their ranks.

    Raises:
        OutputUnwritable: no permission, no space, or something is in the way.
    """
    pieces = iter(tables)
    first = next(pieces)
    rows = 0
    with written_whole(file) as temporary, pq.ParquetWriter(temporary, first.schema) as writer:
        for table in chain([first], pieces):
            writer.write_table(table)
            rows += table.num_rows
    return Ranked(file, first.schema, rows)
