"""Reports: which records to bring together, read from YAML that an officer can write."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from matching.explain import known_explanations
from specs.errors import NfiError
from specs.specification import Column, Evidence, first_line, first_problem

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
    """Which records take part at all: those whose sum (pence) is above or below a bound."""

    above: int | None = None
    below: int | None = None


class WordBlocks(_Entry):
    """Compare records that share a word of this column."""

    words: Column


class Report(_Entry):
    """One match report: what must be the same, different, near or similar. Source: its YAML file."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    title: str
    nfi_report: NfiReport | None = None
    about: str
    data: Annotated[tuple[str, ...], Field(min_length=1, max_length=2)]
    """One data set, or two of which each case must hold a record."""
    same: Annotated[tuple[Column, ...], Field(min_length=1)]
    """Columns that agree exactly; blank agrees with nothing."""
    different: tuple[Column, ...] = ()
    """Columns with at least two values in each case; blank counts for none."""
    near: Annotated[dict[Column, int], Field(max_length=1)] = {}
    """A date column whose neighbouring values are at most so many days apart ('60 days' in YAML)."""
    similar: Annotated[dict[Column, Annotated[float, Field(gt=0, le=1)]], Field(max_length=1)] = {}
    """A text column and the least similarity, 0 to 1 (rapidfuzz's normalised Indel similarity)."""
    blocks: Annotated[tuple[WordBlocks, ...], Field(max_length=1)] = ()
    """Which values of `similar` to compare; without it, all that agree on `same`."""
    where: dict[Column, Where] = {}
    also_tell: tuple[Column, ...] = ()
    """Columns of every data set of the report: a case says of them too whether they agree or differ."""
    value: Column
    """Money column; a case's value is its sum over all records but the largest (two data sets: over all)."""
    value_is: Literal["at risk", "involved"] = "at risk"
    """At risk: may have been paid too much. Involved: tells how large the matter is, and is no loss."""
    value_means: str | None = None
    """What the value is the sum of, in words."""
    explanations: tuple[str, ...] = ()
    strength: Strength

    @model_validator(mode="before")
    @classmethod
    def _days(cls, raw: object) -> object:
        """Read '60 days' as 60."""
        if isinstance(raw, dict) and isinstance(raw.get("near"), dict):
            return raw | {"near": {column: _whole_days(text) for column, text in raw["near"].items()}}
        return raw

    @model_validator(mode="after")
    def _known(self) -> Report:
        for name in self.explanations:
            if name not in known_explanations():
                raise ValueError(f"no explanation called '{name}'; known: {', '.join(known_explanations())}")
        if any(block.words not in self.similar for block in self.blocks):
            raise ValueError("blocks: words must name the column of 'similar', the one that is compared")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the report looks at, once each."""
        named = (*self.same, *self.different, *self.near, *self.similar, *self.where, self.value)
        return tuple(dict.fromkeys(named))


def _whole_days(text: object) -> object:
    found = re.fullmatch(r"(\d+) days?", str(text))
    if not found:
        raise ValueError(f"near: expected a number of days such as '60 days', not '{text}'")
    return int(found[1])


def read_report(path: Path) -> Report:
    """A report from a YAML file.

    Raises:
        ReportInvalid: not YAML, an unknown key, a wrong type; says which file and key.
    """
    try:
        return Report.model_validate(yaml.safe_load(path.read_bytes()))
    except yaml.YAMLError as fault:
        raise ReportInvalid(f"{path.name}: not valid YAML: {first_line(fault)}") from fault
    except ValidationError as fault:
        raise ReportInvalid(f"{path.name}: {first_problem(fault)}") from fault


@cache
def all_reports() -> tuple[Report, ...]:
    """The reports that come with nfi, those most likely to be worth opening first."""
    reports = [read_report(path) for path in sorted(REPORTS.glob("*.yaml"))]
    return tuple(sorted(reports, key=lambda report: (-report.strength.share, report.id)))


def reports_called(names: tuple[str, ...]) -> tuple[Report, ...]:
    """The reports with these ids, or all of them where none is named.

    Raises:
        ReportNotFound: there is no such report; lists those there are.
    """
    known = {report.id: report for report in all_reports()}
    for name in names:
        if name not in known:
            raise ReportNotFound(f"no report called '{name}'. Known: {', '.join(known)}")
    return tuple(known[name] for name in names) if names else all_reports()
