"""The report that links people, run over invented ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from matching.engines.duckdb import DuckDBEngine
from matching.linkage.linked import linked
from matching.linkage.tables import Linked
from matching.report import REPORTS, read_report
from tests.matching.linkage.made_up import Link, People, prepared


@pytest.fixture
def link(tmp_path: Path) -> Link:
    """Links people by the report same-person: rows of columns, record numbers from 2 unless given."""

    def run(people: People, *, threads: int | None = None, **changes: Any) -> Linked:
        report = read_report(REPORTS / "same-person.yaml").model_copy(update=changes)
        file = tmp_path / "payroll.parquet"
        pq.write_table(prepared(people), file)
        return linked(report, {"payroll": file}, DuckDBEngine(threads=threads))

    return run
