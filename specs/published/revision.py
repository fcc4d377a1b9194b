"""What becomes of a specification when it is compared with the published one: the catalogue's next file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from specs.catalogue_yaml import catalogue_yaml
from specs.differences import Difference, differences
from specs.errors import SpecificationInvalid
from specs.field_table import LONGEST
from specs.headings import loosely
from specs.published.field_list import FieldList, PublishedField
from specs.published.matching_names import column_name, same_fields
from specs.specification import (
    FieldFormat,
    Need,
    Specification,
    SpecifiedField,
    first_problem,
    specification_from,
)

_FORMATS = {
    r"date": FieldFormat.DATE,
    r"currency|money|decimal|£|pence": FieldFormat.MONEY,
    r"char|text|string|alpha": FieldFormat.CHARACTER,
    r"numeric|number|integer|digits": FieldFormat.NUMBER,
}
"""What published tables say, tried in this order: 'alphanumeric' is no number."""

SOURCE = "document"
"""The id, among a specification's sources, of the document it was compared with."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """The document that was read."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who says that the document is the published specification, and when."""

    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Revision:
    """A specification brought in line with a document."""

    specification: Specification
    yaml: bytes
    """The catalogue file."""
    differences: tuple[Difference, ...]
    """From the specification that we held."""
    recognised: int
    """How many of the fields that we held the document has."""
    dropped: tuple[str, ...]
    """Checks of several fields or of the whole data set that lost a field they need."""


_OURS = "Remark of nfi, not of the document ("
"""With it begins, in a comment, what a confirmation does not vouch for."""
_DOUBTFUL = ("recalled", "not confirmed")
_REQUIRED = {
    Need.ERROR: "error m mandatory yes y required compulsory essential must",
    Need.WARNING: "warning c conditional desirable ifavailable whereavailable ifheld whereheld preferred",
    Need.NO: "no n o optional notrequired notmandatory",
}


def revise(
    held: Specification,
    found: FieldList,
    file: PublishedFile,
    confirmation: Confirmation | None,
    *,
    day: date,
    columns: Mapping[str, str],
) -> Revision:
    """The specification that follows a document's list of fields.

    A field that we hold keeps its column, its checks and its comment; a new one gets a column and no checks.
    Order, names, formats, lengths and needs are the document's. With a confirmation the status is confirmed
    and so is the evidence of every field; checks and remarks of ours keep the evidence that they had.
    Without one, fields that the document changes or adds are 'not confirmed', the others keep the evidence
    they have, and the status is provisional if anything changed.

    Args:
        held: what the catalogue says so far.
        found: the document's fields.
        file: the document.
        confirmation: who vouches for it; None where nobody does.
        day: the day of the comparison.
        columns: column names of fields in other data sets, by published name as `headings.loosely` has
            it: the same thing is called the same in all of them.

    Raises:
        SpecificationInvalid: what the catalogue says of the data set as a whole does not fit the document.
    """
    pairs = same_fields([field.name for field in found.fields], [field.name for field in held.fields])
    taken = [field.column for field in held.fields]  # a new field is not one that we held, gone or not
    fields: list[dict[str, Any]] = []
    base = _plain(held)
    for place, published in enumerate(found.fields):
        if place in pairs:
            entry = dict(base["fields"][pairs[place]])
        else:
            wanted = columns.get(loosely(published.name), "")
            column = wanted if wanted and wanted not in taken else column_name(published.name, taken)
            entry = {"name": published.name, "column": column, "required": "no"}
            taken.append(column)
        old = held.fields[pairs[place]] if place in pairs else None
        fields.append(_field(entry, old, published, file, confirmation))
    content = base | {"fields": fields}
    if confirmation:
        content |= {"status": "confirmed", "notice": None, "based_on": None}
    elif fields != base["fields"]:
        content |= {"status": "provisional", "notice": _notice(file, day)}
    kept = {entry["column"] for entry in fields}
    lost = {field.column for field in held.fields} - kept
    lost |= {
        held.fields[at].column
        for place, at in pairs.items()
        if held.fields[at].format != fields[place]["format"]
    }
    dropped: list[str] = []
    for part in ("record_checks", "references", "across"):
        content[part] = _without(content[part], lost, part, dropped)
    content["key"] = _key(content["key"], [entry["column"] for entry in fields], dropped)
    if found.has_required and confirmation:
        content["required_evidence"] = _evidence(file, confirmation)
    document = {"id": SOURCE, "title": f"{file.name}, SHA-256 {file.sha256}, read on {day}"}
    content["sources"] = [*(each for each in base["sources"] if each["id"] != SOURCE), document]
    try:
        revised = Specification.model_validate(content)
    except ValidationError as fault:
        raise SpecificationInvalid(f"{file.name}: no specification: {first_problem(fault)}") from fault
    heading = f"Compared with {file.name} (SHA-256 {file.sha256}) on {day}."
    text = catalogue_yaml(revised, heading=heading)
    specification = specification_from(text, where=f"{held.exercise}/{held.dataset}.yaml")
    return Revision(
        specification=specification,
        yaml=text,
        differences=tuple(differences(held, specification)),
        recognised=len(pairs),
        dropped=tuple(dropped),
    )


def _plain(specification: Specification) -> dict[str, Any]:
    content = specification.model_dump(mode="json", exclude={"digest"}, exclude_none=True)
    for entry in content["fields"]:
        entry["checks"] = [
            {use["name"]: use["allowed"] or use["limit"]} if use["allowed"] or "limit" in use else use["name"]
            for use in entry["checks"]
        ]
    return content


