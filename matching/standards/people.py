"""Names and National Insurance numbers of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from nicknames import name_triplets

from matching.standards.text import (
    any_of,
    lists_of,
    null_where,
    of_distinct,
    plain,
    present,
    settled,
    words,
)
from specs.checks.people import NINO_FORM, NINO_NEVER_ISSUED

_HYPHENS = "[-‐–]"


def person_name(*parts: pa.Array) -> pa.Array:
    """Surname and first forename in capitals: 'O'Neil', 'Mary Jane' gives 'ONEIL MARY'.

    Titles and what follows a name (Jr, Esq) go, and so do hyphens, apostrophes and the spaces in a surname:
    'van der Berg' is 'VANDERBERG'. Null where the surname is blank.

    Args:
        parts: surname, then forenames; a surname such as 'Smith, John' brings its own where there are none.
    """
    last = surname(parts[0])
    if len(parts) == 1:
        return last
    first = pc.coalesce(forename(parts[1]), forename(_after_comma(parts[0])), pa.scalar(""))
    return pc.utf8_trim_whitespace(pc.binary_join_element_wise(last, first, " "))


def surname(name: pa.Array) -> pa.Array:
    """A surname in capitals and one word, without title or suffix: 'Mr O'Neil Jr' gives 'ONEIL'."""
    return of_distinct(_surname, name)


def forename(names: pa.Array) -> pa.Array:
    """The first of a person's forenames, without title: 'Dr Mary-Jane A' gives 'MARYJANE'."""
    return of_distinct(_forename, names)


def forenames_meant(names: pa.Array) -> pa.ListArray:
    """The first forename and the names it may be short for: 'Bill' gives 'BILL' and 'WILLIAM'.

    Weak evidence: one short form serves several names, and some names are short forms themselves. Source: the
    names of the library nicknames.
    """
    return of_distinct(_forenames_meant, names)


def surname_and_initial(last: pa.Array, forenames: pa.Array) -> pa.Array:
    """'Smith', 'John' gives 'SMITH J'; null without either."""
    initial = pc.utf8_slice_codeunits(pc.coalesce(forename(forenames), forename(_after_comma(last))), 0, 1)
    return pc.binary_join_element_wise(surname(last), initial, " ")


def payee_as_person(name: pa.Array) -> pa.ListArray:
    """What `surname_and_initial` would give if a payee were a person; null where nothing tells one.

    'Mr John Smith', 'Smith, John', 'Smith J' and 'J Smith' all give 'SMITH J'. Two words, of which neither
    is an initial, give both orders if a word is a known forename.
    """
    return of_distinct(_payee_as_person, name)


def _after_comma(name: pa.Array) -> pa.Array:
    has_comma = pc.match_substring(name, ",")
    return null_where(pc.invert(has_comma), pc.replace_substring_regex(name, "^[^,]*,", ""))


def _words_of(name: pa.Array) -> pa.Array:
    """In capitals, hyphenated parts as one word, titles before and suffixes after it gone."""
    whole = plain(pc.replace_substring_regex(name, _HYPHENS, ""))
    return settled(
        lambda some: pc.replace_substring_regex(
            pc.replace_substring_regex(some, _before(), ""), _after(), ""
        ),
        whole,
    )


def _surname(name: pa.Array) -> pa.Array:
    """One word has to stay as it is however often a title seems to begin it: spaces go last."""
    its = _words_of(pc.replace_substring_regex(name, ",.*", ""))
    return present(pc.replace_substring(its, " ", ""))


def _forename(names: pa.Array) -> pa.Array:
    return present(pc.replace_substring_regex(_words_of(names), " .*", ""))


def _forenames_meant(names: pa.Array) -> pa.ListArray:
    firsts = _forename(names)
    meant = [
        (row, name)
        for row, first in enumerate(firsts.to_pylist())
        if first
        for name in (first, *_formal_names().get(first, ()))
    ]
    row = pa.array((row for row, _ in meant), pa.int64())
    return lists_of(len(names), row, pa.array((name for _, name in meant), pa.string()))


def _payee_as_person(name: pa.Array) -> pa.ListArray:
    had_title = pc.match_substring_regex(plain(name), _before())
    surnames = pc.if_else(pc.match_substring(name, ","), _surname(name), None)
    initials = pc.utf8_slice_codeunits(_forename(_after_comma(name)), 0, 1)
    read = zip(
        _words_of(name).to_pylist(),
        had_title.to_pylist(),
        surnames.to_pylist(),
        initials.to_pylist(),
        strict=True,
    )
    found = [
        (row, f"{last} {initial}")
        for row, (its, titled, before_comma, after_comma) in enumerate(read)
        if its
        for last, initial in (
            [(before_comma, after_comma)]
            if before_comma and after_comma
            else _readings(its.split(), bool(titled))
        )
    ]
    rows = pa.array((row for row, _ in found), pa.int64())
    return lists_of(len(name), rows, pa.array((form for _, form in found), pa.string()))


_MOST_WORDS = 4
"""Of a person's name."""


def _readings(its: list[str], titled: bool) -> list[tuple[str, str]]:
    """Surname and initial, in each order that the words allow."""
    if not 2 <= len(its) <= _MOST_WORDS or not all(word.isalpha() for word in its):
        return []
    last_is_surname = (its[-1], its[0][0])
    first_is_surname = (its[0], its[1][0])
    if len(its[0]) == 1 and len(its[-1]) > 1:
        return [last_is_surname]
    if all(len(word) == 1 for word in its[1:]) and len(its[0]) > 1:
        return [first_is_surname]
    if titled:
        return [last_is_surname]
    known = _forenames()
    return [last_is_surname] * (its[0] in known) + [first_is_surname] * (its[1] in known)


@cache
def _before() -> str:
    return rf"^(?:{any_of(words('people')['titles'])} )+"


@cache
def _after() -> str:
    return rf"(?: {any_of(words('people')['after_a_name'])})+$"


@cache
def _formal_names() -> Mapping[str, tuple[str, ...]]:
    """Short form -> the names that it may stand for."""
    formal = defaultdict(set)
    for its in name_triplets():
        if its.relationship == "has_nickname":
            formal[its.name2.upper()].add(its.name1.upper())
    return {short: tuple(sorted(names)) for short, names in formal.items()}


@cache
def _forenames() -> frozenset[str]:
    return frozenset(name.upper() for its in name_triplets() for name in (its.name1, its.name2))


def nino(number: pa.Array) -> pa.Array:
    """The first eight characters of a National Insurance number; null where the form is wrong.

    Temporary numbers and prefixes that are never given out are null: they match nobody.
    The form is the one that the check of the same name asks for.
    """
    packed = pc.replace_substring_regex(pc.utf8_upper(number), r"[\s-]", "")
    has_form = pc.match_substring_regex(packed, NINO_FORM)
    good = pc.and_(has_form, pc.invert(pc.match_substring_regex(packed, NINO_NEVER_ISSUED)))
    return null_where(pc.invert(good), pc.utf8_slice_codeunits(packed, 0, 8))
