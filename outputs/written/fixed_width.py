"""Fixed width: every field has its own place in the line, given, specified or as wide as the data needs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from outputs.written.control_totals import Survey
from outputs.written.lengths import DATE_WIDTH, longer_than, longest
from outputs.written.spec_format import AMOUNTS, NegativeSign, as_specified, without_empty
from outputs.written.written_form import WrittenForm, require_ascii_headings
from specs.errors import NfiError, SpecificationInvalid
from specs.formats.fixed_layout import FixedColumn, FixedLayout, LayoutFile
from specs.headings import found_in, shown
from specs.specification import FieldFormat, Specification
from specs.specified_layout import specified_layout

LINE_END = b"\r\n"
_SPACE = 0x20
_LAST_PRINTABLE = 0x7E
_BLOCK = 4 << 20
_PIECE = 16 << 20
_LONGEST_LINE = 1 << 20  # what a layout can describe, and nfi reads

Matrix = npt.NDArray[np.uint8]
"""One line in each row, one byte in each column."""


class LayoutUnfit(NfiError):
    """Records cannot be written in a layout: a field has no place in it, or a value more characters."""

    exit_code = 2


def written_layout(
    specification: Specification, survey: Survey, given: LayoutFile | None, form: WrittenForm
) -> FixedLayout:
    """Where each field stands, in the specification's order.

    The layout that a person gives counts; else the specification's own, where it says how wide every field
    is; else each field is as wide as its longest value, and a date 8.

    Args:
        specification: what the fields are.
        survey: the records, counted in this form.
        given: a layout file; it names every field and nothing else. None: as above.
        form: what the files look like.

    Raises:
        LayoutUnfit: the given layout lacks a field or has another column, or a value does not fit, be it in
            any line at all. A value is never cut.
    """
    layout = given or _of_specification(specification) or _of_data(specification, survey)
    columns = _in_order(specification, layout)
    _refuse_cuts(specification, survey, columns, layout.name)
    return FixedLayout(headings=form.headings, columns=columns)


def _of_specification(specification: Specification) -> LayoutFile | None:
    try:
        return specified_layout(specification)
    except SpecificationInvalid:
        return None


def _of_data(specification: Specification, survey: Survey) -> LayoutFile:
    columns, start = [], 1
    for field in specification.fields:
        least = DATE_WIDTH if field.format is FieldFormat.DATE else 1
        width = max(longest(survey.lengths[field.column]), least)
        if start + width > _LONGEST_LINE:
            raise LayoutUnfit(
                f"{specification.dataset}, field '{field.name}': its longest value has {width:,} characters, "
                f"and with it a line more than {_LONGEST_LINE:,}. Correct it, or ask for delimited files."
            )
        columns.append(FixedColumn(heading=field.name, start=start, width=width))
        start += width
    return LayoutFile("as wide as the data", FixedLayout(columns=tuple(columns)))


def _in_order(specification: Specification, given: LayoutFile) -> tuple[FixedColumn, ...]:
    """The columns of a layout by field, under the published names."""
    columns = {column.heading.strip(): column for column in given.layout.columns}
    ordered = []
    for field in specification.fields:
        found = found_in([*columns], field.name)
        if len(found) != 1:
            raise LayoutUnfit(
                f"{given.name}: gives {'no' if not found else 'more than one'} place to the field "
                f"'{field.name}' of {specification.label}. Name each field once, as published."
            )
        ordered.append(columns.pop(found[0]).model_copy(update={"heading": field.name}))
    if columns:
        raise LayoutUnfit(
            f"{given.name}: has a place for '{shown(next(iter(columns)))}', which is no field of "
            f"{specification.label}, and only its fields are sent. Take it out of the layout."
        )
    return tuple(ordered)


def _refuse_cuts(
    specification: Specification, survey: Survey, columns: Sequence[FixedColumn], layout: str
) -> None:
    tables = [survey.lengths[field.column] for field in specification.fields]
    unfit = [
        (column, longer_than(table, column.width), longest(table))
        for column, table in zip(columns, tables, strict=True)
        if longer_than(table, column.width)
    ]
    if unfit:
        column, count, most = unfit[0]
        who = "value has" if count == 1 else "values have"
        others = f" So it is with {len(unfit) - 1} more of its fields." if len(unfit) > 1 else ""
        raise LayoutUnfit(
            f"{specification.dataset}, field '{column.heading}': {count:,} {who} more than the "
            f"{column.width:,} characters of the layout ({layout}); the longest has {most:,}.{others} "
            "Nothing is cut: correct the values, or give a layout file that is wide enough."
        )


def layout_csv(layout: FixedLayout) -> bytes:
    """The layout as a CSV file that `nfi read --layout` takes: heading, start, width."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator=LINE_END.decode())
    lines.writerow(FixedColumn.model_fields)
    lines.writerows((column.heading, column.start, column.width) for column in layout.columns)
    return text.getvalue().encode()


def file_size(layout: FixedLayout, records: int) -> int:
    """Bytes of a file with so many records."""
    return (records + layout.headings) * (layout.width + len(LINE_END))


