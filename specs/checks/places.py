"""Checks of post codes: their form, and whether they exist.

The form is Royal Mail's: which letters may stand where. The directory is the Office for National
Statistics', as uk-postcodes-parsing carries it (1.8 million post codes, offline); a district is loaded
when the first post code in it is asked for, the whole country in under a second and 80 MB.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.any_text import saying_what_spoilt_it
from specs.checks.kind import FieldCheck, Terms, compact, no_detail

_OUTWARD = r"[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[A-Z])"
_FORM = rf"^(?:GIR0AA|{_OUTWARD}\d[ABD-HJLNP-UW-Z]{{2}})$"
_IN_NO_DIRECTORY = ("BF", "BX", "GIR")  # forces, banks and the like: no place, so not in the directory


def _has_form(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.match_substring_regex(compact(text), _FORM)


def _exists(text: pa.Array, _terms: Terms) -> pa.Array:
    """False only for what has the form; what has not is the other check's to report."""
    return pc.if_else(_has_form(text, _terms), _is_known(text), None)


def _is_unknown(text: pa.Array) -> pa.Array:
    return pc.invert(_is_known(text))


def _is_known(text: pa.Array) -> pa.Array:
    """Whether a post code is in the directory, or of a kind that stands in none; null for null."""
    encoded = compact(text).dictionary_encode()
    post_codes: list[str] = encoded.dictionary.to_pylist()
    directory = {outward: _inward_codes(outward) for outward in {each[:-3] for each in post_codes}}
    known = [each[-3:] in directory[each[:-3]] or _is_in_no_directory(each) for each in post_codes]
    return pa.array(known, pa.bool_()).take(encoded.indices)


def _is_in_no_directory(post_code: str) -> bool:
    return post_code.startswith(_IN_NO_DIRECTORY) and re.match(_FORM, post_code) is not None


@cache
def _inward_codes(outward_code: str) -> set[str]:
    """The second halves in use of an outward code; none for one that does not exist."""
    if not re.fullmatch(_OUTWARD, outward_code):
        return set()
    try:
        district = import_module(f"uk_postcodes_parsing.outcodes.{outward_code.lower()}")
    except ModuleNotFoundError:
        return set()
    codes: set[str] = district.INCODES
    return codes


POST_CODE = FieldCheck("post_code", "text", _has_form, saying_what_spoilt_it(no_detail), screen=_is_unknown)
POST_CODE_UNKNOWN = FieldCheck("post_code_unknown", "text", _exists, screen=_is_unknown)
