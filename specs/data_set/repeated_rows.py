"""Rows that are the same in every column, of which a mapping may ask to count one."""

from __future__ import annotations

from collections.abc import Sequence

from specs.quoting import quoted


def first_rows_query(columns: Sequence[str]) -> str:
    """The query for the first of the rows that are the same in every column: source_row."""
    return f"""\
select min(source_row) as source_row
from mapped
group by {", ".join(quoted(name) for name in columns)}
order by source_row
"""  # noqa: S608 (identifiers from a checked specification only)


def without_repeated_query(names: Sequence[str]) -> str:
    """The query for the rows of `mapped`, without those that an earlier one is the same as.

    Args:
        names: `source_row`, then every other column that there is.
    """
    row, *columns = (quoted(name) for name in names)
    return f"""\
with
first_rows as (         -- one row per record
    select min({row}) as first_row
    from mapped
    group by {", ".join(columns)}
)
select {", ".join(f"mapped.{name}" for name in (row, *columns))}
from mapped
join first_rows
    on first_rows.first_row = mapped.{row}
"""  # noqa: S608 (identifiers from a checked specification only)
