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
from outputs.spec_format import ByteTable, bytes_in_use, clean_text
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
    earliest: date | None = None
    latest: date | None = None
    not_ascii: int | None = None
    """Values with a character outside ASCII, such as a letter with an accent."""
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
    def replaced(self) -> int:
        """How many values lost a line break or control character."""
        return sum(totals.replaced or 0 for totals in self.fields)


@dataclass(frozen=True, slots=True)
class Survey:
    """All that has to be known about a data set before its first line is written."""

    totals: ControlTotals
    bytes_used: Mapping[str, ByteTable]
    """Which bytes occur in each text column, by column name."""
    text_bytes: int

    def holds(self, characters: str) -> bool:
        """True where any of these ASCII characters occurs in any text."""
        wanted = list(characters.encode("ascii"))
        return any(bool(used[wanted].any()) for used in self.bytes_used.values())


class _Running(Protocol):
    """The totals of one field so far."""

    def add(self, values: pa.Array) -> None: ...

    def result(self) -> FieldTotals: ...


@dataclass(slots=True)
class _Amounts:
    name: str
    blanks: int = 0
    total: int = 0
    negatives: int = 0
    smallest: int | None = None
    largest: int | None = None

    def add(self, values: pa.Array) -> None:
        self.blanks += values.null_count
        ends = pc.min_max(values).as_py()
        if ends["min"] is None:
            return
        # As decimals: a sum of 64-bit whole numbers would wrap round without a word.
        self.total += int(pc.sum(values.cast(pa.decimal128(38, 0))).as_py())
        self.negatives += pc.sum(pc.less(values, 0)).as_py()
        self.smallest = ends["min"] if self.smallest is None else min(self.smallest, ends["min"])
        self.largest = ends["max"] if self.largest is None else max(self.largest, ends["max"])

    def result(self) -> FieldTotals:
        return FieldTotals(
            field=self.name,
            blanks=self.blanks,
            total=None if self.smallest is None else self.total,
            smallest=self.smallest,
            largest=self.largest,
            negatives=self.negatives,
        )


@dataclass(slots=True)
class _Dates:
    name: str
    blanks: int = 0
    earliest: date | None = None
    latest: date | None = None

    def add(self, values: pa.Array) -> None:
        self.blanks += values.null_count
        ends = pc.min_max(values).as_py()
        if ends["min"] is None:
            return
        self.earliest = ends["min"] if self.earliest is None else min(self.earliest, ends["min"])
        self.latest = ends["max"] if self.latest is None else max(self.latest, ends["max"])

    def result(self) -> FieldTotals:
        return FieldTotals(field=self.name, blanks=self.blanks, earliest=self.earliest, latest=self.latest)


@dataclass(slots=True)
class _Texts:
    name: str
    blanks: int = 0
    not_ascii: int = 0
    replaced: int = 0
    text_bytes: int = 0
    used: ByteTable = field(default_factory=lambda: np.zeros(256, dtype=np.bool_))

    def add(self, values: pa.Array) -> None:
        used = bytes_in_use(values)
        clean = clean_text(values, used)
        self.used |= used
        self.blanks += clean.text.null_count
        self.replaced += clean.replaced
        self.text_bytes += pc.sum(pc.binary_length(clean.text)).as_py() or 0
        if used[0x80:].any():
            self.not_ascii += pc.sum(pc.invert(pc.string_is_ascii(clean.text))).as_py() or 0

    def result(self) -> FieldTotals:
        return FieldTotals(
            field=self.name, blanks=self.blanks, not_ascii=self.not_ascii, replaced=self.replaced
        )


_COUNTERS: dict[FieldFormat, type[_Amounts] | type[_Dates] | type[_Texts]] = {
    FieldFormat.CHARACTER: _Texts,
    FieldFormat.NUMBER: _Texts,
    FieldFormat.DATE: _Dates,
    FieldFormat.MONEY: _Amounts,
    FieldFormat.HOURS: _Amounts,
}


def survey(batches: Iterable[pa.RecordBatch], fields: Iterable[CountedField]) -> Survey:
    """Go through typed records once and count. Memory stays that of one batch.

    Raises:
        OverflowError, ValueError: a date outside the years 1 to 9999, which ddmmyyyy cannot write.
    """
    running: dict[str, _Running] = {one.column: _COUNTERS[one.format](one.name) for one in fields}
    records = 0
    for batch in batches:
        records += batch.num_rows
        for column, totals in running.items():
            totals.add(batch.column(column))
    texts = {column: one for column, one in running.items() if isinstance(one, _Texts)}
    return Survey(
        totals=ControlTotals(records=records, fields=tuple(one.result() for one in running.values())),
        bytes_used={column: one.used for column, one in texts.items()},
        text_bytes=sum(one.text_bytes for one in texts.values()),
    )
