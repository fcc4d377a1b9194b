"""Parquet files: typed columns come as text, spelt as workbook cells are."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from specs.errors import ExtractUnreadable
from specs.formats.cell_text import cell_text
from specs.formats.columns import Columns, RawRows
from specs.formats.settle_columns import settle_columns
from specs.formats.source import Source
from specs.headings import shown

_ROWS_AT_A_TIME = 65_536
_TEXT_KINDS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
_MAX_GROUP_BYTES = 4 << 30
"""Unpacked size of a row group: as much as may have to lie in memory at once."""


@dataclass(frozen=True, slots=True)
class ParquetTable:
    """A Parquet file whose columns can all be text."""

    source: Source
    columns: Columns

    def rows(self) -> Iterator[RawRows]:
        """All records; the first is in row 2, as if the headings were row 1.

        Raises:
            ExtractUnreadable: the file is damaged.
        """
        number = 2
        with _opened(self.source) as file:
            for batch in file.iter_batches(batch_size=_ROWS_AT_A_TIME):
                numbers = np.arange(number, number + batch.num_rows, dtype=np.int64)
                yield RawRows(numbers, [column_text(column) for column in batch.columns])
                number += batch.num_rows


def open_parquet(source: Source) -> ParquetTable:
    """The columns of a Parquet file.

    Raises:
        ExtractUnreadable: damaged, encrypted, a name twice, or a column of lists or of bytes.
    """
    with _opened(source) as file:
        schema = file.schema_arrow
        groups = [file.metadata.row_group(index) for index in range(file.metadata.num_row_groups)]
        largest = max((group.total_byte_size for group in groups), default=0)
    if largest > _MAX_GROUP_BYTES:
        raise ExtractUnreadable(
            f"{source.name}: has a row group of {largest / (1 << 30):,.1f} GiB, too large to read. Write it "
            "again in smaller row groups, or as CSV."
        )
    return ParquetTable(source, typed_columns(source.name, schema))


def typed_columns(file: str, schema: pa.Schema) -> Columns:
    """The columns of a table whose values have types, without a row of headings.

    Args:
        file: what messages call it.
        schema: names and types of its columns.

    Raises:
        ExtractUnreadable: a name twice or none at all, or a column of lists or of bytes.
    """
    for field in schema:
        if not _is_plain(field.type):
            raise ExtractUnreadable(
                f"{file}: column '{shown(field.name)}' holds {field.type}, which has no spelling as "
                "text. Leave it out, or write it as text."
            )
    if not any(name.strip() for name in schema.names):
        raise ExtractUnreadable(f"{file}: has no columns with a name. Export it again.")
    return replace(settle_columns(file, [(1, schema.names)], heading_row=1), heading_row=0)


def _is_plain(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    return bool(
        _is_text(kind) or pa.types.is_primitive(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind)
    )


def _is_text(kind: pa.DataType) -> bool:
    return any(is_kind(kind) for is_kind in _TEXT_KINDS)


def column_text(column: pa.Array) -> pa.Array:
    """A column as text; null is empty text. Each different value is spelt once."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":  # finer than Python's clock
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    if pa.types.is_duration(kind) and kind.unit == "ns":
        column = column.cast(pa.duration("us"), safe=False)
    if pa.types.is_time64(kind) and kind.unit == "ns":
        column = column.cast(pa.time64("us"), safe=False)
    if _is_text(kind) or pa.types.is_integer(kind):
        return pc.fill_null(column.cast(pa.string()), "")
    if not pa.types.is_dictionary(kind):
        column = column.cast(pa.string()) if pa.types.is_null(kind) else column.dictionary_encode()
    if pa.types.is_null(kind):
        return pc.fill_null(column, "")
    spelt = pa.array([cell_text(value) for value in column.dictionary.to_pylist()], pa.string())
    return pc.fill_null(spelt.take(column.indices), "")


@contextlib.contextmanager
def _opened(source: Source) -> Iterator[pq.ParquetFile]:
    """The file, with its faults in one line."""
    try:
        with pq.ParquetFile(source.path, memory_map=False) as file:
            yield file
    except (pa.ArrowException, OSError, OverflowError, ValueError) as fault:
        raise ExtractUnreadable(
            f"{source.name}: the Parquet file is damaged, encrypted or cut short. Write it again, or as CSV."
        ) from fault
