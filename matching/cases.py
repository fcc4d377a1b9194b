"""Cases: groups with their evidence in words, what is at risk, and a place in the queue."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

import pyarrow as pa

from matching.explain import Explanation, explained
from matching.records import enrichments, known_fields
from matching.report import Report
from matching.wording import SHOWN, dates, day, listed, pounds
from specs.engine import Engine
from specs.quoting import quoted, table_name
from specs.specification import FieldFormat, Specification, SpecifiedField


@dataclass(slots=True)
class Case:
    """One group of records that do not fit together, on its way to the queue."""

    report: Report
    members: tuple[int, ...]
    """Record numbers, in order."""
    key: str
    value_at_risk: int | None
    agrees: list[str]
    differs: list[str]
    explanations: list[Explanation] = field(default_factory=list)
    also_in: list[str] = field(default_factory=list)

    @property
    def at_risk(self) -> int | None:
        """Pence at stake after the explanations; None where the sum is not known."""
        left = [e.still_at_risk for e in self.explanations if e.still_at_risk is not None]
        if self.value_at_risk is None:
            return None
        return max(0, min([self.value_at_risk, *left]))

    @property
    def priority(self) -> float:
        """Share expected to be worth opening, lowered by each explanation, times the value.

        The value counts by its square root of pounds, so that one large sum does not stand above many
        better founded ones; £1 where it is not known.
        """
        share = self.report.strength.share * math.prod(e.weight for e in self.explanations)
        return share * math.sqrt(max(self.at_risk or 0, 100) / 100)


def cases_of(
    report: Report,
    groups: pa.Table,
    records: Mapping[str, pa.Table],
    specifications: Mapping[str, Specification],
    engine: Engine,
) -> list[Case]:
    """The cases that one report's groups make, in the order of their numbers."""
    if groups.num_rows == 0:
        return []
    members = _members(report, groups, records, engine)
    summary = engine.sql(_summary_sql(report, specifications), members=members)
    fields = known_fields(specifications)
    cases = {row["group_no"]: _case(report, row, fields) for row in summary.to_pylist()}
    for name in report.explanations:
        for explanation in explained(name, members, records, engine):
            cases[explanation.group_no].explanations.append(explanation)
    return list(cases.values())


def _members(report: Report, groups: pa.Table, records: Mapping[str, pa.Table], engine: Engine) -> pa.Table:
    """Group number, similarity and data set beside every column of the members' records."""
    parts = [
        f"select groups.group_no, groups.similarity, '{dataset}' as dataset, {table_name(dataset)}.* "
        f"from groups join {table_name(dataset)} using (record)"
        for dataset in report.data
    ]
    tables = {table_name(dataset): records[dataset] for dataset in report.data}
    query = " union all by name ".join(parts)
    return engine.sql(f"select * from ({query}) order by group_no, record", groups=groups, **tables)


def _summary_sql(report: Report, specifications: Mapping[str, Specification]) -> str:
    """The query for what a case says of its group: members, keys, value, and a few values of each column."""
    value = f"{quoted(report.value)}) filter (where counts"
    at_risk = f"sum({value})" if len(report.data) > 1 else f"sum({value}) - max({value})"
    fields = known_fields(specifications)
    columns = _shown_columns(report, fields)
    shown = [
        f"list_sort(list(distinct {quoted(name)}) filter (where {quoted(name)} is not null))[:{SHOWN}] "
        f"as {quoted(name)}, count(distinct {quoted(name)}) as {quoted('count of ' + name)}, "
        f"count({quoted(name)}) = count(*) as {quoted('all have ' + name)}"
        for name in columns
    ]
    shown += [
        f"coalesce(max({quoted(name)}) - min({quoted(name)}), 0) as {quoted('days of ' + name)}"
        for name in columns
        if fields[name].format is FieldFormat.DATE
    ]
    key = _record_key_sql(report, specifications)
    return (
        f"select group_no, list(record order by record) as members, "
        f"list({key} order by {key}) as record_keys, "
        f"cast({at_risk} as bigint) as value_at_risk, min(similarity) as similarity, {', '.join(shown)} "
        f"from (select *, {_counts_sql(report)} as counts from members) group by group_no order by group_no"
    )


def _counts_sql(report: Report) -> str:
    """The condition for the members whose value counts.

    A sum per reference counts once in a case, however many of its records bear the reference.
    """
    added_up = (each for dataset in report.data for each in enrichments()[dataset].add_up)
    by = next((quoted(each.by) for each in added_up if each.name == report.value), None)
    return f"row_number() over (partition by group_no, {by} order by record) = 1" if by else "true"


