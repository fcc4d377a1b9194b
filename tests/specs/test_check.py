"""Checking whole extracts: golden cases, repeatability, and what is left behind when something goes wrong.

NFI_REWRITE_GOLDEN=1 pytest tests/specs/test_check.py rewrites tests/golden/check: read the diff.
A new case is a folder named as its data set, or with something after it ('payroll odd dates'); it holds
input.csv, and where wanted mapping.yaml and creditors-standing.csv. All data are invented.
"""

from __future__ import annotations

import json
import os
import random
import stat
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from matching.engines.duckdb import DuckDBEngine
from specs.amounts import MoneyFormat
from specs.catalogues import datasets, load_specification
from specs.check import CheckResult, CheckTerms, check_extracts
from specs.check_batches import FINDINGS, RECORDS, WHOLE, Progress
from specs.check_record import read_check_record
from specs.errors import ExtractUnreadable
from specs.mapping import own_headings, read_mapping
from specs.parse import record_schema
from specs.read import open_extract

GOLDEN = Path(__file__).parents[1] / "golden" / "check"
CASES = sorted(folder.name for folder in GOLDEN.iterdir())
TODAY = date(2026, 10, 1)
ENGINE = DuckDBEngine()

HISTORY_HEADINGS = (
    "Creditor reference,Suppliers invoice number,Internal/system invoice number,Invoice date,"
    "Total invoice amount,VAT amount"
)


def check(
    files: Path | Sequence[Path],
    dataset: str,
    workspace: Path,
    *,
    mapping: Path | None = None,
    progress: Progress = lambda _step, _rows: None,
    **terms: Any,
) -> CheckResult:
    specification = load_specification(dataset)
    extracts = [open_extract(file) for file in ([files] if isinstance(files, Path) else files)]
    return check_extracts(
        extracts,
        specification,
        read_mapping(mapping, specification)
        if mapping
        else own_headings(extracts[0].headings, specification),
        CheckTerms(today=TODAY, **terms),
        workspace=workspace,
        engine=ENGINE,
        progress=progress,
    )


def history(folder: Path, *records: str) -> Path:
    file = folder / "history.csv"
    file.write_text("\n".join([HISTORY_HEADINGS, *records]) + "\n", encoding="utf-8")
    return file


def found(result: CheckResult) -> list[tuple[object, ...]]:
    """Row, code and detail of each finding, without notes."""
    return [
        (finding["row"], finding["code"], finding["detail"])
        for finding in pq.read_table(result.findings).to_pylist()
        if finding["severity"] != "note"
    ]


@pytest.mark.parametrize("case", CASES)
def test_the_check_of_an_extract_is_as_the_golden_one(case: str, tmp_path: Path) -> None:
    folder = GOLDEN / case
    dataset = max((name for name in datasets("2026-27") if case.startswith(name)), key=len)
    others = {}
    if (standing := folder / "creditors-standing.csv").exists():
        others["creditors-standing"] = check(standing, "creditors-standing", tmp_path).records
    mapping = folder / "mapping.yaml"
    result = check(
        folder / "input.csv",
        dataset,
        tmp_path,
        mapping=mapping if mapping.exists() else None,
        others=others,
    )
    record = json.loads(result.record_file.read_text(encoding="utf-8"))
    del record["version"], record["specification_digest"], record["records_sha256"]
    text = json.dumps(
        {
            "record": record,
            "findings": pq.read_table(result.findings).to_pylist(),
            "records": pq.read_table(result.records).to_pylist(),
        },
        indent=1,
        ensure_ascii=False,
        default=str,
    )
    golden = folder / "expected.json"
    if os.environ.get("NFI_REWRITE_GOLDEN"):
        golden.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == golden.read_text(encoding="utf-8")


def test_the_same_extract_gives_the_same_bytes(tmp_path: Path) -> None:
    results = [check(GOLDEN / "payroll" / "input.csv", "payroll", tmp_path / name) for name in ("one", "two")]
    for file in ("records", "record_file", "findings", "findings_csv"):
        one, two = (getattr(result, file).read_bytes() for result in results)
        assert one == two, file


