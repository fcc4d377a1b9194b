"""ASCII text taken apart byte by byte: all texts of an array at once, as one array of bytes.

What is done here to every invoice number, name and address could be said by regular expressions as well, and
is elsewhere for other languages; over whole columns this is several times as fast. A null stays null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bytes = npt.NDArray[np.uint8]
Ends = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

_SPACE, _ZERO = 0x20, 0x30
_NOTHING = b"'`."
"""What goes without leaving a space: the two sides of it are one word."""


def ascii_spaced(text: pa.Array) -> pa.Array:
    """Apostrophes and full stops gone, everything but letters and digits turned into single spaces inside."""

    def spaced(held: Bytes, ends: Ends) -> tuple[Bytes, Ends]:
        held, ends = _keeping(~_one_of(_NOTHING)[held], held, ends)
        held = _letters_and_digits_or_space()[held]
        is_space = held == _SPACE
        kept = ~is_space
        kept[:-1] |= ~is_space[1:]  # the last of several spaces
        last = ends[1:][ends[1:] > ends[:-1]] - 1
        kept[last] = ~is_space[last]
        held, ends = _keeping(kept, held, ends)
        first = ends[:-1][ends[1:] > ends[:-1]]
        kept = np.ones(len(held), dtype=np.bool_)
        kept[first] = held[first] != _SPACE
        return _keeping(kept, held, ends)

    return _of_bytes(spaced, text)


def ascii_letters_and_digits(text: pa.Array) -> pa.Array:
    """Letters and digits alone."""

    def packed(held: Bytes, ends: Ends) -> tuple[Bytes, Ends]:
        return _keeping(_letters_and_digits_or_space()[held] != _SPACE, held, ends)

    return _of_bytes(packed, text)


def ascii_zeros_gone(packed: pa.Array) -> pa.Array:
    """Zeros at the start, and after a letter before a digit, are left out; text of letters and digits alone.

    '007' gives '7', '0A' 'A', 'INV001' 'INV1'. One zero stays where all that there are would go: '00' gives
    '0', 'A00B' 'A0B'.
    """

    def without(held: Bytes, ends: Ends) -> tuple[Bytes, Ends]:
        if not len(held):
            return held, ends
        filled = ends[1:] > ends[:-1]
        starts, lasts = ends[:-1][filled], ends[1:][filled] - 1
        is_zero = held == _ZERO
        is_digit = _digits()[held]
        at_start = np.zeros(len(held), dtype=np.bool_)
        at_start[starts] = True
        at_end = np.zeros(len(held), dtype=np.bool_)
        at_end[lasts] = True
        begins = is_zero & (at_start | ~np.roll(is_zero, 1))
        run = np.flatnonzero(begins)
        stops = np.flatnonzero(is_zero & (at_end | ~np.roll(is_zero, -1)))
        leads = at_start[run]
        follows_letter = ~leads & ~is_digit[run - 1]
        closes = at_end[stops]
        digit_next = ~closes & is_digit[np.minimum(stops + 1, len(held) - 1)]
        goes = (stops - run + 1) - np.where(leads, closes, ~digit_next)
        goes[~(leads | follows_letter)] = 0
        change = np.zeros(len(held) + 1, dtype=np.int8)
        leaving = goes > 0
        change[run[leaving]] = 1
        change[(run + goes)[leaving]] = -1  # no run begins there: a zero that follows another is of its run
        return _keeping(np.cumsum(change[:-1], dtype=np.int8) == 0, held, ends)

    return _of_bytes(without, packed)


def ascii_with_characters(text: pa.Array, mapping: Mapping[str, str]) -> pa.Array:
    """Some characters replaced, each by one other; no character of `mapping` stands for another of it."""
    table = np.arange(256, dtype=np.uint8)
    for character, other in mapping.items():
        table[ord(character)] = ord(other)
    return _of_bytes(lambda held, ends: (table[held], ends), text)


def _of_bytes(function: Callable[[Bytes, Ends], tuple[Bytes, Ends]], text: pa.Array) -> pa.Array:
    """What a function makes of the bytes of all texts and of where each ends; begins with 0."""
    if not len(text):
        return text
    valid, offsets, data = text.buffers()
    ends = np.frombuffer(offsets, np.int32)[text.offset : text.offset + len(text) + 1]
    held = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data else np.empty(0, np.uint8)
    held, ends = function(held, ends - ends[0])
    if text.offset or not text.null_count:
        valid = pa.array(text.is_valid()).buffers()[1] if text.null_count else None
    return pa.StringArray.from_buffers(
        len(text), pa.py_buffer(np.ascontiguousarray(ends)), pa.py_buffer(held), valid, text.null_count
    )


def _keeping(kept: Mask, held: Bytes, ends: Ends) -> tuple[Bytes, Ends]:
    """Some of the bytes, and where each text now ends."""
    before = np.zeros(len(held) + 1, dtype=np.int32)
    np.cumsum(kept, dtype=np.int32, out=before[1:])
    return held[kept], before[ends]


@cache
def _one_of(characters: bytes) -> Mask:
    table = np.zeros(256, dtype=np.bool_)
    table[list(characters)] = True
    return table


@cache
def _digits() -> Mask:
    return _one_of(b"0123456789")


@cache
def _letters_and_digits_or_space() -> Bytes:
    table = np.full(256, _SPACE, dtype=np.uint8)
    kept = [code for code in range(128) if chr(code).isalnum()]
    table[kept] = kept
    return table
