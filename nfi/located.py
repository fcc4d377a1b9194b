"""Where the records of cases stand, for data sets that were read from several files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa

from matching.ranked import Ranked, write_ranked
from matching.records import BODY_NAME
from specs.check_record import CheckRecord
from specs.specification import FieldFormat

FILE_AND_ROW = "file_and_row"
_ROWS_AT_A_TIME = 50_000


@dataclass(frozen=True, slots=True)
class FileColumn:
    """The column that says where a record stands, as the workbook and the CSV show it."""

    name: str = "File and row"
    format: FieldFormat = FieldFormat.CHARACTER


def located(records: Ranked, checked: Mapping[str, Mapping[str, CheckRecord]]) -> Ranked:
    """Records of cases with one more column: 'may.csv, row 214'; null where a data set is one file.

    Args:
        records: columns `dataset` and `source_row`, and others; the file is written anew.
        checked: by name of the body, the check record of each data set; of one body, whatever its name.
    """
    several = {
        (body, dataset)
        for body, each in checked.items()
        for dataset, record in each.items()
        if len(record.files) > 1
    }

    def words(batch: pa.RecordBatch) -> pa.Array:
        datasets, rows = batch["dataset"].to_pylist(), batch["source_row"].to_pylist()
        has_body = BODY_NAME in batch.schema.names
        bodies = batch[BODY_NAME].to_pylist() if has_body else [*checked] * len(rows)
        places = (
            checked[body][dataset].place(row) if (body, dataset) in several else None
            for body, dataset, row in zip(bodies, datasets, rows, strict=True)
        )
        return pa.array([f"{place[0]}, row {place[1]:,}" if place else None for place in places], pa.string())

    more = records.schema.append(pa.field(FILE_AND_ROW, pa.string()))
    tables = (
        pa.Table.from_arrays([*batch.columns, words(batch)], schema=more)
        for batch in records.batches(_ROWS_AT_A_TIME)
    )
    return write_ranked(records.file, chain([more.empty_table()], tables))
