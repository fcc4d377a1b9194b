"""What one report found: its groups as columns, with their evidence in words and what is at risk."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as kinds

from matching.columns import DIGITS, array_of
from matching.evidence import weighed_pairs
from matching.explain import explanation_query
from matching.reasons import Reasons
from matching.records import Records, enrichments, known_fields, schema_of
from matching.report import Report
from matching.wording import SHOWN, lists_of, said
from specs.engine import Engine
from specs.quoting import quoted, quoted_text, table_name
from specs.specification import FieldFormat, Specification, SpecifiedField

GROUPS = pa.schema(
    [
        pa.field("group_no", pa.int64(), nullable=False),
        pa.field("key", pa.string(), nullable=False),  # the same in every run: 16 hexadecimal digits
        pa.field("records", pa.int64(), nullable=False),
        pa.field("value", pa.int64()),  # pence, less what explanations account for; null where not known
        pa.field("share", pa.float64(), nullable=False),  # expected to be worth opening, after explanations
        pa.field("similarity", pa.float64()),  # the least inside the group
        pa.field("agrees", pa.list_(pa.string()), nullable=False),
        pa.field("differs", pa.list_(pa.string()), nullable=False),
        pa.field("explanations", pa.list_(pa.string()), nullable=False),
    ]
)


SAID = ("agrees", "differs", "explanations")
"""The columns of GROUPS that are words."""
WEIGHED = "weighed"
"""The column with the evidence of a report that weighs what it compares."""


@dataclass(frozen=True, slots=True)
class Found:
    """The groups of one report."""

    report: Report
    groups: pa.Table
    """One row per group, ordered by number: GROUPS."""
    members: pa.Table
    """`group_no` and `record`, ordered by both."""
    compared: pa.Table
    """Per group, for each column that was compared or is told: `low of`, `high of` and `all hold` it."""
    weighed: pa.Array | None = None
    """Per group the list of its evidence (EVIDENCE), of a report that weighs what it compares."""

    def laid_aside(self, file: Path) -> LaidAside:
        """The same with all but figures in a file.

        Args:
            file: to be written.
        """
        said = self.groups.select(SAID)
        for name in self.compared.column_names[1:]:
            said = said.append_column(name, self.compared[name])
        if self.weighed is not None:
            said = said.append_column(WEIGHED, self.weighed)
        pq.write_table(said, file, compression="lz4")
        return LaidAside(self.report, self.groups.drop_columns(list(SAID)), self.members, file)


@dataclass(frozen=True, slots=True)
class LaidAside:
    """The groups of one report. What they have to say is in a file: of many groups it is large."""

    report: Report
    groups: pa.Table
    """One row per group, ordered by number: GROUPS without SAID."""
    members: pa.Table
    """`group_no` and `record`, ordered by both."""
    file: Path
    """Parquet, one row per group in the same order: SAID, what was compared, and WEIGHED where it was."""

    @property
    def columns(self) -> list[str]:
        """The columns of the file."""
        return list(pq.read_schema(self.file).names)

    def said(self, *columns: str) -> pa.Table:
        """Some columns of the file."""
        return pq.read_table(self.file, columns=list(columns))


def found_by(
    report: Report,
    groups: pa.Table,
    records: Records,
    specifications: Mapping[str, Specification],
    engine: Engine,
    *,
    pairs: pa.Table | None = None,
) -> Found:
    """What the groups of one report have to say.

    Args:
        report: that found them.
        groups: `group_no`, `record` and `similarity`, one row per member; may be empty.
        records: every data set's prepared records.
        specifications: data set -> the specification that its records were checked against.
        engine: where to run.
        pairs: of a report that weighs what it compares, the pairs of its groups (`matching.linkage.linked`).
    """
    if groups.num_rows == 0:
        empty = pa.table({"group_no": pa.array([], pa.int64()), "record": pa.array([], pa.int64())})
        return Found(report, GROUPS.empty_table(), empty, empty.select(["group_no"]))
    members = _members(report, groups, records, specifications, engine)
    fields = known_fields(specifications)
    compared = compared_columns(report, members.schema.names)
    summary = engine.sql(_summary_sql(report, members.schema, specifications, compared), members=members)
    summary = summary.combine_chunks()
    numbers = summary["group_no"].to_numpy()
    reasons = Reasons(numbers, _share(report, summary), _pence(summary["value"]))
    for name in report.explanations:
        reasons.take_in(name, members, records, engine)
    agrees, differs = _statements(report, summary, fields)
    table = pa.table(
        {
            "group_no": summary["group_no"],
            "key": pa.array(_keys(report.id, summary["record_keys"]), pa.string()),
            "records": summary["records"],
            "value": reasons.value_left(),
            "share": pa.array(reasons.share, pa.float64()),
            "similarity": summary["similarity"],
            "agrees": agrees,
            "differs": differs,
            "explanations": reasons.texts(),
        },
        schema=GROUPS,
    )
    bounds = [f"{what} {name}" for name in compared for what in ("low of", "high of", "all hold")]
    return Found(
        report,
        table,
        groups.select(["group_no", "record"]),
        summary.select(["group_no", *bounds]),
        None if pairs is None else weighed_pairs(report, pairs, engine),
    )


def _share(report: Report, summary: pa.Table) -> npt.NDArray[np.float64]:
    """The share of each group that is expected to be worth opening, before explanations.

    Of a report that weighs, times the probability that its records are of one person or firm.
    """
    share = np.full(summary.num_rows, report.strength.share)
    if report.compare:
        share *= np.round(array_of(summary, "similarity").fill_null(1.0).to_numpy(), DIGITS)
    return share


def compared_columns(report: Report, there: Container[str]) -> tuple[str, ...]:
    """The columns of a report whose agreement is evidence, of those that are there; those compared first."""
    named = (*report.same, *report.similar, *report.near, *report.also_tell)
    return tuple(name for name in dict.fromkeys(named) if name in there)


def columns_behind(report: Report, columns: Iterable[str], fields: Container[str]) -> list[str]:
    """The columns behind keys, without those of a data set that was not checked: nothing is known of them."""
    entry = enrichments()[report.data[0]]
    origins = (origin for name in columns for origin in entry.origin(name))
    return list(dict.fromkeys(origin for origin in origins if origin in fields))


def case_key(report: str, record_keys: Sequence[str]) -> str:
    """A key that the same report and records have in every run: 16 hexadecimal digits."""
    return sha256("\x1e".join((report, *record_keys)).encode()).hexdigest()[:16]


def _keys(report: str, record_keys: pa.ChunkedArray) -> list[str]:
    joined = pc.binary_join(record_keys, "\x1e")
    return [case_key(report, (text.as_py(),)) for text in joined]


def _members(
    report: Report,
    groups: pa.Table,
    records: Records,
    specifications: Mapping[str, Specification],
    engine: Engine,
) -> pa.Table:
    """Group number, similarity and data set beside what a report may tell or explain of its records."""
    wanted = wanted_columns(report, specifications)
    parts = []
    for dataset in report.data:
        names = ", ".join(quoted(name) for name in schema_of(records, dataset).names if name in wanted)
        parts.append(
            f"select groups.group_no, groups.similarity, {quoted_text(dataset)} as dataset, {names} "
            f"from groups join {table_name(dataset)} using (record)"
        )
    tables = {table_name(dataset): records[dataset] for dataset in report.data}
    query = " union all by name ".join(parts)
    return engine.sql(f"select * from ({query}) order by group_no, record", groups=groups, **tables)


def wanted_columns(report: Report, specifications: Mapping[str, Specification]) -> frozenset[str]:
    """Every column that a case of this report may have to tell, or one of its explanations looks at."""
    named = {"record", "body", "source_row", *report.columns, *_told(report)}
    named |= {
        origin for dataset in report.data for name in named for origin in enrichments()[dataset].origin(name)
    }
    for dataset in report.data:
        named.update(specifications[dataset].key.columns)
        named.update(each.by for each in enrichments()[dataset].add_up)
    queries = (explanation_query(name) for name in report.explanations)
    return frozenset(named.union(*(re.findall(r"\w+", query) for query in queries)))


def _summary_sql(
    report: Report,
    members: pa.Schema,
    specifications: Mapping[str, Specification],
    compared: Sequence[str],
) -> str:
    """The query for what a group has to say: keys, value, a few values of each column, what was compared."""
    fields = known_fields(specifications)
    columns = [name for name in _shown_columns(report, fields) if name in members.names]
    shown = []
    for name in columns:
        column = quoted(name)
        # not `count(distinct)`, which keeps a table of its own for each group and column
        different = f"list_distinct(list({column}) filter (where {column} is not null))"
        shown += [
            f"list_sort({different})[:{SHOWN}] as {column}",
            f"coalesce(len({different}), 0) as {quoted('count of ' + name)}",
            f"count({column}) = count(*) as {quoted('all have ' + name)}",
        ]
        if fields[name].format is FieldFormat.DATE:
            shown.append(
                f"cast(coalesce(max({column}) - min({column}), 0) as bigint) as {quoted('days of ' + name)}"
            )
    key = _record_key_sql(report, members, specifications)
    plain = [name for name in compared if not kinds.is_list(members.field(name).type)]
    for name in plain:
        bounds = (("low", "min"), ("high", "max"))
        shown += [f"{of}({quoted(name)}) as {quoted(f'{bound} of {name}')}" for bound, of in bounds]
        shown.append(f"count({quoted(name)}) = count(*) as {quoted('all hold ' + name)}")
    grouped = (
        f"select group_no, count(*) as records, list_sort(list({key})) as record_keys, "
        f"cast({_value_sql(report)} as bigint) as value, "
        f"{', '.join(['min(similarity) as similarity', *shown])} "
        f"from (select *, {_counts_sql(report)} as counts from members) group by group_no"
    )
    steps, joins, brought = [f"summary as ({grouped})"], [], ["summary.*"]
    for place, name in enumerate(name for name in compared if name not in plain):
        step = f"shared_{place}"
        steps += _shared_value_sql(step, name)
        joins.append(f"left join {step} using (group_no)")
        brought += [f"{step}.shared as {quoted(f'{bound} of {name}')}" for bound in ("low", "high")]
        brought.append(f"{step}.shared is not null as {quoted('all hold ' + name)}")
    return (
        f"with {', '.join(steps)} select {', '.join(brought)} "
        f"from summary {' '.join(joins)} order by group_no"
    )


def _shared_value_sql(step: str, column: str) -> list[str]:
    """The steps for the value of a list-valued key that most of a group's records share."""
    each = f"select group_no, unnest(list_distinct({quoted(column)})) as shared from members"
    place = "row_number() over (partition by group_no order by held desc, shared)"
    return [
        f"{step}_held as (select group_no, shared, count(*) as held from ({each}) group by group_no, shared)",
        f"{step}_placed as (select group_no, shared, {place} as place from {step}_held)",
        f"{step} as (select group_no, shared from {step}_placed where place = 1)",
    ]


