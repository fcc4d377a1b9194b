"""The columns that a match counts on, where a body's own specification does not have them.

Reports, keys and explanations name columns of nfi's own catalogue. Records that were checked against another
specification may lack some: these become blank columns, so that whatever can do without them still runs, and
a report that cannot is left out with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from specs.catalogues import load_specification
from specs.engine import Engine, Stored
from specs.parse import record_schema
from specs.quoting import quoted, table_name
from specs.specification import FieldFormat, SpecifiedField

Lacking = dict[str, str]
"""Column -> in words, what the data set has in place of it: nothing, or a field of another format."""

SQL_TYPES = {
    FieldFormat.CHARACTER: "varchar",
    FieldFormat.NUMBER: "varchar",
    FieldFormat.DATE: "date",
    FieldFormat.MONEY: "bigint",
    FieldFormat.HOURS: "bigint",
}
_NEEDED = {FieldFormat.DATE: "a date", FieldFormat.MONEY: "a sum of money", FieldFormat.HOURS: "hours"}


def lacking_columns(dataset: str, checked: Path) -> Lacking:
    """The columns of nfi's own catalogue that checked records have not got, or hold in another format.

    Args:
        dataset: a data set of that catalogue.
        checked: its checked Parquet file.
    """
    standard = load_specification(dataset)
    schema = pq.read_schema(checked)
    wanted = record_schema(standard)
    lacking = {}
    for field in standard.fields:
        if field.column not in schema.names:
            lacking[field.column] = f"{dataset} has no field for {field.name}"
        elif not _same(schema.field(field.column).type, wanted.field(field.column).type):
            needed = _NEEDED.get(field.format, "text")
            lacking[field.column] = f"the specification of {dataset} does not have {field.name} as {needed}"
    return lacking


def completed(dataset: str, checked: Path, target: Path, engine: Engine) -> Stored:
    """Checked records with every column that a match may name; blank ones for those that they lack.

    Args:
        dataset: a data set of nfi's own catalogue.
        checked: its checked Parquet file, which does where it lacks nothing.
        target: where to write it otherwise.
        engine: where to run.
    """
    lacking = lacking_columns(dataset, checked)
    if not lacking:
        return checked
    there = [quoted(name) for name in pq.read_schema(checked).names if name not in lacking]
    fields: Mapping[str, SpecifiedField] = load_specification(dataset).by_column
    blank = [f"cast(null as {SQL_TYPES[fields[name].format]}) as {quoted(name)}" for name in lacking]
    query = f"select {', '.join([*there, *blank])} from {table_name(dataset)}"
    return engine.sql_into(target, query, **{table_name(dataset): checked})


def _same(found: pa.DataType, wanted: pa.DataType) -> bool:
    texts = (pa.string(), pa.large_string())
    return found == wanted or (found in texts and wanted in texts)
