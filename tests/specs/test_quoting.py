"""Names become identifiers that a query cannot misread."""

from __future__ import annotations

import pyarrow as pa
import pytest

from matching.engines.duckdb import DuckDBEngine
from specs.quoting import quoted, table_name


@pytest.mark.parametrize(
    "name", ["plain", "order", "with space", 'with "quotes"', "with 'quote'", "; drop table x"]
)
def test_any_name_survives_a_query(name: str) -> None:
    engine = DuckDBEngine()
    assert engine.sql(f"select {quoted(name)} from given", given=pa.table({name: [1]})).column_names == [name]


def test_a_data_set_is_a_table_without_hyphens() -> None:
    assert table_name("creditors-history") == "creditors_history"
