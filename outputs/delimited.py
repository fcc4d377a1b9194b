"""Delimited text: which delimiter suits the data, and records as lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.csv as pacsv

from outputs.control_totals import Survey
from outputs.spec_format import ByteTable, NegativeSign, as_specified, clean_text
from specs.specification import FieldFormat, Specification

QUALIFIER = '"'
LINE_END = "\r\n"  # RFC 4180, and what older Windows importers insist on; decision 0006
DELIMITERS = {",": "comma", "|": "pipe", "~": "tilde"}
"""Delimiters that the published format rules allow, in the order in which they are tried."""


def suitable_delimiter(survey: Survey, headings: tuple[str, ...]) -> str:
    """Comma where neither it nor a double quote occurs in the data; else pipe, as published; else tilde.

    Where all of them occur it is the pipe, and only the text qualifier tells where a value ends.
    Source: format rules published 2008-2013, specifications section 6.
    """
    heading_text = "".join(headings)

    def occurs(characters: str) -> bool:
        return survey.holds(characters) or any(one in heading_text for one in characters)

    if not occurs("," + QUALIFIER):
        return ","
    return "~" if occurs("|") and not occurs("~") else "|"


def size_at_most(survey: Survey, specification: Specification) -> int:
    """Bytes that a data set's file cannot exceed, so that the archive can prepare for a large one."""
    widest = 22  # a 64-bit whole number with its sign, in qualifiers
    per_record = (widest + len(QUALIFIER) * 2 + 1) * len(specification.fields) + len(LINE_END)
    headings = len(heading_line(specification, ","))
    return headings + survey.totals.records * per_record + 2 * survey.text_bytes


def heading_line(specification: Specification, delimiter: str) -> bytes:
    """The published field names on one line, in qualifiers only where one holds a delimiter or quote."""
    line = io.StringIO()
    writer = csv.writer(line, delimiter=delimiter, quotechar=QUALIFIER, lineterminator=LINE_END)
    writer.writerow(field.name for field in specification.fields)
    return line.getvalue().encode()


def record_lines(
    batch: pa.RecordBatch,
    specification: Specification,
    *,
    delimiter: str,
    negative_sign: NegativeSign,
    bytes_used: Mapping[str, ByteTable] | None = None,
) -> bytes:
    """Typed records as lines of UTF-8: the specification's columns, in its order, and no others.

    Text and dates stand in qualifiers, a qualifier inside is doubled, a blank is nothing at all.
    """
    columns = []
    for field in specification.fields:
        values = batch.column(field.column)
        if field.format in {FieldFormat.CHARACTER, FieldFormat.NUMBER}:
            values = clean_text(values, (bytes_used or {}).get(field.column)).text
        columns.append(as_specified(values, field.format, negative_sign))
    lines = pa.BufferOutputStream()
    pacsv.write_csv(
        pa.RecordBatch.from_arrays(columns, names=[field.column for field in specification.fields]),
        lines,
        pacsv.WriteOptions(include_header=False, delimiter=delimiter, eol=LINE_END),
    )
    written: bytes = lines.getvalue().to_pybytes()
    return written
