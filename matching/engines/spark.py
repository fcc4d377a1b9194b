"""The distributed engine: Spark, in a session that is there, classic or by Spark Connect."""

from __future__ import annotations

import secrets
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from matching.engines.duckdb import BATCH_ROWS, DuckDBEngine
from matching.engines.query_schema import QuerySchemas
from matching.engines.spark_faults import spark_faults, workers_differ
from matching.engines.spark_session import (
    SETTINGS,
    check_server,
    is_remote,
    quiet,
    trying_once,
    usable_pyspark,
)
from matching.engines.spark_small import SmallWork, has_hashes, of_query
from matching.engines.spark_tables import Tables
from matching.engines.spark_types import as_schema, backticked, carrying, ddl, sql_type
from specs.engine import BatchFunction, Held, Stored, Table, schema_of_table
from specs.engine_extract import FIRST_ROW, EngineTable

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

PIECE_ROWS = 1 << 17
"""Rows of a file that go to a server at once, where it cannot read the file."""

_BROADCAST_BYTES = 8 << 20
"""Size up to which a table of this machine goes to every worker, so that no other is shuffled to meet it."""

_TASKS_OF_ONE_BATCH = 4
"""Among how many tasks a batch is shared out that is too large for the driver."""

_READING = {"parquet.filter.dictionary.enabled": "false"}
"""Spark fails to look into dictionaries packed with LZ4, for rows that it need not read:
https://github.com/apache/parquet-java/issues/3478."""
_ONE_BY_ONE = {"spark.sql.execution.arrow.maxRecordsPerBatch": "1"}


