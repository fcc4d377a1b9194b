"""How many rows extracts have, as far as that can be known before they are read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_LOOKED_AT = 1 << 20
"""Bytes of a text file that say how long its lines are."""
_TEXTS = frozenset({".csv", ".tsv", ".txt", ".psv", ".dat"})
_OF_ROWS = 0.8
"""Of a check's time, what goes row by row; the rest is for the data set as a whole, and the workbook.

Measured with `bench.scale` on one million (0.6), ten (0.74) and fifty million payments (0.81). Where the
data set as a whole has very much to say the share is less (0.3 of a payroll that was given twice): then the
time left is told too short at first, and no more once it has been overrun.
"""


def rows_expected(extracts: Iterable[str]) -> int | None:
    """The rows of all files together, about; None where one of them does not tell.

    Parquet says how many it has; of text the length of its first lines and of the file tell.
    """
    rows = 0
    for name in extracts:
        its = _rows_of(Path(name))
        if not its:
            return None
        rows += its
    return rows or None


def _rows_of(file: Path) -> int | None:
    suffix = file.suffix.casefold()
    try:
        if suffix == ".parquet" and file.is_file():
            return int(pq.read_metadata(file).num_rows)
        if suffix in _TEXTS and file.is_file():
            with file.open("rb") as opened:
                start = opened.read(_LOOKED_AT)
            lines = start.count(b"\n")
            return round(lines * file.stat().st_size / len(start)) if lines else None
    except (OSError, pa.ArrowInvalid):  # the check will say what is wrong with it
        return None
    return None


def share_of_check(rows: int, expected: int | None) -> float | None:
    """What is done of a check once so many of the rows are; None where that is not known."""
    return min(rows / expected, 1.0) * _OF_ROWS if expected else None
