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
