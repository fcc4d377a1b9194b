"""The declaration: what a body's key contact will declare in the NFI web application, as nfi records it.

A record only: the declaration itself is made in the web application, by a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError

from outputs.declared.answers import (
    Agency,
    AgencyPayroll,
    DataSets,
    Day,
    Email,
    Line,
    Noticed,
    Section,
    Telephone,
    WebAddress,
    YesNo,
    in_words,
)
from outputs.declared.parts import about, parts
from outputs.sparse import Sparse
from specs.errors import NfiError
from specs.headings import loosely, nearest
from specs.plain_yaml import Lines, NotPlain, read_plain_yaml
from specs.specification import CURRENT_EXERCISE, line_of

__all__ = [
    "AgencyPayroll",
    "Declaration",
    "DeclarationInvalid",
    "DeclarationRefused",
    "in_words",
    "read_declaration",
    "with_changes",
]


class DeclarationInvalid(NfiError):
    """A declaration file cannot be used: it names the line and the key at fault."""


class DeclarationRefused(DeclarationInvalid):
    """An answer that cannot be: names the option."""

    exit_code = 2


class Officer(Sparse):
    """The senior responsible officer."""

    name: Line = None
    role: Line = None


class KeyContact(Sparse):
    """Who makes the declarations in the web application."""

    name: Line = None
    email: Email = None
    telephone: Telephone = None


class Shown(Sparse):
    """Where the privacy notice is shown: the first layer on forms and payslips, the others on the web."""

    forms: Line = None
    payslips: Line = None
    web_address: WebAddress = None


class PrivacyNotice(Sparse):
    """Compliance with the duty to tell people, and what they were told."""

    complies: YesNo = None
    date: Day = None
    shown: Annotated[Shown, Section] = Shown()
    lists: Noticed = None


class SecurityPolicy(Sparse):
    """Compliance with the security policy."""

    complies: YesNo = None
    date: Day = None


class Declaration(Sparse):
    """What the key contact will declare. Whatever is not known yet is None."""

    about: str = Field(default_factory=about)
    """That this is a record and not the declaration itself; stands wherever the record goes."""
    exercise: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")] = CURRENT_EXERCISE
    senior_responsible_officer: Annotated[Officer, Section] = Officer()
    key_contact: Annotated[KeyContact, Section] = KeyContact()
    privacy_notice: Annotated[PrivacyNotice, Section] = PrivacyNotice()
    security_policy: Annotated[SecurityPolicy, Section] = SecurityPolicy()
    data_sets: DataSets = ()
    """Those expected; by nfi's name where it has one."""
    agency_payroll: Agency = None

    @property
    def roles_combined(self) -> bool:
        """Whether senior responsible officer and key contact are one person, by their names."""
        officer, contact = self.senior_responsible_officer.name, self.key_contact.name
        return bool(officer and contact and loosely(officer) == loosely(contact))

    def said(self, key: str) -> object:
        """One part by its key, such as 'key_contact.name'; None or empty where it is not known."""
        found: Any = self
        for name in key.split("."):
            found = getattr(found, name)
        return found


def read_declaration(path: Path, *, day: date | None = None) -> Declaration:
    """A declaration from a YAML file, as `outputs.declared.file` writes it.

    Args:
        path: the file.
        day: nothing can be dated after it; None: not looked at.

    Raises:
        DeclarationInvalid: not there, not YAML, or a value that cannot be; names line and key.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise DeclarationInvalid(f"{path}: is not there. Check the name and the folder.") from None
    except IsADirectoryError:
        raise DeclarationInvalid(f"{path}: is a folder. Name the file in it.") from None
    except OSError as fault:
        raise DeclarationInvalid(f"{path}: cannot be read ({fault.strerror}).") from None
    if raw.startswith(b"PK\x03\x04"):
        raise DeclarationInvalid(
            f"{path}: is a workbook or an archive. Expected a text file, such as this writes: "
            "nfi declare --template FILE"
        )
    try:
        content, lines = read_plain_yaml(raw)
    except NotPlain as fault:
        raise DeclarationInvalid(f"{path}: {fault}") from None
    if not content:
        raise DeclarationInvalid(
            f"{path}: says nothing. Fill in what this writes: nfi declare --template FILE"
        )
    try:
        return Declaration.model_validate(content, context=day)
    except ValidationError as fault:
        place, text = _first_fault(fault)
        raise DeclarationInvalid(f"{path}: {_line_and_key(place, lines)}{text}") from None


def with_changes(
    declaration: Declaration, changes: Mapping[str, object], *, day: date | None = None
) -> Declaration:
    """The declaration with some parts said anew, by their keys; a blank takes what was said away.

    Raises:
        DeclarationRefused: an answer that cannot be; names the option of `nfi declare`.
    """
    content: dict[str, Any] = declaration.model_dump()
    for key, value in changes.items():
        *sections, name = key.split(".")
        inside = content
        for section in sections:
            inside = inside.setdefault(section, {})
        inside[name] = value
    try:
        return Declaration.model_validate(content, context=day)
    except ValidationError as fault:
        place, text = _first_fault(fault)
        options = {part.key: part.option for part in parts()}
        raise DeclarationRefused(f"{options.get('.'.join(place), '.'.join(place))}: {text}") from None


def _line_and_key(place: tuple[str, ...], lines: Lines) -> str:
    line = line_of(place, lines)
    return f"{line}{'.'.join(place)}: " if place else line


def _first_fault(fault: ValidationError) -> tuple[tuple[str, ...], str]:
    """Where the first problem is, by its keys, and what it is; never a value."""
    problem = fault.errors(include_url=False, include_input=False)[0]
    more = f" (and {fault.error_count() - 1} more)" if fault.error_count() > 1 else ""
    place = tuple(str(part) for part in problem["loc"] if str(part) in _keys())
    unknown = str(problem["loc"][-1]) if problem["loc"] else ""
    match problem["type"]:
        case "extra_forbidden":
            near = nearest(unknown, _keys())
            hint = f"did you mean '{near}'? " if near else ""
            return (*place, unknown), f"no such key; {hint}Known: {', '.join(_keys())}{more}."
        case "string_pattern_mismatch":
            text = "expected an exercise such as 2026-27"
        case "model_type" | "model_attributes_type" | "dict_type":
            text = "expected keys and values, each on a line of its own"
        case _:
            text = problem["msg"].removeprefix("Value error, ")
    return place, f"{text}{more}."


@cache
def _keys() -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts() for name in part.key.split(".")))
