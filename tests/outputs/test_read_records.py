"""Files of records read back by what the manifest says of them: every form gives the same records."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.submitted.manifest import Dialect, Resource
from outputs.submitted.read_records import RecordsUnlike, text_batches, typed_batches
from outputs.submitted.table_schema import table_schema
from outputs.written.control_totals import ControlTotals
from outputs.written.record_file import planned
from outputs.written.sent_records import records_as_sent
from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import FileLayout, WrittenForm, written_form
from specs.specification import CharacterSet
from tests.outputs.invented_records import ALLOTMENTS, RECORDS, records, surveyed

FORMS = [
    pytest.param(written_form(layout, headings=headings, characters=characters, negative_sign=sign), id=name)
    for name, layout, headings, characters, sign in (
        ("delimited", FileLayout.DELIMITED, True, CharacterSet.ASCII, NegativeSign.LEADING),
        ("no headings", FileLayout.DELIMITED, False, CharacterSet.UTF_8, NegativeSign.TRAILING),
        ("fixed width", FileLayout.FIXED_WIDTH, False, CharacterSet.ASCII, NegativeSign.TRAILING),
        ("fixed width with headings", FileLayout.FIXED_WIDTH, True, CharacterSet.ASCII, NegativeSign.LEADING),
    )
]
ROWS = [
    ("007", "Nadia O'Neill", None, 4250, 1600, None),
    ("012", "B, jnr", None, -1, None, "x"),
]


def written(rows: Sequence[Sequence[object]], form: WrittenForm) -> tuple[bytes, Resource]:
    """A file of allotments in a form, and what the manifest says of it."""
    batch = records(rows)
    file = planned(ALLOTMENTS, surveyed(batch, form), form)
    content = b"".join(file.content([batch]))
    schema = table_schema(ALLOTMENTS, form.negative_sign)
    resource = Resource(
        name="allotments",
        title="",
        description="",
        path="allotments.csv",
        bytes=len(content),
        hash="",
        table_rows=len(rows),
        data_set="allotments",
        dialect=Dialect(header=form.headings, delimiter=file.delimiter) if file.delimiter else None,
        table_schema=schema if file.delimiter else None,
        fixed_schema=None if file.delimiter else schema,
        places=file.places,
        control_totals=ControlTotals(records=len(rows), fields=()),
    )
    return content, resource


def read(content: bytes, resource: Resource, form: WrittenForm) -> pa.Table:
    texts = text_batches(io.BytesIO(content), resource, form)
    batches = [*typed_batches(texts, resource, form)]
    schema = records(()).schema.remove(0)
    return pa.Table.from_batches(batches, schema if not batches else batches[0].schema)


@pytest.mark.parametrize("form", FORMS)
@given(rows=RECORDS)
def test_what_was_written_is_read_as_it_was_sent(form: WrittenForm, rows: list[tuple[object, ...]]) -> None:
    sent = records_as_sent(records(rows), ALLOTMENTS, form)
    assert read(*written(rows, form), form).to_pylist() == sent.to_pylist()


@pytest.mark.parametrize("form", FORMS)
def test_amounts_are_read_with_their_minus_in_front(form: WrittenForm) -> None:
    content, resource = written(ROWS, form)
    (batch,) = text_batches(io.BytesIO(content), resource, form)
    assert batch.column("Rent").to_pylist() == ["4250", "-1"]


@pytest.mark.parametrize("form", FORMS)
@given(place=st.integers(0), byte=st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused_in_one_line(form: WrittenForm, place: int, byte: int) -> None:
    content, resource = written(ROWS, form)
    changed = bytearray(content)
    changed[place % len(changed)] = byte
    said = ""
    try:
        read(bytes(changed), resource, form)
    except RecordsUnlike as fault:
        said = str(fault)
    assert "\n" not in said
    assert "Nadia" not in said


@pytest.mark.parametrize("form", FORMS)
def test_a_file_cut_short_or_of_other_headings_is_refused(form: WrittenForm) -> None:
    content, resource = written(ROWS, form)
    with pytest.raises(RecordsUnlike, match=r"allotments\.csv"):
        read(
            content.replace(b"Tenant", b"Lodger") if form.headings else content[:-9] + b"\r\n", resource, form
        )


def test_a_value_that_cannot_be_typed_is_named_by_row_and_field() -> None:
    form = written_form()
    content, resource = written(ROWS * 100, form)
    lines = content.splitlines(keepends=True)
    lines[150] = lines[150].replace(b"-1", b"-1x").replace(b"4250", b"42.50")
    with pytest.raises(RecordsUnlike) as raised:
        read(b"".join(lines), resource, form)
    assert raised.value.where == "row 151, Rent"
    assert "42.50" not in str(raised.value)
