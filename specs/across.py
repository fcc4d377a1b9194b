"""Checks of a whole data set, as SQL over its checked records: references used twice or to nothing, totals.

Each query names its steps and says what one row of a step is. Identifiers come from a specification,
whose model lets through only lower-case letters, digits and underscores; no query holds a value.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from specs.check_descriptions import check_descriptions
from specs.engine import Engine
from specs.finding import FINDINGS
from specs.quoting import quoted
from specs.schema import capped
from specs.specification import FieldFormat, Need, Reference, Severity, Specification

_TOTAL = "('total', 'totals', 'grand total', 'overall total', 'sum')"
_SHOWN = 3  # other rows named in a finding; the rest are counted
_PLACES = range(1, _SHOWN + 2)  # of a key, so many rows are looked at that one of them can be left out


def duplicate_key_findings(specification: Specification, records: Path, engine: Engine) -> pa.Table:
    """One finding for each record whose key another record has: columns FINDINGS, ordered by row.

    A key counts where its required columns are filled (any of its columns, where none is required);
    where an optional part of it is blank, blank equals blank. The value is that of the key's first
    column, the detail names up to three of the other rows.

    Args:
        specification: which columns are the key.
        records: checked records, as Parquet.
        engine: what runs the query.
    """
    shared = engine.sql(duplicate_key_query(specification), records=records)
    field = specification.by_column[specification.key.columns[0]]
    severity = capped(capped(specification.key.severity, specification.key.evidence), field.evidence)
    return _findings("duplicate_key", severity, field.name, shared, _other_rows(shared))


def missing_reference_findings(
    specification: Specification, reference: Reference, records: Path, others: Path, engine: Engine
) -> pa.Table:
    """One finding for each record whose reference no record of the other data set has, ordered by row."""
    lost = engine.sql(missing_reference_query(reference.column), records=records, others=others)
    field = specification.by_column[reference.column]
    severity = capped(capped(reference.severity, reference.evidence), field.evidence)
    detail = pa.repeat(f"not in {reference.dataset}", lost.num_rows)
    return _findings("reference", severity, field.name, lost, detail)


def totals_row_findings(
    specification: Specification, columns: Collection[str], records: Path, engine: Engine
) -> pa.Table:
    """A finding if the last record looks like a line of totals: columns FINDINGS.

    It does if a value is missing that a record needs, and if either a text in it is 'Total' or a sum of money
    is what all the records above it add up to. One of the two alone also occurs in records.

    Args:
        specification: what the columns are.
        columns: those that the extract has.
        records: checked records, as Parquet.
        engine: what runs the query.
    """
    fields = [field for field in specification.fields if field.column in columns]
    needed = [field.column for field in fields if field.required is not Need.NO]
    if not needed:
        return FINDINGS.empty_table()
    texts = [field.column for field in fields if field.format is FieldFormat.CHARACTER]
    sums = [field for field in fields if field.format is FieldFormat.MONEY]
    query = totals_row_query(needed, texts, [field.column for field in sums])
    found = engine.sql(query, records=records).to_pylist()
    return pa.Table.from_pylist(
        [
            {
                "code": "totals_row",
                "severity": str(check_descriptions()["totals_row"].severity),
                "row": row["source_row"],
                "detail": _what_adds_up([field.name for field in sums if row[f"{field.column}_adds_up"]]),
            }
            for row in found
        ],
        schema=FINDINGS,
    )


def totals_row_query(needed: Sequence[str], texts: Sequence[str], sums: Sequence[str]) -> str:
    """The query for a last record that looks like a line of totals: source_row, and which sums add up."""
    above = "".join(
        f",\n        sum({quoted(name)}) as {quoted(f'{name}_total')}, "
        f"count({quoted(name)}) as {quoted(f'{name}_count')}"
        for name in sums
    )
    adds_up = "".join(
        f",\n        coalesce(last_record.{quoted(name)} = above.{quoted(f'{name}_total')}\n"
        f"            and last_record.{quoted(name)} <> 0\n"
        f"            and above.{quoted(f'{name}_count')} > 1, false) as {quoted(f'{name}_adds_up')}"
        for name in sums
    )
    is_missing = " or ".join(f"last_record.{quoted(name)} is null" for name in needed)
    says_so = [f"coalesce(lower(last_record.{quoted(name)}) in {_TOTAL}, false)" for name in texts]
    says_total = "\n        or ".join(says_so) or "false"
    shows_it = " or ".join(["says_total", *(quoted(f"{name}_adds_up") for name in sums)])
    return f"""\
