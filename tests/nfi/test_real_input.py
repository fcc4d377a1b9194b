"""Whole commands on published ledgers, which are not part of the project: skipped where they are absent."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.typed import Nfi

MAPPINGS = Path(__file__).parents[2] / "docs" / "examples" / "mappings"


@pytest.mark.parametrize(
    ("pattern", "mapping", "rows"),
    [
        pytest.param("nhs/ROYF/*", "nhs-spend-own-numbers", 2271, id="Royal Free, CSV and XLSX"),
        pytest.param("nhs/HILL/*", "nhs-spend-own-numbers", 171, id="Hillingdon, XLSX"),
        pytest.param("nhs/KICO/*", "nhs-spend-supplier-numbers", 1738, id="King's College, mixed dates"),
        pytest.param("nhs/CHWE/*0[1-9]*", "nhs-spend-own-numbers", 1041, id="Chelsea, first nine months"),
        pytest.param("nhs/CHWE/*1[0-2]*", "nhs-spend-supplier-numbers", 406, id="Chelsea, last three months"),
    ],
)
def test_untouched_nhs_files_are_checked_without_false_alarms(
    nfi: Nfi, real_data: Path, tmp_path: Path, pattern: str, mapping: str, rows: int
) -> None:
    checked = 0
    for extract in sorted((real_data / "payments").glob(pattern)):
        outcome = nfi(
            *("check", extract, "-d", "creditors-history", "-m", MAPPINGS / f"{mapping}.yaml"),
            *("--out", tmp_path / "work", "--json"),
        )
        assert outcome.code in {0, 1}, outcome.err
        record = json.loads(outcome.out)
        checked += record["rows"]
        codes = {each["code"] for each in record["findings"] if each["severity"] != "note"}
        # True of King's College: in three months more than one invoice in twenty has no number, and a
        # spreadsheet has made 9.83E+15 of four of them.
        true = {"few_filled", "scientific_notation"} if "KICO" in pattern else set()
        assert codes <= {"duplicate_key", "required", "missing_column", *true}
    assert checked == rows


def test_a_real_ledger_of_twelve_years_is_checked_and_matched(
    nfi: Nfi, real_data: Path, tmp_path: Path
) -> None:
    ledger = real_data / "payments" / "calderdale" / "calderdale_payments.csv.gz"
    work = tmp_path / "work"
    for part in ("standing", "history"):
        mapping = MAPPINGS / f"calderdale-{part}.yaml"
        outcome = nfi("check", ledger, "-d", f"creditors-{part}", "-m", mapping, "--out", work)
        assert outcome.code in {0, 1}, outcome.err
    assert pq.read_metadata(work / "checked/creditors-history.parquet").num_rows == 481_980

    # All reports run over this ledger in tests/matching/test_real_ledger.py: here, those with the most cases.
    asked = ("same-creditor-invoice-amount", "same-creditor-amount", "payroll-same-nino")
    matched = nfi("match", work, *(part for report in asked for part in ("--report", report)))
    assert matched.code == 0, matched.err
    assert "not run: needs payroll" in matched.out
    cases = pq.read_table(work / "matches/cases.parquet")
    assert 30_000 < cases.num_rows < 50_000
    assert pq.read_metadata(work / "matches/case-records.parquet").num_rows < 481_980
