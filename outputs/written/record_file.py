"""One file of records in the form that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from outputs.written.control_totals import Survey
from outputs.written.delimited import chosen_delimiter, delimited_lines, heading_line, size_at_most
from outputs.written.fixed_width import file_size, fixed_heading, fixed_lines, in_pieces, written_layout
from outputs.written.sent_records import records_as_sent
from outputs.written.written_form import DELIMITERS, Place, WrittenForm
from specs.formats.fixed_layout import FixedLayout, LayoutFile
from specs.read import ExtractFormat
from specs.specification import Specification


@dataclass(frozen=True, slots=True)
class RecordFile:
    """How the records of one file are written. Made by `planned`."""

    specification: Specification
    survey: Survey
    form: WrittenForm
    delimiter: str | None
    """None in fixed width."""
    layout: FixedLayout | None
    """None where there is a delimiter."""

    @property
    def extension(self) -> str:
        """Of the file's name."""
        return "csv" if self.layout is None else "txt"

    @property
    def places(self) -> tuple[Place, ...] | None:
        """Where each field stands in fixed width."""
        if self.layout is None:
            return None
        return tuple(Place(field=c.heading, start=c.start, width=c.width) for c in self.layout.columns)

    @property
    def size_at_most(self) -> int:
        """Bytes that the file cannot exceed."""
        if self.layout is None:
            return size_at_most(self.survey, self.specification)
        return file_size(self.layout, self.survey.totals.records)

    def content(self, batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
        """The file, piece by piece, from typed records."""
        if self.form.headings:
            yield self._heading()
        for batch in batches:
            sent = self._as_sent(batch)
            for piece in (sent,) if self.layout is None else in_pieces(sent, self.layout):
                yield self._lines(piece)

    def _as_sent(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return records_as_sent(batch, self.specification, self.form, self.survey.bytes_used)

    def _heading(self) -> bytes:
        if self.layout is not None:
            return fixed_heading(self.layout)
        return heading_line(self.specification, self.delimiter or ",", self.form)

    def _lines(self, sent: pa.RecordBatch) -> bytes:
        sign = self.form.negative_sign
        if self.layout is not None:
            return fixed_lines(sent, self.specification, self.layout, negative_sign=sign)
        return delimited_lines(sent, self.specification, delimiter=self.delimiter or ",", negative_sign=sign)


def planned(
    specification: Specification, survey: Survey, form: WrittenForm, layout: LayoutFile | None = None
) -> RecordFile:
    """How records that have been counted are written.

    Raises:
        LayoutUnfit: fixed width, and the layout has no place for a field or a value.
    """
    if form.fixed_width:
        return RecordFile(
            specification, survey, form, None, written_layout(specification, survey, layout, form)
        )
    return RecordFile(specification, survey, form, chosen_delimiter(survey, specification, form), None)


def format_in_words(delimiter: str | None, form: WrittenForm) -> ExtractFormat:
    """How a file of a submission is written, as check records say it."""
    layout = "fixed width" if delimiter is None else f"{DELIMITERS[delimiter]}-separated"
    return ExtractFormat(layout, encoding="ASCII" if form.ascii_only else "UTF-8")
