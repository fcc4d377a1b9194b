"""What a proposal says: fields that are placed, fields that are not, and headings that are left over."""

from __future__ import annotations

from dataclasses import dataclass

from specs.amounts import MoneyFormat
from specs.proposal.code_words import CodesTranslated
from specs.specification import Specification, SpecifiedField

SURE = 0.8
"""A placed field less sure than this is listed for a look by eye."""
NOTHING_LIKE_IT = "nothing like it"
"""The reason of a field to which no heading comes near."""


@dataclass(frozen=True, slots=True)
class PlacedField:
    """A field and the headings that it takes."""

    field: SpecifiedField
    headings: tuple[str, ...]
    """One; or several, of which each file has one; or, if `joined`, the parts of a value."""
    confidence: float
    reasons: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    """What a person should look at."""
    joined: bool = False
    separator: str = " "


@dataclass(frozen=True, slots=True)
class UnplacedField:
    """A field that no heading fits well enough."""

    field: SpecifiedField
    reason: str
    nearest: tuple[str, ...] = ()
    """The headings that come nearest, the likest first."""


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A heading that no field takes, and what it seems to be."""

    heading: str
    looks_like: str
    """'' where nothing is known that it looks like."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping as the headings and the values of one or several extracts suggest it."""

    specification: Specification
    files: tuple[str, ...]
    records: int
    """How many records were looked at."""
    placed: tuple[PlacedField, ...]
    """In the order of the specification, as the next two."""
    unplaced: tuple[UnplacedField, ...]
    left_over: tuple[LeftOver, ...]
    """In the order of the file."""
    employer: str | None
    date_format: tuple[str, ...]
    money_format: MoneyFormat | None
    distinct: bool
    notes: tuple[str, ...]
    """What the whole extract gives to look at."""
    signatures: tuple[str, ...]
    translated: tuple[CodesTranslated, ...] = ()
    """Placed fields with a code list whose values are words or other codes; in the specification's order."""

    @property
    def confidence(self) -> float:
        """The mean over the placed fields; nought where none is placed."""
        return sum(each.confidence for each in self.placed) / max(len(self.placed), 1)
