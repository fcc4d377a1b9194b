"""What records are called in the source system: a row of an extract means nothing there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from matching.wording import day, pounds
from specs.specification import FieldFormat, Specification

_ROW = "source_row"


def key_names(specification: Specification) -> tuple[str, ...]:
    """The published names of the fields that tell one record from another."""
    return tuple(specification.by_column[column].name for column in specification.key.columns)


def record_keys(
    records: Path, rows: Collection[int], specification: Specification
) -> dict[int, tuple[str | None, ...]]:
    """The key of each of these records, by row, as people write it.

    Reads only the parts of the file that hold one of the rows, batch by batch.

    Args:
        records: typed records, ordered by row.
        rows: rows of the extract.
        specification: says what the key is.
    """
    wanted = np.array(sorted(rows), dtype=np.int64)
    columns = specification.key.columns
    formats = [specification.by_column[column].format for column in columns]
    keys: dict[int, tuple[str | None, ...]] = {}
    with pq.ParquetFile(records) as file:
        groups = list(_groups_with(file.metadata, wanted))
        if not groups:
            return keys
        for batch in file.iter_batches(row_groups=groups, columns=[_ROW, *columns]):
            found = batch.filter(pc.is_in(batch[_ROW], pa.array(wanted)))
            texts = [
                [_as_text(value, written_as) for value in found[column].to_pylist()]
                for column, written_as in zip(columns, formats, strict=True)
            ]
            keys.update(zip(found[_ROW].to_pylist(), zip(*texts, strict=True), strict=True))
    return keys


def last_row(records: Path) -> int:
    """The row of the extract in which the last record stands; 0 where there is none."""
    with pq.ParquetFile(records) as file:
        column = file.schema_arrow.get_field_index(_ROW)
        groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
        return max((group.column(column).statistics.max for group in groups if group.num_rows), default=0)


def _groups_with(metadata: pq.FileMetaData, wanted: np.ndarray[Any, np.dtype[np.int64]]) -> Iterator[int]:
    """The row groups that may hold one of the wanted rows."""
    names = [metadata.schema.column(place).name for place in range(metadata.num_columns)]
    column = names.index(_ROW)
    for number in range(metadata.num_row_groups):
        known = metadata.row_group(number).column(column).statistics
        first, last = (known.min, known.max) if known and known.has_min_max else (0, wanted.max(initial=0))
        if np.searchsorted(wanted, first) < np.searchsorted(wanted, last, side="right"):
            yield number


def _as_text(value: Any, written_as: FieldFormat) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, date):
        return day(value)
    return pounds(value) if written_as is FieldFormat.MONEY else f"{value / 100:.2f}"
