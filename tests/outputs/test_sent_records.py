"""Every value here is invented."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outputs.written.delimited import chosen_delimiter, delimited_lines, heading_line, read_delimited
from outputs.written.fixed_width import file_size, fixed_heading, fixed_lines, read_fixed, written_layout
from outputs.written.sent_records import AS_THEY_STAND, records_as_sent, text_as_sent
from outputs.written.spec_format import NegativeSign, as_specified, as_typed
from outputs.written.written_form import DELIMITERS, FileLayout, WrittenForm, written_form
from specs.specification import CharacterSet
from tests.examples import examples
from tests.outputs.invented_records import ALLOTMENTS, RECORDS, SCHEMA, records, surveyed

FIXED = written_form(FileLayout.FIXED_WIDTH)
NAMES = [field.name for field in ALLOTMENTS.fields]
FORMS = st.builds(
    written_form,
    st.just(FileLayout.DELIMITED),
    headings=st.booleans(),
    characters=st.sampled_from(CharacterSet),
    negative_sign=st.sampled_from(NegativeSign),
    delimiter=st.none() | st.sampled_from([*DELIMITERS]),
)
FIXED_FORMS = st.builds(
    written_form,
    st.just(FileLayout.FIXED_WIDTH),
    headings=st.booleans(),
    negative_sign=st.sampled_from(NegativeSign),
)
Rows = Sequence[Sequence[object]]


def delimited_file(batch: pa.RecordBatch, form: WrittenForm) -> tuple[bytes, str]:
    """The file, and its delimiter."""
    survey = surveyed(batch, form)
    delimiter = chosen_delimiter(survey, ALLOTMENTS, form)
    heading = heading_line(ALLOTMENTS, delimiter, form) if form.headings else b""
    sent = records_as_sent(batch, ALLOTMENTS, form, survey.bytes_used)
    return heading + delimited_lines(
        sent, ALLOTMENTS, delimiter=delimiter, negative_sign=form.negative_sign
    ), delimiter


def typed(batches: Sequence[pa.RecordBatch]) -> pa.Table:
    columns = [
        [as_typed(text, field.format) for text, field in zip(batch.columns, ALLOTMENTS.fields, strict=True)]
        for batch in batches
    ]
    return pa.Table.from_batches(
        [pa.RecordBatch.from_arrays(each, schema=SCHEMA) for each in columns], SCHEMA
    )


def as_table(batch: pa.RecordBatch) -> pa.Table:
    return pa.Table.from_batches([batch], SCHEMA)


def in_words(sent: pa.RecordBatch, sign: NegativeSign) -> list[list[str]]:
    """What a reader that knows text alone should find."""
    columns = [
        as_specified(column, field.format, sign).cast(pa.string()).fill_null("").to_pylist()
        for column, field in zip(sent.columns, ALLOTMENTS.fields, strict=True)
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def test_only_specified_columns_are_sent_and_their_text_suits_the_form() -> None:
    batch = records(
        [("007", "Zoë\nMüller", date(2024, 5, 1), 0, None, ""), (None, "O’Neill", None, -5, 1, " x ")]
    )
    assert records_as_sent(batch, ALLOTMENTS, written_form()).to_pylist() == [
        dict(zip(SCHEMA.names, ("007", "Zoe Muller", date(2024, 5, 1), 0, None, None), strict=True)),
        dict(zip(SCHEMA.names, (None, "O'Neill", None, -5, 1, " x "), strict=True)),
    ]
    assert records_as_sent(batch, ALLOTMENTS, AS_THEY_STAND).column("tenant").to_pylist() == [
        "Zoë Müller",
        "O’Neill",
    ]
    assert records_as_sent(batch, ALLOTMENTS, FIXED).column("remarks").to_pylist() == [None, "x"]


def test_what_was_changed_is_told_apart_from_what_was_replaced() -> None:
    sent = text_as_sent(pa.array(["Zoë", "a\tb", None, "Ó\nB", "plain"]), written_form())
    assert sent.before.to_pylist() == ["Zoë", "a b", None, "Ó B", "plain"]
    assert sent.text.to_pylist() == ["Zoe", "a b", None, "O B", "plain"]
    assert (sent.replaced, sent.transliterated) == (2, 2)


def test_text_of_nothing_but_spaces_is_blank_in_fixed_width_alone() -> None:
    column = pa.array(["  ", "\u3000"])
    assert text_as_sent(column, written_form()).text.to_pylist() == ["  ", " "]
    assert text_as_sent(column, FIXED).text.to_pylist() == [None, None]


@given(RECORDS, FORMS)
def test_a_delimited_file_is_read_back_as_the_records_that_were_sent(rows: Rows, form: WrittenForm) -> None:
    batch = records(rows)
    content, delimiter = delimited_file(batch, form)
    sent = records_as_sent(batch, ALLOTMENTS, form)
    back = read_delimited(io.BytesIO(content), NAMES, delimiter=delimiter, headings=form.headings)
    assert typed([*back]).equals(as_table(sent))
    assert content.isascii() or form.characters is CharacterSet.UTF_8
    assert records_as_sent(sent, ALLOTMENTS, form).equals(sent)
    if form.characters is CharacterSet.UTF_8:  # nothing is lost but what would end a line
        for before, after in zip(batch.columns[3:6], sent.columns[2:5], strict=True):
            assert before.equals(after)


@given(RECORDS, FIXED_FORMS)
def test_a_file_of_fixed_width_is_read_back_as_the_records_that_were_sent(
    rows: Rows, form: WrittenForm
) -> None:
    batch = records(rows)
    survey = surveyed(batch, form)
    layout = written_layout(ALLOTMENTS, survey, None, form)
    sent = records_as_sent(batch, ALLOTMENTS, form, survey.bytes_used)
    content = fixed_heading(layout) if form.headings else b""
    content += fixed_lines(sent, ALLOTMENTS, layout, negative_sign=form.negative_sign)
    assert typed([*read_fixed(io.BytesIO(content), layout, block=300)]).equals(as_table(sent))
    assert len(content) == file_size(layout, len(rows))
    assert content.isascii()
    assert {len(line) for line in content.split(b"\r\n")[:-1]} <= {layout.width}


@given(RECORDS, FORMS)
def test_python_reads_the_same_text_out_of_a_delimited_file(rows: Rows, form: WrittenForm) -> None:
    batch = records(rows)
    content, delimiter = delimited_file(batch, form)
    lines = [*csv.reader(io.StringIO(content.decode(), newline=""), delimiter=delimiter, strict=True)]
    expected = in_words(records_as_sent(batch, ALLOTMENTS, form), form.negative_sign)
    assert lines == ([NAMES] if form.headings else []) + expected
    assert len(content.decode().splitlines()) == len(lines)  # U+2028 and the like end no line either


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("written") / "allotments.csv"


@settings(max_examples=examples(16))
@given(rows=RECORDS, form=FORMS)
def test_duckdb_reads_the_same_text_out_of_a_delimited_file(
    place: Path, rows: Rows, form: WrittenForm
) -> None:
    batch = records(rows)
    content, delimiter = delimited_file(batch, form)
    place.write_bytes(content)
    with duckdb.connect() as connection:
        read = connection.execute(
            "from read_csv(?, delim=?, header=?, columns=?, quote='\"', escape='\"', auto_detect=false)",
            [str(place), delimiter, form.headings, dict.fromkeys(NAMES, "varchar")],
        ).fetchall()
    blank_as_text = [[value or "" for value in row] for row in read]
    assert blank_as_text == in_words(records_as_sent(batch, ALLOTMENTS, form), form.negative_sign)


@pytest.mark.parametrize("form", [written_form(), FIXED], ids=["delimited", "fixed width"])
def test_an_unknown_amount_is_never_a_nought(form: WrittenForm) -> None:
    batch = records([(None, None, None, None, 0, None)])
    sent = records_as_sent(batch, ALLOTMENTS, form)
    if form.fixed_width:
        layout = written_layout(ALLOTMENTS, surveyed(batch, form), None, form)
        assert (
            fixed_lines(sent, ALLOTMENTS, layout, negative_sign=form.negative_sign) == b" " * 11 + b"0 \r\n"
        )
    else:
        assert delimited_file(batch, written_form(headings=False))[0] == b",,,,0,\r\n"
