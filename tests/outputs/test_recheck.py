"""Every value here is invented."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from matching.engines.duckdb import DuckDBEngine
from outputs.submitted.manifest import SentCheck, SentFinding
from outputs.submitted.recheck import SentFile, SentTerms, check_as_sent, in_order_of_reference
from specs.catalogues import load_specification
from specs.data_set import ControlTotals
from specs.lookups import LookupTable
from specs.specification import Reference, Severity, Specification
from tests.outputs.invented_submission import (
    ALLOTMENTS,
    DAY,
    ROWS,
    TWO_FAULTS,
    Row,
    allotments,
    extract_of,
    referring,
    typed,
)


def found(check: SentCheck, code: str) -> SentFinding:
    (finding,) = (each for each in check.findings if each.code == code)
    return finding


def check(
    folder: Path, *files: Sequence[Row] | SentFile, others: dict[str, Path] | None = None, **terms: Any
) -> SentCheck:
    given: dict[str, Any] = {"specification": ALLOTMENTS, "day": DAY} | terms
    sent = [
        each
        if isinstance(each, SentFile)
        else extract_of(typed(each), ALLOTMENTS, f"allotments-{number}.csv")
        for number, each in enumerate(files, start=1)
    ]
    return check_as_sent(
        sent,
        SentTerms(**given),
        others=others or {},
        folder=folder,
        engine=DuckDBEngine(temporary=folder),
    ).check


def hash_of(*rows: int) -> str:
    return sha256(b"".join(row.to_bytes(8, "little") for row in rows)).hexdigest()


def test_findings_are_those_of_the_extract_where_nothing_was_changed(tmp_path: Path) -> None:
    extract = allotments(tmp_path / "extract", TWO_FAULTS).record.findings
    sent = check(tmp_path / "sent", TWO_FAULTS).findings
    assert {(each.code, each.severity, each.field, each.count, each.first_row) for each in sent} == {
        (each.code, each.severity, each.field, each.count, each.first_row) for each in extract
    }


def test_findings_come_in_one_order_errors_first_and_name_their_rows_by_hash(tmp_path: Path) -> None:
    sent = check(tmp_path, TWO_FAULTS)
    assert [(each.severity, each.code) for each in sent.findings] == [
        (Severity.ERROR, "duplicate_key"),
        (Severity.ERROR, "required"),
        (Severity.WARNING, "control_characters"),
        (Severity.WARNING, "required"),
        (Severity.NOTE, "hours_format"),
    ]
    both = sent.findings[0]
    assert (both.count, both.first_row, both.rows_sha256) == (2, 5, hash_of(5, 6))
    whole_file = sent.findings[-1]
    assert (whole_file.count, whole_file.first_row, whole_file.rows_sha256) == (1, None, hash_of())


def test_another_order_of_the_same_records_shows(tmp_path: Path) -> None:
    there = found(check(tmp_path / "there", TWO_FAULTS), "duplicate_key")
    back = found(check(tmp_path / "back", TWO_FAULTS[::-1]), "duplicate_key")
    assert there.count == back.count
    assert there.rows_sha256 != back.rows_sha256


def test_rows_count_on_over_the_files_of_a_data_set(tmp_path: Path) -> None:
    first, second = [("1", "A", DAY, 1, 1, None)] * 2, [("2", "B", DAY, 1, 1, None)] * 2
    repeated = found(check(tmp_path, first, second), "duplicate_key")
    assert repeated.count == 4
    # rows 2 and 3 of the one; the other's, which are rows 2 and 3 there as well, come after them
    assert repeated.rows_sha256 == hash_of(2, 3, 5, 6)


def test_the_day_decides_what_lies_in_the_future(tmp_path: Path) -> None:
    payroll = load_specification("payroll")
    row = {field.column: None for field in payroll.fields} | {"date_of_birth": date(2026, 9, 30)}
    sent = extract_of(typed([tuple(row.values())], payroll), payroll, "payroll.csv")
    codes = [
        {each.code for each in check(tmp_path / f"{day}", sent, specification=payroll, day=day).findings}
        for day in (date(2026, 9, 29), date(2026, 9, 30))
    ]
    assert "not_in_future" in codes[0]
    assert "not_in_future" not in codes[1]


def test_codes_are_looked_up_in_the_tables_that_are_sent_along(tmp_path: Path) -> None:
    payroll = load_specification("payroll")
    coded = next(field for field in payroll.fields if field.coded and field.format == "character")
    rows = [
        tuple(
            "E1" if field is payroll.fields[0] else "X9" if field is coded else None
            for field in payroll.fields
        )
    ]
    sent = extract_of(typed(rows, payroll), payroll, "payroll.csv")
    codes = [
        {
            each.code
            for each in check(
                tmp_path / f"{number}", sent, specification=payroll, lookups={coded.column: table}
            ).findings
            if each.field == coded.name
        }
        for number, table in enumerate([LookupTable({"Y1": "yard"}), LookupTable({"X9": "exchange"})])
    ]
    assert codes[0] - codes[1]


def test_what_the_body_said_the_data_set_comes_to_is_compared(tmp_path: Path) -> None:
    codes = [
        {each.code for each in check(tmp_path / f"{rows}", ROWS, expected=ControlTotals(rows=rows)).findings}
        for rows in (3, 4)
    ]
    assert codes[1] - codes[0]


def test_references_are_looked_for_in_the_other_data_sets_of_the_package(tmp_path: Path) -> None:
    history, standing = load_specification("creditors-history"), load_specification("creditors-standing")
    sent = extract_of(referring(history, "C1", "C2"), history, "creditors-history.csv")
    alone = check(tmp_path / "alone", sent, specification=history)
    assert "unknown-reference" not in {each.code for each in alone.findings}
    assert alone.not_checked

    creditors = check_as_sent(
        [extract_of(referring(standing, "C2"), standing, "creditors-standing.csv")],
        SentTerms(specification=standing, day=DAY),
        others={},
        folder=tmp_path / "standing",
        engine=DuckDBEngine(temporary=tmp_path),
    )
    others = {"creditors-standing": creditors.records, "payroll": tmp_path / "of no interest.parquet"}
    both = check(tmp_path / "both", sent, specification=history, others=others)
    missing = [each for each in both.findings if each.rows_sha256 == hash_of(2) and each.count == 1]
    assert [each.field for each in missing] == [history.fields[0].name]
    assert len(both.not_checked) < len(alone.not_checked)


def specification(name: str, *referred_to: str) -> Specification:
    """A data set that refers to others."""
    references = tuple(
        Reference(column="plot", dataset=each, severity=Severity.ERROR, evidence="inferred")
        for each in referred_to
    )
    return ALLOTMENTS.model_copy(update={"dataset": name, "references": references})


@pytest.mark.parametrize(
    ("references", "order"),
    [
        pytest.param({"b": [], "a": []}, ["a", "b"], id="by name"),
        pytest.param({"a": ["b"], "b": []}, ["b", "a"], id="after what it refers to"),
        pytest.param({"a": ["b"], "b": ["c"], "c": []}, ["c", "b", "a"], id="over two steps"),
        pytest.param({"a": ["z"], "b": []}, ["a", "b"], id="what it refers to is not in the package"),
        pytest.param({"a": ["a"], "b": []}, ["a", "b"], id="to itself"),
        pytest.param({"a": ["b"], "b": ["a"], "c": []}, ["c", "a", "b"], id="in a ring"),
    ],
)
def test_data_sets_come_after_those_that_they_refer_to(
    references: dict[str, list[str]], order: list[str]
) -> None:
    specifications = {name: specification(name, *to) for name, to in references.items()}
    assert in_order_of_reference(specifications) == order
    assert in_order_of_reference(dict(reversed(specifications.items()))) == order
