"""Cases in words: the rows of CASES, made a slice of the queue at a time.

What the groups have to say lies in one file for each report. It is first dealt out into one file for each
slice of the queue, so that no more than a slice of it is ever in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc

from matching.cases import Groups, Made, Numbers, Shares
from matching.columns import array_of
from matching.found import SAID, LaidAside
from matching.result import CASES, EVIDENCE, SAW

SLICE = 50_000
"""Cases that are worded at once: 100 MB, or thereabouts."""

_LISTS_OF_TEXT = pa.list_(pa.string())
_OF_GROUP = pa.schema(
    [
        pa.field("group", pa.int64()),  # its row among the groups of all reports
        pa.field("records", pa.int32()),
        pa.field("value", pa.int64()),
        pa.field("share", pa.float64()),
        *(pa.field(name, _LISTS_OF_TEXT) for name in SAID),
        pa.field("evidence", pa.list_(EVIDENCE)),
    ]
)


def case_rows(
    made: Made,
    evidence: Sequence[Path],
    found: Sequence[LaidAside],
    overlaps: Mapping[int, Sequence[str]],
    folder: Path,
) -> Iterator[pa.Table]:
    """The cases (CASES) in the order of their ranks, at least one table.

    Args:
        made: all cases.
        evidence: for each report a file of Arrow with the evidence of its groups, as `evidence`.
        found: what each report found, in the same order.
        overlaps: rank -> what is said of cases that share records with it.
        folder: for working files.
    """
    files = _dealt_out(made, evidence, found, folder)
    for number, file in enumerate(files):
        with pa.OSFile(str(file)) as source, ipc.open_stream(source) as reader:
            spoken = reader.read_all()
        file.unlink()
        first = number * SLICE
        last = min(first + SLICE, len(made.leads))
        yield _Slice(made, spoken.combine_chunks(), first, last).table(overlaps)


def _dealt_out(made: Made, evidence: Sequence[Path], found: Sequence[LaidAside], folder: Path) -> list[Path]:
    """What the groups say, a file for each slice of the queue; at least one."""
    slices = max(1, -(-len(made.leads) // SLICE))
    files = [folder / f"cases-{number}.arrow" for number in range(slices)]
    options = ipc.IpcWriteOptions(compression="lz4")
    with ExitStack() as open_files:
        writers = [
            open_files.enter_context(ipc.new_stream(str(file), _OF_GROUP, options=options)) for file in files
        ]
        for start, its, lists in zip(made.groups.starts.tolist(), found, evidence, strict=False):
            if not its.groups.num_rows:
                continue
            spoken = _spoken(its, lists, start)
            slice_of = made.place[start : start + spoken.num_rows] // SLICE
            order = np.argsort(slice_of, kind="stable")
            ends = np.searchsorted(slice_of[order], np.arange(slices + 1))
            for number in np.flatnonzero(np.diff(ends)).tolist():
                rows = order[ends[number] : ends[number + 1]]
                writers[number].write_table(spoken.take(pa.array(rows)))
    return files


def _spoken(found: LaidAside, evidence: Path, start: int) -> pa.Table:
    said = found.said(*SAID)
    with pa.OSFile(str(evidence)) as source, ipc.open_stream(source) as reader:
        weighed = reader.read_all()
    columns = {
        "group": pa.array(np.arange(start, start + said.num_rows)),
        **{name: found.groups[name] for name in ("records", "value", "share")},
        **{name: said[name] for name in SAID},
        "evidence": weighed["evidence"],
    }
    return pa.table(columns).cast(_OF_GROUP)


@dataclass(frozen=True, slots=True)
class _Told:
    """Groups case by case."""

    groups: Numbers
    starts: Numbers
    """By case: where its groups begin; and the end."""


class _Slice:
    """Some cases that stand together in the queue."""

    def __init__(self, made: Made, spoken: pa.Table, first: int, last: int) -> None:
        """Take what is needed.

        Args:
            made: the whole queue.
            spoken: _OF_GROUP of every group of these cases, in their order.
            first, last: the first case, and the one after the last.
        """
        self._groups, self._made, self._spoken = made.groups, made, spoken
        self._first, self._last = first, last
        self._leads = made.leads[first:last]
        self._several = made.several_of(first, last)
        self._rows = spoken["group"].to_numpy()

    def table(self, overlaps: Mapping[int, Sequence[str]]) -> pa.Table:
        """CASES."""
        groups, made, its = self._groups, self._made, slice(self._first, self._last)
        lead = self._said_by(self._leads)
        report = groups.report[self._leads]
        at_risk = np.array([each.value_is == "at risk" for each in groups.reports], dtype=bool)
        risky = pa.array(at_risk[report])
        evidence, bits = self._evidence()
        also, saw = self._told_by_reports()
        sizes = lead["records"].to_numpy().copy()
        for case, its_groups in self._several.items():
            sizes[case - self._first] = len(frozenset().union(*(made.held[group] for group in its_groups)))
        value = pa.array(made.value[its], from_pandas=True).cast(pa.int64())
        nothing = pa.nulls(len(value), pa.int64())
        ranks = range(self._first + 1, self._last + 1)
        columns = {
            "rank": pa.array(ranks, pa.int32()),
            "case": keys_of(made, self._first, self._last),
            "report": _taken(groups.ids, report),
            "title": _taken([each.title for each in groups.reports], report),
            "also_in": also,
            "records": pa.array(sizes, pa.int32()),
            "value_at_risk": pc.if_else(risky, value, nothing),
            "value_involved": pc.if_else(risky, nothing, value),
            "agrees": lead["agrees"],
            "differs": lead["differs"],
            "explanations": lead["explanations"],
            "priority": pa.array(made.priority[its], pa.float64()),
            "share": pa.array(made.share[its], pa.float64()),
            "bits": pa.array(bits, pa.float64()),
            "evidence": evidence,
            "saw": saw,
            "overlaps": pa.array([overlaps.get(rank, ()) for rank in ranks], _LISTS_OF_TEXT),
        }
        return pa.table(columns).cast(CASES)

    def _said_by(self, groups: Numbers) -> pa.Table:
        return self._spoken.take(pa.array(np.searchsorted(self._rows, groups))).combine_chunks()

    def _evidence(self) -> tuple[pa.Array, Shares]:
        """For each case its evidence, and the bits of it in all.

        Reports that found the same records and compare other columns bring theirs; what others of the case
        saw is told by `saw`.
        """
        told = self._side_by_side(
            {case: independent(its, self._groups, self._made.held) for case, its in self._several.items()}
        )
        lists = array_of(self._said_by(told.groups), "evidence")
        ends = np.asarray(lists.offsets)[told.starts]
        evidence = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), lists.values, type=lists.type)
        return evidence, bits_of(evidence)

    def _told_by_reports(self) -> tuple[pa.Array, pa.Array]:
        """For each case the other reports that raised it, and what each report saw, the leading one first."""
        groups = self._groups
        first: dict[int, list[int]] = {}
        times: dict[int, list[int]] = {}
        for case, its in self._several.items():
            seen = Counter(int(groups.report[group]) for group in its)
            by_report = {int(groups.report[group]): group for group in reversed(its)}
            its_first = sorted(by_report.values(), key=its.index)
            first[case] = its_first
            times[case] = [seen[int(groups.report[group])] for group in its_first]
        told = self._side_by_side(first)
        number = np.ones(len(told.groups), dtype=np.int64)
        for case, its_times in times.items():
            number[told.starts[case - self._first] :][: len(its_times)] = its_times
        report = groups.report[told.groups]
        said = self._said_by(told.groups)
        held = {
            "report": _taken(groups.ids, report),
            "title": _taken([each.title for each in groups.reports], report),
            "groups": pa.array(number, pa.int32()),
            **{name: array_of(said, name) for name in ("records", "value", "share", *SAID)},
        }
        entries = pa.StructArray.from_arrays([held[field.name] for field in SAW], fields=list(SAW))
        saw = pa.ListArray.from_arrays(pa.array(told.starts, pa.int32()), entries, type=pa.list_(SAW))
        is_other = np.ones(len(told.groups), dtype=bool)
        is_other[told.starts[:-1]] = False
        others = np.concatenate([[0], np.cumsum(np.diff(told.starts) - 1)])
        also = pa.ListArray.from_arrays(
            pa.array(others, pa.int32()), held["report"].filter(pa.array(is_other))
        )
        return also, saw

    def _side_by_side(self, several: Mapping[int, Sequence[int]]) -> _Told:
        """The groups of all cases, case by case: the leading one, or those of `several`."""
        sizes = np.ones(len(self._leads), dtype=np.int64)
        for case, its in several.items():
            sizes[case - self._first] = len(its)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        groups = np.repeat(self._leads, sizes)
        for case, its in several.items():
            groups[starts[case - self._first] :][: len(its)] = its
        return _Told(groups, starts)


def keys_of(made: Made, first: int, last: int) -> pa.Array:
    """The keys of some cases that stand together."""
    return pa.array(made.key[first:last].astype("U16"), pa.string())


def bits_of(evidence: pa.Array) -> Shares:
    """The bits of each list of evidence, added up."""
    bits = pc.struct_field(evidence.flatten(), "bits").to_numpy(zero_copy_only=False)
    places = pc.list_parent_indices(evidence).to_numpy(zero_copy_only=False)
    return np.bincount(places, weights=bits, minlength=len(evidence)).astype(np.float64)


def independent(its: Sequence[int], groups: Groups, held: Mapping[int, frozenset[int]]) -> list[int]:
    """The leading group, and those of its records that speak of other columns than the ones before them."""
    chosen, told = [its[0]], groups.tells_further[groups.report[its[0]]]
    for group in its[1:]:
        tells = groups.tells_further[groups.report[group]]
        if not told & tells and held[its[0]] <= held[group]:
            chosen.append(group)
            told |= tells
    return chosen


def _taken(texts: Sequence[Any], places: Numbers) -> pa.Array:
    return pa.array(texts, pa.string()).take(pa.array(places))
