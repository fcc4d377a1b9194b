"""The corrected extract: read again, it holds the very texts, and nothing in it is left to correct."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specs.corrections import write_corrected
from specs.read import open_extract
from tests.examples import examples
from tests.specs.corrections.made_up import PAYROLL, batch, decided, dirty_records

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ['"', ",", "\r\n", '","', "\n"]
)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_python_reads_back_every_text_as_it_was(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    file = tmp_path / "corrected.csv"
    records = batch({"surname": [row[0] for row in rows], "post_code": [row[1] for row in rows]})
    assert write_corrected(file, [records.slice(0, 3), records.slice(3)], PAYROLL) == len(rows)
    read = list(csv.reader(io.StringIO(file.read_bytes().decode(), newline="")))
    assert read == [["Surname", "Post code"], *map(list, rows)]


def test_quotation_marks_stand_only_where_they_are_needed(tmp_path: Path) -> None:
    records = batch({"surname": ['O"Brien', "Smith, Jones", "Smith"], "post_code": ["LS1 4AP", "", "x\ny"]})
    write_corrected(tmp_path / "a.csv", [records], PAYROLL)
    assert (tmp_path / "a.csv").read_bytes().decode() == (
        'Surname,Post code\r\n"O""Brien",LS1 4AP\r\n"Smith, Jones",\r\nSmith,"x\ny"\r\n'
    )


def test_a_blank_in_a_file_of_one_column_is_still_a_record(tmp_path: Path) -> None:
    write_corrected(tmp_path / "a.csv", [batch({"surname": ["Smith", "", "Jones"]})], PAYROLL)
    assert (tmp_path / "a.csv").read_bytes() == b'Surname\r\nSmith\r\n""\r\nJones\r\n'


@pytest.mark.parametrize("start", [0, 1], ids=["from the first record", "cut out of a batch"])
def test_a_part_of_a_batch_is_written_by_itself(tmp_path: Path, start: int) -> None:
    records = batch({"surname": ["Smith", "Jones"], "title": ["Mr", "Ms"]})
    write_corrected(tmp_path / "a.csv", [records.slice(start)], PAYROLL)
    lines = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert lines == ["Surname,Title", "Smith,Mr", "Jones,Ms"][:1] + ["Smith,Mr", "Jones,Ms"][start:]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=examples(10)
)
@given(dirty_records())
def test_the_corrected_extract_is_read_as_it_is_and_needs_no_correction(
    tmp_path: Path, records: pa.RecordBatch
) -> None:
    # No record is blank as a whole; and none begins with a byte order mark: in front of the first record
    # that is no part of the value (files joined together hold it there), so reading leaves it out.
    first = pa.array([f"P{row}" for row in range(records.num_rows)])
    records = records.add_column(1, "post_number", first)
    after, _ = decided(records).apply(records)
    file = tmp_path / "corrected.csv"
    write_corrected(file, [after], PAYROLL)
    extract = open_extract(file)
    assert list(extract.headings) == [PAYROLL.by_column[column].name for column in after.schema.names[1:]]
    read = pa.Table.from_batches(extract.batches()).rename_columns(after.schema.names).combine_chunks()
    for column in after.schema.names[1:]:
        assert read[column].to_pylist() == after.column(column).to_pylist(), column
    (again,) = read.to_batches()
    assert decided(again).apply(again)[1].num_rows == 0
