"""Typed cells as text, in one spelling: what a person sees in the spreadsheet, dates as ISO 8601."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pyarrow as pa

_LATEST = datetime.datetime.max - datetime.timedelta(seconds=1)


def cell_text(cell: object) -> str:
    """A cell as a person sees it, in one spelling: 2024-03-31, 1234.5, 00123, TRUE.

    Numbers have the 15 significant digits that Excel works with (39.6, where the file holds
    39.599999999999994), whole ones no decimal point. A date with a time keeps it: 2024-03-31 13:45:00.
    Durations are hours and minutes: 37:30. Nothing is empty text.
    """
    return _SPELLINGS.get(type(cell), str)(cell)


def text_columns(rows: Sequence[Sequence[object]], *, width: int) -> list[pa.Array]:
    """The cells of some rows as arrays of text, one per column."""
    columns = zip(*rows, strict=True) if rows else ([] for _ in range(width))
    return [pa.array(_texts(list(column)), pa.string()) for column in columns]


def _texts(cells: list[object]) -> list[Any]:
    kinds = set(map(type, cells))
    if kinds <= {str}:
        return cells
    if kinds <= {str, float}:  # by far the most frequent: spared a look-up per cell
        return [cell if type(cell) is str else _any_number_text(cell) for cell in cells]  # type: ignore[arg-type]
    return [cell if type(cell) is str else cell_text(cell) for cell in cells]


def _number_text(number: float) -> str:
    text = f"{number:.15g}"
    if "e" not in text:
        return "0" if text == "-0" else text
    if number.is_integer():
        return str(int(number))
    return f"{Decimal(text):f}"


def _any_number_text(number: float) -> str:
    return _number_text(number) if math.isfinite(number) else repr(number)


@lru_cache(maxsize=65_536)
def _moment_text(moment: datetime.datetime) -> str:
    if moment.tzinfo is not None:
        return moment.isoformat(sep=" ", timespec="seconds")
    whole = (min(moment, _LATEST) + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)
    at_midnight = whole.time() == datetime.time()
    return whole.date().isoformat() if at_midnight else whole.isoformat(sep=" ")


def _duration_text(duration: datetime.timedelta) -> str:
    seconds = round(duration.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    clock = f"{'-' if seconds < 0 else ''}{hours:02}:{rest // 60:02}"
    return f"{clock}:{rest % 60:02}" if rest % 60 else clock


_SPELLINGS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda cell: "TRUE" if cell else "FALSE",
    float: _any_number_text,
    Decimal: lambda cell: f"{cell:f}",
    datetime.datetime: _moment_text,
    datetime.date: datetime.date.isoformat,
    datetime.time: lambda cell: cell.isoformat(timespec="seconds" if cell.second else "minutes"),
    datetime.timedelta: _duration_text,
}