def _value_sql(report: Report) -> str:
    """The sum of a group: of one data set all but the largest, unless its records stand for themselves."""
    value = f"{quoted(report.value)}) filter (where counts"
    if len(report.data) > 1 or report.is_about_single_records:
        return f"sum({value})"
    return f"sum({value}) - max({value})"


def _counts_sql(report: Report) -> str:
    """The condition for the members whose value counts.

    A sum per reference counts once in a case, however many of its records bear the reference.
    """
    added_up = (each for dataset in report.data for each in enrichments()[dataset].add_up)
    by = next((quoted(each.by) for each in added_up if each.name == report.value), None)
    return f"row_number() over (partition by group_no, {by} order by record) = 1" if by else "true"


def _record_key_sql(report: Report, members: pa.Schema, specifications: Mapping[str, Specification]) -> str:
    """The expression for what tells one record from another, in this exercise and the next.

    What the report compared belongs to it: a ledger may leave its own record key blank or use it twice.
    """
    compared = (*report.same, *report.similar, *report.near, *report.compared)
    branches = [
        f"when dataset = {quoted_text(dataset)} then concat_ws(chr(31), {quoted_text(dataset)}, "
        + ", ".join(
            f"coalesce(cast({quoted(name)} as varchar), '')"
            for name in dict.fromkeys((*specifications[dataset].key.columns, *compared))
            if name in members.names
        )
        + ")"
        for dataset in report.data
    ]
    return f"case {' '.join(branches)} end"


