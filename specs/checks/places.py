"""Checks of post codes: their form, and whether they exist.

The form is Royal Mail's: which letters may stand where. The directory is the Office for National
Statistics', as uk-postcodes-parsing carries it (1.8 million post codes, offline); a district is loaded
when the first post code in it is asked for, the whole country in under a second and 80 MB.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.kind import FieldCheck, Terms, compact, of_each_distinct

_OUTWARD = r"[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[A-Z])"
_FORM = rf"^(?:GIR0AA|{_OUTWARD}\d[ABD-HJLNP-UW-Z]{{2}})$"
_IN_NO_DIRECTORY = ("BF", "BX", "GIR")  # forces, banks and the like: no place, so not in the directory


def _has_form(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.match_substring_regex(compact(text), _FORM)


def _exists(text: pa.Array, terms: Terms) -> pa.Array:
    """False only for what has the form; what has not is the other check's to report."""
    well_formed = pc.if_else(_has_form(text, terms), compact(text), None)
    return of_each_distinct(well_formed, _is_in_directory, pa.bool_())


def _is_in_directory(post_code: str) -> bool:
    return post_code.startswith(_IN_NO_DIRECTORY) or post_code[-3:] in _inward_codes(post_code[:-3])


@cache
def _inward_codes(outward_code: str) -> set[str]:
    """The second halves in use of an outward code; none for one that does not exist."""
    try:
        district = import_module(f"uk_postcodes_parsing.outcodes.{outward_code.lower()}")
    except ModuleNotFoundError:
        return set()
    codes: set[str] = district.INCODES
    return codes


POST_CODE = FieldCheck("post_code", "text", _has_form)
POST_CODE_UNKNOWN = FieldCheck("post_code_unknown", "text", _exists)
