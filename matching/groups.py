"""Groups: the records of one report that belong together. A key shared by k records is one group."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from matching.compare import joined_by_similarity
from matching.report import Report, Where
from specs.engine import Engine
from specs.quoting import quoted, table_name


def groups_of(report: Report, records: Mapping[str, pa.Table], engine: Engine) -> pa.Table:
    """The members of each group that a report finds.

    Returns:
        One row per member: `group_no` (int64, from 1 in the order of the keys), `record` (int64),
        `similarity` (double, least similarity inside the group; null where nothing was compared).
        Ordered by group and record. Rows grow with the records, never with their square.
    """
    tables = {table_name(dataset): records[dataset] for dataset in report.data}
    taking = engine.sql(taking_part_sql(report), **tables)
    if report.similar:
        taking = joined_by_similarity(taking, report, engine)
    return engine.sql(grouped_sql(report), taking=taking)


def taking_part_sql(report: Report) -> str:
    """The query for the records that a report looks at: every key there, every condition met."""
    return " union all ".join(_taking_part(report, dataset) for dataset in report.data)


def _taking_part(report: Report, dataset: str) -> str:
    columns = (*report.same, *report.different, *report.near, *report.similar)
    conditions = [f"{quoted(name)} is not null" for name in (*report.same, *report.near, *report.similar)]
    for name, where in report.where.items():
        conditions += _bounds(quoted(name), where)
    taken = ", ".join(quoted(name) for name in dict.fromkeys(columns))
    return (
        f"select record, '{dataset}' as dataset, {taken} "
        f"from {table_name(dataset)} where {' and '.join(conditions)}"
    )


def _bounds(column: str, where: Where) -> list[str]:
    bounds = {">": where.above, "<": where.below}
    return [f"{column} {sign} {bound}" for sign, bound in bounds.items() if bound is not None]


def grouped_sql(report: Report) -> str:
    """The query that brings records together: same keys, near dates, something different.

    Near dates cut a key's records, in order of date, wherever the gap is too wide: one sort, no pairs.
    """
    keys = [quoted(name) for name in report.same] + (["component"] if report.similar else [])
    steps, source = [], "taking"
    for column, days in report.near.items():
        by = f"partition by {', '.join(keys)} order by {quoted(column)}, record"
        gap = f"{quoted(column)} - lag({quoted(column)}) over ({by})"
        # not `count(*) filter (where apart)`: as a window that takes DuckDB 2.0 the square of the rows
        island = f"count(case when apart then 1 end) over ({by})"
        steps += [
            f"gaps as (select *, {gap} > {days} as apart from taking)",
            f"islands as (select * exclude (apart), {island} as island from gaps)",
        ]
        keys.append("island")
        source = "islands"
    having = ["count(*) > 1"]
    having += [f"count(distinct {quoted(name)}) > 1" for name in report.different]
    if len(report.data) > 1:
        having.append("count(distinct dataset) > 1")
    key_list = ", ".join(keys)
    least = "min(similarity)" if report.similar else "cast(null as double)"
    steps += [
        f"kept as (select {key_list}, row_number() over (order by {key_list}) as group_no, "
        f"{least} as similarity from {source} group by {key_list} having {' and '.join(having)})",
    ]
    return (
        f"with {', '.join(steps)} select kept.group_no, {source}.record, kept.similarity "
        f"from {source} join kept using ({key_list}) order by group_no, record"
    )