def many_rows(seed: int, count: int) -> list[str]:
    pick = random.Random(seed)
    return [
        ",".join(
            [
                pick.choice(["C1", "C2", ""]),
                f"I{pick.randrange(50)}",
                str(pick.randrange(count)),
                pick.choice(["31032024", "31022024", "2024-03-31", ""]),
                pick.choice(["12.50", "12x", "£1.00", "0"]),
                pick.choice(["", "2.00", "999"]),
            ]
        )
        for _ in range(count)
    ]


def test_where_batches_begin_and_end_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = history(tmp_path, *many_rows(seed=1, count=200))
    whole = check(file, "creditors-history", tmp_path / "whole")
    monkeypatch.setattr("specs.mapped.BATCH_ROWS", 7)
    cut = check(file, "creditors-history", tmp_path / "cut")
    tables = [pq.read_table(result.findings) for result in (whole, cut)]
    assert tables[0].num_rows > 200
    # how many records money was decided from is the only thing that batches show in
    assert tables[0].drop_columns("detail").equals(tables[1].drop_columns("detail"))
    assert found(whole) == found(cut)
    assert pq.read_table(whole.records).equals(pq.read_table(cut.records))
    assert whole.record.model_copy(update={"records_sha256": cut.record.records_sha256}) == cut.record
    assert whole.record.profile == cut.record.profile


def test_records_are_typed_ordered_and_have_every_column(tmp_path: Path) -> None:
    result = check(GOLDEN / "payroll" / "input.csv", "payroll", tmp_path)
    records = pq.read_table(result.records)
    assert records.schema == record_schema(load_specification("payroll"))
    assert records.column("source_row").to_pylist() == sorted(records.column("source_row").to_pylist())


def test_the_record_can_be_read_again_and_holds_no_value_of_a_person(tmp_path: Path) -> None:
    result = check(GOLDEN / "payroll" / "input.csv", "payroll", tmp_path)
    assert read_check_record(result.record_file) == result.record
    text = result.record_file.read_text(encoding="utf-8")
    for value in ("Testwell", "QQ123456C", "TN010180M", "20452", "ben at example"):
        assert value not in text
    assert "Testwell" not in repr(result)


def test_only_the_user_can_read_what_is_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    result = check(GOLDEN / "payroll" / "input.csv", "payroll", tmp_path / "workspace")
    files = {path for path in (tmp_path / "workspace").rglob("*") if path.is_file()}
    assert files == {result.records, result.record_file, result.findings, result.findings_csv}
    for path in (tmp_path / "workspace").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def test_a_fault_far_down_leaves_the_last_results_as_they_were(tmp_path: Path) -> None:
    good = check(history(tmp_path, "C1,I1,1,31032024,100,20"), "creditors-history", tmp_path / "w")
    before = {path: path.read_bytes() for path in (tmp_path / "w").rglob("*") if path.is_file()}
    rows = ["C1,I1,1,31032024,100,20"] * 100_000 + ["C1,I1,too,few"]
    with pytest.raises(ExtractUnreadable):
        check(history(tmp_path, *rows), "creditors-history", tmp_path / "w")
    assert {path: path.read_bytes() for path in (tmp_path / "w").rglob("*") if path.is_file()} == before
    assert good.record.rows == 1


