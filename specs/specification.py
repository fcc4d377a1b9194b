"""Specifications: the ordered fields of one data set in one exercise, read from the catalogue's YAML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from specs.errors import SpecificationInvalid
from specs.plain_yaml import Lines, NotPlain, Place, read_plain_yaml

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
    """One named check of `specs.checks` on one field, with the values or the limit that it takes."""

    name: str
    allowed: tuple[str, ...] = ()
    limit: int | None = None


class SpecifiedField(_Entry):
    """One field: its published name, its column name in typed records, its format and its checks."""

    name: str
    column: Column
    format: FieldFormat
    required: Need
    checks: tuple[CheckUse, ...] = ()
    exempt_from: tuple[str, ...] = ()
    """Codes of the checks of any text that do not suit this field."""
    coded: bool = False
    """Whether its codes need a look-up table."""
    plain_codes: tuple[str, ...] = ()
    """Codes that anyone understands without one."""
    width: Annotated[int, Field(ge=1)] | None = None
    """Characters of a date, a sum or hours in fixed-width text; of text, the check `longest` says it."""
    comment: str = ""
    evidence: Evidence
    checks_evidence: Evidence | None = None
    """What checks, exemptions and codes rest on, where a document confirms the field and has none of them."""
    source: str
    examples: Examples = Examples()

    @property
    def evidence_of_checks(self) -> str:
        """What the field's checks rest on; it limits how much their findings matter."""
        return self.checks_evidence or self.evidence

    @model_validator(mode="before")
    @classmethod
    def _spell_out_checks(cls, raw: object) -> object:
        """Read `nino`, `{one_of: [F, P]}` and `{longest: 35}`, the ways in which YAML names a check."""
        if isinstance(raw, dict) and isinstance(raw.get("checks"), list):
            return raw | {"checks": [_check_use(entry) for entry in raw["checks"]]}
        return raw


def _check_use(entry: object) -> object:
    if isinstance(entry, str):
        return {"name": entry}
    if isinstance(entry, dict) and len(entry) == 1:
        ((name, argument),) = entry.items()
        return {"name": name, "allowed" if isinstance(argument, list) else "limit": argument}
    return entry


class Key(_Entry):
    """The columns that tell one record from another."""

    columns: tuple[Column, ...]
    severity: Severity
    evidence: Evidence


class RecordRule(_Entry):
    """One named check of `specs.checks` on several fields of a record, such as one sum against another."""

    check: str
    columns: Annotated[tuple[Column, ...], Field(min_length=2)]
    """In the order that the check expects; its findings stand at the first."""
    severity: Severity
    evidence: Evidence
    limit: int | None = None


class CharacterSet(StrEnum):
    """Which characters the receiver reads."""

    ASCII = "ascii"
    UTF_8 = "utf-8"


class Characters(_Entry):
    """The characters that a file is sent in."""

    set: CharacterSet
    evidence: Evidence


class FilePart(_Entry):
    """One of the files that a data set is sent as, where it is not one."""

    number: Annotated[int, Field(ge=1)]
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    needed: bool = True
    """False where a body may have none of it, or need not send it."""
    evidence: Evidence


class AcrossRule(_Entry):
    """Something to look for in a data set as a whole, and how much it matters."""

    severity: Severity
    evidence: Evidence


class Reference(_Entry):
    """A column whose values must occur in the column of the same name in another data set."""

    column: Column
    dataset: str
    severity: Severity
    evidence: Evidence
    unreferenced: AcrossRule | None = None
    """The other way round: records there to which none here refers."""


class ColumnsRule(AcrossRule):
    """Something to look for in each of several columns."""

    columns: Annotated[tuple[Column, ...], Field(min_length=1)]


class Agreement(AcrossRule):
    """Records that agree where each should be its own, such as one account of several people."""

    check: str
    same: Annotated[tuple[Column, ...], Field(min_length=1)]
    """Filled in both records, and equal."""
    same_or_blank: tuple[Column, ...] = ()
    """Equal; blank equals blank."""
    different: Annotated[tuple[Column, ...], Field(min_length=1)]
    """At least one of them is filled in two records, and differs."""
    blank_in_one: Column | None = None
    """Where given, at least one of the records has nothing in this column."""


