"""The change log on disk: exact for machines, safe and worded for people, counted."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from specs.check_record import CorrectionCount, ExtractFile
from specs.corrections import CHANGES, write_changes
from tests.specs.corrections.made_up import PAYROLL, batch, decided


def changes(*rows: tuple[int, str, str, str, str]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(CHANGES.names, row, strict=True)) for row in rows], schema=CHANGES)


def read_csv(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


FILES = [
    ExtractFile(name=name, sha256="e" * 64, bytes=1, format="", records=4, blank_rows=0, rows_before=before)
    for name, before in (("april.csv", 0), ("may.csv", 5))
]
PARTS = [
    changes(
        (2, "Surname", " =1+1", "=1+1", "trim"),
        (2, "Post code", " ls14ap", "LS1 4AP", "trim, post_code"),
    ),
    CHANGES.empty_table(),
    changes((9, "Surname", "Smith\u00a0", "Smith", "trim")),
]


def test_the_log_is_written_exactly_and_in_words(tmp_path: Path) -> None:
    parquet, worded = tmp_path / "payroll.parquet", tmp_path / "payroll.csv"
    write_changes(PARTS, parquet, worded, PAYROLL, FILES)
    assert pq.read_table(parquet).equals(pa.concat_tables(PARTS))
    assert read_csv(worded) == [
        ["file", "row", "field", "before", "after", "code", "title"],
        ["april.csv", "2", "Surname", " =1+1", "'=1+1", "trim", "Blanks around the value removed"],
        [
            "april.csv",
            "2",
            "Post code",
            " ls14ap",
            "LS1 4AP",
            "trim, post_code",
            "Blanks around the value removed; Post code in capitals with one blank",
        ],
        ["may.csv", "4", "Surname", "Smith\u00a0", "Smith", "trim", "Blanks around the value removed"],
    ]


def test_a_cell_counts_for_each_correction_in_the_order_of_the_specification(tmp_path: Path) -> None:
    counts = write_changes(PARTS, tmp_path / "a.parquet", tmp_path / "a.csv", PAYROLL, FILES)
    assert counts == (
        CorrectionCount(code="trim", field="Surname", count=2),
        CorrectionCount(code="trim", field="Post code", count=1),
        CorrectionCount(code="post_code", field="Post code", count=1),
    )


def test_what_correcting_gives_can_be_written_as_it_is(tmp_path: Path) -> None:
    records = batch({"post_code": ["ls14ap", "LS1 4AP"]})
    counts = write_changes(
        [decided(records).apply(records)[1]], tmp_path / "a.parquet", tmp_path / "a.csv", PAYROLL, FILES
    )
    assert counts == (CorrectionCount(code="post_code", field="Post code", count=1),)


def test_without_changes_there_are_headings_only(tmp_path: Path) -> None:
    assert write_changes([], tmp_path / "a.parquet", tmp_path / "a.csv", PAYROLL, FILES) == ()
    assert pq.read_table(tmp_path / "a.parquet").equals(CHANGES.empty_table())
    assert read_csv(tmp_path / "a.csv") == [["file", "row", "field", "before", "after", "code", "title"]]


def test_more_changes_than_are_worded_at_once_are_all_written(tmp_path: Path) -> None:
    many = changes(*[(2, "Surname", "a ", "a", "trim")] * 40_000)
    counts = write_changes([many], tmp_path / "a.parquet", tmp_path / "a.csv", PAYROLL, FILES)
    assert counts == (CorrectionCount(code="trim", field="Surname", count=40_000),)
    assert len(read_csv(tmp_path / "a.csv")) == 40_001
