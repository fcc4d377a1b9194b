"""How counts, shares, sums and days read in the findings on a whole data set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

_SHOWN = 3  # of a list; the rest are counted
_MONTHS = (  # whatever the language of the machine
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def records_in_words(count: int) -> str:
    """'1 record', '1,204 records'."""
    return f"{count:,} record{'' if count == 1 else 's'}"


def share_in_words(part: int, whole: int) -> str:
    """A share as a percentage: '12.5 %'; 0 % and 100 % are only said of none and of all. `whole` is not 0."""
    if part == whole:
        return "100 %"
    tenths = round(Fraction(part * 1000, whole)) if part else 0
    if part and not tenths:
        return "less than 0.1 %"
    if tenths == 1000:
        return "more than 99.9 %"
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def hundredths_in_words(hundredths: int) -> str:
    """Pence as pounds, or hundredths of an hour as hours: -123456 is '-1,234.56'."""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole:,}.{rest:02}"


def pounds_in_words(pence: int) -> str:
    """Pence as pounds: -123456 is '-£1,234.56'."""
    return f"{'-' if pence < 0 else ''}\N{POUND SIGN}{hundredths_in_words(abs(pence))}"


def day_in_words(day: date) -> str:
    """'8 October 2012'."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_in_words(year: int, month: int) -> str:
    """'October 2012'."""
    return f"{_MONTHS[month - 1]} {year}"


def listed(words: Sequence[str]) -> str:
    """Up to three of them, and how many more there are: 'a, b, c and 4 more'."""
    shown = ", ".join(words[:_SHOWN])
    return f"{shown} and {len(words) - _SHOWN:,} more" if len(words) > _SHOWN else shown
