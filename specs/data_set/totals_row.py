"""A last record that is a line of totals."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from specs.check_descriptions import check_descriptions
from specs.data_set.code import Code
from specs.data_set.context import AcrossContext, AcrossFindings
from specs.finding import FINDINGS
from specs.quoting import quoted
from specs.specification import FieldFormat, Need

_TOTAL = "('total', 'totals', 'grand total', 'overall total', 'sum')"


def totals_row(context: AcrossContext) -> AcrossFindings:
    """A finding if the last record looks like a line of totals.

    It does if a value is missing that a record needs, and if either a text in it is 'Total' or a sum of money
    is what all the records above it add up to. One of the two alone also occurs in records.
    """
    fields = [field for field in context.specification.fields if field.column in context.columns]
    needed = [field.column for field in fields if field.required is not Need.NO]
    if not needed:
        return AcrossFindings()
    profiles = context.profiles()
    if all(name in profiles and profiles[name].filled == context.rows for name in needed):
        return AcrossFindings()
    texts = [field.column for field in fields if field.format is FieldFormat.CHARACTER]
    sums = [field for field in fields if field.format is FieldFormat.MONEY]
    columns = dict.fromkeys([*needed, *texts, *(field.column for field in sums)])
    last = context.engine.sql(incomplete_last_query(list(columns), needed), records=context.records)
    if not last.num_rows:
        return AcrossFindings()
    query = totals_row_query(texts, [field.column for field in sums])
    found = context.engine.sql(query, records=context.records, last_record=last).to_pylist()
    return AcrossFindings(
        pa.Table.from_pylist(
            [
                {
                    "code": str(Code.TOTALS_ROW),
                    "severity": str(check_descriptions()[Code.TOTALS_ROW].severity),
                    "row": row["source_row"],
                    "detail": _what_adds_up([field.name for field in sums if row[f"{field.column}_adds_up"]]),
                }
                for row in found
            ],
            schema=FINDINGS,
        )
    )


def incomplete_last_query(columns: Sequence[str], needed: Sequence[str]) -> str:
    """The query for the last record, if it lacks one of the needed columns: source_row and these columns."""
    names = ", ".join(quoted(name) for name in columns)
    is_missing = "\n    or ".join(f"{quoted(name)} is null" for name in needed)
    return f"""\
select source_row, {names}
from records
where source_row = (select max(source_row) from records)
  and ({is_missing})
order by source_row
"""  # noqa: S608 (identifiers from a checked specification only)


def totals_row_query(texts: Sequence[str], sums: Sequence[str]) -> str:
    """The query for whether `last_record` looks like a line of totals: source_row, and which sums add up."""
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
    says_so = [f"coalesce(lower(last_record.{quoted(name)}) in {_TOTAL}, false)" for name in texts]
    says_total = "\n        or ".join(says_so) or "false"
    shows_it = " or ".join(["says_total", *(quoted(f"{name}_adds_up") for name in sums)])
    return f"""\
with
above as (              -- one row: what the records before it add up to
    select
        count(*) as records{above}
    from records
    where source_row < (select max(source_row) from last_record)
),
looked_at as (          -- one row
    select
        last_record.source_row,
        ({says_total}) as says_total{adds_up}
    from last_record
    cross join above
)
select *
from looked_at
where {shows_it}
order by source_row
"""  # noqa: S608 (identifiers from a checked specification only)


def _what_adds_up(names: Sequence[str]) -> str | None:
    return f"{', '.join(names)}: what all rows above add up to" if names else None
