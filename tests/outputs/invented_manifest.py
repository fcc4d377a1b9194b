"""Manifests of invented submissions, for tests of what is made from a manifest alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from outputs.declared.declaration import Declaration
from outputs.submitted.manifest import (
    AcceptedErrors,
    CheckRun,
    Contributor,
    DataSet,
    Dialect,
    ExtractUsed,
    FileUsed,
    LookupUsed,
    Manifest,
    OtherFile,
    Resource,
    SentCheck,
    SentFinding,
    SpecificationUsed,
)
from outputs.submitted.table_schema import table_schema
from outputs.written.control_totals import ControlTotals, FieldTotals
from outputs.written.written_form import FileLayout, Place, WrittenForm
from specs.catalogues import load_specification
from specs.check_record import CorrectionCount, FindingCount, NotChecked
from specs.specification import CURRENT_EXERCISE, FieldFormat, Severity, Specification

RECORDS = 12_345
DELIMITED = WrittenForm()
FIXED = WrittenForm(layout=FileLayout.FIXED_WIDTH, headings=False)
DECLARED = Declaration.model_validate(
    {
        "exercise": CURRENT_EXERCISE,
        "senior_responsible_officer": {"name": "Nadia O'Neill", "role": "Director of Finance"},
        "key_contact": {"name": "Owen Price", "email": "owen.price@anytown.example"},
        "privacy_notice": {
            "complies": True,
            "date": "2026-07-01",
            "shown": {"payslips": "July 2026", "web_address": "www.anytown.example/privacy"},
            "lists": "Name, Address, Date of birth",
        },
        "security_policy": {"complies": True, "date": "2026-07-03"},
        "data_sets": ["payroll", "creditors-history", "creditors-standing"],
        "agency_payroll": "none",
    }
)


def totals_of(specification: Specification, *, filled: int = 12_000, records: int = RECORDS) -> ControlTotals:
    """Invented totals, large enough to need their thousands marked; each field as often filled."""
    kinds: dict[FieldFormat, dict[str, Any]] = {
        FieldFormat.CHARACTER: {"not_ascii": 0, "replaced": 0, "transliterated": 2},
        FieldFormat.MONEY: {
            "total": -123_456_789,
            "smallest": -98_765_432,
            "largest": 87_654_321,
            "negatives": 1_000,
        },
        FieldFormat.HOURS: {"total": 1_600, "smallest": 1_234, "largest": 4_321, "negatives": 0},
        FieldFormat.DATE: {"earliest": date(1951, 4, 13), "latest": date(2026, 9, 27)},
    }
    return ControlTotals(
        records=records,
        fields=tuple(
            FieldTotals.model_validate(
                {
                    "field": field.name,
                    "blanks": records - filled,
                    **(kinds.get(field.format, {}) if filled else {}),
                }
            )
            for field in specification.fields
        ),
    )


def resource_of(
    specification: Specification,
    *,
    form: WrittenForm = DELIMITED,
    part: int | None = None,
    delimiter: str = "|",
    totals: ControlTotals | None = None,
) -> Resource:
    """One file of a data set."""
    name = specification.dataset if part is None else f"{specification.dataset}-{part}"
    schema = table_schema(specification, form.negative_sign)
    fixed = form.fixed_width
    part_title = "" if part is None else f": {specification.files[part - 1].title}"
    totals = totals or totals_of(specification)
    return Resource(
        name=name,
        type=None if fixed else "table",
        title=f"{specification.title}{part_title}",
        description=f"One record per {specification.one_record_per}.",
        path=f"{name}.txt" if fixed else f"{name}.csv",
        format="txt" if fixed else "csv",
        mediatype="text/plain" if fixed else "text/csv",
        bytes=1_234_567,
        hash=f"sha256:{'0a1b2c3d' * 8}",
        table_rows=None if fixed else totals.records,
        dialect=None if fixed else Dialect(delimiter=delimiter, header=form.headings),
        table_schema=None if fixed else schema,
        fixed_schema=schema if fixed else None,
        places=_places(specification) if fixed else None,
        data_set=specification.dataset,
        part=part,
        control_totals=totals,
    )


def _places(specification: Specification) -> tuple[Place, ...]:
    return tuple(
        Place(field=field.name, start=1 + 20 * number, width=20)
        for number, field in enumerate(specification.fields)
    )


FINDINGS = (
    FindingCount(
        code="nino", severity=Severity.ERROR, field="National insurance number", count=3, first_row=9
    ),
    FindingCount(code="required", severity=Severity.WARNING, field="Post code", count=1_234, first_row=2),
    FindingCount(code="record_repeated", severity=Severity.WARNING, field=None, count=2, first_row=77),
    FindingCount(code="one_employer", severity=Severity.WARNING, field=None, count=1, first_row=None),
    FindingCount(code="assumed", severity=Severity.NOTE, field=None, count=4, first_row=None),
)
SENT = SentCheck(
    findings=(
        SentFinding(
            code="nino",
            severity=Severity.ERROR,
            field="National insurance number",
            count=3,
            first_row=9,
            rows_sha256="0" * 64,
        ),
        SentFinding(
            code="required",
            severity=Severity.WARNING,
            field="Post code",
            count=1_240,
            first_row=2,
            rows_sha256="0" * 64,
        ),
    )
)
STATE: dict[str, Any] = {
    "findings": FINDINGS,
    "sent": SENT,
    "not_checked": (NotChecked(code="modulus", reason="no tables of the banks were given"),),
}
"""What a check found, for `data_set_of`."""


def data_set_of(
    specification: Specification, *, extract: dict[str, Any] | None = None, **changes: Any
) -> DataSet:
    """One data set; `extract` are changes to what it was made from."""
    used = ExtractUsed(
        files=(
            FileUsed(
                name=f"{specification.dataset} extract.csv",
                sha256="e" * 64,
                bytes=1,
                format="comma-separated, UTF-8",
                records=RECORDS,
                blank_rows=0,
            ),
        ),
        columns_absent=(),
        columns_unused=(),
    ).model_copy(update=extract or {})
    return DataSet(
        name=specification.dataset,
        title=specification.title,
        one_record_per=specification.one_record_per,
        specification=SpecificationUsed(
            label=specification.label,
            status=specification.status,
            sha256=specification.digest,
            notice=specification.notice,
            path=f"audit/{specification.dataset}/specification.yaml",
            own=False,
        ),
        extract=used,
        check=CheckRun(tool="nfi 0.1.0", libraries={}, made_from={}),
        findings=(),
        not_checked=(),
        sent=SentCheck(findings=()),
    ).model_copy(update=changes)


def other_file(path: str, holds: Any) -> OtherFile:
    """A file that holds no records."""
    return OtherFile(path=path, bytes=123, hash=f"sha256:{'f' * 64}", holds=holds)


def manifest_of(
    data_sets: Sequence[DataSet],
    resources: Sequence[Resource],
    *,
    form: WrittenForm = DELIMITED,
    **changes: Any,
) -> Manifest:
    """A manifest of these."""
    return Manifest(
        name=f"nfi-{CURRENT_EXERCISE}",
        title=f"National Fraud Initiative {CURRENT_EXERCISE}: Anytown",
        description="Invented.",
        contributors=(Contributor(title="Anytown"),),
        tool="nfi 0.1.0",
        libraries={},
        body="Anytown",
        exercise=CURRENT_EXERCISE,
        form=form,
        notes=("Values that could not be read as a date, an amount or hours, and are sent blank: 1,230.",),
        data_sets=tuple(data_sets),
        resources=tuple(resources),
    ).model_copy(update=changes)


def one(dataset: str, *, totals: ControlTotals | None = None, **changes: Any) -> Manifest:
    """A manifest of one data set of the catalogue, as one delimited file; `changes` are the manifest's."""
    specification = load_specification(dataset)
    return manifest_of([data_set_of(specification)], [resource_of(specification, totals=totals)], **changes)


