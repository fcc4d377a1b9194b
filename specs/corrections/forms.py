"""Numbers and codes whose form is fixed: blanks, dashes and small letters that do not belong to them.

A form is tidied only if what comes out passes the check of that form; no letter or digit is ever
exchanged for another.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks import FIELD_CHECKS, Terms
from specs.corrections.blanks import BLANK_CLASS
from specs.corrections.column_text import HYPHEN, SPACE, ColumnText, bytes_other_than
from specs.corrections.kind import FieldTerms, ValueCorrection

_DIGITS = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NOT_IN_NINO = bytes_other_than(_DIGITS + _CAPITALS)
_NOT_IN_POST_CODE = bytes_other_than(_DIGITS + _CAPITALS + " ")
_NOT_IN_SORT_CODE = bytes_other_than(_DIGITS + "-")
_NOT_DIGITS = bytes_other_than(_DIGITS)

_BLANK = BLANK_CLASS[1:-1]
_DASH = r"\-\x{2010}-\x{2015}\x{2212}\x{FE58}\x{FE63}\x{FF0D}\x{AD}"
"""Hyphens, dashes and the minus sign."""
_BLANKS_AND_DASHES = rf"[{_BLANK}{_DASH}]+"
_PAIRS = rf"^(\d\d){_BLANKS_AND_DASHES}(\d\d){_BLANKS_AND_DASHES}(\d\d)$"


def _where_it_passes(check: str, after: pa.Array, before: pa.Array, terms: FieldTerms) -> pa.Array:
    """What it would become where that passes a check, else what it is."""
    passes = FIELD_CHECKS[check][0].passes(after, Terms(today=terms.today))
    return pc.if_else(pc.fill_null(passes, False), after, before)


def _listed_case(text: pa.Array, terms: FieldTerms) -> pa.Array:
    listed = [code for use in terms.field.checks if use.name == "one_of" for code in use.allowed]
    folded: dict[str, list[str]] = {}
    for code in dict.fromkeys(listed):
        folded.setdefault(code.casefold(), []).append(code)
    only = {key: codes[0] for key, codes in folded.items() if len(codes) == 1}
    return pa.array([only.get(value.casefold(), value) for value in text.to_pylist()], pa.string())


def _may_differ_in_case(column: ColumnText, terms: FieldTerms) -> bool:
    listed = "".join(code for use in terms.field.checks for code in use.allowed)
    in_one_case = listed in {listed.upper(), listed.lower()}
    return not (listed.isascii() and in_one_case) or column.has_any(bytes_other_than(listed))


def _plain_nino(text: pa.Array, terms: FieldTerms) -> pa.Array:
    plain = pc.ascii_upper(pc.replace_substring_regex(text, rf"[{_BLANK}{_DASH}./]+", ""))
    return _where_it_passes("nino", plain, text, terms)


def _may_be_dressed_nino(column: ColumnText, _terms: FieldTerms) -> bool:
    return column.has_any(_NOT_IN_NINO)


def _spaced_post_code(text: pa.Array, terms: FieldTerms) -> pa.Array:
    compact = pc.ascii_upper(pc.replace_substring_regex(text, f"{BLANK_CLASS}+", ""))
    spaced = pc.replace_substring_regex(compact, r"^(.+)(...)$", r"\1 \2")
    return _where_it_passes("post_code", spaced, text, terms)


def _may_be_misspaced(column: ColumnText, _terms: FieldTerms) -> bool:
    return (
        column.has_any(_NOT_IN_POST_CODE)
        or column.count(SPACE) != column.filled
        or bool((column.byte(-4) != SPACE).any() or (column.lengths < 6).any())
    )


def _paired_sort_code(text: pa.Array, terms: FieldTerms) -> pa.Array:
    paired = pc.replace_substring_regex(text, _PAIRS, r"\1-\2-\3")
    joined = pc.replace_substring_regex(text, _BLANKS_AND_DASHES, "")
    tidy = pc.if_else(pc.match_substring_regex(text, _PAIRS), paired, joined)
    return _where_it_passes("sort_code", tidy, text, terms)


def _may_be_mispaired(column: ColumnText, _terms: FieldTerms) -> bool:
    if column.has_any(_NOT_IN_SORT_CODE):
        return True
    hyphens = column.count(HYPHEN)
    in_place = (column.byte(2) == HYPHEN) & (column.byte(5) == HYPHEN) & (column.lengths == 8)
    return hyphens != 2 * int(in_place.sum())


def _plain_account_number(text: pa.Array, terms: FieldTerms) -> pa.Array:
    plain = pc.replace_substring_regex(text, _BLANKS_AND_DASHES, "")
    return _where_it_passes("account_number", plain, text, terms)


def _may_be_dressed_account_number(column: ColumnText, _terms: FieldTerms) -> bool:
    return column.has_any(_NOT_DIGITS)


CODE_CASE = ValueCorrection("code_case", _listed_case, _may_differ_in_case)
NI_NUMBER = ValueCorrection("ni_number", _plain_nino, _may_be_dressed_nino)
POST_CODE = ValueCorrection("post_code", _spaced_post_code, _may_be_misspaced)
SORT_CODE = ValueCorrection("sort_code", _paired_sort_code, _may_be_mispaired)
ACCOUNT_NUMBER = ValueCorrection("account_number", _plain_account_number, _may_be_dressed_account_number)
