"""The manifest, `datapackage.json`: Data Package v2, with what an auditor asks under the prefix `nfi:`.

Any Data Package client can check the files with it; nfi reads it back with the same models. It holds all
that is needed to make the package again from the extracts, and no record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from outputs.declared.declaration import Declaration
from outputs.one_line import one_line
from outputs.sparse import Sparse
from outputs.written.control_totals import ControlTotals
from outputs.written.delimited import LINE_END, QUALIFIER
from outputs.written.written_form import DELIMITERS, Place, WrittenForm
from specs.check_record import CorrectionCount, FindingCount, NotChecked
from specs.errors import NfiError
from specs.specification import Column, FieldFormat, Severity, first_problem

MANIFEST = "datapackage.json"
SIGNATURE = "datapackage.json.sig"
VERSION: Literal[2] = 2
"""Of the keys under `nfi:`. A package with a higher one was made by a later nfi."""

_PROFILES = "https://datapackage.org/profiles/2.0"


class ManifestUnreadable(NfiError):
    """A manifest is not JSON, not one of nfi's, or of a later version."""


class _Standard(Sparse):
    """What Data Package defines; camelCase keys, as it has them."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


def _known_delimiter(said: str) -> str:
    if said not in DELIMITERS:
        raise ValueError(f"is none of {' '.join(DELIMITERS)}")
    return said


class Dialect(_Standard):
    """How the lines of a file are to be taken apart."""

    profile: str = Field(default=f"{_PROFILES}/tabledialect.json", alias="$schema")
    header: bool = True
    delimiter: Annotated[str, AfterValidator(_known_delimiter)]
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


class Resource(_Standard):
    """One file of records.

    Data Package has no word for fixed width: such a file has no `type`, `dialect`, `schema` or `rows`, so
    that clients check its bytes and leave its lines alone; `nfi:schema` and `nfi:places` describe them.
    """

    profile: str = Field(default=f"{_PROFILES}/dataresource.json", alias="$schema")
    name: str
    type: Literal["table"] | None = None
    title: str
    description: str
    path: str
    format: Literal["csv", "txt"] = "csv"
    mediatype: Literal["text/csv", "text/plain"] = "text/csv"
    encoding: Literal["utf-8"] = "utf-8"
    bytes: int
    hash: str
    table_rows: int | None = Field(default=None, alias="rows")
    dialect: Dialect | None = None
    table_schema: TableSchema | None = Field(default=None, alias="schema")
    fixed_schema: TableSchema | None = Field(default=None, alias="nfi:schema")
    places: tuple[Place, ...] | None = Field(default=None, alias="nfi:places")
    data_set: str = Field(alias="nfi:data_set")
    part: int | None = Field(default=None, alias="nfi:part")
    """The number of the file, where the specification asks for several."""
    control_totals: ControlTotals = Field(alias="nfi:control_totals")

    @property
    def rows(self) -> int:
        """How many records the file holds, however it is written."""
        return self.control_totals.records if self.table_rows is None else self.table_rows

    @property
    def fields(self) -> tuple[TableField, ...]:
        """The fields of the file, in order, however it is written."""
        schema = self.table_schema or self.fixed_schema
        return schema.fields if schema else ()


class SpecificationUsed(Sparse):
    """Which specification a data set follows, and how far that specification can be relied on."""

    label: str
    status: str
    sha256: str
    notice: str | None = None
    path: str
    """Of the catalogue file inside the package."""
    own: bool
    """Whether it was the body's own, and not the one that came with nfi."""


class FileUsed(Sparse):
    """One file that the source system gave."""

    name: str
    sha256: str
    bytes: int
    format: str
    records: int
    blank_rows: int
    part: int | None = None
    """The file of the submission that its records went into, where there are several."""


class ExtractUsed(Sparse):
    """What a data set was made from."""

    files: tuple[FileUsed, ...]
    mapping: str | None = None
    """Path of the mapping inside the package; absent where the headings are the specification's own."""
    layout: str | None = None
    """Path of the layout by which files of fixed width were read."""
    corrections: tuple[CorrectionCount, ...] = ()
    """What was corrected before the check, where the body asked for that."""
    columns_absent: tuple[str, ...]
    """Published names of the fields that the extract lacks: they are sent blank."""
    columns_not_held: tuple[str, ...] = ()
    """Those of them that the source system has not got, as the mapping says."""
    columns_unused: tuple[str, ...]
    """Headings of the extract that stayed behind: no field takes them."""


class CheckRun(Sparse):
    """What the check of the extract was made with; the same gives the same findings."""

    tool: str
    libraries: dict[str, str]
    made_from: dict[str, Any]
    """As in `runs/check-<data set>.json`: hashes, settings, the day."""


class LookupUsed(Sparse):
    """The look-up table of one coded field, or why there is none."""

    field: str
    path: str | None = None
    given_when_packaging: bool | None = None
    reason: str | None = None
    """Why the field needs none, as a person says."""


class SentFinding(Sparse):
    """How often one check failed on one field of the files as they are sent, and on which rows."""

    code: str
    severity: Severity
    field: str | None = None
    count: int
    first_row: int | None = None
    rows_sha256: str
    """Of the row numbers, as 64-bit little-endian whole numbers in ascending order."""


class SentCheck(Sparse):
    """The check of the files as they are sent, which `nfi verify` makes again from the package alone."""

    findings: tuple[SentFinding, ...]
    not_checked: tuple[NotChecked, ...] = ()


