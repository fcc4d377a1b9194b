"""Records ready to be matched: checked records with what other data sets know of them, and standard keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from pydantic import BaseModel, ConfigDict, Field

from matching.standard_columns import Lacking, completed, lacking_columns
from matching.standardise import STANDARDS
from specs.engine import Engine
from specs.quoting import quoted, table_name
from specs.specification import Column, FieldFormat, Need, Specification, SpecifiedField

_RECORDS = Path(__file__).parent / "records.yaml"

RECORD_BITS = 40
"""A record's number is the data set's ordinal shifted by this, plus its row in the extract."""


MOST_OF_ONE_REFERENCE = 10
"""A reference with more different values of a column than this is a collective one, such as 'purchase cards':
the first of its names would be the wrong one nearly always."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class LookUp(_Entry):
    """Columns that another data set holds for the same reference."""

    from_: Annotated[str, Field(alias="from")]
    by: Column
    take: tuple[Column, ...]


class AddUp(_Entry):
    """A sum over the records of another data set that name this one."""

    name: Column
    title: str
    from_: Annotated[str, Field(alias="from")]
    by: Column
    sum: Column


class Enrichment(_Entry):
    """What the records of one data set bring to the match besides their own columns."""

    look_up: tuple[LookUp, ...] = ()
    add_up: tuple[AddUp, ...] = ()
    keys: dict[Column, dict[str, tuple[Column, ...]]] = {}
    """Key column -> the one standard that makes it, and the columns that go in."""
    keys_do_without: tuple[Column, ...] = ()
    """Of these columns, those that a specification may lack while the key is still worth comparing."""

    def origin(self, column: str) -> tuple[str, ...]:
        """The columns that a person knows behind a key; the column itself where it is not a key."""
        return next(iter(self.keys[column].values())) if column in self.keys else (column,)


@cache
def enrichments() -> dict[str, Enrichment]:
    """What records.yaml says of each data set, in its order."""
    raw = yaml.safe_load(_RECORDS.read_text(encoding="utf-8"))
    return {dataset: Enrichment.model_validate(entry) for dataset, entry in raw.items()}


def prepared_records(checked: Mapping[str, Path], engine: Engine) -> dict[str, pa.Table]:
    """The records of each data set that was checked, ready to be matched.

    Args:
        checked: data set -> its checked Parquet file.
        engine: where to run.

    Returns:
        Data set -> its columns, `record` (int64, unique over all data sets), what was looked up and added
        up (null where that data set is missing), and the keys. Ordered by `record`.
    """
    tables = {
        dataset: completed(dataset, checked[dataset], engine)
        for dataset in enrichments()
        if dataset in checked
    }
    lacking = lacking_in(checked)
    return {
        dataset: _with_keys(_enriched(dataset, number, tables, lacking, engine), entry, engine)
        for number, (dataset, entry) in enumerate(enrichments().items())
        if dataset in checked
    }


def lacking_in(checked: Mapping[str, Path]) -> dict[str, Lacking]:
    """What each data set that was checked lacks of the columns that a match may name."""
    return {name: lacking_columns(name, checked[name]) for name in enrichments() if name in checked}


def why_lacking(
    dataset: str, column: str, lacking: Mapping[str, Lacking], *, is_blank: bool = False
) -> str | None:
    """In words, why a column of the prepared records says nothing; None where its specification has it.

    Args:
        dataset: whose column.
        column: its own, one that was looked up or added up, or a key.
        lacking: what `lacking_in` gives.
        is_blank: whether no record has it: what is looked up may stand in the data set itself as well.
    """
    entry, reasons = enrichments()[dataset], lacking.get(dataset, {})
    for name in entry.origin(column):
        if name in reasons and not (column in entry.keys and name in entry.keys_do_without):
            return reasons[name]
    for add_up in entry.add_up:
        if column == add_up.name:
            return _reason(
                (dataset, add_up.by), (add_up.from_, add_up.by), (add_up.from_, add_up.sum), of=lacking
            )
    for look_up in entry.look_up:
        for name in entry.origin(column):
            if name in look_up.take:
                return _reason(
                    (dataset, look_up.by), (look_up.from_, look_up.by), (look_up.from_, name), of=lacking
                )
    return None


