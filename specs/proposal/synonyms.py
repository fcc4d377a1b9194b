"""What source systems call the columns of the specifications: read from synonyms.yaml beside this file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from specs.errors import SpecificationInvalid
from specs.plain_yaml import NotPlain, read_plain_yaml
from specs.specification import Column, first_problem

Words = Annotated[str, StringConstraints(min_length=1)]

SYNONYMS_FILE = Path(__file__).with_name("synonyms.yaml")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HeadingGroup(_Entry):
    """Headings of one origin, and how we know of them."""

    evidence: Literal["inferred", "recalled"]
    systems: tuple[Words, ...] = ()
    """Whose exports are said to have them."""
    seen_in: tuple[Words, ...] = ()
    """Whose published files have them."""
    names: tuple[Words, ...] = ()
    """They say exactly this."""
    perhaps: tuple[Words, ...] = ()
    """They may mean this; the values have to tell."""

    @model_validator(mode="after")
    def _says_where_from(self) -> HeadingGroup:
        if self.evidence == "inferred" and not self.seen_in:
            raise ValueError("what is inferred names the files under seen_in")
        if not self.names and not self.perhaps:
            raise ValueError("needs names or perhaps")
        return self


class KnownColumn(_Entry):
    """One column: what stands under it, and what it is called."""

    values: str | None = None
    """The kind of its values (`specs.proposal.from_values.KINDS`); None where they tell nothing."""
    often_blank: bool = False
    """Whether a column with nothing below it is placed all the same."""
    doubts: dict[str, Words] = {}
    """By a word that a heading may have, in lower case: what a person has to look at then."""
    headings: tuple[HeadingGroup, ...] = ()

    def called(self) -> Iterator[tuple[str, bool]]:
        """Each heading, and whether it says exactly this."""
        for group in self.headings:
            yield from ((name, True) for name in group.names)
            yield from ((name, False) for name in group.perhaps)


class JoinedColumn(_Entry):
    """A column made of several: for each part the headings that say exactly this."""

    separator: Annotated[str, Field(alias="with")] = " "
    parts: Annotated[tuple[tuple[Words, ...], ...], Field(min_length=2)]


class DatasetColumns(_Entry):
    """What is called differently in one data set."""

    columns: dict[Column, KnownColumn] = {}


class Synonyms(_Entry):
    """The whole of synonyms.yaml."""

    abbreviations: dict[str, Words] = {}
    """Short words and what they stand for, all in lower case."""
    columns: dict[Column, KnownColumn]
    """By the `column` of a specification's field."""
    others: dict[Column, KnownColumn] = {}
    """What source systems hold and no specification asks for."""
    stand_ins: dict[Column, Column] = {}
    """By a column that is asked for: the one that takes its place where the system holds none."""
    joins: dict[Column, JoinedColumn] = {}
    datasets: dict[str, DatasetColumns] = {}

    @model_validator(mode="after")
    def _consistent(self) -> Synonyms:
        if both := self.columns.keys() & self.others.keys():
            raise ValueError(f"under columns and under others: {', '.join(sorted(both))}")
        stand_ins = {*self.stand_ins, *self.stand_ins.values()}
        for place, named in (("stand_ins", stand_ins), ("joins", self.joins)):
            if unknown := set(named) - self.columns.keys():
                raise ValueError(f"{place} names what is not under columns: {', '.join(sorted(unknown))}")
        return self

    def of_dataset(self, dataset: str) -> dict[str, KnownColumn]:
        """The known columns, with what is called differently in one data set in front."""
        special = self.datasets[dataset].columns if dataset in self.datasets else {}
        merged = dict(self.columns)
        for column, extra in special.items():
            common = self.columns.get(column, KnownColumn())
            merged[column] = KnownColumn(
                values=extra.values or common.values,
                often_blank=extra.often_blank or common.often_blank,
                doubts={**common.doubts, **extra.doubts},
                headings=(*extra.headings, *common.headings),
            )
        return merged


@cache
def synonyms() -> Synonyms:
    """What is known of headings, from synonyms.yaml."""
    return read_synonyms(SYNONYMS_FILE)


def read_synonyms(path: Path) -> Synonyms:
    """What is known of headings, from a YAML file.

    Raises:
        SpecificationInvalid: not YAML; an unknown, missing or empty key. The message names file and key.
    """
    try:
        content, _lines = read_plain_yaml(path.read_bytes())
        return Synonyms.model_validate(content)
    except NotPlain as fault:
        raise SpecificationInvalid(f"{path.name}: {fault}") from fault
    except ValidationError as fault:
        raise SpecificationInvalid(f"{path.name}: {first_problem(fault)}") from fault
