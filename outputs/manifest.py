"""The manifest, `datapackage.json`: Data Package v2, with what an auditor asks under the prefix `nfi:`.

Any Data Package client can check the files with it; nfi reads it back with the same models. The notes in
words are made here too, for the manifest and the cover note alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from outputs.control_totals import ControlTotals
from outputs.delimited import LINE_END, QUALIFIER
from outputs.encrypted_zip import WrittenFile
from outputs.sparse import Sparse
from outputs.spec_format import AMOUNTS, NegativeSign
from specs.check_record import CheckRecord, CorrectionCount, FindingCount, NotChecked
from specs.errors import NfiError
from specs.specification import (
    Column,
    FieldFormat,
    Need,
    Severity,
    Specification,
    SpecifiedField,
    first_problem,
)

MANIFEST = "datapackage.json"
COVER_NOTE = "read-me.txt"

_PROFILES = "https://datapackage.org/profiles/2.0"

_HOW_WRITTEN = {
    FieldFormat.CHARACTER: "Text.",
    FieldFormat.NUMBER: "Text of digits; leading zeros count.",
    FieldFormat.DATE: "Date as ddmmyyyy.",
    FieldFormat.MONEY: "Pence, digits only: 12345 is 123.45 pounds. Blank if not known.",
    FieldFormat.HOURS: "Hundredths of an hour, digits only: 1600 is 16 hours. Blank if not known.",
}

_SENT_BLANK = {"date", "money", "hours"}
"""Codes of the checks whose findings are values that have no typed form (specs.parse)."""

_SIGNS = {
    NegativeSign.LEADING: "a minus before the digits (-12345)",
    NegativeSign.TRAILING: "a minus after the digits (12345-)",
}

_IN_QUALIFIERS = {
    NegativeSign.LEADING: "Text and dates",
    NegativeSign.TRAILING: "Text, dates and amounts",
}


class ManifestUnreadable(NfiError):
    """A manifest is not JSON or not one of nfi's."""


class _Standard(Sparse):
    """What Data Package defines; camelCase keys, as it has them."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Dialect(_Standard):
    """How the lines of a file are to be taken apart."""

    profile: str = Field(default=f"{_PROFILES}/tabledialect.json", alias="$schema")
    header: Literal[True] = True
    delimiter: str
    line_terminator: str = LINE_END
    quote_char: str = QUALIFIER
    double_quote: Literal[True] = True
    skip_initial_space: Literal[False] = False


class Constraints(_Standard):
    """What every value of a field must satisfy."""

    required: bool | None = None
    pattern: str | None = None


class TableField(_Standard):
    """One field of a file, with the evidence that it belongs there."""

    name: str
    type: Literal["string", "date", "integer"]
    format: str | None = None
    description: str
    constraints: Constraints | None = None
    column: Column = Field(alias="nfi:column")
    field_format: FieldFormat = Field(alias="nfi:format")
    evidence: str = Field(alias="nfi:evidence")


class TableSchema(_Standard):
    """The fields of a file in order, and the columns that tell one record from another."""

    profile: str = Field(default=f"{_PROFILES}/tableschema.json", alias="$schema")
    fields: tuple[TableField, ...]
    missing_values: tuple[str, ...] = ("",)
    primary_key: tuple[str, ...] | None = None


class SpecificationUsed(Sparse):
    """Which specification a file follows, and how far that specification can be relied on."""

    label: str
    status: str
    sha256: str
    notice: str | None = None


class FileUsed(Sparse):
    """One file that the source system gave."""

    name: str
    sha256: str
    bytes: int
    format: str
    records: int
    blank_rows: int


class ExtractUsed(Sparse):
    """What the file was made from."""

    files: tuple[FileUsed, ...]
    mapping_sha256: str | None = None
    """Absent where the extract's headings are the specification's own."""
    corrections: tuple[CorrectionCount, ...] = ()
    """What was corrected before the check, where the body asked for that."""
    columns_absent: tuple[str, ...]
    columns_unused: tuple[str, ...]


class Resource(_Standard):
    """One data set's file."""

    profile: str = Field(default=f"{_PROFILES}/dataresource.json", alias="$schema")
    name: str
    type: Literal["table"] = "table"
    title: str
    description: str
    path: str
    format: Literal["csv"] = "csv"
    mediatype: Literal["text/csv"] = "text/csv"
    encoding: Literal["utf-8"] = "utf-8"
    bytes: int
    hash: str
    rows: int
    dialect: Dialect
    table_schema: TableSchema = Field(alias="schema")
    specification: SpecificationUsed = Field(alias="nfi:specification")
    extract: ExtractUsed = Field(alias="nfi:extract")
    control_totals: ControlTotals = Field(alias="nfi:control_totals")
    findings: tuple[FindingCount, ...] = Field(alias="nfi:findings")
    not_checked: tuple[NotChecked, ...] = Field(alias="nfi:not_checked")
    checked_with: str = Field(alias="nfi:checked_with")

    def open_findings(self, severity: Severity) -> int:
        """How many findings of one severity are still open."""
        return sum(finding.count for finding in self.findings if finding.severity is severity)


