"""What the records of each data set bring to a match besides their own columns: what records.yaml says."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from matching.body import Body
from matching.derive import DERIVATIONS
from matching.standard_columns import Lacking, lacking_columns
from specs.engine import Stored, Table, schema_of_table
from specs.own_yaml import read_own_yaml
from specs.specification import Column, FieldFormat, Need, Specification, SpecifiedField

_RECORDS = Path(__file__).parent / "records.yaml"

BODY_NAME = "body_name"
"""Column that says whose a record is, where there are two bodies."""


RECORD_BITS = 40
"""A record's number is the data set's ordinal shifted by this, plus its row in the extract."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class LookUp(_Entry):
    """Columns that another data set holds for the same reference."""

    from_: Annotated[str, Field(alias="from")]
    by: Column
    take: tuple[Column, ...]


Kept = Literal["money", "number", "text", "texts", "date"]
"""How a column that was worked out is held: int64 (pence, or a number), text, a list of texts, or date32."""
ARROW_TYPES: dict[Kept, pa.DataType] = {
    "money": pa.int64(),
    "number": pa.int64(),
    "text": pa.string(),
    "texts": pa.list_(pa.string()),
    "date": pa.date32(),
}
HELD_AS: dict[Kept, str] = {"money": "bigint", "number": "bigint", "text": "varchar", "date": "date"}
_SHOWN_AS: dict[Kept, FieldFormat] = {
    "money": FieldFormat.MONEY,
    "number": FieldFormat.NUMBER,
    "text": FieldFormat.CHARACTER,
    "date": FieldFormat.DATE,
}


class AddUp(_Entry):
    """A sum over the records of another data set that name this one; or their number, least or greatest."""

    name: Column
    title: str
    from_: Annotated[str, Field(alias="from")]
    by: Column
    sum: Column | None = None
    count: Column | None = None
    """How many of them have something in this column."""
    min: Column | None = None
    max: Column | None = None
    format: Literal["money", "number", "text", "date"] = "money"

    @model_validator(mode="after")
    def _of_one_kind(self) -> AddUp:
        if len([name for name in _AGGREGATES if getattr(self, name)]) != 1:
            raise ValueError(f"expected one of {', '.join(_AGGREGATES)}")
        return self

    @property
    def of(self) -> tuple[str, str]:
        """The aggregate, and the column of the other data set that goes in."""
        return next((name, getattr(self, name)) for name in _AGGREGATES if getattr(self, name))


_AGGREGATES = ("sum", "count", "min", "max")


class Derived(_Entry):
    """A column worked out of several others of the same record, by a function of `matching.derive`."""

    title: str | None = None
    """As a case shows it; without one it is only matched on."""
    format: Kept
    by: str
    of: Annotated[tuple[Column, ...], Field(min_length=1)]
    """Columns of the data set, looked up, added up, keys, or derived above."""

    @field_validator("by")
    @classmethod
    def _known_function(cls, name: str) -> str:
        if name not in DERIVATIONS:
            raise ValueError(f"no function called '{name}'; known: {', '.join(DERIVATIONS)}")
        return name

    @model_validator(mode="after")
    def _can_be_shown(self) -> Derived:
        if self.title and self.format not in _SHOWN_AS:
            raise ValueError("format: a list of texts is only matched on: leave its title out")
        return self


class LinesOf(_Entry):
    """How the lines of one whole are known, such as those of an invoice, and what is added up over them."""

    title: str
    """Of the column `lines_of_<name>`, which spells the sum out: '2 lines: £120.00 + £30.00 = £150.00'."""
    same: Annotated[tuple[Column, ...], Field(min_length=1)]
    """Columns that agree as they are written; blank agrees with nothing."""
    same_or_blank: tuple[Column, ...] = ()
    """Columns that agree, or are blank in every line."""
    next_to: dict[Column, int] = {}
    """A column whose digits are numbers in a row: how far a line's may lie from the next line's."""
    sums: Annotated[tuple[Column, ...], Field(min_length=1)]
    """Money columns that are added up; the first is spelt out."""

    @model_validator(mode="after")
    def _one_row_of_numbers(self) -> LinesOf:
        if len(self.next_to) != 1:
            raise ValueError("next_to: expected one column of numbers in a row")
        return self


def lines_column(name: str) -> str:
    """The column that says which lines a whole was added up from."""
    return f"lines_of_{name}"


