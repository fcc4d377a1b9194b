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


def listed(values: Sequence[str], total: int) -> str:
    """Some of `total` values, in one line: 'A / B / C and 9 more'."""
    more = total - len(values)
    return " / ".join(values) + (f" and {more:,} more" if more > 0 else "")
