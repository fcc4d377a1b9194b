"""What the columns of sums and hours come to, in one pass over the records: figures for several checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from specs.data_set.context import AcrossContext
from specs.quoting import quoted
from specs.specification import FieldFormat, Specification

_SUMS = {FieldFormat.MONEY, FieldFormat.HOURS}


@dataclass(frozen=True, slots=True)
class ColumnSums:
    """One column of sums in pence, or of hours in hundredths."""

    filled: int
    total: int
    zeros: int
    negatives: int
    negative_total: int
    below: int
    """How many are closer to nought than the usual least, of those that are not nought."""
    above: int
    """How many are further from nought than the usual most."""


@dataclass(frozen=True, slots=True)
class VatFigures:
    """VAT beside the totals that include it."""

    records: int
    """With a total that is not nought, and VAT that is not blank."""
    nil: int
    worked_out: int
    """How many are, to the penny, what the rate makes of the total."""


@dataclass(frozen=True, slots=True)
class DataSetSums:
    """The figures of all columns of sums and hours that the extract has, by column name."""

    columns: dict[str, ColumnSums]
    vat: VatFigures | None
    """None where the specification does not ask for it, or the extract lacks a column."""


def data_set_sums(context: AcrossContext) -> DataSetSums:
    """The figures of an extract's columns of sums and hours: exact, whatever the number of records."""
    columns = [
        field.column
        for field in context.specification.fields
        if field.format in _SUMS and field.column in context.columns
    ]
    if not columns:
        return DataSetSums({}, None)
    vat = context.specification.across.vat
    has_vat = vat is not None and {vat.amount, vat.total} <= set(columns)
    query = sums_query(context.specification, columns, has_vat=has_vat)
    (row,) = context.engine.sql(query, records=context.records).to_pylist()

    def figures(prefix: str, names: Iterable[str]) -> list[int]:
        return [int(row[f"{prefix}_{name}"] or 0) for name in names]

    return DataSetSums(
        {column: ColumnSums(*figures(column, ColumnSums.__slots__)) for column in columns},
        VatFigures(*figures("vat", VatFigures.__slots__)) if has_vat else None,
    )


def sums_query(specification: Specification, columns: Iterable[str], *, has_vat: bool) -> str:
    """The query for one row of figures: each column's name with _filled, _total and so on; vat_records ..."""
    usual = {name: rule for rule in specification.across.usual for name in rule.columns}
    wanted = []
    for name in columns:
        column, rule = quoted(name), usual.get(name)
        below = f"{column} <> 0 and abs({column}) < {_hundredths(rule.least)}" if rule else "false"
        above = f"abs({column}) > {_hundredths(rule.most)}" if rule else "false"
        for figure, expression in {
            "filled": f"count({column})",
            "total": f"cast(sum({column}) as decimal(38, 0))",
            "zeros": f"count(case when {column} = 0 then 1 end)",
            "negatives": f"count(case when {column} < 0 then 1 end)",
            "negative_total": f"cast(sum(case when {column} < 0 then {column} end) as decimal(38, 0))",
            "below": f"count(case when {below} then 1 end)",
            "above": f"count(case when {above} then 1 end)",
        }.items():
            wanted.append(f"{expression} as {quoted(f'{name}_{figure}')}")
    if has_vat and (vat := specification.across.vat):
        amount, total = quoted(vat.amount), quoted(vat.total)
        has_both = f"{total} <> 0 and {amount} is not null"
        gross = 100 + vat.percent
        # rounded to the penny: half a penny of VAT either way
        worked_out = f"abs({amount} * {gross} - {total} * {vat.percent}) * 2 <= {gross}"
        wanted += [
            f"count(case when {has_both} then 1 end) as vat_records",
            f"count(case when {has_both} and {amount} = 0 then 1 end) as vat_nil",
            f"count(case when {has_both} and {worked_out} then 1 end) as vat_worked_out",
        ]
    figures = ",\n    ".join(wanted)
    return f"""\
select                  -- one row
    {figures}
from records
order by 1
"""  # noqa: S608 (identifiers from a checked specification only)


def _hundredths(amount: Decimal) -> int:
    return int(amount * 100)