class Period(ColumnsRule):
    """The days that a data set covers. A record's day stands in the first of `columns` that it fills."""

    end: date
    start: date | None = None
    months: Annotated[int, Field(ge=1)] | None = None
    """Instead of `start`: how many whole months before `end`."""

    @model_validator(mode="after")
    def _has_one_beginning(self) -> Period:
        if (self.start is None) == (self.months is None):
            raise ValueError("give either start or months")
        return self


class Share(ColumnsRule):
    """A percentage of the records."""

    percent: Annotated[int, Field(ge=1, le=100)]


class UsualSums(ColumnsRule):
    """Between what and what half of the sums of a column lie, in pounds (or hours)."""

    least: Decimal
    most: Decimal


class LeadingZeros(ColumnsRule):
    """Numbers in which zeros in front count; `length` where all have so many digits."""

    length: Annotated[int, Field(ge=2)] | None = None


class Vat(AcrossRule):
    """VAT as part of a total, and the rate at which a ledger would have worked it out for itself."""

    amount: Column
    total: Column
    percent: Annotated[int, Field(ge=1, le=100)]


class AcrossRules(_Entry):
    """What to look for in the data set as a whole: see `specs.data_set` for how each is found."""

    one_employer: AcrossRule | None = None
    agreements: tuple[Agreement, ...] = ()
    period: Period | None = None
    """The days that the exercise asks for."""
    months: ColumnsRule | None = None
    """Every month between the first and the last has records."""
    whole_months: ColumnsRule | None = None
    """The first and the last month are as full as the others."""
    filled: tuple[Share, ...] = ()
    """Columns filled in at least so many of a hundred records."""
    varied: tuple[ColumnsRule, ...] = ()
    """Columns that cannot hold the same value throughout."""
    default_dates: tuple[ColumnsRule, ...] = ()
    """Dates that a system may have filled in by itself."""
    leading_zeros: tuple[LeadingZeros, ...] = ()
    usual: tuple[UsualSums, ...] = ()
    zeros: tuple[Share, ...] = ()
    """Columns that are nought in no more than so many of a hundred records."""
    signs: ColumnsRule | None = None
    """Columns of sums of which few, but not none, are negative."""
    vat: Vat | None = None


_DATES = frozenset({FieldFormat.DATE})
_SUMS = frozenset({FieldFormat.MONEY, FieldFormat.HOURS})
_TEXTS = frozenset({FieldFormat.CHARACTER, FieldFormat.NUMBER})


def _check_across(rules: AcrossRules, formats: Mapping[str, FieldFormat]) -> None:
    """Refuse rules that name a column which is not there, or one of a format that they cannot use."""
    any_format = frozenset(FieldFormat)
    named: list[tuple[str, frozenset[FieldFormat], Sequence[str]]] = []
    for key, allowed in {
        "period": _DATES,
        "months": _DATES,
        "whole_months": _DATES,
        "filled": any_format,
        "varied": any_format,
        "default_dates": _DATES,
        "leading_zeros": _TEXTS,
        "usual": _SUMS,
        "zeros": _SUMS,
        "signs": _SUMS,
    }.items():
        found = getattr(rules, key)
        each = found if isinstance(found, tuple) else (found,) if found else ()
        named += [(key, allowed, rule.columns) for rule in each]
    for rule in rules.agreements:
        blank = (rule.blank_in_one,) if rule.blank_in_one else ()
        compared = (*rule.same, *rule.same_or_blank, *rule.different, *blank)
        named.append(("agreements", any_format, compared))
    if rules.vat:
        named.append(("vat", _SUMS, (rules.vat.amount, rules.vat.total)))
    for key, allowed, columns in named:
        for column in columns:
            if column not in formats:
                raise ValueError(f"across.{key}: no such column: {column}")
            if formats[column] not in allowed:
                raise ValueError(f"across.{key}: {column} is {formats[column]}, which it cannot be here")


