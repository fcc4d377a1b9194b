"""Dates of birth as eight digits, year first, packed into one number: how far two of them agree.

A digit is four bits, as in the hexadecimal number with the same digits, so that whole arrays are compared by
a few operations on bits. Dates that no calendar has (31 February) are compared like any others.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Packed = npt.NDArray[np.uint32]

YEAR, MONTH, DAY = np.uint32(0xFFFF0000), np.uint32(0x0000FF00), np.uint32(0x000000FF)
_UNITS = np.uint32(0x11111111)
_DAYS_OF_DIGIT = (365250, 36525, 3652.5, 365.25, 304.4, 30.44, 10, 1)


def packed(text: str) -> int:
    """'19801231' as 0x19801231."""
    return int(text, 16)


def measured(left: Packed, right: Packed) -> dict[str, npt.NDArray[np.generic]]:
    """The measures of unequal dates that values.yaml may name.

    Returns:
        `digits` that differ, whether neighbouring digits or day and month are `exchanged`, how many `parts`
        (year, month, day) agree, whether the `year` does, and about how many `days` lie between.
    """
    apart = left ^ right
    bits = apart | (apart >> np.uint32(1)) | (apart >> np.uint32(2)) | (apart >> np.uint32(3))
    wrong: Packed = np.asarray(bits & _UNITS, np.uint32)
    digits = np.bitwise_count(wrong).astype(np.int64)
    year, month, day = ((apart & part) == 0 for part in (YEAR, MONTH, DAY))
    turned = (left & YEAR) | ((left & DAY) << np.uint32(8)) | ((left & MONTH) >> np.uint32(8))
    return {
        "digits": digits,
        "exchanged": (turned == right) | _neighbours_exchanged(left, right, wrong),
        "parts": year.astype(np.int64) + month + day,
        "year": year,
        "days": np.abs(_days(left) - _days(right)),
    }


def _neighbours_exchanged(left: Packed, right: Packed, wrong: Packed) -> npt.NDArray[np.bool_]:
    """Whether exactly two digits differ, stand side by side, and are the other's the other way round."""
    found = np.zeros(len(left), np.bool_)
    for place in range(7):
        shift = np.uint32(4 * place)
        a, b = (left >> shift) & np.uint32(0xFF), (right >> shift) & np.uint32(0xFF)
        exchanged = ((a & np.uint32(0xF)) << np.uint32(4)) | (a >> np.uint32(4))
        found |= (wrong == np.uint32(0x11) << shift) & (exchanged == b)
    return found


def _days(dates: Packed) -> npt.NDArray[np.float64]:
    days = np.zeros(len(dates))
    for place, worth in enumerate(_DAYS_OF_DIGIT):
        days += ((dates >> np.uint32(28 - 4 * place)) & np.uint32(0xF)) * worth
    return days