class AcceptedErrors(Sparse):
    """Errors that the body sends on purpose, with its reason and how many of each code."""

    reason: str
    counts: dict[str, dict[str, int]]
    """Data set, then code, then number of errors."""


class CoverNote(Sparse):
    """The plain-text note that stands beside the files."""

    path: str
    bytes: int
    hash: str


class Contributor(_Standard):
    """Who made the package."""

    title: str
    roles: tuple[str, ...] = ("creator",)


class Manifest(_Standard):
    """All that has to be known about a submission to open, check and trust it."""

    profile: str = Field(default=f"{_PROFILES}/datapackage.json", alias="$schema")
    name: str
    title: str
    description: str
    contributors: tuple[Contributor, ...]
    manifest_version: Literal[1] = Field(default=1, alias="nfi:manifest_version")
    tool: str = Field(alias="nfi:tool")
    body: str = Field(alias="nfi:body")
    exercise: str = Field(alias="nfi:exercise")
    negative_sign: NegativeSign = Field(alias="nfi:negative_sign")
    accepted_errors: AcceptedErrors | None = Field(default=None, alias="nfi:accepted_errors")
    notes: tuple[str, ...] = Field(alias="nfi:notes")
    cover_note: CoverNote | None = Field(default=None, alias="nfi:cover_note")
    resources: tuple[Resource, ...] = Field(min_length=1)


def describe_resource(
    specification: Specification,
    record: CheckRecord,
    written: WrittenFile,
    totals: ControlTotals,
    *,
    delimiter: str,
    negative_sign: NegativeSign,
) -> Resource:
    """The manifest's entry for one file that has been written."""
    return Resource(
        name=specification.dataset,
        title=specification.title,
        description=_sentences(
            f"One record per {specification.one_record_per}.",
            f"Specification: {specification.label}.",
            specification.notice,
        ),
        path=written.path,
        bytes=written.bytes,
        hash=f"sha256:{written.sha256}",
        rows=totals.records,
        dialect=Dialect(delimiter=delimiter),
        table_schema=table_schema(specification, negative_sign),
        specification=SpecificationUsed(
            label=specification.label,
            status=specification.status,
            sha256=specification.digest,
            notice=specification.notice,
        ),
        extract=ExtractUsed(
            files=tuple(
                FileUsed(
                    name=file.name,
                    sha256=file.sha256,
                    bytes=file.bytes,
                    format=file.format,
                    records=file.records,
                    blank_rows=file.blank_rows,
                )
                for file in record.files
            ),
            mapping_sha256=record.mapping_sha256,
            corrections=record.corrections,
            columns_absent=record.columns_absent,
            columns_unused=record.columns_unused,
        ),
        control_totals=totals,
        findings=record.findings,
        not_checked=record.not_checked,
        checked_with=f"nfi {record.version}",
    )


