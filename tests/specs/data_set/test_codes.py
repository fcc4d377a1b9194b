from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from specs.data_set import AcrossContext, AcrossFindings
from specs.data_set.codes import codes

ContextOf = Callable[..., AcrossContext]
Told = Callable[[AcrossFindings], list[tuple[str, str | None, str | None, str]]]


@pytest.mark.parametrize(
    ("column", "values", "detail"),
    [
        pytest.param("department", ["ED", "SOC", "ED", "H1"], "3 different codes in 4 records", id="codes"),
        pytest.param("department", ["0110", "0220"], "2 different codes in 2 records", id="numbers"),
        pytest.param("department", ["A"], "1 different code in 1 record", id="one code"),
        pytest.param(
            "department", ["Education", "Social Services", "HR"], None, id="words, one of them short"
        ),
        pytest.param("department", ["education", "EDUCATION", "ED"], None, id="case makes no other value"),
        pytest.param("department", [None, None], None, id="blank"),
        pytest.param("department", [str(place) for place in range(2_001)], None, id="too many to be codes"),
        pytest.param("sex", ["M", "F", "f"], None, id="anyone understands M and F"),
        pytest.param("sex", ["1", "2"], "2 different codes in 2 records", id="nobody understands 1 and 2"),
        pytest.param("leaver_indicator", ["Y", "N", "no"], None, id="yes and no"),
        pytest.param("title", ["Mr", "Ms"], None, id="not called coded"),
    ],
)
def test_codes_without_a_look_up_table(
    context_of: ContextOf, told: Told, column: str, values: list[Any], detail: str | None
) -> None:
    context = context_of("payroll", [{column: value} for value in values], columns={column})
    field = context.specification.by_column[column].name
    assert told(codes(context)) == ([("codes_without_lookup", field, None, detail)] if detail else [])


def test_with_a_look_up_table_what_it_lacks_is_found(context_of: ContextOf) -> None:
    records = [{"department": value} for value in ("ED", " ed ", "SOC", None, "X9")]
    context = context_of("payroll", records, lookups={"department": frozenset({"Ed", "SOC"})})
    found = codes(context)
    assert [
        (each["code"], each["severity"], each["row"], each["field"], each["value"])
        for each in found.rows.to_pylist()
    ] == [("not_in_lookup", "warning", 6, "Department", "X9")]
    assert not found.whole


def test_a_field_that_a_person_knows_to_be_coded_is_held_against_its_table_too(
    context_of: ContextOf,
) -> None:
    records = [{"title": "1"}, {"title": "2"}]
    context = context_of("payroll", records, lookups={"title": frozenset({"1"}), "sex": frozenset({"M"})})
    assert not context.specification.by_column["title"].coded
    found = codes(context).rows.to_pylist()
    assert [(each["row"], each["field"], each["value"]) for each in found] == [(3, "Title", "2")]


def test_an_empty_look_up_table_has_no_code(context_of: ContextOf) -> None:
    context = context_of("payroll", [{"department": "ED"}], lookups={"department": frozenset()})
    assert codes(context).rows.num_rows == 1


def test_values_that_were_counted_before_are_not_asked_of_the_records(
    context_of: ContextOf, told: Told
) -> None:
    records = [{"department": "ED", "sex": "1"}, {"department": "SOC", "sex": "1"}]
    context = context_of("payroll", records, few_values={"department": {"ED": 3, "ed": 1, "SOC": 2}})
    assert [(field, detail) for _code, field, _severity, detail in told(codes(context))] == [
        ("Department", "2 different codes in 6 records"),
        ("Sex", "1 different code in 2 records"),
    ]
