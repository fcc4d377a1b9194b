"""Invoice numbers, from as they stand to what near variants of one number share.

The looser forms are no ground for a match alone: creditor and amount have to agree as well.
"""

from __future__ import annotations

from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from matching.standards.ascii_text import ascii_with_characters, ascii_zeros_gone
from matching.standards.slips import lists_of_forms, one_left_out, two_in_order
from matching.standards.text import (
    any_of,
    apart_if_not_english,
    null_where,
    of_distinct,
    packed,
    plain,
    present,
    settled,
    words,
)

_LEAST_CORE, _LEAST_SWAPPED, _LEAST_NEAR = 3, 4, 5
"""Characters: shorter ones agree by accident."""


def invoice_number(number: pa.Array) -> pa.Array:
    """An invoice number in capitals without punctuation, spaces and leading zeros: 'inv-001' gives 'INV1'.

    Zeros lead at the start and after a letter. Those after other digits stay, since punctuation between
    them may be left out: '2024/0456' and '20240456' are one number.
    """
    return of_distinct(lambda some: _zeros_gone(packed(some)), number)


def invoice_folded(number: pa.Array) -> pa.Array:
    """The same, letters read as digits that they look like: '12O4S' gives '12045', 'INV-I2' gives '1NV12'.

    An O before the first digit is a leading zero: 'INVO12' and 'INV-012' are one. Without a digit, as it is.
    """
    return of_distinct(lambda some: settled(_folded, packed(some)), number)


def invoice_core(number: pa.Array) -> pa.Array:
    """The number proper, folded: without letters before it and without a letter, '/1' or 'COPY' behind it.

    'APP000582789', '582789a', '582789/1' and 'Invoice no. 582789' all give '582789'. Null where fewer than
    three characters are left.
    """
    return of_distinct(_core, number)


def invoice_digits(number: pa.Array) -> pa.Array:
    """The digits alone, leading zeros gone: 'A12-B34' gives '1234'. Null where fewer than three are left."""
    return of_distinct(
        lambda some: _long_enough(pc.replace_substring_regex(some, r"^[^1-9]+|[^0-9]", ""), _LEAST_CORE),
        number,
    )


def invoice_swapped(number: pa.Array) -> pa.ListArray:
    """`invoice_number` with two neighbouring characters in order, and where: '1243' gives '1234|2' and more.

    Two numbers share one exactly if they differ by one exchange of neighbours. Null under four characters.
    """
    return of_distinct(
        lambda some: lists_of_forms(some, two_in_order, _LEAST_SWAPPED), invoice_number(number)
    )


def invoice_near(number: pa.Array) -> pa.ListArray:
    """`invoice_number` as it is and with one character left out at each place but the last.

    Two numbers share one of these if one character is wrong, missing or too many, or two beside each other
    are swapped. Numbers whose last character alone differs are mostly numbers in sequence, and share none;
    those whose last but one does still do. Null under five characters.
    """
    return of_distinct(lambda some: lists_of_forms(some, one_left_out, _LEAST_NEAR), invoice_number(number))


def _zeros_gone(number: pa.Array) -> pa.Array:
    return present(apart_if_not_english(number, ascii_zeros_gone, _zeros_gone_of_any_language))


def _zeros_gone_of_any_language(number: pa.Array) -> pa.Array:
    started = pc.replace_substring_regex(number, r"^0+([\p{L}\p{N}])", r"\1")
    return pc.replace_substring_regex(started, r"(\p{L})0+(\p{N})", r"\1\2")


def _folded(number: pa.Array) -> pa.Array:
    """Where there is a digit, all letters are read that look like one; zeros go when all are known."""
    has_digit = pc.match_substring_regex(number, "[0-9]")
    return _zeros_gone(pc.if_else(has_digit, _letters_read(number), number))


def _letters_read(text: pa.Array) -> pa.Array:
    """Letters that look like digits as these digits."""
    letters = words("invoices")["folded"]
    return apart_if_not_english(
        text,
        lambda some: ascii_with_characters(some, letters),
        lambda some: reduce(lambda made, pair: pc.replace_substring(made, *pair), letters.items(), some),
    )


def _core(number: pa.Array) -> pa.Array:
    return _long_enough(present(settled(_core_once, present(plain(number)))), _LEAST_CORE)


def _core_once(number: pa.Array) -> pa.Array:
    suffix = (
        rf"([0-9]) *(?: {any_of(words('invoices')['suffixes'])}|{any_of(words('invoices')['suffixes'])}"
        rf"| [A-Z0-9]|[AC-HJKMNPRT-Y]{{1,2}}|B)$"
    )
    shorter = pc.replace_substring_regex(number, suffix, r"\1")
    kept = pc.if_else(pc.match_substring_regex(shorter, "[0-9].*[0-9].*[0-9].*[0-9]"), shorter, number)
    its = pc.replace_substring_regex(kept, r"^\D+([0-9])", r"\1")
    return pc.replace_substring_regex(_letters_read(pc.replace_substring(its, " ", "")), "^0+", "")


def _long_enough(text: pa.Array, least: int) -> pa.Array:
    return null_where(pc.less(pc.utf8_length(text), least), text)
