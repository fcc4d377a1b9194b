"""Headings of an extract: tidied, told apart, and compared the way people read them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from hashlib import sha256

SHOWN = 60
"""Longest heading that a message prints, in characters."""

# Found in records, never in a row of headings: a date, a sum with two decimals, a National Insurance number,
# a post code, an email address, a sort code, a long number, a house number before a street.
_RECORD_LIKE = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{2,4}|[-+]?£?\d[\d,]*\.\d\d|[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]"
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[^@\s]+@[^@\s]+\.[A-Za-z]{2,}|\d{2}-\d{2}-\d{2}|\d{7,}"
    r"|\d{1,4}[A-Za-z]? [A-Za-z' ]+ (?i:street|road|avenue|lane|close|drive|way|court|place|crescent|gardens)"
)


def loosely(name: str) -> str:
    """A name as compared between files: letters and digits only, whatever the case or width."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if character.isalnum())


def shown(name: str) -> str:
    """A heading fit for a message of one line: line breaks become spaces, length is capped."""
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


def found_in(headings: Sequence[str], name: str) -> tuple[str, ...]:
    """The headings that `name` can mean; surrounding blanks never count.

    The exact one if it is there, else all that differ in case, spaces or punctuation only.
    """
    exact = name.strip()
    if exact in headings:
        return (exact,)
    key = loosely(exact)
    return tuple(heading for heading in headings if key and loosely(heading) == key)


def heading_signature(headings: Iterable[str]) -> str:
    """What tells one layout from another: SHA-256 over the headings, compared loosely and in any order."""
    return sha256("\n".join(sorted(map(loosely, headings))).encode()).hexdigest()


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, compared loosely; None where nothing comes near."""
    by_key: dict[str, str] = {}
    for candidate in known:
        by_key.setdefault(loosely(candidate), candidate)
    near = difflib.get_close_matches(loosely(name), by_key, n=1)
    return by_key[near[0]] if near else None


def repeated(headings: Iterable[str]) -> tuple[str, ...]:
    """The headings that occur more than once, in order of first appearance."""
    seen: dict[str, int] = {}
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
    return tuple(heading for heading, count in seen.items() if count > 1)


def looks_like_a_record(cells: Iterable[str]) -> bool:
    """True where a cell holds what only a record does, so that the row cannot be one of headings."""
    return any(_RECORD_LIKE.fullmatch(cell.strip()) for cell in cells)


def column_letters(index: int) -> str:
    """A spreadsheet's name for a column: 0 is A, 25 is Z, 26 is AA."""
    letters = ""
    number = index + 1
    while number:
        number, remainder = divmod(number - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters
