"""Measures of how far two values agree: for arrays of unequal values, pair by pair."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from nicknames import name_triplets
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Indel, JaroWinkler
from rapidfuzz.process import cpdist

Measured = npt.NDArray[np.float64] | npt.NDArray[np.int64] | npt.NDArray[np.bool_]
Measure = Callable[[list[str], list[str]], Measured]

_NEAR_MOST = 0.9
"""What one address counts for that holds all the words of another: as nearly the same, not as the same."""


def slips(left: list[str], right: list[str]) -> Measured:
    """Characters to change, leave out, put in, or exchange with the next one."""
    return cpdist(left, right, scorer=OSA.distance, dtype=np.int64, workers=-1)


def alike(left: list[str], right: list[str]) -> Measured:
    """Jaro-Winkler similarity, 0 to 1: a common beginning counts for more."""
    return cpdist(left, right, scorer=JaroWinkler.similarity, dtype=np.float64, workers=-1)


def common(left: list[str], right: list[str]) -> Measured:
    """The share of characters that both have in the same order, 0 to 1."""
    return cpdist(left, right, scorer=Indel.normalized_similarity, dtype=np.float64, workers=-1)


def common_name(left: list[str], right: list[str]) -> Measured:
    """The same of what stands before the @ of e-mail addresses: an employer's domain is everybody's."""
    return common(*([text.partition("@")[0] for text in texts] for texts in (left, right)))


def together(left: list[str], right: list[str]) -> Measured:
    """How alike two addresses are as a whole, 0 to 1, whatever the order of their lines or the spaces."""
    scores = [
        cpdist(left, right, scorer=fuzz.token_sort_ratio, dtype=np.float64, workers=-1),
        cpdist(_closed(left), _closed(right), scorer=fuzz.ratio, dtype=np.float64, workers=-1),
        cpdist(left, right, scorer=fuzz.token_set_ratio, dtype=np.float64, workers=-1) * _NEAR_MOST,
    ]
    best: npt.NDArray[np.float64] = np.maximum.reduce(scores)
    return best / 100


def _closed(texts: list[str]) -> list[str]:
    return [text.replace(" ", "") for text in texts]


def length(left: list[str], right: list[str]) -> Measured:
    """The characters of the shorter one."""
    return np.minimum(_lengths(left), _lengths(right))


def _lengths(texts: list[str]) -> npt.NDArray[np.int64]:
    return np.fromiter(map(len, texts), np.int64, len(texts))


def begins(left: list[str], right: list[str]) -> Measured:
    """Whether one begins with the other."""
    return _told(a.startswith(b) or b.startswith(a) for a, b in zip(left, right, strict=True))


def begins_or_ends(left: list[str], right: list[str]) -> Measured:
    """Whether one begins or ends with the other, as one half of a double name."""
    return _told(
        a.startswith(b) or b.startswith(a) or a.endswith(b) or b.endswith(a)
        for a, b in zip(left, right, strict=True)
    )


def initial(left: list[str], right: list[str]) -> Measured:
    """Whether one is the other's initial."""
    return _told(a[0] == b[0] and min(len(a), len(b)) == 1 for a, b in zip(left, right, strict=True))


def short_form(left: list[str], right: list[str]) -> Measured:
    """Whether one is a short form of the other, in the lists of the library nicknames."""
    known = _short_forms()
    return _told((a, b) in known for a, b in zip(left, right, strict=True))


@cache
def _short_forms() -> frozenset[tuple[str, str]]:
    pairs = {(its.name1.upper(), its.name2.upper()) for its in name_triplets()}
    return frozenset(pairs | {(second, first) for first, second in pairs})


def district(left: list[str], right: list[str]) -> Measured:
    """Whether all but the last three characters of a post code agree."""
    return _told(len(a) > 4 and a[:-3] == b[:-3] for a, b in zip(left, right, strict=True))


def name_same(left: list[str], right: list[str]) -> Measured:
    """Whether an e-mail address has the same name before its @, of three characters or more."""
    return _told(
        len(name := a.partition("@")[0]) > 2 and name == b.partition("@")[0]
        for a, b in zip(left, right, strict=True)
    )


def number_apart(left: list[str], right: list[str]) -> Measured:
    """Whether names before the @ have the same letters and other digits: 'j.smith' and 'j.smith2'."""
    first, second = _letters_and_digits(left), _letters_and_digits(right)
    return _told(a[0] == b[0] and a[1] != b[1] and len(a[0]) > 1 for a, b in zip(first, second, strict=True))


def _letters_and_digits(emails: list[str]) -> list[tuple[str, str]]:
    names = pc.replace_substring_regex(pa.array(emails, pa.string()), "@.*", "")
    letters = pc.replace_substring_regex(names, r"[^\pL]+", "").to_pylist()
    return list(zip(letters, pc.replace_substring_regex(names, r"\D+", "").to_pylist(), strict=True))


def numbers_agree(left: list[str], right: list[str]) -> Measured:
    """Whether two addresses have a number in common, or one of them has none."""
    first, second = _numbers(left), _numbers(right)
    return _told(not a or not b or not a.isdisjoint(b) for a, b in zip(first, second, strict=True))


def _numbers(texts: list[str]) -> list[frozenset[str]]:
    words = pc.split_pattern(
        pc.utf8_trim_whitespace(pc.replace_substring_regex(pa.array(texts, pa.string()), r"\D+", " ")), " "
    )
    return [frozenset(its) - {""} for its in words.to_pylist()]


def _told(answers: object) -> npt.NDArray[np.bool_]:
    return np.fromiter(answers, np.bool_)  # type: ignore[call-overload,no-any-return]


_SCORES: dict[str, Measure] = {
    its.__name__: its for its in (slips, alike, common, common_name, together, length)
}
_TESTS: dict[str, Measure] = {
    its.__name__: its
    for its in (begins, begins_or_ends, initial, short_form, district, name_same, number_apart, numbers_agree)
}

MEASURES = (*_SCORES, *_TESTS)
"""The measures of texts that values.yaml may name."""


class Measuring:
    """Measures of pairs of texts: scores of all pairs at once, and kept; tests of those asked for."""

    def __init__(self, left: list[str], right: list[str]) -> None:
        """The pairs."""
        self._left, self._right = left, right
        self._scores: dict[str, Measured] = {}

    def __call__(self, measure: str, pairs: npt.NDArray[np.int64]) -> Measured:
        """A measure of the pairs at some places."""
        if measure in _SCORES:
            if measure not in self._scores:
                self._scores[measure] = _SCORES[measure](self._left, self._right)
            return self._scores[measure][pairs]
        places = pairs.tolist()
        return _TESTS[measure]([self._left[n] for n in places], [self._right[n] for n in places])
