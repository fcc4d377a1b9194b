"""Groups of one person and their pairs, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.linkage.compare import Numbers
from matching.linkage.contents import DIFFERENT, SameContent
from matching.linkage.levels import known_comparisons
from matching.linkage.model import Weigher
from specs.engine import Engine
from specs.quoting import quoted

if TYPE_CHECKING:
    from matching.report import Report

PAIRS_OF_ALL = 30
"""A group of more records lists only the pairs of each with its first."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Groups of records that are taken for one person each."""

    groups: pa.Table
    """One row per member: `group_no` (int64, from 1 in the order of their first records), `record` (int64),
    `similarity` (double, mean probability of the group's pairs), `weight` (double, their mean in bits).
    Ordered by group and record."""
    pairs: pa.Table
    """The pairs of each group: `group_no`, `first`, `second` (records, first < second), `weight` (bits),
    `probability`, `bits` (struct: a double for each comparison, then `prior`, `household` and `left_over`;
    they
    add up to the weight), `levels` (struct: the name of each comparison's level). Ordered by group, first
    and second."""
    model: Mapping[str, Any]
    """What the weights come from, fit for JSON, with a `digest`."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """Which records are taken for one person."""

    group: Numbers
    """For each row of the records a number that those of one person share."""
    left_over: npt.NDArray[np.float64]
    """For each distinct content, the bits that its pair has for being left over."""


def told(
    report: Report,
    taking: pa.Table,
    held: SameContent,
    grouped: Grouped,
    weigher: Weigher,
    *,
    engine: Engine,
    across: bool,
) -> Linked:
    """What a report gives: the groups that meet its `different`, and their pairs."""
    groups = engine.sql(
        _groups_sql(report, across=across),
        members=taking.select([name for name in taking.column_names if name.startswith(DIFFERENT)])
        .append_column("record", taking["record"])
        .append_column("side", taking["side"])
        .append_column("own", pa.array(grouped.group))
        .append_column("content", pa.array(held.content)),
    )
    pairs = _weighed(engine.sql(_pairs_sql(across=across), groups=groups), weigher, grouped.left_over)
    of_pair = pairs["group_no"].to_numpy() - 1
    of_member = groups["group_no"].to_numpy() - 1
    means = {}
    for mean, column in (("similarity", "probability"), ("weight", "weight")):
        total = np.bincount(of_pair, weights=pairs[column].to_numpy())
        means[mean] = (total / np.maximum(np.bincount(of_pair), 1))[of_member]
    return Linked(
        pa.table({"group_no": groups["group_no"], "record": groups["record"], **means}),
        pairs,
        weigher.model.as_json(),
    )


def _groups_sql(report: Report, *, across: bool) -> str:
    """The query for the members of groups, those of the first record first."""
    having = ["count(*) > 1", *(["count(distinct side) > 1"] if across else [])]
    having += [
        f"count(distinct {quoted(DIFFERENT + name)}) >= {number}" for name, number in report.different.items()
    ]
    return (
        "with kept as (select own, row_number() over (order by min(record)) as group_no from members "
        f"group by own having {' and '.join(having)}) "
        "select group_no, record, side, content, count(*) over (partition by group_no) as size, "
        "row_number() over (partition by group_no order by record) as place "
        "from members join kept using (own) order by group_no, record"
    )


def _pairs_sql(*, across: bool) -> str:
    """The query for the pairs of groups: all, or of a large group each record with the first."""
    apart = " and l.side <> r.side" if across else ""
    return (
        "select l.group_no, l.record as first, r.record as second, l.content as one, r.content as other "
        "from groups as l join groups as r on l.group_no = r.group_no and l.record < r.record "
        f"where (l.size <= {PAIRS_OF_ALL} or l.place = 1){apart} order by l.group_no, first, second"
    )


def _weighed(listed: pa.Table, weigher: Weigher, left_over: npt.NDArray[np.float64]) -> pa.Table:
    one, other = (listed[name].to_numpy().astype(np.int64) for name in ("one", "other"))
    levels = weigher.records.levels(one, other)
    bits = weigher.bits(levels, one, other)
    bits["left_over"] = left_over[one]
    weight = sum(bits.values(), start=np.zeros(len(one)))
    named = {
        name: pa.array(
            np.array(known_comparisons()[weigher.records.comparisons[name]].names, object)[level], pa.string()
        )
        for name, level in levels.items()
    }
    return pa.table(
        {
            "group_no": listed["group_no"],
            "first": listed["first"],
            "second": listed["second"],
            "weight": pa.array(weight),
            "probability": pa.array(1 / (1 + np.exp2(-weight))),
            "bits": pa.StructArray.from_arrays([pa.array(its) for its in bits.values()], names=list(bits)),
            "levels": pa.StructArray.from_arrays(list(named.values()), names=list(named)),
        }
    )
