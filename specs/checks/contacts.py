"""Checks of telephone numbers and email addresses.

The plain UK forms are recognised here; phonenumbers and email-validator, both offline, are asked about
what is left: extensions, numbers abroad, addresses with letters that are not English. The length and
first digits of UK numbers are Ofcom's numbering plan (recalled).
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.any_text import saying_what_spoilt_it
from specs.checks.kind import FieldCheck, Terms, counted, first_true, of_each_distinct

_BETWEEN_DIGITS = r"[ ().\-/\x{A0}]|\(0\)"
_HOME = (
    r"^(?:0|\+?44|0044)0?"
    r"(?:1\d{8,9}|2\d{9}|3\d{9}|5[56]\d{8}|7\d{9}|8\d{9}|800\d{6}|8001111|845464\d|9\d{9})$"
)
_ZERO_LOST = r"^(?:1\d{8,9}|2\d{9}|7\d{9})$"
_ONLY_DIGITS = r"^[\d ().\-/\x{A0}]*$"
_TWO_NUMBERS = r"\d{6}.*[/,;&]\s*(?:\+|0)\d{2}.*\d{3}"

_ADDRESS = (
    r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$"
)
_NO_ADDRESS = r"^[^@]*$|@.*@|[\s,;<>()]|@.*\.\.|@\.|\.$|@[^.]*$|\d$"
# Nearly every address of a payroll: what passes here passes below.
_PLAIN_ADDRESS = r"^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*@(?:[A-Za-z0-9]+\.)+(?:com|net|org|uk)$"
_MISSPELT_END = r"(?i)\.(?:con|comm?m|cmo|ocm|vom|couk|cou|ukk|ogr|gov\.u|ac\.u|co\.u)$"


def _is_phone(text: pa.Array, _terms: Terms) -> pa.Array:
    """Numbers written as at home by their form; others as phonenumbers knows the plans of all countries."""
    digits = pc.replace_substring_regex(text, _BETWEEN_DIGITS, "")
    is_home = pc.match_substring_regex(digits, _HOME)
    only_digits = pc.match_substring_regex(text, _ONLY_DIGITS)
    abroad = pc.match_substring_regex(digits, r"^00[1-9]")
    to_ask = pc.and_(pc.invert(is_home), pc.or_(pc.invert(only_digits), abroad))
    if not pc.any(to_ask).as_py():
        return is_home
    asked = of_each_distinct(pc.if_else(to_ask, text, None), _is_in_a_numbering_plan, pa.bool_())
    return pc.if_else(to_ask, asked, is_home)


def _is_in_a_numbering_plan(number: str) -> bool:
    import phonenumbers  # noqa: PLC0415 (few extracts need it, and it takes long to load)

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "GB"))
    except phonenumbers.NumberParseException:
        return False


def _why_no_phone(text: pa.Array, _terms: Terms) -> pa.Array:
    digits = pc.replace_substring_regex(text, r"\D", "")
    return first_true(
        text,
        (pc.match_substring_regex(text, _TWO_NUMBERS), "two numbers in one field?"),
        (pc.match_substring_regex(digits, r"^0*$"), "no number in it: leave blank if it is not known"),
        (pc.match_substring_regex(digits, _ZERO_LOST), "a leading zero may be missing"),
        (pc.match_substring_regex(text, r"\pL"), "words beside the number, or instead of it"),
        (pc.match_substring_regex(digits, r"^0"), counted(digits, "digits, expected 10 or 11")),
    )


def _is_no_plain_email(text: pa.Array) -> pa.Array:
    return pc.invert(pc.match_substring_regex(text, _PLAIN_ADDRESS))


def _is_email(text: pa.Array, _terms: Terms) -> pa.Array:
    is_plain = pc.match_substring_regex(text, _ADDRESS)
    refused = pc.or_(
        pc.match_substring_regex(text, _NO_ADDRESS), pc.match_substring_regex(text, _MISSPELT_END)
    )
    to_ask = pc.invert(pc.or_(is_plain, refused))
    passes = pc.and_(is_plain, pc.invert(refused))
    if not pc.any(to_ask).as_py():
        return passes
    asked = of_each_distinct(pc.if_else(to_ask, text, None), _is_deliverable_in_principle, pa.bool_())
    return pc.if_else(to_ask, asked, passes)


def _is_deliverable_in_principle(address: str) -> bool:
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 (as above)

    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _why_no_email(text: pa.Array, _terms: Terms) -> pa.Array:
    return first_true(
        text,
        (pc.match_substring_regex(text, r"\pL.*@.*[\s,;/]+.*@"), "two addresses in one field?"),
        (pc.match_substring_regex(text, r"^[^@]*$"), "no @ in it"),
        (pc.match_substring_regex(text, r"\s"), "a blank in it"),
        (pc.match_substring_regex(text, _MISSPELT_END), "the end looks misspelt"),
    )


PHONE = FieldCheck("phone", "text", _is_phone, saying_what_spoilt_it(_why_no_phone))
EMAIL = FieldCheck(
    "email", "text", _is_email, saying_what_spoilt_it(_why_no_email), screen=_is_no_plain_email
)
