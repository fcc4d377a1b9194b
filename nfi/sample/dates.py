"""The days of a sample, as whole numbers since 1 January 1970, and how they are written."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa

from nfi.sample.draw import FloatArray, IntArray, TextArray, text

EPOCH: Final = date(1970, 1, 1)
FIRST_WRITTEN: Final = date(1920, 1, 1)
LAST_WRITTEN: Final = date(2035, 12, 31)


def day(when: date) -> int:
    """The day as a whole number."""
    return (when - EPOCH).days


EXTRACT_DATE: Final = date(2026, 9, 30)
"""The day on which every sample was taken, whatever today is: the same seed gives the same bytes."""
EXTRACT: Final = day(EXTRACT_DATE)
LEDGER_FROM: Final = day(date(2023, 10, 1))
"""The history holds what was entered from this day to the extract date: three years."""
PAY_YEAR_FROM: Final = day(date(2026, 4, 1))
"""Gross pay to date counts from here."""


@cache
def _written_days() -> TextArray:
    days = (LAST_WRITTEN - FIRST_WRITTEN).days + 1
    return text([(FIRST_WRITTEN + timedelta(days=n)).strftime("%d%m%Y") for n in range(days)])


def as_day(ddmmyyyy: str) -> int:
    """The day that is written in figures, as a whole number."""
    return day(date(int(ddmmyyyy[4:]), int(ddmmyyyy[2:4]), int(ddmmyyyy[:2])))


def written(when: int) -> str:
    """One day in figures: 30092026."""
    return str(_written_days()[when - day(FIRST_WRITTEN)])


def ddmmyyyy(days: IntArray) -> TextArray:
    """Days in figures, as the specifications want them: 30092026."""
    return _written_days()[days - day(FIRST_WRITTEN)]


@cache
def _written_days_column() -> pa.Array:
    return pa.array([*_written_days(), ""], pa.string())


def ddmmyyyy_column(days: IntArray) -> pa.Array:
    """As `ddmmyyyy`, as an Arrow column; a day below zero is left blank."""
    table = _written_days_column()
    return table.take(pa.array(np.where(days < 0, len(table) - 1, days - day(FIRST_WRITTEN))))


def next_friday(days: IntArray) -> IntArray:
    """The Friday on or after each day: the day of the payment run."""
    return days + (4 - (days + 3)) % 7


class Timeline:
    """The working days of the three years, some busier than others."""

    def __init__(self) -> None:
        every = np.arange(LEDGER_FROM, EXTRACT + 1)
        months = every.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
        month_days = every - every.astype("datetime64[D]").astype("datetime64[M]").astype(
            "datetime64[D]"
        ).astype(np.int64)
        weekday = (every + 3) % 7
        # 25 and 26 December and 1 January; other bank holidays move about and make no difference here
        closed = ((months == 11) & np.isin(month_days, (24, 25))) | ((months == 0) & (month_days == 0))
        self.days: IntArray = every[(weekday < 5) & ~closed].astype(np.int64)
        busy = np.array([0.95, 1.0, 1.45, 0.95, 1.0, 1.0, 1.0, 0.85, 1.0, 1.0, 1.05, 0.85])
        in_month = (self.days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)) % 12
        self._until: FloatArray = np.concatenate([[0.0], np.cumsum(busy[in_month])])
        self._until /= self._until[-1]

    def at(self, shares: FloatArray) -> FloatArray:
        """Moments (day and fraction of a day) by which these shares, 0 to 1, of the lines are entered."""
        index = np.clip(np.searchsorted(self._until, shares, side="right") - 1, 0, len(self.days) - 1)
        within = (shares - self._until[index]) / (self._until[index + 1] - self._until[index])
        moments: FloatArray = self.days[index].astype(np.float64) + np.clip(within, 0.0, 0.999999)
        return moments

    def share(self, moment: float) -> float:
        """The share of the lines entered by a moment; the other way round than `at`."""
        index = min(int(np.searchsorted(self.days, int(moment))), len(self.days) - 1)
        return float(self._until[index])

    def working(self, when: int) -> int:
        """The first working day on or after a day; the last of all where there is none."""
        return int(self.days[min(int(np.searchsorted(self.days, when)), len(self.days) - 1)])
