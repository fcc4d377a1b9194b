"""Drawing at random, the same on every day and in every place: seeded streams, skewed choices, no repeats."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
TextArray = npt.NDArray[Any]
"""Text, one `str` an element (dtype object)."""


def stream(seed: int, part: str, number: int = 0) -> np.random.Generator:
    """The random numbers of one part of a sample.

    Each part has its own, so that a change to one part leaves the others as they were.
    """
    return np.random.Generator(
        np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(part.encode()), number]))
    )


def zipf_weights(size: int, *, exponent: float, offset: float = 2.7) -> FloatArray:
    """Shares of the first, second, third… commonest, falling as 1 / (rank + offset) ** exponent; sum 1."""
    weights = np.power(np.arange(1, size + 1) + offset, -exponent)
    shares: FloatArray = weights / weights.sum()
    return shares


def picks(rng: np.random.Generator, weights: FloatArray | Sequence[float], size: int) -> IntArray:
    """`size` indices, each as likely as its weight."""
    totals = np.cumsum(np.asarray(weights, dtype=np.float64))
    chosen = np.searchsorted(totals, rng.random(size) * totals[-1], side="right")
    indices: IntArray = np.minimum(chosen, len(totals) - 1)
    return indices


def words_drawn(
    rng: np.random.Generator, words: Sequence[str], size: int, *, exponent: float = 0.0
) -> TextArray:
    """`size` words; with an exponent above 0 the first ones of the list come more often."""
    return text(words)[picks(rng, zipf_weights(len(words), exponent=exponent), size)]


def one_of(rng: np.random.Generator, words: Sequence[str]) -> str:
    """One word, each as likely as another."""
    return words[int(rng.integers(len(words)))]


def distinct(rng: np.random.Generator, size: int, space: int) -> IntArray:
    """`size` different whole numbers below `space`, in random order."""
    return rng.choice(space, size=size, replace=False).astype(np.int64)


def text(values: Sequence[str]) -> TextArray:
    """Words as an array of dtype object."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
