"""Values as the extract gave them, where they could not be read as what they should be."""

from __future__ import annotations

import re

import pyarrow as pa

_YEAR_FIRST = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})(?:\D.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\D+(\d{1,2})\D+(\d{4})(?:\D.*)?")
_EARLIEST_YEAR = 1850


def date_digits(text: pa.Array) -> pa.Array:
    """The eight digits of a date as year, month, day, whether or not there is such a day.

    '31/02/1980', '1980-2-31' and '31021980' give '19800231', as a date that is none still tells people
    apart. Null where year, month and day cannot be told from each other.
    """
    encoded = text.dictionary_encode()
    digits = pa.array([_digits(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return digits.take(encoded.indices)


def _digits(text: str | None) -> str | None:
    if text is None:
        return None
    if re.fullmatch(r"\d{8}", text):
        # a month and a day come to 1231 at most, so a year is told from them
        return text[4:] + text[2:4] + text[:2] if int(text[4:]) >= _EARLIEST_YEAR else text
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
    else:
        return None
    return year + month.zfill(2) + day.zfill(2)
