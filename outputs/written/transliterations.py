"""`transliterations.csv`: every value that was changed to fit ASCII, with its file, row and field."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from outputs.written.control_totals import Survey
from outputs.written.sent_records import text_as_sent
from outputs.written.spec_format import ByteTable
from outputs.written.written_form import WrittenForm
from specs.specification import Specification

HEADINGS = ("file", "row", "field", "before", "after")
_LINE_END = "\r\n"


def changed_columns(survey: Survey, specification: Specification) -> dict[str, str]:
    """The columns in which a value is changed to fit ASCII, in order, with their published names."""
    changed = {totals.field for totals in survey.totals.fields if totals.transliterated}
    return {field.column: field.name for field in specification.fields if field.name in changed}


def transliterations_heading() -> bytes:
    """The first line of the list."""
    line = io.StringIO()
    csv.writer(line, lineterminator=_LINE_END).writerow(HEADINGS)
    return line.getvalue().encode()


def transliterations(
    batches: Iterable[pa.RecordBatch],
    columns: Mapping[str, str],
    *,
    file: str,
    form: WrittenForm,
    bytes_used: Mapping[str, ByteTable] | None = None,
) -> Iterator[bytes]:
    """The changed values of one file as lines of CSV (UTF-8), by row and then in the order of its fields.

    `before` is the value without line breaks and control characters, which are counted elsewhere.

    Args:
        batches: all records of the file, in order; no more than `columns` is needed of them.
        columns: from `changed_columns`.
        file: path of the file in the package.
        form: what it looks like: with headings its first record is row 2, else row 1.
        bytes_used: the bytes that occur in each column, where they are known already.
    """
    row = 1 + form.headings
    for batch in batches:
        found = []
        for column, name in columns.items():
            sent = text_as_sent(batch.column(column), form, (bytes_used or {}).get(column))
            if sent.changed is None:
                continue
            places = np.flatnonzero(sent.changed.to_numpy(zero_copy_only=False))
            if len(places):
                before, after = sent.before.take(places), sent.text.take(places)
                found.append(_listed(file, name, row + places, before, after))
        if found:
            table = pa.concat_tables(found)
            yield _lines(table.take(np.argsort(table.column("row").to_numpy(), kind="stable")))
        row += batch.num_rows


def _listed(file: str, name: str, rows: npt.NDArray[np.int64], before: pa.Array, after: pa.Array) -> pa.Table:
    columns = [pa.repeat(file, len(rows)), pa.array(rows), pa.repeat(name, len(rows)), before, after]
    return pa.table(columns, names=[*HEADINGS])


def _lines(table: pa.Table) -> bytes:
    lines = pa.BufferOutputStream()
    pacsv.write_csv(table, lines, pacsv.WriteOptions(include_header=False, eol=_LINE_END))
    written: bytes = lines.getvalue().to_pybytes()
    return written
