"""Make the records ready to be matched: what other data sets know of them, standard keys, derived columns.

In: checked Parquet files. Out: one table per data set, outside memory. Whatever their size, they pass through
in batches; the rows come in no order.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

from matching.body import Body
from matching.derive import DERIVATIONS
from matching.derive.given import date_digits
from matching.records import (
    ARROW_TYPES,
    BODY_NAME,
    HELD_AS,
    RECORD_BITS,
    AddUp,
    Enrichment,
    LookUp,
    enrichments,
    lacking_in,
    why_lacking,
)
from matching.report import Report
from matching.standard_columns import SQL_TYPES, Lacking, completed
from matching.standards import STANDARDS
from specs.catalogues import load_specification
from specs.engine import Engine, Stored, Table, schema_of_table
from specs.quoting import quoted, quoted_text, table_name
from specs.specification import FieldFormat, Specification

MOST_OF_ONE_REFERENCE = 10
"""A reference with more different values of a column than this is a collective one, such as 'purchase cards':
the first of its names would be the wrong one nearly always."""

_REPEATED = 0.5
"""Distinct values to a record, at most, where it pays to remember what was made of them."""
_MOST_REMEMBERED = 1 << 20
"""Values of one column that are remembered."""

Shared = tuple[str, ...]
"""Columns of a data set's own that two records agree on."""
Others = Mapping[str, Mapping[str, frozenset[Shared]]]
"""Data set -> a column that is asked for only where a record shares one of these with another record."""


class _Everything:
    """Every name there is."""

    def __contains__(self, name: object) -> bool:
        return True


def prepared_records(
    bodies: Sequence[Body],
    engine: Engine,
    folder: Path,
    *,
    specifications: Mapping[str, Specification] | None = None,
    needed: Container[str] = _Everything(),
    only_with: Others | None = None,
    told_apart_by: Container[str] = (),
) -> dict[str, Stored]:
    """Write the records of each data set that was checked, ready to be matched.

    Args:
        bodies: one, or two whose records are compared with each other's.
        engine: where to run.
        folder: private, empty; files of the engine stand here.
        specifications: data set -> what it was checked against; None: nfi's own.
        needed: names of the keys and derived columns to make.
        only_with: of these, those that are worked out for some records only, and are null for the others.
        told_apart_by: columns of which a record that has none, since its extract has no such column, gets a
            value of its own: '(row 12)'.

    Returns:
        Data set -> its columns, `record` (int64, unique over all), `body` (int8, 0 or 1), what was looked up
        and added up within the body (null where that data set is missing), keys and derived columns.
    """
    checked = [_completed(place, body, folder, engine) for place, body in enumerate(bodies)]
    making = _Making(
        bodies, checked, engine, folder, specifications or {}, needed, only_with or {}, told_apart_by
    )
    return {
        dataset: making.records(dataset)
        for dataset in enrichments()
        if any(dataset in tables for tables in checked)
    }


def _completed(place: int, body: Body, folder: Path, engine: Engine) -> dict[str, Stored]:
    """A body's checked records, with every column that a match may name."""
    return {
        dataset: completed(dataset, body.records[dataset], folder / f"{place}-{dataset}-completed", engine)
        for dataset in enrichments()
        if dataset in body.records
    }


