"""The words of a list of names: how much each tells, and which are spellings of one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from matching.similar.common_words import CommonWords, common_words

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_MOST_SPELLINGS = 20
"""Words that are alike but for one letter left out, above which they are no spellings of one word."""
_MOST_LONGER = 60
"""Longer words looked at for each that may be short for them, in alphabetical order."""


@dataclass(frozen=True)
class NameWords:
    """Names taken apart into words, all of them numbered.

    `word` is the number of each token's word, tokens of one name after another; those of name n stand at
    `start[n]:start[n + 1]`.
    """

    names: int
    texts: tuple[str, ...]
    word: Integers
    start: Integers

    @classmethod
    def of(cls, names: Sequence[str]) -> NameWords:
        """Take apart names in standard form: words with single spaces between them."""
        split = pc.split_pattern(pa.array(names, pa.string()), " ")
        encoded = split.flatten().dictionary_encode()
        start = np.concatenate([[0], np.cumsum(pc.list_value_length(split).to_numpy())]).astype(np.int64)
        return cls(
            len(names),
            tuple(encoded.dictionary.to_pylist()),
            encoded.indices.to_numpy().astype(np.int64),
            start,
        )

    @cached_property
    def name(self) -> Integers:
        """Of each token, the name that it is in."""
        return np.repeat(np.arange(self.names), np.diff(self.start))

    @cached_property
    def number(self) -> dict[str, int]:
        """Word -> its number."""
        return {text: number for number, text in enumerate(self.texts)}

    @cached_property
    def held(self) -> Integers:
        """`name * words + word` of every word in every name, once each and sorted."""
        return np.unique(self.name * len(self.texts) + self.word)

    @cached_property
    def names_with(self) -> Integers:
        """Of each word, how many names hold it."""
        return np.bincount(self.held % len(self.texts), minlength=len(self.texts))

    @cached_property
    def bits(self) -> Floats:
        """Of each word, how much it tells: log2 of how rare it is, here and in the shipped list together."""
        known = common_words()
        shares = np.array([known.share(text) for text in self.texts])
        added = known.weighs_as_much_as
        bits: Floats = -np.log2((self.names_with + added * shares) / (self.names + added))
        return bits

    def marked(self, words: frozenset[str]) -> Flags:
        """Of each word, whether it is one of these."""
        return np.array([text in words for text in self.texts], dtype=np.bool_)


@dataclass(frozen=True)
class Spellings:
    """Pairs of words that may be one, each both ways, sorted by `word`; `likeness` is 0 to 1."""

    word: Integers
    other: Integers
    likeness: Floats
    start: Integers
    """Those of word w stand at `start[w]:start[w + 1]`."""

    @classmethod
    def among(cls, words: NameWords) -> Spellings:
        """Plurals, typing errors and words cut short, among the words of some names.

        Two words of the shipped list are two words, however alike ('CARE' and 'CARS').
        """
        alike = _cut_short(words.texts, common_words()) | _typing_errors(words.texts, common_words())
        pairs = sorted((words.number[left], words.number[right], how) for (left, right), how in alike.items())
        both = sorted(pairs + [(right, left, how) for left, right, how in pairs])
        word = np.array([pair[0] for pair in both], dtype=np.int64)
        counts = np.bincount(word, minlength=len(words.texts))
        return cls(
            word,
            np.array([pair[1] for pair in both], dtype=np.int64),
            np.array([pair[2] for pair in both], dtype=np.float64),
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        )


Alike = dict[tuple[str, str], float]


def _typing_errors(texts: Sequence[str], known: CommonWords) -> Alike:
    """Words that are the same once each has lost at most one letter: no pair of all words is listed."""
    shortened = defaultdict(set)
    for text in texts:
        if len(text) >= 4 and text.isalpha():
            for form in _with_one_letter_less(text):
                shortened[form].add(text)
    groups = (sorted(group) for group in shortened.values() if 1 < len(group) <= _MOST_SPELLINGS)
    pairs = sorted({pair for group in groups for pair in combinations(group, 2)})
    if not pairs:
        return {}
    errors = cpdist([pair[0] for pair in pairs], [pair[1] for pair in pairs], scorer=OSA.distance, workers=-1)
    found = {}
    for pair, distance in zip(pairs, errors.tolist(), strict=True):
        if likeness := _likeness_of_spellings(pair, distance, known):
            found[pair] = likeness
    return found


def _with_one_letter_less(text: str) -> Iterator[str]:
    yield text
    for place in range(len(text)):
        yield text[:place] + text[place + 1 :]


def _likeness_of_spellings(pair: tuple[str, str], errors: int, known: CommonWords) -> float | None:
    short, long = sorted(pair, key=len)
    if long in (f"{short}S", f"{short}ES"):
        return 0.95
    if short in known and long in known:
        return None
    begins_alike = short[0] == long[0]
    if errors == 1 and len(long) >= 5:
        return 0.6 if not begins_alike else 0.9 if len(long) >= 7 else 0.8
    return 0.8 if errors == 2 and len(long) >= 8 and begins_alike else None


def _cut_short(texts: Sequence[str], known: CommonWords) -> Alike:
    """Words of which one begins the other: 'PARTNERSH' for 'PARTNERSHIP', 'PAED' for 'PAEDIATRICS'."""
    ordered = sorted(text for text in texts if text.isalpha())
    found = {}
    for place, short in enumerate(ordered):
        for long in ordered[place + 1 : place + 1 + _MOST_LONGER] if len(short) > 2 else ():
            if not long.startswith(short):
                break
            if short in known and long in known:
                continue
            if len(short) >= 4 and len(long) - len(short) <= 2:
                found[short, long] = 0.8
            elif short not in known and len(long) >= 6:
                found[short, long] = 0.75 if len(short) / len(long) >= 0.6 else 0.5
    return found
