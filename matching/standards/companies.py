"""Names of companies and other payees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from matching.standards.text import (
    any_of,
    bare,
    lists_of,
    null_where,
    of_distinct,
    of_those,
    present,
    settled,
    spaced,
    with_words,
    words,
)

_MARK = "\x1f"
"""Stands between two names of one creditor while a name is taken apart."""
_OTHERS_MARK = "\x1e"
"""The same, where what follows is another's name."""
_INITIALS = re.compile(r"(?<!\w)(\w(?: \w)+)(?!\w)")


def company_name(name: pa.Array) -> pa.Array:
    """A creditor's name as it is compared: 'The Acorn Elec. Co. Ltd (DO NOT USE)' gives 'ACORN ELECTRICAL'.

    In capitals without punctuation, 'the', legal forms, what clerks wrote into it ('do not use', 'old', 'use
    12345'), and words such as 'trading as' between two names, both of which stay. Usual abbreviations are
    written out, numbers in words become digits. Words keep their order. Null where the name is a placeholder.
    """
    return of_distinct(lambda some: _whole(_marked(some)), name)


def company_names(name: pa.Array) -> pa.ListArray:
    """Each name by which a creditor may be known: 'J Birch t/a Acorn' gives 'ACORN', 'J BIRCH' and both.

    Also the name without a branch in brackets or after a dash. Of 'c/o' only what stands before it is the
    creditor's own.
    """
    return of_distinct(_names, name)


def _names(name: pa.Array) -> pa.ListArray:
    marked = _marked(name)
    first = pc.replace_substring_regex(marked, f"[{_MARK}{_OTHERS_MARK}].*", "")
    has_second = pc.match_substring(marked, _MARK)
    second = pc.replace_substring_regex(
        null_where(pc.invert(has_second), marked), f"^[^{_MARK}]*{_MARK}|{_OTHERS_MARK}.*", ""
    )
    branchless = pc.replace_substring_regex(first, _branch(), " ")
    forms = [_whole(form) for form in (marked, first, second, branchless)]
    rows = pa.array(range(len(name)), pa.int64())
    return lists_of(len(name), pa.concat_arrays([rows] * len(forms)), pa.concat_arrays(forms))


def _marked(name: pa.Array) -> pa.Array:
    """In capitals, ledger noise in brackets gone, and a mark between two names."""
    capital = bare(name)
    quiet = of_those(
        pc.match_substring_regex(capital, _noise_apart()),
        capital,
        lambda some: pc.replace_substring_regex(some, _noise_apart(), " "),
    )
    lists = words("companies")
    for listed, mark in ((lists["before_another"], _OTHERS_MARK), (lists["between_names"], _MARK)):
        quiet = pc.replace_substring_regex(quiet, rf"(^|[\s(]){any_of(listed)}([\s:]|$)", rf"\1{mark} ")
    return pc.replace_substring_regex(
        quiet, rf"(\S\s+){any_of(lists['between_names_only'])}\s", rf"\1{_MARK} "
    )


def _whole(marked: pa.Array) -> pa.Array:
    whole = present(spaced(pc.replace_substring_regex(marked, "[&+]", " AND ")))
    return settled(lambda some: present(_stripped(some)), whole)


def _stripped(name: pa.Array) -> pa.Array:
    """Ledger noise and legal forms gone, spellings written out, initials joined; a name never loses all."""
    quiet = of_those(
        pc.match_substring_regex(name, _noise()),
        name,
        lambda some: pc.utf8_trim_whitespace(pc.replace_substring_regex(some, _noise(), " ")),
    )
    ended = pc.replace_substring_regex(with_words(quiet, _replacements()), _endings(), "")
    joined = of_those(pc.match_substring_regex(ended, r"(^| )\pL \pL( |$)"), ended, _with_initials_joined)
    return pc.if_else(pc.equal(joined, ""), name, joined)


def _with_initials_joined(name: pa.Array) -> pa.Array:
    return pa.array(
        (_INITIALS.sub(lambda found: found[1].replace(" ", ""), each) for each in name.to_pylist()),
        pa.string(),
    )


@cache
def _noise_apart() -> str:
    """Noise in brackets, or at the beginning before a dash or colon."""
    noise = words("companies")["ledger_noise"]
    either = any_of([*noise["in_brackets_or_last"], *noise["anywhere"]])
    return rf"[(\[{{*#_]+\s*{either}\b[^)\]}}*#]*[)\]}}*#]*|^\W*{either}\s*[-:]+"


@cache
def _noise() -> str:
    """Noise among plain words: some anywhere, some only last, where a date or number may follow it."""
    noise = words("companies")["ledger_noise"]
    last = any_of(noise["in_brackets_or_last"])
    return rf"\b{any_of(noise['anywhere'])}\b|\s{last}( [0-9]+)*$|^(Z{{2,}}|X{{2,}}) "


@cache
def _endings() -> str:
    return rf"( {any_of(words('companies')['legal_endings'])})+$"


@cache
def _branch() -> str:
    """A part in brackets or after a dash that says it is a branch."""
    named = any_of(words("companies")["branch_words"])
    return rf"\([^)]*\b{named}\b[^)]*\)|\s-+\s[^-]*\b{named}\b[^-]*$"


@cache
def _replacements() -> Mapping[str, str]:
    """Word -> what stands for it; nothing for what is left out."""
    lists = words("companies")
    spellings = {other: word for word, others in lists["spellings"].items() for other in others}
    return spellings | dict.fromkeys([*lists["left_out"], *lists["legal_forms"]], "")
