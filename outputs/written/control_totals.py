"""Control totals of one data set: what a finance team compares with its ledger before it submits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from outputs.sparse import Sparse
from outputs.written.lengths import NO_LENGTHS, LengthTable, added, amount_lengths, date_lengths, length_table
from outputs.written.sent_records import AS_THEY_STAND, text_as_sent
from outputs.written.spec_format import ByteTable, bytes_in_use
from outputs.written.written_form import WrittenForm
from specs.specification import FieldFormat


class CountedField(NamedTuple):
    """A column of typed records, its published name and its format."""

    column: str
    name: str
    format: FieldFormat


class FieldTotals(Sparse):
    """One field's totals: `total`, `smallest`, `largest` in pence or hundredths of an hour.

    They and the dates are absent where every value is blank: nothing adds up to nothing, not to zero.
    """

    field: str
    blanks: int
    total: int | None = None
    smallest: int | None = None
    largest: int | None = None
    negatives: int | None = None
    zeros: int | None = None
    """Amounts that are nought: they are filled, and add nothing to the total."""
    earliest: date | None = None
    latest: date | None = None
    not_ascii: int | None = None
    """Values with a character outside ASCII, such as a letter with an accent, as they are written."""
    transliterated: int | None = None
    """Values that were changed to fit ASCII; absent where the files are not confined to it."""
    replaced: int | None = None
    """Values in which a line break or control character became a space."""


class ControlTotals(Sparse):
    """The record count and each field's totals, in the specification's order."""

    records: int
    fields: tuple[FieldTotals, ...]

    @property
    def negatives(self) -> int:
        """How many amounts are below zero."""
        return sum(totals.negatives or 0 for totals in self.fields)

    @property
    def not_ascii(self) -> int:
        """How many values hold a character outside ASCII."""
        return sum(totals.not_ascii or 0 for totals in self.fields)

    @property
    def transliterated(self) -> int:
        """How many values were changed to fit ASCII."""
        return sum(totals.transliterated or 0 for totals in self.fields)

    @property
    def replaced(self) -> int:
        """How many values lost a line break or control character."""
        return sum(totals.replaced or 0 for totals in self.fields)


@dataclass(frozen=True, slots=True)
class Survey:
    """All that has to be known about a data set before its first line is written."""

    totals: ControlTotals
    bytes_used: Mapping[str, ByteTable]
    """Which bytes occur in each text column of the records, by column name."""
    bytes_written: Mapping[str, ByteTable]
    """The same of the text as it is written."""
    text_bytes: int
    """Of all text as it is written."""
    lengths: Mapping[str, LengthTable]
    """For each column, how many values have which length as they are written; empty unless fixed width."""

    def holds(self, characters: str) -> bool:
        """True where any of these ASCII characters occurs in any text, as it is written."""
        wanted = list(characters.encode("ascii"))
        return any(bool(used[wanted].any()) for used in self.bytes_written.values())


class _Running(Protocol):
    """The totals of one field so far."""

    lengths: LengthTable

    def add(self, values: pa.Array) -> None: ...

    def result(self) -> FieldTotals: ...


@dataclass(slots=True)
class _Amounts:
    name: str
    form: WrittenForm
    blanks: int = 0
    total: int = 0
    negatives: int = 0
    zeros: int = 0
    smallest: int | None = None
    largest: int | None = None
    lengths: LengthTable = field(default_factory=lambda: NO_LENGTHS)

    def add(self, values: pa.Array) -> None:
        self.blanks += values.null_count
        ends = pc.min_max(values).as_py()
        if ends["min"] is None:
            return
        # As decimals: a sum of 64-bit whole numbers would wrap round without a word.
        self.total += int(pc.sum(values.cast(pa.decimal128(38, 0))).as_py())
        self.negatives += pc.sum(pc.less(values, 0)).as_py()
        self.zeros += pc.sum(pc.equal(values, 0)).as_py()
        self.smallest = ends["min"] if self.smallest is None else min(self.smallest, ends["min"])
        self.largest = ends["max"] if self.largest is None else max(self.largest, ends["max"])
        if self.form.fixed_width:
            self.lengths = added(self.lengths, amount_lengths(values))

    def result(self) -> FieldTotals:
        return FieldTotals(
            field=self.name,
            blanks=self.blanks,
            total=None if self.smallest is None else self.total,
            smallest=self.smallest,
            largest=self.largest,
            negatives=self.negatives,
            zeros=self.zeros,
        )


@dataclass(slots=True)
class _Dates:
    name: str
    form: WrittenForm
    blanks: int = 0
    earliest: date | None = None
    latest: date | None = None
    lengths: LengthTable = field(default_factory=lambda: NO_LENGTHS)

    def add(self, values: pa.Array) -> None:
        self.blanks += values.null_count
        ends = pc.min_max(values).as_py()
        if ends["min"] is None:
            return
        self.earliest = ends["min"] if self.earliest is None else min(self.earliest, ends["min"])
        self.latest = ends["max"] if self.latest is None else max(self.latest, ends["max"])
        if self.form.fixed_width:
            self.lengths = added(self.lengths, date_lengths(values))

    def result(self) -> FieldTotals:
        return FieldTotals(field=self.name, blanks=self.blanks, earliest=self.earliest, latest=self.latest)


@dataclass(slots=True)
class _Texts:
    name: str
    form: WrittenForm
    blanks: int = 0
    not_ascii: int = 0
    transliterated: int = 0
    replaced: int = 0
    text_bytes: int = 0
    used: ByteTable = field(default_factory=lambda: np.zeros(256, dtype=np.bool_))
    written: ByteTable = field(default_factory=lambda: np.zeros(256, dtype=np.bool_))
    lengths: LengthTable = field(default_factory=lambda: NO_LENGTHS)

    def add(self, values: pa.Array) -> None:
        used = bytes_in_use(values)
        sent = text_as_sent(values, self.form, used)
        written = used if sent.changed is None else bytes_in_use(sent.text)
        self.used |= used
        self.written |= written
        self.blanks += sent.text.null_count
        self.replaced += sent.replaced
        self.transliterated += sent.transliterated
        lengths = pc.binary_length(sent.text)
        self.text_bytes += pc.sum(lengths).as_py() or 0
        if self.form.fixed_width:  # ASCII, so a byte is a character
            self.lengths = added(self.lengths, length_table(lengths))
        if written[0x80:].any():
            self.not_ascii += pc.sum(pc.invert(pc.string_is_ascii(sent.text))).as_py() or 0

    def result(self) -> FieldTotals:
        return FieldTotals(
            field=self.name,
            blanks=self.blanks,
            not_ascii=self.not_ascii,
            transliterated=self.transliterated if self.form.ascii_only else None,
            replaced=self.replaced,
        )


_COUNTERS: dict[FieldFormat, type[_Amounts] | type[_Dates] | type[_Texts]] = {
    FieldFormat.CHARACTER: _Texts,
    FieldFormat.NUMBER: _Texts,
    FieldFormat.DATE: _Dates,
    FieldFormat.MONEY: _Amounts,
    FieldFormat.HOURS: _Amounts,
}


def survey(
    batches: Iterable[pa.RecordBatch], fields: Iterable[CountedField], form: WrittenForm = AS_THEY_STAND
) -> Survey:
    """Go through typed records once and count them as they will be written. Memory is that of one batch.

    Raises:
        OverflowError, ValueError: a date outside the years 1 to 9999, which ddmmyyyy cannot write.
    """
    running: dict[str, _Running] = {one.column: _COUNTERS[one.format](one.name, form) for one in fields}
    records = 0
    for batch in batches:
        records += batch.num_rows
        for column, totals in running.items():
            totals.add(batch.column(column))
    texts = {column: one for column, one in running.items() if isinstance(one, _Texts)}
    return Survey(
        totals=ControlTotals(records=records, fields=tuple(one.result() for one in running.values())),
        bytes_used={column: one.used for column, one in texts.items()},
        bytes_written={column: one.written for column, one in texts.items()},
        text_bytes=sum(one.text_bytes for one in texts.values()),
        lengths={column: one.lengths for column, one in running.items()} if form.fixed_width else {},
    )
