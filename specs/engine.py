"""What runs large work: a SQL query, and a function from an Arrow batch to an Arrow batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq


@dataclass(frozen=True, slots=True)
class Held:
    """A table that an engine keeps where only it can read it, until the engine is closed."""

    name: str
    """What the engine calls it."""
    schema: pa.Schema


Stored: TypeAlias = Path | Held
"""A table that is not in memory: a Parquet file, or one that the engine keeps."""
Table: TypeAlias = pa.Table | Stored
"""What a name in a query may stand for."""
BatchFunction: TypeAlias = Callable[[pa.RecordBatch], pa.RecordBatch]


class Engine(Protocol):
    """One place where SQL and batch functions run; nothing else in the code knows which one it is.

    Any two engines give the same rows for the same call. A query says its own order: without an
    `order by` its rows come in any order.
    """

    def sql(self, query: str, **tables: Table) -> pa.Table:
        """The rows of a query.

        Args:
            query: one `select`, in DuckDB's dialect, over the tables named in `tables`.
            tables: what each name stands for.

        Raises:
            NfiError: not enough memory.
            OutputUnwritable: working files cannot be written.
        """
        ...

    def sql_into(self, target: Path, query: str, **tables: Table) -> Stored:
        """The rows of a query kept outside memory; arguments and errors as for `sql`.

        Returns:
            Where they are: the Parquet file `target`, or where the engine keeps tables.
        """
        ...

    def map(self, function: BatchFunction, table: pa.Table) -> pa.Table:
        """What `function` makes of each batch of a table of at least one row, in the table's order."""
        ...

    def map_into(self, target: Path, function: BatchFunction, query: str, **tables: Table) -> Stored:
        """What `function` makes of each batch of a query's rows, kept as by `sql_into`.

        A batch may be empty.
        """
        ...


def schema_of_table(table: Table) -> pa.Schema:
    """The columns of a table, wherever it is."""
    return pq.read_schema(table) if isinstance(table, Path) else table.schema
