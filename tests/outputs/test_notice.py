"""What is submitted, against what the notice lists."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.declared.declaration import Declaration, with_changes
from outputs.declared.notice import not_covered
from outputs.declared.notice_categories import notice_categories
from specs.catalogues import load_specification

PAYROLL = load_specification("payroll").fields
HISTORY = load_specification("creditors-history").fields


class Column(NamedTuple):
    """A field of a specification that nfi does not know."""

    name: str
    column: str


def listing(*names: str) -> Declaration:
    return with_changes(Declaration(), {"privacy_notice.lists": list(names)})


def found(declaration: Declaration, **submitted: object) -> list[tuple[str, tuple[str, ...], str | None]]:
    by_dataset = {name.replace("_", "-"): fields for name, fields in submitted.items()}
    return [
        (each.dataset, each.fields, each.category.name if each.category else None)
        for each in not_covered(declaration, by_dataset)  # type: ignore[arg-type]
    ]


def test_fields_that_the_notice_does_not_list_are_grouped_by_what_they_are_about() -> None:
    declaration = listing("Key payroll data")
    assert found(declaration, payroll=PAYROLL) == [
        ("payroll", ("Home telephone number", "Mobile telephone number"), "Telephone numbers"),
        ("payroll", ("Email address",), "E-mail address"),
        ("payroll", ("Passport number",), "Passport number"),
    ]


def test_only_what_holds_values_counts() -> None:
    without_passport = [field for field in PAYROLL if field.column not in {"passport_number", "email"}]
    assert [entry[2] for entry in found(listing("Key payroll data"), payroll=without_passport)] == [
        "Telephone numbers"
    ]
    assert found(listing("Name"), payroll=[]) == []


def test_the_order_is_that_of_the_data_sets_and_of_their_fields() -> None:
    both = found(listing("Payments"), payroll=PAYROLL[:6], creditors_history=HISTORY)
    assert [(dataset, category) for dataset, _, category in both] == [
        ("payroll", "Employment dates and posts"),
        ("payroll", "Sex and title"),
        ("payroll", "Name"),
        ("creditors-history", "Supplier record"),
    ]


def test_a_column_that_nfi_does_not_know_is_for_a_person_to_look_at() -> None:
    own = [Column("Surname", "surname"), Column("Course", "course"), Column("College", "college")]
    assert found(listing("Name"), students=own) == [("students", ("Course", "College"), None)]


def test_a_site_is_not_about_a_person() -> None:
    assert (
        found(listing("Name"), creditors_history=[field for field in HISTORY if field.column == "site_id"])
        == []
    )


@pytest.mark.parametrize("lists", ["all", None])
def test_nothing_is_found_where_it_lists_all_or_where_nobody_said(lists: str | None) -> None:
    declaration = with_changes(Declaration(), {"privacy_notice.lists": lists})
    assert found(declaration, payroll=PAYROLL, students=[Column("Course", "course")]) == []


@given(
    listed=st.sets(st.sampled_from([each.name for each in notice_categories()]), min_size=1),
    fields=st.sets(st.sampled_from(range(len(PAYROLL)))),
)
def test_every_field_is_either_listed_or_found_once(listed: set[str], fields: set[int]) -> None:
    chosen = [PAYROLL[place] for place in sorted(fields)]
    entries = not_covered(listing(*listed), {"payroll": chosen})
    names = [name for entry in entries for name in entry.fields]
    assert len(names) == len(set(names))
    assert all(entry.category and entry.category.name not in listed for entry in entries)
    of_listed = {column for each in notice_categories() if each.name in listed for column in each.columns}
    assert {field.name for field in chosen if field.column not in of_listed} == {*names}
