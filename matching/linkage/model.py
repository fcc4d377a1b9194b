"""The model: how often each level occurs in pairs of one person, by chance, and within a household."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.linkage.compare import Levels, Numbers, Records
from matching.linkage.forms import BLANK, Codes
from matching.linkage.levels import Shares, known_comparisons

Bits = npt.NDArray[np.float64]

OWN_COUNTS = 300
"""A value's frequency is its count in the file among this many more records of the usual frequency."""

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Model:
    """What a weight is worked out from; see `weigh` for how."""

    comparisons: Mapping[str, str]
    """Comparison of the report -> entry of comparisons.yaml."""
    same: Mapping[str, Shares]
    chance: Mapping[str, Shares]
    household: Mapping[str, Shares]
    people: float
    """The share of all pairs of records that are one person."""
    households: float
    """The share that are two people of one household."""

    @property
    def others(self) -> float:
        """The share of all pairs that have nothing to do with each other."""
        return max(1 - self.people - self.households, 1e-9)

    def as_json(self) -> dict[str, Any]:
        """Everything in the model, rounded to six digits, with a SHA-256 `digest` of it."""
        told = {
            "people": _rounded(self.people),
            "households": _rounded(self.households),
            "comparisons": {
                name: {
                    "by": by,
                    "levels": {
                        level: {
                            "same": _rounded(self.same[name][number]),
                            "chance": _rounded(self.chance[name][number]),
                            "household": _rounded(self.household[name][number]),
                        }
                        for level, number in known_comparisons()[by].numbers.items()
                    },
                }
                for name, by in self.comparisons.items()
            },
        }
        return told | {"digest": sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()}


def _rounded(share: float) -> float:
    return float(f"{share:.{_DIGITS}g}")


def shipped(comparisons: Mapping[str, str], *, records: int, pairs: float) -> Model:
    """The model that comes with nfi, for a file of so many records that make so many pairs."""
    known = known_comparisons()
    expected = max(records * _EXPECTED, 1.0) / max(pairs, 1.0)
    share = min(expected, 0.3)
    return Model(
        comparisons=dict(comparisons),
        same={name: known[by].shipped("same") for name, by in comparisons.items()},
        chance={name: known[by].shipped("chance") for name, by in comparisons.items()},
        household={name: known[by].shipped("household") for name, by in comparisons.items()},
        people=share,
        households=share,
    )


_EXPECTED = 0.02
"""Pairs of one person for each record, before anything is known of a file (inferred)."""


class Weigher:
    """Weighs pairs of one file's records: a model, and how rare the file's values are."""

    def __init__(self, records: Records, model: Model) -> None:
        """Values are counted once, here."""
        self.records = records
        self.model = model
        self._frequency: dict[str, tuple[Codes, Bits]] = {}
        for name, by in records.comparisons.items():
            rarity = known_comparisons()[by].rarity
            if rarity:
                codes = records.whole(by)
                there = codes != BLANK
                counts = np.bincount(codes[there], weights=records.copies[there], minlength=1)
                share = (counts - 1 + OWN_COUNTS * rarity.usual) / (counts.sum() + OWN_COUNTS)
                self._frequency[name] = codes, np.log2(np.minimum(share, rarity.common))

    def frequencies(self, name: str) -> tuple[Codes, Bits | None]:
        """The code of each record's value, and by code the logarithm to base 2 of its frequency.

        None in its place where rarity does not count.
        """
        return self._frequency.get(name, (np.array([], np.int32), None))

    def with_model(self, model: Model) -> Weigher:
        """The same values under another model."""
        other = Weigher.__new__(Weigher)
        other.records, other.model, other._frequency = self.records, model, self._frequency
        return other

    @property
    def prior(self) -> float:
        """The bits in every weight for how rare a pair of one person is."""
        return float(np.log2(self.model.people / self.model.others))

    def rarity(self, name: str, level: npt.NDArray[np.int8], first: Numbers, second: Numbers) -> Bits:
        """Bits by which values are more common than their level is by chance; 0 for most."""
        apart = np.zeros(len(level))
        if name not in self._frequency:
            return apart
        comparing = known_comparisons()[self.records.comparisons[name]]
        codes, frequency = self._frequency[name]
        left, right = codes[first], codes[second]
        chance = np.log2(self.model.chance[name])
        equal = (left == right) & (left != BLANK) & (level != 0)
        apart[equal] = frequency[left[equal]] - chance[level[equal]]
        its = comparing.rarity
        if its and its.part_of:
            (near,) = np.nonzero(np.isin(level, [comparing.numbers[name] for name in its.part_of]) & ~equal)
            more_common = np.maximum(frequency[left[near]], frequency[right[near]])
            apart[near] = its.part * np.clip(more_common - chance[1], -_MOST_RARE, _MOST_RARE)
        return apart

    def rarities(self, levels: Levels, first: Numbers, second: Numbers) -> dict[str, Bits]:
        """The same for each comparison."""
        return {name: self.rarity(name, level, first, second) for name, level in levels.items()}

    def bits(self, levels: Levels, first: Numbers, second: Numbers) -> dict[str, Bits]:
        """For each comparison its bits, then `prior` and `household`; their sum is the weight.

        The weight is the logarithm to base 2 of the odds that a pair is one person.
        """
        rarities = self.rarities(levels, first, second)
        model = self.model
        found = {
            name: np.log2(model.same[name] / model.chance[name])[level] - rarities[name]
            for name, level in levels.items()
        }
        chance = sum(rarities.values(), start=_summed(levels, model.chance, len(first)))
        household = _summed(levels, model.household, len(first))
        found["prior"] = np.full(len(first), self.prior)
        found["household"] = -np.log2(1 + model.households / model.others * np.exp2(household - chance))
        return found

    def weights(self, levels: Levels, first: Numbers, second: Numbers) -> Bits:
        """The weight of each pair in bits."""
        return sum(self.bits(levels, first, second).values(), start=np.zeros(len(first)))


_MOST_RARE = 6.0
"""Bits that rarity counts at most, in part, where values are not quite equal."""


def _summed(levels: Levels, shares: Mapping[str, Shares], size: int) -> Bits:
    return sum((np.log2(shares[name])[level] for name, level in levels.items()), start=np.zeros(size))
