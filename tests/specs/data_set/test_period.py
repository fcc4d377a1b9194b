from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from specs.catalogues import load_specification
from specs.data_set import AcrossContext, AcrossFindings
from specs.data_set.months import Month, MonthsOfRecords
from specs.data_set.period import beginning, period
from specs.specification import Period, Severity

ContextOf = Callable[..., AcrossContext]
Told = Callable[[AcrossFindings], list[tuple[str, str | None, str | None, str]]]


def month(year: int, number: int, count: int, until: int = 28) -> list[date]:
    """So many days, spread over the first days of a month."""
    return [date(year, number, place % until + 1) for place in range(count)]


def months(first: tuple[int, int], counts: list[int]) -> list[date]:
    """Days of one month after the other, so many in each."""
    days = []
    for place, count in enumerate(counts):
        year, number = divmod(first[0] * 12 + first[1] - 1 + place, 12)
        days += month(year, number + 1, count)
    return days


def codes(found: list[Any]) -> list[str]:
    return [each[0] for each in found]


FULL = months((2009, 4), [20] * 42) + month(2012, 10, 7, until=8)


def payments(days: list[date], column: str = "payment_date") -> list[dict[str, Any]]:
    return [{column: day} for day in days]


def test_the_period_of_2012_13_as_published_is_covered(context_of: ContextOf, told: Told) -> None:
    context = context_of("creditors-history", payments(FULL), exercise="2012-13")
    assert told(period(context)) == []


def test_records_outside_the_period_are_counted(context_of: ContextOf, told: Told) -> None:
    days = [*FULL, date(2009, 3, 31), date(1912, 1, 1), date(2012, 10, 9)]
    context = context_of("creditors-history", payments(days), exercise="2012-13")
    assert told(period(context)) == [
        (
            "outside_period",
            "Payment date",
            "warning",
            "3 of 850 records (0.4 %) lie outside 1 April 2009 to 8 October 2012: 2 before, 1 after",
        )
    ]


def test_a_period_that_is_not_covered_is_told_by_months(context_of: ContextOf, told: Told) -> None:
    context = context_of("creditors-history", payments(months((2011, 6), [20] * 14)), exercise="2012-13")
    assert told(period(context)) == [
        (
            "period_not_covered",
            "Payment date",
            "warning",
            "the records are of June 2011 to July 2012; asked for is 1 April 2009 to 8 October 2012",
        )
    ]


def test_where_the_period_is_only_recalled_nothing_is_more_than_a_note(
    context_of: ContextOf, told: Told
) -> None:
    found = told(period(context_of("creditors-history", payments(months((2022, 1), [20] * 30)))))
    assert [(each[0], each[2]) for each in found] == [
        ("outside_period", "note"),
        ("period_not_covered", "note"),
    ]
    assert "1 October 2023 to 30 September 2026" in found[0][3]


def test_what_is_still_to_come_need_not_be_covered(context_of: ContextOf, told: Told) -> None:
    records = payments(months((2023, 10), [20] * 30))
    assert told(period(context_of("creditors-history", records, today=date(2026, 4, 10)))) == []
    assert codes(told(period(context_of("creditors-history", records)))) == ["period_not_covered"]


def test_a_record_stands_where_its_payment_date_says_or_else_its_invoice_date(
    context_of: ContextOf, told: Told
) -> None:
    records = [
        *payments(FULL),
        {"payment_date": date(2012, 1, 1), "invoice_date": date(2001, 1, 1)},
        {"payment_date": None, "invoice_date": date(2001, 1, 1)},
        {"payment_date": None, "invoice_date": None},
    ]
    (found,) = told(period(context_of("creditors-history", records, exercise="2012-13")))
    assert found[3].startswith("1 of 849 records with a date (0.1 %) lie outside")


