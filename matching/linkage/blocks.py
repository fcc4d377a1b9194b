"""Which pairs are worth comparing: the query for each block of a report, and a bound on its pairs."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from matching.linkage.definition import Block
from specs.engine import Engine
from specs.quoting import quoted

PAIRS_WANTED = 3_000_000
MOST, LEAST_MOST = 60, 4
"""A block of at most so many records is compared whole: fewer in larger files, where weak agreement tells
less,
so that each line of `blocks` gives a few million pairs at most."""

NEIGHBOURS = 20
"""In a block that no further key makes small enough, each record is compared with so many that follow it."""


def whole_up_to(nodes: int) -> int:
    """The size of the largest block that is compared whole, in a file of so many records."""
    return max(LEAST_MOST, min(MOST, PAIRS_WANTED // max(nodes, 1)))


def pairs_to_compare(
    blocks: Sequence[Block], keys: pa.Table, engine: Engine, *, across: bool, neighbours_by: Sequence[str]
) -> pa.Table:
    """Every pair that some block brings together, once, in order.

    Args:
        blocks: the report's.
        keys: `node` (int32), `side` (int8) and a column of int32 for each key, null where there is none.
        engine: where to run.
        across: only pairs of different sides.
        neighbours_by: key columns that put the records of a block too large in order.

    Returns:
        `first`, `second` (int32), first < second.
    """
    most = whole_up_to(keys.num_rows)
    found = [
        engine.sql(block_sql(block, most=most, across=across, neighbours_by=neighbours_by), keys=keys)
        for block in blocks
        if all(name in keys.column_names for name in block.agree)
        and (block.up_to is None or keys.num_rows <= block.up_to)
        for block in (
            block.model_copy(update={"then": tuple(k for k in block.then if k in keys.column_names)}),
        )
    ]
    if not found:
        return pa.table({"first": pa.array([], pa.int32()), "second": pa.array([], pa.int32())})
    return engine.sql(
        "select distinct first, second from found order by first, second", found=pa.concat_tables(found)
    )


def block_sql(block: Block, *, most: int, across: bool, neighbours_by: Sequence[str]) -> str:
    """The query for the pairs of one block.

    Of all records that agree, if they are few; else of those that agree on the next key as well, and so
    on; at the end, of neighbours.
    """
    steps: list[str] = []
    parts: list[str] = []
    columns, ordering = ([quoted(name) for name in names] for names in (block.agree, neighbours_by))
    wanted = ", ".join(dict.fromkeys(["node", "side", *columns, *map(quoted, block.then)]))
    rest = f"select {wanted} from keys where {_there(columns)}"
    for depth, key in enumerate((*map(quoted, block.then), None)):
        by = ", ".join(columns)
        steps += [
            f"rest_{depth} as ({rest})",
            f"size_{depth} as (select {by}, count(*) as size from rest_{depth} "
            f"group by {by} having count(*) > 1)",
            f"few_{depth} as (select node, side, {by} from rest_{depth} join size_{depth} using ({by}) "
            f"where size <= {most})",
        ]
        apart = " and l.side <> r.side" if across else ""
        parts.append(
            f"select l.node as first, r.node as second "
            f"from few_{depth} as l join few_{depth} as r using ({by}) "
            f"where l.node < r.node{apart}"
        )
        many = f"from rest_{depth} join size_{depth} using ({by}) where size > {most}"
        if key:
            rest = f"select rest_{depth}.* {many} and {key} is not null"
            if key not in columns:
                columns.append(key)
            continue
        its, order = (", ".join(names) for names in (_of("its", columns), _of("keys", [*ordering, "node"])))
        steps += [
            f"crowded as (select rest_{depth}.* {many})",
            f"many as (select its.*, row_number() over (partition by {its} order by {order}) as place "
            "from crowded as its join keys on keys.node = its.node)",
            f"ahead as (select node, side, {by}, place + step as place from many "
            f"cross join range(1, {NEIGHBOURS + 1}) as steps(step))",
        ]
        parts.append(
            "select least(l.node, r.node) as first, greatest(l.node, r.node) as second "
            f"from ahead as l join many as r using ({by}, place){' where l.side <> r.side' if across else ''}"
        )
    return f"with {', '.join(steps)} {' union all '.join(parts)}"


def _of(table: str, columns: Sequence[str]) -> list[str]:
    return [f"{table}.{name}" for name in columns]


def _there(columns: Sequence[str]) -> str:
    return " and ".join(f"{name} is not null" for name in columns)
