"""Writes extracts as CSV: UTF-8, commas, quotes only where needed, lines that end in CR LF (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

LINE_END = "\r\n"


def write_line(file: IO[bytes], values: Iterable[str]) -> None:
    """One line."""
    line = io.StringIO()
    csv.writer(line, lineterminator=LINE_END).writerow(values)
    file.write(line.getvalue().encode("utf-8"))


def write_columns(file: IO[bytes], columns: Sequence[pa.Array]) -> None:
    """One line for each element of columns that are as long as one another.

    pyarrow's own writer puts every text in quotes or none, so the lines are joined here, column by column.
    """
    if not len(columns[0]):
        return
    quoted = [_quoted(column) for column in columns]
    lines = pc.binary_join_element_wise(*quoted, ",")
    ended = pc.binary_join_element_wise(lines, "", LINE_END)
    _, offsets, data = ended.buffers()
    ends = memoryview(offsets).cast("i")
    file.write(memoryview(data)[ends[ended.offset] : ends[ended.offset + len(ended)]])


def _quoted(column: pa.Array) -> pa.Array:
    needs = pc.match_substring_regex(column, '[",\r\n]')
    if not pc.any(needs).as_py():
        return column
    wrapped = pc.binary_join_element_wise("", pc.replace_substring(column, '"', '""'), "", '"')
    return pc.if_else(needs, wrapped, column)
