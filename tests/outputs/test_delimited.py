"""Every value here is invented."""

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.control_totals import CountedField, Survey, survey
from outputs.delimited import heading_line, record_lines, size_at_most, suitable_delimiter
from outputs.spec_format import NegativeSign
from specs.catalogues import load_specification
from specs.specification import FieldFormat, Specification

PAYROLL = load_specification("payroll")
TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(',"|~\n'))


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


def surveyed(*texts: str | None) -> Survey:
    batch = pa.RecordBatch.from_pydict({"first": pa.array(texts, pa.string())})
    return survey([batch], [CountedField("first", "First", FieldFormat.CHARACTER)])


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


def test_headings_are_the_published_names_without_qualifiers() -> None:
    assert heading_line(PAYROLL, ",").startswith(
        b"Employee reference number,Employee post number,Department,"
    )
    assert heading_line(PAYROLL, "|").endswith(b"|Bank account|Building society roll number\r\n")


def test_a_heading_that_would_break_the_line_stands_in_qualifiers() -> None:
    assert heading_line(two_columns('The "first"', "a|b"), "|") == b'"The ""first"""|"a|b"\r\n'


def test_only_specified_columns_leave_and_in_the_specified_order() -> None:
    batch = pa.RecordBatch.from_pydict({"source_row": [2], "secret": ["x"], "second": ["2"], "first": ["1"]})
    lines = record_lines(batch, two_columns(), delimiter="|", negative_sign=NegativeSign.LEADING)
    assert lines == b'"1"|"2"\r\n'


@given(
    st.lists(st.tuples(st.none() | TEXT, st.none() | TEXT), max_size=6),
    st.sampled_from(",|~"),
)
def test_no_text_can_break_a_line_or_a_field(
    rows: list[tuple[str | None, str | None]], delimiter: str
) -> None:
    specification = two_columns()
    batch = pa.RecordBatch.from_pydict(
        {
            "first": pa.array([first for first, _ in rows], pa.string()),
            "second": pa.array([second for _, second in rows], pa.string()),
        }
    )
    written = heading_line(specification, delimiter) + record_lines(
        batch, specification, delimiter=delimiter, negative_sign=NegativeSign.LEADING
    )
    read = list(csv.reader(io.StringIO(written.decode(), newline=""), delimiter=delimiter, strict=True))
    assert [len(line) for line in read] == [2] * (len(rows) + 1)
    assert written.count(b"\r\n") == written.count(b"\n") == len(rows) + 1


@given(st.lists(st.none() | st.text(st.sampled_from('"é🎈a'), max_size=40), max_size=6))
def test_a_file_is_never_larger_than_was_foreseen(texts: list[str | None]) -> None:
    specification = two_columns()
    batch = pa.RecordBatch.from_pydict(
        {"first": pa.array(texts, pa.string()), "second": pa.array(texts, pa.string())}
    )
    fields = [CountedField(each.column, each.name, each.format) for each in specification.fields]
    written = record_lines(batch, specification, delimiter=",", negative_sign=NegativeSign.TRAILING)
    assert len(heading_line(specification, ",") + written) <= size_at_most(
        survey([batch], fields), specification
    )
