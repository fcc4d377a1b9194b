"""How many records each month has, counting a record in the month of the first date that it fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from specs.data_set.context import AcrossContext
from specs.data_set.wording import month_in_words
from specs.quoting import quoted


@dataclass(frozen=True, slots=True)
class Month:
    """One month that has records, or none."""

    number: int
    """Months since the year 0, so that the next one is one more."""
    records: int
    first_day: date | None = None
    last_day: date | None = None

    def __str__(self) -> str:
        """'October 2012'."""
        return month_in_words(self.number // 12, self.number % 12 + 1)


@dataclass(frozen=True, slots=True)
class MonthsOfRecords:
    """The months that have records, earliest first."""

    months: tuple[Month, ...]

    @property
    def usual(self) -> int:
        """How many records the month has in which the middle record stands, the fullest months first.

        Stray months with a few records, however many there are, do not lower it.
        """
        counts = sorted((month.records for month in self.months), reverse=True)
        half = sum(counts) / 2
        so_far = 0
        for count in counts:
            so_far += count
            if so_far >= half:
                return count
        return 0

    def busy(self) -> tuple[Month, ...]:
        """From the first to the last month with at least a tenth of the usual records; gaps included."""
        full = [month.number for month in self.months if month.records * 10 >= self.usual]
        if not full:
            return ()
        held = {month.number: month for month in self.months}
        return tuple(held.get(number, Month(number, records=0)) for number in range(full[0], full[-1] + 1))

    def edges(self) -> tuple[Month, ...]:
        """The first and the last month of the unbroken run of months around the busy ones."""
        busy = self.busy()
        if not busy:
            return ()
        run = [month for month in self.months if busy[0].number <= month.number <= busy[-1].number]
        after = [busy[-1], *(month for month in self.months if month.number > busy[-1].number)]
        before = [busy[0], *(month for month in reversed(self.months) if month.number < busy[0].number)]
        last, first = run[-1], run[0]
        for earlier, later in pairwise(after):
            if later.number != earlier.number + 1:
                break
            last = later
        for later, earlier in pairwise(before):
            if earlier.number != later.number - 1:
                break
            first = earlier
        return (first, last)


def months_of_records(context: AcrossContext, columns: Sequence[str]) -> MonthsOfRecords:
    """The months by these columns; those that the extract has not got are passed over."""
    query = months_query([name for name in columns if name in context.columns])
    rows = context.engine.sql(query, records=context.records).to_pylist()
    return MonthsOfRecords(tuple(Month(**row) for row in rows))


def months_query(columns: Sequence[str]) -> str:
    """The query for the months: number, records, first_day, last_day; records without a date are left out."""
    names = ", ".join(quoted(name) for name in columns)
    day = f"coalesce({names})" if len(columns) > 1 else names
    return f"""\
with
dated as (              -- one row per record
    select {day} as day
    from records
),
days as (               -- one row per day
    select day, count(*) as records
    from dated
    where day is not null
    group by day
)
select                  -- one row per month
    cast(year(day) * 12 + month(day) - 1 as bigint) as number,
    cast(sum(records) as bigint) as records,
    min(day) as first_day,
    max(day) as last_day
from days
group by number
order by number
"""  # noqa: S608 (identifiers from a checked specification only)