def _record_key_sql(report: Report, specifications: Mapping[str, Specification]) -> str:
    """The expression for what tells one record from another, in this exercise and the next.

    What the report compared belongs to it: a ledger may leave its own record key blank or use it twice.
    """
    compared = (*report.same, *report.similar, *report.near)
    branches = [
        f"when dataset = '{dataset}' then concat_ws(chr(31), '{dataset}', "
        + ", ".join(
            f"coalesce(cast({quoted(name)} as varchar), '')"
            for name in dict.fromkeys((*specifications[dataset].key.columns, *compared))
        )
        + ")"
        for dataset in report.data
    ]
    return f"case {' '.join(branches)} end"


def _shown_columns(report: Report, fields: Container[str]) -> tuple[str, ...]:
    """The columns behind the keys that agree, are similar or differ: those that a person knows."""
    named = (*report.same, *report.similar, *_apart(report), *report.also_tell)
    return tuple(_behind(report, named, fields))


def _apart(report: Report) -> tuple[str, ...]:
    return (*report.different, *report.near)


def _behind(report: Report, columns: Iterable[str], fields: Container[str]) -> list[str]:
    """The columns behind keys, without those of a data set that was not checked: nothing is known of them."""
    entry = enrichments()[report.data[0]]
    origins = (origin for name in columns for origin in entry.origin(name))
    return list(dict.fromkeys(origin for origin in origins if origin in fields))


def _case(report: Report, row: Mapping[str, Any], fields: Mapping[str, SpecifiedField]) -> Case:
    similar = _behind(report, report.similar, fields)
    same = [name for name in _behind(report, report.same, fields) if name not in similar]
    apart = [name for name in _behind(report, _apart(report), fields) if name not in (*same, *similar)]
    told = [
        name for name in _behind(report, report.also_tell, fields) if name not in (*same, *similar, *apart)
    ]
    same = [name for name in same if row[f"count of {name}"]]
    agrees = [*same, *(name for name in told if row[f"count of {name}"] == 1 and row[f"all have {name}"])]
    differs = [*apart, *(name for name in told if row[f"count of {name}"] > 1)]
    return Case(
        report=report,
        members=tuple(row["members"]),
        key=case_key(report.id, row["record_keys"]),
        value_at_risk=row["value_at_risk"],
        agrees=[_said(fields[name], row) for name in agrees] + _alike(similar, fields, row),
        differs=[_said(fields[name], row) for name in differs],
    )


def _alike(similar: Sequence[str], fields: Mapping[str, SpecifiedField], row: Mapping[str, Any]) -> list[str]:
    """The columns that were compared, and how alike they are, taken together where there are several."""
    said = [_said(fields[name], row) for name in similar]
    together = "together " if len(said) > 1 else ""
    return [*said[:-1], f"{said[-1]} ({together}{row['similarity']:.2f} alike)"] if said else []


def _said(field_: SpecifiedField, row: Mapping[str, Any]) -> str:
    """'Suppliers invoice number: A-1 / A1', 'Invoice date: 01/02/2025, 03/02/2025 (2 days apart)'."""
    if field_.format is FieldFormat.DATE and row[field_.column]:
        total, days = row["count of " + field_.column], row["days of " + field_.column]
        return f"{field_.name}: {dates(row[field_.column], total, days)}"
    values = [_written(value, field_.format) for value in row[field_.column] or []]
    return f"{field_.name}: {listed(values, row['count of ' + field_.column]) or 'blank'}"


def _written(value: Any, as_: FieldFormat) -> str:
    if isinstance(value, date):
        return day(value)
    return pounds(value) if as_ is FieldFormat.MONEY else str(value)


def case_key(report: str, record_keys: Sequence[str]) -> str:
    """A key that the same report and records have in every run: 16 hexadecimal digits."""
    return sha256("\x1e".join((report, *record_keys)).encode()).hexdigest()[:16]


def queue(cases: Iterable[Case]) -> list[Case]:
    """The cases in the order in which to look at them.

    A case whose records all stand in a case above it is left to that one, which then names its report.
    """
    kept: list[Case] = []
    holding: dict[int, list[int]] = {}
    for case in sorted(cases, key=lambda case: (-case.priority, case.key)):
        above = set.intersection(*(set(holding.get(record, ())) for record in case.members))
        if above:
            kept[min(above)].also_in.append(case.report.id)
            continue
        for record in case.members:
            holding.setdefault(record, []).append(len(kept))
        kept.append(case)
    return kept
