"""Cases in figures: which groups are one, what speaks for it, and where it stands in the queue."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.found import LaidAside
from matching.join import joined
from matching.report import Report
from matching.weigh import told_by

Numbers = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]
Keys = npt.NDArray[np.bytes_]
_KEY = "S16"


class Groups:
    """The groups of all reports, one after the other, in figures; a group is known by its row."""

    def __init__(self, found: Sequence[LaidAside]) -> None:
        self.reports: list[Report] = [each.report for each in found]
        self.ids = [report.id for report in self.reports]
        self.tells = [tells_of(report) for report in self.reports]
        self.tells_further = [tells_of(report, further=report.also_tell) for report in self.reports]
        sizes = [each.groups.num_rows for each in found]
        self.starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        """By report: its first group; and the end."""
        self.report = np.repeat(np.arange(len(found)), sizes)
        self.number = _together([each.groups["group_no"].to_numpy() for each in found], np.int64)
        """What the report calls it."""
        self.records = _together([each.groups["records"].to_numpy() for each in found], np.int64)
        values = (each.groups["value"].cast(pa.float64()).fill_null(np.nan).to_numpy() for each in found)
        self.value = _together(list(values), np.float64)
        """Pence; NaN where not known."""
        self.share = _together([each.groups["share"].to_numpy() for each in found], np.float64)
        self.key = _together([np.array(each.groups["key"].to_pylist(), _KEY) for each in found], _KEY)
        self.strength = np.array([report.strength.share for report in self.reports])[self.report]
        places = (
            start + np.searchsorted(each.groups["group_no"].to_numpy(), each.members["group_no"].to_numpy())
            for start, each in zip(self.starts.tolist(), found, strict=False)
        )
        self.group = _together(list(places), np.int64)
        """One entry per member, with `record`."""
        self.record = _together([each.members["record"].to_numpy() for each in found], np.int64)


def _together(parts: Sequence[npt.NDArray[Any]], kind: npt.DTypeLike) -> npt.NDArray[Any]:
    return np.concatenate([np.empty(0, kind), *parts]).astype(kind)


@dataclass(slots=True)
class Made:
    """The cases, in the order of the queue."""

    groups: Groups
    leads: Numbers
    """The group that leads each case."""
    place: Numbers
    """By group: its case."""
    key: Keys
    """16 hexadecimal digits each."""
    priority: Shares
    share: Shares
    value: Shares
    """Pence; NaN where not known."""
    several: dict[int, list[int]]
    """Case -> its groups, the leading one first, where there are several; in the order of the cases."""
    held: Mapping[int, frozenset[int]]
    """Of such a group, its records."""

    def several_of(self, first: int, last: int) -> dict[int, list[int]]:
        """`several` of the cases from `first` up to, not including, `last`."""
        cases = list(self.several)
        return {
            case: self.several[case] for case in cases[bisect_left(cases, first) : bisect_left(cases, last)]
        }

    @property
    def rank(self) -> Numbers:
        """By group: the rank of its case, from 1."""
        return self.place + 1


def priority_of(share: Shares, value: Shares) -> Shares:
    """Share expected to be worth opening, times the value.

    The value counts by its square root of pounds, so that one large sum does not stand above many better
    founded ones; £1 where it is not known.
    """
    return np.asarray(share * np.sqrt(np.maximum(np.nan_to_num(value), 100) / 100))


def _priority_of_one(share: float, value: float) -> float:
    """The same for one, to the bit."""
    return share * math.sqrt((100.0 if math.isnan(value) else max(value, 100.0)) / 100.0)


def made_of(groups: Groups, bits: Shares) -> Made:
    """The cases by priority; of the same priority, those whose evidence weighs more first."""
    alone = priority_of(groups.share, groups.value)
    order = np.lexsort((groups.report, groups.key, -bits, -alone))
    leader = joined(order, groups.group, groups.record)
    first, case = np.unique(leader, return_inverse=True)
    leads, share, value = first.copy(), groups.share[first], groups.value[first]
    priority, key = alone[first], groups.key[first]
    several: dict[int, list[int]] = {}
    of_several = np.flatnonzero(np.bincount(case, minlength=len(first))[case] > 1)
    place_in_order = np.empty(len(order), dtype=np.int64)
    place_in_order[order] = np.arange(len(order))
    for group in of_several[np.argsort(place_in_order[of_several], kind="stable")].tolist():
        several.setdefault(int(case[group]), []).append(group)
    held = _records_of(of_several, groups)
    for number, its in several.items():
        one = _whole(its, held, groups)
        leads[number], share[number], value[number], priority[number] = (
            one.lead,
            one.share,
            one.value,
            one.priority,
        )
        several[number] = [one.lead, *(group for group in its if group != one.lead)]
        key[number] = groups.key[min(its, key=lambda group: _for_the_key(group, groups))]
    rank = np.lexsort((key, -bits[leads], -priority))
    after = np.empty(len(rank), dtype=np.int64)
    after[rank] = np.arange(len(rank))
    return Made(
        groups=groups,
        leads=leads[rank],
        place=after[case],
        key=key[rank],
        priority=priority[rank],
        share=share[rank],
        value=value[rank],
        several=dict(sorted((int(after[number]), its) for number, its in several.items())),
        held=held,
    )


def _for_the_key(group: int, groups: Groups) -> tuple[float, str, bytes]:
    """A case is known by its report of the greatest strength as written, whatever explains or joins it."""
    return -float(groups.strength[group]), groups.ids[groups.report[group]], bytes(groups.key[group])


def _records_of(wanted: Numbers, groups: Groups) -> dict[int, frozenset[int]]:
    """The records of some groups."""
    entries = np.flatnonzero(np.isin(groups.group, wanted))
    group, record = groups.group[entries], groups.record[entries]
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    ends = np.append(starts, len(group))[1:]
    return {
        int(group[start]): frozenset(record[start:end].tolist())
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    }


@dataclass(frozen=True, slots=True)
class _Whole:
    lead: int
    share: float
    value: float
    priority: float


def _whole(its: Sequence[int], held: Mapping[int, frozenset[int]], groups: Groups) -> _Whole:
    """What the groups of one case come to: the one that leads, the evidence for it, and what is at stake.

    Reports that found all of a group's records, or more, are evidence for that group. The group of the
    highest priority leads; the others add their value where they have no record that was counted before.
    """
    shares, values = _shares(its, held, groups), groups.value[list(its)].tolist()
    priorities = [_priority_of_one(*both) for both in zip(shares, values, strict=True)]
    ranked = sorted(range(len(its)), key=lambda place: (-priorities[place], place))
    lead = ranked[0]
    kinds = [groups.reports[report].value_is for report in groups.report[list(its)].tolist()]
    value = math.nan
    counted_once: set[int] = set()
    for place in ranked:
        its_records = held[its[place]]
        known, alike = not math.isnan(values[place]), kinds[place] == kinds[lead]
        if known and alike and its_records.isdisjoint(counted_once):
            value = values[place] + (0.0 if math.isnan(value) else value)
            counted_once |= its_records
    return _Whole(its[lead], shares[lead], value, priorities[lead])


def _shares(its: Sequence[int], held: Mapping[int, frozenset[int]], groups: Groups) -> list[float]:
    """For each group of a case, the share of all reports that found its records.

    Who holds them all holds the one that fewest hold: so no group is compared with all the others.
    """
    holding: dict[int, list[int]] = {}
    for group in its:
        for record in held[group]:
            holding.setdefault(record, []).append(group)
    found = []
    for group in its:
        fewest = min((holding[record] for record in held[group]), key=len)
        shares: dict[str, float] = {}
        tells: dict[str, frozenset[str]] = {}
        for other in fewest:
            if held[group] <= held[other]:
                report = groups.reports[groups.report[other]]
                shares[report.id] = max(shares.get(report.id, 0.0), float(groups.share[other]))
                tells[report.id] = groups.tells[groups.report[other]]
        found.append(evidence_together(shares, tells))
    return found


def tells_of(report: Report, *, further: Sequence[str] = ()) -> frozenset[str]:
    """What a report's evidence rests on: the columns that it compares, and all that tell much the same."""
    compared = (*report.same, *report.similar, *report.near, *report.compared) or tuple(report.where)
    return frozenset[str]().union(*(told_by(report, column) for column in (*compared, *further)))


def evidence_together(shares: Mapping[str, float], tells: Mapping[str, frozenset[str]]) -> float:
    """The share of cases worth opening, where several reports found the same records.

    Reports that compare a field in common are not independent: of those the one with the highest share
    counts. Independent ones are taken together as chances of being right at least once: of 0.1 and 0.2
    becomes 1 - 0.9 x 0.8 = 0.28.

    Args:
        shares: report -> its share, after explanations.
        tells: report -> the columns that it compares.
    """
    missing, counted = 1.0, frozenset[str]()
    for report in sorted(shares, key=lambda name: (-shares[name], name)):
        if not counted & tells[report]:
            missing *= 1 - shares[report]
            counted |= tells[report]
    return 1 - missing