def test_whole_months_without_a_record_are_named(context_of: ContextOf, told: Told) -> None:
    counts = [20] * 42
    counts[5] = counts[6] = counts[20] = counts[30] = 0
    days = months((2009, 4), counts) + month(2012, 10, 7, until=8)
    assert told(period(context_of("creditors-history", payments(days), exercise="2012-13"))) == [
        (
            "month_missing",
            "Payment date",
            "warning",
            "no record in September 2009, October 2009, December 2010 and 1 more; a usual month has 20",
        )
    ]


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param([9, 9, 0, 9, 9, 9], id="a small body"),
        pytest.param([60, 0, 0, 60, 0, 0, 60], id="paid once a quarter"),
        pytest.param([60, 60, 60], id="no gap"),
        pytest.param([1] + [0] * 40 + [60] * 12, id="one stray payment long before"),
        pytest.param([60] * 12 + [0] * 30 + [2], id="strays long after"),
    ],
)
def test_other_months_without_a_record_are_no_gaps(
    context_of: ContextOf, told: Told, counts: list[int]
) -> None:
    found = told(period(context_of("creditors-history", payments(months((2010, 1), counts)))))
    assert not {"month_missing", "month_cut_off"} & set(codes(found))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(
            months((2024, 1), [100] * 6) + [date(2024, 7, 1)] * 3 + [date(2024, 7, 30)],
            ["July 2024, the last month, has 4 records; a usual month has 100"],
            id="the last",
        ),
        pytest.param(
            [date(2023, 12, 2)] * 24 + months((2024, 1), [100] * 6),
            ["December 2023, the first month, has 24 records; a usual month has 100"],
            id="the first",
        ),
        pytest.param(months((2024, 1), [100] * 6) + [date(2024, 7, 2)] * 4, [], id="extracted on the second"),
        pytest.param(months((2024, 1), [100] * 6) + [date(2024, 7, 30)] * 30, [], id="a quiet month"),
        pytest.param([date(2024, 2, 2), *months((2024, 4), [100] * 6)], [], id="a stray month before"),
        pytest.param(
            months((2024, 1), [100, 100]) + [date(2024, 3, 30)] * 2, [], id="two months are no rule"
        ),
    ],
)
def test_a_first_or_last_month_that_is_cut_off(
    context_of: ContextOf, told: Told, days: list[date], expected: list[str]
) -> None:
    found = told(period(context_of("creditors-history", payments(days))))
    assert [detail for code, _field, _severity, detail in found if code == "month_cut_off"] == expected


def test_invoice_dates_thin_out_at_both_ends_by_themselves(context_of: ContextOf, told: Told) -> None:
    days = months((2024, 1), [100] * 6) + [date(2024, 7, 30)] * 2
    context = context_of("creditors-history", payments(days, "invoice_date"), columns={"invoice_date"})
    assert "month_cut_off" not in codes(told(period(context)))
    assert [each.code for each in period(context).not_checked] == ["month_cut_off"]


def test_without_any_date_nothing_is_checked_and_that_is_said(context_of: ContextOf) -> None:
    found = period(context_of("creditors-history", [{"remarks": "x"}], columns={"remarks"}))
    assert not found.whole
    assert {each.code for each in found.not_checked} == {
        "outside_period",
        "period_not_covered",
        "month_missing",
        "month_cut_off",
    }


@pytest.mark.parametrize("days", [[], [None, None]], ids=["no records", "no dates"])
def test_an_extract_without_days_has_no_period(context_of: ContextOf, told: Told, days: list[None]) -> None:
    assert told(period(context_of("creditors-history", [{"payment_date": day} for day in days]))) == []


@pytest.mark.parametrize(
    ("months_back", "end", "start"),
    [
        (36, date(2026, 9, 30), date(2023, 10, 1)),
        (1, date(2024, 2, 29), date(2024, 2, 1)),
        (12, date(2024, 2, 28), date(2023, 2, 28)),
        (1, date(2024, 3, 30), date(2024, 2, 29)),
    ],
)
def test_a_period_of_whole_months_ends_with_its_last_day(months_back: int, end: date, start: date) -> None:
    rule = Period(
        columns=("payment_date",), months=months_back, end=end, severity=Severity.NOTE, evidence="recalled"
    )
    assert beginning(rule) == start


def test_the_period_of_2026_27_is_recalled_and_so_a_note() -> None:
    rule = load_specification("creditors-history").across.period
    assert rule is not None
    assert (rule.severity, rule.evidence) == (Severity.NOTE, "recalled")


def test_strays_do_not_lower_what_is_usual() -> None:
    strays = tuple(Month(number, records=1) for number in range(100))
    ledger = tuple(Month(200 + number, records=50) for number in range(12))
    held = MonthsOfRecords((*strays, *ledger))
    assert held.usual == 50
    assert [each.number for each in held.busy()] == list(range(200, 212))
    assert [each.number for each in held.edges()] == [200, 211]
    assert MonthsOfRecords(()).busy() == ()


def test_a_month_is_called_by_its_name() -> None:
    names = [str(Month(2012 * 12 + place, records=1)) for place in range(12)]
    assert names == [f"{name} 2012" for name in calendar.month_name[1:]]