def everything(specification: Specification) -> Manifest:
    """One data set with all that there can be: errors accepted, corrections, look-up tables, declaration."""
    dataset = specification.dataset
    data_set = data_set_of(
        specification,
        **STATE,
        extract={
            "corrections": (
                CorrectionCount(code="trim", field="Surname", count=1_200),
                CorrectionCount(code="post_code", field="Post code", count=34),
            ),
            "columns_absent": ("Passport number", "Building society roll number"),
            "columns_not_held": ("Passport number",),
            "columns_unused": ("Tax code", "Manager"),
        },
        lookups=(
            LookupUsed(field="Department", path=f"lookups/{dataset}-department.csv"),
            LookupUsed(field="Leaver indicator", reason="the payroll system has only Y and N"),
        ),
    )
    return manifest_of(
        [data_set],
        [resource_of(specification)],
        declaration=DECLARED,
        accepted_errors=(
            AcceptedErrors(
                reason="three new starters have no number yet",
                by="Nadia O'Neill",
                code="nino",
                counts={dataset: {"nino": 3}},
            ),
        ),
        not_declared=(
            "payroll: the privacy notice does not list Home telephone number, Mobile telephone number.",
        ),
        files=(
            other_file(f"lookups/{dataset}-department.csv", "look-up table"),
            other_file(f"audit/{dataset}/specification.yaml", "specification"),
        ),
        remarks=("Pay of casual staff is to 31 August only.",),
    )


def payroll() -> Manifest:
    """Everything, of payroll."""
    return everything(load_specification("payroll"))


def creditors() -> Manifest:
    """The pair of creditor data sets, with a delimiter of its own each and no declaration."""
    history, standing = load_specification("creditors-history"), load_specification("creditors-standing")
    return manifest_of(
        [data_set_of(history, **STATE), data_set_of(standing)],
        [resource_of(history, delimiter="|"), resource_of(standing, delimiter=",")],
        not_declared=("No declaration was recorded. Record it: nfi declare",),
    )


def pensions() -> Manifest:
    """Pensions in three files of fixed width."""
    specification = load_specification("pensions")
    return manifest_of(
        [data_set_of(specification)],
        [resource_of(specification, form=FIXED, part=number) for number in (1, 2, 3)],
        form=FIXED,
        declaration=DECLARED,
        files=tuple(other_file(f"layouts/pensions-{number}.csv", "layout") for number in (1, 2, 3)),
    )
