"""Spark gives what DuckDB gives: rows, types, order, however rows are spread; and leaves nothing behind."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from matching.engines import spark
from matching.engines.duckdb import DuckDBEngine
from matching.engines.spark import SparkEngine
from specs.engine import Held, Table
from specs.errors import ExtractUnreadable

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.xdist_group("spark")

ODD = [
    "",
    " ",
    "a",
    "B",
    "Ab c",
    "ß",
    "ﬁ",
    "straße",
    "Élan Ltd",
    "x\ny",
    "1",
    "007",
    "12.5",
    "a@b@c",
    None,
    "'",
    "\\",
    "a",
]
T = pa.table(
    {
        "n": pa.array([0, 1, -7, 3, 3, None, 9, 2**40, 5, 6, 7, 8, 1, 2, 3, 4, 0, 11], pa.int64()),
        "s": pa.array(ODD, pa.string()),
        "x": pa.array(
            [0.5, 1.5, 2.5, -0.5, math.inf, 0.1, None, 1e300, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3], pa.float64()
        ),
        "d": pa.array([date(2024, 2, 28 if place % 3 else 29) if place % 5 else None for place in range(18)]),
        "l": pa.array([["b", "a", "b"], [], None, ["x, y", "NULL", "", "it's"]] + [["a", None]] * 14),
        "k": pa.array([place % 4 for place in range(18)], pa.int8()),
        "key of x": pa.array(range(18), pa.int32()),
    }
)
QUERIES = {
    "division": 'select k, 1 / n as a, x / 3 as b, n / k as c, 0.5 * n as e from t order by "key of x"',
    "whole": 'select n // 3 as a, n % 3 as b, n >> 2 as c, abs(n) as e, -n as f from t order by "key of x"',
    "rounded": "select round(x) as a, cast(round(x / 2) as double) as b from t where x < 100 order by a, b",
    "sums": "select k, sum(n) as a, count(*) as b, avg(n) as c, avg(1.0) as e, sum(n) filter (n > 2) as f "
    "from t group by k order by k",
    "blanks": 'select n, s from t order by n, s desc, "key of x"',
    "lists": "select k, list(s order by s, n desc) as a, list(n) filter (n is not null and n < 0) as b, "
    "list_sort(list_distinct(list(s) filter (s is not null)))[:2] as c, list(distinct k order by k) as e "
    "from t group by k order by k",
    "list parts": "select len(l) as a, l[1] as b, l[9] as c, l[:2] as e, cast(l as varchar) as f from t "
    'order by "key of x"',
    "unnested": 'select "key of x" as p, unnest(list_distinct(l)) as v from t order by p, v',
    "case": "select upper(s) as a, lower(s) as b, length(s) as c, strlen(s) as e, left(s, 2) as f, "
    "s[:1] as g "
    'from t order by "key of x"',
    "patterns": r"select regexp_matches(s, '\d') as a, regexp_extract(s, '\b(LTD|Ltd)\b.*') as b, "
    r"regexp_replace(s, '\D', '', 'g') as c, regexp_full_match(s, '[0-9]+') as e, regexp_matches(s, "
    r"'x.y') as f, "
    r"regexp_matches(s, '^x$') as g, regexp_replace(s, '\d+$', '') as h from t order by "
    '"key of x"',
    "texts": "select s || ' ' || n as a, concat_ws('-', s, n, k) as b, string_split(s, '@')[2] as c, "
    "replace(s, 'a', '') as e, translate(s, 'a''', 'x') as f, contains(s, 'a') as g from t order by "
    '"key of x"',
    "read": "select try_cast(s as hugeint) as a, try_cast(s as double) as b from t where s <> '12.5' "
    "order by a",
    "dates": 'select d - lag(d) over (order by "key of x") as a, d + 60 as b, cast(d as varchar) as c, '
    'year(d) * 12 + month(d) as e from t order by "key of x"',
    "least": 'select k, min_by(s, "key of x") as a, quantile_disc(n, 0.5) as b, max(d) - min(d) as c, '
    "bool_and(n > 0) as e, "
    "greatest(min(n), max(x)) as f, count(distinct s) as g from t group by k order by k",
    "running": "select row_number() over w as a, count(*) over (w rows unbounded preceding) as b, "
    "last_value(case when n > 3 then s end ignore nulls) over (w rows unbounded preceding) as c "
    'from t window w as (partition by k order by "key of x") order by k, a',
    "not in": 'select "key of x" as p from t where n not in (select n from t where n > 3 and n is not '
    "null) order by p",
    "not in blanks": 'select "key of x" as p from t where n not in (select n from t where n > 3 or n '
    "is null) order by p",
    "by name": "select k, s from t where k = 1 union all by name select s, n from t where k = 2 order "
    "by s, n, k",
    "using": 'select l.n as a, r.s as b from t as l left join (select "key of x", s from t where k > 1) as r '
    'using ("key of x") order by "key of x"',
    "except": 'select * exclude (l, x, "key of x") from t where s is not distinct from null or k = 3 '
    "order by n, s, k, d",
    "neighbours": 'with p as (select n, row_number() over (order by n, "key of x") as place from t) '
    "select l.n as a, r.n as b from p as l cross join range(1, 3) as step(step) "
    "join p as r on (l.place + step) = r.place order by l.place, r.place",
    "two letters": "select levenshtein(s, 'e') as a from t where s is not null order by \"key of x\"",
    "infinite": 'select log(2, x) as a from t where x > 0 order by "key of x"',
    "shown": "select printf('%.2f', sum(n) / 100) as a from t where n < 100",
    "small": "select k as a, cast(1 as tinyint) as b, cast(null as date) as c, true as e, n > 3 as f "
    'from t order by "key of x"',
}


def rows_of(table: pa.Table) -> list[dict[str, Any]]:
    def plain(value: Any) -> Any:
        if isinstance(value, float):
            return "not a number" if math.isnan(value) else float(f"{value:.10g}")
        if isinstance(value, Decimal):
            return int(value) if value == int(value) else value
        return value

    return [{name: plain(value) for name, value in row.items()} for row in table.to_pylist()]


def tables_of(session: SparkSession) -> set[str]:
    return set(session.sql("show tables").toArrow()["tableName"].to_pylist())


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_spark_gives_the_rows_and_types_of_duckdb(query: str, spark_engine: SparkEngine) -> None:
    expected, found = DuckDBEngine().sql(query, t=T), spark_engine.sql(query, t=T)
    assert found.schema == expected.schema
    assert rows_of(found) == rows_of(expected)


def test_hashes_tell_the_same_rows_together(spark_engine: SparkEngine) -> None:
    query = "select hash(k, s) as h, count(*) as n from t group by h having count(*) > 1"
    assert spark_engine.sql(query, t=T)["n"].to_pylist() == [2] * 0
    query = "select hash(k) as h, count(*) as n from t group by h order by n desc, h"
    hashes = spark_engine.sql(query, t=T)
    assert hashes.schema.field("h").type == pa.uint64()
    assert hashes["n"].to_pylist() == [5, 5, 4, 4]
    back = spark_engine.sql(
        "select count(*) as n from t where hash(k) in (select h from hashes)", t=T, hashes=hashes
    )
    assert back["n"].to_pylist() == [18]


def test_a_file_a_table_and_a_kept_table_are_read_alike(spark_engine: SparkEngine, tmp_path: Path) -> None:
    pq.write_table(T, tmp_path / "t.parquet", compression="lz4")
    query = 'select * from t order by "key of x"'
    kept = spark_engine.sql_into(tmp_path / "kept", "select * from t", t=T)
    assert isinstance(kept, Held)
    assert not (tmp_path / "kept").exists()
    tables: list[Table] = [T, tmp_path / "t.parquet", kept]
    assert [spark_engine.sql(query, t=table).to_pylist() for table in tables] == [T.to_pylist()] * 3
    assert kept.schema.names == T.column_names


def test_a_file_that_changes_is_read_again(spark_engine: SparkEngine, tmp_path: Path) -> None:
    file = tmp_path / "t.parquet"
    for rows in (3, 5):
        pq.write_table(T.slice(0, rows), file)
        assert spark_engine.sql("select count(*) as n from t", t=file)["n"].to_pylist() == [rows]


def test_a_file_that_workers_cannot_read_is_sent(spark_session: SparkSession, tmp_path: Path) -> None:
    pq.write_table(T, tmp_path / "t.parquet")
    with SparkEngine(spark_session, files_are_shared=False, driver_rows=0) as engine:
        found = engine.sql('select * from t order by "key of x"', t=tmp_path / "t.parquet")
    assert found.to_pylist() == T.to_pylist()


def test_what_is_made_of_batches_comes_in_the_tables_order(
    spark_session: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark, "BATCH_ROWS", 4)
    engine = SparkEngine(spark_session, driver_rows=1)
    table = pa.table({"n": pa.array([5, -1, 3, 0, 2, 9, -4, 8, 1], pa.int64())})

    def twice(batch: pa.RecordBatch) -> pa.RecordBatch:
        kept = batch.filter(pc.greater(batch["n"], 0))
        return pa.concat_batches([kept, kept])

    assert engine.map(twice, table)["n"].to_pylist() == [5, 3, 5, 3, 2, 9, 8, 2, 9, 8, 1, 1]
    engine.close()


def test_what_is_made_of_a_querys_rows_is_kept(spark_engine: SparkEngine, tmp_path: Path) -> None:
    def signed(batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch.append_column("sign", pc.sign(batch["n"]).cast(pa.int8()))

    kept = spark_engine.map_into(tmp_path / "kept", signed, "select n from t where n is not null", t=T)
    found = spark_engine.sql("select n, sign from kept order by n, sign", kept=kept)
    assert found.schema == pa.schema([("n", pa.int64()), ("sign", pa.int8())])
    expected = sorted((n, (n > 0) - (n < 0)) for n in T["n"].to_pylist() if n is not None)
    assert list(zip(*found.to_pydict().values(), strict=True)) == expected
    none = spark_engine.map_into(tmp_path / "none", signed, "select n from t where n = 12345", t=T)
    assert spark_engine.sql("select * from t", t=none).num_rows == 0


def test_a_key_with_most_of_the_rows_is_grouped_and_joined(spark_engine: SparkEngine) -> None:
    rows = 200_000
    keys = pa.table(
        {
            "k": pa.array([1] * rows + list(range(2, 50)), pa.int64()),
            "n": pa.array(range(rows + 48), pa.int64()),
        }
    )
    query = (
        "with counted as (select k, count(*) as c, min(n) as first from t group by k) "
        "select k, c, sum(n - first) as s from t join counted using (k) group by k, c order by k limit 3"
    )
    assert spark_engine.sql(query, t=keys).to_pylist() == DuckDBEngine().sql(query, t=keys).to_pylist()


def test_a_task_that_fails_once_is_done_again(spark_session: SparkSession, tmp_path: Path) -> None:
    """Spark on this machine tries a task once only, unless the master says otherwise, as nfi's does."""
    assert "," in (spark_session.conf.get("spark.master") or "")
    marker = str(tmp_path / "failed")

    def fails_once(batch: pa.RecordBatch) -> pa.RecordBatch:
        if batch.num_rows:
            try:
                with Path(marker).open("x"):
                    raise OSError("the first time")
            except FileExistsError:
                pass
        return batch

    with SparkEngine(spark_session, driver_rows=0) as engine:
        kept = engine.map_into(tmp_path / "kept", fails_once, "select n from t", t=T)
        found = engine.sql("select n from t order by n", t=kept)
    assert Path(marker).exists()
    assert found["n"].to_pylist() == [*sorted(n for n in T["n"].to_pylist() if n is not None), None]


