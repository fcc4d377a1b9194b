"""The pairs of a match as CSV."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from matching.pairs import PAIRS
from outputs.pairs_file import PairsMisplaced, check_pairs_place, write_pairs
from specs.errors import OutputUnwritable

PAIR = {
    "rank": 1,
    "case": "0123456789abcdef",
    "report": "mine",
    "left_dataset": "payroll",
    "left_body": 0,
    "left_row": 2,
    "right_dataset": "payroll",
    "right_body": 0,
    "right_row": 14,
    "weight": 1.25,
    "probability": 0.704013,
}


@pytest.mark.parametrize(("pairs", "lines"), [([], []), ([PAIR, PAIR], ["mine,2,14,1.25,0.704013"] * 2)])
def test_pairs_are_rows_weight_and_probability(
    pairs: list[dict[str, object]], lines: list[str], tmp_path: Path
) -> None:
    write_pairs(tmp_path / "pairs.csv", pa.Table.from_pylist(pairs, schema=PAIRS))
    written = (tmp_path / "pairs.csv").read_bytes().decode().split("\n")
    assert written == ["report,left_row,right_row,weight,probability", *lines, ""]


def test_an_earlier_list_of_pairs_is_written_over_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "pairs.csv"
    write_pairs(place, PAIRS.empty_table())
    check_pairs_place(place, ())
    place.write_text("notes of mine\n")
    with pytest.raises(OutputUnwritable, match="is no list of pairs"):
        check_pairs_place(place, ())
    with pytest.raises(OutputUnwritable, match="is a folder"):
        check_pairs_place(tmp_path, ())


def test_pairs_never_go_where_the_match_reads_by_whatever_name(tmp_path: Path) -> None:
    extract = tmp_path / "people.csv"
    with pytest.raises(PairsMisplaced, match=r"people\.csv: is read by this match"):
        check_pairs_place(tmp_path / "folder" / ".." / "people.csv", (extract,))
