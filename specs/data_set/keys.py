"""Records whose reference another record has too."""

from __future__ import annotations

from specs.data_set.code import Code
from specs.data_set.context import AcrossContext, AcrossFindings, not_checked, row_findings, severity_of
from specs.data_set.set_apart import SetApart, SharedKey
from specs.data_set.shared_rows import first_rows_of, other_rows
from specs.quoting import quoted
from specs.specification import Need, Specification


def duplicate_keys(context: AcrossContext, apart: SetApart) -> AcrossFindings:
    """One finding for each record whose key another record has.

    A key counts where its required columns are filled (any of its columns, where none is required);
    where an optional part of it is blank, blank equals blank. The value is that of the key's first
    column, the detail names up to three of the other rows.

    Args:
        context: the data set.
        apart: the records that may share `record_keys`.
    """
    specification = context.specification
    if reason := context.absent(*needed_for_key(specification)):
        return AcrossFindings(not_checked=(not_checked(Code.DUPLICATE_KEY, reason),))
    key = _key(specification)
    if not apart.counts.get(key, 0):
        return AcrossFindings()
    shared = context.engine.sql(duplicate_key_query(specification), records=apart.records[key])
    field = specification.by_column[specification.key.columns[0]]
    severity = severity_of(specification.key, field)
    detail = other_rows(shared, context)
    return AcrossFindings(row_findings(Code.DUPLICATE_KEY, severity, field.name, shared, detail))


def record_keys(context: AcrossContext) -> list[SharedKey]:
    """The key of a record, unless the extract lacks it or its profile shows that no two records share it."""
    needed = needed_for_key(context.specification)
    if context.absent(*needed):
        return []
    profiles = context.profiles()
    own = [profiles[name] for name in needed if name in profiles]
    if any(each.distinct_is_exact and each.distinct == each.filled for each in own):
        return []
    return [_key(context.specification)]


def _key(specification: Specification) -> SharedKey:
    columns = specification.key.columns
    return SharedKey(
        parts=tuple(quoted(name) for name in columns), filled=_filled(specification), columns=tuple(columns)
    )


def _filled(specification: Specification) -> str:
    """The condition under which a record has a key."""
    needed = needed_for_key(specification)
    return (" and " if needed else " or ").join(
        f"{quoted(name)} is not null" for name in needed or specification.key.columns
    )


def needed_for_key(specification: Specification) -> list[str]:
    """The columns of the key without which a record has none: those that may not be blank."""
    return [
        name for name in specification.key.columns if specification.by_column[name].required is not Need.NO
    ]


def duplicate_key_query(specification: Specification) -> str:
    """The query for records that share a key: source_row, value, key_records, row_1 and so on."""
    columns = [quoted(name) for name in specification.key.columns]
    key = ", ".join(columns)
    filled = _filled(specification)
    same_key = "\n        and ".join(f"keyed.{name} is not distinct from repeated.{name}" for name in columns)
    keyed_columns = ", ".join(f"keyed.{name}" for name in columns)
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
        {first_rows_of(columns, " " * 8)}
    from placed
)
select *
from told
order by source_row
"""  # noqa: S608 (identifiers from a checked specification only)
