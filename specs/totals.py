"""What a data set adds up to: the quickest way to see that sums and dates were read as they were meant.

Pounds read as pence, a sign the wrong way round, a row of totals among the records, years in the wrong
century: none of them need fail a check, and all of them show in a total or in the months that dates span.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from specs.check_record import FieldTotals
from specs.specification import FieldFormat, Specification

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


@dataclass(slots=True)
class _Running:
    """So far; sums of money in pence."""

    values: int = 0
    total: int = 0
    below_zero: int = 0
    total_below_zero: int = 0
    earliest: date | None = None
    latest: date | None = None


class RunningTotals:
    """The totals of the sums and dates of a data set, batch by batch."""

    def __init__(self, specification: Specification, columns: Collection[str]) -> None:
        """Begin with nothing; `columns` are those that the extract has."""
        counted = (FieldFormat.MONEY, FieldFormat.DATE)
        self._fields = {
            field: _Running()
            for field in specification.fields
            if field.column in columns and field.format in counted
        }

    def add(self, records: pa.RecordBatch) -> None:
        """Count some typed records."""
        for field, so_far in self._fields.items():
            values = records.column(field.column)
            so_far.values += len(values) - values.null_count
            if field.format is FieldFormat.MONEY:
                negative = values.filter(pc.fill_null(pc.less(values, 0), False))
                so_far.total += _total(values)
                so_far.below_zero += len(negative)
                so_far.total_below_zero += _total(negative)
            elif values.null_count < len(values):
                earliest, latest = pc.min_max(values).as_py().values()
                so_far.earliest = min(earliest, so_far.earliest or earliest)
                so_far.latest = max(latest, so_far.latest or latest)

    def totals(self) -> tuple[FieldTotals, ...]:
        """The totals of the fields that hold something, in the specification's order."""
        return tuple(
            FieldTotals(
                field=field.name,
                values=found.values,
                total=found.total,
                below_zero=found.below_zero,
                total_below_zero=found.total_below_zero,
            )
            if field.format is FieldFormat.MONEY
            else FieldTotals(
                field=field.name, values=found.values, first=_month(found.earliest), last=_month(found.latest)
            )
            for field, found in self._fields.items()
            if found.values
        )


def in_words(totals: FieldTotals) -> str:
    """One line for people: 'VAT amount: £1,204.50 in 37 records, 2 of them negative (-£40.00)'."""
    records = f"{totals.values:,} record{'' if totals.values == 1 else 's'}"
    if totals.total is None:
        months = [_month_in_words(month) for month in (totals.first, totals.last) if month]
        return f"{totals.field}: {' to '.join(dict.fromkeys(months))}, in {records}"
    negative = (
        f", {totals.below_zero:,} of them negative ({_pounds(totals.total_below_zero or 0)})"
        if totals.below_zero
        else ""
    )
    return f"{totals.field}: {_pounds(totals.total)} in {records}{negative}"


def _pounds(pence: int) -> str:
    pounds, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}\N{POUND SIGN}{pounds:,}.{rest:02}"


def _month_in_words(month: str) -> str:
    year, number = month.split("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def _total(pence: pa.Array) -> int:
    """The sum, which may be larger than 64 bits hold; nought of nothing."""
    return int(pc.sum(pence.cast(pa.decimal128(19, 0))).as_py() or 0)


def _month(day: date | None) -> str | None:
    return f"{day.year:04}-{day.month:02}" if day else None
