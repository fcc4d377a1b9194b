"""The corrected extract: the records as they were checked, to hand on or to check again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from specs.corrections.column_text import ColumnText
from specs.parse import SOURCE_ROW
from specs.specification import Specification

_LINE_END = "\r\n"
_NEEDS_QUOTES = r"[\",\r\n]"


def write_corrected(path: Path, parts: Iterable[pa.RecordBatch], specification: Specification) -> int:
    """Write records as comma-separated text under the published headings; how many there are.

    UTF-8 without byte order mark. Every text stands exactly as it is, in quotation marks where it holds a
    comma, a quotation mark or a line break. Row numbers are not written: the first record stands in row 2,
    whatever stood above it in the extract.

    Args:
        path: the file, new or to be overwritten.
        parts: `source_row` and text columns named as in the specification, all with the same columns.
        specification: whose published names are the headings.
    """
    records = 0
    with path.open("wb") as sink:
        for part in parts:
            if records == 0:
                sink.write(_headings(part.schema.names, specification))
            records += part.num_rows
            sink.write(_lines(part))
    return records


def _headings(columns: list[str], specification: Specification) -> bytes:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator=_LINE_END)
    writer.writerow(specification.by_column[name].name for name in columns if name != SOURCE_ROW)
    return line.getvalue().encode()


def _lines(batch: pa.RecordBatch) -> bytes:
    columns = [
        _quoted(column)
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
        if name != SOURCE_ROW
    ]
    if len(columns) == 1:  # an empty line would be no record
        columns = [pc.if_else(pc.equal(columns[0], ""), '""', columns[0])]
    lines = pc.binary_join_element_wise(*columns, ",")
    return ColumnText(pc.binary_join_element_wise(lines, _LINE_END, "")).data.tobytes()


def _quoted(text: pa.Array) -> pa.Array:
    """Text with quotation marks around what would otherwise be read as more than one cell."""
    needs = pc.match_substring_regex(text, _NEEDS_QUOTES)
    if not pc.any(needs).as_py():
        return text
    doubled = pc.replace_substring(text, '"', '""')
    return pc.if_else(needs, pc.binary_join_element_wise('"', doubled, '"', ""), text)
