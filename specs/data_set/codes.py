"""Columns of codes: which of them have no look-up table, and which values their table lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa

from specs.check_descriptions import check_descriptions
from specs.data_set.code import Code
from specs.data_set.context import AcrossContext, AcrossFindings, row_findings
from specs.data_set.few_values import spelt_values
from specs.data_set.wording import records_in_words
from specs.finding import WholeFinding
from specs.quoting import quoted
from specs.schema import capped
from specs.specification import Severity, SpecifiedField

_FEW = 2_000
"""Different values up to which a column holds codes; more are free text."""


def codes(context: AcrossContext) -> AcrossFindings:
    """Findings on the columns that the specification calls coded, and on those that have a look-up table.

    Without a table, a finding on the whole file where most different values are codes: no four
    letters together, and not among the field's plain codes. With one, a finding for each value that
    it lacks; case and blanks around do not count.
    """
    coded = [
        field for field in context.specification.fields if field.coded and field.column in context.columns
    ]
    lookups = context.lookups or {}
    whole: list[WholeFinding] = []
    rows: list[pa.Table] = []
    profiles = context.profiles()
    unexplained = [
        field
        for field in coded
        if field.column not in lookups
        and field.column in profiles
        and 0 < profiles[field.column].distinct <= 2 * _FEW  # which may be an estimate
    ]
    if unexplained:
        plain = {field.column: field.plain_codes for field in unexplained}
        spelt = spelt_values(context, list(plain))
        spellings = Counter(spelt.column("column_name").to_pylist())
        counts = context.engine.sql(codes_query(plain), spelt=spelt).to_pylist()
        for row in counts:
            if row["codes"] * 2 > row["different"] and spellings[row["column_name"]] <= _FEW:
                field = context.specification.by_column[row["column_name"]]
                detail = (
                    f"{row['codes']:,} different code{'' if row['codes'] == 1 else 's'} "
                    f"in {records_in_words(row['coded_records'])}"
                )
                whole.append(WholeFinding(Code.CODES_WITHOUT_LOOKUP, field.name, None, detail))
    for column, field in context.specification.by_column.items():
        if column in lookups and column in context.columns:
            rows.append(_lacking(field, lookups[column], context))
    return AcrossFindings(pa.concat_tables(rows) if rows else AcrossFindings().rows, tuple(whole))


def _lacking(field: SpecifiedField, known: frozenset[str], context: AcrossContext) -> pa.Table:
    lost = context.engine.sql(lookup_query(field.column), records=context.records, lookup=codes_in(known))
    severity = capped(Severity(check_descriptions()[Code.NOT_IN_LOOKUP].severity), field.evidence_of_checks)
    detail = pa.nulls(lost.num_rows, pa.string())
    return row_findings(Code.NOT_IN_LOOKUP, severity, field.name, lost, detail)


def codes_in(known: Collection[str]) -> pa.Table:
    """The codes of a look-up table as `lookup_query` wants them: one column, 'code', in capitals."""
    return pa.table({"code": pa.array(sorted({code.strip().upper() for code in known}), pa.string())})


def codes_query(plain: Mapping[str, Sequence[str]]) -> str:
    """The query for how many of the different values in `spelt` are codes.

    Args:
        plain: by column name, the codes that anyone understands.

    Returns:
        column_name, different, codes, coded_records.
    """
    known = " or ".join(
        f"column_name = '{name}' and value in ({', '.join(_text(code.upper()) for code in codes_)})"
        for name, codes_ in plain.items()
        if codes_
    )
    return f"""\
with
different_values as (   -- one row per column and different value, without regard to case
    select column_name, upper(value) as value, sum(records) as records
    from spelt
    group by column_name, upper(value)
),
judged as (             -- the same; a word has four letters together
    select
        *,
        not regexp_matches(value, '[A-Z]{{4}}') and not ({known or "false"}) as is_code
    from different_values
)
select                  -- one row per column
    column_name,
    count(*) as different,
    count(case when is_code then 1 end) as codes,
    cast(sum(case when is_code then records else 0 end) as bigint) as coded_records
from judged
group by column_name
order by column_name
"""  # noqa: S608 (identifiers from a checked specification only)


def lookup_query(column: str) -> str:
    """The query for records whose code a look-up table (`codes_in`) lacks: source_row, value."""
    column = quoted(column)
    return f"""\
select records.source_row, records.{column} as value
from records
where records.{column} is not null
  and not exists (
    select 1
    from lookup
    where lookup.code = upper(trim(records.{column}))
  )
order by records.source_row
"""  # noqa: S608 (identifiers from a checked specification only)


def _text(value: str) -> str:
    """A text of the specification, quoted for SQL."""
    return "'" + value.replace("'", "''") + "'"