@dataclass(frozen=True, slots=True)
class _Making:
    """What goes into the records of all bodies; see `prepared_records`."""

    bodies: Sequence[Body]
    checked: Sequence[Mapping[str, Stored]]
    """By body: its data sets, with every column that a match may name."""
    engine: Engine
    folder: Path
    specifications: Mapping[str, Specification]
    needed: Container[str]
    only_with: Others
    told_apart_by: Container[str]

    def records(self, dataset: str) -> Stored:
        """The records of one data set: of the only body, or of all with the name of each."""
        places = [place for place, tables in enumerate(self.checked) if dataset in tables]
        parts = {f"body_{place}": self._of_body(place, dataset) for place in places}
        if len(self.bodies) == 1:
            return parts["body_0"]
        each = [
            f"select *, {quoted_text(self.bodies[place].name)} as {BODY_NAME} from body_{place}"
            for place in places
        ]
        target = self.folder / f"{dataset}-of-both"
        return self.engine.sql_into(target, " union all by name ".join(each), **parts)

    def _of_body(self, place: int, dataset: str) -> Stored:
        body, entry = self.bodies[place], enrichments()[dataset]
        specification = self.specifications.get(dataset) or load_specification(dataset)
        unread = {
            name: specification.by_column[date].name
            for name, date in entry.as_given.items()
            if dataset in body.findings and date in specification.by_column
        }
        only_with = self.only_with.get(dataset, {})
        source = _Source(
            dataset=dataset,
            number=place * len(enrichments()) + list(enrichments()).index(dataset),
            body=place,
            unread=unread,
            needed=self.needed,
            own_value={name for name in body.without.get(dataset, ()) if name in self.told_apart_by},
            shared=sorted(set[Shared]().union(*only_with.values())),
        )
        asked: dict[str, Table] = {"findings": body.findings[dataset]} if unread else {}
        for number, columns in enumerate(source.shared):
            asked[f"shared_{number}"] = self._repeated(dataset, columns)
        tables = {table_name(name): table for name, table in self.checked[place].items()}
        query = _enriched_sql(source, self.checked[place], lacking_in((body,)))
        work_out = _WorkingOut(entry, self.needed, source.shared, only_with)
        made = self.folder / f"{place}-{dataset}"
        return self.engine.map_into(made, work_out, query, **tables, **asked)

    def _repeated(self, dataset: str, columns: Shared) -> pa.Table:
        """What several records of all bodies share in these columns, as numbers."""
        tables = {f"body_{place}": its[dataset] for place, its in enumerate(self.checked) if dataset in its}
        key = _number_of(columns)
        parts = " union all ".join(f"select {key} as shared from {table}" for table in tables)
        return self.engine.sql(f"select shared from ({parts}) group by shared having count(*) > 1", **tables)


def _number_of(columns: Shared, table: str = "") -> str:
    """The columns as one number; null where one of them is blank."""
    names = [f"{table}{quoted(name)}" for name in columns]
    known = " and ".join(f"{name} is not null" for name in names)
    return f"case when {known} then hash({', '.join(names)}) end"


def only_with(reports: Sequence[Report], elsewhere: Container[str]) -> Others:
    """The lists that reports look at only where other columns agree, by data set: see `prepared_records`.

    Args:
        reports: what is to run.
        elsewhere: every name that a query of an explanation speaks of; what it names, all records have.
    """
    found: dict[str, dict[str, frozenset[tuple[str, ...]]]] = {dataset: {} for dataset in enrichments()}
    for dataset, entry in enrichments().items():
        asking = [report for report in reports if dataset in report.data]
        own = load_specification(dataset).by_column
        for name in (*entry.keys, *entry.derived):
            sets = [_beside(name, report, own) for report in asking if _names(report, name)]
            if sets and all(sets) and name not in elsewhere and _is_list(name, entry):
                found[dataset][name] = frozenset(sets)
    return found


def _names(report: Report, column: str) -> bool:
    return column in (*report.columns, *report.also_tell)


def _beside(name: str, report: Report, own: Container[str]) -> Shared:
    """What has to agree beside a list in a report; nothing where the report asks more of the list."""
    others = [*report.different, *report.near, *report.similar, *report.where, *report.also_tell]
    if name not in report.same or name in (*others, *report.compared) or len(report.data) > 1:
        return ()
    lines = enrichments()[report.data[0]].lines_of.get(report.lines_of or "")
    sums = lines.sums if lines else ()
    return tuple(column for column in report.same if column in own and column not in sums)


def _is_list(column: str, entry: Enrichment) -> bool:
    if column in entry.derived:
        return entry.derived[column].format == "texts"
    if column not in entry.keys:
        return False
    ((standard, columns),) = entry.keys[column].items()
    nothing = pa.array([], pa.string())
    return bool(kinds.is_list(STANDARDS[standard](*[nothing] * len(columns)).type))


