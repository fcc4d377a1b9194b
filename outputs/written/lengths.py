"""How long the values of a column are: one count for each length, so that widths can be judged later."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

LengthTable = npt.NDArray[np.int64]
"""At each place, how many values have that many characters. Blanks are not counted."""

NO_LENGTHS: LengthTable = np.zeros(0, dtype=np.int64)
DATE_WIDTH = len("ddmmyyyy")
_TENS = 10 ** np.arange(1, 20, dtype=np.uint64)


def length_table(lengths: pa.Array) -> LengthTable:
    """The table of a column of lengths."""
    filled = lengths.drop_null().to_numpy(zero_copy_only=False)
    return np.bincount(filled).astype(np.int64) if len(filled) else NO_LENGTHS


def date_lengths(days: pa.Array) -> LengthTable:
    """The table of dates, which are all as long as 'ddmmyyyy'."""
    return np.bincount([DATE_WIDTH], weights=[len(days) - days.null_count]).astype(np.int64)


def amount_lengths(amounts: pa.Array) -> LengthTable:
    """The table of 64-bit whole numbers in digits, with one more place for a minus."""
    filled = amounts.drop_null().to_numpy(zero_copy_only=False)
    if not len(filled):
        return NO_LENGTHS
    size = np.abs(filled).view(np.uint64)  # the smallest whole number has no positive twin in 64 bits
    digits = np.searchsorted(_TENS, size, side="right") + 1
    return np.bincount(digits + (filled < 0)).astype(np.int64)


def added(one: LengthTable, other: LengthTable) -> LengthTable:
    """Both tables in one."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    total = longer.copy()
    total[: len(shorter)] += shorter
    return total


def longest(table: LengthTable) -> int:
    """The longest value; 0 where all are blank."""
    return max(len(table) - 1, 0)


def longer_than(table: LengthTable, width: int) -> int:
    """How many values have more than `width` characters."""
    return int(table[width + 1 :].sum())
