"""Labelled records: the truth is kept apart, and the rows are in no order that tells it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from bench.labelled import NoSuchData, labelled, text_table, there
from bench.people import SHARE, payroll_with_duplicates


def test_blanks_and_spaces_go_and_zeros_stay(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("ref, name \n001, Ann \n002,\n", encoding="utf-8")
    assert text_table(file).to_pylist() == [{"ref": "001", "name": "Ann"}, {"ref": "002", "name": None}]


def test_truth_and_what_is_made_of_it_are_left_out() -> None:
    table = pa.table({"id": ["rec-1-a", "rec-1-b", "rec-2"], "who": ["1", "1", "2"], "name": ["A", "B", "C"]})
    found = labelled("invented", "payroll", [table, table], "who", leave_out=["id"], mapping="")
    assert [file.column_names for file in found.files] == [["reference", "name"]] * 2
    who = dict(
        zip(
            [*found.files[0]["name"].to_pylist(), *found.files[1]["name"].to_pylist()],
            found.entity,
            strict=True,
        )
    )
    assert who["A"] == who["B"] != who["C"]
    assert (found.starts, found.file_of.tolist()) == ((0, 3), [0, 0, 0, 1, 1, 1])


def test_data_that_are_not_there_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(NoSuchData, match="none"):
        there(tmp_path / "none.csv")


def test_one_in_twenty_employees_stands_there_twice_and_the_same_in_every_run(tmp_path: Path) -> None:
    one, two = (payroll_with_duplicates(tmp_path, 400) for _ in range(2))
    assert one.files[0].num_rows == 400 + int(400 * SHARE)
    assert one.files[0].equals(two.files[0])
    assert one.entity.tolist() == two.entity.tolist()
    assert len(set(one.entity.tolist())) <= 400