with
last_record as (        -- one row
    select *
    from records
    where source_row = (select max(source_row) from records)
),
above as (              -- one row: what the records before it add up to
    select
        count(*) as records{above}
    from records
    where source_row < (select max(source_row) from records)
),
looked_at as (          -- one row
    select
        last_record.source_row,
        ({is_missing}) as is_missing,
        ({says_total}) as says_total{adds_up}
    from last_record
    cross join above
)
select *
from looked_at
where is_missing and ({shows_it})
order by source_row
"""  # noqa: S608 (identifiers from a checked specification only)


def needed_for_key(specification: Specification) -> list[str]:
    """The columns of the key without which a record has none: those that may not be blank."""
    return [
        name for name in specification.key.columns if specification.by_column[name].required is not Need.NO
    ]


def duplicate_key_query(specification: Specification) -> str:
    """The query for records that share a key: source_row, value, key_records, row_1 and so on."""
    columns = [quoted(name) for name in specification.key.columns]
    key = ", ".join(columns)
    needed = needed_for_key(specification)
    filled = (" and " if needed else " or ").join(
        f"{quoted(name)} is not null" for name in needed or specification.key.columns
    )
    same_key = "\n        and ".join(f"keyed.{name} is not distinct from repeated.{name}" for name in columns)
    keyed_columns = ", ".join(f"keyed.{name}" for name in columns)
    row_columns = ",\n        ".join(
        f"max(case when place = {place} then source_row end) over (partition by {key}) as row_{place}"
        for place in _PLACES
    )
    return f"""\
with
keyed as (              -- one row per record whose key is filled
    select source_row, {key}
    from records
    where {filled}
),
repeated as (           -- one row per key that more than one record has
    select {key}, count(*) as key_records
    from keyed
    group by {key}
    having count(*) > 1
),
placed as (             -- the records of those keys, counted within their key
    select
        keyed.source_row, {keyed_columns}, repeated.key_records,
        row_number() over (partition by {keyed_columns} order by keyed.source_row) as place
    from keyed
    join repeated
        on {same_key}
),
told as (               -- the same records, each with the first rows of its key
    select
        source_row, {columns[0]} as value, key_records,
        {row_columns}
    from placed
)
select *
from told
order by source_row
"""  # noqa: S608 (identifiers from a checked specification only)


def missing_reference_query(column: str) -> str:
    """The query for records whose reference is not among the others': source_row, value."""
    column = quoted(column)
    return f"""\
select records.source_row, records.{column} as value
from records
where records.{column} is not null      -- a blank refers to nothing
  and not exists (
    select 1
    from others
    where others.{column} = records.{column}
  )
order by records.source_row
"""  # noqa: S608 (identifiers from a checked specification only)


def first_rows_query(columns: Sequence[str]) -> str:
    """The query for the first of the rows that are the same in every column: source_row."""
    return f"""\
select min(source_row) as source_row
from mapped
group by {", ".join(quoted(name) for name in columns)}
order by source_row
"""  # noqa: S608 (identifiers from a checked specification only)


def _what_adds_up(names: Sequence[str]) -> str | None:
    return f"{', '.join(names)}: what all rows above add up to" if names else None


def _other_rows(shared: pa.Table) -> pa.Array:
    """'also on rows 12, 57 and 3 more' for each record of a shared key."""
    own = shared.column("source_row")
    candidates = [shared.column(f"row_{place}") for place in _PLACES]
    others = [pc.if_else(pc.not_equal(row, own), row, None) for row in candidates]
    # the last candidate only stands in for a record that is among the first itself
    is_among_first = pc.less_equal(own, candidates[-1])
    others[-1] = pc.if_else(pc.fill_null(is_among_first, True), others[-1], None)
    named = pc.binary_join_element_wise(
        *(row.cast(pa.string()) for row in others), ", ", null_handling="skip"
    )
    count = pc.subtract(shared.column("key_records"), 1)
    more = pc.subtract(count, _SHOWN)
    ending = pc.if_else(
        pc.greater(more, 0),
        pc.binary_join_element_wise(" and ", more.cast(pa.string()), " more", ""),
        "",
    )
    beginning = pc.if_else(pc.equal(count, 1), "also on row ", "also on rows ")
    return pc.binary_join_element_wise(beginning, named, ending, "")


def _findings(code: str, severity: Severity, field: str, rows: pa.Table, detail: pa.Array) -> pa.Table:
    """Findings on one field from rows of source_row and value."""
    return pa.table(
        [
            pa.repeat(code, rows.num_rows),
            pa.repeat(str(severity), rows.num_rows),
            rows.column("source_row"),
            pa.repeat(field, rows.num_rows),
            rows.column("value").cast(pa.string()),
            detail,
        ],
        schema=FINDINGS,
    )