def _shown_columns(report: Report, fields: Container[str]) -> tuple[str, ...]:
    """The columns behind the keys that agree, are similar or differ: those that a person knows."""
    named = (*report.same, *report.similar, *_apart(report), *_told(report), *_conditions(report))
    return tuple(columns_behind(report, named, fields))


def _apart(report: Report) -> tuple[str, ...]:
    return (*report.different, *report.near)


def _told(report: Report) -> tuple[str, ...]:
    """The columns of which a case says whether they agree or differ; those that were weighed first."""
    return (*report.compared, *report.also_tell)


def _conditions(report: Report) -> tuple[str, ...]:
    """What a case of a single record has to say first: the columns that made it one."""
    return tuple(report.where) if report.is_about_single_records else ()


def _statements(
    report: Report, summary: pa.Table, fields: Mapping[str, SpecifiedField]
) -> tuple[pa.Array, pa.Array]:
    """What agrees and what differs in each group, in the order in which the report names it."""

    def behind(columns: Iterable[str]) -> list[str]:
        return [name for name in columns_behind(report, columns, fields) if name in summary.column_names]

    similar = behind(report.similar)
    same = [name for name in behind((*report.same, *_conditions(report))) if name not in similar]
    apart = [name for name in behind(_apart(report)) if name not in (*same, *similar)]
    told = [name for name in behind(_told(report)) if name not in (*same, *similar, *apart)]
    texts = {name: _said(fields[name], summary) for name in (*same, *similar, *apart, *told)}
    counts = {name: array_of(summary, f"count of {name}") for name in texts}
    agrees = [_where(pc.greater(counts[name], 0), texts[name]) for name in same]
    agrees += [
        _where(pc.and_(pc.equal(counts[name], 1), array_of(summary, f"all have {name}")), texts[name])
        for name in told
    ]
    agrees += _alike([texts[name] for name in similar], array_of(summary, "similarity"))
    differs = [texts[name] for name in apart]
    differs += [_where(pc.greater(counts[name], 1), texts[name]) for name in told]
    return lists_of(agrees, summary.num_rows), lists_of(differs, summary.num_rows)


def _said(field: SpecifiedField, summary: pa.Table) -> pa.Array:
    days = f"days of {field.column}"
    return said(
        field,
        array_of(summary, field.column),
        array_of(summary, f"count of {field.column}"),
        array_of(summary, days) if days in summary.column_names else None,
    )


def _alike(texts: Sequence[pa.Array], similarity: pa.Array) -> list[pa.Array]:
    """The columns that were compared, and how alike they are, taken together where there are several."""
    if not texts:
        return []
    together = "together " if len(texts) > 1 else ""
    hundredths = pc.cast(pc.round(pc.multiply(pc.fill_null(similarity, 0.0), 100)), pa.int64())
    shown = pa.array([f"({together}{each / 100:.2f} alike)" for each in hundredths.to_pylist()], pa.string())
    return [*texts[:-1], pc.binary_join_element_wise(texts[-1], shown, " ")]


def _where(condition: pa.Array, texts: pa.Array) -> pa.Array:
    return pc.if_else(condition, texts, pa.scalar(None, pa.string()))


def _pence(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    return np.asarray(column.cast(pa.float64()).fill_null(np.nan).to_numpy())
