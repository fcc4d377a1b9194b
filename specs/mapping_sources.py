"""Where the values of one field come from: a heading, the first of several, a join, or one value for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class MappingEntry(BaseModel):
    """One entry of a mapping file: no key that is not known, and no change once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Source(MappingEntry):
    """Where the values of one field come from."""

    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """The headings that are needed: of each group, the first that the extract has."""
        return ()

    def values(self, columns: Sequence[pa.Array], rows: int) -> pa.Array:
        """The values, from one column for each group that is wanted."""
        raise NotImplementedError


class FromHeading(_Source):
    """The values under one heading. In YAML just the heading."""

    heading: Text

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, raw: object) -> object:
        return {"heading": raw} if isinstance(raw, str) else raw

    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """The heading."""
        return ((self.heading,),)

    def values(self, columns: Sequence[pa.Array], rows: int) -> pa.Array:
        """The column as it is."""
        return columns[0]


class AnyOf(_Source):
    """The values under the first of several headings that the extract has: headings drift over the months."""

    any_of: Annotated[tuple[Text, ...], Field(min_length=1)]

    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """One of the headings."""
        return (self.any_of,)

    def values(self, columns: Sequence[pa.Array], rows: int) -> pa.Array:
        """The column as it is."""
        return columns[0]


class Join(_Source):
    """The values under several headings, one after the other; blank ones leave no gap."""

    join: Annotated[tuple[Text, ...], Field(min_length=1)]
    separator: Annotated[str, Field(alias="with")] = " "

    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """Each of the headings."""
        return tuple((heading,) for heading in self.join)

    def values(self, columns: Sequence[pa.Array], rows: int) -> pa.Array:
        """The columns, without surrounding blanks, joined."""
        joined, *others = (pc.utf8_trim_whitespace(column) for column in columns)
        for part in others:  # pairwise: told to skip nulls, pyarrow 26 also loses rows of nothing but nulls
            both = pc.binary_join_element_wise(joined, part, self.separator)
            joined = pc.if_else(pc.equal(joined, ""), part, pc.if_else(pc.equal(part, ""), joined, both))
        return joined


class Constant(_Source):
    """The same value for every record."""

    constant: Text

    def values(self, columns: Sequence[pa.Array], rows: int) -> pa.Array:
        """The value, as often as there are records."""
        return pa.repeat(self.constant, rows)


def _kind(raw: object) -> str | None:
    if isinstance(raw, str):
        return "<heading>"
    keys = raw if isinstance(raw, dict) else {}
    return next((f"<{key}>" for key in ("join", "any_of", "constant") if key in keys), None)


Source = Annotated[
    Annotated[FromHeading, Tag("<heading>")]
    | Annotated[AnyOf, Tag("<any_of>")]
    | Annotated[Join, Tag("<join>")]
    | Annotated[Constant, Tag("<constant>")],
    Discriminator(
        _kind,
        custom_error_type="source",
        custom_error_message="expected a heading, or one of join, any_of and constant",
    ),
]
