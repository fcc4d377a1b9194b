from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from specs.data_set import AcrossContext, AcrossFindings
from specs.data_set.default_dates import default_dates

ContextOf = Callable[..., AcrossContext]
Told = Callable[[AcrossFindings], list[tuple[str, str | None, str | None, str]]]
YEARS = [date(1960, 3, 5) + timedelta(days=37 * place) for place in range(300)]


@pytest.mark.parametrize(
    ("days", "detail"),
    [
        pytest.param(
            [*YEARS, *[date(1900, 1, 1)] * 20],
            "one day, the first day of all, stands in 20 of 320 records (6.2 %)",
            id="the first",
        ),
        pytest.param(
            [*YEARS, *[date(2099, 12, 31)] * 20],
            "one day, the last day of all, stands in 20 of 320 records (6.2 %)",
            id="the last",
        ),
        pytest.param(
            [*YEARS, *[date(1971, 1, 1)] * 20],
            "one day, a 1 January, stands in 20 of 320 records (6.2 %)",
            id="a new year's day",
        ),
        pytest.param([*YEARS, *[date(1971, 9, 1)] * 20], None, id="a day in the middle"),
        pytest.param([*YEARS, *[date(1900, 1, 1)] * 15], None, id="less than one in twenty"),
        pytest.param([*YEARS[:20], *[date(1900, 1, 1)] * 20], None, id="too few records"),
        pytest.param([*[date(2026, 8, 28)] * 80, *[date(2026, 9, 25)] * 20], None, id="two pay days"),
        pytest.param([date(2026, 8, 28)] * 80, None, id="one day only"),
        pytest.param([], None, id="nothing"),
    ],
)
def test_one_improbable_day_in_many_records(
    context_of: ContextOf, told: Told, days: list[date], detail: str | None
) -> None:
    records = [{"date_of_birth": day} for day in days]
    context = context_of("payroll", records, columns={"date_of_birth"})
    assert told(default_dates(context)) == (
        [("default_date", "Date of birth", "warning", detail)] if detail else []
    )
    assert [each.reason for each in default_dates(context).not_checked] == [
        "the extract has no column for Date started"
    ]


def test_each_column_is_judged_by_itself(context_of: ContextOf, told: Told) -> None:
    records: list[dict[str, date]] = [
        {"date_of_birth": day, "date_started": date(2001, 1, 1)} for day in YEARS
    ]
    records += [{"date_of_birth": date(1900, 1, 1)}] * 40
    records += [{"date_started": day} for day in YEARS[:30]]
    found = told(default_dates(context_of("payroll", records)))
    assert [(each[1], each[2]) for each in found] == [("Date of birth", "warning"), ("Date started", "note")]