def _reason(*needed: tuple[str, str], of: Mapping[str, Lacking]) -> str | None:
    reasons = (of.get(dataset, {}).get(column) for dataset, column in needed)
    return next((reason for reason in reasons if reason), None)


def known_fields(specifications: Mapping[str, Specification]) -> dict[str, SpecifiedField]:
    """Every column that a case can show, by name: the specifications' own, then what was added up."""
    fields = {column: field for each in specifications.values() for column, field in each.by_column.items()}
    for entry in enrichments().values():
        for add_up in entry.add_up:
            fields[add_up.name] = SpecifiedField(
                name=add_up.title,
                column=add_up.name,
                format=FieldFormat.MONEY,
                required=Need.NO,
                evidence="inferred",
                source="records.yaml",
            )
    return fields


def _enriched(
    dataset: str,
    number: int,
    tables: Mapping[str, pa.Table | Path],
    lacking: Mapping[str, Lacking],
    engine: Engine,
) -> pa.Table:
    entry = enrichments()[dataset]
    own = _columns_of(tables[dataset])
    brought = {
        *entry.keys,
        *(name for up in entry.look_up for name in up.take),
        *(up.name for up in entry.add_up),
    }
    steps, joins = [], []
    columns = [f"own.source_row + {number << RECORD_BITS} as record"]
    columns += [f"own.{quoted(name)}" for name in own if name not in brought]
    for look_up in entry.look_up:
        step = f"found_in_{table_name(look_up.from_)}"
        if look_up.from_ in tables:
            steps.append(_look_up_step(step, look_up))
            joins.append(f"left join {step} using ({quoted(look_up.by)})")
        for name in look_up.take:
            # a body's own specification may have the column already, and then it comes first
            places = [f"own.{quoted(name)}"] if name in own else []
            places += [f"{step}.{quoted(name)}"] if look_up.from_ in tables else []
            found = f"coalesce({', '.join(places)})" if places else "null"
            columns.append(f"cast({found} as varchar) as {quoted(name)}")
    for add_up in entry.add_up:
        step = f"added_up_{add_up.name}"
        if add_up.from_ in tables and not why_lacking(dataset, add_up.name, lacking):
            steps.append(_add_up_step(step, add_up))
            joins.append(f"left join {step} using ({quoted(add_up.by)})")
            columns.append(f"coalesce({step}.{quoted(add_up.name)}, 0) as {quoted(add_up.name)}")
        else:
            columns.append(f"cast(null as bigint) as {quoted(add_up.name)}")
    query = (
        f"with {', '.join(steps)} " if steps else ""
    ) + f"select {', '.join(columns)} from {table_name(dataset)} as own {' '.join(joins)} order by record"
    return engine.sql(query, **{table_name(name): table for name, table in tables.items()})


def _columns_of(table: pa.Table | Path) -> list[str]:
    names: list[str] = (pq.read_schema(table) if isinstance(table, Path) else table.schema).names
    return names


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
    total = f"cast(sum({quoted(add_up.sum)}) as bigint) as {quoted(add_up.name)}"
    return f"{step} as (select {by}, {total} from {table_name(add_up.from_)} group by {by})"


def _with_keys(records: pa.Table, entry: Enrichment, engine: Engine) -> pa.Table:
    if not entry.keys or records.num_rows == 0:
        empty = {name: pa.array([], pa.string()) for name in entry.keys}
        return pa.table({**dict(zip(records.column_names, records.columns, strict=True)), **empty})

    def add_keys(batch: pa.RecordBatch) -> pa.RecordBatch:
        for name, made in entry.keys.items():
            ((standard, columns),) = made.items()
            batch = batch.append_column(name, _standard_form(standard, [batch[column] for column in columns]))
        return batch

    return engine.map(add_keys, records)


def _standard_form(standard: str, columns: list[pa.Array]) -> pa.Array:
    """Apply a standard; of one column, to each distinct value only once."""
    if len(columns) > 1:
        return STANDARDS[standard](*columns)
    encoded = columns[0].dictionary_encode()
    return STANDARDS[standard](encoded.dictionary).take(encoded.indices)
