"""A specification as people read it: one row for each field, and in words what else a computer looks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from specs.specification import CheckUse, FieldFormat, Need, Severity, Specification, SpecifiedField

NEEDED = {Need.ERROR: "must be filled", Need.WARNING: "should be filled", Need.NO: "may be blank"}
"""Whether a value must be there, in words."""

WRITTEN = {
    FieldFormat.CHARACTER: "text",
    FieldFormat.NUMBER: "text of digits",
    FieldFormat.DATE: "date",
    FieldFormat.MONEY: "sum of money",
    FieldFormat.HOURS: "hours",
}
"""How a value is written, in words."""

LONGEST = "longest"
"""The check whose limit is the number of characters that a field has room for."""

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field, every part of it as text or number."""

    number: int
    """Its place, from 1."""
    name: str
    column: str
    format: str
    required: str
    longest: int | None
    """Most characters, where the specification says so."""
    checks: str
    codes: str
    """Whether a look-up table has to come with its codes."""
    comment: str
    evidence: str
    source: str


def field_rows(specification: Specification) -> list[FieldRow]:
    """The fields in the specification's order."""
    return [
        FieldRow(
            number=number,
            name=field.name,
            column=field.column,
            format=str(field.format),
            required=str(field.required),
            longest=longest(field),
            checks=checks_in_words(field),
            codes=codes_in_words(field),
            comment=field.comment,
            evidence=evidence_in_words(field),
            source=field.source,
        )
        for number, field in enumerate(specification.fields, start=1)
    ]


def longest(field: SpecifiedField) -> int | None:
    """How many characters a value may have at most; None where the specification does not say."""
    return next((use.limit for use in field.checks if use.name == LONGEST), field.width)


def check_in_words(use: CheckUse) -> str:
    """A check with what it takes: 'nino', 'one_of F/P/C', 'longest 35'."""
    taken = "/".join(use.allowed) if use.allowed else "" if use.limit is None else str(use.limit)
    return f"{use.name} {taken}".rstrip()


def checks_in_words(field: SpecifiedField) -> str:
    """The checks that a field names, and those of any text that it is exempt from."""
    exempt = [f"not {code}" for code in field.exempt_from]
    return ", ".join([*(check_in_words(use) for use in field.checks), *exempt])


def evidence_in_words(field: SpecifiedField) -> str:
    """The field's evidence, and that of its checks where they rest on something else."""
    ours = field.checks_evidence
    return field.evidence if ours in {None, field.evidence} else f"{field.evidence}; checks: {ours}"


def codes_in_words(field: SpecifiedField) -> str:
    """Whether a field holds codes that have to be explained; empty where it does not."""
    if not field.coded:
        return ""
    plain = f", except {', '.join(field.plain_codes)}" if field.plain_codes else ""
    return f"look-up table needed{plain}"


def files_in_words(specification: Specification) -> dict[int, str]:
    """The files that a data set is sent as, by number; empty where it is one file.

    Such as 'deferred pensions (optional; published 2012/13)'.
    """
    return {
        part.number: f"{part.title} ({'' if part.needed else 'optional; '}{part.evidence})"
        for part in specification.files
    }


def characters_in_words(specification: Specification) -> str:
    """The characters that a file is sent in, with evidence: 'ASCII (published 2012/13)'."""
    return f"{specification.characters.set.upper()} ({specification.characters.evidence})"


def rules_in_words(
    specification: Specification, *, called: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What is looked for besides field by field, by the entry of the catalogue file that asks for it.

    Such as 'key' or 'across.period': the published names of the fields it looks at, its settings, and in
    brackets how much it matters and on what evidence.

    Args:
        specification: whose rules.
        called: other names than the published ones, by column, for comparisons.
    """
    entries = specification.model_dump(
        mode="json", include={"key", "record_checks", "references", "across"}, exclude_none=True
    )
    names = {field.column: field.name for field in specification.fields} | dict(called or {})
    return {place: _rule(entry, names) for place, entry in _rules(entries, "")}


def _rules(node: Plain, place: str) -> Iterator[tuple[str, dict[str, Plain]]]:
    """Every entry that has a severity, with the way to it."""
    if isinstance(node, dict):
        if "severity" in node:
            yield place, node
            return
        for key, value in node.items():
            yield from _rules(value, f"{place}.{key}".lstrip("."))
    elif isinstance(node, list):
        for number, value in enumerate(node, start=1):
            yield from _rules(value, f"{place} {number}" if len(node) > 1 else place)


def _rule(entry: Mapping[str, Plain], names: Mapping[str, str]) -> str:
    settings = [
        _setting(key, value, names)
        for key, value in entry.items()
        if key not in {"severity", "evidence"} and value not in ([], "")
    ]
    severity = Severity(str(entry["severity"]))
    return f"{'; '.join(settings)} ({severity}; {entry['evidence']})".lstrip()


def _setting(key: str, value: Plain, names: Mapping[str, str]) -> str:
    if isinstance(value, dict):
        return f"{_words(key)}: {_rule(value, names) if 'severity' in value else _listed(value, names)}"
    text = ", ".join(_name(part, names) for part in (value if isinstance(value, list) else [value]))
    return text if key in {"column", "columns", "check"} else f"{_words(key)} {text}"


def _listed(values: Mapping[str, Plain], names: Mapping[str, str]) -> str:
    return ", ".join(_setting(key, value, names) for key, value in values.items())


def _name(value: Plain, names: Mapping[str, str]) -> str:
    return names.get(value, value) if isinstance(value, str) else str(value)


def _words(key: str) -> str:
    return key.replace("_", " ")
