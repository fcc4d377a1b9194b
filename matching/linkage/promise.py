"""The most that a pair may weigh, told without comparing a single text: hopeless pairs are dropped by it.

Equal codes are equal values. Of unequal texts a set of their characters tells which are too far apart for a
slip: one slip changes two characters of the set at most. Dates of birth are compared as they are, which
costs no more.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.linkage.compare import Levels, Numbers, birth_date_levels
from matching.linkage.forms import BLANK, Form
from matching.linkage.levels import LevelNumbers, known_comparisons
from matching.linkage.model import Bits, Weigher

Characters = npt.NDArray[np.uint64]

_APART: Mapping[str, int] = {
    "surname": 2,
    "forename": 2,
    "middle_name": 2,
    "email": 4,
    "mobile": 2,
    "home_telephone": 2,
    "nino": 2,
    "address": 6,
    "post_code": 2,
}
"""Characters that only one of two texts has, above which a close level is out of the question."""

_CLOSE = (
    "typing slip",
    "nearly the same",
    "mostly the same",
    "initial",
    "other initial",
    "exchanged",
    "short form",
    "part of the other",
    "alike",
)
"""How the levels begin that texts of other characters reach rarely, if ever: the bound can spare them."""
_CLOSE_OF: Mapping[str, tuple[str, ...]] = {"email": ("somewhat alike",)}
_BIT_OF = np.uint64(1) << (np.arange(256, dtype=np.uint64) & np.uint64(63))
"""Byte -> the bit that stands for it."""
_EQUAL, _NEAR, _FAR, _BLANK = range(4)
_MOST_OF_RARITY = 6.0


def characters(form: Form) -> Characters:
    """For each value the set of its characters, as bits; at the end 0, for BLANK."""
    found = np.zeros(len(form.values) + 1, np.uint64)
    if len(form.values):
        values = form.values.cast(pa.large_string())
        _, offsets, data = values.buffers()
        starts = np.frombuffer(offsets, np.int64)[values.offset :][: len(values)]
        found[:-1] = np.bitwise_or.reduceat(_BIT_OF[np.frombuffer(data, np.uint8)], starts)
    return found


class Promise:
    """Bounds for pairs of one file's records under one model."""

    def __init__(self, weigher: Weigher, before: Promise | None = None) -> None:
        """What is looked up per pair is worked out here, once for each distinct value.

        Args:
            weigher: the records and the model.
            before: bounds for the same records under another model.
        """
        self._weigher = weigher
        forms = weigher.records.forms
        self._characters: Mapping[str, Characters] = (
            before._characters
            if before
            else {name: characters(forms[name]) for name in _APART if name in forms}
        )
        model = weigher.model
        self._prior = float(np.log2(model.people / model.others))
        self._bits = {name: np.log2(model.same[name] / model.chance[name]) for name in model.comparisons}

    def most(self, first: Numbers, second: Numbers, told: Levels | None = None) -> Bits:
        """A bound of the weight of each pair, in bits.

        Args:
            first, second: the pairs.
            told: levels that are known already, of some comparisons.
        """
        bound = np.full(len(first), self._prior)
        for name, by in self._weigher.records.comparisons.items():
            if told is not None and name in told:
                bound += self._exactly(name, told[name], first, second)
            elif by == "birth_date":
                levels = birth_date_levels(self._weigher.records, first, second)
                bound += self._exactly(name, levels, first, second)
            elif by == "address":
                bound += self._of_address(name, first, second)
            else:
                bound += self._of_one(name, by, first, second)
        return bound

    def _exactly(self, name: str, levels: LevelNumbers, first: Numbers, second: Numbers) -> Bits:
        return self._bits[name][levels] - self._weigher.rarity(name, levels, first, second)

    def _of_one(self, name: str, by: str, first: Numbers, second: Numbers) -> Bits:
        relation = self._relation(by, first, second)
        numbers = known_comparisons()[by].numbers
        rarity = known_comparisons()[by].rarity
        part = _MOST_OF_RARITY * rarity.part if rarity else 0.0
        bits = self._bits[name]
        near = max(bits[number] for level, number in numbers.items() if not _is_equal(level))
        far = max(
            bits[number]
            for level, number in numbers.items()
            if not _is_equal(level) and not _is_close(level, by)
        )
        equal = max(bits[number] for level, number in numbers.items() if _is_equal(level))
        bound = np.array([equal, near + part, far, 0.0])[relation]
        return self._with_rarity(name, bound, relation == _EQUAL, first, second)

    def _of_address(self, name: str, first: Numbers, second: Numbers) -> Bits:
        lines, code = (self._relation(form, first, second) for form in ("address", "post_code"))
        numbers = known_comparisons()["address"].numbers
        table = np.full((4, 4), -np.inf)
        table[_BLANK, _BLANK] = 0.0
        for level, number in numbers.items():
            parts = level.split(", ")
            line = next((part.removeprefix("lines ") for part in parts if part.startswith("lines")), None)
            its = next((part.removeprefix("post code ") for part in parts if part.startswith("post")), None)
            for row in _relations(line):
                for column in _relations(its):
                    table[row, column] = max(table[row, column], self._bits[name][number])
        both = ((lines == _EQUAL) | (lines == _BLANK)) & ((code == _EQUAL) | (code == _BLANK))
        return self._with_rarity(name, table[lines, code], both, first, second)

    def _with_rarity(
        self, name: str, bound: Bits, equal: npt.NDArray[np.bool_], first: Numbers, second: Numbers
    ) -> Bits:
        """Where values are equal, the rarest that they may be for what they are."""
        codes, frequency = self._weigher.frequencies(name)
        if frequency is None:
            return bound
        its = codes[first[equal]]
        bound[equal] = np.where(
            its == BLANK, bound[equal], np.log2(self._weigher.model.same[name][1:]).max() - frequency[its]
        )
        return bound

    def _relation(self, form: str, first: Numbers, second: Numbers) -> npt.NDArray[np.int64]:
        """How far two texts may agree: equal, near, far or blank."""
        codes = self._weigher.records.forms[form].codes
        left, right = codes[first], codes[second]
        if form in self._characters:
            sets = self._characters[form]
            one, other = sets[left], sets[right]
            near = (
                (np.bitwise_count(one ^ other) <= _APART[form])
                | (np.bitwise_count(one) == 1)
                | (np.bitwise_count(other) == 1)
            )
            relation = np.where(near, _NEAR, _FAR)
        else:
            relation = np.full(len(left), _NEAR)
        relation[left == right] = _EQUAL
        relation[(left == BLANK) | (right == BLANK)] = _BLANK
        return relation


def _is_equal(level: str) -> bool:
    return level.split(",", maxsplit=1)[0] == "same"


def _is_close(level: str, by: str) -> bool:
    return level.startswith(_CLOSE + _CLOSE_OF.get(by, ()))


def _relations(level: str | None) -> tuple[int, ...]:
    """The relations that a level of lines or post codes may have."""
    if level is None:
        return (_BLANK,)
    if level == "same":
        return (_EQUAL,)
    return (_NEAR,) if _is_close(level, "address") else (_NEAR, _FAR)
