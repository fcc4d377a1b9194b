"""Every value here is invented."""

from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.written.fixed_width import LayoutUnfit
from outputs.written.record_file import RecordFile, format_in_words, planned
from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import FileLayout, WrittenForm, written_form
from specs.formats.fixed_layout import FixedColumn, FixedLayout, LayoutFile
from specs.specification import CharacterSet
from tests.outputs.invented_records import ALLOTMENTS, RECORDS, records, surveyed
from tests.outputs.invented_submission import ROWS

DELIMITED = st.builds(
    written_form,
    headings=st.booleans(),
    characters=st.sampled_from(CharacterSet),
    negative_sign=st.sampled_from(NegativeSign),
    delimiter=st.sampled_from([None, ",", "|", "~"]),
)
FIXED = st.builds(
    written_form,
    st.just(FileLayout.FIXED_WIDTH),
    headings=st.booleans(),
    negative_sign=st.sampled_from(NegativeSign),
)

Rows = Sequence[Sequence[object]]


def file_of(rows: Rows, form: WrittenForm, layout: LayoutFile | None = None) -> RecordFile:
    return planned(ALLOTMENTS, surveyed(records(rows), form), form, layout)


def halves(rows: Rows) -> list[pa.RecordBatch]:
    """The records in two batches, either of which can be empty."""
    batch, middle = records(rows), len(rows) // 2
    return [batch.slice(0, middle), batch.slice(middle)]


@given(rows=RECORDS, form=DELIMITED | FIXED)
def test_a_file_is_no_larger_than_foretold(rows: Rows, form: WrittenForm) -> None:
    file = file_of(rows, form)
    content = b"".join(file.content(halves(rows)))
    assert len(content) <= file.size_at_most
    if form.fixed_width:
        assert len(content) == file.size_at_most


@given(rows=RECORDS, form=DELIMITED | FIXED)
def test_how_records_come_in_batches_changes_nothing(rows: Rows, form: WrittenForm) -> None:
    file = file_of(rows, form)
    assert b"".join(file.content(halves(rows))) == b"".join(file.content([records(rows)]))


@pytest.mark.parametrize(
    ("form", "extension", "delimiter", "first_line"),
    [
        pytest.param(
            written_form(), "csv", "|", b"Plot|Tenant|Let since|Rent|Hours of water|Remarks", id="csv"
        ),
        pytest.param(
            written_form(headings=False),
            "csv",
            "|",
            b'"007"|"Nadia O\'Neill"|"01042019"|4250|1600|',
            id="bare",
        ),
        pytest.param(
            written_form(FileLayout.FIXED_WIDTH),
            "txt",
            None,
            b"007Nadia O'Neill           01042019 42501600                    ",
            id="fixed width",
        ),
    ],
)
def test_a_file_is_written_in_the_form_that_was_asked_for(
    form: WrittenForm, extension: str, delimiter: str | None, first_line: bytes
) -> None:
    file = file_of(ROWS, form)
    assert (file.extension, file.delimiter) == (extension, delimiter)
    assert (file.places is None) is (delimiter is not None)
    assert b"".join(file.content([records(ROWS)])).split(b"\r\n")[0] == first_line


def test_a_layout_without_room_is_refused_before_anything_is_written() -> None:
    names = [field.name for field in ALLOTMENTS.fields]
    narrow = LayoutFile(
        "mine.csv",
        FixedLayout(
            columns=tuple(
                FixedColumn(heading=name, start=1 + 9 * number, width=9) for number, name in enumerate(names)
            )
        ),
    )
    with pytest.raises(LayoutUnfit, match="Tenant"):
        file_of(ROWS, written_form(FileLayout.FIXED_WIDTH), narrow)


@pytest.mark.parametrize(
    ("delimiter", "form", "words"),
    [
        (",", written_form(), "comma-separated, ASCII"),
        ("~", written_form(characters=CharacterSet.UTF_8), "tilde-separated, UTF-8"),
        (None, written_form(FileLayout.FIXED_WIDTH), "fixed width, ASCII"),
    ],
)
def test_a_check_record_says_how_a_file_is_written(
    delimiter: str | None, form: WrittenForm, words: str
) -> None:
    assert format_in_words(delimiter, form).describe() == words
