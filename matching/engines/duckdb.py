"""The embedded engine: DuckDB, on one machine, spilling to disk when memory is short."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from matching.engines.limits import (
    SHARE_OF_DISK,
    SHARE_OF_MEMORY,
    disk_short,
    free_on_disk,
    is_disk_full,
    machine_memory,
    memory_of,
    memory_short,
)
from specs.engine import BatchFunction, Held, Table
from specs.errors import NfiError, OutputUnwritable

_Version = tuple[Path, int, int]
"""A file, when it was written, and its size."""

BATCH_ROWS = 1 << 18
"""Rows that a function of `map` sees at once; what it builds of them in Python is gone before the next."""

PIECE_ROWS = 1 << 15
"""Rows of an Arrow table that one thread of DuckDB takes at a time."""


class DuckDBEngine:
    """An in-memory DuckDB database; see `specs.engine.Engine` for what each method promises."""

    def __init__(
        self,
        *,
        temporary: Path | None = None,
        memory: int | str | None = None,
        disk: int | None = None,
        threads: int | None = None,
    ) -> None:
        """Open a database.

        Args:
            temporary: folder for what does not fit into memory; None: nothing is written to disk.
            memory: what the engine may hold, in bytes or as a person says it ('4GB'); None: half of what the
                machine or its container has.
            disk: bytes that may be written to `temporary`; None: four fifths of what is free there.
            threads: how many at once; None: one per core. The rows are the same.

        Raises:
            MemoryInvalid: what was said is no amount of memory, or none to work with here.
        """
        self._temporary = temporary
        memory = memory_of(memory) if isinstance(memory, str) else memory
        self._memory = memory or int(machine_memory() * SHARE_OF_MEMORY)
        settings: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": str(temporary) if temporary else "",
            "preserve_insertion_order": "false",
            "memory_limit": f"{self._memory // 1000}KB",
        }
        if threads:
            settings["threads"] = threads
        self._connection = duckdb.connect(":memory:", config=settings)
        if temporary:
            self._disk = int(free_on_disk(temporary) * SHARE_OF_DISK) if disk is None else disk
            # DuckDB heeds this only of a database that is open
            self._connection.execute(f"set max_temp_directory_size = '{self._disk // 1000}KB'")
        self._views: dict[str, _Version] = {}

    def sql(self, query: str, **tables: Table) -> pa.Table:
        """The rows of a query over the named tables; a path is a Parquet file."""
        with self._connected(tables) as connection:
            return connection.sql(query).to_arrow_table()

    def sql_into(self, target: Path, query: str, **tables: Table) -> Path:
        """The rows of a query over the named tables as a Parquet file, streamed: memory stays bounded."""
        with _whole_or_gone(target), self._connected(tables) as connection:
            connection.sql(query).write_parquet(str(target))
        return target

    @contextmanager
    def _connected(self, tables: Mapping[str, Table]) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor that knows the tables by their names; faults of its queries in words."""
        connection = self._connection.cursor()
        try:
            for name, table in tables.items():
                if isinstance(table, Held):
                    raise NfiError(f"{table.name}: another engine keeps this table. Name that engine again.")
                if isinstance(table, Path):
                    self._view(connection, name, table)
                else:
                    self._forget(connection, name)
                    connection.register(name, _in_pieces(table))
            yield connection
        except (duckdb.OutOfMemoryException, duckdb.IOException, OSError) as fault:
            if said := self._in_words(fault):
                raise said from fault
            raise
        finally:
            for name, table in tables.items():
                if not isinstance(table, Path):
                    connection.unregister(name)
            connection.close()

    def _in_words(self, fault: Exception) -> NfiError | None:
        """What to do about a fault of memory or disk; None of any other."""
        if self._temporary and "max_temp_directory_size" in str(fault):
            return disk_short(self._temporary, self._disk)
        if isinstance(fault, duckdb.OutOfMemoryException):
            return memory_short(self._memory)
        if self._temporary and is_disk_full(fault):
            return disk_short(self._temporary)
        if isinstance(fault, duckdb.IOException):
            return OutputUnwritable("the working files cannot be read or written. Is the disk in order?")
        return None

    def _view(self, connection: duckdb.DuckDBPyConnection, name: str, file: Path) -> None:
        """Have a view of a Parquet file. It stays for the queries to come while the file is the same."""
        if not file.exists():
            raise duckdb.IOException(f"no such file: {file.name}")
        status = file.stat()
        version = (file, status.st_mtime_ns, status.st_size)
        if self._views.get(name) != version:
            self._forget(connection, name)
            connection.read_parquet(str(file)).create_view(name)
            self._views[name] = version

    def _forget(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        if self._views.pop(name, None):
            connection.execute(f'drop view if exists "{name}"')

    def map(self, function: BatchFunction, table: pa.Table) -> pa.Table:
        """The rows that `function` makes of each batch of a table, in the table's order.

        `table` holds at least one row: what a function returns for none is not known. As many batches are
        worked on at once as there are processors: Arrow and NumPy need no lock of Python's.
        """
        batches = table.combine_chunks().to_batches(max_chunksize=BATCH_ROWS)
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return pa.Table.from_batches(pool.map(function, batches))

    def map_into(self, target: Path, function: BatchFunction, query: str, **tables: Table) -> Path:
        """The rows that `function` makes of each batch of a query's rows, written batch by batch.

        As many batches are worked on at once as there are processors: Arrow needs no lock of Python's.
        """
        workers = os.cpu_count() or 1
        with (
            _whole_or_gone(target),
            self._connected(tables) as connection,
            ThreadPoolExecutor(workers) as pool,
        ):
            reader = connection.sql(query).to_arrow_reader(BATCH_ROWS)
            nothing = pa.RecordBatch.from_pylist([], schema=reader.schema)
            with pq.ParquetWriter(target, function(nothing).schema, compression="lz4") as writer:
                making: deque[Future[pa.RecordBatch]] = deque()
                for batch in _read(reader):
                    making.append(pool.submit(function, batch))
                    if len(making) > workers:
                        writer.write_batch(making.popleft().result())
                for made in making:
                    writer.write_batch(made.result())
        return target


@contextmanager
def _whole_or_gone(target: Path) -> Iterator[None]:
    """What is written of a file goes if the block fails."""
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _in_pieces(table: pa.Table) -> pa.Table:
    """The same rows, not copied, in pieces that DuckDB shares out among its threads: it parts none."""
    return pa.Table.from_batches(table.to_batches(max_chunksize=PIECE_ROWS), table.schema)


def _read(batches: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The batches; what DuckDB meets only as they are read comes as a fault of the system."""
    try:
        yield from batches
    except OSError as fault:
        for said, kind in (
            ("Out of Memory Error", duckdb.OutOfMemoryException),
            ("IO Error", duckdb.IOException),
        ):
            if str(fault).startswith(said):
                raise kind(str(fault)) from fault
        raise
