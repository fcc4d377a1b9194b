"""What any engine promises, held for DuckDB."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from matching.engines.duckdb import BATCH_ROWS, DuckDBEngine
from specs.engine import Engine
from specs.errors import NfiError, OutputUnwritable

TABLE = pa.table({"n": pa.array([3, 1, 2], pa.int64()), "word": ["c", "a", None]})


@pytest.fixture(params=["table", "file", "file in an odd folder"])
def given(request: pytest.FixtureRequest, tmp_path: Path) -> pa.Table | Path:
    """The same rows as a table and as a Parquet file."""
    if request.param == "table":
        return TABLE
    folder = tmp_path / ("plain" if request.param == "file" else "it's [2026] *")
    folder.mkdir()
    pq.write_table(TABLE, folder / "rows.parquet")
    return folder / "rows.parquet"


def test_a_query_reads_tables_and_files_alike(given: pa.Table | Path, engine: Engine) -> None:
    result = engine.sql("select word, n from given where n > 1 order by n", given=given)
    assert result.to_pylist() == [{"word": None, "n": 2}, {"word": "c", "n": 3}]
    assert result.schema.types == [pa.string(), pa.int64()]


def test_a_query_joins_a_table_and_a_file(given: pa.Table | Path, engine: Engine) -> None:
    other = pa.table({"n": pa.array([2], pa.int64())})
    assert engine.sql("select n from given join other using (n)", given=given, other=other).num_rows == 1


def test_a_name_means_only_what_this_query_was_given(given: pa.Table | Path, engine: Engine) -> None:
    engine.sql("select * from given", given=given)
    later = pa.table({"m": [9]})
    assert engine.sql("select * from given", given=later).to_pylist() == [{"m": 9}]
    with pytest.raises(Exception, match="given"):
        engine.sql("select * from given")


def test_names_are_free_again_after_a_query_that_failed(given: pa.Table | Path, engine: Engine) -> None:
    with pytest.raises(Exception, match="no_such_column"):
        engine.sql("select no_such_column from given", given=given)
    assert engine.sql("select count(*) as rows from given", given=TABLE.slice(0, 1)).to_pylist() == [
        {"rows": 1}
    ]


def test_a_query_sees_no_variable_of_the_program(engine: Engine) -> None:
    secret = pa.table({"n": [1]})
    assert secret.num_rows == 1
    with pytest.raises(Exception, match="secret"):
        engine.sql("select * from secret")


def test_no_rows_keep_their_columns(engine: Engine) -> None:
    result = engine.sql("select n, word from given order by n", given=TABLE.slice(0, 0))
    assert (result.num_rows, result.schema.names) == (0, ["n", "word"])


def test_map_gives_the_rows_of_each_batch_in_order(engine: Engine) -> None:
    rows = BATCH_ROWS * 2 + 7
    seen: list[int] = []

    def double(batch: pa.RecordBatch) -> pa.RecordBatch:
        seen.append(batch.num_rows)
        return pa.RecordBatch.from_arrays([pc.multiply(batch["n"], 2)], names=["twice"])

    result = engine.map(double, pa.table({"n": pa.array(range(rows), pa.int64())}))
    assert result["twice"].to_pylist() == list(range(0, 2 * rows, 2))
    assert seen == [BATCH_ROWS, BATCH_ROWS, 7]


def test_map_may_leave_rows_out_and_add_columns(engine: Engine) -> None:
    def odd(batch: pa.RecordBatch) -> pa.RecordBatch:
        kept = batch.filter(pc.equal(pc.bit_wise_and(batch["n"], 1), 1))
        return kept.append_column("odd", pa.array([True] * kept.num_rows))

    assert engine.map(odd, TABLE).to_pylist() == [
        {"n": 3, "word": "c", "odd": True},
        {"n": 1, "word": "a", "odd": True},
    ]


def test_too_little_memory_is_said_in_one_line() -> None:
    engine = DuckDBEngine(memory=16_000_000, threads=1)
    with pytest.raises(NfiError, match="not enough memory") as caught:
        engine.sql("select list(i::varchar || 'xxxxxxxxxxxxxxxx') as many from range(20000000) t(i)")
    assert "\n" not in str(caught.value)


def test_what_does_not_fit_into_memory_goes_to_the_temporary_folder(tmp_path: Path) -> None:
    engine = DuckDBEngine(memory=60_000_000, threads=1, temporary=tmp_path)
    query = "select i, md5(i::varchar) as word from range(2000000) t(i) order by word"
    assert engine.sql(f"select count(*) as rows from ({query} limit 1900000)").to_pylist() == [
        {"rows": 1_900_000}
    ]


def test_a_file_that_is_not_there_is_said_in_one_line(tmp_path: Path, engine: Engine) -> None:
    with pytest.raises(OutputUnwritable) as caught:
        engine.sql("select * from given", given=tmp_path / "gone.parquet")
    assert "\n" not in str(caught.value)
    assert engine.sql("select 1 as one").num_rows == 1


def test_a_query_written_to_a_file_gives_the_same_rows(
    given: pa.Table | Path, engine: Engine, tmp_path: Path
) -> None:
    query = "select word, n * 2 as twice from given where n > 1"
    engine.sql_into(tmp_path / "it's [new].parquet", query, given=given)
    written = pq.read_table(tmp_path / "it's [new].parquet")
    assert (
        written.sort_by("twice").to_pylist() == engine.sql(f"{query} order by twice", given=given).to_pylist()
    )


@pytest.mark.parametrize("rows", [0, 1, 2 * BATCH_ROWS + 5])
def test_a_function_mapped_over_a_query_into_a_file_keeps_every_row_in_order(
    rows: int, engine: Engine, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"n": pa.array(range(rows), pa.int64())}), tmp_path / "rows")

    def with_double(batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch.append_column("twice", pc.multiply(batch["n"], 2))

    query = "select n from given order by n"
    engine.map_into(tmp_path / "made", with_double, query, given=tmp_path / "rows")
    made = pq.read_table(tmp_path / "made")
    assert made.schema.names == ["n", "twice"]
    assert made["n"].to_pylist() == list(range(rows))
    assert made["twice"].to_pylist() == [2 * n for n in range(rows)]


@pytest.mark.parametrize(
    "query",
    [
        "select i, md5(i::varchar) as word from range(2000000) t(i) order by word",
        "select i, repeat('x', if(i = 999999, 900000000, 1)) as word from range(1000000) t(i)",
    ],
    ids=["before the first row", "among the last rows"],
)
def test_a_query_that_needs_too_much_memory_for_its_rows_is_said_in_one_line(
    query: str, tmp_path: Path
) -> None:
    engine = DuckDBEngine(memory=20_000_000, threads=1)
    with pytest.raises(NfiError, match="not enough memory") as caught:
        engine.map_into(tmp_path / "made", lambda batch: batch, query)
    assert "\n" not in str(caught.value)
