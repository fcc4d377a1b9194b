"""Where the records of cases stand, for data sets that were read from several files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from matching.records import BODY_NAME
from specs.check_record import CheckRecord
from specs.specification import FieldFormat

FILE_AND_ROW = "file_and_row"


@dataclass(frozen=True, slots=True)
class FileColumn:
    """The column that says where a record stands, as the workbook and the CSV show it."""

    name: str = "File and row"
    format: FieldFormat = FieldFormat.CHARACTER


def located(records: pa.Table, checked: Mapping[str, Mapping[str, CheckRecord]]) -> pa.Table:
    """Records of cases with one more column: 'may.csv, row 214'; null where a data set is one file.

    Args:
        records: columns `dataset` and `source_row`, and others.
        checked: by name of the body, the check record of each data set; of one body, whatever its name.
    """
    several = {
        (body, dataset)
        for body, each in checked.items()
        for dataset, record in each.items()
        if len(record.files) > 1
    }
    datasets, rows = records.column("dataset").to_pylist(), records.column("source_row").to_pylist()
    bodies = (
        records.column(BODY_NAME).to_pylist() if BODY_NAME in records.column_names else [*checked] * len(rows)
    )
    places = (
        checked[body][dataset].place(row) if (body, dataset) in several else None
        for body, dataset, row in zip(bodies, datasets, rows, strict=True)
    )
    words = [f"{place[0]}, row {place[1]:,}" if place else None for place in places]
    return records.append_column(FILE_AND_ROW, pa.array(words, pa.string()))
