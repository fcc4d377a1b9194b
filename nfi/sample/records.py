"""The rows of one extract while they are made: text, column by column, in the specification's order."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from nfi.sample.draw import BoolArray, TextArray
from specs.specification import Specification


class Records:
    """The rows of one data set. Columns that nothing fills stay blank, as a field that is not held."""

    def __init__(self, specification: Specification, size: int) -> None:
        self.specification = specification
        self._size = size
        self._columns: dict[str, TextArray] = {
            column: np.full(size, "", dtype=object) for column in specification.by_column
        }

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, column: str) -> TextArray:
        return self._columns[column]

    def fill(self, column: str, values: TextArray) -> None:
        """Put values into a column; left alone where the specification no longer has that column."""
        if column in self._columns:
            self._columns[column][:] = values

    def copy(self, source: int, target: int, columns: Iterable[str]) -> None:
        """Make one row the same as another in some columns."""
        for column in columns:
            self._columns[column][target] = self._columns[column][source]

    def change(self, row: int, values: dict[str, str]) -> None:
        """Put other text into some columns of one row."""
        for column, value in values.items():
            self._columns[column][row] = value

    def as_arrow(self) -> list[pa.Array]:
        """The columns in the specification's order."""
        return [pa.array(values, pa.string()) for values in self._columns.values()]


class Unused:
    """Rows in which nothing has been planted yet, in random order; each is given out once."""

    def __init__(self, rng: np.random.Generator, suits: BoolArray) -> None:
        rows = np.flatnonzero(suits)
        rng.shuffle(rows)
        self._rows: list[int] = rows.tolist()

    def take(self, number: int = 1) -> list[int]:
        """That many rows, the one highest up in the file first."""
        if number > len(self._rows):
            raise RowsUsedUp
        taken = [self._rows.pop() for _ in range(number)]
        return sorted(taken)


class RowsUsedUp(Exception):
    """More was to be planted than there are rows for."""