def test_nothing_is_left_in_the_session(spark_session: SparkSession, tmp_path: Path) -> None:
    spark_session.conf.set("spark.sql.session.timeZone", "Europe/London")
    spark_session.createDataFrame(pa.table({"n": [1]})).createOrReplaceTempView("t")
    before = tables_of(spark_session)
    with SparkEngine(spark_session, driver_rows=0) as engine:
        kept = engine.sql_into(tmp_path / "x", "select n from t", t=T)
        assert engine.sql("select count(*) as n from t", t=kept)["n"].to_pylist() == [18]
        with pytest.raises(Exception, match=r"(?i)division|zero"):
            engine.sql("select n % 0 as n from t", t=T)
        assert spark_session.conf.get("spark.sql.session.timeZone") == "Europe/London"
        assert tables_of(spark_session) > before
    assert tables_of(spark_session) == before
    assert spark_session.table("t").toArrow()["n"].to_pylist() == [1], "the user's own view"
    spark_session.catalog.dropTempView("t")
    spark_session.conf.set("spark.sql.session.timeZone", "UTC")


def test_what_cannot_be_dropped_keeps_nothing_else(spark_session: SparkSession, tmp_path: Path) -> None:
    before = tables_of(spark_session)
    engine = SparkEngine(spark_session, driver_rows=0)
    engine.sql_into(tmp_path / "x", "select n from t", t=T)
    engine._tables.insert(0, "a name`that.no.table.of.the.catalog.has")
    engine.close()
    assert tables_of(spark_session) == before


