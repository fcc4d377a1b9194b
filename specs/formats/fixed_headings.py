"""The row of headings in fixed-width text: its words show where the columns begin."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from specs.formats.heading_row import FIRST_ROWS
from specs.headings import looks_like_a_record

_MOST = 0.8
"""Share of the values that have to stand exactly below a word."""

_WORD = re.compile(r"\S+")
_APART = re.compile(r"\s{2,}")

Filled = npt.NDArray[np.bool_]
"""Which characters (second axis) of which rows (first axis) are no blanks."""


@dataclass(frozen=True, slots=True)
class HeadedColumns:
    """What a row of headings says about the columns."""

    place: int
    """Index of the row among those given."""
    names: tuple[str, ...]
    starts: tuple[int, ...]
    """First character of each column, counted from 0."""


@dataclass(frozen=True, slots=True)
class _Heading:
    """One heading: one word or more, and its first and last character."""

    text: str
    first: int
    last: int


def filled_characters(rows: Sequence[str]) -> Filled:
    """Where rows, shorter ones padded with blanks, hold something."""
    length = max(map(len, rows), default=0)
    characters = np.array([list(row.ljust(length)) for row in rows], dtype="U1")
    return np.asarray(characters.reshape(len(rows), length) != " ")


def headed_columns(rows: Sequence[str], *, named: int | None = None) -> HeadedColumns | None:
    """The columns that a row of headings gives; None where no row is one.

    Of the first rows it is the one with the most words that stand above the values of a column: above their
    first characters, their last ones, or behind a gap that runs through all records. It has words
    where the records have numbers, and what stands above it is bare. Two words with one blank between them
    are one heading, unless the records begin anew below the second.

    Args:
        rows: the first rows, without blank ones.
        named: index of the row that a person named: it is one then, whatever stands below.
    """
    if named is not None:
        return _columns(rows, named)[0] if named + 1 < len(rows) else None
    best, most = None, 1
    for place in range(min(FIRST_ROWS, len(rows) - 2)):
        if not _may_be_headings(rows[place]):
            continue
        columns, aligned = _columns(rows, place)
        wide = max(2, len(columns.names) // 2)
        bare = all(len(_APART.split(above.strip())) <= wide for above in rows[:place])
        if (
            aligned > most
            and bare
            and 3 * aligned >= 2 * len(columns.names)
            and _above_numbers(rows, columns)
        ):
            best, most = columns, aligned
    return best


def _may_be_headings(row: str) -> bool:
    words = _APART.split(row.strip())
    return 2 * sum(map(_is_word, words)) > len(words) and not looks_like_a_record(row.split())


def _is_word(text: str) -> bool:
    """Whether letters outnumber digits."""
    return sum(map(str.isalpha, text)) > sum(map(str.isdigit, text))


def _columns(rows: Sequence[str], place: int) -> tuple[HeadedColumns, int]:
    """The columns below a row, and how many of its headings stand above values."""
    filled = filled_characters(rows[place:])[1:]
    headings = _headings(rows[place], filled)
    starts = [0]
    for left, heading in itertools.pairwise(headings):
        starts.append(_start(heading, left.last + 1, filled))
    aligned = sum(1 for heading in headings if _stands_above(heading, filled) or _behind_gap(heading, filled))
    names = tuple(heading.text for heading in headings)
    return HeadedColumns(place, names, tuple(starts)), aligned


def _headings(row: str, filled: Filled) -> list[_Heading]:
    found: list[_Heading] = []
    for heading in _words(row, filled):
        left = found[-1] if found else None
        one_blank = left is not None and heading.first == left.last + 2
        if left is None or not one_blank or (_behind_gap(heading, filled) and _stands_above(heading, filled)):
            found.append(heading)
        else:
            found[-1] = _Heading(f"{left.text} {heading.text}", left.first, heading.last)
    return found


def _words(row: str, filled: Filled) -> list[_Heading]:
    """The words of a row; 'NumberTitle' is two of them where values begin below the T, behind a gap."""
    found: list[_Heading] = []
    for word in _WORD.finditer(row):
        first, end = word.span()
        for at in range(first + 1, end):
            heading = _Heading(row[at:end], at, end - 1)
            anew = row[at - 1].islower() and row[at].isupper()
            if anew and _behind_gap(heading, filled) and _begin_below(heading, filled):
                found.append(_Heading(row[first:at], first, at - 1))
                first = at
        found.append(_Heading(row[first:end], first, end - 1))
    return found


def _stands_above(heading: _Heading, filled: Filled) -> bool:
    return _begin_below(heading, filled) or _end_below(heading, filled)


def _begin_below(heading: _Heading, filled: Filled) -> bool:
    """Whether most values below a heading begin under its first character."""
    below = filled[:, heading.first : heading.last + 1].any(axis=1)
    begin = filled[:, heading.first].copy()
    if heading.first:
        begin &= ~filled[:, heading.first - 1]
    return bool(below.any() and begin.sum() >= _MOST * below.sum())


def _end_below(heading: _Heading, filled: Filled) -> bool:
    """Whether most values below a heading end under its last character, as sums do."""
    below = filled[:, heading.first : heading.last + 1].any(axis=1)
    end = filled[:, heading.last].copy()
    if heading.last + 1 < filled.shape[1]:
        end &= ~filled[:, heading.last + 1]
    return bool(below.any() and end.sum() >= _MOST * below.sum())


def _behind_gap(heading: _Heading, filled: Filled) -> bool:
    return heading.first == 0 or not filled[:, heading.first - 1].any()


def _start(heading: _Heading, earliest: int, filled: Filled) -> int:
    """Where the column of a heading begins.

    As a rule with the heading. The blanks before sums that end below each other are theirs, though: a longer
    sum in a later row must not lose its first digits.
    """
    if _begin_below(heading, filled) or not _end_below(heading, filled):
        return heading.first
    at = heading.first
    while at > earliest and filled[:, at - 1].any():
        at -= 1
    if at == earliest:
        return heading.first
    while at > earliest and not filled[:, at - 1].any():
        at -= 1
    return at


def _above_numbers(rows: Sequence[str], columns: HeadedColumns) -> bool:
    """Whether there are columns of numbers, and words above (nearly) all of them."""
    ends = [*columns.starts[1:], None]
    with_numbers, with_words = 0, 0
    for name, start, end in zip(columns.names, columns.starts, ends, strict=True):
        values = [value for row in rows[columns.place + 1 :] if (value := row[start:end].strip())]
        if values and sum(any(map(str.isdigit, value)) for value in values) >= _MOST * len(values):
            with_numbers += 1
            with_words += _is_word(name)
    return with_numbers > 0 and 4 * with_words >= 3 * with_numbers
