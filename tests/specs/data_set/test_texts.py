from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from specs.data_set import AcrossContext, AcrossFindings
from specs.data_set.texts import texts

ContextOf = Callable[..., AcrossContext]
Told = Callable[[AcrossFindings], list[tuple[str, str | None, str | None, str]]]
STREETS = ("Upper", "Lower", "Old", "New", "Great", "Little", "East", "West", "North", "South")
NAMES = [
    f"{street} {name} {kind}"
    for street in STREETS
    for name in ("Mill", "Church", "Station Approach", "Priory", "Quarry Hill")
    for kind in ("Road", "Lane", "Avenue", "Close")
]


def found(context_of: ContextOf, told: Told, dataset: str, column: str, values: list[Any]) -> list[Any]:
    records = [{column: value} for value in values]
    return told(texts(context_of(dataset, records, columns={column})))


@pytest.mark.parametrize("length", [18, 20, 22])
def test_values_cut_at_a_common_length_are_found(context_of: ContextOf, told: Told, length: int) -> None:
    cut = [name[:length].strip() for name in NAMES]
    ((code, field, severity, detail),) = found(context_of, told, "payroll", "address_line_1", cut)
    assert (code, field, severity) == ("values_cut", "Address line 1", None)
    assert f"different values have exactly {length} characters, and none is longer" in detail


@pytest.mark.parametrize(
    ("column", "values"),
    [
        pytest.param("address_line_1", NAMES, id="of all lengths"),
        pytest.param("address_line_1", [NAMES[0][:15]] * 50 + ["Hill"] * 40, id="one long value many times"),
        pytest.param(
            "address_line_1", [name[:15].strip() for name in NAMES[:8]], id="too few different ones"
        ),
        pytest.param(
            "roll_number",
            [f"A {place:03} {place * 7:03} B" for place in range(60)] + ["12"] * 20,
            id="numbers of one form",
        ),
        pytest.param("surname", ["Able"] * 40 + ["Featherstonehaugh Smith"], id="one long name"),
        pytest.param("email", [f"ann baker{place:02}@x.org" for place in range(60)] + ["a@b.c"], id="email"),
        pytest.param("surname", [], id="nothing"),
    ],
)
def test_other_columns_were_not_cut(
    context_of: ContextOf, told: Told, column: str, values: list[Any]
) -> None:
    assert found(context_of, told, "payroll", column, values) == []


FULL = [f"{place + 1:01}2345678"[:8] for place in range(9)] * 12


@pytest.mark.parametrize(
    ("values", "detail"),
    [
        pytest.param(
            [*FULL, "1234567", "234567"],
            "108 numbers have 8 digits, and none of them begins with a zero; "
            "2 records (1.8 %) have fewer digits",
            id="shorter, and none with a zero in front",
        ),
        pytest.param([*FULL, "01234567", "1234567"], None, id="zeros are there: one number is too short"),
        pytest.param(FULL, None, id="all of full length"),
        pytest.param([*FULL[:50], "1234567"], None, id="too few to tell"),
        pytest.param([*FULL, "A234567"], None, id="what is shorter is no number"),
        pytest.param([*FULL, *["1234567"] * 200], None, id="another system's numbers"),
        pytest.param([], None, id="nothing"),
    ],
)
def test_zeros_lost_from_numbers_of_a_given_length(
    context_of: ContextOf, told: Told, values: list[str], detail: str | None
) -> None:
    expected = [("leading_zeros_lost", "Bank account", "warning", detail)] if detail else []
    assert found(context_of, told, "payroll", "bank_account", values) == expected


@pytest.mark.parametrize(
    ("values", "is_found"),
    [
        pytest.param(
            [f"{place:05}" for place in range(200)] + ["17", "201"], True, id="some lost their zeros"
        ),
        pytest.param([str(place) for place in range(900, 1200)], False, id="numbered from 900 on"),
        pytest.param([f"{place:05}" for place in range(200)], False, id="all with zeros"),
        pytest.param([f"E{place:05}" for place in range(200)] + ["17"], False, id="letters"),
    ],
)
def test_zeros_lost_from_references_of_the_systems_own_length(
    context_of: ContextOf, told: Told, values: list[str], is_found: bool
) -> None:
    told_of = found(context_of, told, "payroll", "employee_reference", values)
    assert [(each[0], each[2]) for each in told_of] == ([("leading_zeros_lost", "note")] if is_found else [])


def test_without_the_columns_it_is_said_that_zeros_were_not_looked_for(context_of: ContextOf) -> None:
    skipped = texts(context_of("payroll", [], columns={"surname"})).not_checked
    assert [each.reason for each in skipped] == [
        "the extract has no column for Bank account and Employee reference number"
    ]


def test_values_that_were_counted_before_are_measured_without_the_records(
    context_of: ContextOf, told: Told
) -> None:
    cut = [name[:20].strip() for name in NAMES]
    context = context_of("payroll", [{"address_line_1": value} for value in cut], columns={"address_line_1"})
    asked = told(texts(context))
    no_records = context_of("payroll", [], columns={"address_line_1"}).records
    counted = replace(context, few_values={"address_line_1": Counter(cut)}, records=no_records)
    assert asked
    assert told(texts(counted)) == asked
