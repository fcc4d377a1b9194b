"""Which groups are one case: those that hold the same records, or nearly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from matching.connect import component_of

Numbers = npt.NDArray[np.int64]


def joined(order: Numbers, group: Numbers, record: Numbers) -> Numbers:
    """For each group the one that leads the case it belongs to; for most, itself.

    Groups are taken in order. One joins a case that is there already if the case holds all its records, or
    if at least half of the records of the larger of the two are in both. A group that joins several cases
    makes one of them. So a chain cannot grow: to join, a group has to bring at least as many known records
    as it brings new ones, and a large weak group does not swallow the small ones that lie inside it.

    Args:
        order: all groups, the first to be taken first.
        group, record: one entry per member of a group.

    Returns:
        By group: the first group of its case, in that order.
    """
    leader = np.arange(len(order), dtype=np.int64)
    entries = _of_groups_that_meet(group, record)
    group, record = group[entries], record[entries]
    first, second = _links(group, record)
    component = component_of(len(order), first, second)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    turn = np.lexsort((place[group], component[group]))
    group, record = group[turn], record[turn]
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    in_turn, ends = group[starts], np.append(starts, len(group))[1:]
    of = component[in_turn]
    is_pair = np.bincount(of, minlength=len(order))[of] == 2
    shared = np.bincount(component[first], minlength=len(order))[of]
    _join_pairs(leader, in_turn[is_pair], (ends - starts)[is_pair], shared[is_pair])
    turns = zip(*(each[~is_pair].tolist() for each in (of, in_turn, starts, ends)), strict=True)
    for _, its in groupby(turns, key=itemgetter(0)):  # no group of another component can matter
        cases = _Cases()
        for _, one, start, end in its:
            cases.take(one, record[start:end].tolist())
        leader[list(cases.of_group)] = list(cases.of_group.values())
    return leader


def _of_groups_that_meet(group: Numbers, record: Numbers) -> npt.NDArray[np.bool_]:
    """Whether the group of each entry has a record that stands in another group too."""
    _, place, times = np.unique(record, return_inverse=True, return_counts=True)
    meets = np.zeros(int(group.max(initial=-1)) + 1, dtype=np.bool_)
    meets[group[times[place] > 1]] = True
    return np.asarray(meets[group])


def _links(group: Numbers, record: Numbers) -> tuple[Numbers, Numbers]:
    """The groups that have a record in common, each record as a chain of its groups."""
    by_record = np.argsort(record, kind="stable")
    again = record[by_record][1:] == record[by_record][:-1]
    return group[by_record][:-1][again], group[by_record][1:][again]


def _join_pairs(leader: Numbers, groups: Numbers, sizes: Numbers, shared: Numbers) -> None:
    """Most groups that meet any meet one alone: then the second either joins the first or does not.

    Args:
        leader: by group; gets what is found.
        groups: two by two, the one to be taken first in front.
        sizes: how many records each has.
        shared: how many of them are in both.
    """
    first, second = groups[0::2], groups[1::2]
    in_both, size, other = shared[0::2], sizes[0::2], sizes[1::2]
    joins = (in_both == other) | (2 * in_both >= np.maximum(size, other))
    leader[second[joins]] = first[joins]


class _Cases:
    """The cases made so far, each known by its first group."""

    def __init__(self) -> None:
        self._records: dict[int, set[int]] = {}
        self._holding: dict[int, set[int]] = {}
        self._groups: dict[int, list[int]] = {}
        self._place: dict[int, int] = {}
        self.of_group: dict[int, int] = {}

    def take(self, group: int, records: Sequence[int]) -> None:
        """Let a group join a case, or be one."""
        own = set(records)
        in_both = Counter(case for record in own for case in self._holding.get(record, ()))
        fitting = [case for case, shared in in_both.items() if self._fits(own, shared, case)]
        case = min(fitting, key=self._place.__getitem__, default=group)
        self._add(case, [group], own)
        for other in fitting:
            if other != case:
                self._add(case, self._groups.pop(other), self._records.pop(other), instead_of=other)

    def _fits(self, own: set[int], shared: int, case: int) -> bool:
        return shared == len(own) or 2 * shared >= max(len(own), len(self._records[case]))

    def _add(
        self, case: int, groups: Sequence[int], records: set[int], *, instead_of: int | None = None
    ) -> None:
        self._place.setdefault(case, len(self._place))
        self._records.setdefault(case, set()).update(records)
        self._groups.setdefault(case, []).extend(groups)
        self.of_group.update(dict.fromkeys(groups, case))
        for record in records:
            holding = self._holding.setdefault(record, set())
            holding.discard(-1 if instead_of is None else instead_of)
            holding.add(case)
