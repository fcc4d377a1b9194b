"""What a cover sheet is made of, as a page and as a workbook: sections of words, facts and tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NamedTuple


class Shown(StrEnum):
    """How the cells of a column look."""

    TEXT = "text"
    NUMBER = "number"
    CODE = "code"
    """A path or a hash: character by character."""
    TICK = "tick"
    """A box to tick, on paper or in the workbook."""
    BLANK = "blank"
    """Room for a hand-written word."""
    DAY = "day"
    """Room for a date."""

    @property
    def to_fill_in(self) -> bool:
        """Whether a person writes here."""
        return self in {Shown.TICK, Shown.BLANK, Shown.DAY}


class Hundredths(NamedTuple):
    """A sum in pence or in hundredths of an hour."""

    amount: int

    def __str__(self) -> str:
        """'-1,234.56'."""
        whole, rest = divmod(abs(self.amount), 100)
        return f"{'-' if self.amount < 0 else ''}{whole:,}.{rest:02}"


Cell = str | int | Hundredths | None
"""None: nothing to say."""


class Column(NamedTuple):
    """One column of a table."""

    heading: str
    shown: Shown = Shown.TEXT


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    shape: ClassVar[str] = "words"
    text: str
    evidence: str | None = None
    """The label of what it says about the National Fraud Initiative."""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What nobody may overlook."""

    shape: ClassVar[str] = "notice"
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and what they say, under a heading if there is one."""

    shape: ClassVar[str] = "facts"
    heading: str | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences of one kind."""

    shape: ClassVar[str] = "lines"
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; the first column says what a row is about."""

    shape: ClassVar[str] = "table"
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """As long as the columns; those to fill in hold None."""


Block = Words | Notice | Facts | Lines | Table


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the sheet."""

    name: str
    """Short: the name of the sheet in a workbook, and of the place on a page."""
    title: str
    blocks: tuple[Block, ...]
    together: str | None = None
    """What the captions of its tables are, where a workbook shows them as one table: 'File'."""

    @property
    def place(self) -> str:
        """Its name as an address: 'look-up-tables'."""
        return self.name.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True)
class CoverSheet:
    """All that a person needs who uploads a package; no records."""

    title: str
    footer: str
    sections: tuple[Section, ...]


def only(*blocks: Block | Iterable[Block] | None) -> tuple[Block, ...]:
    """The blocks that are there, those of an iterable one by one."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Words | Notice | Facts | Lines | Table):
            found.append(block)
        elif block is not None:
            found.extend(block)
    return tuple(found)