class DataSet(Sparse):
    """One data set: what it was made from, what the check found, what was sent all the same."""

    name: str
    title: str
    one_record_per: str
    specification: SpecificationUsed
    extract: ExtractUsed
    check: CheckRun
    findings: tuple[FindingCount, ...]
    """Of the extract."""
    not_checked: tuple[NotChecked, ...]
    sent: SentCheck
    lookups: tuple[LookupUsed, ...] = ()

    def open_findings(self, severity: Severity) -> int:
        """How many findings of one severity are still open."""
        return sum(finding.count for finding in self.findings if finding.severity is severity)


class AcceptedErrors(Sparse):
    """Errors that the body sends on purpose: why, who says so, and how many of each code."""

    reason: str
    by: str
    code: str | None = None
    """The check whose errors are meant; absent: all that no other reason names."""
    counts: dict[str, dict[str, int]]
    """Data set, then code, then number of errors."""


class OtherFile(Sparse):
    """A file of the package that holds no records."""

    path: str
    bytes: int
    hash: str
    holds: Literal["look-up table", "layout", "transliterations", "specification", "mapping", "cover sheet"]


class Contributor(_Standard):
    """Who made the package."""

    title: str
    roles: tuple[str, ...] = ("creator",)


class Manifest(_Standard):
    """All that has to be known about a submission to open, check, trust and repeat it."""

    profile: str = Field(default=f"{_PROFILES}/datapackage.json", alias="$schema")
    name: str
    title: str
    description: str
    contributors: tuple[Contributor, ...]
    manifest_version: Literal[2] = Field(default=VERSION, alias="nfi:manifest_version")
    tool: str = Field(alias="nfi:tool")
    libraries: dict[str, str] = Field(alias="nfi:libraries")
    body: str = Field(alias="nfi:body")
    exercise: str = Field(alias="nfi:exercise")
    form: WrittenForm = Field(alias="nfi:form")
    accepted_errors: tuple[AcceptedErrors, ...] = Field(default=(), alias="nfi:accepted_errors")
    declaration: Declaration | None = Field(default=None, alias="nfi:declaration")
    not_declared: tuple[str, ...] = Field(default=(), alias="nfi:not_declared")
    """What was warned of when packaging: no declaration, or fields that the privacy notice does not list."""
    remarks: tuple[str, ...] = Field(default=(), alias="nfi:remarks")
    """What the body wants the receiver to know, in its own words."""
    notes: tuple[str, ...] = Field(alias="nfi:notes")
    """What the receiver has to know to read the files as they were meant."""
    data_sets: tuple[DataSet, ...] = Field(alias="nfi:data_sets", min_length=1)
    files: tuple[OtherFile, ...] = Field(default=(), alias="nfi:files")
    resources: tuple[Resource, ...] = Field(min_length=1)

    @cached_property
    def by_data_set(self) -> Mapping[str, DataSet]:
        """The data sets by name."""
        return {each.name: each for each in self.data_sets}

    def resources_of(self, data_set: str) -> tuple[Resource, ...]:
        """The files of one data set, in the order of their parts."""
        return tuple(each for each in self.resources if each.data_set == data_set)

    @property
    def errors_sent(self) -> int:
        """How many errors are sent on purpose."""
        counts = (errors for each in self.accepted_errors for errors in each.counts.values())
        return sum(sum(errors.values()) for errors in counts)

    @property
    def notices(self) -> tuple[str, ...]:
        """What must be said wherever the package is mentioned, such as that a layout is unconfirmed."""
        return tuple(dict.fromkeys(d.specification.notice for d in self.data_sets if d.specification.notice))

    def described(self) -> dict[str, tuple[int, str]]:
        """Bytes and hash of every file that the manifest vouches for, by path."""
        records = {each.path: (each.bytes, each.hash) for each in self.resources}
        return records | {each.path: (each.bytes, each.hash) for each in self.files}


def manifest_text(manifest: Manifest) -> bytes:
    """The manifest as JSON: UTF-8, two spaces, the same bytes for the same manifest."""
    content = manifest.model_dump(mode="json", by_alias=True)
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def read_manifest(text: bytes) -> Manifest:
    """A manifest from its JSON.

    Raises:
        ManifestUnreadable: not JSON, of another version, or a key is missing, unknown or wrong; says which.
    """
    try:
        _refuse_other_version(json.loads(text))
        return Manifest.model_validate_json(text)
    except ValidationError as fault:
        raise ManifestUnreadable(
            f"{MANIFEST}: {one_line(first_problem(fault))}. Ask for the package again."
        ) from None
    except (ValueError, RecursionError):
        raise ManifestUnreadable(f"{MANIFEST}: is no JSON. Fetch the package again.") from None


def _refuse_other_version(content: object) -> None:
    version = content.get("nfi:manifest_version") if isinstance(content, dict) else None
    if version is None:
        raise ManifestUnreadable(f"{MANIFEST}: is not one of nfi's manifests. Name a package made by nfi.")
    if isinstance(version, int) and version > VERSION:
        raise ManifestUnreadable(
            f"{MANIFEST}: was written by a later version of nfi (manifest version {version}; this nfi reads "
            f"{VERSION}). Open it with that version: 'nfi:tool' in the manifest names it."
        )
    if version != VERSION:
        raise ManifestUnreadable(
            f"{MANIFEST}: has manifest version {version!r:.20}, and this nfi reads {VERSION}. Open it with "
            "the version of nfi that 'nfi:tool' in the manifest names."
        )