class Specification(_Entry):
    """What one data set of one exercise must look like. Source: the catalogue file it was read from."""

    dataset: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    exercise: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")]
    title: str
    status: Literal["published", "confirmed", "provisional"]
    based_on: str | None = None
    notice: str | None = None
    one_record_per: str
    files: tuple[FilePart, ...] = ()
    """The files that it is sent as, in the order of their numbers; none: it is one file."""
    characters: Characters = Characters(set=CharacterSet.ASCII, evidence="not confirmed")
    key: Key
    required_evidence: Evidence
    record_checks: tuple[RecordRule, ...] = ()
    references: tuple[Reference, ...] = ()
    across: AcrossRules = AcrossRules()
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
        named |= {name for rule in self.record_checks for name in rule.columns}
        if unknown := named - set(columns):
            raise ValueError(f"no such column: {', '.join(sorted(unknown))}")
        _check_across(self.across, {field.column: field.format for field in self.fields})
        if self.status == "provisional" and not self.notice:
            raise ValueError("a provisional specification needs a notice that says so")
        numbers = [part.number for part in self.files]
        if len(numbers) == 1 or numbers != list(range(1, len(numbers) + 1)):
            raise ValueError("files: name two or more and number them 1, 2, 3…, or leave the entry out")
        return self

    @cached_property
    def by_column(self) -> dict[str, SpecifiedField]:
        """The fields by column name, in the specification's order."""
        return {field.column: field for field in self.fields}

    @cached_property
    def by_name(self) -> dict[str, SpecifiedField]:
        """The fields by published name, in the specification's order."""
        return {field.name: field for field in self.fields}

    @property
    def label(self) -> str:
        """The specification in a few words, always with its status: 'payroll 2026-27 (provisional)'."""
        return f"{self.dataset} {self.exercise} ({self.status})"


def read_specification(path: Path, *, trusted: bool = False) -> Specification:
    """A specification from a YAML file.

    Args:
        path: the catalogue file.
        trusted: it comes with nfi.

    Raises:
        SpecificationInvalid: not YAML, or an unknown key, a wrong type or a duplicate; says where.
    """
    return specification_from(path.read_bytes(), where=str(path), trusted=trusted)


def specification_from(raw: bytes, *, where: str, trusted: bool = False) -> Specification:
    """A specification from YAML; every value is read as text first, so that NO stays NO and 010 stays 010.

    Args:
        raw: the content of a catalogue file.
        where: what messages call it.
        trusted: the file comes with nfi.

    Raises:
        SpecificationInvalid: as for `read_specification`; names line and key.
    """
    try:
        content, lines = read_plain_yaml(raw, trusted=trusted)
    except NotPlain as fault:
        raise SpecificationInvalid(f"{where}: {fault}") from fault
    if not isinstance(content, dict):
        raise SpecificationInvalid(f"{where}: expected keys and values at the top level")
    try:
        return Specification.model_validate(content | {"digest": sha256(raw).hexdigest()})
    except ValidationError as fault:
        line = line_of(fault.errors(include_url=False, include_input=False)[0]["loc"], lines)
        raise SpecificationInvalid(f"{where}: {line}{first_problem(fault)}") from fault


def line_of(place: Place, lines: Lines) -> str:
    """The line of an entry or of what it stands in, as 'line 12: '; nothing where that is the whole file."""
    while place and place not in lines:
        place = place[:-1]
    return f"line {lines[place]}: " if place else ""


def first_line(fault: Exception) -> str:
    """The first line of an exception's text, for messages of one line."""
    return str(fault).splitlines()[0]


def first_problem(fault: ValidationError) -> str:
    """The first problem that pydantic found, as 'key: what is wrong (and n more)'."""
    problem = fault.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in problem["loc"]) or "file"
    more = f" (and {fault.error_count() - 1} more)" if fault.error_count() > 1 else ""
    return f"{where}: {problem['msg']}{more}"
