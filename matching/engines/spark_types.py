"""Arrow types that Spark has none of, carried by others; and the names of types in Spark SQL."""

from __future__ import annotations

from typing import TypeVar

import pyarrow as pa
import pyarrow.types as kinds

Rows = TypeVar("Rows", pa.Table, pa.RecordBatch)

_NAMES = {
    pa.int8(): "tinyint",
    pa.int16(): "smallint",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.string(): "string",
    pa.binary(): "binary",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}
_CARRIED_BY = {
    pa.uint8(): pa.int16(),
    pa.uint16(): pa.int32(),
    pa.uint32(): pa.int64(),
    pa.uint64(): pa.int64(),  # bit by bit: only what is the same matters of such numbers, they are hashes
    pa.large_string(): pa.string(),
    pa.string_view(): pa.string(),
    pa.large_binary(): pa.binary(),
    pa.binary_view(): pa.binary(),
    pa.null(): pa.string(),
}


def carried_by(type_: pa.DataType) -> pa.DataType:
    """The type that a column has in Spark."""
    if kinds.is_dictionary(type_):
        return carried_by(type_.value_type)
    if kinds.is_struct(type_):
        return pa.struct([(field.name, carried_by(field.type)) for field in type_])
    if kinds.is_nested(type_):
        return pa.list_(pa.field("element", carried_by(type_.value_type)))
    return _CARRIED_BY.get(type_, type_)


def carrying(schema: pa.Schema) -> pa.Schema:
    """The schema that a table has in Spark."""
    return pa.schema([(field.name, carried_by(field.type)) for field in schema])


def sql_type(type_: pa.DataType) -> str:
    """What Spark SQL calls the type that carries this one."""
    type_ = carried_by(type_)
    if kinds.is_decimal(type_):
        return f"decimal({type_.precision}, {type_.scale})"
    if kinds.is_list(type_):
        return f"array<{sql_type(type_.value_type)}>"
    if kinds.is_struct(type_):
        fields = ", ".join(f"{backticked(field.name)}: {sql_type(field.type)}" for field in type_)
        return f"struct<{fields}>"
    if kinds.is_timestamp(type_):
        return "timestamp" if type_.tz else "timestamp_ntz"
    return _NAMES[type_]


def backticked(name: str) -> str:
    """A column or table name, quoted for Spark SQL."""
    return "`" + name.replace("`", "``") + "`"


def ddl(schema: pa.Schema) -> str:
    """The schema as Spark reads it."""
    return ", ".join(f"{backticked(field.name)} {sql_type(field.type)}" for field in schema)


def as_schema(rows: Rows, schema: pa.Schema) -> Rows:
    """The same rows with the types of a schema, to Spark or back: by name where the names tell them apart."""
    by_name = len(set(schema.names)) == len(schema.names) and set(rows.schema.names) == set(schema.names)
    columns = [
        _as_type(rows.column(rows.schema.get_field_index(field.name) if by_name else place), field.type)
        for place, field in enumerate(schema)
    ]
    return type(rows).from_arrays(columns, schema=schema)


def _as_type(column: pa.Array | pa.ChunkedArray, type_: pa.DataType) -> pa.Array | pa.ChunkedArray:
    bits = {pa.int64(), pa.uint64()}
    if column.type != type_ and {column.type, type_} == bits:
        if isinstance(column, pa.ChunkedArray):
            return pa.chunked_array([chunk.view(type_) for chunk in column.chunks], type_)
        return column.view(type_)
    if kinds.is_dictionary(column.type) and not kinds.is_dictionary(type_):
        column = column.cast(column.type.value_type)
    return column if column.type == type_ else column.cast(type_)
