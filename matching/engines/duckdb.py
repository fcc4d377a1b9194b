"""The embedded engine: DuckDB, on one machine, spilling to disk when memory is short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa

from specs.errors import NfiError, OutputUnwritable

BATCH_ROWS = 1 << 18
"""Rows that a function of `map` sees at once; what it builds of them in Python is gone before the next."""


class DuckDBEngine:
    """An in-memory DuckDB database; see `specs.engine.Engine` for what each method promises."""

    def __init__(
        self, *, temporary: Path | None = None, memory: str | None = None, threads: int | None = None
    ) -> None:
        """Open a database.

        Args:
            temporary: folder for what does not fit into memory; None: nothing is written to disk.
            memory: limit such as '4GB'; None: DuckDB's own, four fifths of the machine.
            threads: how many at once; None: one per core. The rows are the same.
        """
        settings: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": str(temporary) if temporary else "",
            "preserve_insertion_order": "false",
        }
        if memory:
            settings["memory_limit"] = memory
        if threads:
            settings["threads"] = threads
        self._connection = duckdb.connect(":memory:", config=settings)

    def sql(self, query: str, **tables: pa.Table | Path) -> pa.Table:
        """The rows of a query over the named tables; a path is a Parquet file."""
        connection = self._connection.cursor()
        try:
            for name, table in tables.items():
                if isinstance(table, Path):
                    connection.read_parquet(str(table)).create_view(name)
                else:
                    connection.register(name, table)
            return connection.sql(query).to_arrow_table()
        except duckdb.OutOfMemoryException as fault:
            raise NfiError("not enough memory for this step. Close other programs and try again.") from fault
        except duckdb.IOException as fault:
            raise OutputUnwritable(
                "the working files cannot be read or written. Is there free space on the disk?"
            ) from fault
        finally:
            for name, table in tables.items():
                if isinstance(table, Path):
                    connection.execute(f'drop view if exists "{name}"')
                else:
                    connection.unregister(name)
            connection.close()

    def map(self, function: Callable[[pa.RecordBatch], pa.RecordBatch], table: pa.Table) -> pa.Table:
        """The rows that `function` makes of each batch of a table, in the table's order.

        `table` holds at least one row: what a function returns for none is not known.
        """
        batches = table.combine_chunks().to_batches(max_chunksize=BATCH_ROWS)
        return pa.Table.from_batches([function(batch) for batch in batches])
