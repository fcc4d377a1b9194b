"""Blanks: around a value in any field, and inside it in names and addresses."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from specs.corrections.column_text import SPACE, ColumnText
from specs.corrections.kind import FieldTerms, ValueCorrection
from specs.specification import FieldFormat

_UNSEEN = "".join(
    chr(mark)
    for mark in (0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
)
"""Marks without width: soft hyphen, joiners and spaces, direction marks, byte order mark."""
_SEEN = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""Everything that is passed over when a value is read."""
BLANKS = _SEEN + _UNSEEN


def _one_of(characters: str) -> str:
    return "[" + "".join(rf"\x{{{ord(character):x}}}" for character in characters) + "]"


BLANK_CLASS = _one_of(BLANKS)
"""Any blank, seen or not, as an expression."""
_BETWEEN_WORDS = f"{_one_of(_UNSEEN)}*{_one_of(_SEEN)}{BLANK_CLASS}*"
"""A mark without width by itself may stand inside a word: it parts nothing."""

_AMOUNTS = frozenset({FieldFormat.MONEY, FieldFormat.HOURS})


def _without_surrounding(text: pa.Array, terms: FieldTerms) -> pa.Array:
    if terms.field.format in _AMOUNTS:
        return pc.utf8_trim_whitespace(text)  # what reading passes over, and nothing else
    return pc.utf8_trim(text, characters=BLANKS)


def _may_be_surrounded(column: ColumnText, _terms: FieldTerms) -> bool:
    ends = np.concatenate([column.first, column.last])
    return bool(((ends <= SPACE) | (ends >= 0x80)).any())


def _single_inside(text: pa.Array, _terms: FieldTerms) -> pa.Array:
    return pc.replace_substring_regex(text, _BETWEEN_WORDS, " ")


def _may_be_several(column: ColumnText, _terms: FieldTerms) -> bool:
    spaces = column.data == SPACE
    return bool((spaces[1:] & spaces[:-1]).any() or (column.data < SPACE).any() or not column.is_ascii)


TRIM = ValueCorrection("trim", _without_surrounding, _may_be_surrounded)
INNER_BLANKS = ValueCorrection("inner_blanks", _single_inside, _may_be_several)
