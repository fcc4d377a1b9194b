"""References between data sets, both ways: to a record that is not there, and records that none refers to."""

from __future__ import annotations

import pyarrow as pa

from specs.check_record import NotChecked
from specs.data_set.code import Code
from specs.data_set.context import (
    AcrossContext,
    AcrossFindings,
    not_checked,
    row_findings,
    severity_of,
)
from specs.data_set.wording import share_in_words
from specs.finding import WholeFinding
from specs.quoting import quoted


def references(context: AcrossContext) -> AcrossFindings:
    """One finding for each record whose reference no record of the other data set has.

    Where the specification asks for it, also one finding on the whole file if the other data set holds
    references that no record here has. Several sites of one creditor count as one reference.
    """
    rows: list[pa.Table] = []
    whole: list[WholeFinding] = []
    skipped: list[NotChecked] = []
    for reference in context.specification.references:
        codes = [Code.REFERENCE, *([Code.UNREFERENCED] if reference.unreferenced else [])]
        reason = context.absent(reference.column)
        if not reason and reference.dataset not in context.others:
            reason = f"{reference.dataset} has not been checked; check it first, then this data set again"
        if reason:
            skipped += [not_checked(code, reason) for code in codes]
            continue
        field = context.specification.by_column[reference.column]
        tables = {"records": context.records, "others": context.others[reference.dataset]}
        lost = context.engine.sql(missing_reference_query(reference.column), **tables)
        severity = severity_of(reference, field)
        detail = pa.repeat(f"not in {reference.dataset}", lost.num_rows)
        rows.append(row_findings(Code.REFERENCE, severity, field.name, lost, detail))
        if reference.unreferenced:
            (counts,) = context.engine.sql(unreferenced_query(reference.column), **tables).to_pylist()
            if counts["unreferenced"]:
                whole.append(
                    WholeFinding(
                        Code.UNREFERENCED,
                        field.name,
                        severity_of(reference.unreferenced, field),
                        _unreferenced_in_words(reference.dataset, **counts),
                    )
                )
    return AcrossFindings(
        pa.concat_tables(rows) if rows else AcrossFindings().rows, tuple(whole), tuple(skipped)
    )


def _unreferenced_in_words(dataset: str, *, unreferenced: int, held: int, first_row: int) -> str:
    return (
        f"{unreferenced:,} of {held:,} in {dataset} ({share_in_words(unreferenced, held)}); "
        f"the first is in its row {first_row:,}"
    )


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


def unreferenced_query(column: str) -> str:
    """The query for how many of the others' references no record has: unreferenced, held, first_row."""
    column = quoted(column)
    return f"""\
with
held as (               -- one row per reference of the other data set
    select {column} as reference, min(source_row) as first_row
    from others
    where {column} is not null
    group by {column}
),
used as (               -- one row per reference of this one
    select distinct {column} as reference
    from records
),
looked_at as (          -- the other data set's references, and whether a record here has them
    select held.first_row, used.reference is null as is_unreferenced
    from held
    left join used
        on used.reference = held.reference
)
select
    count(case when is_unreferenced then 1 end) as unreferenced,
    count(*) as held,
    min(case when is_unreferenced then first_row end) as first_row
from looked_at
order by unreferenced
"""  # noqa: S608 (identifiers from a checked specification only)
