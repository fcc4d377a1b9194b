"""Lines of one whole added up first: a ledger may list an invoice on several rows.

Reports that say so (`lines_of`) look at records in which the lines of an invoice are one record with their
sum. What they find is told line by line again, so that a case shows every record there is.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from matching.found import Found
from matching.records import LinesOf, Prepared, enrichments, lines_column, schema_of
from matching.wording import sums_of_lines
from specs.engine import Engine
from specs.quoting import quoted, table_name

SPELT_OUT = 8
"""Of how many lines a sum is spelt out; of the others it is told how many they are."""
_ONE = "1 line"


Whole = tuple[str, str]
"""A data set, and the name of a whole whose lines it holds, as records.yaml has it."""


@dataclass(frozen=True, slots=True)
class AddedUp:
    """Records whose lines were added up."""

    records: Prepared
    """Every data set's prepared records; of the one in question each whole is one record: its first line with
    the sums, and `lines_of_<name>`, which spells them out."""
    lines: pa.Table
    """One row per record that is a line of several: `record`, and `whole` (the record of the first line)."""


def added_up(
    whole: Whole, records: Prepared, engine: Engine, *, target: Path, wanted: Container[str]
) -> AddedUp:
    """Add the lines of each whole up.

    Args:
        whole: whose lines.
        records: every data set's prepared records.
        engine: where to run.
        target: the file to write, where the engine writes files.
        wanted: the columns to keep besides `record` and `body`.
    """
    dataset, name = whole
    of = enrichments()[dataset].lines_of[name]
    table, source = table_name(dataset), records[dataset]
    lines = engine.sql(_lines_sql(of, table), **{table: source})
    wholes = _spelt_out(engine.sql(_sums_sql(of), lines=lines), of, lines_column(name), engine)
    lines = lines.select(["record", "whole"])
    of_one_line = enrichments()[dataset].made_from(of.sums)
    columns = [
        each
        for each in schema_of(records, dataset).names
        if each in _ALWAYS or (each in wanted and each not in of_one_line)
    ]
    query = _added_up_sql(of, name, table, columns)
    if not lines.num_rows:  # what is looked for holds a whole of several lines
        query = f"select * from ({query}) where false"
    added = engine.sql_into(target, query, **{table: source}, lines=lines, wholes=wholes)
    return AddedUp({**records, dataset: added}, lines)


_ALWAYS = ("record", "body")


def only_with_lines(groups: pa.Table, lines: pa.Table, engine: Engine) -> pa.Table:
    """Of the groups of `matching.groups.groups_of` those with a whole of several lines (`AddedUp.lines`)."""
    query = """
        select groups.* from groups
        where group_no in (select group_no from groups join lines using (record))
        order by group_no, record
    """
    return engine.sql(query, groups=groups, lines=lines)


def line_by_line(found: Found, lines: pa.Table, engine: Engine) -> Found:
    """The same with every line of a whole (`AddedUp.lines`) as a member of its group."""
    if not found.groups.num_rows:
        return found
    query = """
        select members.group_no, coalesce(lines.record, members.record) as record
        from members left join lines on lines.whole = members.record
        order by group_no, record
    """
    members = engine.sql(query, members=found.members, lines=lines)
    counts = engine.sql(
        "select count(*) as records from members group by group_no order by group_no", members=members
    )
    place = found.groups.schema.get_field_index("records")
    groups = found.groups.set_column(place, found.groups.schema.field("records"), counts["records"])
    return replace(found, members=members, groups=groups)


def _lines_sql(of: LinesOf, table: str) -> str:
    """The query for every record that is a line of several, with that of the first line.

    Only records that share what lines share with another are put in order: in most ledgers they are few.
    """
    shared = [quoted(name) for name in (*of.same, *of.same_or_blank)]
    ((numbered, most),) = of.next_to.items()
    filled = " and ".join(f"{quoted(name)} is not null" for name in of.same)
    key, by = f"hash({', '.join(shared)})", f"body, {', '.join(shared)}"
    number = f"try_cast(nullif(regexp_replace({quoted(numbered)}, '\\D', '', 'g'), '') as hugeint)"
    return f"""
        with
        repeated as (    -- what more than one record shares, as numbers
            select {key} as key from {table} where {filled} group by key having count(*) > 1
        ),
        taking as (      -- one row per record that may be a line, with its number in the row
            select record, body, {", ".join(map(quoted, (*of.same, *of.same_or_blank, *of.sums)))},
                {number} as number
            from {table}
            where {filled} and {key} in (select key from repeated)
        ),
        stepped as (     -- the same, with whether it begins another whole
            select *, coalesce(number - lag(number) over line > {most}, false) as begins
            from taking
            window line as (partition by {by} order by number, record)
        ),
        run as (         -- the same, with the place of its whole
            select *, count(case when begins then 1 end) over (
                partition by {by} order by number, record rows unbounded preceding
            ) as place
            from stepped
        ),
        whole as (       -- the same, with the first line of its whole, and how many it has
            select *, min(record) over its as whole, count(*) over its as held
            from run
            window its as (partition by {by}, place)
        )
        select record, whole, {", ".join(map(quoted, of.sums))} from whole where held > 1
        order by whole, record
    """


def _sums_sql(of: LinesOf) -> str:
    """The query for each whole: its sums, how many lines it has, and the largest of them."""
    first = quoted(of.sums[0])
    sums = ", ".join(f"cast(sum({quoted(name)}) as bigint) as {quoted(name)}" for name in of.sums)
    return f"""
        select whole, {sums}, count(*) as held,
            list_reverse_sort(list({first}) filter (where {first} is not null))[:{SPELT_OUT}] as largest
        from lines group by whole order by whole
    """


def _spelt_out(wholes: pa.Table, of: LinesOf, column: str, engine: Engine) -> pa.Table:
    """The sums, and the column in which they are spelt out."""

    def spell(batch: pa.RecordBatch) -> pa.RecordBatch:
        said = sums_of_lines(batch["largest"], batch["held"], batch[of.sums[0]])
        return batch.drop_columns(["largest", "held"]).append_column(column, said)

    if wholes.num_rows:
        return engine.map(spell, wholes)
    return pa.Table.from_batches([spell(pa.RecordBatch.from_pylist([], schema=wholes.schema))])


def _added_up_sql(of: LinesOf, name: str, table: str, columns: Sequence[str]) -> str:
    """The query for the records, each whole as its first line with the sums."""
    told = lines_column(name)
    each = [
        f"coalesce(wholes.{quoted(column)}, own.{quoted(column)}) as {quoted(column)}"
        if column in of.sums
        else f"own.{quoted(column)}"
        for column in columns
    ]
    return f"""
        select {", ".join(each)}, coalesce(wholes.{quoted(told)}, '{_ONE}') as {quoted(told)}
        from {table} as own
        left join lines using (record)
        left join wholes on wholes.whole = own.record
        where lines.record is null or lines.whole = own.record
    """
