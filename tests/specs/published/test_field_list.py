"""The list of fields in a document."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.published.documents import Document, Table
from specs.published.field_list import FieldList, PublishedField, find_field_list
from tests.specs.published.made_up import FIELDS, HEADINGS, Row


def found(*tables: Sequence[Row], lines: tuple[str, ...] = ()) -> FieldList:
    document = Document(
        tuple(Table(f"page {n}", tuple(rows)) for n, rows in enumerate(tables, start=1)), lines
    )
    result = find_field_list(document)
    assert result is not None
    return result


def names(fields: FieldList) -> list[str]:
    return [field.name for field in fields.fields]


EXPECTED = [row[1] for row in FIELDS]


@pytest.mark.parametrize(
    "headings",
    [
        HEADINGS,
        ("#", "FIELD NAME", "Type", "Notes"),
        ("No.", "Data item", "Field format", "Guidance notes"),
        ("Order", " field  name ", "Data type", "Description"),
    ],
)
def test_columns_are_known_by_their_headings(headings: tuple[str, ...]) -> None:
    fields = found([headings, *FIELDS])
    assert fields.fields[3] == PublishedField(
        "Gross pay to date", number="4", format="Numeric", comment="Gross, not taxable"
    )
    assert names(fields) == EXPECTED
    assert not fields.has_required


def test_columns_may_stand_in_any_order_among_others() -> None:
    fields = found(
        [("Table 1", "", "", ""), ("Mandatory?", "Comments", "x", "Field")]
        + [("", "c", "x", n) for n in "ab"]
    )
    assert fields.fields[0] == PublishedField("a", comment="c")


def test_whether_fields_are_required_and_their_length_is_taken_over() -> None:
    fields = found(
        [("Field name", "Length", "Mandatory/Optional"), ("Surname", "35", "M"), ("Title", "", "O")]
    )
    assert fields.fields == (
        PublishedField("Surname", length="35", required="M"),
        PublishedField("Title", required="O"),
    )
    assert fields.has_required


@pytest.mark.parametrize("second", [[HEADINGS, *FIELDS[2:]], [*FIELDS[2:]]], ids=["repeated", "not repeated"])
def test_a_table_goes_on_over_a_page_break(second: list[tuple[str, ...]]) -> None:
    fields = found([HEADINGS, *FIELDS[:2]], second)
    assert (names(fields), fields.place) == (EXPECTED, "page 1, page 2")


def test_a_cell_goes_on_after_a_page_break() -> None:
    fields = found([HEADINGS, *FIELDS], [("", "", "", "pay to date")])
    assert fields.fields[3].comment == "Gross, not taxable pay to date"


def test_a_name_goes_on_after_a_page_break_with_its_comment() -> None:
    fields = found([HEADINGS, *FIELDS], [("", "(whole year)", "", "pay")])
    assert fields.fields[3] == PublishedField(
        "Gross pay to date (whole year)", "4", "Numeric", comment="Gross, not taxable pay"
    )


def test_of_several_lists_with_the_same_headings_the_one_with_known_names_is_taken() -> None:
    creditors = [
        ("1", "Creditor reference", "Character", ""),
        *((str(n), f"Thing {n}", "Date", "") for n in range(2, 9)),
    ]
    document = Document((Table("page 1", (HEADINGS, *FIELDS)), Table("page 2", (HEADINGS, *creditors))), ())
    longest, payroll = find_field_list(document), find_field_list(document, ["SURNAME", "Date of birth"])
    assert longest is not None
    assert payroll is not None
    assert (len(longest.fields), longest.place) == (8, "page 2")
    assert (names(payroll), payroll.place) == (EXPECTED, "page 1")


def test_other_tables_of_the_document_are_not_taken_for_the_list() -> None:
    other = [("Date", "Change"), ("May", "First"), ("June", "Second")]
    look_up = [("Field name", "Code"), ("Sex", "M"), ("Sex", "F")]
    assert names(found(other, [HEADINGS, *FIELDS], other, look_up)) == EXPECTED


def test_a_subheading_is_no_field_and_is_named_as_left_out() -> None:
    fields = found([HEADINGS, ("", "About the person", "", ""), *FIELDS])
    assert (names(fields), fields.skipped) == (EXPECTED, ("About the person",))


def test_without_numbers_and_formats_a_field_may_have_no_more_than_its_name() -> None:
    assert names(found([("Field name", "Comments"), ("Surname", ""), ("Title", "Mr")])) == [
        "Surname",
        "Title",
    ]


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("3-6", "Address line 1; Address line 2; Address line 3; Address line 4"),
        ("3 to 6", "Address lines 1 to 4"),
    ],
)
def test_one_row_for_several_fields_becomes_as_many(number: str, name: str) -> None:
    fields = found([HEADINGS, *FIELDS[:2], (number, name, "Character", "Four columns")])
    assert names(fields)[2:] == [f"Address line {n}" for n in (1, 2, 3, 4)]
    assert fields.fields[5] == PublishedField("Address line 4", "6", "Character", comment="Four columns")


def test_one_row_whose_names_do_not_add_up_stays_one() -> None:
    assert names(found([HEADINGS, *FIELDS, ("5-9", "Names; Address", "Character", "")]))[4:] == [
        "Names; Address"
    ]


def test_numbered_lines_stand_in_for_a_table_without_ruled_lines() -> None:
    lines = (
        "National Fraud Initiative 2026",
        "No Field name Format Comments",
        "1 Employee reference number Character Unique",
        "2. Surname CHARACTER",
        "as in the payroll system",
        "3 Date of birth Date",
        "4 Gross pay to date Numeric (9) Gross, not taxable",
        "Page 1 of 2",
    )
    fields = found(lines=lines)
    assert names(fields) == EXPECTED
    assert [field.format for field in fields.fields] == ["Character", "CHARACTER", "Date", "Numeric (9)"]
    assert fields.fields[3].comment == "Gross, not taxable"
    assert fields.skipped == ("as in the payroll system",)


@pytest.mark.parametrize(
    "document",
    [
        Document((), ()),
        Document((Table("page 1", (("Field name", "Format"), ("Surname", "Character"))),), ()),
        Document((Table("page 1", (("a", "b"), ("c", "d"))),), ("1 First", "2 Second")),
    ],
    ids=["empty", "one field only", "no headings"],
)
def test_where_there_is_no_list_none_is_made_up(document: Document) -> None:
    assert find_field_list(document) is None


CELLS = (
    st.sampled_from(["", "1", "2", "1-3", "Field name", "Format", "No", "Date", "Surname", "a; b; c"])
    | st.text()
)


@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4).map(tuple), min_size=1, max_size=8), st.lists(st.text())
)
def test_any_table_and_any_lines_give_a_list_of_named_fields_or_none(
    rows: list[tuple[str, ...]], lines: list[str]
) -> None:
    result = find_field_list(Document((Table("page 1", tuple(rows)),), tuple(lines)))
    assert result is None or all(field.name.strip() for field in result.fields)
