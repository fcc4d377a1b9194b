"""Shared keys, with loops over lists as the oracle of the SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specs.data_set import AcrossContext, AcrossFindings
from specs.data_set.keys import duplicate_keys, record_keys
from specs.data_set.set_apart import set_apart
from tests.examples import examples

ContextOf = Callable[..., AcrossContext]
SETTINGS = settings(
    deadline=None, max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def found_in(context: AcrossContext) -> AcrossFindings:
    return duplicate_keys(context, set_apart(context, record_keys(context)))


def expected_detail(own: int, rows: list[int]) -> str:
    others = [row for row in rows if row != own]
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    return f"also on row{'s' if len(others) > 1 else ''} {', '.join(map(str, others[:3]))}{more}"


@SETTINGS
@given(st.lists(st.sampled_from([None, "A", "a", "B", "C"]), max_size=14))
def test_each_record_whose_key_another_has_is_found_with_its_neighbours(
    context_of: ContextOf, keys: list[str | None]
) -> None:
    rows_of = defaultdict(list)
    for row, key in enumerate(keys, start=2):
        if key is not None:
            rows_of[key].append(row)
    expected = [
        (row, key, expected_detail(row, rows_of[key]))
        for row, key in enumerate(keys, start=2)
        if key is not None and len(rows_of[key]) > 1
    ]
    context = context_of("creditors-history", [{"internal_invoice_number": key} for key in keys])
    found = found_in(context).rows.to_pylist()
    assert [(each["row"], each["value"], each["detail"]) for each in found] == expected
    assert {(each["field"], each["severity"]) for each in found} <= {
        ("Internal/system invoice number", "error")
    }


PARTS = st.sampled_from([None, "1", "2"])


@SETTINGS
@given(st.lists(st.tuples(PARTS, PARTS), max_size=12))
def test_a_key_of_two_columns_counts_where_the_required_one_is_filled_and_blank_sites_are_equal(
    context_of: ContextOf, keys: list[tuple[str | None, str | None]]
) -> None:
    records = [{"creditor_reference": creditor, "site_id": site} for creditor, site in keys]
    found = found_in(context_of("creditors-standing", records)).rows.to_pylist()
    expected = [row for row, key in enumerate(keys, start=2) if key[0] is not None and keys.count(key) > 1]
    assert [each["row"] for each in found] == expected
    assert {each["severity"] for each in found} <= {"warning"}, "the key is recalled"


def test_without_the_column_the_key_is_not_checked_and_the_reason_is_given(context_of: ContextOf) -> None:
    found = found_in(context_of("payroll", [{"surname": "Able"}], columns={"surname"}))
    assert found.rows.num_rows == 0
    assert [(each.code, each.reason) for each in found.not_checked] == [
        ("duplicate_key", "the extract has no column for Employee reference number")
    ]


def test_a_profile_that_shows_no_repeats_saves_looking_for_them(context_of: ContextOf) -> None:
    unique = context_of("payroll", [{"employee_reference": "1"}, {"employee_reference": "2"}])
    assert record_keys(unique) == []
    estimated = tuple(profile.model_copy(update={"distinct_is_exact": False}) for profile in unique.profile)
    assert len(record_keys(replace(unique, profile=estimated))) == 1


def test_rows_are_named_as_the_caller_names_places(context_of: ContextOf) -> None:
    asked: list[int] = []

    def place(row: int) -> str:
        asked.append(row)
        return f"{row - 1} of june.csv"

    context = context_of("payroll", [{"employee_reference": key} for key in "ABABA"], place_in_words=place)
    assert [each["detail"] for each in found_in(context).rows.to_pylist()] == [
        "also on rows 3 of june.csv, 5 of june.csv",
        "also on row 4 of june.csv",
        "also on rows 1 of june.csv, 5 of june.csv",
        "also on row 2 of june.csv",
        "also on rows 1 of june.csv, 3 of june.csv",
    ]
    assert sorted(asked) == [2, 3, 4, 5, 6], "each row once"
