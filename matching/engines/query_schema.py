"""The columns that a query gives, asked of DuckDB over empty tables. Other engines answer in these types."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

import duckdb
import pyarrow as pa


class QuerySchemas:
    """Says what a query gives, and remembers it."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:", config={"threads": 1})
        self._known: dict[tuple[str, tuple[tuple[str, pa.Schema], ...]], pa.Schema] = {}
        self._lock = Lock()

    def of(self, query: str, schemas: Mapping[str, pa.Schema]) -> pa.Schema:
        """The columns of a query over tables with these columns."""
        asked = (query, tuple(sorted(schemas.items(), key=lambda each: each[0])))
        with self._lock:
            if asked not in self._known:
                for name, schema in schemas.items():
                    self._connection.register(name, schema.empty_table())
                self._known[asked] = self._connection.sql(query).to_arrow_table().schema
                for name in schemas:
                    self._connection.unregister(name)
            return self._known[asked]

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()
