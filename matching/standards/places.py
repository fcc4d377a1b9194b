"""Addresses and post codes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, reduce

import pyarrow as pa
import pyarrow.compute as pc

from matching.standards.text import (
    any_of,
    lists_of,
    null_where,
    of_distinct,
    of_those,
    plain,
    present,
    with_words,
    words,
)

_LEAST_CODE = 5
"""Characters of a post code without its space."""
_LETTERS_FOR_DIGITS = {"O": "0", "I": "1", "L": "1", "S": "5", "B": "8", "Z": "2"}
_DIGITS_FOR_LETTERS = {"0": "O", "1": "I", "5": "S", "8": "B"}
_LINE = " | "


def post_code(code: pa.Array) -> pa.Array:
    """A post code in capitals without spaces; null where it is too short or has no digit.

    Letters where only a digit can stand are mended, and digits in place of letters: 'LSI 4AP' and 'LS1 4AP'
    are one. ZZ99, which stands for 'no fixed address' and other places that are none, is null too.
    """
    return of_distinct(_post_code, code)


def _post_code(code: pa.Array) -> pa.Array:
    packed = pc.replace_substring(plain(code), " ", "")
    whole = of_those(pc.invert(pc.match_substring_regex(packed, _british())), packed, _mended)
    good = pc.and_(
        pc.match_substring_regex(whole, rf"^.{{{_LEAST_CODE},}}$"), pc.match_substring_regex(whole, r"\d")
    )
    return null_where(pc.or_(pc.invert(good), pc.starts_with(whole, "ZZ99")), whole)


def _mended(packed: pa.Array) -> pa.Array:
    """The one or other reading that is a British post code; as it was where none is."""
    outward, inward = pc.utf8_slice_codeunits(packed, 0, -3), pc.utf8_slice_codeunits(packed, -3)
    sector = _with_characters(pc.utf8_slice_codeunits(inward, 0, 1), _LETTERS_FOR_DIGITS)
    unit = _with_characters(pc.utf8_slice_codeunits(inward, 1), _DIGITS_FOR_LETTERS)
    made = packed
    for letters in (1, 2):
        area = _with_characters(pc.utf8_slice_codeunits(outward, 0, letters), _DIGITS_FOR_LETTERS)
        district = _with_characters(pc.utf8_slice_codeunits(outward, letters), _LETTERS_FOR_DIGITS)
        reading = pc.binary_join_element_wise(area, district, sector, unit, "")
        made = pc.if_else(pc.match_substring_regex(reading, _british()), reading, made)
    return made


def _with_characters(text: pa.Array, mapping: Mapping[str, str]) -> pa.Array:
    return reduce(lambda made, pair: pc.replace_substring(made, *pair), mapping.items(), text)


@cache
def _british() -> str:
    return (
        rf"^{any_of(words('places')['areas'].split())}[0-9](?:[0-9]|[A-HJKMNP-Y])?[0-9][ABD-HJLNP-UW-Z]{{2}}$"
    )


def address(*lines_and_code: pa.Array) -> pa.Array:
    """Flat, house number, street and post code, or building and post code: '2 14 HIGH STREET LS14AP'.

    Whatever the order and spelling of the lines. Null without a post code, and where nothing tells which
    premises are meant.

    Args:
        lines_and_code: the lines of an address, then its post code.
    """
    *lines, code = lines_and_code
    there = of_distinct(_premises, _joined(lines))
    return pc.binary_join_element_wise(there.field("place"), post_code(code), " ")


def premises(*lines_and_code: pa.Array) -> pa.Array:
    """The numbers of flat and house with the post code, however the street is spelt: '2 14 LS14AP'.

    Null where the address has no number or no post code.
    """
    *lines, code = lines_and_code
    there = of_distinct(_premises, _joined(lines))
    return pc.binary_join_element_wise(there.field("numbers"), post_code(code), " ")


def street_and_town(*lines_and_code: pa.Array) -> pa.ListArray:
    """Number and street with each further line and with the post code's district: weak, for want of better.

    '14 High Street', 'Headingley', 'Leeds', 'LS6 4AP' gives '14 HIGH STREET HEADINGLEY', '14 HIGH STREET
    LEEDS' and '14 HIGH STREET LS6'. Null where there is no number and street.
    """
    *lines, code = lines_and_code
    there = of_distinct(_premises, _joined(lines))
    street = there.field("numbered_street")
    district = pc.replace_substring_regex(post_code(code), "...$", "")
    towns = [present(_line(line)) for line in lines[1:]]
    around = [*(null_where(_is_street(town), town) for town in towns), district]
    forms = [pc.binary_join_element_wise(street, town, " ") for town in around]
    rows = len(street)
    row = pa.array(range(rows), pa.int64())
    return lists_of(rows, pa.concat_arrays([row] * len(forms)), pa.concat_arrays(forms))


def _is_street(line: pa.Array) -> pa.Array:
    """It has a number, or ends as streets do: no town."""
    return pc.match_substring_regex(line, rf"[0-9]|{_street_end()}$")


def _joined(lines: list[pa.Array]) -> pa.Array:
    made = [pc.fill_null(_line(line), "") for line in lines]
    return pc.binary_join_element_wise(*made, _LINE) if len(made) > 1 else made[0]


def _line(line: pa.Array) -> pa.Array:
    return of_distinct(_one_line, line)


def _one_line(line: pa.Array) -> pa.Array:
    """In capitals, abbreviations written out; ST is SAINT at the beginning of a name and STREET elsewhere."""
    whole = with_words(plain(line), _replacements())
    saint = pc.replace_substring_regex(
        whole, r"(^|[0-9][A-Z]? |\b(?:OF|AND|BY|NEAR) )ST ([A-Z])", r"\1SAINT \2"
    )
    return pc.replace_substring_regex(saint, r"\bST\b", "STREET")


def _premises(address: pa.Array) -> pa.StructArray:
    """What tells the premises of addresses with ' | ' between their lines.

    Returns:
        `place` (numbers and street, a PO box, or a building), `numbers`, `numbered_street`; each null where
        the address does not tell it.
    """
    unit = pc.struct_field(
        pc.extract_regex(address, rf"\b{_unit()} (?P<unit>[A-Z]?[0-9]+[A-Z]?|[A-Z])\b"), "unit"
    )
    unitless = pc.replace_substring_regex(
        address, rf"\b(?:{_unit()} (?:[A-Z]?[0-9]+[A-Z]?|[A-Z])\b|{_floor()})", ""
    )
    numbered = pc.extract_regex(
        unitless, r"(?:^|[ |])(?P<number>[0-9]+ ?[A-Z]?(?: [0-9]+[A-Z]?)?) (?P<street>[A-Z][A-Z][^|]*)"
    )
    number = pc.replace_substring_regex(pc.struct_field(numbered, "number"), r"([0-9]) ([A-Z])\b", r"\1\2")
    street = pc.utf8_trim_whitespace(
        pc.replace_substring_regex(pc.struct_field(numbered, "street"), rf"({_street_end()}) .*", r"\1")
    )
    box = pc.struct_field(pc.extract_regex(address, r"\bP ?O BOX (?:NO )?(?P<box>[0-9]+)"), "box")
    building = pc.struct_field(pc.extract_regex(unitless, r"^[ |]*(?P<building>[^|]+)"), "building")
    is_street = pc.match_substring_regex(building, rf"{_street_end()} *$")
    is_none = pc.or_(pc.match_substring_regex(building, "^[0-9 ]*$"), pc.and_(is_street, pc.is_null(unit)))
    named = null_where(is_none, building)
    numbers = pc.if_else(
        pc.is_valid(number),
        pc.utf8_trim_whitespace(pc.binary_join_element_wise(pc.fill_null(unit, ""), number, " ")),
        unit,
    )
    numbered_street = pc.utf8_trim_whitespace(
        pc.binary_join_element_wise(pc.fill_null(unit, ""), number, street, " ")
    )
    housed = pc.utf8_trim_whitespace(
        pc.binary_join_element_wise(pc.fill_null(unit, ""), present(pc.utf8_trim_whitespace(named)), " ")
    )
    box_number = pc.binary_join_element_wise(pa.scalar("PO BOX"), box, " ")
    place = pc.coalesce(box_number, numbered_street, housed)
    return pa.StructArray.from_arrays(
        [place, pc.coalesce(null_where(pc.is_valid(number), box), numbers), numbered_street],
        ["place", "numbers", "numbered_street"],
    )


@cache
def _street_end() -> str:
    return rf"\b{any_of(words('places')['street_types'])}"


@cache
def _unit() -> str:
    return any_of(words("places")["units"])


@cache
def _floor() -> str:
    return any_of(words("places")["floors"])


@cache
def _replacements() -> Mapping[str, str]:
    return {other: word for word, others in words("places")["spellings"].items() for other in others}
