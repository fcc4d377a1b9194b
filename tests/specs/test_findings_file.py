"""Findings on disk: in order, counted, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.check_record import ExtractFile
from specs.finding import FINDINGS
from specs.findings_file import BatchFindings, write_findings
from specs.formulas import not_as_formula
from tests.examples import examples


def finding(
    row: int | None, code: str, field: str | None = "Post code", value: str | None = None
) -> dict[str, object]:
    return {"code": code, "severity": "warning", "row": row, "field": field, "value": value, "detail": None}


def table(*found: dict[str, object]) -> pa.Table:
    return pa.Table.from_pylist(list(found), schema=FINDINGS)


def record_batch(*found: dict[str, object]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(list(found), schema=FINDINGS)


def test_findings_of_the_whole_data_set_are_merged_into_those_of_the_batches(tmp_path: Path) -> None:
    with BatchFindings(tmp_path / "kept.arrow") as kept:
        kept.add(record_batch(finding(2, "nino"), finding(3, "email"), finding(3, "required")), last_row=3)
        kept.add(record_batch(), last_row=5)
        kept.add(record_batch(finding(6, "email")), last_row=7)
    whole_file = table(finding(None, "missing_column"))
    across = table(finding(3, "duplicate_key"), finding(4, "duplicate_key"), finding(7, "reference"))
    merged = pa.concat_tables(kept.merged_with(whole_file, across)).to_pylist()
    assert [(found["row"], found["code"]) for found in merged] == [
        (None, "missing_column"),
        (2, "nino"),
        (3, "duplicate_key"),
        (3, "email"),
        (3, "required"),
        (4, "duplicate_key"),
        (6, "email"),
        (7, "reference"),
    ]


ROWS_AND_CODES = st.lists(st.tuples(st.integers(2, 30), st.sampled_from(["email", "nino"])), max_size=30)
ACROSS = st.lists(st.tuples(st.integers(2, 30), st.sampled_from(["duplicate_key", "reference"])), max_size=30)


@settings(deadline=None, max_examples=examples(20))
@given(ROWS_AND_CODES, ACROSS, st.integers(1, 10))
def test_merging_is_the_same_as_sorting_all_of_them(
    tmp_path_factory: pytest.TempPathFactory,
    in_batches: list[tuple[int, str]],
    across: list[tuple[int, str]],
    size: int,
) -> None:
    file = tmp_path_factory.mktemp("kept") / "kept.arrow"
    with BatchFindings(file) as kept:
        for first in range(2, 31, size):
            last = first + size - 1
            part = sorted(entry for entry in in_batches if first <= entry[0] <= last)
            kept.add(record_batch(*(finding(*entry) for entry in part)), last_row=last)
    found = table(*(finding(*entry) for entry in sorted(across)))
    parts = list(kept.merged_with(table(), found))
    merged = pa.concat_tables(parts).to_pylist() if parts else []
    assert [(entry["row"], entry["code"]) for entry in merged] == sorted(in_batches + across)


FILES = [
    ExtractFile(
        name=name, sha256="e" * 64, bytes=1, format="", records=records, blank_rows=0, rows_before=before
    )
    for name, records, before in (("april.csv", 4, 0), ("may.csv", 2, 5), ("june.csv", 9, 8))
]


def test_the_csv_gives_each_finding_the_row_of_its_own_file(tmp_path: Path) -> None:
    rows = (None, 2, 5, 7, 8, 10)
    write_findings(
        [table(*(finding(row, "email") for row in rows))], tmp_path / "f.parquet", tmp_path / "f.csv", FILES
    )
    with (tmp_path / "f.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [(row["file"], row["row"]) for row in csv.DictReader(file)]
    assert found == [
        ("", ""),
        ("april.csv", "2"),
        ("april.csv", "5"),
        ("may.csv", "2"),
        ("may.csv", "3"),
        ("june.csv", "2"),
    ]
    assert pq.read_table(tmp_path / "f.parquet").column("row").to_pylist() == list(rows)


def test_counts_say_how_often_and_where_first_with_errors_before_warnings(tmp_path: Path) -> None:
    parts = [
        table(finding(None, "missing_column", "Due date") | {"severity": "note"}),
        table(finding(2, "email"), finding(3, "nino", "NI") | {"severity": "error"}),
        table(finding(9, "email"), finding(9, "email", "Other")),
    ]
    counts = write_findings(parts, tmp_path / "f.parquet", tmp_path / "f.csv", FILES)
    assert [(c.code, str(c.severity), c.field, c.count, c.first_row) for c in counts] == [
        ("nino", "error", "NI", 1, 3),
        ("email", "warning", "Post code", 2, 2),
        ("email", "warning", "Other", 1, 9),
        ("missing_column", "note", "Due date", 1, None),
    ]


def test_the_parquet_file_holds_the_findings_and_the_csv_their_words_too(tmp_path: Path) -> None:
    found = table(finding(2, "email", "Email address", 'a,"b"\nc'), finding(3, "email"))
    write_findings([found], tmp_path / "f.parquet", tmp_path / "f.csv", FILES)
    assert pq.read_table(tmp_path / "f.parquet").equals(found)
    raw = (tmp_path / "f.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "Excel needs the byte order mark"
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(keepends=True)))
    assert list(rows[0]) == [
        "code",
        "severity",
        "file",
        "row",
        "field",
        "value",
        "detail",
        "title",
        "message",
        "guidance",
    ]
    assert rows[0]["value"] == 'a,"b"\nc'
    assert rows[0]["title"] == "Not an email address"
    assert rows[0]["guidance"].endswith(".")
    assert rows[1]["value"] == ""


def test_files_without_findings_have_their_columns(tmp_path: Path) -> None:
    assert write_findings([], tmp_path / "f.parquet", tmp_path / "f.csv", FILES) == ()
    assert pq.read_table(tmp_path / "f.parquet").equals(FINDINGS.empty_table())
    assert (tmp_path / "f.csv").read_text(encoding="utf-8-sig").startswith('"code","severity"')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd", "'+cmd"),
        ("-cmd", "'-cmd"),
        ("\t=1", "'\t=1"),
        pytest.param("\n=1", "'\n=1", id="after a line break"),
        pytest.param("＝1+1", "'＝1+1", id="a wide sign"),
        pytest.param("-500.00", "-500.00", id="a negative number is a number"),
        pytest.param("+44", "+44", id="a signed number is a number"),
        pytest.param("-1+2", "'-1+2", id="a sum is a formula"),
        ("A=1", "A=1"),
        (None, None),
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str | None, expected: str | None) -> None:
    assert not_as_formula(pa.chunked_array([[text]], pa.string())).to_pylist() == [expected]
