"""Every value here is invented."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.written.sent_records import records_as_sent
from outputs.written.transliterations import changed_columns, transliterations, transliterations_heading
from outputs.written.written_form import FileLayout, WrittenForm, written_form
from specs.specification import CharacterSet
from tests.outputs.invented_records import ALLOTMENTS, RECORDS, records, surveyed

ASCII = written_form()
PLOTS = records(
    [
        ("1", "Zoë Müller", date(2024, 5, 1), 1, None, "„Ó”, the\nForge"),
        ("2", "Smith", None, 2, None, "x\ty"),
        ("3", "Ŵyn", None, 3, None, None),
    ]
)


def listed(form: WrittenForm, sizes: Sequence[int] = (3,), batch: pa.RecordBatch = PLOTS) -> list[list[str]]:
    survey = surveyed(batch, form)
    parts, start = [], 0
    for size in sizes:
        parts.append(batch.slice(start, size))
        start += size
    content = transliterations_heading() + b"".join(
        transliterations(
            parts,
            changed_columns(survey, ALLOTMENTS),
            file="allotments.csv",
            form=form,
            bytes_used=survey.bytes_used,
        )
    )
    return [*csv.reader(io.StringIO(content.decode(), newline=""), strict=True)]


@pytest.mark.parametrize("sizes", [(3,), (1, 1, 1), (2, 1)], ids=str)
def test_each_changed_value_is_listed_with_its_place(sizes: Sequence[int]) -> None:
    assert listed(ASCII, sizes) == [
        ["file", "row", "field", "before", "after"],
        ["allotments.csv", "2", "Tenant", "Zoë Müller", "Zoe Muller"],
        ["allotments.csv", "2", "Remarks", "„Ó”, the Forge", '"O", the Forge'],
        ["allotments.csv", "4", "Tenant", "Ŵyn", "Wyn"],
    ]


@pytest.mark.parametrize("form", [written_form(headings=False), written_form(FileLayout.FIXED_WIDTH)])
def test_without_headings_the_first_record_is_row_1(form: WrittenForm) -> None:
    assert [line[1] for line in listed(form)] == ["row", "1", "1", "3"]


def test_nothing_is_listed_where_nothing_changes() -> None:
    assert changed_columns(surveyed(PLOTS, ASCII), ALLOTMENTS) == {"tenant": "Tenant", "remarks": "Remarks"}
    assert changed_columns(surveyed(PLOTS.slice(2), ASCII), ALLOTMENTS) == {"tenant": "Tenant"}
    assert changed_columns(surveyed(PLOTS.slice(1, 1), ASCII), ALLOTMENTS) == {}
    assert changed_columns(surveyed(PLOTS, written_form(characters=CharacterSet.UTF_8)), ALLOTMENTS) == {}


def test_lines_end_as_those_of_the_records_do() -> None:
    (lines,) = transliterations([PLOTS], {"tenant": "Tenant"}, file="allotments.csv", form=ASCII)
    assert lines.count(b"\r\n") == lines.count(b"\n") == 2


@given(RECORDS, st.sampled_from([written_form(), written_form(FileLayout.FIXED_WIDTH)]), st.integers(0, 8))
def test_the_list_says_all_that_ascii_changed(
    rows: Sequence[Sequence[object]], form: WrittenForm, cut: int
) -> None:
    batch = records(rows)
    sent = records_as_sent(batch, ALLOTMENTS, form)
    kept = records_as_sent(batch, ALLOTMENTS, form.model_copy(update={"characters": CharacterSet.UTF_8}))
    changed = [
        [str(row + 1 + form.headings), field.name, sent.column(field.column)[row].as_py() or ""]
        for row in range(len(rows))
        for field in ALLOTMENTS.fields
        if (text := kept.column(field.column)[row].as_py()) and isinstance(text, str) and not text.isascii()
    ]
    found = listed(form, (cut, 8), batch)[1:]
    assert [[row, field, after] for _, row, field, _, after in found] == changed
    assert len(found) == surveyed(batch, form).totals.transliterated
