"""Files read back while they are packaged. Every value here is invented."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.submitted import read_back as module
from outputs.submitted.manifest import Resource
from outputs.submitted.read_back import NotReadBack, read_back
from outputs.written.delimited import RECORD_AT_MOST
from outputs.written.record_file import RecordFile, planned
from outputs.written.sent_records import records_as_sent
from outputs.written.spec_format import NegativeSign, as_specified
from outputs.written.written_form import FileLayout, WrittenForm, written_form
from specs.specification import CharacterSet
from tests.outputs.invented_manifest import resource_of
from tests.outputs.invented_records import ALLOTMENTS, RECORDS, records, surveyed
from tests.outputs.invented_submission import ROWS

FORMS = st.builds(
    written_form,
    headings=st.booleans(),
    characters=st.sampled_from(CharacterSet),
    negative_sign=st.sampled_from(NegativeSign),
    delimiter=st.sampled_from([None, ",", "|", "~"]),
) | st.builds(
    written_form,
    st.just(FileLayout.FIXED_WIDTH),
    headings=st.booleans(),
    negative_sign=st.sampled_from(NegativeSign),
)
AS_TEXT = pa.schema([(field.name, pa.string()) for field in ALLOTMENTS.fields])

Rows = Sequence[Sequence[object]]


def written(rows: Rows, form: WrittenForm) -> tuple[RecordFile, Resource, list[bytes]]:
    """A file of allotments in pieces, in two batches, and what the manifest says of it."""
    batch, middle = records(rows), len(rows) // 2
    file = planned(ALLOTMENTS, surveyed(batch, form), form)
    resource = resource_of(ALLOTMENTS, form=form, delimiter=file.delimiter or "").model_copy(
        update={"places": file.places}
    )
    return file, resource, [*file.content([batch.slice(0, middle), batch.slice(middle)])]


def table_of(file: RecordFile, resource: Resource, pieces: Iterable[bytes]) -> pa.Table:
    return pa.Table.from_batches(read_back(iter(pieces), file, resource), AS_TEXT)


@given(rows=RECORDS, form=FORMS)
def test_what_is_read_back_is_what_was_to_be_sent(rows: Rows, form: WrittenForm) -> None:
    sent = records_as_sent(records(rows), ALLOTMENTS, form)
    expected = [
        as_specified(sent.column(field.column), field.format, NegativeSign.LEADING).cast(pa.string())
        for field in ALLOTMENTS.fields
    ]
    assert table_of(*written(rows, form)).to_pydict() == {
        name: values.to_pylist() for name, values in zip(AS_TEXT.names, expected, strict=True)
    }


def test_the_bytes_are_read_and_not_the_records() -> None:
    file, resource, pieces = written(ROWS, written_form())
    (heading, *lines) = pieces
    other = [heading, *(line.replace(b"4250", b"4251") for line in lines)]
    assert table_of(file, resource, other)["Rent"][0].as_py() == "4251"


@pytest.mark.parametrize("form", [written_form(), written_form(FileLayout.FIXED_WIDTH)])
def test_pieces_may_be_of_any_size(form: WrittenForm) -> None:
    file, resource, pieces = written(ROWS, form)
    single = [bytes([byte]) for byte in b"".join(pieces)]
    assert table_of(file, resource, [b"", *single, b""]) == table_of(file, resource, pieces)


def test_a_record_that_nobody_could_read_is_refused_with_its_place_and_not_its_value() -> None:
    long = ("900", "Owen Price", None, 1, 1, "q" * (2 * RECORD_AT_MOST + 1))
    with pytest.raises(NotReadBack) as raised:
        table_of(*written([*ROWS, long, *ROWS], written_form()))
    assert "allotments.csv, after row 4: a record is too long" in str(raised.value)
    assert "it may have 4 MiB" in str(raised.value)
    assert "qq" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("fault", [KeyError("a fault of our own"), MemoryError(), OSError(28, "no space")])
def test_a_fault_of_making_the_pieces_comes_out_as_itself(fault: Exception) -> None:
    file, resource, pieces = written(ROWS, written_form())

    def failing() -> Iterator[bytes]:
        yield pieces[0]
        raise fault

    with pytest.raises(type(fault)) as raised:
        table_of(file, resource, failing())
    assert raised.value is fault


def test_a_fault_of_reading_is_no_fault_of_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Iterator[pa.RecordBatch]:
        raise TypeError("a fault of our own")

    monkeypatch.setattr(module, "text_batches", broken)
    with pytest.raises(TypeError, match="of our own"):
        table_of(*written(ROWS, written_form()))
