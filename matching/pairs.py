"""Cases as pairs of records: for programs, and for measuring against pairs that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from matching.records import RECORD_BITS, enrichments
from matching.report import Report
from specs.engine import Engine
from specs.quoting import quoted_text

LARGEST_IN_FULL = 30
"""A group of more records has each of them paired with its first, so that pairs grow with the records."""

PAIRS = pa.schema(
    [
        pa.field("rank", pa.int32(), nullable=False),  # of the case
        pa.field("case", pa.string(), nullable=False),
        pa.field("report", pa.string(), nullable=False),  # id of the report that found the pair
        pa.field("left_dataset", pa.string(), nullable=False),  # the first that the report names
        pa.field("left_body", pa.int8(), nullable=False),  # 0; of two data sets with two bodies also 1
        pa.field("left_row", pa.int64(), nullable=False),  # row in the extract; headings are row 1
        pa.field("right_dataset", pa.string(), nullable=False),
        pa.field("right_body", pa.int8(), nullable=False),
        pa.field("right_row", pa.int64(), nullable=False),
        pa.field("weight", pa.float64(), nullable=False),  # bits: log2 of probability to one less probability
        pa.field("probability", pa.float64(), nullable=False),  # 0 to 1
    ]
)
"""The columns of a match's pairs, ordered by rank, then by place and row of both records."""

_CERTAIN = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class Grouped:
    """The groups of one report as members, each with the share expected to be worth opening."""

    report: Report
    members: pa.Table
    """`group_no` and `record`."""
    shares: pa.Table
    """`group_no` and `share`, after explanations."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The pairs that a report has weighed: `group_no`, `first`, `second`, `weight` and `probability`."""

    report: Report
    pairs: pa.Table


def pairs_of(
    found: Sequence[Grouped | Linked], places: pa.Table, engine: Engine, *, two_bodies: bool
) -> pa.Table:
    """The pairs of every group, in the order of their cases.

    Args:
        found: what each report found.
        places: where each group stands: `report`, `group_no`, `rank`, `case`.
        engine: where to run.
        two_bodies: whether pairs are of one body's record and another's.

    Returns:
        PAIRS. Two records come once per report, in the first of its cases that holds both.
    """
    if not found:
        return PAIRS.empty_table()
    ordered = sorted(found, key=lambda each: each.report.id)
    parts = []
    for number, each in enumerate(ordered):
        pairs = _weighed(each, engine) if isinstance(each, Linked) else _of_groups(each, engine, two_bodies)
        own = places.filter(pc.equal(places["report"], each.report.id)).select(["group_no", "rank"])
        parts.append(engine.sql(_ranked_sql(number, once=_once(each)), pairs=pairs, places=own))
    reports = " ".join(f"when {number} then {quoted_text(e.report.id)}" for number, e in enumerate(ordered))
    query = f"""
        with
        keyed as (      -- one row per case
            select distinct rank, "case" from places
        )
        select rank, "case", case report_no {reports} end as report,
            {_dataset_of('"left"')} as left_dataset, {_body_of('"left"')} as left_body,
            {_row_of('"left"')} as left_row,
            {_dataset_of('"right"')} as right_dataset, {_body_of('"right"')} as right_body,
            {_row_of('"right"')} as right_row,
            weight, probability
        from pairs
        join keyed using (rank)
        order by rank, report_no, "left", "right"
    """
    return engine.sql(query, pairs=pa.concat_tables(parts), places=places).cast(PAIRS)


def _once(found: Grouped | Linked) -> bool:
    """Whether no record is in two groups, so that no pair can be."""
    if isinstance(found, Linked):
        return True
    records = found.members["record"]
    return bool(pc.count_distinct(records).as_py() == len(records))


def _ranked_sql(report_no: int, *, once: bool) -> str:
    """The query for one report's pairs with the rank of their case; of a pair in several, the first."""
    ranked = (
        f'select rank, {report_no} as report_no, "left", "right", weight, probability '
        "from pairs join places using (group_no)"
    )
    if once:
        return ranked
    place = 'row_number() over (partition by "left", "right" order by rank, probability desc)'
    return f"select * exclude (place) from (select *, {place} as place from ({ranked})) where place = 1"


def _of_groups(grouped: Grouped, engine: Engine, two_bodies: bool) -> pa.Table:
    """The pairs of exact groups, of which each shares what its group is expected to be worth."""
    report = grouped.report
    crosses = two_bodies or len(report.data) > 1
    on = ["l.group_no = r.group_no"]
    if len(report.data) > 1:
        on += [f"{_dataset_of('l.record')} = {quoted_text(report.data[0])}"]
        on += [f"{_dataset_of('r.record')} = {quoted_text(report.data[1])}"]
    else:
        on.append("l.record < r.record")
    if two_bodies:
        on.append(f"{_body_of('l.record')} <> {_body_of('r.record')}")
    # one condition for each branch: 'or' between them would look at every pair of a large group
    with_first = ["l.place = 1", *(["r.place = 1 and l.place > 1"] if crosses else [])]
    side = f"{_dataset_of('record')}, {_body_of('record')}" if crosses else "1"
    branches = [f"l.held <= {LARGEST_IN_FULL}"]
    branches += [f"l.held > {LARGEST_IN_FULL} and {condition}" for condition in with_first]
    each = " union all ".join(
        'select l.group_no, l.record as "left", r.record as "right" from placed as l join placed as r '
        f"on {' and '.join([*on, branch])}"
        for branch in branches
    )
    query = f"""
        with
        placed as (      -- one row per member, with its place among those of its side
            select group_no, record,
                row_number() over (partition by group_no, {side} order by record) as place,
                count(*) over (partition by group_no) as held
            from members
        ),
        paired as ({each}),
        expected as (    -- one row per pair
            select paired.*, least(share, {_CERTAIN}) as probability
            from paired
            join shares using (group_no)
        )
        select group_no, "left", "right",
            log2(probability / (1 - probability)) as weight, probability
        from expected
    """
    return engine.sql(query, members=grouped.members, shares=grouped.shares)


def _weighed(linked: Linked, engine: Engine) -> pa.Table:
    """The pairs that were weighed, the record of the first data set left."""
    of_first = f"{_dataset_of('first')} = {quoted_text(linked.report.data[0])}"
    keeps = f"({of_first} and first < second)" if len(linked.report.data) == 1 else of_first
    query = f"""
        select group_no,
            case when {keeps} then first else second end as "left",
            case when {keeps} then second else first end as "right",
            weight, probability
        from pairs
    """
    return engine.sql(query, pairs=linked.pairs)


def _place_of(record: str) -> str:
    return f"({record} >> {RECORD_BITS})"


def _body_of(record: str) -> str:
    return f"cast({_place_of(record)} // {len(enrichments())} as tinyint)"


def _dataset_of(record: str) -> str:
    names = " ".join(f"when {number} then {quoted_text(name)}" for number, name in enumerate(enrichments()))
    return f"case {_place_of(record)} % {len(enrichments())} {names} end"


def _row_of(record: str) -> str:
    return f"({record} & {(1 << RECORD_BITS) - 1})"
