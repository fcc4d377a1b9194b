"""The answer key of the invented sample: every planted fault is found, and nothing that was not planted."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from matching.engines.duckdb import DuckDBEngine
from nfi.sample import make_sample
from specs.catalogues import load_specification
from specs.check import CheckTerms, check_extracts
from specs.mapping import own_headings
from specs.read import open_extract

SIGNS = {
    "no-ni-number",
    "ni-number-to-follow",
    "paid-after-leaving",
    "started-after-leaving",
    "too-old",
    "too-young",
    "post-box-address",
    "pay-without-hours",
    "closed-record-paid",
    "no-bank-account",
}
"""Planted inconsistencies of one record, which the check may speak of as well."""
SHARED = {"nino_shared", "person_twice", "account_shared"}
"""Codes of what records share: planted inconsistencies and their look-alikes have these too."""


def test_the_rows_with_findings_are_the_rows_with_planted_faults(tmp_path: Path) -> None:
    sample = make_sample(tmp_path / "sample", employees=600, creditors=400, payments=5_000, seed=7)
    found: set[tuple[str, int]] = set()
    shared: dict[str, set[tuple[str, int]]] = {code: set() for code in SHARED}
    records: dict[str, Path] = {}
    for dataset in ("payroll", "creditors-standing", "creditors-history"):
        specification = load_specification(dataset)
        extract = open_extract(sample.files[dataset])
        result = check_extracts(
            [extract],
            specification,
            own_headings(extract.headings, specification),
            CheckTerms(today=date(2026, 10, 5), others=records),
            workspace=tmp_path / "workspace",
            engine=DuckDBEngine(),
        )
        records[dataset] = result.records
        findings = pq.read_table(result.findings).to_pylist()
        for finding in findings:
            if finding["row"] is not None:
                shared.get(finding["code"], found).add((dataset, finding["row"]))
        if dataset == "payroll":  # a James James comes up by chance, as in life; nobody planted him
            found -= called_the_same(result.records)
        assert {each["severity"] for each in findings if each["row"] is None} == {"note"}
    with sample.files["answers"].open(encoding="utf-8", newline="") as file:
        answers = list(csv.DictReader(file))
    anything = {(answer["dataset"], int(answer["row"])) for answer in answers}
    planted = {(answer["dataset"], int(answer["row"])) for answer in answers if answer["kind"] == "fault"}
    signs = {(answer["dataset"], int(answer["row"])) for answer in answers if answer["name"] in SIGNS}
    assert len(planted) > 20
    assert planted <= found <= planted | signs
    assert all(shared.values())
    assert set().union(*shared.values()) <= anything - planted


def called_the_same(records: Path) -> set[tuple[str, int]]:
    """The rows in which the surname is the forename, too."""
    people = pq.read_table(records, columns=["source_row", "surname", "forenames"]).to_pylist()
    return {("payroll", each["source_row"]) for each in people if each["surname"] == each["forenames"]}
