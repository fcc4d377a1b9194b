"""Groups of values that are alike on the whole, so that A like B and B like C need not join A and C."""

from __future__ import annotations

import heapq
from collections import defaultdict
from typing import NamedTuple

import numpy as np

from matching.similar.words import Floats, Integers


def linked_on_average(
    nodes: int, first: Integers, second: Integers, likeness: Floats, *, least: float, average: float
) -> Integers:
    """For each node 0..nodes-1 the smallest node of its group.

    The two groups that are most alike on average are joined, over and over, while some pair between them is
    as alike as `least` and all pairs between them are on average as alike as `average`; a pair that is not
    listed counts 0. Of several that are equally alike the first nodes go first, so the order of pairs says
    nothing.

    Args:
        nodes: how many there are.
        first, second, likeness: the pairs, each once, and how alike they are, 0 to 1.
        least, average: 0 to 1; `average` is no higher.
    """
    first, second, likeness = _of_linked(nodes, first, second, likeness, least)
    between: dict[int, dict[int, _Between]] = defaultdict(dict)
    for left, right, how in zip(first.tolist(), second.tolist(), likeness.tolist(), strict=True):
        between[left][right] = between[right][left] = _Between(how, how)
    group = {node: [node] for node in between}
    waiting: list[tuple[float, int, int, int, int]] = []

    def wait(left: int, right: int) -> None:
        low, high = min(left, right), max(left, right)
        here, sizes = between[low][high], (len(group[low]), len(group[high]))
        mean = here.total / (sizes[0] * sizes[1])
        if here.most >= least and mean >= average:
            heapq.heappush(waiting, (-mean, low, high, *sizes))

    for left, right in zip(first.tolist(), second.tolist(), strict=True):
        wait(left, right)
    while waiting:
        _, left, right, *sizes = heapq.heappop(waiting)
        if [len(group.get(left, ())), len(group.get(right, ()))] != sizes:
            continue  # one of them has grown or gone since this was worked out
        group[left] += group.pop(right)
        for other, here in between.pop(right).items():
            del between[other][right]
            if other != left:
                both = here.and_(between[left].get(other))
                between[left][other] = between[other][left] = both
        for other in between[left]:
            wait(left, other)
    smallest = np.arange(nodes, dtype=np.int64)
    for members in group.values():
        smallest[members] = min(members)
    return smallest


def _of_linked(
    nodes: int, first: Integers, second: Integers, likeness: Floats, least: float
) -> tuple[Integers, Integers, Floats]:
    """The pairs of which both nodes are as alike as `least` to some node: no other pair joins anything."""
    linked = np.zeros(nodes, dtype=np.bool_)
    for ends in (first, second):
        linked[ends[likeness >= least]] = True
    kept = linked[first] & linked[second]
    return first[kept], second[kept], likeness[kept]


class _Between(NamedTuple):
    """Of the listed pairs between two groups: the sum of their likeness, and the highest."""

    total: float
    most: float

    def and_(self, other: _Between | None) -> _Between:
        return _Between(self.total + other.total, max(self.most, other.most)) if other else self