def describe_submission(
    resources: Sequence[Resource],
    *,
    body: str,
    exercise: str,
    tool: str,
    negative_sign: NegativeSign,
    accepted_errors: AcceptedErrors | None,
    notes: Iterable[str],
) -> Manifest:
    """The manifest of a submission whose files have been described; the cover note comes later."""
    return Manifest(
        name=f"nfi-{exercise}",
        title=f"National Fraud Initiative {exercise}: {body}",
        description=_sentences(
            f"Data sets of {body} for the National Fraud Initiative {exercise}.",
            *dict.fromkeys(resource.specification.notice for resource in resources),
        ),
        contributors=(Contributor(title=body),),
        tool=tool,
        body=body,
        exercise=exercise,
        negative_sign=negative_sign,
        accepted_errors=accepted_errors,
        notes=(*_notes(resources, negative_sign), *notes),
        resources=tuple(resources),
    )


def manifest_text(manifest: Manifest) -> bytes:
    """The manifest as JSON: UTF-8, two spaces, the same bytes for the same manifest."""
    content = manifest.model_dump(mode="json", by_alias=True)
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def read_manifest(text: bytes) -> Manifest:
    """A manifest from its JSON.

    Raises:
        ManifestUnreadable: not JSON, or a key is missing, unknown or wrong; says which.
    """
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as fault:
        raise ManifestUnreadable(f"{MANIFEST}: {first_problem(fault)}") from None


def _notes(resources: Sequence[Resource], negative_sign: NegativeSign) -> list[str]:
    """What the receiver has to know to read the files as they were meant."""
    negatives = sum(each.control_totals.negatives for each in resources)
    not_ascii = sum(each.control_totals.not_ascii for each in resources)
    replaced = sum(each.control_totals.replaced for each in resources)
    unreadable = sum(
        finding.count for each in resources for finding in each.findings if finding.code in _SENT_BLANK
    )
    return [
        f"Negative amounts, such as credit notes: {negatives:,}. They are written with "
        f"{_SIGNS[negative_sign]}. Which sign the National Fraud Initiative expects is not confirmed.",
        "Dates are ddmmyyyy, sums are in pence and hours in hundredths, without decimal point. "
        "A blank is a value that is not known; a zero is a true zero.",
        f"Values that could not be read as a date, an amount or hours, and are sent blank: {unreadable:,}.",
        f"{_IN_QUALIFIERS[negative_sign]} stand in double quotes; a double quote inside a value is "
        "written twice.",
        f"Characters are UTF-8. Values with a character that ASCII lacks: {not_ascii:,}.",
        f"Values in which line breaks or control characters became spaces: {replaced:,}.",
    ]


def table_schema(
    specification: Specification, negative_sign: NegativeSign = NegativeSign.LEADING
) -> TableSchema:
    """The schema of a file written as the specification asks: dates ddmmyyyy, sums in pence."""
    key = specification.key
    return TableSchema(
        fields=tuple(_table_field(field, negative_sign) for field in specification.fields),
        # A client refuses what breaks a primary key, so only a key whose breach is an error is one.
        primary_key=(
            tuple(specification.by_column[column].name for column in key.columns)
            if key.severity is Severity.ERROR
            else None
        ),
    )


def _table_field(field: SpecifiedField, negative_sign: NegativeSign) -> TableField:
    trailing = field.format in AMOUNTS and negative_sign is NegativeSign.TRAILING
    constraints = Constraints(
        required=True if field.required is Need.ERROR else None,
        pattern="[0-9]+-?" if trailing else None,
    )
    return TableField(
        name=field.name,
        type=_table_type(field.format, trailing=trailing),
        format="%d%m%Y" if field.format is FieldFormat.DATE else None,
        description=_sentences(field.comment, _HOW_WRITTEN[field.format], f"Evidence: {field.evidence}."),
        constraints=constraints if constraints != Constraints() else None,
        column=field.column,
        field_format=field.format,
        evidence=field.evidence,
    )


def _table_type(field_format: FieldFormat, *, trailing: bool) -> Literal["string", "date", "integer"]:
    if field_format is FieldFormat.DATE:
        return "date"
    return "integer" if field_format in AMOUNTS and not trailing else "string"


def _sentences(*texts: str | None) -> str:
    return " ".join(text for text in texts if text)
