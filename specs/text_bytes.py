"""The bytes behind a column of text, for looks that are cheap enough to take at every value.

To tell which values are digits only, how long they are or how they begin, NumPy needs a few milliseconds for
a hundred thousand of them, where a regular expression takes ten times as long. It lets go of Python's lock
meanwhile.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int32]


class TextBytes:
    """One column: strings or nulls. What is said of a null is said as of an empty value."""

    def __init__(self, text: pa.Array) -> None:
        """Look at a column without copying it."""
        _validity, offsets, data = text.buffers()
        places: Places = np.zeros(1, np.int32)
        if offsets is not None and len(text):
            places = np.frombuffer(offsets, np.int32, len(text) + 1, 4 * text.offset)
        whole = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
        self._data: Bytes = whole[places[0] : places[-1]]
        self._ends: Places = places[1:] - places[0]
        self._starts: Places = places[:-1] - places[0]

    @cached_property
    def lengths(self) -> Places:
        """How many bytes each value has."""
        lengths: Places = self._ends - self._starts
        return lengths

    def byte(self, place: int) -> npt.NDArray[np.int16]:
        """The byte at a place of each value, from its end where that is negative; 0 if it is too short."""
        least = place + 1 if place >= 0 else -place
        if self._data.size == 0:
            return np.zeros(len(self.lengths), np.int16)
        index = (self._starts if place >= 0 else self._ends) + place
        found = self._data[np.clip(index, 0, self._data.size - 1)]
        return np.where(self.lengths >= least, found, 0).astype(np.int16)

    @cached_property
    def may_have_blanks_around(self) -> bool:
        """Whether some value begins or ends with a blank, or with a character that is not ASCII."""
        size = self._data.size
        if size == 0:
            return False
        # beside an empty value stands the end of another one, which is looked at anyway
        ends = (self._data[np.minimum(self._starts, size - 1)], self._data[self._ends - 1])
        return any(bool(((each - np.uint8(0x21)) >= 0x7F - 0x21).any()) for each in ends)

    @cached_property
    def is_ascii(self) -> bool:
        """Whether every character is one of the first 128."""
        return self._data.size == 0 or bool(self._data.max() < 0x80)

    @cached_property
    def only_digits(self) -> Mask:
        """Whether each value has one digit or more, from 0 to 9, and nothing else."""
        others = (self._data - np.uint8(ord("0"))) > 9  # below 0 the difference runs over
        if not others.any():
            return self.lengths > 0
        before = np.zeros(self._data.size + 1, np.int32)
        np.cumsum(others, out=before[1:])
        digits: Mask = (self.lengths > 0) & (before[self._ends] == before[self._starts])
        return digits
