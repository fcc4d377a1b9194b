"""Delimited text: which delimiter suits the data, records as lines, and lines as text again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

import pyarrow as pa
import pyarrow.csv as pacsv

from outputs.written.control_totals import Survey
from outputs.written.sent_records import AS_THEY_STAND
from outputs.written.spec_format import NegativeSign, as_specified
from outputs.written.written_form import WrittenForm, require_ascii_headings
from specs.specification import Specification

QUALIFIER = '"'
LINE_END = "\r\n"  # RFC 4180, and what older Windows importers insist on; decision 0006
RECORD_AT_MOST = 4 << 20
"""Bytes of a record that can be read: those of a block."""


def chosen_delimiter(survey: Survey, specification: Specification, form: WrittenForm) -> str:
    """The delimiter that was asked for, else the one that suits the data (and the headings, if any)."""
    headings = tuple(field.name for field in specification.fields) if form.headings else ()
    return form.delimiter or suitable_delimiter(survey, headings)


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


def heading_line(specification: Specification, delimiter: str, form: WrittenForm = AS_THEY_STAND) -> bytes:
    """The published field names on one line, in qualifiers only where one holds a delimiter or quote.

    Raises:
        HeadingNotAscii: the files are to be ASCII, and a published name is not.
    """
    names = [field.name for field in specification.fields]
    if form.ascii_only:
        require_ascii_headings(names)
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, quotechar=QUALIFIER, lineterminator=LINE_END).writerow(names)
    return line.getvalue().encode()


def delimited_lines(
    sent: pa.RecordBatch, specification: Specification, *, delimiter: str, negative_sign: NegativeSign
) -> bytes:
    """Records out of `records_as_sent` as lines.

    Text and dates stand in qualifiers, a qualifier inside is doubled, a blank is nothing at all.
    """
    columns = [
        as_specified(sent.column(field.column), field.format, negative_sign) for field in specification.fields
    ]
    lines = pa.BufferOutputStream()
    pacsv.write_csv(
        pa.RecordBatch.from_arrays(columns, names=[field.column for field in specification.fields]),
        lines,
        pacsv.WriteOptions(include_header=False, delimiter=delimiter, eol=LINE_END),
    )
    written: bytes = lines.getvalue().to_pybytes()
    return written


def read_delimited(
    plain: IO[bytes], names: Sequence[str], *, delimiter: str, headings: bool, block: int = RECORD_AT_MOST
) -> Iterator[pa.RecordBatch]:
    """The records of a written file as text, blanks as null. Memory is that of one block.

    Args:
        plain: the file; it is read once, from where it stands, to its end.
        names: the published names of its fields.
        delimiter: what stands between values.
        headings: whether its first row holds the names.
        block: bytes to read at a time; a record must fit.

    Raises:
        pyarrow.ArrowInvalid: it is not such a file; the message can quote a record.
        ValueError: it has other headings.
    """
    stream = io.BufferedReader(plain)  # type: ignore[type-var]
    if not headings and not stream.peek(1):  # no records, which pyarrow would refuse
        return
    places = [str(place) for place in range(len(names))]
    with pacsv.open_csv(
        stream,
        pacsv.ReadOptions(block_size=block, column_names=None if headings else places),
        pacsv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
        pacsv.ConvertOptions(
            column_types=dict.fromkeys(names if headings else places, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    ) as reader:
        if headings and reader.schema.names != [*names]:
            raise ValueError("other headings than the fields have")
        for batch in reader:
            yield pa.RecordBatch.from_arrays(batch.columns, names=[*names])
