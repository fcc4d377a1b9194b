"""Telephone numbers and e-mail addresses."""

from __future__ import annotations

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

from matching.standards.text import any_of, lists_of, null_where, of_distinct, of_those, words

_EXTENSION = r"(?i)\s*(?:;|,)?\s*(?:ext(?:ension|n)?|x)\.?\s*:?\s*[0-9]{1,6}\s*$"
_HOME = r"^0(?:1[0-9]{8,9}|2[0-9]{9}|3[0-9]{9}|5[56][0-9]{8}|7[0-9]{9}|8[0-9]{9}|800[0-9]{6}|9[0-9]{9})$"
"""UK numbers as dialled at home (Ofcom's numbering plan, recalled)."""
_ZERO_LOST = r"^(?:1[0-9]{9}|2[0-9]{9}|7[0-9]{9})$"
_FILLER = r"^0+$|0{7}|1{7}|2{7}|3{7}|4{7}|5{7}|6{7}|7{7}|8{7}|9{7}|1234567|123456$"
_ADDRESS = r"^[^\s@,;<>()]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$"
_GMAIL = r"@(?:gmail|googlemail)\.com$"


def telephones(*numbers: pa.Array) -> pa.ListArray:
    """The telephone numbers of a record as +44… (E.164), in any of its columns; null where it has none.

    A number without country is British. Extensions go; numbers such as 0000 000 000 are placeholders.
    """
    rows = len(numbers[0])
    row = pa.array(range(rows), pa.int64())
    found = [of_distinct(_telephone, number) for number in numbers]
    return lists_of(rows, pa.concat_arrays([row] * len(found)), pa.concat_arrays(found))


def _telephone(number: pa.Array) -> pa.Array:
    whole = pc.replace_substring_regex(number, _EXTENSION, "")
    packed = pc.replace_substring_regex(whole, r"\(0\)|[^0-9+]", "")
    national = pc.replace_substring_regex(packed, r"^(?:\+44|0044|44)0?", "0")
    national = of_those(
        pc.match_substring_regex(national, _ZERO_LOST),
        national,
        lambda some: pc.binary_join_element_wise(pa.scalar("0"), some, ""),
    )
    is_home = pc.match_substring_regex(national, _HOME)
    is_abroad = pc.and_(pc.match_substring_regex(packed, r"^(?:\+|00)[1-9][0-9]{6,}"), pc.invert(is_home))
    international = pc.replace_substring_regex(national, "^0", "+44")
    known = null_where(pc.invert(is_home), international)
    found = of_those(is_abroad, pc.if_else(is_abroad, packed, known), _from_abroad)
    return null_where(pc.match_substring_regex(pc.replace_substring(found, "+44", "0"), _FILLER), found)


def _from_abroad(numbers: pa.Array) -> pa.Array:
    return pa.array((_in_its_plan(number) for number in numbers.to_pylist()), pa.string())


def _in_its_plan(number: str) -> str | None:
    try:
        parsed = phonenumbers.parse(number.replace("00", "+", 1) if number.startswith("00") else number, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def email_address(address: pa.Array) -> pa.Array:
    """An e-mail address in lower case without what follows a plus sign; null where it is none.

    The dots before @gmail.com say nothing and go; googlemail.com is gmail.com. Shared mailboxes such as
    accounts@ stay: who shares one is worth knowing.
    """
    return of_distinct(_email_address, address)


def _email_address(address: pa.Array) -> pa.Array:
    lower = pc.utf8_lower(
        pc.utf8_trim_whitespace(pc.replace_substring_regex(address, r"(?i)^\s*mailto:", ""))
    )
    untagged = pc.replace_substring_regex(lower, r"^([^+@]+)\+[^@]*@", r"\1@")
    one = of_those(pc.match_substring_regex(untagged, _GMAIL), untagged, _gmail)
    none = pc.match_substring_regex(
        one,
        f"^{any_of(words('placeholders')['mailboxes'])}@|@{any_of(words('placeholders')['mail_domains'])}$",
    )
    return null_where(pc.or_(none, pc.invert(pc.match_substring_regex(one, _ADDRESS))), one)


def _gmail(address: pa.Array) -> pa.Array:
    box = pc.replace_substring(pc.replace_substring_regex(address, "@.*", ""), ".", "")
    return pc.binary_join_element_wise(box, pa.scalar("gmail.com"), "@")
