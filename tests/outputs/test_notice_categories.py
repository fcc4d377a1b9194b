"""What a notice can list: every column of every specification in one place, and words that people use."""

from __future__ import annotations

import pytest

from outputs.declared.notice_categories import (
    categories_called,
    category_of,
    not_about_a_person,
    notice_categories,
)
from specs.catalogues import datasets, exercises, load_specification

EVERY_COLUMN = sorted(
    {
        (dataset, field.column)
        for exercise in exercises()
        for dataset in datasets(exercise)
        for field in load_specification(dataset, exercise).fields
    }
)


def places_of(dataset: str, column: str) -> list[str]:
    """Where the file puts a column, looked up without the code under test."""
    own = [each.name for each in notice_categories() if column in each.only.get(dataset, ())]
    anywhere = [each.name for each in notice_categories() if column in each.columns]
    return own or [*anywhere, *(["not a person"] if column in not_about_a_person() else [])]


@pytest.mark.parametrize(("dataset", "column"), EVERY_COLUMN)
def test_every_column_of_every_specification_is_in_exactly_one_place(dataset: str, column: str) -> None:
    (place,) = places_of(dataset, column)
    found = category_of(dataset, column)
    assert (found.name if found else "not a person") == place


def test_no_place_names_a_column_that_no_specification_has() -> None:
    columns = {column for _, column in EVERY_COLUMN}
    named = {column for each in notice_categories() for column in each.columns} | not_about_a_person()
    assert named - columns == set()
    assert {
        (dataset, column)
        for each in notice_categories()
        for dataset, only in each.only.items()
        for column in only
    } - {*EVERY_COLUMN} == set()


def test_only_what_joined_payroll_in_2012_is_called_published() -> None:
    published = {each.name for each in notice_categories() if each.evidence != "inferred"}
    assert published == {"Telephone numbers", "E-mail address", "Passport number"}


@pytest.mark.parametrize(
    ("dataset", "column", "name"),
    [
        ("payroll", "roll_number", "Bank account details"),
        ("payroll", "employee_reference", "Employment dates and posts"),
        ("pensions", "employee_reference", "Pension"),
        ("payroll", "date_last_paid", "Pay and hours"),
        ("pensions", "date_last_paid", "Pension"),
        ("licences", "reference_number", "Licences"),
        ("transport-permits", "reference_number", "Passes and permits"),
        ("students", "surname", "Name"),  # a data set of the body's own, with a column that is known
    ],
)
def test_a_column_means_what_it_means_in_its_data_set(dataset: str, column: str, name: str) -> None:
    found = category_of(dataset, column)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("dataset", "column"),
    [("students", "course_code"), ("students", "reference_number"), ("creditors-history", "site_id")],
)
def test_what_is_not_known_has_no_category(dataset: str, column: str) -> None:
    assert category_of(dataset, column) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param(["Passport number"], ("Passport number",), id="its name"),
        pytest.param(["passports", "PASSPORT-NUMBERS"], ("Passport number",), id="case, plural, twice"),
        pytest.param(["Gender", "Names"], ("Name", "Sex and title"), id="other words, nfi's order"),
        pytest.param(["Contact details"], ("Address", "Telephone numbers", "E-mail address"), id="several"),
        pytest.param(["Address"], ("Address",), id="a name means nothing else besides"),
        pytest.param([], (), id="nothing"),
    ],
)
def test_categories_are_known_by_the_words_of_notices(written: list[str], meant: tuple[str, ...]) -> None:
    assert categories_called(written) == meant


def test_key_payroll_data_are_those_without_the_fields_of_2012() -> None:
    found = (category_of("payroll", field.column) for field in load_specification("payroll").fields)
    names = {each.name for each in found if each}
    assert names - {*categories_called(["key payroll data"])} == {
        "Telephone numbers",
        "E-mail address",
        "Passport number",
    }


def test_an_unknown_word_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="'Pasport number'; did you mean 'Passport number'"):
        categories_called(["Name", "Pasport number"])
    with pytest.raises(ValueError, match="called 'zzz'; It knows: Name, "):
        categories_called(["zzz"])
