"""How dates and sums are written in the columns that a proposal has placed, where the values prove it."""

from __future__ import annotations

from collections.abc import Sequence

from specs.amounts import MoneyFormat, count_in_pounds
from specs.headings import loosely, shown
from specs.proposal.column_profile import ColumnProfile

_ENOUGH_IN_POUNDS = 0.05
"""As for the check: a decimal point in one sum of twenty means pounds."""
_DAY_FIRST_INSTEAD = {
    "mm/dd/yyyy": "dd/mm/yyyy",
    "mm-dd-yyyy": "dd-mm-yyyy",
    "mm/dd/yy": "dd/mm/yy",
    "mmddyyyy": "ddmmyyyy",
}


def date_formats(columns: Sequence[ColumnProfile]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The date formats that the mapping has to give, and what to tell a person; mostly neither.

    Formats that are understood by themselves are given only beside one that is not: a mapping that gives
    formats gives all of them.
    """
    notes: list[str] = []
    needed: dict[str, None] = {}
    understood: dict[str, None] = {}
    first: dict[str, list[str]] = {"day": [], "month": []}
    for column in columns:
        if not column.dates:
            continue
        if len(column.dates.order) > 1:
            notes.append(
                f"'{shown(column.heading)}' has dates with the day first and with the month first: nobody "
                "can tell 3 April from 4 March in it. Export it again with dates written in one way."
            )
            continue
        for order in column.dates.order:
            first[order].append(column.heading)
        needed |= dict.fromkeys(column.dates.formats)
        understood |= dict.fromkeys(column.dates.also)
    if first["day"] and first["month"]:
        notes.append(
            f"'{shown(first['month'][0])}' has the month first and '{shown(first['day'][0])}' the day: one "
            "mapping cannot read both. Export the dates again, all written in one way."
        )
        return (), tuple(notes)
    instead = {_DAY_FIRST_INSTEAD.get(text) for text in needed}
    formats = (*needed, *(text for text in understood if text not in instead)) if needed else ()
    return formats, tuple(notes)


def money_format(columns: Sequence[ColumnProfile]) -> MoneyFormat | None:
    """Pounds or pence, where decimal points or the heading say so; None leaves it to the check."""
    if any("pence" in loosely(column.heading) for column in columns):
        return MoneyFormat.PENCE
    in_pounds = [count_in_pounds(column.distinct) / max(len(column.distinct), 1) for column in columns]
    return MoneyFormat.POUNDS if any(share >= _ENOUGH_IN_POUNDS for share in in_pounds) else None
