"""Records that are left without a partner, weighed again among themselves.

What a pair has to outweigh is how rare a person's pair is among all pairs. Among the few records that are
left it is less rare: where two files hold the same people and all but ten of each have found their partner,
the ten are each other's. How much less is learnt from the weights of their pairs alone; a file whose records
have no partner yields nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.linkage.compare import Numbers
from matching.linkage.model import Bits

AHEAD = 3.0
"""Bits by which a pair has to be ahead of any other pair of its two records."""

ROUNDS = 50


@dataclass(frozen=True, slots=True)
class LeftOver:
    """Pairs of records that are left over, and the bits that they are likelier for it."""

    first: Numbers
    second: Numbers
    bits: float


def pairs_of_left_over(
    first: Numbers,
    second: Numbers,
    weight: Bits,
    alone: npt.NDArray[np.bool_],
    *,
    pairs: float,
    prior: float,
    least: float,
) -> LeftOver:
    """The pairs of left-over records that are one person, by what is known of the others.

    Args:
        first, second, weight: pairs and their weights in bits; first < second.
        alone: for each record whether it is left over.
        pairs: how many pairs those make.
        prior: the bits in every weight for how rare a person's pair is.
        least: the weight that a pair needs.
    """
    among = alone[first] & alone[second]
    first, second, evidence = first[among], second[among], weight[among] - prior
    nothing = LeftOver(first[:0], second[:0], 0.0)
    if not len(first):
        return nothing
    now = prior
    for _ in range(ROUNDS):
        expected = _probability(evidence + now).sum()
        share = min(max(expected / pairs, np.exp2(prior)), 0.5)
        now = float(np.log2(share / (1 - share)))
    bits = now - prior
    if bits <= 0:
        return nothing
    weight = evidence + prior + bits
    kept = (weight > least) & (weight >= _best_of_others(first, second, weight, len(alone)) + AHEAD)
    return LeftOver(first[kept], second[kept], bits)


def _probability(weight: Bits) -> Bits:
    return 1 / (1 + np.exp2(np.clip(-weight, -1000, 1000)))


def _best_of_others(first: Numbers, second: Numbers, weight: Bits, size: int) -> Bits:
    """For each pair the best weight of another pair that has one of its two records."""
    ends = np.concatenate([first, second])
    pair = np.tile(np.arange(len(first)), 2)
    order = np.lexsort((-weight[pair], ends))
    ends, pair = ends[order], pair[order]
    is_best = np.append(True, ends[1:] != ends[:-1])
    is_next = np.append(False, is_best[:-1]) & ~is_best
    best_pair, best, following = (np.full(size, -1), np.full(size, -np.inf), np.full(size, -np.inf))
    best_pair[ends[is_best]], best[ends[is_best]] = pair[is_best], weight[pair[is_best]]
    following[ends[is_next]] = weight[pair[is_next]]
    here = np.arange(len(first))
    others = [np.where(best_pair[end] == here, following[end], best[end]) for end in (first, second)]
    return np.maximum(*others)
