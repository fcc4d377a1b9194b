"""The days that a data set covers: the period asked for, months without a record, months cut off."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from specs.check_record import NotChecked
from specs.data_set.code import Code
from specs.data_set.context import AcrossContext, AcrossFindings, not_checked, severity_of
from specs.data_set.months import Month, MonthsOfRecords, months_of_records
from specs.data_set.wording import day_in_words, listed, records_in_words, share_in_words
from specs.finding import WholeFinding
from specs.quoting import quoted
from specs.specification import ColumnsRule, Period

_FAIR_NUMBER = 10
"""Records of a usual month, below which a month without any may simply be quiet."""
_CUT_OFF = 4  # a month at an edge with less than one part in so many of what its days would have
_SLACK = timedelta(days=31)
"""A first or last record so far inside the period is no sign that something is missing."""


def period(context: AcrossContext) -> AcrossFindings:
    """Findings on the days of the records: outside the period or short of it, months missing or cut off."""
    rules = context.specification.across
    found: list[WholeFinding] = []
    skipped: list[NotChecked] = []
    by_columns: dict[tuple[str, ...], MonthsOfRecords] = {}

    def look(rule: ColumnsRule | None, codes: list[Code], judge: _Judge) -> None:
        if not rule:
            return
        columns = tuple(name for name in rule.columns if name in context.columns)
        if not columns:
            reason = context.absent(*rule.columns)
            skipped.extend(not_checked(code, reason) for code in codes)
            return
        if columns not in by_columns:
            by_columns[columns] = months_of_records(context, columns)
        field = context.specification.by_column[columns[0]]
        for code, detail in judge(by_columns[columns]):
            found.append(WholeFinding(code, field.name, severity_of(rule, field), detail))

    look(
        rules.period,
        [Code.OUTSIDE_PERIOD, Code.PERIOD_NOT_COVERED],
        lambda months: _asked_for(rules.period, months, context) if rules.period else iter(()),
    )
    look(rules.months, [Code.MONTH_MISSING], _missing)
    look(rules.whole_months, [Code.MONTH_CUT_OFF], _cut_off)
    return AcrossFindings(whole=tuple(found), not_checked=tuple(skipped))


_Judge = Callable[[MonthsOfRecords], Iterator[tuple[Code, str]]]


def _asked_for(rule: Period, months: MonthsOfRecords, context: AcrossContext) -> Iterator[tuple[Code, str]]:
    if not months.months:
        return
    start, end = beginning(rule), rule.end
    asked = f"{day_in_words(start)} to {day_in_words(end)}"
    first, last = months.months[0].first_day, months.months[-1].last_day
    if first is None or last is None or (first < start or last > end):
        columns = [name for name in rule.columns if name in context.columns]
        query = outside_query(columns, start, end)
        (counts,) = context.engine.sql(query, records=context.records).to_pylist()
        before, after, dated = counts["before"], counts["after"], counts["dated"]
        of_all = f"{records_in_words(dated)}{' with a date' if dated < context.rows else ''}"
        yield (
            Code.OUTSIDE_PERIOD,
            f"{before + after:,} of {of_all} ({share_in_words(before + after, dated)}) lie "
            f"outside {asked}: {before:,} before, {after:,} after",
        )
    if busy := months.busy():
        begins = (busy[0].first_day or start) > start + _SLACK
        # an extract made before the period has ended cannot cover what is still to come
        ends = (busy[-1].last_day or end) < min(end, context.today) - _SLACK
        if begins or ends:
            held = f"{busy[0]} to {busy[-1]}" if len(busy) > 1 else str(busy[0])
            yield Code.PERIOD_NOT_COVERED, f"the records are of {held}; asked for is {asked}"


def beginning(rule: Period) -> date:
    """The first day of a period: given, or so many whole months before the day after its end."""
    if rule.start:
        return rule.start
    after = rule.end + timedelta(days=1)
    number = after.year * 12 + after.month - 1 - (rule.months or 0)
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(after.day, calendar.monthrange(year, month)[1]))


def outside_query(columns: list[str], start: date, end: date) -> str:
    """The query for one row: how many records lie before and after a period, and how many have a date."""
    names = ", ".join(quoted(name) for name in columns)
    day = f"coalesce({names})" if len(columns) > 1 else names
    return f"""\
with
dated as (              -- one row per record
    select {day} as day
    from records
)
select                  -- one row
    count(case when day < date '{start.isoformat()}' then 1 end) as before,
    count(case when day > date '{end.isoformat()}' then 1 end) as after,
    count(day) as dated
from dated
order by dated
"""  # noqa: S608 (identifiers and days from a checked specification only)


def _missing(months: MonthsOfRecords) -> Iterator[tuple[Code, str]]:
    """Months without a record, where a usual month has a fair number and most months have some."""
    busy = months.busy()
    gaps = [month for month in busy if not month.records]
    if gaps and months.usual >= _FAIR_NUMBER and len(gaps) * 2 <= len(busy):
        yield (
            Code.MONTH_MISSING,
            f"no record in {listed([str(month) for month in gaps])}; a usual month has {months.usual:,}",
        )


def _cut_off(months: MonthsOfRecords) -> Iterator[tuple[Code, str]]:
    """The first or last month, where it has far fewer records than its days would have in a usual month."""
    if months.usual < _FAIR_NUMBER or len(months.busy()) < 3:
        return
    first, last = months.edges()
    for month, is_last in ((first, False), (last, True)):
        expected = months.usual * _share_of_days(month, is_last=is_last)
        if expected >= _FAIR_NUMBER and month.records * _CUT_OFF < expected:
            place = "last" if is_last else "first"
            yield (
                Code.MONTH_CUT_OFF,
                f"{month}, the {place} month, has {records_in_words(month.records)}; "
                f"a usual month has {months.usual:,}",
            )


def _share_of_days(month: Month, *, is_last: bool) -> float:
    """How much of a month the records cover, seen from the middle of the data set."""
    if month.first_day is None or month.last_day is None:
        return 0
    days = calendar.monthrange(month.first_day.year, month.first_day.month)[1]
    return month.last_day.day / days if is_last else (days - month.first_day.day + 1) / days
