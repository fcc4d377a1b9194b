"""Text with the characters of ASCII alone: names keep their letters and lose their accents."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii

_UNKNOWN = "?"
_ASCII = 0x80
# Where anyascii says something else than a clerk would type: a grave accent for an apostrophe, a star.
_OWN = {"\u02bb": "'", "\u02bd": "'", "\u02bf": "'", "\u00d7": "x"}
_FRACTION = re.compile("(?<=[0-9])(?=[\u00bc-\u00be\u2150-\u215e\u2189])")  # 12½ is '12 1/2', not '121/2'
_SILENT = {"Mn", "Me", "Cf"}
"""Categories of characters that may go: accents that stand by themselves, joiners, soft hyphens."""


class AsciiText(NamedTuple):
    """One column in which every value consists of printable ASCII."""

    text: pa.Array
    changed: pa.Array
    """True for each value that had to change; never null."""


def ascii_text(values: pa.Array) -> AsciiText:
    """Write each value with the characters of ASCII: 'Zoë Müller' becomes 'Zoe Muller', '£5' 'GBP5'.

    The text must have been through `clean_text`. What is ASCII already stays as it is, blanks stay blank.
    Each distinct value is looked at once: a batch costs what its accents cost.
    """
    changed = pc.fill_null(pc.invert(pc.string_is_ascii(values)), False)
    affected = values.filter(changed)
    if not len(affected):
        return AsciiText(values, changed)
    distinct = affected.dictionary_encode()
    written = pa.array([ascii_form(value) for value in distinct.dictionary.to_pylist()], pa.string())
    return AsciiText(pc.replace_with_mask(values, changed, written.take(distinct.indices)), changed)


def ascii_form(value: str) -> str:
    """One value in ASCII; letters of other alphabets are written by their sound, as anyascii has them.

    In a value without small letters 'Þ' is 'TH', else 'Th'. A character without any form is '?', and so
    is each character of a value of which nothing would be left: a filled field is never sent blank.
    """
    if value.isascii():
        return value
    forms = _CAPITALS if value.isupper() else _FORMS
    written = _FRACTION.sub(" ", value).translate(forms)
    return written if written.strip() or not value.strip() else _UNKNOWN * len(value)


class _Forms(dict[int, str]):
    """How characters are written; each is looked up once and kept."""

    def __init__(self, *, capitals: bool) -> None:
        super().__init__()
        self._capitals = capitals

    def __missing__(self, code: int) -> str:
        character = chr(code)
        form = character if code < _ASCII else _form(character)
        if self._capitals and character.isupper():
            form = form.upper()
        self[code] = form
        return form


_FORMS, _CAPITALS = _Forms(capitals=False), _Forms(capitals=True)


def _form(character: str) -> str:
    form = _OWN.get(character) or anyascii(character)
    if form:
        return form
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    return "" if category in _SILENT else _UNKNOWN
