"""How sums, dates and lists of values read in a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

SHOWN = 4
"""How many different values of one column a case spells out."""


def pounds(pence: int) -> str:
    """Pence as pounds: -123456 is '-£1,234.56'."""
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def day(value: date) -> str:
    """A date as dd/mm/yyyy."""
    return f"{value.day:02d}/{value.month:02d}/{value.year}"


def period(first: date, last: date) -> str:
    """'01/02/2025 to 03/04/2025', or the one day."""
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def dates(shown: Sequence[date], total: int, days: int) -> str:
    """Some of `total` dates, and how far they lie apart: '01/02/2025, 03/02/2025 (2 days apart)'.

    Args:
        shown: in their order.
        total: how many there are, at least as many as are shown.
        days: from the first of all to the last; two years and more are told in whole years.
    """
    more = total - len(shown)
    time = counted(days, "day") if days < 2 * 365 else counted(days // 365, "year")
    apart = "apart" if total == 2 else "from first to last"
    return (
        ", ".join(day(each) for each in shown)
        + (f" and {more:,} more" if more > 0 else "")
        + (f" ({time} {apart})" if total > 1 else "")
    )


def counted(number: int, what: str) -> str:
    """'1 case', '1,200 cases'."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def listed(values: Sequence[str], total: int) -> str:
    """Some of `total` values, in one line: 'A / B / C and 9 more'."""
    more = total - len(values)
    return " / ".join(values) + (f" and {more:,} more" if more > 0 else "")
