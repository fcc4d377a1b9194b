"""The values of columns that have few different ones, each once: quicker to ask than the records."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyarrow as pa

from specs.data_set.context import AcrossContext
from specs.quoting import quoted

_SPELT = pa.schema([("column_name", pa.string()), ("value", pa.string()), ("records", pa.int64())])


def spelt_values(context: AcrossContext, columns: Sequence[str]) -> pa.Table:
    """How many records have each value, as it is spelt: column_name, value, records.

    Asked of the records for those columns whose values were not counted when the records were read.
    """
    counted = counted_values(context, columns)
    others = [name for name in columns if name not in context.few_values]
    if not others:
        return counted
    asked = context.engine.sql(spelt_query(others), records=context.records)
    return pa.concat_tables([counted, asked.cast(_SPELT)])


def counted_values(context: AcrossContext, columns: Collection[str]) -> pa.Table:
    """The same for those of the columns whose values were counted when the records were read."""
    rows = [
        (name, value, records)
        for name, values in context.few_values.items()
        if name in columns
        for value, records in values.items()
    ]
    arrays = [pa.array([row[place] for row in rows], field.type) for place, field in enumerate(_SPELT)]
    return pa.table(arrays, schema=_SPELT)


def spelt_query(columns: Sequence[str]) -> str:
    """The query for how many records have each value of these columns: column_name, value, records."""
    values = "\n    union all\n".join(
        f"""\
    select '{name}' as column_name, {quoted(name)} as value, count(*) as records
    from records
    where {quoted(name)} is not null
    group by {quoted(name)}"""  # noqa: S608 (identifiers from a checked specification only)
        for name in columns
    )
    return f"""\
with
spelt as (              -- one row per column and different value as it is spelt
{values}
)
select *
from spelt
order by column_name, value
"""  # noqa: S608 (identifiers from a checked specification only)
