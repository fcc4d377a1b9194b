from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engines.duckdb import DuckDBEngine
from specs.data_set.repeated_rows import first_rows_query
from tests.examples import examples

ENGINE = DuckDBEngine()


@settings(deadline=None, max_examples=examples(16))
@given(st.lists(st.tuples(st.sampled_from(["", "A", "B"]), st.sampled_from(["", "A", "B"])), max_size=12))
def test_of_rows_that_are_the_same_the_first_stays(rows: list[tuple[str, str]]) -> None:
    mapped = pa.table(
        {
            "source_row": pa.array(range(2, len(rows) + 2), pa.int64()),
            "title": pa.array([row[0] for row in rows], pa.string()),
            "group": pa.array([row[1] for row in rows], pa.string()),
        }
    )
    kept = ENGINE.sql(first_rows_query(["title", "group"]), mapped=mapped).column(0).to_pylist()
    assert kept == sorted({row: place for place, row in reversed(list(enumerate(rows, start=2)))}.values())
