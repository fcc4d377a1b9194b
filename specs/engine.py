"""What runs large work: a SQL query, and a function from an Arrow batch to an Arrow batch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pyarrow as pa


class Engine(Protocol):
    """One place where SQL and batch functions run; nothing else in the code knows which one it is.

    Any two engines give the same rows for the same call. A query says its own order: without an
    `order by` its rows come in any order.
    """

    def sql(self, query: str, **tables: pa.Table | Path) -> pa.Table:
        """The rows of a query.

        Args:
            query: one `select`, in DuckDB's dialect, over the tables named in `tables`.
            tables: what each name stands for: an Arrow table, or the path of a Parquet file.

        Raises:
            NfiError: not enough memory.
            OutputUnwritable: working files cannot be written.
        """
        ...

    def sql_into(self, target: Path, query: str, **tables: pa.Table | Path) -> None:
        """The rows of a query as a Parquet file, instead of in memory; arguments as for `sql`."""
        ...

    def map(self, function: Callable[[pa.RecordBatch], pa.RecordBatch], table: pa.Table) -> pa.Table:
        """What `function` makes of each batch of a table of at least one row, in the table's order."""
        ...

    def map_into(
        self,
        target: Path,
        function: Callable[[pa.RecordBatch], pa.RecordBatch],
        query: str,
        **tables: pa.Table | Path,
    ) -> None:
        """What `function` makes of each batch of a query's rows, as a Parquet file; batches may be empty."""
        ...
