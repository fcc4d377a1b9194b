"""Dates that a system has filled in by itself: one day, at the edge of the others, far too often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from specs.check_record import NotChecked
from specs.data_set.code import Code
from specs.data_set.context import AcrossContext, AcrossFindings, not_checked, severity_of
from specs.data_set.wording import records_in_words, share_in_words
from specs.finding import WholeFinding
from specs.quoting import quoted
from specs.specification import SpecifiedField

_LEAST_RECORDS = 50
_LEAST_SHARE = 20  # one of so many: 5 %
_FAR_AHEAD = 5  # times as frequent as the next day: pay days and year ends come several times


def default_dates(context: AcrossContext) -> AcrossFindings:
    """A finding on each column in which one improbable day stands in more than 5 % of the records.

    Improbable: the first or the last of all days in the column, or a 1 January; and at least five times as
    frequent as any other day, so that neither pay days nor the day on which schools joined are meant.
    """
    found: list[WholeFinding] = []
    skipped: list[NotChecked] = []
    rules = [(rule, name) for rule in context.specification.across.default_dates for name in rule.columns]
    absent = [name for _rule, name in rules if name not in context.columns]
    if absent:
        skipped.append(not_checked(Code.DEFAULT_DATE, context.absent(*absent)))
    columns = [name for _rule, name in rules if name in context.columns]
    if not columns:
        return AcrossFindings(not_checked=tuple(skipped))
    rows = context.engine.sql(commonest_days_query(columns), records=context.records).to_pylist()
    commonest = {row.pop("column_name"): row for row in rows}
    for rule, name in rules:
        if name in commonest:
            field = context.specification.by_column[name]
            if detail := _improbable(field, **commonest[name]):
                found.append(WholeFinding(Code.DEFAULT_DATE, field.name, severity_of(rule, field), detail))
    return AcrossFindings(whole=tuple(found), not_checked=tuple(skipped))


def commonest_days_query(columns: Sequence[str]) -> str:
    """The query for the commonest day of each column that holds any.

    Returns:
        column_name, day, day_records, next_records (of the next commonest day, null if there is none),
        filled, first_day, last_day.
    """
    counted = "\n    union all\n".join(
        f"""\
    select '{name}' as column_name, {quoted(name)} as day, count(*) as day_records
    from records
    where {quoted(name)} is not null
    group by {quoted(name)}"""  # noqa: S608 (identifiers from a checked specification only)
        for name in columns
    )
    return f"""\
with
days as (               -- one row per column and day
{counted}
),
placed as (             -- the same, the commonest day of each column first
    select
        column_name, day, day_records,
        row_number() over (partition by column_name order by day_records desc, day) as place
    from days
)
select                  -- one row per column
    column_name,
    max(case when place = 1 then day end) as day,
    max(case when place = 1 then day_records end) as day_records,
    max(case when place = 2 then day_records end) as next_records,
    cast(sum(day_records) as bigint) as filled,
    min(day) as first_day,
    max(day) as last_day
from placed
group by column_name
order by column_name
"""  # noqa: S608 (identifiers from a checked specification only)


def _improbable(
    field: SpecifiedField,
    *,
    day: date,
    day_records: int,
    next_records: int | None,
    filled: int,
    first_day: date,
    last_day: date,
) -> str | None:
    is_often = day_records * _LEAST_SHARE > filled >= _LEAST_RECORDS
    is_alone = next_records is not None and day_records >= _FAR_AHEAD * next_records
    is_new_year = (day.month, day.day) == (1, 1)
    if not (is_often and is_alone and (is_new_year or day in {first_day, last_day})):
        return None
    place = "the first day of all" if day == first_day else "the last day of all" if day == last_day else ""
    of_all = f"in {day_records:,} of {records_in_words(filled)} ({share_in_words(day_records, filled)})"
    # no day in words: it could be one person's birthday
    return f"one day, {place or 'a 1 January'}, stands {of_all}"
