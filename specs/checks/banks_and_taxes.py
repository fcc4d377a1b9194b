"""Checks of sort codes, account numbers and VAT registration numbers.

Sources: the payroll specification for sort codes (six digits in pairs, hyphens allowed); the length of
an account number is recalled; VAT check digits are python-stdnum's (weights 8 to 2, divided by 97, with
or without 55), which also knows the short numbers of departments (GD) and health authorities (HA).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.gb import vat as gb_vat

from specs.checks.any_text import saying_what_spoilt_it
from specs.checks.kind import TEXT, FieldCheck, Terms, counted, first_true, of_each_distinct
from specs.text_bytes import TextBytes

_SORT_CODE = r"^(?:\d{6}|\d{2}-\d{2}-\d{2})$"
_ACCOUNT_NUMBER = r"^\d{8}$"
_NOT_ONLY_ZEROS = r"[1-9]"
_MADE_UP = "|".join(
    [f"{digit}{{6}}|{digit}{{8}}" for digit in range(1, 10)]
    + ["123456", "012345", "654321", "12345678", "01234567", "87654321", "98765432"]
)
"""One digit throughout, or digits in a row, of six or eight: keyed to fill the field."""

_VAT_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 1)
_FOREIGN = frozenset({*(code.upper() for code in eu_vat.MEMBER_STATES), "EL", "CH", "NO"}) - {"XI"}
"""Member states of the European Union (python-stdnum's list), Greece as it signs, and two neighbours."""


def _is_sort_code(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.and_(
        pc.match_substring_regex(text, _SORT_CODE), pc.match_substring_regex(text, _NOT_ONLY_ZEROS)
    )


def _why_no_sort_code(text: pa.Array, _terms: Terms) -> pa.Array:
    return _why_not_digits(text, expected=6)


def _is_account_number(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.and_(
        pc.match_substring_regex(text, _ACCOUNT_NUMBER), pc.match_substring_regex(text, _NOT_ONLY_ZEROS)
    )


def _is_no_plain_account_number(text: pa.Array) -> pa.Array:
    look = TextBytes(text)
    nought = ord("0")  # what begins and ends with one may be zeros throughout
    plain = look.only_digits & (look.lengths == 8) & ((look.byte(0) != nought) | (look.byte(7) != nought))
    return _unless(plain, text)


def _may_be_made_up(text: pa.Array) -> pa.Array:
    """The first three digits are the same, or in a row. One hyphen may stand between them, after a pair."""
    look = TextBytes(text)
    hyphen = ord("-")
    first, second, third = (look.byte(place) for place in range(3))
    third = np.where(third == hyphen, look.byte(3), third)
    step = second - first
    odd = (first == hyphen) | (second == hyphen) | (third == hyphen)
    return _unless(~(odd | ((step == third - second) & (np.abs(step) <= 1))), text)


def _unless(plain: npt.NDArray[np.bool_], text: pa.Array) -> pa.Array:
    """False for what is plain and for null, true for all else."""
    may_fail = pa.array(~plain)
    return pc.and_(may_fail, pc.is_valid(text)) if text.null_count else may_fail


def _why_no_account_number(text: pa.Array, _terms: Terms) -> pa.Array:
    return _why_not_digits(text, expected=8)


def _why_not_digits(text: pa.Array, *, expected: int) -> pa.Array:
    digits = pc.replace_substring_regex(text, r"\D", "")
    return first_true(
        text,
        (pc.match_substring_regex(text, r"^[0 -]+$"), "only zeros: leave blank if it is not known"),
        (pc.not_equal(pc.binary_length(digits), expected), counted(digits, f"digits, expected {expected}")),
    )


def _is_not_made_up(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.invert(pc.match_substring_regex(pc.replace_substring(text, "-", ""), rf"^(?:{_MADE_UP})$"))


def _is_vat_number(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.is_in(_vat_verdicts(text), pa.array(["good", "foreign", None]))


def _why_no_vat_number(text: pa.Array, _terms: Terms) -> pa.Array:
    verdicts = _vat_verdicts(text)
    return first_true(
        text,
        (pc.equal(verdicts, "check digits"), "the check digits do not agree"),
        (pc.equal(verdicts, "length"), "not 9 or 12 digits"),
    )


def _is_home_vat_number(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.not_equal(_vat_verdicts(text), "foreign")


def _vat_verdicts(text: pa.Array) -> pa.Array:
    """Of each number: 'good', 'foreign', or what is wrong. python-stdnum is asked where letters are odd."""
    plain = pc.replace_substring_regex(pc.utf8_upper(text), r"[ .-]", "")
    # Once: where all are replaced, pyarrow takes what follows a match for the beginning again.
    number = pc.replace_substring_regex(plain, r"^(?:GB|XI)", "", max_replacements=1)
    is_plain = pc.fill_null(pc.match_substring_regex(number, r"^(?:\d{9}|\d{12})$"), False)
    is_other_length = pc.fill_null(pc.match_substring_regex(number, r"^\d+$"), False)
    first_nine = pc.utf8_slice_codeunits(pc.if_else(is_plain, number, "0"), 0, 9)
    agrees = _check_digits_agree(first_nine.cast(pa.int64()).to_numpy())
    odd = pc.if_else(is_other_length, None, text)
    asked = of_each_distinct(odd, _vat_verdict, pa.string())
    plain = pc.if_else(pa.array(agrees), "good", "check digits")
    return pc.if_else(is_plain, plain, pc.if_else(is_other_length, "length", asked))


def _check_digits_agree(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each number of nine digits divides by the rule, with 55 added or not if it is a newer one."""
    remainder = np.zeros_like(numbers)
    for place, weight in enumerate(_VAT_WEIGHTS):
        remainder += numbers // 10 ** (8 - place) % 10 * weight
    remainder %= 97
    is_newer = numbers >= 100_000_000
    agree: npt.NDArray[np.bool_] = (remainder == 0) | (is_newer & np.isin(remainder, (42, 55)))
    return agree


def _vat_verdict(number: str) -> str:
    """'good', 'foreign', or what is wrong: 'length', 'check digits' or 'form'."""
    try:
        compact = gb_vat.compact(number)
        if compact[:2] in _FOREIGN and any(character.isdigit() for character in compact):
            return "foreign"
        gb_vat.validate(number)  # not `compact`: it would take a second GB away
    except InvalidLength:
        return "length"
    except InvalidChecksum:
        return "check digits"
    except ValidationError:
        return "form"
    return "good"


SORT_CODE = FieldCheck("sort_code", "text", _is_sort_code, saying_what_spoilt_it(_why_no_sort_code))
ACCOUNT_NUMBER = FieldCheck(
    "account_number",
    "text",
    _is_account_number,
    saying_what_spoilt_it(_why_no_account_number),
    screen=_is_no_plain_account_number,
)
MADE_UP_DIGITS = FieldCheck("made_up_digits", "text", _is_not_made_up, formats=TEXT, screen=_may_be_made_up)
"""Of sort codes and of account numbers."""
VAT_NUMBER = FieldCheck("vat_number", "text", _is_vat_number, saying_what_spoilt_it(_why_no_vat_number))
VAT_NUMBER_FOREIGN = FieldCheck("vat_number_foreign", "text", _is_home_vat_number)
