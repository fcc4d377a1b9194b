"""The first rows of a council's ledger, checked and matched on Spark: all that comes out is DuckDB's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bench.ledger import HISTORY, LEDGER
from bench.same_results import differences, run_on, table_differences
from bench.spark_extracts import extracts_of_ledger
from matching.engines.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from matching.engines.spark import SparkEngine

ROWS = 5_000
REPORTS = ("same-creditor-invoice-amount",)


@pytest.mark.xdist_group("spark")
@pytest.mark.skipif(not LEDGER.exists(), reason="no copy of the published ledger in ../shared/data")
def test_a_ledger_is_checked_and_matched_alike(spark_engine: SparkEngine, tmp_path: Path) -> None:
    extracts = {HISTORY: extracts_of_ledger(tmp_path, ROWS)[HISTORY]}
    here = run_on(DuckDBEngine(), extracts, tmp_path / "here", REPORTS)
    there = run_on(spark_engine, extracts, tmp_path / "there", REPORTS)
    cases = pq.read_table(here.work / "matches" / "cases.parquet")
    assert set(cases["report"].to_pylist()) == set(REPORTS)
    assert any(cases["explanations"].to_pylist())
    assert pq.read_metadata(here.work / "findings" / "creditors-history.parquet").num_rows
    assert differences(here, there) == []


ONE = pa.table(
    {
        "s": ["a", None, "c"],
        "x": [0.1, None, 3e9],
        "l": [[{"y": 1.0, "n": ["p"]}], [], None],
        "k": [["a", "b"], ["c"], []],
    }
)


def changed(name: str, values: list[object]) -> pa.Table:
    place = ONE.column_names.index(name)
    return ONE.set_column(place, ONE.schema.field(name), pa.array(values, ONE.schema.field(name).type))


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (ONE, []),
        (changed("x", [0.1 * (1 + 1e-12), None, 3e9 + 0.1]), []),
        (changed("x", [0.1000001, None, 3e9]), ["x: 1 values, the first in row 0"]),
        (changed("x", [0.1, 0.0, 3e9]), ["x: 1 values, the first in row 1"]),
        (changed("s", ["a", None, "C"]), ["s: 1 values, the first in row 2"]),
        (changed("l", [[{"y": 1.1, "n": ["p"]}], [], []]), ["l: 2 values, the first in row 0"]),
        (changed("l", [[{"y": 1.0, "n": ["q"]}], [], None]), ["l: 1 values, the first in row 0"]),
        (changed("k", [["b", "a"], ["c", "d"], []]), ["k: 2 values, the first in row 0"]),
        (ONE.slice(1), ["3 rows, and 2"]),
        (ONE.drop_columns(["s"]), ["other columns"]),
    ],
)
def test_what_differs_is_found(other: pa.Table, found: list[str]) -> None:
    assert table_differences(ONE, other) == found
