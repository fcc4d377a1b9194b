"""Checks of the numbers that a person has: National Insurance and passport.

Sources: HMRC National Insurance Manual, NIM39110 (letters that are never used, prefixes that are never
issued) and NIM39115 (temporary numbers, which are to be left blank). Administrative prefixes such as
CR, FY, MW, NC and OO have the form and pass; GY and JY pass, since some people hold one from before 1975.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.any_text import saying_what_spoilt_it
from specs.checks.kind import FieldCheck, Terms, compact, counted, first_true

# D, F, I, Q, U and V stand in neither place, O not in the second, except in administrative FY and OO.
NINO_FORM = r"^(?:[ABCEGHJ-PR-TW-Z][ABCEGHJ-NPR-TW-Z]|FY|OO)\d{6}[A-D]?$"
NINO_NEVER_ISSUED = r"^(?:BG|GB|KN|NK|NT|TN|ZZ)"
# Written as it should be, with a prefix in use: nearly every number of a payroll.
_PLAIN_NINO = (
    r"^(?:[ACEHJLMOPRSWXY][ABCEGHJ-NPR-TW-Z]|B[A-CEHJ-NPR-TW-Z]|G[ACEGHJ-NPR-TW-Z]|K[A-CEGHJ-MPR-TW-Z]|"
    r"N[A-CEGHJLMNPRSW-Z]|T[A-CEGHJLMPR-TW-Z]|Z[A-CEGHJ-NPR-TW-Y])\d{6}[A-D]$"
)
# TN, date of birth and sex (recalled), or two digits, a letter and five digits.
NINO_TEMPORARY_FORM = r"^(?:TN\d{6}[A-Z]?|\d{2}[A-Z]\d{5})$"

# A British passport has nine digits; abroad there are letters, and more or fewer characters (recalled).
_PASSPORT = r"^[A-Z0-9]{6,12}$"
_FOUR_DIGITS = r"(?:\d.*){4}"


def _is_no_plain_nino(text: pa.Array) -> pa.Array:
    return pc.invert(pc.match_substring_regex(text, _PLAIN_NINO))


def _is_nino(text: pa.Array, _terms: Terms) -> pa.Array:
    """Temporary numbers pass: they are the next check's to report."""
    number = compact(text)
    return pc.or_(_is_in_use(number), pc.match_substring_regex(number, NINO_TEMPORARY_FORM))


def _is_in_use(number: pa.Array) -> pa.Array:
    return pc.and_(
        pc.match_substring_regex(number, NINO_FORM),
        pc.invert(pc.match_substring_regex(number, NINO_NEVER_ISSUED)),
    )


def _is_not_temporary(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.invert(pc.match_substring_regex(compact(text), NINO_TEMPORARY_FORM))


def _why_no_nino(text: pa.Array, _terms: Terms) -> pa.Array:
    number = compact(text)
    return first_true(
        text,
        (pc.match_substring_regex(number, NINO_FORM), "a prefix that is never issued"),
        (pc.not_equal(pc.utf8_length(number), 9), counted(number, "characters, expected 9")),
        (pc.match_substring_regex(number, r"^[A-Z]{2}\d{6}[A-D]$"), "letters that are never used"),
        (pc.match_substring_regex(number, r"^[A-Z]{2}\d{6}[E-Z]$"), "the last letter is not A to D"),
    )


def _has_suffix(text: pa.Array, _terms: Terms) -> pa.Array:
    """False only for what has the form otherwise; what has not is the other check's to report."""
    number = compact(text)
    return pc.invert(pc.and_(_is_in_use(number), pc.match_substring_regex(number, r"\d$")))


def _is_passport(text: pa.Array, _terms: Terms) -> pa.Array:
    number = compact(text)
    has_digits = pc.and_(
        pc.match_substring_regex(number, _FOUR_DIGITS), pc.match_substring_regex(number, r"[1-9]")
    )
    return pc.and_(pc.match_substring_regex(number, _PASSPORT), has_digits)


def _why_no_passport(text: pa.Array, _terms: Terms) -> pa.Array:
    number = compact(text)
    return first_true(
        text,
        (pc.match_substring_regex(number, r"^[A-Z]+$"), "letters only"),
        (pc.match_substring_regex(number, r"^\d+$"), counted(number, "digits; a British passport has 9")),
    )


NINO = FieldCheck("nino", "text", _is_nino, saying_what_spoilt_it(_why_no_nino), screen=_is_no_plain_nino)
NINO_TEMPORARY = FieldCheck("nino_temporary", "text", _is_not_temporary, screen=_is_no_plain_nino)
NINO_SUFFIX = FieldCheck("nino_suffix", "text", _has_suffix, screen=_is_no_plain_nino)
PASSPORT = FieldCheck("passport", "text", _is_passport, saying_what_spoilt_it(_why_no_passport))
