from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from specs.data_set import AcrossContext, AcrossFindings
from specs.data_set.amounts import amounts
from specs.data_set.sums import data_set_sums

ContextOf = Callable[..., AcrossContext]
Told = Callable[[AcrossFindings], list[tuple[str, str | None, str | None, str]]]
GROSS = "Total invoice amount"


def invoices(totals: list[int], vat: list[int | None] | None = None) -> list[dict[str, Any]]:
    return [
        {"total_invoice_amount": total, "vat_amount": part}
        for total, part in zip(totals, vat or [None] * len(totals), strict=True)
    ]


def found(context: AcrossContext) -> AcrossFindings:
    return amounts(context, data_set_sums(context))


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        pytest.param(
            [-10_000] * 30 + [10_000] * 21,
            [("signs_swapped", GROSS, "warning", "30 of 51 records are negative (58.8 %)")],
            id="signs the wrong way round",
        ),
        pytest.param(
            [-100, -150] + [10_000] * 38,
            [("credit_notes", GROSS, "note", "2 of 40 records are negative (5 %), together -£2.50")],
            id="credit notes",
        ),
        pytest.param(
            [-100] * 9,
            [("credit_notes", GROSS, "note", "9 of 9 records are negative (100 %), together -£9.00")],
            id="nine credit notes are no rule",
        ),
        pytest.param(
            [10_000] * 5_000,
            [("no_credit_notes", GROSS, "warning", "none of 5,000 records is negative")],
            id="a large ledger without credit notes",
        ),
        pytest.param([10_000] * 4_999, [], id="a small ledger without credit notes"),
        pytest.param([], [], id="no records"),
    ],
)
def test_signs(context_of: ContextOf, told: Told, totals: list[int], expected: list[Any]) -> None:
    context = context_of("creditors-history", invoices(totals), columns={"total_invoice_amount"})
    assert told(found(context)) == expected


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        pytest.param(
            [150] * 26 + [10_000] * 25, "26 of 51 records that are not zero lie below £2.00", id="tiny"
        ),
        pytest.param(
            [20_000_001] * 26 + [10_000] * 25,
            "26 of 51 records that are not zero exceed £200,000.00",
            id="huge",
        ),
        pytest.param([150] * 25 + [10_000] * 26, None, id="fewer than half are tiny"),
        pytest.param([200] * 51, None, id="on the limit"),
        pytest.param([150] * 49, None, id="too few"),
    ],
)
def test_a_column_of_another_scale_is_found_by_its_middle(
    context_of: ContextOf, told: Told, totals: list[int], expected: str | None
) -> None:
    context = context_of("creditors-history", invoices(totals), columns={"total_invoice_amount"})
    assert told(found(context)) == ([("unusual_sums", GROSS, "warning", expected)] if expected else [])


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        pytest.param(
            [37] * 60,
            "60 of 60 records that are not zero lie below 1.00 hours",
            id="hours read as hundredths",
        ),
        pytest.param(
            [37_500] * 60,
            "60 of 60 records that are not zero exceed 100.00 hours",
            id="hundredths of hundredths",
        ),
        pytest.param([3_750] * 60, None, id="a week"),
    ],
)
def test_hours_of_another_scale(
    context_of: ContextOf, told: Told, hours: list[int], expected: str | None
) -> None:
    records = [{"standard_hours": each} for each in hours]
    details = [each[3] for each in told(found(context_of("payroll", records, columns={"standard_hours"})))]
    assert details == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("vat", "expected"),
    [
        pytest.param(
            [0] * 60, [("vat_all_nil", "VAT amount", "warning", "zero in all 60 records")], id="all nil"
        ),
        pytest.param(
            [2_000] * 60,
            [
                (
                    "vat_worked_out",
                    "VAT amount",
                    "warning",
                    "60 of 60 records have exactly 20 % of the net amount (100 %)",
                )
            ],
            id="all a sixth of the total",
        ),
        pytest.param([2_000] * 58 + [0, 571], [], id="some zero rated, some at another rate"),
        pytest.param([None] * 60, [], id="not known"),
        pytest.param([None] * 11 + [0] * 49, [], id="too few are known"),
        pytest.param(
            [0] * 57 + [2_000] * 3,
            [("many_zeros", "VAT amount", "warning", "57 of 60 records are zero (95 %), and none is blank")],
            id="blank and nil both sent as zero",
        ),
        pytest.param([0] * 56 + [2_000] * 3 + [None], [], id="blank and nil told apart"),
        pytest.param([0] * 54 + [2_000] * 6, [], id="many are zero rated"),
    ],
)
def test_vat(context_of: ContextOf, told: Told, vat: list[int | None], expected: list[Any]) -> None:
    context = context_of(
        "creditors-history",
        invoices([12_000] * len(vat), vat),
        columns={"total_invoice_amount", "vat_amount"},
    )
    assert told(found(context)) == expected


@pytest.mark.parametrize(
    ("total", "vat", "is_worked_out"),
    [
        (10_000, 1_667, True),
        (10_000, 1_666, False),
        (10_000, 1_668, False),
        (-10_000, -1_667, True),
        (3, 1, True),
    ],
)
def test_vat_is_worked_out_to_the_penny(
    context_of: ContextOf, total: int, vat: int, is_worked_out: bool
) -> None:
    figures = data_set_sums(context_of("creditors-history", invoices([total], [vat]))).vat
    assert figures is not None
    assert figures.worked_out == is_worked_out


def test_the_figures_are_exact_however_large(context_of: ContextOf) -> None:
    largest = 10**15 - 1
    context = context_of("creditors-history", invoices([largest, largest, -largest, 0]))
    sums = data_set_sums(context).columns["total_invoice_amount"]
    assert (sums.filled, sums.total, sums.negatives, sums.negative_total) == (4, largest, 1, -largest)
    assert (sums.zeros, sums.below, sums.above) == (1, 0, 3)


def test_without_vat_it_is_said_that_vat_was_not_checked(context_of: ContextOf) -> None:
    context = context_of("creditors-history", invoices([1]), columns={"total_invoice_amount"})
    assert [each.code for each in found(context).not_checked] == ["vat_all_nil", "vat_worked_out"]
