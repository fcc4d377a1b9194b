"""What is small is worked out by the driver, and nobody can tell from what comes out."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matching.engines.spark import SparkEngine
from matching.engines.spark_small import SmallWork, has_hashes, of_query
from specs.engine import Held, Table

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FIVE = pa.table({"n": [1, 2, 3, 4, 5]})
KEPT = Held("kept_1", FIVE.schema)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        pytest.param("select * from a join b using (n)", {"a", "b"}, id="two"),
        pytest.param("select n -- of c\nfrom a", {"a"}, id="a comment"),
        pytest.param("select '-- c' as s from a join b using (n)", {"a", "b"}, id="two dashes in a text"),
        pytest.param("select 'it''s -- ' as s from b", {"b"}, id="a quote in a text"),
        pytest.param('select n as "x -- y" from c', {"c"}, id="two dashes in a name"),
        pytest.param("with a as (select 1 as n) select * from a", {"a"}, id="a step of that name"),
    ],
)
def test_only_the_tables_that_a_query_speaks_of_are_its_tables(query: str, named: set[str]) -> None:
    assert set(of_query(query, dict.fromkeys("abc", FIVE))) == named


def test_hashes_are_told_from_names_that_end_alike() -> None:
    assert has_hashes("select hash(a, b) as h from t")
    assert not has_hashes("select my_hash(a) as h, hash from t")


class Spark:
    """Notes what it is asked for."""

    def __init__(self, rows: int) -> None:
        self.asked: list[str] = []
        self.rows = rows

    def count(self, table: Held) -> int:
        self.asked.append(f"count {table.name}")
        return self.rows

    def fetch(self, table: Held) -> pa.Table:
        self.asked.append(f"fetch {table.name}")
        return FIVE.slice(0, self.rows)


def test_tables_up_to_so_many_rows_together_are_for_the_driver(tmp_path: Path) -> None:
    file = tmp_path / "five.parquet"
    pq.write_table(FIVE, file)
    for most, given, is_here in (
        (5, {"t": FIVE}, True),
        (4, {"t": FIVE}, False),
        (10, {"t": FIVE, "u": file}, True),
        (9, {"t": FIVE, "u": file}, False),
        (0, {"t": FIVE.slice(5)}, True),
    ):
        spark = Spark(5)
        found = SmallWork(most, spark.count, spark.fetch).tables("", given)
        assert (found == given) if is_here else found is None, most
        assert spark.asked == []


def test_a_table_of_sparks_is_counted_and_fetched_once_and_only_where_all_else_is_small() -> None:
    spark = Spark(3)
    small = SmallWork(5, spark.count, spark.fetch)
    assert small.tables("", {"kept": KEPT, "t": FIVE, "u": FIVE}) is None
    assert spark.asked == [], "what is in memory is too much already"
    for _ in range(2):
        found = small.tables("", {"kept": KEPT, "t": FIVE.slice(3)})
        assert found is not None
        assert found["kept"] == FIVE.slice(0, 3)
    assert spark.asked == ["count kept_1", "fetch kept_1"]
    large = Spark(6)
    assert SmallWork(5, large.count, large.fetch).tables("", {"kept": KEPT}) is None
    assert large.asked == ["count kept_1"]


def test_no_more_rows_of_sparks_are_kept_than_are_little() -> None:
    spark = Spark(3)
    small = SmallWork(7, spark.count, spark.fetch)
    held = [Held(f"kept_{number}", FIVE.schema) for number in range(3)]
    for table in (held[0], held[1], held[0], held[2], held[2], held[0]):
        assert small.tables("", {"t": table}) == {"t": FIVE.slice(0, 3)}
    fetched = [line for line in spark.asked if line.startswith("fetch")]
    assert fetched == ["fetch kept_0", "fetch kept_1", "fetch kept_2", "fetch kept_0"]


def test_what_holds_an_engines_hashes_is_asked_of_no_other() -> None:
    spark = Spark(3)
    small = SmallWork(5, spark.count, spark.fetch)
    asked, made, theirs = "select hash(n) as h from t", pa.table({"h": [7]}), pa.table({"h": [8]})
    small.took_hashes(made, asked, {"t": FIVE}, here=True)
    small.took_hashes(theirs, asked, {"t": FIVE}, here=False)
    users = "select n from t where hash(n) in (select h from found)"
    assert small.tables(users, {"found": made}) == {"found": made}
    assert small.tables(users, {"found": theirs}) is None
    assert small.tables("select count(*) as n from found", {"found": theirs}) == {"found": theirs}
    assert small.asked_of_duckdb(made) == (asked, {"t": FIVE})
    assert small.asked_of_duckdb(theirs) is None
    assert small.asked_of_duckdb(FIVE) is None
    place = id(made)
    del made
    gc.collect()
    assert place not in small._hashed


@pytest.mark.xdist_group("spark")
def test_small_and_large_go_together(spark_session: SparkSession, tmp_path: Path) -> None:
    """A small table's hashes, made here, are met in a large one, in Spark; and the other way about."""
    small = pa.table({"k": pa.array([3, 3, 4, 4, 5], pa.int64())})
    large = pa.table({"k": pa.array(range(50), pa.int64()), "s": [str(number) for number in range(50)]})
    file = tmp_path / "large.parquet"
    pq.write_table(large, file)
    with SparkEngine(spark_session, driver_rows=20) as engine:

        def asked(query: str, **tables: Table) -> list[Any]:
            return [tuple(row.values()) for row in engine.sql(query, **tables).to_pylist()]

        repeated = engine.sql("select hash(k) as h from t group by h having count(*) > 1", t=small)
        met = "select k, s from t where hash(k) in (select h from repeated) order by k"
        assert asked(met, t=file, repeated=repeated) == [(3, "3"), (4, "4")]
        assert asked(met.replace("k, s", "k"), t=small, repeated=repeated) == [(3,), (3,), (4,), (4,)]
        of_large = engine.sql("select hash(k) as h from t where k > 3 and k < 5", t=file)
        assert asked("select k from t where hash(k) in (select h from f)", t=small, f=of_large) == [
            (4,),
            (4,),
        ]
        kept = engine.sql_into(tmp_path / "kept", "select * from t where k < 30", t=file)
        few = engine.sql_into(tmp_path / "few", "select k from t where k < 3", t=kept)
        same = engine.sql_into(tmp_path / "same.parquet", "select k + 1 as k from few", few=few)
        assert [isinstance(each, Held) for each in (kept, few, same)] == [True, True, False]
        assert asked("select k from same order by k", same=same) == [(1,), (2,), (3,)]
        joined = "select s from kept join same using (k) join few using (k) order by s"
        assert asked(joined, kept=kept, same=same, few=few) == [("1",), ("2",)]

        def doubled(batch: pa.RecordBatch) -> pa.RecordBatch:
            return pa.record_batch(
                {"k": [2 * k for k in batch["k"].to_pylist()]}, pa.schema([("k", pa.int64())])
            )

        here = engine.map_into(tmp_path / "here.parquet", doubled, "select k from few", few=few)
        assert here == tmp_path / "here.parquet"
        assert asked("select sum(k) as n from here", here=here) == [(6,)]
