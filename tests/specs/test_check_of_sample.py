"""The answer key of the invented sample: every planted fault is found, and nothing that was not planted."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from matching.engines.duckdb import DuckDBEngine
from nfi.sample import make_sample
from specs.check import check_extract
from specs.mapping import own_headings
from specs.read import open_extract
from specs.specification import load_specification


def test_the_rows_with_findings_are_the_rows_with_planted_faults(tmp_path: Path) -> None:
    sample = make_sample(tmp_path / "sample", employees=600, creditors=400, payments=5_000, seed=7)
    found: set[tuple[str, int]] = set()
    records: dict[str, Path] = {}
    for dataset in ("payroll", "creditors-standing", "creditors-history"):
        specification = load_specification(dataset)
        extract = open_extract(sample.files[dataset])
        result = check_extract(
            extract,
            specification,
            own_headings(extract.headings, specification),
            today=date(2026, 10, 5),
            workspace=tmp_path / "workspace",
            engine=DuckDBEngine(),
            others=records,
        )
        records[dataset] = result.records
        rows = pq.read_table(result.findings).column("row").to_pylist()
        found |= {(dataset, row) for row in rows if row is not None}
    with sample.files["answers"].open(encoding="utf-8", newline="") as answers:
        planted = {
            (answer["dataset"], int(answer["row"]))
            for answer in csv.DictReader(answers)
            if answer["kind"] == "fault"
        }
    assert len(planted) > 20
    assert found == planted