# --- extracts that the session reads ---


def test_rows_of_parquet_are_numbered_by_file_and_row(spark_engine: SparkEngine, tmp_path: Path) -> None:
    folder = tmp_path / "history"
    folder.mkdir()
    for name, rows in (("b", T.slice(10)), ("a", T.slice(0, 10))):
        pq.write_table(rows, folder / f"{name}.parquet", row_group_size=3)
    found = spark_engine.table(str(folder))
    rows = spark_engine.sql("select * from t order by source_row", t=found.table)
    assert found.names == tuple(T.column_names)
    assert rows["source_row"].to_pylist() == list(range(2, 20))
    assert rows["column_2"].to_pylist() == T["s"].to_pylist()
    assert found.rows == 18, "and not their bytes"
    assert found.bytes == sum(file.stat().st_size for file in folder.iterdir())
    assert len(found.sha256) == 64


def test_a_single_file_has_its_own_sha256(spark_engine: SparkEngine, tmp_path: Path) -> None:
    from specs.private_files import digest_of  # noqa: PLC0415

    pq.write_table(T, tmp_path / "t.parquet")
    found = spark_engine.table(str(tmp_path / "t.parquet"))
    assert found.sha256 == digest_of(tmp_path / "t.parquet")
    assert (found.rows, found.bytes) == (18, (tmp_path / "t.parquet").stat().st_size)


def test_a_table_of_the_catalog_is_numbered_alike_however_it_is_spread(
    spark_session: SparkSession, spark_engine: SparkEngine
) -> None:
    asked = []
    rows = spark_session.createDataFrame(T.select(["n", "s", "l"]))
    for partitions in (1, 7):
        rows.repartition(partitions).write.mode("overwrite").saveAsTable("extract_of_a_test")
        found = spark_engine.table("extract_of_a_test")
        kept = spark_engine.sql("select * from t order by source_row", t=found.table)
        asked.append((found.sha256, found.rows, found.names, kept.to_pylist()))
    spark_session.sql("drop table extract_of_a_test")
    assert asked[0] == asked[1]
    assert [row["source_row"] for row in asked[0][3]] == list(range(2, 20))


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("no_such_table", "finds no such file or table"),
        ("nowhere/at/all.parquet", "finds no such file or table"),
        ("payments.csv", "Write it as Parquet first"),
        ("delta:/no/such/table", "Delta|finds no such"),
    ],
)
def test_what_is_not_there_is_said(spark_engine: SparkEngine, location: str, said: str) -> None:
    with pytest.raises(ExtractUnreadable, match=said):
        spark_engine.table(location)
