"""Which characters of values that belong together differ, so that an eye finds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

_LEAST_ALIKE = 0.5
"""Below it, values are different altogether, and marking single characters would only confuse."""
_LONGEST = 400
"""Characters of the values that are compared one by one."""


class Run(NamedTuple):
    """A piece of a text, and whether it differs."""

    text: str
    differs: bool


def differing(values: Sequence[str | None]) -> list[tuple[Run, ...] | None]:
    """For each value its pieces, those marked that differ from the first value that is there.

    The first itself has those marked that the next different one does not have. None for a value that is not
    there, one in which no character differs, and one that is different altogether. Capitals and small letters
    are alike here.
    """
    places = [place for place, value in enumerate(values) if value]
    found: list[tuple[Run, ...] | None] = [None] * len(values)
    if not places:
        return found
    first = values[places[0]] or ""
    for place in places[1:]:
        value = values[place] or ""
        if found[places[0]] is None:
            found[places[0]] = _runs(first, value)
        found[place] = _runs(value, first)
    return found


def _runs(text: str, other: str) -> tuple[Run, ...] | None:
    """The pieces of `text`, those marked that `other` does not have in their place."""
    plain, plain_other = _plain(text), _plain(other)
    if plain == plain_other or max(len(text), len(other)) > _LONGEST:
        return None
    if Indel.normalized_similarity(plain, plain_other) < _LEAST_ALIKE:
        return None
    runs: list[Run] = []
    for step in Indel.opcodes(plain_other, plain):
        piece = text[step.dest_start : step.dest_end]
        if piece:
            runs.append(Run(piece, differs=step.tag != "equal"))
    return tuple(runs) if any(run.differs for run in runs) else None


def _plain(text: str) -> str:
    """In small letters, where that leaves every character in its place."""
    small = text.lower()
    return small if len(small) == len(text) else text
