"""Cases: what the reports found, brought together, ranked, and told once."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.case_records import overlaps, records_of_cases
from matching.columns import array_of
from matching.found import GROUPS, Found
from matching.join import joined
from matching.records import Records
from matching.report import Report
from matching.result import CASES, EVIDENCE, SAW, ReportSummary
from matching.weigh import told_by, weighed
from specs.engine import Engine
from specs.specification import Specification

Numbers = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]

_SEEN = ("records", "value", "share", "agrees", "differs", "explanations")
_NO_EVIDENCE = pa.array([], pa.list_(EVIDENCE))


@dataclass(frozen=True, slots=True)
class Queue:
    """All cases of a run in the order in which to look at them."""

    cases: pa.Table
    """CASES."""
    records: pa.Table
    """RECORD_KEYS, then the columns of the data sets."""
    groups: pa.Table
    """Where each group stands: `report`, `group_no`, `rank`, `case`."""
    summaries: Mapping[str, ReportSummary]
    """By report."""


def queued(
    found: list[Found],
    records: Records,
    specifications: Mapping[str, Specification],
    engine: Engine,
) -> Queue:
    """One queue of cases out of what all reports found.

    Args:
        found: what each report found, one entry per report; their order does not matter. The list is emptied
            as it is taken over: what many reports found is large, and would be held twice.
        records: every data set's prepared records.
        specifications: data set -> the specification that its records were checked against.
        engine: where to run.
    """
    found.sort(key=lambda each: each.report.id)
    evidence = pa.concat_arrays([_NO_EVIDENCE, *weighed(found, records, specifications, engine)])
    groups = _Groups(found)
    totals = [_totals(each) for each in found]
    found.clear()
    made = _made(groups, _bits_of(evidence))
    leading = np.bincount(groups.report[made.leads], minlength=len(totals)).tolist()
    places = pa.table(
        {
            "report": pa.array(groups.ids, pa.string()).take(pa.array(groups.report)),
            "group_no": groups.table["group_no"],
            "rank": pa.array(made.rank, pa.int32()),
            "case": pa.array(made.key, pa.string()).take(pa.array(made.place)),
        }
    )
    members = _members_of_cases(groups, made, engine)
    table = _case_table(groups, made, evidence)
    del groups, made, evidence  # no small part of a machine's memory where there are a million cases
    table = table.append_column(CASES.field("overlaps"), overlaps(members, table, engine))
    return Queue(
        cases=table.select(CASES.names).cast(CASES),
        records=records_of_cases(members, records, specifications, engine),
        groups=places,
        summaries={
            each.report: replace(each, in_queue=leads, joined=each.cases - leads)
            for each, leads in zip(totals, leading, strict=True)
        },
    )


class _Groups:
    """The groups of all reports as one table; a group is known by its row."""

    def __init__(self, found: Sequence[Found]) -> None:
        self.reports: list[Report] = [each.report for each in found]
        self.ids = [report.id for report in self.reports]
        self.tells = [tells_of(report) for report in self.reports]
        self.tells_further = [tells_of(report, further=report.also_tell) for report in self.reports]
        sizes = [each.groups.num_rows for each in found]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.report = np.repeat(np.arange(len(found)), sizes)
        self.table = pa.concat_tables(
            [GROUPS.empty_table(), *(each.groups for each in found)]
        ).combine_chunks()
        self.group = np.concatenate(
            [
                np.empty(0, np.int64),
                *(
                    start
                    + np.searchsorted(each.groups["group_no"].to_numpy(), each.members["group_no"].to_numpy())
                    for start, each in zip(starts.tolist(), found, strict=False)
                ),
            ]
        ).astype(np.int64)
        """One entry per member, with `record`."""
        self.record = np.concatenate(
            [np.empty(0, np.int64), *(each.members["record"].to_numpy() for each in found)]
        )
        self.key = np.array(self.table["key"].to_pylist(), dtype="U16")
        self.share = self.table["share"].to_numpy()
        self.value = self.table["value"].cast(pa.float64()).fill_null(np.nan).to_numpy()
        self.strength = np.array([report.strength.share for report in self.reports])[self.report]


@dataclass(slots=True)
class _Made:
    """The cases, in the order of the queue."""

    leads: Numbers
    """The group that leads each case."""
    place: Numbers
    """By group: its case."""
    key: list[str]
    priority: Shares
    share: Shares
    value: Shares
    """Pence; NaN where not known."""
    several: dict[int, list[int]]
    """Case -> its groups, the leading one first, where there are several."""
    held: Mapping[int, frozenset[int]]
    """Of such a group, its records."""

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


def _made(groups: _Groups, bits: Shares) -> _Made:
    """The cases by priority; of the same priority, those whose evidence weighs more first."""
    alone = priority_of(groups.share, groups.value)
    order = np.lexsort((groups.report, groups.key, -bits, -alone))
    leader = joined(order, groups.group, groups.record)
    first, case = np.unique(leader, return_inverse=True)
    leads, share, value = first.copy(), groups.share[first], groups.value[first]
    priority, key = alone[first], groups.key[first].tolist()
    several: dict[int, list[int]] = {}
    of_several = np.flatnonzero(np.bincount(case, minlength=len(first))[case] > 1)
    place_in_order = np.empty(len(order), dtype=np.int64)
    place_in_order[order] = np.arange(len(order))
    for group in of_several[np.argsort(place_in_order[of_several], kind="stable")].tolist():
        several.setdefault(int(case[group]), []).append(group)
    held = _records_of(of_several, groups)
    for number, its in several.items():
        one = _together(its, held, groups)
        leads[number], share[number], value[number], priority[number] = (
            one.lead,
            one.share,
            one.value,
            one.priority,
        )
        several[number] = [one.lead, *(group for group in its if group != one.lead)]
        key[number] = groups.key[min(its, key=lambda group: _for_the_key(group, groups))]
    rank = np.lexsort((np.array(key, dtype="U16"), -bits[leads], -priority))
    after = np.empty(len(rank), dtype=np.int64)
    after[rank] = np.arange(len(rank))
    return _Made(
        leads=leads[rank],
        place=after[case],
        key=[key[number] for number in rank.tolist()],
        priority=priority[rank],
        share=share[rank],
        value=value[rank],
        several={int(after[number]): its for number, its in several.items()},
        held=held,
    )


def _for_the_key(group: int, groups: _Groups) -> tuple[float, str, str]:
    """A case is known by its report of the greatest strength as written, whatever explains or joins it."""
    return -float(groups.strength[group]), groups.ids[groups.report[group]], str(groups.key[group])


def _records_of(wanted: Numbers, groups: _Groups) -> dict[int, frozenset[int]]:
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
class _Together:
    lead: int
    share: float
    value: float
    priority: float


def _together(its: Sequence[int], held: Mapping[int, frozenset[int]], groups: _Groups) -> _Together:
    """What the groups of one case come to: the one that leads, the evidence for it, and what is at stake.

    Reports that found all of a group's records, or more, are evidence for that group. The group of the
    highest priority leads; the others add their value where they have no record that was counted before.
    """
    shares, values = _evidence(its, held, groups), groups.value[list(its)].tolist()
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
    return _Together(its[lead], shares[lead], value, priorities[lead])


def _evidence(its: Sequence[int], held: Mapping[int, frozenset[int]], groups: _Groups) -> list[float]:
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


def _case_table(groups: _Groups, made: _Made, evidence: pa.Array) -> pa.Table:
    leads = pa.array(made.leads)
    lead = groups.table.take(leads).combine_chunks()
    report = groups.report[made.leads]
    risky = pa.array(np.array([each.value_is == "at risk" for each in groups.reports], dtype=bool)[report])
    weight, bits = _evidence_of_cases(evidence, groups, made)
    also, saw = _told_by_reports(groups, made)
    sizes = lead["records"].to_numpy().copy()
    for case, its in made.several.items():
        sizes[case] = len(frozenset().union(*(made.held[group] for group in its)))
    value = pa.array(made.value, from_pandas=True).cast(pa.int64())
    nothing = pa.nulls(len(value), pa.int64())
    return pa.table(
        {
            "rank": pa.array(np.arange(1, len(leads) + 1), pa.int32()),
            "case": pa.array(made.key, pa.string()),
            "report": pa.array(groups.ids, pa.string()).take(pa.array(report)),
            "title": pa.array([each.title for each in groups.reports], pa.string()).take(pa.array(report)),
            "also_in": also,
            "records": pa.array(sizes, pa.int32()),
            "value_at_risk": pc.if_else(risky, value, nothing),
            "value_involved": pc.if_else(risky, nothing, value),
            "agrees": lead["agrees"],
            "differs": lead["differs"],
            "explanations": lead["explanations"],
            "priority": pa.array(made.priority, pa.float64()),
            "share": pa.array(made.share, pa.float64()),
            "bits": pa.array(bits, pa.float64()),
            "evidence": weight,
            "saw": saw,
        }
    )


def _evidence_of_cases(of_groups: pa.Array, groups: _Groups, made: _Made) -> tuple[pa.Array, Shares]:
    """For each case its evidence, and the bits of it in all.

    Reports that found the same records and compare other columns bring theirs; what others of the case saw is
    told by `saw`.
    """
    further = {case: _independent(its, groups, made.held) for case, its in made.several.items()}
    told, starts = _side_by_side(made.leads, further)
    offsets = of_groups.offsets.to_numpy().astype(np.int64)
    lengths = np.diff(offsets)[told]
    ends = np.concatenate([[0], np.cumsum(lengths)])
    entries = np.repeat(offsets[told] - ends[:-1], lengths) + np.arange(ends[-1])
    evidence = pa.ListArray.from_arrays(
        pa.array(ends[starts], pa.int32()), of_groups.values.take(pa.array(entries)), type=pa.list_(EVIDENCE)
    )
    return evidence, _bits_of(evidence)


def _side_by_side(leads: Numbers, several: Mapping[int, Sequence[int]]) -> tuple[Numbers, Numbers]:
    """The groups of all cases, case by case: the leading one, or those of `several`; and where each begins.

    The beginnings are one more than there are cases: the last is the end.
    """
    sizes = np.ones(len(leads), dtype=np.int64)
    sizes[list(several)] = [len(its) for its in several.values()]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    groups = np.repeat(leads, sizes)
    for case, its in several.items():
        groups[starts[case] : starts[case + 1]] = its
    return groups, starts


def _bits_of(evidence: pa.Array) -> Shares:
    """The bits of each list of evidence, added up."""
    bits = pc.struct_field(evidence.flatten(), "bits").to_numpy(zero_copy_only=False)
    places = pc.list_parent_indices(evidence).to_numpy(zero_copy_only=False)
    return np.bincount(places, weights=bits, minlength=len(evidence)).astype(np.float64)


def _independent(its: Sequence[int], groups: _Groups, held: Mapping[int, frozenset[int]]) -> list[int]:
    """The leading group, and those of its records that speak of other columns than the ones before them."""
    chosen, told = [its[0]], groups.tells_further[groups.report[its[0]]]
    for group in its[1:]:
        tells = groups.tells_further[groups.report[group]]
        if not told & tells and held[its[0]] <= held[group]:
            chosen.append(group)
            told |= tells
    return chosen


def _told_by_reports(groups: _Groups, made: _Made) -> tuple[pa.Array, pa.Array]:
    """For each case the other reports that raised it, and what each report saw, the leading one first."""
    first: dict[int, list[int]] = {}
    times: dict[int, list[int]] = {}
    for case, its in made.several.items():
        seen = Counter(int(groups.report[group]) for group in its)
        by_report = {int(groups.report[group]): group for group in reversed(its)}
        its_first = sorted(by_report.values(), key=its.index)
        first[case] = its_first
        times[case] = [seen[int(groups.report[group])] for group in its_first]
    told, offsets = _side_by_side(made.leads, first)
    number = np.ones(len(told), dtype=np.int64)
    for case, its_times in times.items():
        number[offsets[case] : offsets[case + 1]] = its_times
    report = pa.array(groups.report[told])
    its = groups.table.take(pa.array(told)).combine_chunks()
    held = {
        "report": pa.array(groups.ids, pa.string()).take(report),
        "title": pa.array([each.title for each in groups.reports], pa.string()).take(report),
        "groups": pa.array(number, pa.int32()),
        **{
            name: array_of(its, name).cast(SAW.field(name).type) for name in its.column_names if name in _SEEN
        },
    }
    entries = pa.StructArray.from_arrays([held[field.name] for field in SAW], fields=list(SAW))
    saw = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), entries, type=pa.list_(SAW))
    is_other = np.ones(len(told), dtype=bool)
    is_other[offsets[:-1]] = False
    others = np.concatenate([[0], np.cumsum(np.diff(offsets) - 1)])
    return pa.ListArray.from_arrays(
        pa.array(others, pa.int32()), held["report"].filter(pa.array(is_other))
    ), saw


def _members_of_cases(groups: _Groups, made: _Made, engine: Engine) -> pa.Table:
    """One row per case and record: `rank`, `case`, `record`, `raised_by` (the reports that saw it there)."""
    rank = made.rank[groups.group]
    entries = pa.table(
        {
            "rank": pa.array(rank, pa.int32()),
            "case": pa.array(made.key, pa.string()).take(pa.array(rank - 1)),
            "record": pa.array(groups.record, pa.int64()),
            "report": pa.array(groups.ids, pa.string()).take(pa.array(groups.report[groups.group])),
        }
    )
    return engine.sql(
        'select rank, min("case") as "case", record, list(distinct report order by report) as raised_by '
        "from entries group by rank, record order by rank, record",
        entries=entries,
    )


def _totals(found: Found) -> ReportSummary:
    """What a report found, before it is known how many cases it leads."""
    report, groups = found.report, found.groups
    known = groups["value"].drop_null()
    total = None if groups.num_rows and not len(known) else int(pc.sum(known).as_py() or 0)
    return ReportSummary(
        report=report.id,
        title=report.title,
        nfi_report=str(report.nfi_report) if report.nfi_report else None,
        cases=groups.num_rows,
        records=found.members.num_rows,
        explained=int((pc.list_value_length(groups["explanations"]).to_numpy() > 0).sum()),
        value_at_risk=total if report.value_is == "at risk" else None,
        value_involved=total if report.value_is == "involved" else None,
        value_means=report.value_means,
        data=report.data,
    )