class _WorkingOut:
    """Adds keys and derived columns to a batch.

    A list of all slips that an invoice number may have suffered is long. Where no other payment has the same
    creditor and amount, no report looks at it, so it is not made.
    """

    def __init__(
        self,
        entry: Enrichment,
        needed: Container[str],
        shared: Sequence[Shared],
        only_with: Mapping[str, frozenset[Shared]],
    ) -> None:
        """Say what to make.

        Args:
            entry: what records.yaml says of the data set.
            needed: the columns that are asked for; what goes into them is made as well.
            shared: what the columns `shares 0`, `shares 1` and so on of the batch tell of.
            only_with: column -> what a record has to share to get it.
        """
        self._entry = entry
        self._names = names = entry.needed_for(needed)
        self._given = [name for name in entry.as_given if name in needed]
        self._flags = {each: f"shares {number}" for number, each in enumerate(shared)}
        self._rarely_repeated: set[str] = set()
        self._known: dict[str, tuple[pa.Array, pa.Array]] = {}
        self._needs: dict[str, frozenset[Shared]] = {}
        for name in reversed(names):
            users = [user for user in names if name in entry.made_of(user)]
            of_users = [self._needs.get(user, frozenset()) for user in users]
            if all(of_users) and (name in only_with or name not in needed):
                self._needs[name] = only_with.get(name, frozenset()).union(*of_users)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch with the columns added."""
        for name in self._given:
            place = batch.schema.get_field_index(name)
            batch = batch.set_column(place, name, date_digits(batch[name]))
        for name in self._names:
            columns = [batch[column] for column in self._entry.made_of(name)]
            if self._needs.get(name):
                shares = reduce(pc.or_, (batch[self._flags[each]] for each in sorted(self._needs[name])))
                columns = [pc.if_else(shares, column, pa.scalar(None, column.type)) for column in columns]
            batch = batch.append_column(name, self._made(name, columns))
        return batch.drop_columns(list(self._flags.values()))

    def _made(self, name: str, columns: list[pa.Array]) -> pa.Array:
        if name in self._entry.keys:
            return self._standard_form(name, next(iter(self._entry.keys[name])), columns)
        derived = self._entry.derived[name]
        return DERIVATIONS[derived.by](*columns).cast(ARROW_TYPES[derived.format])

    def _standard_form(self, name: str, standard: str, columns: list[pa.Array]) -> pa.Array:
        """Apply a standard; to nothing but blanks only once, and to what many records have once in all."""
        if all(column.null_count == len(column) for column in columns) and len(columns[0]):
            blank = STANDARDS[standard](*(column.slice(0, 1) for column in columns))
            return blank.take(pa.array(np.zeros(len(columns[0]), np.int64)))
        if len(columns) > 1 or name in self._rarely_repeated:
            return STANDARDS[standard](*columns)
        encoded = columns[0].dictionary_encode()
        distinct = encoded.dictionary
        if len(distinct) > len(encoded) * _REPEATED:
            self._rarely_repeated.add(name)
            return STANDARDS[standard](distinct).take(encoded.indices)
        return self._remembered(name, standard, distinct).take(encoded.indices)

    def _remembered(self, name: str, standard: str, distinct: pa.Array) -> pa.Array:
        """The same, without the values that a batch before had: a creditor's name stands in most batches."""
        nothing = distinct.slice(0, 0)
        known, forms = self._known.get(name) or (nothing, STANDARDS[standard](nothing))
        new = distinct.filter(pc.is_null(pc.index_in(distinct, value_set=known)))
        if len(known) + len(new) > _MOST_REMEMBERED:
            return STANDARDS[standard](distinct)
        if len(new):
            known, forms = (
                pa.concat_arrays(both) for both in ((known, new), (forms, STANDARDS[standard](new)))
            )
            self._known[name] = (known, forms)  # in one go: several batches are worked on at once
        return forms.take(pc.index_in(distinct, value_set=known))


@dataclass(frozen=True, slots=True)
class _Source:
    """Whose records are enriched."""

    dataset: str
    number: int
    """Of the data set among all of all bodies."""
    body: int
    unread: Mapping[str, str]
    """Column of a date as given -> the published name of the date, for those that could not be read."""
    needed: Container[str]
    own_value: Container[str]
    """Columns that are not there and in which each record counts as different."""
    shared: Sequence[Shared]
    """Each gets a column that says whether another record agrees on it: `shares 0`, `shares 1`, …"""


