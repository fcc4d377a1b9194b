"""The check of an extract on Spark, against the check that streams the same file: every byte."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matching.engines.duckdb import DuckDBEngine
from specs.catalogues import load_specification
from specs.check import CheckResult, CheckTerms, check_extracts
from specs.engine_extract import open_held_extract
from specs.mapping import own_headings
from specs.read import open_extract
from tests.specs.test_held_records import HISTORY, TODAY

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from matching.engines.spark import SparkEngine

pytestmark = pytest.mark.xdist_group("spark")

DIRTY = [
    ("C1", "I1", "01042024", "10000", "2000", ""),
    ("C1", "I1", "01042024", "10000", "2000", ""),
    (" C2 ", "i-2", "31/02/24", "12.50", "x", 'Ä, "ß"'),
    ("", "", "", "", "", ""),
    ("c1", "007", "01012031", "-3", "", "a\nb"),
    ("C3", "I3", "", "1e3", "20", "x" * 300),
    ("Total", "", "", "22250", "", ""),
]
SPECIFICATION = load_specification("creditors-history")


def streamed(file: Path, folder: Path) -> CheckResult:
    extract = open_extract(file)
    said = own_headings(extract.headings, SPECIFICATION)
    return check_extracts(
        [extract], SPECIFICATION, said, CheckTerms(today=TODAY), workspace=folder, engine=DuckDBEngine()
    )


def on_spark(file: Path, folder: Path, engine: SparkEngine) -> CheckResult:
    extract = open_held_extract(engine, str(file))
    said = own_headings(extract.headings, SPECIFICATION)
    return check_extracts(
        [extract], SPECIFICATION, said, CheckTerms(today=TODAY), workspace=folder, engine=engine
    )


def test_an_extract_is_checked_alike_however_it_is_spread(
    spark_session: SparkSession, spark_engine: SparkEngine, tmp_path: Path
) -> None:
    columns = {name: [row[place] for row in DIRTY] for place, name in enumerate(HISTORY)}
    file = tmp_path / "history.parquet"
    pq.write_table(pa.table(columns), file, row_group_size=2)
    expected = streamed(file, tmp_path / "streamed")
    assert expected.record.findings
    before = spark_session.conf.get("spark.sql.shuffle.partitions") or "2"
    spark_session.conf.set("spark.sql.shuffle.partitions", "7")
    try:
        found = on_spark(file, tmp_path / "spread", spark_engine)
    finally:
        spark_session.conf.set("spark.sql.shuffle.partitions", before)
    for output in ("records", "findings", "findings_csv"):
        assert getattr(found, output).read_bytes() == getattr(expected, output).read_bytes(), output
    assert found.record.findings == expected.record.findings
