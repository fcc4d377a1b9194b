"""Standard forms, so that values which mean the same compare as equal.

Each function takes arrays of text and gives an array of text of the same length; null where there is
nothing to compare (blank, a placeholder, a number that cannot be one). Applying it twice changes nothing.
All work is on whole Arrow arrays; `keyed` does it once per distinct value.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from specs.checks.people import NINO_FORM, NINO_NEVER_ISSUED

_WORDS = Path(__file__).parent / "standardise.yaml"

Standard = Callable[..., pa.Array]


@cache
def _words() -> dict[str, list[str]]:
    """Legal endings and placeholders, from standardise.yaml."""
    words: dict[str, list[str]] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return words


def _plain(text: pa.Array) -> pa.Array:
    """Upper case, accents gone, everything but letters and digits turned into single spaces."""
    bare = pc.replace_substring_regex(pc.utf8_normalize(text, form="NFKD"), r"\p{M}", "")
    joined = pc.replace_substring_regex(pc.utf8_upper(bare), r"['’`.]", "")
    spaced = pc.replace_substring_regex(joined, r"[^\p{L}\p{N}]+", " ")
    return pc.utf8_trim_whitespace(spaced)


def _null_where(condition: pa.Array, values: pa.Array) -> pa.Array:
    return pc.if_else(condition, pa.scalar(None, values.type), values)


def _present(values: pa.Array) -> pa.Array:
    """Blank and placeholder values become null: they agree with nothing."""
    placeholder = r"^(" + "|".join(_words()["placeholders"]) + r")$"
    return _null_where(pc.match_substring_regex(values, placeholder), values)


def company_name(name: pa.Array) -> pa.Array:
    """A creditor's name in capitals without punctuation, 'the', and legal endings such as LTD.

    What follows 'trading as' is left; words keep their order.
    """
    plain = pc.replace_substring_regex(_plain(pc.replace_substring(name, "&", " AND ")), r"^(THE )+", "")
    endings = r"( (" + "|".join(_words()["legal_endings"]) + r"))+$"
    return _present(pc.replace_substring_regex(plain, endings, ""))


def person_name(*parts: pa.Array) -> pa.Array:
    """Surname and first forename in capitals: 'O'Neil', 'Mary Jane' gives 'ONEIL MARY'.

    Hyphens and apostrophes go. Null where the surname is blank.
    """
    joined = [pc.replace_substring_regex(pc.fill_null(part, ""), r"[-‐–]", "") for part in parts]
    surname, *rest = [_plain(part) for part in joined]
    surname = pc.replace_substring(surname, " ", "")
    firsts = [pc.replace_substring_regex(part, r" .*$", "") for part in rest]
    name = pc.binary_join_element_wise(surname, *firsts, " ")
    return _null_where(pc.equal(surname, ""), _present(pc.utf8_trim_whitespace(name)))


def invoice_number(number: pa.Array) -> pa.Array:
    """An invoice number in capitals without punctuation, spaces and leading zeros: 'inv-001' gives 'INV1'.

    Zeros lead at the start and after a letter. Those after other digits stay, since punctuation between
    them may be left out: '2024/0456' and '20240456' are one number.
    """
    packed = pc.replace_substring(_plain(_present(_plain(number))), " ", "")
    started = pc.replace_substring_regex(packed, r"^0+([\p{L}\p{N}])", r"\1")
    return _present(pc.replace_substring_regex(started, r"(\p{L})0+(\p{N})", r"\1\2"))


def digits(text: pa.Array) -> pa.Array:
    """The digits of a text in their order; '-' where it has none, so that two without agree."""
    found = pc.replace_substring_regex(text, r"\D+", "")
    return pc.if_else(pc.equal(found, ""), "-", found)


def bank_account(sort_code: pa.Array, account: pa.Array, roll_number: pa.Array) -> pa.Array:
    """Sort code and account number as '123456 12345678'; shorter account numbers get their zeros back.

    A building society's roll number follows where there is one: without it, all its customers share one
    account.

    Null where the sort code has not six digits or the account not six to eight, and where one is all zeros.
    """
    sort = pc.replace_substring_regex(sort_code, r"[\s-]", "")
    number = pc.replace_substring_regex(account, r"[\s-]", "")
    good = pc.and_(pc.match_substring_regex(sort, r"^\d{6}$"), pc.match_substring_regex(number, r"^\d{6,8}$"))
    filler = pc.or_(pc.match_substring_regex(sort, r"^0+$"), pc.match_substring_regex(number, r"^0+$"))
    good = pc.and_(good, pc.invert(filler))
    padded = pc.utf8_lpad(number, 8, "0")
    roll = pc.replace_substring(_plain(pc.fill_null(roll_number, "")), " ", "")
    joined = pc.utf8_rtrim_whitespace(pc.binary_join_element_wise(sort, padded, roll, " "))
    return _null_where(pc.invert(good), joined)


def nino(number: pa.Array) -> pa.Array:
    """The first eight characters of a National Insurance number; null where the form is wrong.

    Temporary numbers and prefixes that are never given out are null: they match nobody.
    The form is the one that the check of the same name asks for.
    """
    packed = pc.replace_substring_regex(pc.utf8_upper(number), r"[\s-]", "")
    has_form = pc.match_substring_regex(packed, NINO_FORM)
    good = pc.and_(has_form, pc.invert(pc.match_substring_regex(packed, NINO_NEVER_ISSUED)))
    return _null_where(pc.invert(good), pc.utf8_slice_codeunits(packed, 0, 8))


def post_code(code: pa.Array) -> pa.Array:
    """A post code in capitals without spaces; null where it is too short or has no digit.

    ZZ99, which stands for 'no fixed address' and other places that are none, is null too.
    """
    packed = pc.replace_substring(_plain(code), " ", "")
    good = pc.and_(pc.match_substring_regex(packed, r"^.{5,}$"), pc.match_substring_regex(packed, r"\d"))
    nowhere = pc.starts_with(packed, "ZZ99")
    return _null_where(pc.or_(pc.invert(good), nowhere), packed)


STANDARDS: dict[str, Standard] = {
    function.__name__: function
    for function in (company_name, person_name, invoice_number, digits, bank_account, nino, post_code)
}
"""The functions that records.yaml may name."""