class Enrichment(_Entry):
    """What the records of one data set bring to the match besides their own columns."""

    look_up: tuple[LookUp, ...] = ()
    add_up: tuple[AddUp, ...] = ()
    keys: dict[Column, dict[str, tuple[Column, ...]]] = {}
    """Key column -> the one standard that makes it, and the columns that go in."""
    keys_do_without: tuple[Column, ...] = ()
    """Of these columns, those that a specification may lack while the key is still worth comparing."""
    derived: dict[Column, Derived] = {}
    as_given: dict[Column, Column] = {}
    """Column of digits -> the date column that it stands for, also of days that there are not."""
    lines_of: dict[Column, LinesOf] = {}
    """Whole -> how its lines are known. Reports may add them up first."""

    def origin(self, column: str) -> tuple[str, ...]:
        """The columns that a person knows behind a column; itself where it is one of them."""
        if column in self.derived and self.derived[column].title:
            return (column,)
        parts = self.made_of(column)
        return tuple(dict.fromkeys(one for part in parts for one in self.origin(part))) or (column,)

    def made_of(self, column: str) -> tuple[str, ...]:
        """The columns that go into a key or a derived column; none into any other."""
        if column in self.keys:
            return next(iter(self.keys[column].values()))
        if column in self.as_given:
            return (self.as_given[column],)
        return self.derived[column].of if column in self.derived else ()

    def made_from(self, columns: Container[str]) -> frozenset[str]:
        """The keys and derived columns that any of `columns` goes into."""
        found: set[str] = set()
        for name in (*self.keys, *self.derived):
            if any(part in columns or part in found for part in self.made_of(name)):
                found.add(name)
        return frozenset(found)

    def needed_for(self, columns: Container[str]) -> tuple[str, ...]:
        """The keys and derived columns among `columns` and those that go into them, in the order to make."""
        made = (*self.keys, *self.derived)
        needed = {name for name in made if name in columns}
        for name in reversed(made):
            if name in needed:
                needed.update(self.made_of(name))
        return tuple(name for name in made if name in needed)


@cache
def enrichments() -> dict[str, Enrichment]:
    """What records.yaml says of each data set, in its order."""
    raw = read_own_yaml(_RECORDS)
    return {dataset: Enrichment.model_validate(entry) for dataset, entry in raw.items()}


Prepared = Mapping[str, Stored]
"""Data set -> its records, ready to be matched."""
Records = Mapping[str, Table]
"""The same, some of them in memory; or with other tables beside them, by name."""


def schema_of(records: Records, dataset: str) -> pa.Schema:
    """The columns of a data set's prepared records."""
    return schema_of_table(records[dataset])


def lacking_in(bodies: Sequence[Body]) -> dict[str, Lacking]:
    """What each data set that was checked lacks, in a body at least, of the columns that a match may name."""
    lacking: dict[str, Lacking] = {}
    for body in bodies:
        for name in enrichments():
            if name in body.records:
                lacking[name] = lacking.get(name, {}) | lacking_columns(name, body.records[name])
    return lacking


def why_lacking(
    dataset: str, column: str, lacking: Mapping[str, Lacking], *, is_blank: bool = False
) -> str | None:
    """In words, why a column of the prepared records says nothing; None where its specification has it.

    Args:
        dataset: whose column.
        column: its own, one that was looked up or added up, or a key.
        lacking: what `lacking_in` gives.
        is_blank: whether no record has it: what is looked up may stand in the data set itself as well.
    """
    entry, reasons = enrichments()[dataset], lacking.get(dataset, {})
    for part in entry.made_of(column):
        if column in entry.keys and part in entry.keys_do_without and part in reasons:
            continue
        if reason := why_lacking(dataset, part, lacking, is_blank=is_blank):
            return reason
    if column in reasons:
        return reasons[column]
    for add_up in entry.add_up:
        if column == add_up.name:
            return _reason(
                (dataset, add_up.by), (add_up.from_, add_up.by), (add_up.from_, add_up.of[1]), of=lacking
            )
    for look_up in entry.look_up:
        if column in look_up.take and is_blank:
            return _reason(
                (dataset, look_up.by), (look_up.from_, look_up.by), (look_up.from_, column), of=lacking
            )
    return None


def _reason(*needed: tuple[str, str], of: Mapping[str, Lacking]) -> str | None:
    reasons = (of.get(dataset, {}).get(column) for dataset, column in needed)
    return next((reason for reason in reasons if reason), None)


def known_fields(specifications: Mapping[str, Specification]) -> dict[str, SpecifiedField]:
    """Every column that a case can show, by name: the specifications' own, then what was worked out."""
    fields = {column: field for each in specifications.values() for column, field in each.by_column.items()}
    fields[BODY_NAME] = _worked_out_field(BODY_NAME, "Body", "text")
    for entry in enrichments().values():
        for add_up in entry.add_up:
            fields[add_up.name] = _worked_out_field(add_up.name, add_up.title, add_up.format)
        for name, derived in entry.derived.items():
            if derived.title:
                fields[name] = _worked_out_field(name, derived.title, derived.format)
        for whole, lines in entry.lines_of.items():
            fields[lines_column(whole)] = _worked_out_field(lines_column(whole), lines.title, "text")
    return fields


def _worked_out_field(column: str, title: str, kept: Kept) -> SpecifiedField:
    return SpecifiedField(
        name=title,
        column=column,
        format=_SHOWN_AS[kept],
        required=Need.NO,
        evidence="inferred",
        source="records.yaml",
    )
