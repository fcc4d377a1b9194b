"""Columns of tables: in one piece, and how far their figures are told."""

from __future__ import annotations

import pyarrow as pa

DIGITS = 6
"""Of bits and probabilities that are averages: the digits after depend on the order of adding up."""


def array_of(table: pa.Table, name: str) -> pa.Array:
    """A column in one piece."""
    column = table[name].combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
