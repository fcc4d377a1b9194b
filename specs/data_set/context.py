"""What the checks of a whole data set go by, and what they come back with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from specs.check_record import CheckRecord, FieldProfile, NotChecked
from specs.data_set.code import Code
from specs.data_set.control_totals import ControlTotals
from specs.engine import Engine, Stored
from specs.finding import FINDINGS, WholeFinding
from specs.schema import capped
from specs.specification import AcrossRule, Key, Reference, Severity, Specification, SpecifiedField


class Trailer(NamedTuple):
    """How many records the last line of a file says there are, and how many were read."""

    file: str
    claimed: int
    read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AcrossContext:
    """One extract whose records have been checked by themselves, and what else is known of it."""

    specification: Specification
    columns: frozenset[str]
    """Those that the extract has."""
    records: Stored
    """Typed records."""
    rows: int
    """How many records there are."""
    profile: tuple[FieldProfile, ...]
    """Of every column that the extract has."""
    engine: Engine
    today: date
    others: Mapping[str, Path] = field(default_factory=dict)
    """Checked records of other data sets, by data set."""
    employers: Mapping[str, int] | None = None
    """In how many records each employer stands, by name; None where the mapping names no such heading."""
    lookups: Mapping[str, frozenset[str]] | None = None
    """The codes of each column's look-up table, by column; None where no table was given."""
    trailers: tuple[Trailer, ...] = ()
    """What the last lines of files say, where they say how many records there are."""
    expected: ControlTotals | None = None
    previous: CheckRecord | None = None
    """Of the previous exercise's extract."""
    few_values: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """In how many records each value stands, by column, of columns of text with few different values.

    A column that is not there has too many, or nobody has counted them."""
    place_in_words: Callable[[int], str] = str
    """How a row of the data set is named after 'on row': '57' or, of several files, '57 of june.csv'."""

    def profiles(self) -> dict[str, FieldProfile]:
        """The profile of each column, by column name, in the specification's order."""
        by_name = {each.field: each for each in self.profile}
        return {
            column: by_name[each.name]
            for column, each in self.specification.by_column.items()
            if column in self.columns and each.name in by_name
        }

    def absent(self, *columns: str) -> str:
        """Why something that needs these columns cannot be checked; empty where the extract has them."""
        names = [self.specification.by_column[name].name for name in columns if name not in self.columns]
        return f"the extract has no column for {' and '.join(names)}" if names else ""

    def fields(self, columns: Iterable[str]) -> list[SpecifiedField]:
        """Those of these columns that the extract has, as fields, in the order given."""
        return [self.specification.by_column[name] for name in columns if name in self.columns]


@dataclass(frozen=True, slots=True)
class AcrossFindings:
    """What was found in a data set as a whole."""

    rows: pa.Table = field(default_factory=FINDINGS.empty_table)
    """Findings with a row: columns FINDINGS, ordered by row, then code."""
    whole: tuple[WholeFinding, ...] = ()
    """Findings of the whole file, in the order of the checks."""
    not_checked: tuple[NotChecked, ...] = ()
    """What could not be looked for, and why."""


def severity_of(rule: AcrossRule | Key | Reference, *fields: SpecifiedField) -> Severity:
    """How much a rule's finding matters: no more than a warning where rule or field rest on weak evidence."""
    severity = capped(rule.severity, rule.evidence)
    for each in fields:
        severity = capped(severity, each.evidence)
    return severity


def not_checked(code: Code, reason: str) -> NotChecked:
    """A check that could not be made."""
    return NotChecked(code=str(code), reason=reason)


def row_findings(code: Code, severity: Severity, field: str, rows: pa.Table, detail: pa.Array) -> pa.Table:
    """Findings on one field from rows of source_row and value."""
    return pa.table(
        [
            pa.repeat(str(code), rows.num_rows),
            pa.repeat(str(severity), rows.num_rows),
            rows.column("source_row"),
            pa.repeat(field, rows.num_rows),
            rows.column("value").cast(pa.string()),
            detail,
        ],
        schema=FINDINGS,
    )
