"""An engine that holds its tables, for tests: DuckDB, with batches cut and shuffled as on a cluster."""

from __future__ import annotations

import pickle
import random
from collections.abc import Sequence
from hashlib import file_digest
from itertools import count
from pathlib import Path, PurePath

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from matching.engines.duckdb import DuckDBEngine
from specs.engine import BatchFunction, Held, Stored, Table
from specs.engine_extract import EngineTable


class HoldingEngine:
    """Keeps tables where only it can read them. Functions travel pickled, and get odd batches."""

    def __init__(self, folder: Path, *, sizes: Sequence[int] = (1, 7, 1_000), seed: int = 1) -> None:
        """Keep tables in a folder; cut what is mapped into batches of these sizes, by turns."""
        self._engine = DuckDBEngine()
        self._folder = folder
        self._sizes = sizes
        self._random = random.Random(seed)
        self._numbers = count(1)
        self._files: dict[str, Path] = {}

    def table(self, location: str) -> EngineTable:
        """A Parquet file as an extract."""
        path = Path(location)
        rows = pq.read_table(path)
        numbers = pa.array(range(2, rows.num_rows + 2), pa.int64())
        names = ["source_row", *(f"column_{place}" for place in range(1, rows.num_columns + 1))]
        kept = pa.table([numbers, *rows.columns], names=names)
        with path.open("rb") as file:
            sha256 = file_digest(file, "sha256").hexdigest()
        return EngineTable(
            table=self._keep(kept),
            names=tuple(rows.schema.names),
            rows=rows.num_rows,
            path=PurePath(location),
            sha256=sha256,
            bytes=path.stat().st_size,
            format="Parquet",
        )

    def sql(self, query: str, **tables: Table) -> pa.Table:
        """As every engine."""
        return self._engine.sql(query, **{name: self._found(table) for name, table in tables.items()})

    def sql_into(self, target: Path, query: str, **tables: Table) -> Stored:
        """As every engine; nothing is written to the target."""
        rows = self.sql(query, **tables)
        return self._keep(rows.take(pa.array(self._shuffled(rows.num_rows), pa.int64())))

    def map(self, function: BatchFunction, table: pa.Table) -> pa.Table:
        """As every engine."""
        return self._engine.map(function, table)

    def map_into(self, target: Path, function: BatchFunction, query: str, **tables: Table) -> Stored:
        """As every engine; the function sees each row once, in no order, now and then none."""
        sent = pickle.dumps(function)
        rows = self.sql(query, **tables)
        rows = rows.take(pc.sort_indices(rows.column(0))) if rows.num_rows else rows
        (whole,) = rows.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], schema=rows.schema)]
        batches = [whole.slice(0, 0)]
        start = 0
        while start < rows.num_rows:
            size = self._sizes[len(batches) % len(self._sizes)]
            batch = whole.slice(start, size)
            batches.append(batch.take(pa.array(self._shuffled(batch.num_rows), pa.int64())))
            start += size
        self._random.shuffle(batches)
        made = []
        for place, batch in enumerate(batches):
            if place % 100 == 0:  # in another process, as far as the function can tell
                arrived: BatchFunction = pickle.loads(sent)
            made.append(arrived(batch))
        return self._keep(pa.Table.from_batches(made))

    def _shuffled(self, rows: int) -> list[int]:
        return self._random.sample(range(rows), rows)

    def _keep(self, rows: pa.Table) -> Held:
        held = Held(f"held_{next(self._numbers)}", rows.schema)
        self._files[held.name] = self._folder / f"{held.name}.parquet"
        pq.write_table(rows, self._files[held.name])
        return held

    def _found(self, table: Table) -> pa.Table | Path:
        return self._files[table.name] if isinstance(table, Held) else table
