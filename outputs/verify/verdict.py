"""What verifying a package says: one verdict for each thing that was compared, and all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, computed_field

from outputs.one_line import one_line
from outputs.sparse import Sparse

Line = Annotated[str, AfterValidator(one_line)]
"""Text that is printed; what a package names can hold anything, and somebody may have changed it."""


class State(StrEnum):
    """What came of one comparison."""

    SAME = "same"
    DIFFERS = "differs"
    NOT_REPEATED = "not repeated"
    """Nothing to compare with was at hand; the verdict says what is missing."""


class Area(StrEnum):
    """What part of the package a verdict is about, in the order of the report."""

    ARCHIVE = "archive"
    SIGNATURE = "signature"
    FILES = "files"
    RECORDS = "records"
    SPECIFICATIONS = "specifications"
    TABLES = "mappings and look-up tables"
    CHECKS = "checks"
    ACCEPTED = "accepted errors"
    DESCRIPTIONS = "descriptions and cover sheets"
    REPEATED = "repeated from the extracts"


class Verdict(Sparse):
    """One thing that was compared. Holds no value of a record."""

    area: Area
    subject: Line
    """The file, the data set or the extract that it is about."""
    what: Line
    """What was compared, in plain words."""
    state: State
    where: Line | None = None
    """The first place that differs: row, field, key or byte."""
    detail: Line | None = None
    """How it differs, or why it was not repeated."""

    def in_words(self) -> str:
        """One line: 'payroll.csv, SHA-256: differs at row 3 - another value'."""
        place = f" at {self.where}" if self.where else ""
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.subject}: {self.what}: {self.state}{place}{detail}"


class Verification(Sparse):
    """All verdicts on one package. The same for the same package, key, extracts and nfi, on any day."""

    json_version: Literal[1] = 1
    package: Line
    """Its file name, without folder."""
    body: Line
    exercise: Line
    notices: tuple[Line, ...] = ()
    """What must be said wherever the package is mentioned, such as that a layout is unconfirmed."""
    made_with: Line
    verified_with: Line
    versions: tuple[Line, ...] = ()
    """Where the tools of today are not those that the package was made with, in words."""
    manifest_sha256: str
    with_extracts: bool = False
    """Whether mapping, corrections, check and packaging were repeated from the extracts."""
    verdicts: tuple[Verdict, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def holds(self) -> bool:
        """Whether nothing differs."""
        return not self.of_state(State.DIFFERS)

    def of_state(self, state: State) -> tuple[Verdict, ...]:
        """The verdicts of one state, in their order."""
        return tuple(each for each in self.verdicts if each.state is state)

    def by_area(self) -> Mapping[Area, tuple[Verdict, ...]]:
        """The verdicts of each area that has any, in the order of the report."""
        found = {area: tuple(each for each in self.verdicts if each.area is area) for area in Area}
        return {area: verdicts for area, verdicts in found.items() if verdicts}

    def counts(self) -> Counter[State]:
        """How many verdicts there are of each state."""
        return Counter(each.state for each in self.verdicts)


def same_or_differs(
    area: Area,
    subject: str,
    what: str,
    *,
    same: bool,
    where: str | None = None,
    detail: str | None = None,
) -> Verdict:
    """A verdict on one comparison; place and detail are kept where it differs."""
    return Verdict(
        area=area,
        subject=subject,
        what=what,
        state=State.SAME if same else State.DIFFERS,
        where=None if same else where,
        detail=None if same else detail,
    )


def in_order(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Verdicts in the order of the report; those of one area stay in the order in which they came."""
    places = {area: place for place, area in enumerate(Area)}
    return tuple(sorted(verdicts, key=lambda each: places[each.area]))
