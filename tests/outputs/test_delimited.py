"""Every value here is invented."""

import io

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.written.control_totals import CountedField, Survey, survey
from outputs.written.delimited import (
    chosen_delimiter,
    delimited_lines,
    heading_line,
    read_delimited,
    size_at_most,
    suitable_delimiter,
)
from outputs.written.sent_records import records_as_sent
from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import HeadingNotAscii, WrittenForm, written_form
from specs.catalogues import load_specification
from specs.specification import CharacterSet, FieldFormat, Specification

PAYROLL = load_specification("payroll")


def two_columns(first: str = "First", second: str = "Second") -> Specification:
    field = {"format": "character", "required": "no", "evidence": "inferred", "source": "invented"}
    return Specification.model_validate(
        {
            "dataset": "invented",
            "exercise": "2026-27",
            "title": "Invented",
            "status": "published",
            "one_record_per": "line",
            "key": {"columns": ["first"], "severity": "note", "evidence": "inferred"},
            "required_evidence": "inferred",
            "sources": [{"id": "invented", "title": "Invented"}],
            "fields": [
                {"name": first, "column": "first", **field},
                {"name": second, "column": "second", **field},
            ],
        }
    )


def surveyed(*texts: str | None, characters: CharacterSet = CharacterSet.UTF_8) -> Survey:
    batch = pa.RecordBatch.from_pydict({"first": pa.array(texts, pa.string())})
    form = written_form(characters=characters)
    return survey([batch], [CountedField("first", "First", FieldFormat.CHARACTER)], form)


@pytest.mark.parametrize(
    ("texts", "delimiter"),
    [
        pytest.param(["SMITH", None], ",", id="comma where nothing speaks against it"),
        pytest.param(["A|B~C"], ",", id="pipes and tildes do not speak against a comma"),
        pytest.param(["SMITH, J"], "|", id="pipe with a comma in the data, as published"),
        pytest.param(['6" PIPE'], "|", id="pipe with a quote in the data, as published"),
        pytest.param(["SMITH, J", "A|B"], "~", id="tilde where the pipe occurs too"),
        pytest.param(["SMITH, J", "A|B", "C~D"], "|", id="pipe where everything occurs: qualifiers must do"),
        pytest.param([], ",", id="no records"),
    ],
)
def test_the_delimiter_suits_the_data(texts: list[str | None], delimiter: str) -> None:
    assert suitable_delimiter(surveyed(*texts), ("First", "Second")) == delimiter


def test_a_comma_in_a_heading_counts_as_one_in_the_data() -> None:
    assert suitable_delimiter(surveyed("SMITH"), ("Surname, forename", "Second")) == "|"


@pytest.mark.parametrize(
    ("characters", "delimiter"),
    [
        pytest.param(CharacterSet.UTF_8, ",", id="as they stand"),
        pytest.param(CharacterSet.ASCII, "|", id="as ASCII, in which they are plain double quotes"),
    ],
)
def test_typographic_quotes_count_as_they_are_written(characters: CharacterSet, delimiter: str) -> None:
    found = surveyed("“The Forge”", characters=characters)
    assert suitable_delimiter(found, ("First", "Second")) == delimiter


@pytest.mark.parametrize(
    ("form", "delimiter"),
    [
        pytest.param(written_form(), "|", id="headings count"),
        pytest.param(written_form(headings=False), ",", id="unless there are none"),
        pytest.param(written_form(delimiter="~"), "~", id="what was asked for"),
    ],
)
def test_the_delimiter_follows_from_the_form(form: WrittenForm, delimiter: str) -> None:
    assert chosen_delimiter(surveyed("SMITH"), two_columns("Surname, forename"), form) == delimiter


def test_a_published_name_outside_ascii_is_not_changed_but_refused() -> None:
    specification = two_columns("Rent £")
    assert heading_line(specification, ",") == "Rent £,Second\r\n".encode()
    with pytest.raises(HeadingNotAscii):
        heading_line(specification, ",", written_form())


@pytest.mark.parametrize(
    ("content", "headings", "rows"),
    [
        pytest.param(b"", False, [], id="no records"),
        pytest.param(b"A|B\r\n", True, [], id="headings and no records"),
        pytest.param(b'|\r\n"1"|""\r\n', False, [(None, None), ("1", "")], id="blank is not empty text"),
        pytest.param(b'A|B\r\n"A"|"B"\r\n', True, [("A", "B")], id="a record like the headings"),
    ],
)
def test_a_written_file_is_read_back(content: bytes, headings: bool, rows: list[tuple[str, str]]) -> None:
    batches = read_delimited(io.BytesIO(content), ["A", "B"], delimiter="|", headings=headings)
    assert [tuple(row.values()) for batch in batches for row in batch.to_pylist()] == rows


@pytest.mark.parametrize(
    ("content", "headings"),
    [
        pytest.param(b"", True, id="no headings"),
        pytest.param(b"A|C\r\n", True, id="other headings"),
        pytest.param(b"B|A\r\n", True, id="headings in another order"),
        pytest.param(b'"1"|"2"|"3"\r\n', False, id="a value too many"),
        pytest.param(b'"1"|"2"\r\n"3"\r\n', False, id="a value too few"),
        pytest.param(b'"1"|"\xe9"\r\n', False, id="not UTF-8"),
    ],
)
def test_a_file_that_is_not_as_written_is_refused(content: bytes, headings: bool) -> None:
    with pytest.raises((pa.ArrowInvalid, ValueError)):
        [*read_delimited(io.BytesIO(content), ["A", "B"], delimiter="|", headings=headings)]


def test_headings_are_the_published_names_without_qualifiers() -> None:
    assert heading_line(PAYROLL, ",").startswith(
        b"Employee reference number,Employee post number,Department,"
    )
    assert heading_line(PAYROLL, "|").endswith(b"|Bank account|Building society roll number\r\n")


def test_a_heading_that_would_break_the_line_stands_in_qualifiers() -> None:
    assert heading_line(two_columns('The "first"', "a|b"), "|") == b'"The ""first"""|"a|b"\r\n'


@given(
    st.lists(st.none() | st.text(st.sampled_from('"é🎈a“'), max_size=40), max_size=6),
    st.sampled_from(CharacterSet),
)
def test_a_file_is_never_larger_than_was_foreseen(texts: list[str | None], characters: CharacterSet) -> None:
    specification = two_columns()
    batch = pa.RecordBatch.from_pydict(
        {"first": pa.array(texts, pa.string()), "second": pa.array(texts, pa.string())}
    )
    form = written_form(characters=characters)
    fields = [CountedField(each.column, each.name, each.format) for each in specification.fields]
    sent = records_as_sent(batch, specification, form)
    lines = delimited_lines(sent, specification, delimiter=",", negative_sign=NegativeSign.TRAILING)
    found = survey([batch], fields, form)
    assert len(heading_line(specification, ",") + lines) <= size_at_most(found, specification)
