"""Which groups are one case: those that hold the same records, or nearly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

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
    meeting = _sharing(group, record)
    members: dict[int, list[int]] = {each: [] for each in np.unique(group[meeting]).tolist()}
    touched = np.isin(group, np.fromiter(members, np.int64, len(members)))
    for one, its_record in zip(group[touched].tolist(), record[touched].tolist(), strict=True):
        members[one].append(its_record)
    cases = _Cases()
    for one in order.tolist():
        if one in members:
            cases.take(one, members[one])
    for one, case in cases.of_group.items():
        leader[one] = case
    return leader


def _sharing(group: Numbers, record: Numbers) -> npt.NDArray[np.bool_]:
    """Whether the record of each entry stands in another group too."""
    _, place, times = np.unique(record, return_inverse=True, return_counts=True)
    return np.asarray(times[place] > 1)


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
