"""Invented checked records, small enough to read in a test, and the match over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matching.engines.duckdb import DuckDBEngine
from matching.known_reports import reports_called
from matching.match import match
from matching.report import Report
from matching.result import MatchResult
from specs.catalogues import load_specification
from specs.engine import Engine
from specs.specification import FieldFormat, Specification

DATASETS = ("creditors-history", "creditors-standing", "payroll")
ARROW_TYPES = {
    FieldFormat.CHARACTER: pa.string(),
    FieldFormat.NUMBER: pa.string(),
    FieldFormat.DATE: pa.date32(),
    FieldFormat.MONEY: pa.int64(),
    FieldFormat.HOURS: pa.int64(),
}

Rows = Iterable[Mapping[str, Any]]
CheckedTable = Callable[[str, Rows], pa.Table]
Checked = Callable[[Mapping[str, Rows]], dict[str, Path]]
Matched = Callable[..., MatchResult]


@pytest.fixture(scope="session")
def specifications() -> dict[str, Specification]:
    return {dataset: load_specification(dataset) for dataset in DATASETS}


@pytest.fixture(scope="session")
def engine() -> Engine:
    """One engine for all: it keeps nothing from one query to the next."""
    return DuckDBEngine()


@pytest.fixture(scope="session")
def checked_table(specifications: dict[str, Specification]) -> CheckedTable:
    """Records as a check leaves them: every column of the specification, null where a row says nothing."""

    def make(dataset: str, rows: Rows) -> pa.Table:
        fields = specifications[dataset].fields
        schema = pa.schema(
            [("source_row", pa.int64()), *((field.column, ARROW_TYPES[field.format]) for field in fields)]
        )
        numbered = [{"source_row": number, **row} for number, row in enumerate(rows, start=2)]
        if unknown := {name for row in numbered for name in row} - set(schema.names):
            raise KeyError(f"{dataset} has no {sorted(unknown)}")
        return pa.Table.from_pylist(numbered, schema=schema)

    return make


@pytest.fixture
def checked(tmp_path: Path, checked_table: CheckedTable) -> Checked:
    """Checked records in Parquet files."""

    def write(datasets: Mapping[str, Rows]) -> dict[str, Path]:
        files = {dataset: tmp_path / f"{dataset}.parquet" for dataset in datasets}
        for dataset, rows in datasets.items():
            pq.write_table(checked_table(dataset, rows), files[dataset])
        return files

    return write


@pytest.fixture
def matched(
    checked: Checked, specifications: dict[str, Specification], engine: Engine, tmp_path: Path
) -> Matched:
    """The match over invented rows, by data set; of all reports, or of those named or given."""

    numbers = count()

    def run(datasets: Mapping[str, Rows], *reports: str | Report, engine: Engine = engine) -> MatchResult:
        named = tuple(report for report in reports if isinstance(report, str))
        given = tuple(report for report in reports if isinstance(report, Report))
        chosen = given + (reports_called(named) if named or not given else ())
        results = tmp_path / f"results-{next(numbers)}"
        return match(checked(datasets), chosen, specifications, engine, results)

    return run
