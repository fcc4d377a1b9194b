"""What the driver does by itself: a job of Spark's costs more than a query over a few rows."""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from specs.engine import Held, Table

_NAME_OR_ELSE = re.compile(r"""("(?:[^"]|"")*")|'(?:[^']|'')*'|--[^\n]*""")
"""A name in quotes; or a text or a comment, in which nothing is named."""
_HASH = re.compile(r"\bhash\(")


def of_query(query: str, tables: Mapping[str, Table]) -> dict[str, Table]:
    """Of these tables those that a query speaks of."""
    said = _words(query)
    return {name: table for name, table in tables.items() if name in said or not name.isidentifier()}


@lru_cache(maxsize=4096)
def _words(query: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", _NAME_OR_ELSE.sub(lambda found: found[1] or " ", query)))


def has_hashes(query: str) -> bool:
    """Whether a query works out hashes: each engine has its own."""
    return _HASH.search(query) is not None


@dataclass(frozen=True, slots=True)
class _Hashed:
    """What a query with hashes gave."""

    table: weakref.ref[pa.Table]
    query: str
    tables: Mapping[str, Table]
    here: bool


class SmallWork:
    """Says which queries are for the driver, and over what."""

    def __init__(self, most: int, count: Callable[[Held], int], fetch: Callable[[Held], pa.Table]) -> None:
        """Say how much is little.

        Args:
            most: rows that the tables of a query may have altogether; 0: nothing is for the driver.
            count: the rows of a table that Spark keeps.
            fetch: that table, in memory.
        """
        self._most, self._count, self._fetch = most, count, fetch
        self._rows: dict[str | tuple[Path, int, int], int] = {}
        self._fetched: dict[str, pa.Table] = {}
        self._hashed: dict[int, _Hashed] = {}

    def tables(self, query: str, tables: Mapping[str, Table]) -> dict[str, Table] | None:
        """The tables of a query as DuckDB reads them, fetched where Spark has them; None: it is for Spark."""
        if has_hashes(query) and any(known and not known.here for known in map(self._known, tables.values())):
            return None
        rows = 0
        # what stands in Spark is counted last: that takes a job
        for table in sorted(tables.values(), key=lambda each: isinstance(each, Held)):
            rows += self._rows_of(table)
            if rows > self._most:
                return None
        return {name: self._here(table) for name, table in tables.items()}

    def took_hashes(self, made: pa.Table, query: str, tables: Mapping[str, Table], *, here: bool) -> None:
        """Remember where hashes come from. They may be asked of no other engine.

        Args:
            made: what the query gave.
            query: which has hashes.
            tables: of the query.
            here: whether DuckDB gave it.
        """
        place = id(made)
        gone = weakref.ref(made, lambda _: self._hashed.pop(place, None))
        self._hashed[place] = _Hashed(gone, query, tables if here else {}, here)

    def asked_of_duckdb(self, table: Table) -> tuple[str, Mapping[str, Table]] | None:
        """The query whose answer a table is, if it holds DuckDB's hashes: Spark has to be asked it again."""
        known = self._known(table)
        return (known.query, known.tables) if known and known.here else None

    def clear(self) -> None:
        """Let go of everything."""
        self._rows.clear()
        self._fetched.clear()
        self._hashed.clear()

    def _known(self, table: Table) -> _Hashed | None:
        known = self._hashed.get(id(table))
        return known if known and known.table() is table else None

    def _rows_of(self, table: Table) -> int:
        if isinstance(table, pa.Table):
            return int(table.num_rows)
        if isinstance(table, Held):
            if table.name not in self._rows:
                self._rows[table.name] = self._count(table)
            return self._rows[table.name]
        status = table.stat()
        version = (table, status.st_mtime_ns, status.st_size)
        if version not in self._rows:
            self._rows[version] = pq.read_metadata(table).num_rows
        return self._rows[version]

    def _here(self, table: Table) -> Table:
        if not isinstance(table, Held):
            return table
        if table.name not in self._fetched:
            if sum(each.num_rows for each in self._fetched.values()) + self._rows_of(table) > self._most:
                self._fetched.clear()
            self._fetched[table.name] = self._fetch(table)
        return self._fetched[table.name]
