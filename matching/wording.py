"""How sums, dates and lists of values read in a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from specs.specification import FieldFormat, SpecifiedField

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


def days_apart(days: int) -> str:
    """'12 days'; two years and more are told in whole years."""
    return counted(days, "day") if days < 2 * 365 else counted(days // 365, "year")


def counted(number: int, what: str) -> str:
    """'1 case', '1,200 cases'."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def evidence_in_words(field: str, verdict: str, bits: float) -> str:
    """'Suppliers invoice number agrees: 1 in 50,000 by chance, 15.6 bits'.

    A verdict of a report that learned its weights stands as it is: 'Surname: typing slip, 6.1 bits'.
    """
    said_first, _, told_by = verdict.partition(", told by ")
    if said_first not in _VERDICTS:
        return f"{field}: {verdict}, {bits:.1f} bits".replace(" -", " \u2212")
    start = f"{field} {_VERDICTS[said_first]}"
    if told_by:
        return f"{start}: counted with {told_by}"
    if bits > 0:
        return f"{start}: {chance(bits)} by chance, {bits:.1f} bits"
    return f"{start}: \u2212{-bits:.1f} bits" if bits < 0 else start


_VERDICTS = {"agrees": "agrees", "near": "is near", "alike": "is alike", "differs": "differs"}


def chance(bits: float) -> str:
    """How often an agreement of so many bits comes by accident: 5.0 is '1 in 32', 15.6 '1 in 50,000'."""
    odds = 2.0**bits
    if odds < _OFTEN:
        return f"{100 / odds:.0f} in 100"
    digits = len(str(int(odds)))
    return f"1 in {int(round(odds, min(0, 2 - digits))):,}"


_OFTEN = 10


def said(field: SpecifiedField, values: pa.Array, total: pa.Array, days: pa.Array | None = None) -> pa.Array:
    """What cases say of one field: 'Invoice date: 01/02/2025, 03/02/2025 (2 days apart)'.

    Args:
        field: whose values.
        values: for each case a list of some of its different values, in their order.
        total: how many different ones each case has (int64).
        days: of dates, how many days lie between a case's first and its last (int64).

    Returns:
        One text for each case; 'Invoice date: blank' where it has no value.
    """
    are_dates = field.format is FieldFormat.DATE
    shown = pc.binary_join(_written(values, field.format), ", " if are_dates else " / ")
    more = pc.subtract(total, pc.fill_null(pc.list_value_length(values), 0))
    parts = [shown, pc.if_else(pc.greater(more, 0), _of_each(more, lambda n: f" and {n:,} more"), "")]
    if are_dates and days is not None:
        apart = pc.if_else(pc.equal(total, 2), " apart)", " from first to last)")
        told = pc.binary_join_element_wise(" (", _of_each(days, days_apart), apart, "")
        parts.append(pc.if_else(pc.greater(total, 1), told, ""))
    text = pc.binary_join_element_wise(*parts, "")
    text = pc.if_else(pc.equal(pc.fill_null(total, 0), 0), "blank", text)
    return pc.binary_join_element_wise(f"{field.name}: ", text, "")


def sums_of_lines(amounts: pa.Array, lines: pa.Array, total: pa.Array) -> pa.Array:
    """The arithmetic of what was added up: '3 lines: £120.00 + £50.00 + £30.00 = £200.00'.

    Args:
        amounts: for each sum a list of some of its lines, in pence.
        lines: how many lines each has (int64).
        total: pence.
    """
    shown = pc.binary_join(_written(amounts, FieldFormat.MONEY), " + ")
    shown = pc.replace_substring(shown, " + -", " - ")
    more = pc.subtract(lines, pc.list_value_length(amounts))
    further = pc.if_else(pc.greater(more, 0), _of_each(more, lambda n: f" + {n:,} more"), "")
    count = _of_each(lines, lambda n: f"{counted(n, 'line')}: ")
    return pc.binary_join_element_wise(count, shown, further, " = ", _of_each(total, pounds), "")


def lists_of(columns: Sequence[pa.Array], rows: int) -> pa.Array:
    """For each row the list of what its columns say, in their order; null says nothing.

    Args:
        columns: arrays of text, each of `rows` entries.
        rows: how many lists.
    """
    if not columns:
        return pa.array([[]] * rows, pa.list_(pa.string()))
    together = pa.concat_arrays([column.cast(pa.string()) for column in columns])
    order = (np.arange(rows)[:, None] + rows * np.arange(len(columns))[None, :]).ravel()
    in_rows = together.take(pa.array(order))
    there = in_rows.is_valid().to_numpy(zero_copy_only=False)
    per_row = there.reshape(rows, len(columns)).sum(axis=1)
    offsets = np.concatenate([[0], np.cumsum(per_row)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), in_rows.drop_null())


def _written(lists: pa.Array, as_: FieldFormat) -> pa.Array:
    """The same lists with each value as a person writes it."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), _of_each(lists.flatten(), lambda v: _text(v, as_)))


def _of_each(values: pa.Array, write: Callable[[Any], str]) -> pa.Array:
    """A text for each value, written once for each that is different."""
    encoded = values.dictionary_encode()
    texts = [None if value is None else write(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(encoded.indices)


def _text(value: Any, as_: FieldFormat) -> str:
    if isinstance(value, date):
        return day(value)
    if as_ is FieldFormat.HOURS:
        return f"{value / 100:.2f}"
    return pounds(value) if as_ is FieldFormat.MONEY else str(value)
