"""Profiles: how complete, how valid and how varied each column of an extract is.

Columns that repeat themselves are counted while they stream by, since a batch holds each of their values
once. How many different values the others have is asked of the typed records at the end.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from specs.check_record import FieldProfile
from specs.engine import Engine, Held, Stored
from specs.parse import ParsedBatch, ParsedColumn
from specs.quoting import quoted
from specs.specification import FieldFormat, Specification, SpecifiedField
from specs.text_bytes import TextBytes

FEW = 1_000
"""Different values up to which a column's values are counted one by one."""
_LOOKED_AT = 4 * FEW  # values, which mostly show that there are many different ones
EXACT_ROWS = 100_000
"""Records in a file up to which different values are counted exactly; above, they are estimated."""


@dataclass(slots=True)
class _Running:
    """So far. `counts` is None as soon as a column has too many different values to count them."""

    filled: int = 0
    faulty: int = 0
    shortest: int | None = None
    longest: int | None = None
    counts: Counter[str] | None = dataclasses.field(default_factory=Counter)


class RunningProfile:
    """The profile of a data set, batch by batch."""

    def __init__(self, specification: Specification, columns: Collection[str]) -> None:
        """Begin with nothing; `columns` are those that the extract has."""
        self._fields = {field: _Running() for field in specification.fields if field.column in columns}

    def add(self, batch: ParsedBatch, findings: pa.RecordBatch) -> None:
        """Count some records and their findings."""
        faulty = _faulty_values(findings)
        for field, so_far in self._fields.items():
            column = batch.columns[field.column]
            so_far.filled += column.filled
            so_far.faulty += faulty.get(field.name, 0)
            if field.format in {FieldFormat.CHARACTER, FieldFormat.NUMBER}:
                _measure(so_far, column.text)
            if so_far.counts is not None:
                _count(so_far, column)

    def merge(self, other: RunningProfile) -> None:
        """Count what another profile of the same columns has counted of other records."""
        for field, so_far in self._fields.items():
            more = other._fields[field]
            so_far.filled += more.filled
            so_far.faulty += more.faulty
            so_far.shortest = min(_known(so_far.shortest, more.shortest), default=None)
            so_far.longest = max(_known(so_far.longest, more.longest), default=None)
            if so_far.counts is not None:
                so_far.counts = None if more.counts is None else so_far.counts + more.counts
                if so_far.counts is not None and len(so_far.counts) > FEW:
                    so_far.counts = None

    def to_plain(self) -> dict[str, list[Any]]:
        """What was counted, as JSON holds it, by column name."""
        return {
            field.column: [getattr(so_far, each.name) for each in dataclasses.fields(so_far)]
            for field, so_far in self._fields.items()
        }

    @classmethod
    def from_plain(cls, specification: Specification, plain: Mapping[str, list[Any]]) -> Self:
        """What `to_plain` gave, read back."""
        profile = cls(specification, plain)
        for field, so_far in profile._fields.items():
            *numbers, counts = plain[field.column]
            so_far.filled, so_far.faulty, so_far.shortest, so_far.longest = numbers
            so_far.counts = None if counts is None else Counter(counts)
        return profile

    def few_values(self) -> dict[str, dict[str, int]]:
        """In how many records each value stands, by column, of columns of text with few different ones."""
        return {
            field.column: dict(so_far.counts)
            for field, so_far in self._fields.items()
            if field.format is FieldFormat.CHARACTER and so_far.counts is not None
        }

    def profiles(self, rows: int, records: Stored, engine: Engine) -> tuple[FieldProfile, ...]:
        """The profile of every column that the extract has, in the specification's order.

        Args:
            rows: how many records there are.
            records: the typed records.
            engine: what runs SQL.
        """
        # engines differ in their estimates, and those that hold tables are made to count exactly
        is_exact = rows <= EXACT_ROWS or isinstance(records, Held)
        many = [field for field, so_far in self._fields.items() if so_far.counts is None]
        different = _how_many_different(many, records, engine, exactly=is_exact)
        return tuple(
            FieldProfile(
                field=field.name,
                filled=so_far.filled,
                valid=so_far.filled - so_far.faulty,
                distinct=min(different[field.column], so_far.filled)
                if so_far.counts is None
                else len(so_far.counts),
                distinct_is_exact=is_exact or so_far.counts is not None,
                shortest=so_far.shortest,
                longest=so_far.longest,
                commonest_share=max(so_far.counts.values()) / so_far.filled if so_far.counts else None,
            )
            for field, so_far in self._fields.items()
        )


def _known(*numbers: int | None) -> list[int]:
    return [number for number in numbers if number is not None]


def different_values_query(columns: Sequence[str], *, exactly: bool) -> str:
    """The query for how many different values each of these columns has: one row, under their names."""
    function = "count(distinct {0})" if exactly else "approx_count_distinct({0})"
    counts = ",\n    ".join(f"{function.format(quoted(name))} as {quoted(name)}" for name in columns)
    return f"""\
select
    {counts}
from records
"""  # noqa: S608 (identifiers from a checked specification only)


def _how_many_different(
    fields: Sequence[SpecifiedField], records: Stored, engine: Engine, *, exactly: bool
) -> dict[str, int]:
    """How many different values each field has, by column name; no more than it can have."""
    if not fields:
        return {}
    query = different_values_query([field.column for field in fields], exactly=exactly)
    counts: dict[str, int] = engine.sql(query, records=records).to_pylist()[0]
    return counts


def _faulty_values(findings: pa.RecordBatch) -> dict[str, int]:
    """How many values of each field have an error or a warning; one with two faults is one faulty value."""
    if findings.num_rows == 0:
        return {}
    table = pa.Table.from_batches([findings])
    of_values = pc.and_(pc.not_equal(table["severity"], "note"), pc.is_valid(table["value"]))
    values = table.filter(of_values).group_by(["field", "row"], use_threads=False).aggregate([])
    counts = values.group_by("field", use_threads=False).aggregate([("row", "count")])
    return dict(zip(counts["field"].to_pylist(), counts["row_count"].to_pylist(), strict=True))


def _measure(so_far: _Running, text: pa.Array) -> None:
    """Take the lengths of some values into account."""
    look = TextBytes(text)
    lengths = pc.binary_length(text) if look.is_ascii else pc.utf8_length(text)
    least, most = pc.min_max(lengths).as_py().values()
    if least is not None:
        so_far.shortest = least if so_far.shortest is None else min(least, so_far.shortest)
        so_far.longest = most if so_far.longest is None else max(most, so_far.longest)


def _has_few(text: pa.Array) -> bool:
    return len(text) <= FEW or pc.count_distinct(text).as_py() <= FEW


def _count(so_far: _Running, column: ParsedColumn) -> None:
    """Count some values, or give up where there are too many different ones."""
    if so_far.counts is None:
        return
    if _has_few(column.text.slice(0, _LOOKED_AT)) and _has_few(column.text):
        places = np.arange(len(column.text)) if column.places is None else column.places.to_numpy()
        counts = np.bincount(places, minlength=len(column.text))
        for value, count in zip(column.text.to_pylist(), counts, strict=True):
            if value is not None:
                so_far.counts[value] += int(count)
        if len(so_far.counts) <= FEW:
            return
    so_far.counts = None
