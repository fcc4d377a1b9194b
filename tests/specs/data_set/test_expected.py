from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from specs.check_record import CheckRecord, FieldProfile, FieldTotals
from specs.data_set import (
    AcrossContext,
    AcrossFindings,
    ControlTotalsInvalid,
    parse_control_totals,
)
from specs.data_set.context import Trailer
from specs.data_set.expected import control_totals, previous_extract, trailer_count
from specs.data_set.sums import data_set_sums

ContextOf = Callable[..., AcrossContext]
Told = Callable[[AcrossFindings], list[tuple[str, str | None, str | None, str]]]
PAID: list[dict[str, Any]] = [
    {"total_invoice_amount": 12_050, "vat_amount": None},
    {"total_invoice_amount": -50, "vat_amount": 0},
]
GROSS = "Total invoice amount"


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        pytest.param(["rows=2", f"{GROSS}=120", f"{GROSS}:count=2", "VAT amount:count=1"], [], id="agree"),
        pytest.param(
            ["rows=1,002"],
            [(None, "expected 1,002 records, the extract has 2: 1,000 fewer")],
            id="records missing",
        ),
        pytest.param(["rows=1"], [(None, "expected 1 record, the extract has 2: 1 more")], id="one too many"),
        pytest.param(
            [f"{GROSS}=1,120.01"],
            [(GROSS, "expected £1,120.01, the extract has £120.00: £1,000.01 less")],
            id="sum",
        ),
        pytest.param(
            [f"{GROSS}=-1"],
            [(GROSS, "expected -£1.00, the extract has £120.00: £121.00 more")],
            id="below zero",
        ),
        pytest.param(
            ["VAT amount:count=2"],
            [("VAT amount", "expected 2 records, the extract has 1: 1 fewer")],
            id="count",
        ),
        pytest.param([], [], id="nothing expected"),
    ],
)
def test_control_totals(
    context_of: ContextOf, told: Told, expected: list[str], found: list[tuple[str | None, str]]
) -> None:
    context = context_of("creditors-history", PAID, expected=parse_control_totals(expected))
    assert told(control_totals(context, data_set_sums(context))) == [
        ("control_total", field, None, detail) for field, detail in found
    ]


def test_hours_are_added_up_as_hours(context_of: ContextOf, told: Told) -> None:
    context = context_of(
        "payroll", [{"standard_hours": 3750}], expected=parse_control_totals(["Standard hours per week=37"])
    )
    ((_code, _field, _severity, detail),) = told(control_totals(context, data_set_sums(context)))
    assert detail == "expected 37.00 hours, the extract has 37.50 hours: 0.50 hours more"


def test_a_control_total_of_a_column_that_is_not_there_is_not_checked(context_of: ContextOf) -> None:
    context = context_of(
        "creditors-history", PAID, columns={"vat_amount"}, expected=parse_control_totals([f"{GROSS}=1"])
    )
    found = control_totals(context, data_set_sums(context))
    assert [(each.code, each.reason) for each in found.not_checked] == [
        ("control_total", f"the extract has no column for {GROSS}")
    ]


def test_a_control_total_of_an_unknown_field_is_refused(context_of: ContextOf) -> None:
    context = context_of("creditors-history", PAID, expected=parse_control_totals(["Surname:count=1"]))
    with pytest.raises(ControlTotalsInvalid, match="no field 'Surname'"):
        control_totals(context, data_set_sums(context))


ITSELF = "it may count the headings or itself"


@pytest.mark.parametrize(
    ("claimed", "read", "severity", "detail"),
    [
        pytest.param(
            3, 2, "note", "says 3 records; 2 were read: it may count the headings or itself", id="it"
        ),
        pytest.param(
            4, 2, "note", "says 4 records; 2 were read: it may count the headings or itself", id="both"
        ),
        pytest.param(5, 2, None, "says 5 records; 2 were read", id="cut off"),
        pytest.param(1, 2, None, "says 1 record; 2 were read", id="more than it says"),
        pytest.param(2, 2, "", "", id="agrees"),
    ],
)
def test_a_trailer(
    context_of: ContextOf, told: Told, claimed: int, read: int, severity: str | None, detail: str
) -> None:
    context = context_of("creditors-history", PAID, trailers=(Trailer("may.csv", claimed, read),))
    found = told(trailer_count(context))
    assert found == (
        [("trailer_count", None, severity, f"the last line of may.csv {detail}")] if detail else []
    )


