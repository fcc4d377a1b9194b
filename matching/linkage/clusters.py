"""Records into people: clusters in which the pairs, taken together, speak for one person.

Records that hang together by pairs of positive weight are joined pair by pair, the strongest first, for as
long as the mean weight between two clusters is positive. A pair that conflicts counts against a merge: two
people of one household are not chained together by a third record that is blank where they differ.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from matching.connect import component_of
from matching.linkage.compare import Numbers
from matching.linkage.model import Bits

WHOLE_UP_TO = 60
"""In a component of at most so many records all pairs are weighed, also those that no block brought
together."""

MOST = 25.0
"""Bits that one pair counts for at most, for or against: no single pair decides for a large cluster."""

SAME_SIDE = -4.0
"""Bits added to a pair of one side where two files are compared: it is rarer that a file holds a person
twice."""

Weigh = Callable[[Numbers, Numbers], Bits]
Pairs = dict[tuple[int, int], float]


def clusters(
    size: int,
    first: Numbers,
    second: Numbers,
    weight: Bits,
    weigh: Weigh,
    *,
    least: float,
    sides: npt.NDArray[np.int8] | None,
) -> Numbers:
    """For each record 0..size-1 the smallest record of its cluster.

    Args:
        size: how many records there are, numbered by what they hold.
        first, second, weight: pairs and their weights, in bits; first < second.
        weigh: gives the weights of further pairs.
        least: the weight that a pair needs, and the mean between two clusters.
        sides: which file each record is of; None where there is one.
    """
    strong = weight > least
    component = component_of(size, first[strong], second[strong])
    label = component.copy()
    members = _members(component)
    if not members:
        return label
    held = np.isin(component[first], np.fromiter(members, np.int64)) & (component[first] == component[second])
    known: dict[int, Pairs] = defaultdict(dict)
    for one, other, its in zip(
        first[held].tolist(), second[held].tolist(), weight[held].tolist(), strict=True
    ):
        known[int(component[one])][one, other] = its
    _complete(members, known, weigh)
    for root, its in members.items():
        pairs = known[root]
        if sides is not None:
            pairs = {
                (one, other): bits + (SAME_SIDE if sides[one] == sides[other] else 0.0)
                for (one, other), bits in pairs.items()
            }
        for cluster in _merged(its, pairs, least):
            label[cluster] = min(cluster)
    return label


def _members(component: Numbers) -> dict[int, list[int]]:
    """The records of each component of three and more, by its smallest."""
    sizes = np.bincount(component, minlength=len(component))
    members: dict[int, list[int]] = defaultdict(list)
    for record in np.flatnonzero(sizes[component] > 2).tolist():
        members[int(component[record])].append(record)
    return members


def _complete(members: dict[int, list[int]], known: dict[int, Pairs], weigh: Weigh) -> None:
    """Weigh the pairs of small components that are not known yet."""
    missing = [
        (root, one, other)
        for root, its in members.items()
        if len(its) <= WHOLE_UP_TO
        for place, one in enumerate(its)
        for other in its[place + 1 :]
        if (one, other) not in known[root]
    ]
    if not missing:
        return
    pairs = np.array(missing, np.int64)
    for (root, one, other), bits in zip(missing, weigh(pairs[:, 1], pairs[:, 2]).tolist(), strict=True):
        known[root][one, other] = bits


def _merged(records: list[int], pairs: Pairs, least: float) -> list[list[int]]:
    """Average linkage over the pairs that are known; ties go to the smaller records."""
    cluster = {record: [record] for record in records}
    links: dict[int, dict[int, tuple[float, int]]] = {record: {} for record in records}
    for (one, other), bits in pairs.items():
        its = (min(max(bits, -MOST), MOST), 1)
        links[one][other] = links[other][one] = its
    queue = [
        (-total, one, other) for one in records for other, (total, _) in links[one].items() if one < other
    ]
    queue = [entry for entry in queue if -entry[0] > least]
    heapq.heapify(queue)
    while queue:
        negative, one, other = heapq.heappop(queue)
        if one not in cluster or other not in cluster:
            continue
        total, number = links[one][other]
        if -negative != total / number:
            continue
        cluster[one] += cluster.pop(other)
        del links[one][other]
        for third, (its_total, its_number) in links.pop(other).items():
            if third == one:
                continue
            del links[third][other]
            have_total, have_number = links[one].get(third, (0.0, 0))
            joined = (have_total + its_total, have_number + its_number)
            links[one][third] = links[third][one] = joined
            if (mean := joined[0] / joined[1]) > least:
                heapq.heappush(queue, (-mean, min(one, third), max(one, third)))
        for third in list(links[one]):
            total, number = links[one][third]
            if (mean := total / number) > least:
                heapq.heappush(queue, (-mean, min(one, third), max(one, third)))
    return list(cluster.values())
