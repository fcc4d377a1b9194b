"""The records of cases: what a person knows of them, and which cases share some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from matching.case_rows import keys_of
from matching.cases import Made
from matching.columns import array_of
from matching.records import Records, known_fields, schema_of
from matching.result import RECORD_KEYS
from matching.wording import counted
from specs.engine import Engine, Stored
from specs.quoting import quoted, quoted_text, table_name
from specs.specification import Specification

_OVERLAPS_TOLD = 5
_PAGE = 200_000
"""Records that are fetched at once, or those of one case."""


def members_of_cases(made: Made, engine: Engine, folder: Path) -> Stored:
    """One row per case and record: `rank`, `record`, `raised_by` (the places of the reports that saw it)."""
    groups = made.groups
    entries = pa.table(
        {
            "rank": pa.array(made.rank[groups.group], pa.int32()),
            "record": pa.array(groups.record, pa.int64()),
            "report": pa.array(groups.report[groups.group], pa.int32()),
        }
    )
    query = """
        select rank, record, list(distinct report order by report) as raised_by
        from entries
        group by rank, record
    """
    return engine.sql_into(folder / "members.parquet", query, entries=entries)


def case_records(
    made: Made,
    members: Stored,
    records: Records,
    specifications: Mapping[str, Specification],
    engine: Engine,
    *,
    folder: Path,
) -> Iterator[pa.Table]:
    """The records of every case, side by side: what a person knows of them, without the keys.

    Args:
        made: all cases.
        members: as `members_of_cases` gives them.
        records: every data set's prepared records.
        specifications: data set -> the specification that its records were checked against.
        engine: where to run.
        folder: for working files.

    Returns:
        RECORD_KEYS and the columns of the data sets, ordered by rank; at least one table.
    """
    fields = known_fields(specifications)
    parts = []
    for dataset in records:
        shown = ["source_row", "raised_by"]
        shown += [quoted(name) for name in schema_of(records, dataset).names if name in fields]
        parts.append(
            f"select record, rank, {quoted_text(dataset)} as dataset, {', '.join(shown)} "
            f"from members join {table_name(dataset)} using (record)"
        )
    if not parts:
        yield RECORD_KEYS.empty_table()
        return
    tables = {table_name(name): table for name, table in records.items()}
    whole = engine.sql_into(
        folder / "case-records.parquet", " union all by name ".join(parts), members=members, **tables
    )
    for first, last in _pages(made):
        query = (
            f"select * exclude (record) from whole where rank between {first} and {last} "
            "order by rank, dataset, source_row, record"
        )
        yield _with_names(engine.sql(query, whole=whole), made)


def _pages(made: Made) -> Iterator[tuple[int, int]]:
    """The first and the last rank of each page, at least one."""
    held = np.cumsum(np.bincount(made.place[made.groups.group], minlength=len(made.leads)))
    first = 0
    while True:
        before = held[first - 1] if first else 0
        last = max(int(np.searchsorted(held, before + _PAGE, "right")), first + 1)
        yield first + 1, last
        first = last
        if first >= len(held):
            return


def _with_names(page: pa.Table, made: Made) -> pa.Table:
    """The same with the keys of the cases and the reports by their names."""
    ranks = array_of(page, "rank").cast(pa.int32())
    raised_by = array_of(page, "raised_by")
    reports = pa.array(made.groups.ids, pa.string()).take(raised_by.values)
    first = int(ranks[0].as_py()) if len(ranks) else 1
    last = int(ranks[-1].as_py()) if len(ranks) else 0
    keys = keys_of(made, first - 1, last).take(pa.array(ranks.to_numpy() - first))
    told = {
        "rank": ranks,
        "case": keys,
        "dataset": page["dataset"],
        "source_row": page["source_row"],
        "raised_by": pa.ListArray.from_arrays(raised_by.offsets, reports),
    }
    others = {name: page[name] for name in page.column_names if name not in told}
    schema = [*RECORD_KEYS, *(page.schema.field(name) for name in others)]
    return pa.table({**told, **others}, schema=pa.schema(schema))


def overlaps(members: Stored, made: Made, engine: Engine) -> dict[int, list[str]]:
    """Rank -> in words, the cases above that have two or more of its records; of those that have any."""
    found = engine.sql(
        """
        with
        shared as (         -- the records that stand in several cases
            select record from members group by record having count(*) > 1
        ),
        places as (
            select members.rank, members.record from members join shared using (record)
        ),
        pairs as (
            select below.rank, above.rank as above, count(*) as records
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
        members=members,
    )
    told: dict[int, list[str]] = {}
    for row in found.to_pylist():
        entries = told.setdefault(row["rank"], [])
        key = made.key[row["above"] - 1].decode()
        entries.append(f"{counted(row['records'], 'record')} also in case {key}, rank {row['above']:,}")
        if row["place"] == _OVERLAPS_TOLD < row["in_all"]:
            entries.append(f"and in {counted(row['in_all'] - _OVERLAPS_TOLD, 'more case')} above this one")
    return told
