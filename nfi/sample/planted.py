"""What is planted in a sample and how often, read from planted.yaml; and the key of answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from nfi.sample.draw import IntArray
from specs.own_yaml import read_own_yaml

PLANTED = Path(__file__).with_name("planted.yaml")
ANSWER_HEADINGS = ("group", "kind", "name", "dataset", "row", "report", "note")
FIRST_ROW = 2
"""Headings are row 1."""


class Kind(StrEnum):
    """What a planted group is meant to be."""

    INCONSISTENCY = "inconsistency"
    INNOCENT = "innocent"
    FAULT = "fault"


class PlantedKind(BaseModel):
    """One entry of planted.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: Kind
    report: str
    note: str
    at_least: int
    one_per: dict[Literal["employees", "creditors", "payments"], int]
    also: str | None = None
    """The kind of which the creditors involved are a group of their own."""
    dataset: str | None = None
    becomes: tuple[dict[str, str], ...] = ()

    def groups(self, sizes: dict[str, int]) -> int:
        """How many groups a sample of these sizes holds."""
        return max(self.at_least, min(sizes[what] // every for what, every in self.one_per.items()))


@cache
def planted_kinds() -> tuple[PlantedKind, ...]:
    """All that is planted, in the order of planted.yaml."""
    return tuple(PlantedKind.model_validate(entry) for entry in read_own_yaml(PLANTED))


class Involved(NamedTuple):
    """One record of a planted group: its place in its extract, or the number of a planted line."""

    dataset: str
    place: int


@dataclass
class Answers:
    """Which records belong to what was planted."""

    groups: list[tuple[PlantedKind, list[Involved]]] = field(default_factory=list)

    def add(self, kind: PlantedKind, involved: list[Involved]) -> None:
        """Keep one planted group."""
        self.groups.append((kind, involved))

    def table(self, history: str, rows_of_lines: IntArray) -> list[tuple[str, ...]]:
        """One row a record, in the order of ANSWER_HEADINGS; rows as a spreadsheet numbers them.

        Args:
            history: the data set whose records are planted lines.
            rows_of_lines: for each planted line its place in the history, from 0.
        """
        table: list[tuple[str, ...]] = []
        numbers: Counter[str] = Counter()
        for kind, involved in self.groups:
            numbers[kind.name] += 1
            places = sorted(
                (dataset, FIRST_ROW + (int(rows_of_lines[place]) if dataset == history else place))
                for dataset, place in involved
            )
            group = f"{kind.name}-{numbers[kind.name]:04d}"
            table += [
                (group, str(kind.kind), kind.name, dataset, str(row), kind.report, kind.note)
                for dataset, row in places
            ]
        return table