class SparkEngine:
    """A session of Spark's; see `specs.engine.Engine` for what each method promises.

    Working tables are kept by Spark, so that what a lost worker had made can be made again, and are dropped
    with the engine, as are its views of tables. The settings that it needs are put back after each call.
    """

    def __init__(
        self, session: SparkSession, *, files_are_shared: bool | None = None, driver_rows: int = BATCH_ROWS
    ) -> None:
        """Take a session, which stays its owner's: it is not stopped.

        Args:
            session: of PySpark 4.1 or later.
            files_are_shared: whether Spark's workers find files by the paths they have here; None: where they
                run on this machine.
            driver_rows: a query over tables with no more rows than this altogether is worked out here, by
                DuckDB, and so is what is kept of it: a job of Spark's costs more. 0: Spark does everything.

        Raises:
            SparkUnusable: PySpark is missing or too old, or another version than its server.
        """
        usable_pyspark()
        self._session = session
        self._run = f"nfi_{secrets.token_hex(6)}"
        self._made = 0
        self._driver_rows = driver_rows
        self._small = SmallWork(driver_rows, self._rows_of, self._fetched)
        self._schemas = QuerySchemas()
        self._here = DuckDBEngine()
        self._tables: list[str] = []
        self._views: dict[int, tuple[weakref.ref[pa.Table], str]] = {}
        self._files: dict[tuple[Path, int, int], str] = {}
        self._gone: list[str] = []
        self._translated: dict[Any, str] = {}
        with spark_faults(), quiet():
            check_server(session.version)
            master = session.conf.get("spark.master", "") or ""
        self._is_local = not is_remote(session) and master.startswith("local")
        self._files_are_shared = self._is_local if files_are_shared is None else files_are_shared
        self._workers_checked = self._is_local

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Drop the working tables and the views; the session stays."""
        views = (*self._files.values(), *(view for _, view in self._views.values()), *self._gone)
        with quiet(), trying_once(self._session):
            for name in self._tables:
                with suppress(Exception):  # the session may be gone, and its tables with it
                    self._session.sql(f"drop table if exists {backticked(name)}")
            for view in views:
                if view not in self._tables:
                    with suppress(Exception):
                        self._session.catalog.dropTempView(view)
        self._tables, self._files, self._views, self._gone = [], {}, {}, []
        self._small.clear()
        self._schemas.close()

    def sql(self, query: str, **tables: Table) -> pa.Table:
        """The rows of a query over the named tables."""
        tables = of_query(query, tables)
        if (here := self._small_tables(query, tables)) is not None:
            made = self._here.sql(query, **here)
        else:
            made = self._from_spark(query, tables)
        if has_hashes(query):
            self._small.took_hashes(made, query, tables, here=here is not None)
        return made

    def sql_into(self, target: Path, query: str, **tables: Table) -> Stored:
        """The rows of a query as a working table; as a file where they are made here."""
        tables = of_query(query, tables)
        if (here := self._small_tables(query, tables)) is not None:
            return self._here.sql_into(target, query, **here)
        schema = self._schema_of(query, tables)
        with self._calls():
            return self._held(self._typed(query, tables, schema), schema)

    def map(self, function: BatchFunction, table: pa.Table) -> pa.Table:
        """The rows that `function` makes of each batch of a table, in the table's order.

        One batch is worked on here. Several go to the workers as they are, packed, and come back packed.
        """
        batches = table.combine_chunks().to_batches(max_chunksize=BATCH_ROWS)
        if table.num_rows <= min(BATCH_ROWS, max(self._driver_rows, 1)):
            return self._here.map(function, table)
        if len(batches) == 1:
            piece = -(-table.num_rows // _TASKS_OF_ONE_BATCH)
            batches = table.combine_chunks().to_batches(max_chunksize=piece)
        packed = pa.table(
            {
                "place": pa.array(range(len(batches)), pa.int64()),
                "batch": [_packed(batch) for batch in batches],
            },
            schema=_PACKED,
        )
        with self._calls(_ONE_BY_ONE):
            self._check_workers()
            rows = self._frame(packed).repartition(len(batches), "place")
            made = rows.mapInArrow(partial(_map_packed, function), ddl(_PACKED)).toArrow().sort_by("place")
        return pa.Table.from_batches(_unpacked(each.as_py()) for each in made["batch"])

    def map_into(self, target: Path, function: BatchFunction, query: str, **tables: Table) -> Stored:
        """The rows that `function` makes of each batch of a query's rows, kept as by `sql_into`."""
        tables = of_query(query, tables)
        if (here := self._small_tables(query, tables)) is not None:
            return self._here.map_into(target, function, query, **here)
        given = self._schema_of(query, tables)
        nothing = pa.RecordBatch.from_pylist([], schema=given)
        made = function(nothing).schema
        with self._calls():
            self._check_workers()
            rows = self._typed(query, tables, given)
            work = partial(_map_rows, function, given, carrying(made))
            return self._held(rows.mapInArrow(work, ddl(made)), made)

    def table(self, location: str) -> EngineTable:
        """An extract that the session can read, its rows numbered from 2.

        Args:
            location: the path or address of Parquet (a file or a folder), of a Delta table as `delta:...`, or
                a table's name in the catalog.

        Raises:
            ExtractUnreadable: it is not there, or nothing of these.
        """
        with self._calls():
            return Tables(self._session, self._files_are_shared, self._kept, self._numbered, _READING).read(
                location
            )

    # --- what is asked ---

    def _small_tables(self, query: str, tables: Mapping[str, Table]) -> dict[str, Table] | None:
        """The tables of a query as DuckDB reads them here; None where it is for Spark."""
        return self._small.tables(query, tables) if self._driver_rows else None

    def _from_spark(self, query: str, tables: Mapping[str, Table]) -> pa.Table:
        schema = self._schema_of(query, tables)
        with self._calls():
            return as_schema(self._asked(query, tables).toArrow(), schema)

    def _rows_of(self, table: Held) -> int:
        with self._calls():
            return self._session.table(table.name).count()

    def _fetched(self, table: Held) -> pa.Table:
        return self._from_spark("select * from kept", {"kept": table})

    def _schema_of(self, query: str, tables: Mapping[str, Table]) -> pa.Schema:
        return self._schemas.of(query, {name: schema_of_table(table) for name, table in tables.items()})

    def _asked(self, query: str, tables: Mapping[str, Table]) -> DataFrame:
        return self._session.sql(self._query(query, tables))

    def _typed(self, query: str, tables: Mapping[str, Table], schema: pa.Schema) -> DataFrame:
        """The rows of a query in the types that DuckDB gives them."""
        names = [backticked(field.name) for field in schema]
        cast = [
            f"cast({name} as {sql_type(field.type)}) as {name}"
            for name, field in zip(names, schema, strict=True)
        ]
        return self._session.sql(f"select {', '.join(cast)} from ({self._query(query, tables)})")

    def _query(self, query: str, tables: Mapping[str, Table]) -> str:
        """The query in Spark's words, over its own names of the tables."""
        from matching.engines.spark_sql import spark_sql  # noqa: PLC0415 (sqlglot is Spark's alone)

        if has_hashes(query):
            tables = {name: self._with_sparks_hashes(table) for name, table in tables.items()}
        schemas = {name: schema_of_table(table) for name, table in tables.items()}
        asked = (query, tuple(sorted(schemas.items(), key=lambda each: each[0])))
        if asked not in self._translated:
            marks = {name: f"\ue000{name}\ue001" for name in tables}
            self._translated[asked] = spark_sql(query, schemas, marks)
        translated = self._translated[asked]
        for name, table in tables.items():
            if (mark := f"`\ue000{name}\ue001`") in translated:
                translated = translated.replace(mark, self._view_of(table))
        return translated

    def _with_sparks_hashes(self, table: Table) -> Table:
        """A table, asked of Spark where it holds hashes that DuckDB has made."""
        if asked := self._small.asked_of_duckdb(table):
            return self._from_spark(*asked)
        return table

    # --- tables ---

    def _new_name(self) -> str:
        self._made += 1
        return f"{self._run}_{self._made}"

    def _kept(self, rows: DataFrame) -> str:
        """A working table of some rows."""
        name = self._new_name()
        self._tables.append(name)
        rows.write.saveAsTable(name)
        return name

    def _held(self, rows: DataFrame, schema: pa.Schema) -> Held:
        return Held(self._kept(rows), schema)

    def _frame(self, table: pa.Table) -> DataFrame:
        """A table of this machine in Spark."""
        if table.num_rows == 0 and is_remote(self._session):  # which asks for the columns of no rows
            return self._session.createDataFrame([], ddl(table.schema))
        return self._session.createDataFrame(table)

    def _view_of(self, table: Table) -> str:
        """What Spark calls a table, which it gets where it has not got it."""
        if isinstance(table, Held):
            return table.name
        if isinstance(table, Path):
            return backticked(self._view_of_file(table))
        if (known := self._views.get(id(table))) and known[0]() is table:
            return backticked(known[1])
        rows = self._frame(as_schema(table, carrying(table.schema)))
        if table.nbytes <= _BROADCAST_BYTES:
            rows = rows.hint("broadcast")
        view = self._new_name()
        rows.createOrReplaceTempView(view)
        self._views[id(table)] = (weakref.ref(table, partial(_let_go, self._gone, view)), view)
        return backticked(view)

    def _view_of_file(self, file: Path) -> str:
        status = file.stat()
        is_at = (file.absolute(), status.st_mtime_ns, status.st_size)
        if is_at not in self._files:
            schema = pq.read_schema(file)
            if self._files_are_shared:
                view = self._new_name()
                reading = self._session.read.schema(ddl(schema)).options(**_READING)
                rows = reading.parquet(file.absolute().as_uri())
                rows.createOrReplaceTempView(view)
            else:
                with pq.ParquetFile(file) as parquet:
                    view = self._sent(schema, parquet.iter_batches(PIECE_ROWS))
            self._files[is_at] = view
        return self._files[is_at]

    def _sent(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> str:
        """What workers cannot read, as a working table."""
        carried = carrying(schema)
        name = self._kept(self._frame(carried.empty_table()))
        for batch in batches:
            piece = as_schema(pa.Table.from_batches([batch]), carried)
            self._frame(piece).write.mode("append").saveAsTable(name)
        return name

    def _numbered(self, file: Path) -> str:
        """An extract on this machine, as a working table: its columns by their place, its rows numbered."""
        names = [f"column_{place}" for place, _ in enumerate(pq.read_schema(file), start=1)]
        schema = pa.schema([("source_row", pa.int64()), *zip(names, pq.read_schema(file).types, strict=True)])

        def numbered() -> Iterator[pa.RecordBatch]:
            first = FIRST_ROW
            with pq.ParquetFile(file) as parquet:
                for batch in parquet.iter_batches(PIECE_ROWS):
                    rows = pa.array(np.arange(first, first + batch.num_rows))
                    first += batch.num_rows
                    yield pa.RecordBatch.from_arrays([rows, *batch.columns], schema=schema)

        return self._sent(schema, numbered())

    # --- calls ---

    @contextmanager
    def _calls(self, settings: Mapping[str, str] | None = None) -> Iterator[None]:
        """Have the session's settings as they are needed; faults in words."""
        with spark_faults(), quiet():
            while self._gone:
                self._session.catalog.dropTempView(self._gone.pop())
            with _set(self._session, {**SETTINGS, **(settings or {})}):
                yield

    def _check_workers(self) -> None:
        """See, once, that workers can run what is sent to them."""
        if self._workers_checked:
            return
        rows = self._session.range(0, 4, 1, 4).mapInArrow(_nfi_there, "nfi string")
        ours = version("nfi")
        for theirs in sorted(set(rows.toArrow()["nfi"].to_pylist())):
            if theirs != ours:
                raise workers_differ(theirs or None, ours)
        self._workers_checked = True


@contextmanager
def _set(session: SparkSession, settings: Mapping[str, str]) -> Iterator[None]:
    """Settings of a session for a while."""
    if is_remote(session):
        before = session.conf.getAll  # one question, however many settings
    else:
        held = {name: session.conf.get(name, None) for name in settings}
        before = {name: value for name, value in held.items() if value is not None}
    changed = {name: value for name, value in settings.items() if before.get(name) != value}
    try:
        for name, value in changed.items():
            session.conf.set(name, value)
        yield
    finally:
        with suppress(Exception):  # a session that is gone has none
            for name in changed:
                if name in before:
                    session.conf.set(name, before[name])
                else:
                    session.conf.unset(name)


def _let_go(gone: list[str], view: str, _: object) -> None:
    """Note that a table is gone; its view is dropped with the next call."""
    gone.append(view)


# --- what workers run ---

_PACKED = pa.schema([("place", pa.int64()), ("batch", pa.binary())])


def _packed(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def _unpacked(packed: bytes) -> pa.RecordBatch:
    return pa.ipc.open_stream(packed).read_next_batch()


def _map_packed(function: BatchFunction, rows: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for row in chain.from_iterable(batch.to_pylist() for batch in rows):
        made = {"place": [row["place"]], "batch": [_packed(function(_unpacked(row["batch"])))]}
        yield pa.RecordBatch.from_pydict(made, schema=_PACKED)


def _map_rows(
    function: BatchFunction, given: pa.Schema, made: pa.Schema, rows: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    for batch in rows:
        if batch.num_rows:
            yield as_schema(function(as_schema(batch, given)), made)


def _nfi_there(rows: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The version of nfi that a worker has, or nothing."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    for _ in rows:
        try:
            yield pa.RecordBatch.from_pydict({"nfi": [version("nfi")]})
        except PackageNotFoundError:
            yield pa.RecordBatch.from_pydict({"nfi": [""]})
