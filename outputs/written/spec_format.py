"""Typed records written as the specification asks for them, and read back.

Dates are ddmmyyyy, sums whole pence, hours whole hundredths; what is not known is blank, never zero
(specifications, format rules published 2008-2013). A batch comes in, a batch goes out; no files here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from specs.specification import FieldFormat

TYPES = {
    FieldFormat.CHARACTER: pa.string(),
    FieldFormat.NUMBER: pa.string(),
    FieldFormat.DATE: pa.date32(),
    FieldFormat.MONEY: pa.int64(),
    FieldFormat.HOURS: pa.int64(),
}
"""How each format is held in checked records; money in pence, hours in hundredths of an hour."""

AMOUNTS = {FieldFormat.MONEY, FieldFormat.HOURS}

# Line breaks and control characters: whatever ends a line in some program. U+2028 and U+2029 do in many.
_CONTROLS = r"\r\n|[\x{00}-\x{1f}\x{7f}-\x{9f}\x{2028}\x{2029}]"
_ASCII_CONTROLS = [*range(0x20), 0x7F]


class NegativeSign(StrEnum):
    """Where the minus of a negative amount stands. What NFI expects is not confirmed."""

    LEADING = "leading-minus"
    TRAILING = "trailing-minus"


@dataclass(frozen=True, slots=True)
class CleanText:
    """The text of one column, fit to stand on one line: no control characters, blanks as null."""

    text: pa.Array
    replaced: int
    """Values in which something had to be replaced by a space."""


ByteTable = npt.NDArray[np.bool_]
"""256 answers: does this byte occur?"""


def bytes_in_use(text: pa.Array) -> ByteTable:
    """Which bytes occur in a column of text. One look instead of a search per character."""
    _, offsets, characters = text.buffers()
    if characters is None or not len(text):
        return np.zeros(256, dtype=np.bool_)
    bounds = np.frombuffer(offsets, dtype=np.int32)[text.offset : text.offset + len(text) + 1]
    used = np.frombuffer(characters, dtype=np.uint8)[bounds[0] : bounds[-1]]
    occurs: ByteTable = np.bincount(used, minlength=256) > 0
    return occurs


def clean_text(text: pa.Array, used: ByteTable | None = None) -> CleanText:
    """Replace each line break and control character by a space; make blanks null.

    A value that was changed also loses spaces at its ends; others stay exactly as they are.
    `used` are the bytes that occur in the column, where they are known already.
    """
    used = bytes_in_use(text) if used is None else used
    replaced = 0
    if used[_ASCII_CONTROLS].any() or used[0x80:].any():
        affected = pc.match_substring_regex(text, _CONTROLS)
        if replaced := pc.sum(affected).as_py() or 0:
            spaced = pc.utf8_trim_whitespace(pc.replace_substring_regex(text, _CONTROLS, " "))
            text = pc.if_else(affected, spaced, text)
    return CleanText(without_empty(text), replaced)


def without_empty(text: pa.Array) -> pa.Array:
    """Text with null in place of what is empty."""
    empty = pc.equal(pc.binary_length(text), 0)
    return pc.if_else(empty, pa.scalar(None, pa.string()), text) if pc.any(empty).as_py() else text


def as_specified(values: pa.Array, field_format: FieldFormat, negative_sign: NegativeSign) -> pa.Array:
    """Typed values as the specification writes them: text, or whole numbers with a leading minus.

    Text must have been through `clean_text`. Null stays null: it is written as a blank.
    """
    if field_format is FieldFormat.DATE:
        # A million dates have few values: format each once (40 times as fast as formatting them all).
        days = values.dictionary_encode()
        return pc.take(pc.strftime(days.dictionary, format="%d%m%Y"), days.indices)
    if field_format in AMOUNTS and negative_sign is NegativeSign.TRAILING:
        return pc.replace_substring_regex(values.cast(pa.string()), r"^-(\d+)$", r"\1-")
    return values


def as_typed(text: pa.Array, field_format: FieldFormat) -> pa.Array:
    """The typed values behind text that `as_specified` wrote, whichever sign it used.

    Raises:
        pyarrow.ArrowInvalid: a date or an amount is written in another way; its text quotes the value.
    """
    readers: dict[FieldFormat, Callable[[pa.Array], pa.Array]] = {
        FieldFormat.DATE: _read_dates,
        FieldFormat.MONEY: _read_amounts,
        FieldFormat.HOURS: _read_amounts,
    }
    return readers[field_format](text) if field_format in readers else text


def _read_dates(text: pa.Array) -> pa.Array:
    # Through yyyy-mm-dd: the cast refuses 31022024, which strptime would move to 2 March.
    day, month, year = (pc.utf8_slice_codeunits(text, *part) for part in ((0, 2), (2, 4), (4, 99)))
    return pc.binary_join_element_wise(year, month, day, "-").cast(pa.date32())


def _read_amounts(text: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(text, r"^(\d+)-$", r"-\1").cast(pa.int64())
