"""Which field that we hold a published one is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.catalogues import datasets, load_specification
from specs.published.matching_names import column_name, same_fields

PAYROLL = [field.name for field in load_specification("payroll").fields]


@pytest.mark.parametrize(
    ("published", "held"),
    [
        ("Surname", "Surname"),
        ("FORENAME(S)", "Forename(s)"),
        ("Forename", "Forename(s)"),
        ("Postcode", "Post code"),
        ("E-mail address", "Email address"),
        ("Middle names or middle initials", "Middle name(s) or middle initial(s)"),
        ("Address 2", "Address line 2"),
        ("Bank account number", "Bank account"),
        ("Gross pay year to date", "Gross pay to date"),
        ("Full time/part time flag", "Full-time/part-time flag"),
    ],
)
def test_a_name_spelt_another_way_is_the_same_field(published: str, held: str) -> None:
    assert same_fields([published], PAYROLL) == {0: PAYROLL.index(held)}


@pytest.mark.parametrize(
    "published",
    [
        "Payroll number",
        "Address line 5",
        "Date of death",
        "Title of other liable person",
        "Sort",
        "",
        "Telephone number",
    ],
)
def test_a_name_of_something_else_or_of_two_things_is_none(published: str) -> None:
    assert same_fields([published], PAYROLL) == {}


def test_the_exact_name_goes_before_a_similar_one() -> None:
    held = ["Home telephone number", "Mobile telephone number"]
    assert same_fields(["Mobile telephone number", "Home telephone no"], held) == {0: 1}


@pytest.mark.parametrize("dataset", datasets("2026-27"))
def test_every_data_set_is_recognised_in_any_order(dataset: str) -> None:
    names = [field.name for field in load_specification(dataset).fields]
    reverse = names[::-1]
    assert same_fields(reverse, names) == {at: names.index(name) for at, name in enumerate(reverse)}


@given(st.lists(st.text()), st.lists(st.text()))
def test_no_held_field_is_taken_twice(published: list[str], held: list[str]) -> None:
    pairs = same_fields(published, held)
    assert len(set(pairs.values())) == len(pairs)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Net pay (annual)", "net_pay_annual"),
        ("Forename(s)", "forenames"),
        ("Pensioner's widow", "pensioners_widow"),
        ("2nd line", "field_2nd_line"),
        ("Łódź", "d"),
        ("£", "field"),
        ("Title", "title_2"),
    ],
)
def test_column_names_are_made_from_names(name: str, column: str) -> None:
    assert column_name(name, ["title"]) == column


@given(st.text(), st.lists(st.text()))
def test_any_name_makes_a_column_that_a_specification_takes(name: str, taken: list[str]) -> None:
    column = column_name(name, taken)
    assert column not in taken
    field = load_specification("payroll").fields[0]
    assert type(field).model_validate(field.model_dump() | {"column": column}).column == column