def _field(
    entry: dict[str, Any],
    old: SpecifiedField | None,
    published: PublishedField,
    file: PublishedFile,
    confirmation: Confirmation | None,
) -> dict[str, Any]:
    """The entry of one field, brought in line with the document."""
    new = entry | {"name": published.name, "format": str(_format(published, old))}
    if required := _required(published.required):
        new["required"] = str(required)
    if old is None:
        new["comment"] = published.comment
    elif confirmation:
        new["comment"] = _confirmed_comment(old, published.comment)
    elif not old.comment:
        new["comment"] = published.comment
    if old is not None and new["format"] != old.format:
        new["checks"], new["examples"] = [], {}
    length = _length(published)
    if length and new["format"] not in {FieldFormat.CHARACTER, FieldFormat.NUMBER}:
        new["width"] = length
    elif length:
        kept = [use for use in new.get("checks", []) if not (isinstance(use, dict) and LONGEST in use)]
        new["checks"] = [*kept, {LONGEST: length}]
    if confirmation:
        new |= {"evidence": _evidence(file, confirmation), "source": SOURCE}
        ours = [use for use in new.get("checks", []) if use != {LONGEST: length}]
        ours += [key for key in ("exempt_from", "coded", "plain_codes") if new.get(key)]
        new["checks_evidence"] = old.evidence_of_checks if old and ours else None
        return new
    if new != entry:
        return new | {"evidence": "not confirmed", "source": SOURCE}
    return new


def _confirmed_comment(old: SpecifiedField, said: str) -> str:
    """The document's own comment, then ours with the evidence that it had: nobody confirmed that one.

    Of a field in doubt, ours told of the doubt, which is gone.
    """
    before, mark, ours = old.comment.partition(_OURS)
    if mark:
        ours = mark + ours
    elif before and not old.evidence.startswith("confirmed") and old.evidence not in _DOUBTFUL:
        ours = f"{_OURS}{old.evidence}): {before}"
    return f"{said} {ours}".strip()


def _evidence(file: PublishedFile, confirmation: Confirmation) -> str:
    return (
        f"confirmed by {confirmation.by} on {confirmation.on} from {file.name} (sha256 {file.sha256[:12]}…)"
    )


def _format(published: PublishedField, old: SpecifiedField | None) -> FieldFormat:
    """The document's format, in our words; ours where the document's words allow it.

    Published tables say Numeric of sums, of hours and of telephone numbers alike. What we hold tells these
    apart; of a new field, its name does.
    """
    said = published.format.casefold()
    if said in set(FieldFormat):
        return FieldFormat(said)
    for pattern, field_format in _FORMATS.items():
        if re.search(pattern, said):
            if field_format is not FieldFormat.NUMBER:
                return field_format
            numeric = old is not None and old.format is not FieldFormat.DATE
            return old.format if old and numeric else _numeric(published.name.casefold())
    return old.format if old else FieldFormat.CHARACTER


def _numeric(name: str) -> FieldFormat:
    if re.search(r"\bhours?\b", name):
        return FieldFormat.HOURS
    if re.search(r"amount|\bpay\b|value|cost|salary|\bsum\b|charge|balance|rent\b|discount|£", name):
        return FieldFormat.MONEY
    return FieldFormat.NUMBER


def _length(published: PublishedField) -> int | None:
    """The most characters: from the column of lengths, or '35' out of 'Character (35)'."""
    stated = re.search(r"\d{1,4}", published.length) or re.search(
        r"\(\s*(\d{1,4})\s*\)|(\d{1,4})\s*characters", published.format, re.IGNORECASE
    )
    if not stated:
        return None
    length = int(next(part for part in (*stated.groups(), stated[0]) if part))
    return length or None


def _required(said: str) -> Need | None:
    key = re.sub(r"[^a-z]", "", said.casefold())
    return next((need for need, words in _REQUIRED.items() if key and key in words.split()), None)


def _without(node: Any, lost: set[str], place: str, dropped: list[str]) -> Any:
    """The rules that can do without the lost columns; a rule over a set of columns goes on with the rest."""
    if isinstance(node, list):
        kept = [_without(each, lost, place, dropped) for each in node]
        return [each for each in kept if each is not None]
    if not isinstance(node, dict):
        return node
    if "severity" not in node:
        kept_entries = {key: _without(value, lost, f"{place}.{key}", dropped) for key, value in node.items()}
        return {key: value for key, value in kept_entries.items() if value is not None}
    node = _without_optional(node, lost)
    names = {name for value in node.values() for name in (value if isinstance(value, list) else [value])}
    gone = lost & {name for name in names if isinstance(name, str)}
    if not gone:
        return node
    dropped.append(f"{place}: {', '.join(sorted(gone))}")
    rest = [column for column in node.get("columns", []) if column not in lost]
    return node | {"columns": rest} if rest and place.startswith("across") else None


def _without_optional(rule: dict[str, Any], lost: set[str]) -> dict[str, Any]:
    """An agreement of records asks nothing of a column that no record has: it counts as blank in all."""
    kept = {key: value for key, value in rule.items() if key != "blank_in_one" or value not in lost}
    if "same_or_blank" in kept:
        kept["same_or_blank"] = [column for column in kept["same_or_blank"] if column not in lost]
    return kept


def _key(key: dict[str, Any], columns: list[str], dropped: list[str]) -> dict[str, Any]:
    """The key without lost columns; where none is left, the first field, as nothing more than a guess."""
    kept = [column for column in key["columns"] if column in columns]
    if len(kept) == len(key["columns"]):
        return key
    dropped.append(f"key: {', '.join(column for column in key['columns'] if column not in kept)}")
    return {"columns": kept or columns[:1], "severity": "warning", "evidence": "not confirmed"}


def _notice(file: PublishedFile, day: date) -> str:
    return (
        f"Provisional: the fields were read from {file.name} on {day}, and nobody has confirmed that this is "
        "the published specification."
    )
