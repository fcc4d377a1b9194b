"""How much a heading says of each column: compared word by word with published names and synonyms.

Words that many columns share ("number", "supplier") count for little, words of one column ("sort", "birth")
for much. A word with a slip in it still counts, a different figure does not: "Address 2" is not "Address 1".
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from specs.headings import loosely
from specs.proposal.synonyms import KnownColumn, Synonyms
from specs.specification import Specification

PERHAPS = 0.8
"""How much a heading counts that may mean a column, where one that says exactly this counts 1."""
_LEAST_ALIKE = 0.6
"""Headings less alike than this say nothing."""
_SLIP = 80
"""Two words this alike, in hundredths, are one word with a slip of the keyboard."""
_SHORTEST_WITH_SLIP = 5

_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_PLURAL = re.compile(r"\(e?s\)|['’]s\b")
_PARTS = re.compile(r"[^\W\d_]+|\d+")
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PASSED_OVER = frozenset({"the", "of", "a", "an", "for", "per"})

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeadingScore:
    """How like a known heading a heading is: 0 not at all, 1 it says exactly this."""

    score: float
    like: str = ""
    """The known heading."""
    same_words: bool = False
    exact: bool = False
    """Whether it has the same words, and the known heading says exactly this."""


NOTHING_LIKE_IT = HeadingScore(0.0)


@dataclass(frozen=True, slots=True)
class _Known:
    words: frozenset[str]
    heading: str
    letters: str
    strength: float


class HeadingWords:
    """What every column is called, ready to compare headings with.

    Args:
        specification: its published names count as well as the synonyms of its columns.
        known: what source systems call things.
    """

    def __init__(self, specification: Specification, known: Synonyms) -> None:
        self._abbreviations = known.abbreviations
        self._seen: dict[str, frozenset[str]] = {}
        self._unknown: dict[frozenset[str], frozenset[str]] = {}
        of_dataset = known.of_dataset(specification.dataset)
        published = {field.column: field.name for field in specification.fields}
        self.columns: dict[str, tuple[_Known, ...]] = {}
        for column, entry in {**of_dataset, **known.others}.items():
            # Columns of other data sets keep a heading away from ours only where it says exactly them.
            ours = (*published, *known.others, *known.stand_ins.values())
            sure_only = column not in ours
            self.columns[column] = tuple(self._known(entry, sure_only=sure_only))
        for column, name in published.items():
            mine = _Known(self.words(name), name, loosely(name), 1.0)
            self.columns[column] = (mine, *self.columns.get(column, ()))
        self._weights = _weights(self.columns)

    def words(self, heading: str) -> frozenset[str]:
        """The words of a heading: in lower case, singular, short forms written out."""
        if heading not in self._seen:
            self._seen[heading] = frozenset(self._tokens(heading))
        return self._seen[heading]

    def score(self, heading: str, column: str) -> HeadingScore:
        """How much a heading says of a column."""
        words, letters = self.words(heading), loosely(heading)
        best = NOTHING_LIKE_IT
        for known in self.columns.get(column, ()):
            same = letters == known.letters
            alike = 1.0 if same else self._alike(words, known.words)
            score = known.strength * alike
            if alike >= _LEAST_ALIKE and (score > best.score or (same and score == best.score)):
                best = HeadingScore(score, known.heading, alike == 1.0, exact=score == 1.0)
        return best

    def says_one_of(self, heading: str, names: Iterable[str]) -> bool:
        """Whether a heading has exactly the words of one of these."""
        return any(self._tokens(heading) == self._tokens(name) for name in names)

    def _known(self, entry: KnownColumn, *, sure_only: bool) -> Iterator[_Known]:
        for name, sure in entry.called():
            if sure or not sure_only:
                yield _Known(self.words(name), name, loosely(name), 1.0 if sure else PERHAPS)

    def _tokens(self, heading: str) -> Tokens:
        text = unicodedata.normalize("NFKC", heading)
        text = _INITIALS.sub(lambda initials: initials[0].replace(".", "") + " ", text)
        text = _CAPITALS.sub(" ", _PLURAL.sub("", text)).casefold()
        tokens: list[str] = []
        for token in _single_letters_joined(_PARTS.findall(text)):
            written_out = self._abbreviations.get(token, token)
            tokens += [_singular(word) for word in written_out.split() if word not in _PASSED_OVER]
        return tuple(tokens)

    def _alike(self, mine: frozenset[str], theirs: frozenset[str]) -> float:
        """The share of their words, by weight, that two headings have in common."""
        common, unknown = mine & theirs, self._unknown_among(mine)
        if not (common or unknown) or not theirs or _figures(mine) != _figures(theirs):
            return 0.0
        if len(common) == len(mine) == len(theirs):
            return 1.0
        shared = 2 * sum(map(self._weight, common))
        for word in unknown:
            slipped = max((theirs - common), key=lambda other: fuzz.ratio(word, other), default="")
            if min(len(word), len(slipped)) >= _SHORTEST_WITH_SLIP and fuzz.ratio(word, slipped) >= _SLIP:
                # The weight of the word that was meant, on both sides, less a little for the slip.
                shared += 2 * self._weight(slipped) * fuzz.ratio(word, slipped) / 100
                mine = (mine - {word}) | {slipped}
        total = sum(map(self._weight, mine)) + sum(map(self._weight, theirs))
        return min(shared / total, 0.99)

    def _unknown_among(self, words: frozenset[str]) -> frozenset[str]:
        """The words that no column is called by."""
        if words not in self._unknown:
            self._unknown[words] = words - self._weights.keys()
        return self._unknown[words]

    def _weight(self, word: str) -> float:
        return self._weights.get(word, self._weights[""])


def _weights(columns: Mapping[str, tuple[_Known, ...]]) -> dict[str, float]:
    """How much each word tells, by the number of columns that it occurs in; '' is a word nobody knows."""
    within = Counter(
        word for entries in columns.values() for word in frozenset().union(*(e.words for e in entries))
    )
    weights = {word: math.log(1 + len(columns) / count) for word, count in within.items()}
    return {**weights, "": math.log(1 + len(columns) / 2)}


def _figures(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word.lstrip("0") for word in words if word.isdigit())


def _singular(word: str) -> str:
    return (
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
    )


def _single_letters_joined(tokens: list[str]) -> list[str]:
    """'f', 'p', 'c' as 'fpc', and 'a', 'c' as 'ac'; a letter that stands alone stays."""
    joined: list[str] = []
    run = ""
    for token in [*tokens, ""]:
        if len(token) == 1 and token.isalpha():
            run += token
            continue
        joined += [run] if run else []
        run = ""
        joined += [token] if token else []
    return joined
