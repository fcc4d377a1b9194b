"""Dates among the values of a column: how they are written, and what times they lie in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from specs.dates import DEFAULT_DATE_FORMATS, LATEST_YEAR, DateFormat, date_format, read_dates

_MONTH_FIRST = tuple(map(date_format, ("mm/dd/yyyy", "mm-dd-yyyy", "mm/dd/yy", "mmddyyyy")))
_DAY_FIRST = tuple(map(date_format, ("dd/mm/yyyy", "dd-mm-yyyy", "dd/mm/yy", "ddmmyyyy")))
"""In the order of `_MONTH_FIRST`: which of the two it is shows only where a day is beyond 12."""
_LESS_COMMON = tuple(
    date_format(text)
    for text in (
        "yyyymmdd",
        "yyyy/mm/dd",
        "dd.mm.yyyy",
        "dd.mm.yy",
        "dd mmm yyyy",
        "dd mmm yy",
        "dd/mmm/yyyy",
        "dd/mmm/yy",
    )
)
_COULD_BE_DATE = r"^(?:\d{6}|\d{8}|\d{1,4}[/. -][A-Za-z\d]{1,3}[/. -]\d.*)$"
"""What every text has that one of the formats reads; a look at it spares most columns the formats."""
_ENOUGH = 0.01
"""A way of writing dates that fewer of the values need is a slip and not the column's."""
_DAYS_A_YEAR = 365.25
_FEW_DAYS = 4
_MANY_YEARS = 8


@dataclass(frozen=True, slots=True)
class ColumnDates:
    """The dates of a column, and the formats that it takes to read them."""

    share: float
    """Of all values that are filled."""
    formats: tuple[str, ...]
    """Those that have to be given in a mapping, since they are not understood by themselves; mostly none."""
    also: tuple[str, ...]
    """Those that are understood by themselves and that the values need as well."""
    order: frozenset[str]
    """What the values prove to stand first, 'day' or 'month': both where they are mixed, often nothing."""
    oldest: int
    median: int
    newest: int
    """In days before the day of the extract, without the oldest and newest one in a hundred."""

    @property
    def years(self) -> float:
        """The time between the newest and the oldest, in years."""
        return (self.oldest - self.newest) / _DAYS_A_YEAR


def dates_in(values: pa.Array, counts: npt.NDArray[np.int64], day: date) -> ColumnDates | None:
    """The dates among distinct values; None where fewer than half of the values are dates.

    Args:
        values: distinct texts without surrounding blanks.
        counts: how often each occurs.
        day: the day of the extract; years of two digits lie in the hundred years before it.
    """
    total = int(counts.sum())
    if _are_numbers(values):
        return None
    formed = pc.match_substring_regex(values, _COULD_BE_DATE)
    values, counts = values.filter(formed), counts[formed.to_numpy(zero_copy_only=False)]
    if counts.sum() < 0.5 * total:
        return None
    month_first, order = _order(values, counts, enough=max(1.0, _ENOUGH * total))
    candidates = (*month_first, *_without(DEFAULT_DATE_FORMATS, month_first), *_LESS_COMMON)
    read = pa.nulls(len(values), pa.date32())
    needed: list[DateFormat] = []
    for format_ in candidates:
        dates = read_dates(values, [format_], latest_short_year=day.year)
        more = pc.and_(pc.is_null(read), pc.is_valid(dates)).to_numpy(zero_copy_only=False)
        if counts[more].sum() > _ENOUGH * total:
            needed.append(format_)
        read = pc.coalesce(read, dates)
    is_date = pc.is_valid(read).to_numpy(zero_copy_only=False)
    share = counts[is_date].sum() / total if total else 0.0
    if share < 0.5:
        return None
    days = read.filter(pa.array(is_date)).cast(pa.int32()).to_numpy()
    ages = np.repeat((day - date(1970, 1, 1)).days - days, counts[is_date])
    newest, median, oldest = np.percentile(ages, [1, 50, 99]).astype(int).tolist()
    by_default = {format_.text for format_ in DEFAULT_DATE_FORMATS}
    return ColumnDates(
        share=float(share),
        formats=tuple(format_.text for format_ in needed if format_.text not in by_default),
        also=tuple(format_.text for format_ in needed if format_.text in by_default),
        order=order,
        oldest=oldest,
        median=median,
        newest=newest,
    )


def _are_numbers(values: pa.Array) -> bool:
    """Whether six figures are numbers that follow each other, such as 101203, and no dates.

    As dates they would all have one of a few days, never one before the tenth, and years of all kinds.
    """
    figures = values.filter(pc.match_substring_regex(values, r"^[1-9]\d{5}$"))
    if len(figures) < len(values) / 2:
        return False
    days = pc.count_distinct(pc.utf8_slice_codeunits(figures, 0, 2)).as_py()
    years = pc.count_distinct(pc.utf8_slice_codeunits(figures, 4, 6)).as_py()
    return bool(days <= _FEW_DAYS and years >= _MANY_YEARS)


def _order(
    values: pa.Array, counts: npt.NDArray[np.int64], *, enough: float
) -> tuple[tuple[DateFormat, ...], frozenset[str]]:
    """The formats in which the month proves to stand first, and what stands first in any of the values."""
    month_first: list[DateFormat] = []
    order: set[str] = set()
    for american, ours in zip(_MONTH_FIRST, _DAY_FIRST, strict=True):
        as_american = pc.is_valid(read_dates(values, [american], latest_short_year=LATEST_YEAR))
        as_ours = pc.is_valid(read_dates(values, [ours], latest_short_year=LATEST_YEAR))
        only_american = counts[pc.and_not(as_american, as_ours).to_numpy(zero_copy_only=False)].sum()
        only_ours = counts[pc.and_not(as_ours, as_american).to_numpy(zero_copy_only=False)].sum()
        if only_american >= enough and only_american > only_ours:
            month_first.append(american)
        order |= {"month"} if only_american >= enough else set()
        order |= {"day"} if only_ours >= enough else set()
    return tuple(month_first), frozenset(order)


def _without(formats: tuple[DateFormat, ...], month_first: tuple[DateFormat, ...]) -> tuple[DateFormat, ...]:
    """The formats, less those that read with the day first what has the month first."""
    theirs = {
        ours.text for american, ours in zip(_MONTH_FIRST, _DAY_FIRST, strict=True) if american in month_first
    }
    return tuple(format_ for format_ in formats if format_.text not in theirs)