def test_headings_without_records_are_no_extract_and_leave_nothing(tmp_path: Path) -> None:
    with pytest.raises(ExtractUnreadable, match="no records"):
        check(history(tmp_path), "creditors-history", tmp_path / "w")
    assert [path for path in (tmp_path / "w").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_records_are_enough(tmp_path: Path, count: int) -> None:
    rows = [f"C1,I1,{number},31032024,120,20" for number in range(count)]
    result = check(history(tmp_path, *rows), "creditors-history", tmp_path)
    assert result.record.rows == count
    assert result.record.profile[0].filled == count
    assert [row for row in found(result) if row[0] is not None] == []


def test_what_could_not_be_checked_is_said_and_why(tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    file.write_text(
        "Creditor reference,Suppliers invoice number,Invoice date,Total invoice amount\nC1,I1,31032024,100\n",
        encoding="utf-8",
    )
    result = check(file, "creditors-history", tmp_path)
    reasons = {entry.code: entry.reason for entry in result.record.not_checked}
    assert reasons.items() >= {
        ("duplicate_key", "the extract has no column for Internal/system invoice number"),
        ("reference", "creditors-standing has not been checked; check it first, then this data set again"),
        ("not_greater", "the extract has no column for VAT amount"),
        ("vat_rate", "the extract has no column for VAT amount"),
        ("paid_before_invoice", "the extract has no column for Payment date"),
    }
    assert not reasons.keys() & {each.code for each in result.record.findings}
    assert (None, "missing_column", None) in found(result)


def test_a_key_is_checked_although_its_optional_part_has_no_column(tmp_path: Path) -> None:
    file = tmp_path / "standing.csv"
    file.write_text(
        "Creditor reference,Creditor name,Address line 1,Post code\n"
        "C1,One Ltd,1 Sample Way,LS1 4AP\nC1,Two Ltd,2 Sample Way,LS1 4AP\n",
        encoding="utf-8",
    )
    result = check(file, "creditors-standing", tmp_path)
    assert (2, "duplicate_key", "also on row 3") in found(result)
    assert "duplicate_key" not in {entry.code for entry in result.record.not_checked}


def test_creditors_are_looked_for_in_the_standing_data(tmp_path: Path) -> None:
    standing = check(GOLDEN / "creditors-history" / "creditors-standing.csv", "creditors-standing", tmp_path)
    file = history(tmp_path, "C100,I1,1,31032024,100,20", "C999,I2,2,31032024,100,20")
    result = check(file, "creditors-history", tmp_path, others={"creditors-standing": standing.records})
    assert (3, "reference", "not in creditors-standing") in found(result)
    assert "reference" not in {entry.code for entry in result.record.not_checked}


def test_a_reference_used_far_apart_is_found_in_both_places(tmp_path: Path) -> None:
    rows = [f"C1,I{number},{number % 70_000},31032024,100,20" for number in range(70_001)]
    result = check(history(tmp_path, *rows), "creditors-history", tmp_path)
    assert [row for row in found(result) if row[1] == "duplicate_key"] == [
        (2, "duplicate_key", "also on row 70002"),
        (70_002, "duplicate_key", "also on row 2"),
    ]


def test_how_money_is_written_can_be_said_outright(tmp_path: Path) -> None:
    file = history(tmp_path, "C1,I1,1,31032024,100,20")
    pence = check(file, "creditors-history", tmp_path / "pence")
    pounds = check(file, "creditors-history", tmp_path / "pounds", money=MoneyFormat.POUNDS)
    amounts = [
        pq.read_table(result.records).column("total_invoice_amount").to_pylist() for result in (pence, pounds)
    ]
    assert amounts == [[100], [10_000]]
    assert "money_format" in {entry.code for entry in pence.record.findings}
    assert "money_format" not in {entry.code for entry in pounds.record.findings}


def test_progress_is_told_in_steps_and_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("specs.mapped.BATCH_ROWS", 4)
    told: list[tuple[str, int]] = []
    rows = [f"C1,I{number},{number},31032024,100,20" for number in range(10)]
    check(history(tmp_path, *rows), "creditors-history", tmp_path, progress=lambda *each: told.append(each))
    records = [(RECORDS, rows) for rows in (0, 4, 8, 10)]
    assert told == [*records, (WHOLE, 10), (FINDINGS, 10)]


def test_a_field_not_held_on_purpose_still_needs_a_look_where_records_cannot_do_without(
    tmp_path: Path,
) -> None:
    mapping = tmp_path / "ledger.yaml"
    mapping.write_text(
        "dataset: creditors-history\nfields: {Creditor reference: Creditor reference}\n"
        "not_held: [Internal/system invoice number, Suppliers invoice number, Due date]\n",
        encoding="utf-8",
    )
    result = check(history(tmp_path, "C1,,,,,"), "creditors-history", tmp_path, mapping=mapping)
    severities = {each.field: each.severity for each in result.record.findings}
    assert severities["Internal/system invoice number"] == "warning"
    assert severities["Suppliers invoice number"] == severities["Due date"] == "note"
    assert severities["Invoice date"] == "error"
    assert result.record.columns_not_held == (
        "Suppliers invoice number",
        "Internal/system invoice number",
        "Due date",
    )
