"""Translations of coded fields in a mapping. All values are invented."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.catalogues import load_specification
from specs.errors import MappingInvalid
from specs.mapping import Mapping, read_mapping
from specs.mapping_translation import translated

PAYROLL = load_specification("payroll")

TRANSLATING = """dataset: payroll
fields:
  Full-time/part-time flag: Category
  Teacher flag: {any_of: [Teaches, Teacher]}
translate:
  full-time / part-time FLAG: {Full Time: F, Part Time: P}
  Teacher flag: {Yes: T, No: }
"""


def read(folder: Path, text: str) -> Mapping:
    path = folder / "pay.yaml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path, PAYROLL)


def test_listed_values_become_codes_and_all_others_stay_as_they_are(tmp_path: Path) -> None:
    mapping = read(tmp_path, TRANSLATING)
    assert mapping.translate == {
        "Full-time/part-time flag": {"Full Time": "F", "Part Time": "P"},
        "Teacher flag": {"Yes": "T", "No": ""},
    }
    columns = {
        "source_row": [2, 3, 4, 5, 6],
        "Category": ["Full Time", " part TIME ", " Casual ", "", "Full  Time"],
        "Teacher": ["yes", "NO", "T", "Perhaps", ""],
    }
    applied = mapping.apply(pa.RecordBatch.from_pydict(columns))
    assert applied["full_part_time"].to_pylist() == ["F", "P", " Casual ", "", "Full  Time"]
    assert applied["teacher_flag"].to_pylist() == ["T", "", "T", "Perhaps", ""]
    assert applied["teacher_flag"].type == pa.string()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param(
            "{Sex: {Male: M}}", r"\.Sex: 'Sex' is not under fields; say there", id="not under fields"
        ),
        pytest.param(
            "{Teachr flag: {Y: T}}",
            r"has no field 'Teachr flag'; did you mean 'Teacher flag'\?",
            id="no field",
        ),
        pytest.param(
            "{Teacher flag: {Y: T}, teacher-flag: {Y: T}}", "are the same field; keep one", id="field twice"
        ),
        pytest.param(
            "{Teacher flag: {Yes: T, ' yes': T}}",
            r"\.Teacher flag: 'Yes' and ' yes' are the same value; keep one",
            id="value twice",
        ),
        pytest.param("{Teacher flag: {' ': T}}", "a blank value cannot be translated", id="blank value"),
        pytest.param("{Teacher flag: T}", "expected values and what each becomes", id="no values"),
        pytest.param("{Teacher flag: {}}", "expected values and what each becomes", id="nothing listed"),
        pytest.param("{Teacher flag: {Y: [T, F]}}", "'Y' needs one value that it becomes", id="two targets"),
        pytest.param("T", ": expected fields, each with its values", id="no fields"),
    ],
)
def test_faults_are_told_with_file_line_and_key(tmp_path: Path, written: str, said: str) -> None:
    text = f"dataset: payroll\nfields:\n  Teacher flag: Teacher\ntranslate: {written}\n"
    with pytest.raises(MappingInvalid, match=rf"^pay\.yaml line 4, translate.*{said}"):
        read(tmp_path, text)


def test_a_fault_under_fields_is_told_by_itself(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match=r"^pay\.yaml line 2, fields\.Teechr flag: payroll has no field"):
        read(tmp_path, "dataset: payroll\nfields: {Teechr flag: X}\ntranslate: {Teacher flag: {Y: T}}\n")


@given(
    values=st.lists(st.none() | st.text(max_size=4)),
    translation=st.dictionaries(st.text(min_size=1, max_size=3), st.text(max_size=2), max_size=4),
)
def test_only_what_is_listed_changes(values: list[str | None], translation: dict[str, str]) -> None:
    into = translated(pa.array(values, pa.string()), translation).to_pylist()
    assert len(into) == len(values)
    for before, after in zip(values, into, strict=True):
        assert after == before or after in translation.values()
        if before in translation and len({key.strip().lower() for key in translation}) == len(translation):
            assert after == translation[before]