def test_each_trailer_is_held_against_its_own_file(context_of: ContextOf, told: Told) -> None:
    trailers = (Trailer("april.csv", 2, 2), Trailer("may.csv", 9, 5), Trailer("june.csv", 1, 4))
    found = told(trailer_count(context_of("creditors-history", PAID, trailers=trailers)))
    assert [detail for *_, detail in found] == [
        "the last line of may.csv says 9 records; 5 were read",
        "the last line of june.csv says 1 record; 4 were read",
    ]
    assert told(trailer_count(context_of("creditors-history", PAID))) == []


def previous(
    rows: int, filled: dict[str, int], sums: dict[str, int] | None = None, **given: Any
) -> CheckRecord:
    """A check record of an earlier extract: only what is compared of it."""
    compared: dict[str, Any] = {
        "dataset": "creditors-history",
        "exercise": "2024-25",
        "rows": rows,
        "profile": tuple(
            FieldProfile(field=name, filled=count, valid=count, distinct=1, distinct_is_exact=True)
            for name, count in filled.items()
        ),
        "totals": tuple(
            FieldTotals(field=name, values=rows, total=total) for name, total in (sums or {}).items()
        ),
    }
    return CheckRecord.model_construct(**(compared | given))


NOW = [{"creditor_reference": "C", "vat_amount": 100 if place < 50 else None} for place in range(100)]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param(previous(75, {"VAT amount": 38}), [], id="a third more"),
        pytest.param(
            previous(74, {"VAT amount": 37}),
            [("previous_records", None, "100 records; 2024-25 had 74")],
            id="more than a third more",
        ),
        pytest.param(previous(150, {"VAT amount": 75}), [], id="a third fewer"),
        pytest.param(
            previous(151, {"VAT amount": 75}),
            [("previous_records", None, "100 records; 2024-25 had 151")],
            id="more than a third fewer",
        ),
        pytest.param(
            previous(0, {}), [("previous_records", None, "100 records; 2024-25 had 0")], id="none before"
        ),
        pytest.param(previous(100, {"VAT amount": 60}), [], id="filled ten points less"),
        pytest.param(
            previous(100, {"VAT amount": 61}),
            [("previous_filled", "VAT amount", "filled in 50 % of the records; in 2024-25 in 61 %")],
            id="filled more than ten points less",
        ),
        pytest.param(previous(100, {"VAT amount": 1}), [], id="filled more"),
        pytest.param(previous(100, {"Gone": 100}), [], id="a field that is no more"),
        pytest.param(previous(100, {"VAT amount": 50}, {"VAT amount": 100_000}), [], id="ten times"),
        pytest.param(
            previous(100, {"VAT amount": 50}, {"VAT amount": 100_100}),
            [("previous_sums", "VAT amount", "on average £1.00 a record; in 2024-25 £10.01")],
            id="more than ten times larger before",
        ),
        pytest.param(
            previous(100, {"VAT amount": 50}, {"VAT amount": 900}),
            [("previous_sums", "VAT amount", "on average £1.00 a record; in 2024-25 £0.09")],
            id="more than ten times smaller before",
        ),
        pytest.param(previous(100, {"VAT amount": 50}, {"VAT amount": 0}), [], id="nothing before"),
        pytest.param(None, [], id="no previous extract"),
    ],
)
def test_against_the_previous_extract(
    context_of: ContextOf, told: Told, before: CheckRecord | None, expected: list[Any]
) -> None:
    context = context_of("creditors-history", NOW, previous=before)
    found = told(previous_extract(context, data_set_sums(context)))
    assert [(code, field, detail) for code, field, _severity, detail in found] == expected


def test_an_extract_of_another_data_set_is_not_compared(context_of: ContextOf) -> None:
    context = context_of("creditors-history", NOW, previous=previous(1, {}, dataset="payroll"))
    found = previous_extract(context, data_set_sums(context))
    assert not found.whole
    assert {each.reason for each in found.not_checked} == {
        "the previous extract is of payroll, not of creditors-history"
    }


def test_a_record_without_a_profile_is_compared_as_far_as_it_goes(context_of: ContextOf) -> None:
    context = context_of("creditors-history", NOW, previous=previous(1_000, {}))
    found = previous_extract(context, data_set_sums(context))
    assert [each.code for each in found.whole] == ["previous_records"]
    assert [each.code for each in found.not_checked] == ["previous_filled"]
