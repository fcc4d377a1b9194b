"""How two values compare (values.yaml), and what each level weighs to begin with (comparisons.yaml)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from specs.own_yaml import read_own_yaml

Shares = npt.NDArray[np.float64]
"""One share for each level of a comparison; place 0 is for pairs that are not compared, and always 1."""

LevelNumbers = npt.NDArray[np.int8]
Places = npt.NDArray[np.int64]
Measures = Callable[[str, Places], npt.NDArray[Any]]
"""Gives a measure, by its name, of the pairs at some places."""

Share = Annotated[float, Field(gt=0, le=1)]
_FOLDER = Path(__file__).parent


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LevelShares(_Entry):
    """How often a level occurs, 0 to 1."""

    same: Share
    """Of pairs of one person."""
    chance: Share
    """Of pairs of any two people."""
    household: Share | None = None
    """Of pairs of two people of one household; None: as by chance."""


class Rarity(_Entry):
    """How far a value's own frequency counts: agreement on a common value tells less."""

    usual: Share
    """The frequency that is mixed with a file's own, so that small files do not make every value common."""
    common: Share
    """No value counts as more common than this."""
    part: Annotated[float, Field(ge=0, le=1)] = 0.0
    """How much of it counts in the levels of `part_of`, where the values are not quite equal."""
    part_of: tuple[str, ...] = ()


class Comparing(_Entry):
    """One comparison, its levels in sets whose shares add up to 1."""

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))

    title: str
    sets: dict[str, dict[str, LevelShares]]
    rarity: Rarity | None = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The levels by number; 0 is 'not compared'."""
        return ("not compared", *(name for levels in self.sets.values() for name in levels))

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Level name -> its number, from 1."""
        return {name: number for number, name in enumerate(self.names) if number}

    @cached_property
    def set_numbers(self) -> tuple[npt.NDArray[np.int64], ...]:
        """For each set the numbers of its levels."""
        sizes = [len(levels) for levels in self.sets.values()]
        ends = np.cumsum([1, *sizes])
        return tuple(np.arange(start, end) for start, end in pairwise(ends))

    def shipped(self, of: str) -> Shares:
        """The shipped shares of `same`, `chance` or `household`."""
        told = [getattr(its, of) or its.chance for levels in self.sets.values() for its in levels.values()]
        return self.whole(np.array([1.0, *told]))

    def whole(self, shares: Shares) -> Shares:
        """The same shares, made to add up to 1 in each set."""
        made = shares.copy()
        made[0] = 1.0
        for numbers in self.set_numbers:
            made[numbers] /= made[numbers].sum()
        return made


Conditions = tuple[dict[str, float | bool], ...]


@cache
def known_comparisons() -> Mapping[str, Comparing]:
    """The comparisons that a report may name."""
    return {name: Comparing.model_validate(entry) for name, entry in _read("comparisons.yaml").items()}


@cache
def value_levels(kind: str) -> Mapping[str, Conditions]:
    """Level -> when it holds, for values of one kind; first the one of equal values, last the rest."""
    return {level: tuple(conditions) for level, conditions in _read("values.yaml")[kind].items()}


@cache
def _read(file: str) -> dict[str, Any]:
    entries: dict[str, Any] = read_own_yaml(_FOLDER / file)
    return entries


def level_of_unequal(kind: str, size: int, measure: Measures) -> LevelNumbers:
    """The place (from 0) of the first level whose conditions hold, for pairs of unequal values.

    Args:
        kind: of value.
        size: how many pairs.
        measure: gives a measure, by its name, of some of the pairs; it is asked only of those still open.
    """
    levels = list(value_levels(kind).values())
    found = np.full(size, len(levels) - 1, np.int8)
    open_ = np.arange(size)
    for place, alternatives in enumerate(levels[1:-1], start=1):
        for conditions in alternatives:
            holding = open_
            for name, bound in conditions.items():
                holding = holding[_holds(name, bound, measure, holding)]
            found[holding] = place
            open_ = open_[found[open_] != place]
    return found


def _holds(name: str, bound: float | bool, measure: Measures, pairs: Places) -> npt.NDArray[np.bool_]:
    kind, _, measured = name.partition("_")
    if kind == "most":
        return np.asarray(measure(measured, pairs) <= bound)
    if kind == "least":
        return np.asarray(measure(measured, pairs) >= bound)
    return np.asarray(measure(name, pairs) == bound)
