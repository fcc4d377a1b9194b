"""The records of cases: what a person knows of them, and which cases share some."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from matching.records import Records, known_fields, schema_of
from matching.result import RECORD_KEYS
from matching.wording import counted
from specs.engine import Engine
from specs.quoting import quoted, quoted_text, table_name
from specs.specification import Specification

_OVERLAPS_TOLD = 5


def records_of_cases(
    members: pa.Table,
    records: Records,
    specifications: Mapping[str, Specification],
    engine: Engine,
) -> pa.Table:
    """The records of every case, side by side: what a person knows of them, without the keys."""
    fields = known_fields(specifications)
    parts = []
    for dataset in records:
        shown = ["source_row", "raised_by"]
        shown += [quoted(name) for name in schema_of(records, dataset).names if name in fields]
        parts.append(
            f'select record, rank, members."case", {quoted_text(dataset)} as dataset, {", ".join(shown)} '
            f"from members join {table_name(dataset)} using (record)"
        )
    if not parts:
        return RECORD_KEYS.empty_table()
    query = (
        f"select * exclude (record) from ({' union all by name '.join(parts)}) "
        "order by rank, dataset, source_row, record"
    )
    return engine.sql(query, members=members, **{table_name(name): table for name, table in records.items()})


def overlaps(members: pa.Table, cases: pa.Table, engine: Engine) -> pa.Array:
    """For each case, those above it that have two or more of its records, in words."""
    found = engine.sql(
        """
        with
        shared as (         -- the records that stand in several cases
            select record from members group by record having count(*) > 1
        ),
        places as (
            select members.rank, members."case", members.record from members join shared using (record)
        ),
        pairs as (
            select below.rank, above.rank as above, min(above."case") as "case", count(*) as records
            from places as above
            join places as below on above.record = below.record and above.rank < below.rank
            group by below.rank, above.rank
            having count(*) > 1
        ),
        placed as (
            select *, row_number() over (partition by rank order by above) as place,
                count(*) over (partition by rank) as in_all
            from pairs
        )
        select * from placed where place <= $most order by rank, above
        """.replace("$most", str(_OVERLAPS_TOLD)),
        members=members.select(["rank", "case", "record"]),
    )
    told: dict[int, list[str]] = {}
    for row in found.to_pylist():
        entries = told.setdefault(row["rank"], [])
        entries.append(
            f"{counted(row['records'], 'record')} also in case {row['case']}, rank {row['above']:,}"
        )
        if row["place"] == _OVERLAPS_TOLD < row["in_all"]:
            entries.append(f"and in {counted(row['in_all'] - _OVERLAPS_TOLD, 'more case')} above this one")
    return pa.array([told.get(rank, []) for rank in cases["rank"].to_pylist()], pa.list_(pa.string()))
