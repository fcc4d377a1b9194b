"""Look-up tables of coded fields."""

from __future__ import annotations

from pathlib import Path

import pytest

from specs.errors import MappingInvalid
from specs.lookups import read_lookup


def table(folder: Path, text: str) -> Path:
    file = folder / "departments.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_codes_are_the_first_column(tmp_path: Path) -> None:
    file = table(tmp_path, "Code,Meaning,Since\n01,Housing,2020\n 02 ,Roads,\n01,Housing,2021\n")
    assert read_lookup(file) == {"01", "02"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("Code\n01\n", "needs two columns", id="no meanings"),
        pytest.param("Code,Meaning\n01,Housing\n,Roads\n", "row 3 has no code", id="no code"),
        pytest.param("Code,Meaning\n01,\n", "row 2 has no meaning", id="no meaning"),
        pytest.param(
            "Code,Meaning\n01,Housing\n01,Roads\n", "row 3 gives a code a second", id="two meanings"
        ),
        pytest.param("", "is empty", id="nothing in it"),
    ],
)
def test_a_table_that_explains_nothing_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(MappingInvalid, match=fault):
        read_lookup(table(tmp_path, text))


def test_a_table_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match=r"departments\.csv: is not there"):
        read_lookup(tmp_path / "departments.csv")
