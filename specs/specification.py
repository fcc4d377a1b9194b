"""Specifications: the ordered fields of one data set in one exercise, read from the catalogue's YAML."""

from __future__ import annotations

import difflib
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from specs.errors import SpecificationInvalid, SpecificationNotFound

CATALOGUE = Path(__file__).parent / "catalogue"
CURRENT_EXERCISE = "2026-27"

Evidence = Annotated[
    str,
    StringConstraints(
        pattern=r"^(published \d{4}/\d{2}( \(draft\))?|confirmed .+|inferred|recalled|not confirmed)$"
    ),
]
Column = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Severity(StrEnum):
    """How much a finding matters: an error stops the submission, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class FieldFormat(StrEnum):
    """How a value is written, and so how it is held.

    character and number stay text (leading zeros matter); date becomes date32; money becomes integer
    pence; hours become integer hundredths of an hour.
    """

    CHARACTER = "character"
    NUMBER = "number"
    DATE = "date"
    MONEY = "money"
    HOURS = "hours"


class Need(StrEnum):
    """Whether a value must be there, and how much its absence matters."""

    ERROR = "error"
    WARNING = "warning"
    NO = "no"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Entry):
    """Where a fact was read. `url` is absent where nothing published could be read."""

    id: str
    title: str
    url: str | None = None


class Rule(_Entry):
    """A rule about the whole data set that a person has to see to."""

    text: str
    evidence: Evidence


class Examples(_Entry):
    """Values that pass, and values that fail, the field's own checks."""

    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()


class CheckUse(_Entry):
    """One named check of `specs.checks` on one field, with the values it allows where it takes a list."""

    name: str
    allowed: tuple[str, ...] = ()


class SpecifiedField(_Entry):
    """One field: its published name, its column name in typed records, its format and its checks."""

    name: str
    column: Column
    format: FieldFormat
    required: Need
    checks: tuple[CheckUse, ...] = ()
    comment: str = ""
    evidence: Evidence
    source: str
    examples: Examples = Examples()

    @model_validator(mode="before")
    @classmethod
    def _spell_out_checks(cls, raw: object) -> object:
        """Read `nino` and `{one_of: [F, P]}`, the two ways in which YAML names a check."""
        if isinstance(raw, dict) and isinstance(raw.get("checks"), list):
            return raw | {"checks": [_check_use(entry) for entry in raw["checks"]]}
        return raw


def _check_use(entry: object) -> object:
    if isinstance(entry, str):
        return {"name": entry}
    if isinstance(entry, dict) and len(entry) == 1:
        ((name, allowed),) = entry.items()
        return {"name": name, "allowed": allowed}
    return entry


class Key(_Entry):
    """The columns that tell one record from another."""

    columns: tuple[Column, ...]
    severity: Severity
    evidence: Evidence


class NotGreater(_Entry):
    """A sum that cannot be larger than another one of the same record (compared without sign)."""

    column: Column
    than: Column
    severity: Severity
    evidence: Evidence


class Reference(_Entry):
    """A column whose values must occur in the column of the same name in another data set."""

    column: Column
    dataset: str
    severity: Severity
    evidence: Evidence


class Specification(_Entry):
    """What one data set of one exercise must look like. Source: the catalogue file it was read from."""

    dataset: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    exercise: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")]
    title: str
    status: Literal["published", "confirmed", "provisional"]
    based_on: str | None = None
    notice: str | None = None
    one_record_per: str
    key: Key
    required_evidence: Evidence
    not_greater: tuple[NotGreater, ...] = ()
    references: tuple[Reference, ...] = ()
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    rules: tuple[Rule, ...] = ()
    fields: Annotated[tuple[SpecifiedField, ...], Field(min_length=1)]
    digest: str = ""
    """SHA-256 of the catalogue file, for the run record and the manifest."""

    @model_validator(mode="after")
    def _consistent(self) -> Specification:
        columns = [field.column for field in self.fields]
        if repeated := {name for name in columns if columns.count(name) > 1}:
            raise ValueError(f"column used twice: {', '.join(sorted(repeated))}")
        sources = {source.id for source in self.sources}
        for field in self.fields:
            if field.source not in sources:
                raise ValueError(f"field '{field.name}' names an unknown source '{field.source}'")
        named = {*self.key.columns, *(r.column for r in self.references)}
        named |= {name for rule in self.not_greater for name in (rule.column, rule.than)}
        if unknown := named - set(columns):
            raise ValueError(f"no such column: {', '.join(sorted(unknown))}")
        if self.status == "provisional" and not self.notice:
            raise ValueError("a provisional specification needs a notice that says so")
        return self

    @cached_property
    def by_column(self) -> dict[str, SpecifiedField]:
        """The fields by column name, in the specification's order."""
        return {field.column: field for field in self.fields}

    @property
    def label(self) -> str:
        """The specification in a few words, always with its status: 'payroll 2026-27 (provisional)'."""
        return f"{self.dataset} {self.exercise} ({self.status})"


def exercises() -> list[str]:
    """The exercises in the catalogue, oldest first."""
    return sorted(folder.name for folder in CATALOGUE.iterdir() if folder.is_dir())


def datasets(exercise: str) -> list[str]:
    """The data sets that the catalogue holds for an exercise, in alphabetical order."""
    if exercise not in exercises():
        raise SpecificationNotFound(_unknown("exercise", exercise, exercises()))
    return sorted(file.stem for file in (CATALOGUE / exercise).glob("*.yaml"))


def load_specification(dataset: str, exercise: str = CURRENT_EXERCISE) -> Specification:
    """The specification of one data set in one exercise.

    Raises:
        SpecificationNotFound: the catalogue has no such exercise or data set; the nearest name is offered.
        SpecificationInvalid: the catalogue file does not follow the model.
    """
    known = datasets(exercise)
    if dataset not in known:
        raise SpecificationNotFound(_unknown("data set", dataset, known))
    return read_specification(CATALOGUE / exercise / f"{dataset}.yaml")


def read_specification(path: Path) -> Specification:
    """A specification from a YAML file.

    Raises:
        SpecificationInvalid: not YAML, or an unknown key, a wrong type or a duplicate; says which.
    """
    raw = path.read_bytes()
    try:
        return Specification.model_validate(yaml.safe_load(raw) | {"digest": sha256(raw).hexdigest()})
    except yaml.YAMLError as fault:
        raise SpecificationInvalid(f"{path.name}: not valid YAML: {first_line(fault)}") from fault
    except TypeError as fault:
        raise SpecificationInvalid(f"{path.name}: expected keys and values at the top level") from fault
    except ValidationError as fault:
        raise SpecificationInvalid(f"{path.name}: {first_problem(fault)}") from fault


def first_line(fault: Exception) -> str:
    """The first line of an exception's text, for messages of one line."""
    return str(fault).splitlines()[0]


def first_problem(fault: ValidationError) -> str:
    """The first problem that pydantic found, as 'key: what is wrong (and n more)'."""
    problem = fault.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in problem["loc"]) or "file"
    more = f" (and {fault.error_count() - 1} more)" if fault.error_count() > 1 else ""
    return f"{where}: {problem['msg']}{more}"


def _unknown(kind: str, name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else "."
    return f"no {kind} called '{name}'{hint} Known: {', '.join(known)}. List them: nfi specs list"