def fixed_heading(layout: FixedLayout) -> bytes:
    """The row of headings: published names, each cut where its place ends, since they hold no data.

    Raises:
        HeadingNotAscii: a published name is not ASCII.
    """
    require_ascii_headings([column.heading for column in layout.columns])
    line = bytearray(b" " * layout.width)
    for column in layout.columns:
        line[column.start - 1 : column.end] = column.heading[: column.width].ljust(column.width).encode()
    return bytes(line) + LINE_END


def in_pieces(sent: pa.RecordBatch, layout: FixedLayout) -> Iterator[pa.RecordBatch]:
    """Records, no more at a time than make 16 MiB of lines: one long remark makes every line long."""
    rows = max(_PIECE // (layout.width + len(LINE_END)), 1)
    for start in range(0, sent.num_rows, rows):
        yield sent.slice(start, rows)


def fixed_lines(
    sent: pa.RecordBatch, specification: Specification, layout: FixedLayout, *, negative_sign: NegativeSign
) -> bytes:
    """Records out of `records_as_sent` as lines; what is blank, and what belongs to no field, is spaces.

    Text and dates stand at the left of their places, amounts at the right, without zeros in front.

    Raises:
        ValueError: a value does not fit, or is not ASCII; `written_layout` and the form see to both.
    """
    lines = np.full((sent.num_rows, layout.width + len(LINE_END)), _SPACE, dtype=np.uint8)
    lines[:, layout.width :] = np.frombuffer(LINE_END, dtype=np.uint8)
    for field, column in zip(specification.fields, layout.columns, strict=True):
        values = as_specified(sent.column(field.column), field.format, negative_sign).cast(pa.string())
        pad = pc.ascii_lpad if field.format in AMOUNTS else pc.ascii_rpad
        lines[:, column.start - 1 : column.end] = _matrix(
            pad(pc.fill_null(values, ""), column.width), column.width
        )
    return lines.tobytes()


def _matrix(padded: pa.Array, width: int) -> Matrix:
    """The bytes of values that are all equally wide."""
    _, offsets, text = padded.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int32)[padded.offset : padded.offset + len(padded) + 1]
    if (np.diff(bounds) != width).any():
        raise ValueError("a value does not fit its place in the line")
    used = np.frombuffer(text or b"", dtype=np.uint8)[bounds[0] : bounds[-1]]
    if used.size and used.max() > _LAST_PRINTABLE:
        raise ValueError("a value is not ASCII")
    return used.reshape(len(padded), width)


def read_fixed(plain: IO[bytes], layout: FixedLayout, *, block: int = _BLOCK) -> Iterator[pa.RecordBatch]:
    """The records of a written file as text without the spaces around it, blanks as null.

    Every line must be as long as the layout and hold nothing outside its fields. Memory is that of a block.

    Args:
        plain: the file; it is read once, from where it stands, to its end.
        layout: where the fields are; `headings` says whether the first line is one of headings.
        block: bytes to read at a time.

    Raises:
        ValueError: it is not such a file.
    """
    row = layout.width + len(LINE_END)
    expected = fixed_heading(layout) if layout.headings else b""
    if _read(plain, len(expected)) != expected:
        raise ValueError("other headings than the fields have")
    outside = _outside(layout)
    while content := _read(plain, max(block // row, 1) * row):
        if len(content) % row:
            raise ValueError("its lines are not as long as the layout")
        yield _cut(np.frombuffer(content, dtype=np.uint8).reshape(-1, row), layout, outside)


def _outside(layout: FixedLayout) -> npt.NDArray[np.bool_]:
    """Which places of a line belong to no field."""
    outside = np.ones(layout.width, dtype=np.bool_)
    for column in layout.columns:
        outside[column.start - 1 : column.end] = False
    return outside


def _cut(lines: Matrix, layout: FixedLayout, outside: npt.NDArray[np.bool_]) -> pa.RecordBatch:
    body, ends = lines[:, : layout.width], lines[:, layout.width :]
    if (ends != np.frombuffer(LINE_END, dtype=np.uint8)).any():
        raise ValueError("its lines are not as long as the layout")
    if body.min() < _SPACE or body.max() > _LAST_PRINTABLE or (body[:, outside] != _SPACE).any():
        raise ValueError("it holds characters that nfi does not write there")
    arrays = []
    for column in layout.columns:
        bounds = np.arange(len(lines) + 1, dtype=np.int32) * column.width
        text = np.ascontiguousarray(body[:, column.start - 1 : column.end])
        padded = pa.StringArray.from_buffers(len(lines), pa.py_buffer(bounds), pa.py_buffer(text))
        arrays.append(without_empty(pc.ascii_trim(padded, " ")))
    return pa.RecordBatch.from_arrays(arrays, names=[column.heading for column in layout.columns])


def _read(plain: IO[bytes], size: int) -> bytes:
    """So many bytes, or as many as there are: a stream may give less at a time."""
    parts = []
    while size and (part := plain.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
