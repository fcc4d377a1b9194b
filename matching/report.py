"""Reports: which records to bring together, read from YAML that an officer can write."""

from __future__ import annotations

import difflib
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from matching.compare import SCORERS
from matching.explain import known_explanations
from matching.linkage.definition import Block, Comparison
from specs.errors import NfiError
from specs.plain_yaml import Lines, NotPlain, Place, read_plain_yaml
from specs.specification import Column, Evidence, line_of

REPORTS = Path(__file__).parent / "reports"


class ReportInvalid(NfiError):
    """A report cannot be used: it names the file and the key at fault."""


class ReportNotFound(NfiError):
    """No report has this id."""

    exit_code = 2


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NfiReport(_Entry):
    """The number that NFI is believed to use for this report. Never authoritative."""

    number: str
    evidence: Evidence

    def __str__(self) -> str:
        return f"{self.number} ({self.evidence}, unverified)"


class Strength(_Entry):
    """The share of this report's unexplained cases that are expected to be worth opening, 0 to 1."""

    share: Annotated[float, Field(gt=0, le=1)]
    evidence: Evidence


class Where(_Entry):
    """Which records take part, by one column; all that is said must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    above: int | None = None
    """Sums in pence, hours in hundredths, numbers as they are; blank is neither above nor below."""
    below: int | None = None
    is_: Annotated[tuple[str, ...], Field(alias="is")] = ()
    """One of these, as it is written in the checked records; dates as 2026-03-31."""
    is_not: tuple[str, ...] = ()
    """None of these; a blank is none of them."""
    blank: bool | None = None
    """Must be blank (true), or filled in (false)."""

    @model_validator(mode="after")
    def _says_something(self) -> Where:
        if not self.model_fields_set:
            raise ValueError("expected above, below, is, is_not or blank")
        return self


class Nearness(_Entry):
    """How far apart neighbouring values may be: '60 days', '500 pence' or '5 %' of the smaller one."""

    unit: Literal["days", "pence", "percent"]
    most: Annotated[Decimal, Field(ge=0)]

    @model_validator(mode="before")
    @classmethod
    def _in_words(cls, raw: object) -> object:
        found = re.fullmatch(r"(\d+) ?(days?|pence)|(\d+(?:\.\d+)?) ?%", str(raw))
        if not found:
            raise ValueError(f"expected a distance such as '60 days', '500 pence' or '5 %', not '{raw}'")
        whole, unit, percent = found.groups()
        if percent:
            return {"unit": "percent", "most": percent}
        return {"unit": "pence" if unit == "pence" else "days", "most": whole}

    def __str__(self) -> str:
        return f"{self.most} {'%' if self.unit == 'percent' else self.unit}"


class Similarity(_Entry):
    """How alike texts have to be, and by which of the scorers in compare.py."""

    least: Annotated[float, Field(gt=0, le=1)]
    by: str = "characters"

    @model_validator(mode="before")
    @classmethod
    def _least_alone(cls, raw: object) -> object:
        return raw if isinstance(raw, dict) else {"least": raw}

    @field_validator("by")
    @classmethod
    def _known_scorer(cls, name: str) -> str:
        if name not in SCORERS:
            raise ValueError(f"no scorer called '{name}'; known: {', '.join(SCORERS)}")
        return name


class WordBlocks(_Entry):
    """Compare records that share a word of this column."""

    words: Column


class Report(_Entry):
    """One match report: what must be the same, different, near or similar. Source: its YAML file.

    With none of `same`, `similar` and `compare`, each record that meets `where` is a case of its own.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    title: str
    nfi_report: NfiReport | None = None
    about: str
    data: Annotated[tuple[str, ...], Field(min_length=1, max_length=2)]
    """One data set, or two of which each case must hold a record."""
    lines_of: Column | None = None
    """Whose lines are added up first, such as those of an `invoice` (records.yaml). Each whole takes part as
    one record; a case has one of several lines at least, and shows every line."""
    same: tuple[Column, ...] = ()
    """Columns that agree exactly; blank agrees with nothing. Of a list, one value in common is enough."""
    different: dict[Column, Annotated[int, Field(ge=2)]] = {}
    """How many values each of these columns has at least in a case; blank counts for none. Of a list: two."""
    near: Annotated[dict[Column, Nearness], Field(max_length=2)] = {}
    """Columns of dates or sums whose neighbouring values, inside the group, are at most so far apart."""
    similar: Annotated[dict[Column, Similarity], Field(max_length=1)] = {}
    """A text column, and how alike its values must be."""
    blocks: tuple[WordBlocks | Block, ...] = ()
    """Which values of `similar` to compare (without it all that agree on `same`), or records to `compare`."""
    compare: dict[Column, Comparison] = {}
    """What is compared and weighed of records that no exact key brings together; see `matching.linkage`."""
    where: dict[Column, Where] = {}
    """Which records take part. Of two data sets, a column that only one has counts for that one."""
    between_bodies: bool = True
    """Whether what two bodies have in common says anything; single records never do."""
    also_tell: tuple[Column, ...] = ()
    """Columns of every data set of the report: a case says of them too whether they agree or differ."""
    value: Column
    """Money column. A case's value is its sum over all records but the largest; with two data sets over all;
    of a single record its own."""
    value_is: Literal["at risk", "involved"] = "at risk"
    """At risk: may have been paid too much. Involved: tells how large the matter is, and is no loss."""
    value_means: str | None = None
    """What the value is the sum of, in words."""
    explanations: tuple[str, ...] = ()
    strength: Strength

    @field_validator("different", mode="before")
    @classmethod
    def _two_of_each(cls, raw: object) -> object:
        return dict.fromkeys(raw, 2) if isinstance(raw, list | tuple) else raw

    @field_validator("explanations")
    @classmethod
    def _known_explanations(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in known_explanations():
                raise ValueError(f"no explanation called '{name}'; known: {', '.join(known_explanations())}")
        return names

    @model_validator(mode="after")
    def _fits_together(self) -> Report:
        if self.compare:
            for key in ("same", "near", "similar"):
                if getattr(self, key):
                    raise ValueError(f"{key}: cannot stand beside 'compare', which weighs what agrees")
            if not self.blocks or not all(isinstance(block, Block) for block in self.blocks):
                raise ValueError("blocks: 'compare' needs keys to agree on, such as [{agree: [birth_date]}]")
        elif not all(isinstance(block, WordBlocks) and block.words in self.similar for block in self.blocks):
            raise ValueError("blocks: words must name the column of 'similar', the one that is compared")
        elif len(self.blocks) > 1:
            raise ValueError("blocks: one is enough for 'similar'")
        if self.lines_of and (self.compare or self.is_about_single_records or len(self.data) > 1):
            raise ValueError("lines_of: needs one data set, and something that is the same or similar")
        if self.is_about_single_records:
            for key in ("different", "near"):
                if getattr(self, key):
                    raise ValueError(f"{key}: says nothing without 'same', 'similar' or 'compare'")
            if len(self.data) > 1:
                raise ValueError("data: records of two data sets need something that is the same or similar")
            if not self.where:
                raise ValueError("where: needed, unless something is the same or similar")
        return self

    @property
    def is_about_single_records(self) -> bool:
        """Whether each record that takes part is a case of its own."""
        return not (self.same or self.similar or self.compare)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the report cannot do without, once each."""
        named = (*self.same, *self.different, *self.near, *self.similar, *self.where, self.value)
        return tuple(dict.fromkeys(named))

    @property
    def compared(self) -> tuple[str, ...]:
        """Every column that goes into a comparison, once each; where one is blank, the others still tell."""
        return tuple(dict.fromkeys(column for each in self.compare.values() for column in each.of))


def read_report(path: Path, *, trusted: bool = False) -> Report:
    """A report from a YAML file; every value is read as text first, so that NO stays NO.

    Args:
        path: the file.
        trusted: it comes with nfi.

    Raises:
        ReportInvalid: not YAML, a key twice or unknown, a wrong type; says which file, line and key.
    """
    try:
        content, lines = read_plain_yaml(path.read_bytes(), trusted=trusted)
    except NotPlain as fault:
        raise ReportInvalid(f"{path.name}: {fault}") from fault
    except OSError as fault:
        raise ReportInvalid(f"{path.name}: cannot be read: {fault.strerror}") from fault
    if not isinstance(content, dict):
        raise ReportInvalid(f"{path.name}: expected keys and values such as 'id: my-report'")
    try:
        return Report.model_validate(content)
    except ValidationError as fault:
        raise ReportInvalid(f"{path.name}: {_first_fault(fault, lines)}") from fault


_KEYS = tuple(
    info.alias or name
    for model in (Report, NfiReport, Strength, Where, Similarity, WordBlocks, Block, Comparison)
    for name, info in model.model_fields.items()
)


def _first_fault(fault: ValidationError, lines: Lines) -> str:
    """The first thing that is wrong, as 'line 7: where.date_left: what it is (and 2 more)'."""
    # the first, but what was written wrongly before what is therefore missing
    problem = min(fault.errors(include_url=False), key=lambda problem: problem["type"] == "missing")
    text = problem["msg"].removeprefix("Value error, ")
    place: Place = ()
    for part in problem["loc"]:  # pydantic puts names of its own in between
        if (*place, part) in lines:
            place = (*place, part)
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(problem["loc"][-1]), _KEYS, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else f". Known: {', '.join(Report.model_fields)}"
        text = f"no such key{hint}"
    elif problem["type"] == "missing":
        text = f"'{problem['loc'][-1]}' is missing"
    elif not problem["loc"]:  # what is wrong with a report as a whole begins with its key
        key, _, text = text.partition(": ")
        place = (key,)
    where = f"{'.'.join(map(str, place))}: " if place else ""
    more = f" (and {fault.error_count() - 1} more)" if fault.error_count() > 1 else ""
    return f"{line_of(place, lines)}{where}{text}{more}"


@cache
def all_reports() -> tuple[Report, ...]:
    """The reports that come with nfi, those most likely to be worth opening first."""
    reports = [read_report(path, trusted=True) for path in sorted(REPORTS.glob("*.yaml"))]
    return tuple(sorted(reports, key=lambda report: (-report.strength.share, report.id)))
