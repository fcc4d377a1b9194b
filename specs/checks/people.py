"""Checks of what belongs to a person: National Insurance numbers and email addresses.

Sources: HMRC National Insurance Manual, NIM39110 (letters that are never used, prefixes that are never
issued) and NIM39115 (temporary numbers, which are to be left blank). Administrative prefixes such as
CR, FY, MW, NC and OO have the form and pass; GY and JY pass, since some people hold one from before 1975.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.kind import FieldCheck, Terms, compact, counted, first_true

# D, F, I, Q, U and V stand in neither place, O not in the second, except in administrative FY and OO.
NINO_FORM = r"^(?:[ABCEGHJ-PR-TW-Z][ABCEGHJ-NPR-TW-Z]|FY|OO)\d{6}[A-D]?$"
NINO_NEVER_ISSUED = r"^(?:BG|GB|KN|NK|NT|TN|ZZ)"
# TN, date of birth and sex (recalled), or two digits, a letter and five digits.
_TEMPORARY = r"^(?:TN\d{6}[A-Z]?|\d{2}[A-Z]\d{5})$"

# Simple on purpose: one @, no blanks, and a domain of at least two parts whose last is no number.
_EMAIL = r"^[^@\s,;<>()]+@(?:[^@\s.,;<>()]+\.)+[^@\s.,;<>()\d][^@\s.,;<>()]+$"


def _is_nino(text: pa.Array, _terms: Terms) -> pa.Array:
    number = compact(text)
    return pc.and_(
        pc.match_substring_regex(number, NINO_FORM),
        pc.invert(pc.match_substring_regex(number, NINO_NEVER_ISSUED)),
    )


def _why_no_nino(text: pa.Array, _terms: Terms) -> pa.Array:
    number = compact(text)
    return first_true(
        text,
        (pc.match_substring_regex(number, _TEMPORARY), "temporary number: leave blank"),
        (pc.match_substring_regex(number, NINO_FORM), "a prefix that is never issued"),
        (pc.not_equal(pc.utf8_length(number), 9), counted(number, "characters, expected 9")),
        (pc.match_substring_regex(number, r"^[A-Z]{2}\d{6}[A-D]$"), "letters that are never used"),
        (pc.match_substring_regex(number, r"^[A-Z]{2}\d{6}[E-Z]$"), "the last letter is not A to D"),
    )


def _has_suffix(text: pa.Array, terms: Terms) -> pa.Array:
    """False only for what has the form otherwise; what has not is the other check's to report."""
    return pc.invert(pc.and_(_is_nino(text, terms), pc.match_substring_regex(compact(text), r"\d$")))


def _is_email(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.match_substring_regex(text, _EMAIL)


NINO = FieldCheck("nino", "text", _is_nino, _why_no_nino)
NINO_SUFFIX = FieldCheck("nino_suffix", "text", _has_suffix)
EMAIL = FieldCheck("email", "text", _is_email)
