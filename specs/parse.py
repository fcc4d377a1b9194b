"""From text exactly as in the file to typed columns: one decision for the extract, then batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from specs.amounts import (
    HoursFormat,
    MoneyFormat,
    count_in_decimals,
    count_in_pounds,
    read_hours,
    read_money,
)
from specs.dates import DEFAULT_DATE_FORMATS, DateFormat, read_dates
from specs.specification import FieldFormat, Specification, SpecifiedField
from specs.text_bytes import TextBytes

SOURCE_ROW = "source_row"
"""Column of the row number that a person sees when the extract is opened: headings are row 1."""

_TYPES = {
    FieldFormat.CHARACTER: pa.string(),
    FieldFormat.NUMBER: pa.string(),
    FieldFormat.DATE: pa.date32(),
    FieldFormat.MONEY: pa.int64(),
    FieldFormat.HOURS: pa.int64(),
}
_LOOKED_AT = 2_048  # values, to tell whether a column repeats itself
_ONE_IN = 20  # values of a column that show a format: fewer are slips
_YEARS_AHEAD = 10  # due dates and contracts lie a few years ahead; nobody in an extract is 91 or older


@dataclass(frozen=True, slots=True)
class Reading:
    """How the values of one extract are read; the same for all its rows.

    `latest_short_year` is the last of the hundred years that a year of two digits can mean.
    """

    dates: tuple[DateFormat, ...]
    money: MoneyFormat
    hours: HoursFormat
    latest_short_year: int


@dataclass(frozen=True, slots=True)
class Assumption:
    """What was decided about one column from its values, since nobody had said."""

    code: str
    field: SpecifiedField
    detail: str


@dataclass(frozen=True)
class ParsedColumn:
    """One column of some records, as text without surrounding blanks and as typed values.

    Where values repeat, each stands here once: a million payments hold a few thousand dates, and reading and
    checking them once is enough. Text is null where it is blank, a value where its text is blank or
    cannot be read.
    """

    text: pa.Array
    value: pa.Array
    places: pa.Array | None
    """For each record the place of its value; None: every record has a value of its own."""

    as_found: pa.Array | None = None
    """The text of each record where it stands so in the file already: no blanks were taken off."""

    def of_each_record(self, array: pa.Array) -> pa.Array:
        """An array that goes with `text` or `value`, with one entry for each record."""
        if self.places is None:
            return array
        if array is self.text and self.as_found is not None:
            return self.as_found
        return array.take(self.places)

    @cached_property
    def value_of_each_record(self) -> pa.Array:
        """The typed values, one for each record."""
        return self.of_each_record(self.value)

    @cached_property
    def filled(self) -> int:
        """How many records have text."""
        blank = self.of_each_record(pc.is_null(self.text)) if self.text.null_count else None
        rows = len(self.text) if self.places is None else len(self.places)
        return rows if blank is None else rows - int(pc.sum(blank).as_py() or 0)


@dataclass(frozen=True, slots=True)
class ParsedBatch:
    """Some records: their rows, and each column that the extract has, by column name."""

    rows: pa.Array
    columns: dict[str, ParsedColumn]


def record_schema(specification: Specification) -> pa.Schema:
    """The columns of checked records: `source_row`, then every field of the specification, typed."""
    fields = [pa.field(field.column, _TYPES[field.format]) for field in specification.fields]
    return pa.schema([pa.field(SOURCE_ROW, pa.int64(), nullable=False), *fields])


def decide_reading(
    specification: Specification,
    sample: pa.RecordBatch,
    *,
    dates: Sequence[DateFormat] = (),
    money: MoneyFormat | None = None,
) -> tuple[Reading, tuple[Assumption, ...]]:
    """How to read an extract, and what had to be assumed for it.

    Sums of money are pounds if a money column of the sample shows it (a decimal point or pound sign in
    one sum of twenty at least: a stray one is a slip in a column of pence); the other money columns
    follow, since no ledger writes its totals in pounds and their VAT in pence. Hours likewise.
    A short year means a date up to ten years after the exercise begins, so 1937 to 2036 in 2026-27.

    Args:
        specification: what the columns are.
        sample: the first records of the extract, as mapped.
        dates: the formats that the mapping names; none: the usual ones.
        money: what the mapping says; None: decide from the sample.
    """
    money_columns = _filled_columns(specification, sample, FieldFormat.MONEY)
    in_pounds = {field: Showing.of(count_in_pounds(text), text) for field, text in money_columns.items()}
    hours_columns = _filled_columns(specification, sample, FieldFormat.HOURS)
    in_decimals = {field: Showing.of(count_in_decimals(text), text) for field, text in hours_columns.items()}
    hours = (
        HoursFormat.DECIMAL if any(each.tells for each in in_decimals.values()) else HoursFormat.HUNDREDTHS
    )
    assumptions = _hours_assumptions(in_decimals, sample.num_rows)
    if money is None:
        money = MoneyFormat.POUNDS if any(each.tells for each in in_pounds.values()) else MoneyFormat.PENCE
        assumptions += _money_assumptions(in_pounds, sample.num_rows)
    return (
        Reading(
            dates=tuple(dates) or DEFAULT_DATE_FORMATS,
            money=money,
            hours=hours,
            latest_short_year=int(specification.exercise[:4]) + _YEARS_AHEAD,
        ),
        assumptions,
    )


def parse(batch: pa.RecordBatch, specification: Specification, reading: Reading) -> ParsedBatch:
    """The typed values of a mapped batch: `source_row`, then text columns named as in the specification."""
    return ParsedBatch(
        batch.column(SOURCE_ROW),
        {
            name: _parsed(batch.column(name), specification.by_column[name].format, reading)
            for name in batch.schema.names
            if name != SOURCE_ROW
        },
    )


def _parsed(column: pa.Array, format_: FieldFormat, reading: Reading) -> ParsedColumn:
    if not _repeats(column):
        text = without_blanks(column)
        return ParsedColumn(text, _read(text, format_, reading), None)
    encoded = column.dictionary_encode(null_encoding="encode")
    distinct = encoded.dictionary
    text = without_blanks(distinct)
    as_found = column if text is distinct else None
    return ParsedColumn(text, _read(text, format_, reading), encoded.indices, as_found)


def repeating(sample: pa.RecordBatch) -> tuple[str, ...]:
    """The columns of text in which values repeat, judged by the first records."""
    return tuple(name for name in sample.schema.names if name != SOURCE_ROW and _repeats(sample.column(name)))


def _repeats(column: pa.Array) -> bool:
    """Whether values repeat so often, judged by the first of them, that it pays to look at each once."""
    head = column.slice(0, _LOOKED_AT)
    return bool(pc.count_distinct(head).as_py() * 2 <= len(head))


def without_blanks(text: pa.Array) -> pa.Array:
    """Text without blanks before and after it (no-break ones too); null where nothing is left."""
    look = TextBytes(text)
    stripped = pc.utf8_trim_whitespace(text) if look.may_have_blanks_around else text
    blank = pc.equal(pc.binary_length(stripped), 0)
    return pc.if_else(blank, None, stripped) if pc.any(blank).as_py() else stripped


def _read(text: pa.Array, format_: FieldFormat, reading: Reading) -> pa.Array:
    if format_ is FieldFormat.DATE:
        return read_dates(text, reading.dates, latest_short_year=reading.latest_short_year)
    if format_ is FieldFormat.MONEY:
        return read_money(text, reading.money)
    if format_ is FieldFormat.HOURS:
        return read_hours(text, reading.hours)
    return text


def _filled_columns(
    specification: Specification, sample: pa.RecordBatch, format_: FieldFormat
) -> dict[SpecifiedField, pa.Array]:
    """The columns of a format that the sample has, with at least one value, without surrounding blanks."""
    columns = {
        field: without_blanks(sample.column(field.column))
        for field in specification.fields
        if field.format is format_ and field.column in sample.schema.names
    }
    return {field: text for field, text in columns.items() if text.null_count < sample.num_rows}


@dataclass(frozen=True, slots=True)
class Showing:
    """How many values of a column show a format, and whether that is enough to read the column by it."""

    count: int
    tells: bool

    @classmethod
    def of(cls, count: int, text: pa.Array) -> Showing:
        """Of so many values among those of a column."""
        return cls(count, count > 0 and count * _ONE_IN >= len(text) - text.null_count)


def _money_assumptions(in_pounds: dict[SpecifiedField, Showing], rows: int) -> tuple[Assumption, ...]:
    telling = [field.name for field, showing in in_pounds.items() if showing.tells]

    def reason(showing: Showing) -> str:
        seen = f"decimal point or pound sign in {{}}{showing.count:,} of the first {rows:,} records"
        if showing.tells:
            return f"pounds: {seen.format('')}"
        if telling:
            return f"pounds, like {', '.join(telling)}"
        if showing.count:
            return f"pence: {seen.format('only ')}"
        return f"pence: no decimal point in the first {rows:,} records"

    return tuple(Assumption("money_format", field, reason(showing)) for field, showing in in_pounds.items())


def _hours_assumptions(in_decimals: dict[SpecifiedField, Showing], rows: int) -> tuple[Assumption, ...]:
    def reason(showing: Showing) -> str:
        if showing.tells:
            return f"hours: decimal point in {showing.count:,} of the first {rows:,} records"
        if any(each.tells for each in in_decimals.values()):
            return "hours, like the other columns of hours"
        if showing.count:
            return f"hundredths: decimal point in only {showing.count:,} of the first {rows:,} records"
        return f"hundredths: no decimal point in the first {rows:,} records"

    return tuple(Assumption("hours_format", field, reason(showing)) for field, showing in in_decimals.items())
