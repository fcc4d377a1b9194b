"""VAT and company registration numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.standards.text import null_where, of_distinct, plain

_VAT_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 1)
_COMPANY_FORM = r"^(?:[0-9]{8}|[A-Z]{2}[0-9]{6}|[A-Z]{2}[0-9]{4,5}[A-Z]{1,2}|R[0-9]{7})$"


def vat_number(number: pa.Array) -> pa.Array:
    """The nine digits of a British VAT registration number, or GD or HA and three digits; null for any other.

    What branches add (digits 10 to 12) goes: one registration. Null where the check digits do not agree, so
    that a number keyed to fill the field matches nobody. Source: the rule as python-stdnum has it.
    """
    return of_distinct(_vat_number, number)


def _vat_number(number: pa.Array) -> pa.Array:
    packed = pc.replace_substring(plain(number), " ", "")
    bare = pc.replace_substring_regex(packed, r"^(?:VAT)?(?:REG)?(?:NO)?(?:GB|XI)?", "")
    is_short = pc.match_substring_regex(bare, r"^(?:GD[0-4]|HA[5-9])[0-9]{2}$")
    is_long = pc.match_substring_regex(bare, r"^[0-9]{9}(?:[0-9]{3})?$")
    nine = pc.utf8_slice_codeunits(bare, 0, 9)
    plain_nine = pc.if_else(pc.fill_null(is_long, False), nine, "000000001")
    good = pc.or_(is_short, pc.and_(is_long, pa.array(_agrees(plain_nine), pa.bool_())))
    return null_where(pc.invert(good), pc.if_else(is_short, bare, nine))


def _agrees(nine_digits: pa.Array) -> list[bool]:
    """Divides by 97 with the check digits; newer numbers, from 100 million, also by the later rules."""
    if len(nine_digits) == 0:
        return []
    places = np.array(nine_digits.to_pylist(), dtype="S9").view("u1").reshape(-1, 9).astype(np.int64) - ord(
        "0"
    )
    remainder = (places @ np.array(_VAT_WEIGHTS)) % 97
    is_newer = places[:, 0] > 0
    agrees: list[bool] = (
        places.any(axis=1) & ((remainder == 0) | (is_newer & np.isin(remainder, (42, 55))))
    ).tolist()
    return agrees


def company_number(number: pa.Array) -> pa.Array:
    """A company registration number of eight characters: '1234567' gives '01234567', 'SC 12345' 'SC012345'.

    Null where it has another form, and where it is all zeros.
    """
    return of_distinct(_company_number, number)


def _company_number(number: pa.Array) -> pa.Array:
    packed = pc.replace_substring(plain(number), " ", "")
    only_digits = pc.match_substring_regex(packed, r"^[0-9]{4,8}$")
    lettered = pc.match_substring_regex(packed, r"^[A-Z]{2}[0-9]{1,6}$")
    letters = pc.utf8_slice_codeunits(packed, 0, 2)
    after = pc.utf8_lpad(pc.utf8_slice_codeunits(packed, 2), 6, "0")
    whole = pc.if_else(only_digits, pc.utf8_lpad(packed, 8, "0"), packed)
    whole = pc.if_else(lettered, pc.binary_join_element_wise(letters, after, ""), whole)
    good = pc.and_(pc.match_substring_regex(whole, _COMPANY_FORM), pc.match_substring_regex(whole, "[1-9]"))
    return null_where(pc.invert(good), whole)