def _enriched_sql(source: _Source, tables: Mapping[str, Stored], lacking: Mapping[str, Lacking]) -> str:
    """The query for a data set's own columns, beside what is looked up and added up for them."""
    dataset, entry = source.dataset, enrichments()[source.dataset]
    own = schema_of_table(tables[dataset])
    brought = {
        *entry.keys,
        *entry.derived,
        *entry.as_given,
        *(name for up in entry.look_up for name in up.take),
        *(up.name for up in entry.add_up),
    }
    steps, joins = [], []
    columns = [f"own.source_row + {source.number << RECORD_BITS} as record"]
    columns.append(f"cast({source.body} as tinyint) as body")
    for name in own.names:
        if name in source.own_value:
            columns.append(f"'(row ' || own.source_row || ')' as {quoted(name)}")
        elif name not in brought:
            columns.append(f"own.{quoted(name)}")
    for name, date in entry.as_given.items():
        if name not in source.needed:
            continue
        read = f"cast(own.{quoted(date)} as varchar)"
        if name in source.unread:
            step = f"unread_{name}"
            steps.append(_unread_step(step, source.unread[name]))
            joins.append(f"left join {step} using (source_row)")
            read = f"coalesce({read}, {step}.given)"
        columns.append(f"{read} as {quoted(name)}")
    for look_up in entry.look_up:
        step = f"found_in_{table_name(look_up.from_)}"
        if look_up.from_ in tables:
            steps.append(_look_up_step(step, look_up))
            joins.append(f"left join {step} using ({quoted(look_up.by)})")
        fields = load_specification(look_up.from_).by_column
        for name in look_up.take:
            # a body's own specification may have the column already, and then it comes first
            places = [f"own.{quoted(name)}"] if name in own.names else []
            places += [f"{step}.{quoted(name)}"] if look_up.from_ in tables else []
            found = f"coalesce({', '.join(places)})" if places else "null"
            columns.append(f"cast({found} as {SQL_TYPES[fields[name].format]}) as {quoted(name)}")
    for add_up in entry.add_up:
        step = f"added_up_{add_up.name}"
        value = "null"
        if add_up.from_ in tables and not why_lacking(dataset, add_up.name, lacking):
            steps.append(_add_up_step(step, add_up))
            joins.append(f"left join {step} using ({quoted(add_up.by)})")
            value = f"{step}.{quoted(add_up.name)}"
            value = f"coalesce({value}, 0)" if add_up.sum or add_up.count else value
        columns.append(f"cast({value} as {HELD_AS[add_up.format]}) as {quoted(add_up.name)}")
    for number, shared in enumerate(source.shared):
        among = f"{_number_of(shared, 'own.')} in (select shared from shared_{number})"
        columns.append(f"coalesce({among}, false) as {quoted(f'shares {number}')}")
    query = f"select {', '.join(columns)} from {table_name(dataset)} as own {' '.join(joins)}"
    return (f"with {', '.join(steps)} " if steps else "") + query


def _unread_step(step: str, field: str) -> str:
    """The dates of a field that could not be read, by row."""
    return (
        f"{step} as (select row as source_row, min(value) as given from findings "
        f"where code = {quoted_text(FieldFormat.DATE)} and field = {quoted_text(field)} group by row)"
    )


def _look_up_step(step: str, look_up: LookUp) -> str:
    taken = ", ".join(
        f"case when count(distinct {quoted(name)}) <= {MOST_OF_ONE_REFERENCE} "
        f"then min_by({quoted(name)}, source_row) end as {quoted(name)}"
        for name in look_up.take
    )
    by = quoted(look_up.by)
    source = table_name(look_up.from_)
    return f"{step} as (select {by}, {taken} from {source} where {by} is not null group by {by})"


def _add_up_step(step: str, add_up: AddUp) -> str:
    by = quoted(add_up.by)
    aggregate, column = add_up.of
    total = f"{aggregate}({quoted(column)}) as {quoted(add_up.name)}"
    return f"{step} as (select {by}, {total} from {table_name(add_up.from_)} group by {by})"
