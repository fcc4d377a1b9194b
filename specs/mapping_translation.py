"""Translations: what the source system writes in a coded field, and what the specification wants instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BeforeValidator


def _read(raw: object) -> dict[str, str]:
    if not isinstance(raw, dict) or not raw:
        raise ValueError("expected values and what each becomes, such as {Full Time: F, Part Time: P}")
    if listed := next((value for value, wanted in raw.items() if not isinstance(wanted, str)), None):
        raise ValueError(f"'{listed}' needs one value that it becomes")
    seen: dict[str, str] = {}
    for value, compared in zip(raw, _compared(pa.array(raw, pa.string())).to_pylist(), strict=True):
        if not compared:
            raise ValueError("a blank value cannot be translated: take the entry out")
        if compared in seen:
            raise ValueError(f"'{seen[compared]}' and '{value}' are the same value; keep one")
        seen[compared] = value
    return {value.strip(): wanted.strip() for value, wanted in raw.items()}


Translation = Annotated[dict[str, str], BeforeValidator(_read)]
"""By a value of the source system: what the specification wants, blank where it wants nothing."""


def translated(values: pa.Array, translation: Mapping[str, str]) -> pa.Array:
    """Values with those that a translation lists replaced, whatever their case and surrounding blanks.

    Any other value stays exactly as it is.
    """
    encoded = values.dictionary_encode()  # a coded field has few different values in many records
    distinct = encoded.dictionary
    listed = _compared(pa.array(translation, distinct.type))
    wanted = pa.array(translation.values(), distinct.type)
    places = pc.index_in(_compared(distinct), value_set=listed)
    return pc.coalesce(wanted.take(places), distinct).take(encoded.indices)


def _compared(values: pa.Array) -> pa.Array:
    return pc.utf8_lower(pc.utf8_trim_whitespace(values))
