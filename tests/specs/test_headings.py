"""Headings: compared loosely, named by letters, and shown without trouble."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from specs.headings import (
    column_letters,
    found_in,
    heading_signature,
    looks_like_a_record,
    loosely,
    nearest,
    repeated,
    shown,
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("Supplier Name", "SUPPLIER_NAME", id="case and underscore"),
        pytest.param("Expense Type ", "Expense type", id="trailing blank"),
        pytest.param("Supplier(Beneficiary) Name", "Supplier Beneficiary Name", id="brackets"),
        pytest.param("Cre\u0301diteur", "Cr\u00e9diteur", id="accents composed or not"),
        pytest.param("Ｄａｔｅ", "Date", id="full width"),
        pytest.param("Line\nbreak", "Line break", id="line break"),
    ],
)
def test_headings_that_people_read_as_the_same_are_the_same(left: str, right: str) -> None:
    assert loosely(left) == loosely(right)


@given(st.text())
def test_comparing_loosely_twice_changes_nothing(name: str) -> None:
    assert loosely(loosely(name)) == loosely(name)


@given(st.text(), st.lists(st.text()))
def test_what_is_found_is_among_the_headings(name: str, headings: list[str]) -> None:
    assert set(found_in(headings, name)) <= set(headings)


def test_a_name_without_letters_is_only_found_exactly() -> None:
    assert found_in(["£", "%"], "£") == ("£",)
    assert found_in(["%"], "£") == ()


def test_the_nearest_name_is_compared_loosely() -> None:
    assert nearest("SUPLIER NAME", ["Date", "supplier_name"]) == "supplier_name"
    assert nearest("Colour", ["Date", "Amount"]) is None


def test_repeated_headings_come_once_each_in_order() -> None:
    assert repeated(["b", "a", "c", "a", "b", "a"]) == ("b", "a")


@given(st.integers(0, 16_383))
def test_letters_of_columns_are_those_of_a_spreadsheet(index: int) -> None:
    assert column_letters(index) == get_column_letter(index + 1)


@pytest.mark.parametrize("cell", ["31/12/2024", "2024-12-31", "1.1.24", "£1,234.50", "-12.00", " 0.99 "])
def test_a_date_or_a_sum_shows_a_record(cell: str) -> None:
    assert looks_like_a_record(["Smith", cell])


@pytest.mark.parametrize("cell", ["Date", "2024", "Q1 2024", "Level 9", "10.5%", "", "1/2", "Amount 12.00"])
def test_a_heading_does_not_look_like_a_record(cell: str) -> None:
    assert not looks_like_a_record([cell])


@given(st.text())
def test_what_is_shown_is_one_short_printable_line(name: str) -> None:
    assert shown(name).isprintable()
    assert len(shown(name)) <= 60


def test_a_signature_is_the_same_whatever_the_order_and_spelling_of_the_headings() -> None:
    assert heading_signature(["Supplier Name", "Date"]) == heading_signature(["DATE", "supplier_name"])


@pytest.mark.parametrize(
    "other", [["Supplier"], ["Supplier", "Date", "Date 2"], ["SupplierDate"], []], ids=len
)
def test_another_set_of_headings_has_another_signature(other: list[str]) -> None:
    assert heading_signature(["Supplier", "Date"]) != heading_signature(other)


@pytest.mark.parametrize(
    ("cell", "is_record"),
    [
        ("CR123456A", True),
        ("LS1 4AP", True),
        ("accounts@example.org", True),
        ("20-45-23", True),
        ("01632960123", True),
        ("12 High Street", True),
        ("NI Number", False),
        ("Address line 1", False),
        ("2024 Amount", False),
        ("9AN - Level 9 Account Name", False),
        ("Expense Area", False),
        ("Column1", False),
    ],
)
def test_what_only_a_record_holds_is_no_heading(cell: str, is_record: bool) -> None:
    assert looks_like_a_record(["Surname", cell]) is is_record
