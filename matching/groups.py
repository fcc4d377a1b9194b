"""Groups: the records of one report that belong together. A key shared by k records is one group."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

import pyarrow as pa
import pyarrow.types as kinds

from matching.compare import joined_by_similarity
from matching.records import Prepared, enrichments, schema_of
from matching.report import Nearness, Report, Where
from specs.engine import Engine, Table
from specs.quoting import quoted, quoted_text, table_name

SHARED = "shared"
"""Table of the numbers of what records share apart from lists."""


def groups_of(
    report: Report,
    records: Prepared,
    engine: Engine,
    *,
    between_bodies: Container[str] | None = None,
) -> pa.Table:
    """The members of each group that a report finds.

    Args:
        report: what to look for.
        records: data set -> its prepared records.
        engine: where to run.
        between_bodies: None: records of one body. Otherwise each group holds records of two bodies, and these
            columns, which name a record within its body, count as different.

    Returns:
        One row per member: `group_no` (int64, from 1 in the order of the keys), `record` (int64),
        `similarity` (double, least similarity inside the group; null where nothing was compared), and, for
        each list-valued key, the value that the group shares, as `key of <column>`.
        Ordered by group and record. No two groups have the same members. Rows grow with the records (a
        record of a list-valued key takes part once with each of its values), never with their square.
    """
    tables: dict[str, Table] = {table_name(dataset): records[dataset] for dataset in report.data}
    schemas = {dataset: schema_of(records, dataset) for dataset in report.data}
    if report.is_about_single_records:
        return engine.sql(
            f"with taking as ({taking_part_sql(report, schemas)}) {single_records_sql()}", **tables
        )
    lists = dict.fromkeys(name for schema in schemas.values() for name in _lists(report, schema))
    single = tuple(name for name in report.same if name not in lists)
    if lists and single:
        # before a record takes part with each value of its list, it has to share all else
        tables[SHARED] = engine.sql(_shared_sql(report, single, _rows_sql(report, schemas)), **tables)
    taking = taking_part_sql(report, schemas, sharing=single if lists else ())
    if report.same:
        repeated = engine.sql(_shared_sql(report, report.same, taking), **tables)
        if repeated.num_rows == 0:
            return _no_groups(lists)
        tables["repeated"] = repeated
        taking = f"select * from ({taking}) where {_as_number(report.same)} in (select key from repeated)"
    if report.similar:
        tables = {"taking": joined_by_similarity(engine.sql(taking, **tables), report, engine)}
        return engine.sql(f"with {grouped_sql(report, schemas, between_bodies)}", **tables)
    return engine.sql(f"with taking as ({taking}), {grouped_sql(report, schemas, between_bodies)}", **tables)


def _no_groups(lists: Iterable[str]) -> pa.Table:
    shared = [(f"key of {name}", pa.string()) for name in lists]
    columns = [("group_no", pa.int64()), ("record", pa.int64()), ("similarity", pa.float64()), *shared]
    return pa.schema(columns).empty_table()


def _shared_sql(report: Report, columns: Sequence[str], rows: str) -> str:
    """The query for what more than one row has in these columns, as numbers.

    Two keys may have one number: rows with a number that is here are still to be grouped by the keys
    themselves, but they are few, and no text of the others is ever held.
    """
    having = "count(*) > 1" + (" and min(dataset) < max(dataset)" if len(report.data) > 1 else "")
    return f"select {_as_number(columns)} as key from ({rows}) group by key having {having}"


def _as_number(columns: Sequence[str]) -> str:
    return f"hash({', '.join(map(quoted, columns))})"


def taking_part_sql(report: Report, schemas: Mapping[str, pa.Schema], *, sharing: Sequence[str] = ()) -> str:
    """The query for the records that a report looks at: every key there, every condition met.

    Args:
        report: whose records.
        schemas: data set -> the columns of its prepared records.
        sharing: columns whose number has to stand in the table SHARED.
    """
    columns = list(dict.fromkeys((*report.same, *report.different, *report.near, *report.similar)))
    parts = []
    for dataset in report.data:
        query = _row_sql(report, dataset, schemas[dataset])
        if sharing:
            query = f"select * from ({query}) where {_as_number(sharing)} in (select key from {SHARED})"
        for name in (lists := _lists(report, schemas[dataset])):
            each = f"{each_value_sql(dataset, name)} as {quoted(name)}"
            query = f"select * exclude ({quoted(name)}), {each} from ({query})"
        ordered = ", ".join(["record", "body", "dataset", *map(quoted, columns)])
        parts.append(f"select {ordered} from ({query})" if lists else query)
    return " union all ".join(parts)


def each_value_sql(dataset: str, column: str) -> str:
    """The expression for each value of a list, once; a list that a standard made has none of them twice."""
    entry = enrichments().get(dataset)
    is_of_standard = entry is not None and column in entry.keys
    return f"unnest({quoted(column)})" if is_of_standard else f"unnest(list_distinct({quoted(column)}))"


def _rows_sql(report: Report, schemas: Mapping[str, pa.Schema]) -> str:
    """The same with lists as they are, and only what is no list."""
    parts = []
    for dataset in report.data:
        lists = ", ".join(map(quoted, _lists(report, schemas[dataset])))
        rows = _row_sql(report, dataset, schemas[dataset])
        parts.append(f"select * exclude ({lists}) from ({rows})" if lists else rows)
    return " union all by name ".join(parts)


def _row_sql(report: Report, dataset: str, schema: pa.Schema) -> str:
    columns = (*report.same, *report.different, *report.near, *report.similar)
    taken = [quoted(name) for name in dict.fromkeys(columns)]
    conditions = [f"{quoted(name)} is not null" for name in (*report.same, *report.near, *report.similar)]
    for name, where in report.where.items():
        if name in schema.names:
            conditions += _conditions(quoted(name), where)
    return (
        f"select record, body, {quoted_text(dataset)} as dataset{''.join(f', {name}' for name in taken)} "
        f"from {table_name(dataset)}" + (f" where {' and '.join(conditions)}" if conditions else "")
    )


def _lists(report: Report, schema: pa.Schema) -> tuple[str, ...]:
    """The keys of which a record may have several values."""
    return tuple(name for name in report.same if kinds.is_list(schema.field(name).type))


def _conditions(column: str, where: Where) -> list[str]:
    bounds = {">": where.above, "<": where.below}
    conditions = [f"{column} {sign} {bound}" for sign, bound in bounds.items() if bound is not None]
    as_text = f"cast({column} as varchar)"
    if where.is_:
        conditions.append(f"{as_text} in ({', '.join(map(quoted_text, where.is_))})")
    if where.is_not:
        conditions.append(
            f"({column} is null or {as_text} not in ({', '.join(map(quoted_text, where.is_not))}))"
        )
    if where.blank is not None:
        conditions.append(f"{column} is {'' if where.blank else 'not '}null")
    return conditions


def single_records_sql() -> str:
    """The query that makes each record that takes part a group of its own."""
    return (
        "select row_number() over (order by record) as group_no, record, "
        "cast(null as double) as similarity from taking order by group_no"
    )


def grouped_sql(
    report: Report, schemas: Mapping[str, pa.Schema], between_bodies: Container[str] | None = None
) -> str:
    """The steps that bring the records of `taking` together, and the query for what they give.

    Same keys, near values, something different.

    Near values cut a key's records, in their order, wherever the gap is too wide: one sort, no pairs. Of two
    such columns the first cuts again what the second has left.
    """
    keys = [quoted(name) for name in report.same] + (["component"] if report.similar else [])
    steps, source = [], "taking"
    for cut, column in enumerate([*report.near, *list(report.near)[:-1]], start=1):
        by = f"partition by {', '.join(keys)} order by {quoted(column)}, record"
        apart = _apart(quoted(column), f"lag({quoted(column)}) over ({by})", report.near[column])
        # not `count(*) filter (where apart)`: as a window that takes DuckDB 2.0 the square of the rows
        island = f"count(case when apart then 1 end) over ({by})"
        steps += [
            f"gaps_{cut} as (select *, {apart} as apart from {source})",
            f"islands_{cut} as (select * exclude (apart), {island} as island_{cut} from gaps_{cut})",
        ]
        keys.append(f"island_{cut}")
        source = f"islands_{cut}"
    having = ["count(*) > 1"]
    for name, least in report.different.items():
        if between_bodies is None or name not in between_bodies:
            having.append(f"count(distinct {quoted(name)}) >= {least}")
    if between_bodies is not None:
        having.append("count(distinct body) > 1")
    if len(report.data) > 1:
        having.append("count(distinct dataset) > 1")
    key_list = ", ".join(keys)
    lists = dict.fromkeys(name for schema in schemas.values() for name in _lists(report, schema))
    shared = [f", kept.{quoted(name)} as {quoted(f'key of {name}')}" for name in lists]
    least_alike = "min(similarity)" if report.similar else "cast(null as double)"
    steps += [
        f"kept as (select {key_list}, row_number() over (order by {key_list}) as group_no, "
        f"{least_alike} as similarity from {source} group by {key_list} having {' and '.join(having)})",
        f"members as (select kept.group_no, {source}.record, kept.similarity{''.join(shared)} "
        f"from {source} join kept using ({key_list}))",
    ]
    if lists:
        # records that agree on several values of a list are one group: the first of those with these members
        steps += [
            "whole as (select group_no, list(record order by record) as held from members group by group_no)",
            "first as (select min(group_no) as group_no from whole group by held)",
            "numbered as (select group_no, row_number() over (order by group_no) as place from first)",
        ]
        return (
            f"{', '.join(steps)} select place as group_no, members.* exclude (group_no) "
            "from members join numbered using (group_no) order by group_no, record"
        )
    return f"{', '.join(steps)} select * from members order by group_no, record"


def _apart(value: str, before: str, near: Nearness) -> str:
    """The condition for a value that is too far from the one before it, of which it is no smaller."""
    if near.unit == "percent":
        # as fractions: a sum times a hundred may be more than a whole number holds
        smaller = f"least(abs(cast({value} as double)), abs(cast({before} as double)))"
        return f"cast({value} - {before} as double) * 100 > {near.most} * {smaller}"
    return f"{value} - {before} > {near.most}"
