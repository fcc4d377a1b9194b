"""Which field that we hold a published field is, told from the names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import fuzz

from specs.headings import loosely

LIKE_ENOUGH = 88
"""rapidfuzz's 0 to 100. 'Home' and 'Mobile telephone number' have 86."""

_ENDING_IN_BRACKETS = re.compile(r"\((\w{1,2})\)")


def same_fields(published: Sequence[str], held: Sequence[str]) -> dict[int, int]:
    """For the place of a published name, the place of the held name that means the same field.

    First the same letters and digits; then names very much alike; then names of which one has all words
    of the other ('Address 1', 'Address line 1'), where nothing else competes. Numbers in the names must be
    the same. Each name is used once; of two that are equally near, neither is taken.
    """
    pairs = _same_letters(published, held)
    for likeness in (_alike, _one_within_the_other):
        pairs |= _best_pairs(
            [(place, name) for place, name in enumerate(published) if place not in pairs],
            [(place, name) for place, name in enumerate(held) if place not in pairs.values()],
            likeness,
        )
    return pairs


def column_name(name: str, taken: Iterable[str]) -> str:
    """A column name for a field: 'Net pay (annual)' is net_pay_annual; numbered where that is taken."""
    words = "_".join(_words(name)) or "field"
    stem = words if words[0].isalpha() else f"field_{words}"
    used, column, number = set(taken), stem, 2
    while column in used:
        column, number = f"{stem}_{number}", number + 1
    return column


def _best_pairs(
    published: Sequence[tuple[int, str]],
    held: Sequence[tuple[int, str]],
    likeness: Callable[[str, str], float],
) -> dict[int, int]:
    scores = {
        (at, place): score
        for at, name in published
        for place, other in held
        if (score := likeness(name, other)) > 0
    }
    return {
        at: place
        for (at, place), score in scores.items()
        if all(
            score > other
            for (other_at, other_place), other in scores.items()
            if (other_at == at) != (other_place == place)
        )
    }


def _same_letters(published: Sequence[str], held: Sequence[str]) -> dict[int, int]:
    """The first of each, where a name occurs twice."""
    free: dict[str, int] = {}
    for place, name in enumerate(held):
        free.setdefault(loosely(name), place)
    free.pop("", None)
    return {at: free.pop(key) for at, name in enumerate(published) if (key := loosely(name)) in free}


def _alike(left: str, right: str) -> float:
    if _numbers(left) != _numbers(right):
        return 0
    left_words, right_words = " ".join(_words(left)), " ".join(_words(right))
    score = max(fuzz.ratio(left_words, right_words), fuzz.token_sort_ratio(left_words, right_words))
    return score if score >= LIKE_ENOUGH else 0


def _one_within_the_other(left: str, right: str) -> float:
    left_words, right_words = set(_words(left)), set(_words(right))
    smaller, larger = sorted((left_words, right_words), key=len)
    if _numbers(left) != _numbers(right) or len(smaller) < 2 or not smaller <= larger:
        return 0
    return len(smaller) / len(larger)


def _numbers(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def _words(name: str) -> list[str]:
    plain = _ENDING_IN_BRACKETS.sub(r"\1", name.casefold())
    return re.findall(r"[a-z0-9]+", plain.replace("'", ""))
