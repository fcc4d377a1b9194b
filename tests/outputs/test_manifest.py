"""Every value here is invented."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.control_totals import ControlTotals, FieldTotals
from outputs.datapackage import (
    AcceptedErrors,
    Manifest,
    ManifestUnreadable,
    Resource,
    describe_resource,
    describe_submission,
    manifest_text,
    read_manifest,
)
from outputs.encrypted_zip import WrittenFile
from outputs.spec_format import NegativeSign
from specs.catalogues import datasets, exercises, load_specification
from specs.check_record import CheckRecord, ExtractFile, FindingCount
from specs.specification import Need, Severity, Specification

CATALOGUE = [(dataset, exercise) for exercise in exercises() for dataset in datasets(exercise)]


def resource_of(specification: Specification, negative_sign: NegativeSign = NegativeSign.LEADING) -> Resource:
    record = CheckRecord(
        dataset=specification.dataset,
        exercise=specification.exercise,
        specification=specification.label,
        specification_digest=specification.digest,
        files=(
            ExtractFile(
                name="extract.csv",
                sha256="e" * 64,
                bytes=1,
                format="comma-separated, UTF-8",
                records=0,
                blank_rows=0,
                rows_before=0,
            ),
        ),
        records_sha256="0" * 64,
        mapping_sha256=None,
        rows=0,
        findings=(
            FindingCount(code="no_records", severity=Severity.NOTE, field=None, count=1, first_row=None),
        ),
        version="0.1.0",
    )
    totals = ControlTotals(
        records=0, fields=tuple(FieldTotals(field=field.name, blanks=0) for field in specification.fields)
    )
    return describe_resource(
        specification,
        record,
        WrittenFile(f"{specification.dataset}.csv", 10, "a" * 64),
        totals,
        delimiter="|",
        negative_sign=negative_sign,
    )


def manifest_of(*resources: Resource, **settings: object) -> Manifest:
    given = {
        "body": "Anytown",
        "exercise": "2026-27",
        "tool": "nfi 0.1.0",
        "negative_sign": NegativeSign.LEADING,
        "accepted_errors": None,
        "notes": (),
    }
    return describe_submission(resources, **(given | settings))  # type: ignore[arg-type]


@pytest.mark.parametrize(("dataset", "exercise"), CATALOGUE)
def test_every_specification_of_the_catalogue_can_be_described(dataset: str, exercise: str) -> None:
    specification = load_specification(dataset, exercise)
    described = json.loads(manifest_text(manifest_of(resource_of(specification))))["resources"][0]
    assert described["nfi:specification"]["label"] == specification.label
    assert described["nfi:specification"].get("notice") == specification.notice
    assert [field["name"] for field in described["schema"]["fields"]] == [
        field.name for field in specification.fields
    ]
    for field, shown in zip(specification.fields, described["schema"]["fields"], strict=True):
        assert shown["nfi:evidence"] == field.evidence
        assert field.evidence in shown["description"]
        assert field.comment in shown["description"]
        assert (shown.get("constraints") == {"required": True}) is (field.required is Need.ERROR)


def test_only_a_key_whose_breach_is_an_error_is_a_primary_key() -> None:
    payroll, standing = load_specification("payroll"), load_specification("creditors-standing")
    assert (payroll.key.severity, standing.key.severity) == (Severity.ERROR, Severity.WARNING)
    assert resource_of(payroll).table_schema.primary_key == ("Employee reference number",)
    assert resource_of(standing).table_schema.primary_key is None


def test_amounts_with_a_trailing_minus_are_text_with_a_pattern() -> None:
    history = load_specification("creditors-history")
    described = {
        sign: {field.name: field for field in resource_of(history, sign).table_schema.fields}
        for sign in NegativeSign
    }
    leading = described[NegativeSign.LEADING]["VAT amount"]
    trailing = described[NegativeSign.TRAILING]["VAT amount"]
    assert (leading.type, leading.constraints) == ("integer", None)
    assert trailing.type == "string"
    assert trailing.constraints is not None
    assert trailing.constraints.pattern == "[0-9]+-?"


@given(
    body=st.text(min_size=1),
    notes=st.lists(st.text()),
    reason=st.none() | st.text(min_size=1),
    sign=st.sampled_from(NegativeSign),
)
def test_a_manifest_is_read_back_the_same(
    body: str, notes: list[str], reason: str | None, sign: NegativeSign
) -> None:
    accepted = AcceptedErrors(reason=reason, counts={"payroll": {"required": 1}}) if reason else None
    resource = resource_of(load_specification("payroll"), sign)
    manifest = manifest_of(resource, body=body, notes=notes, negative_sign=sign, accepted_errors=accepted)
    text = manifest_text(manifest)
    assert read_manifest(text) == manifest
    assert manifest_text(read_manifest(text)) == text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"nfi:manifest_version": 2}, "nfi:manifest_version", id="a later version"),
        pytest.param({"nfi:surprise": 1}, "nfi:surprise", id="an unknown key"),
        pytest.param({"resources": []}, "resources", id="no data sets"),
    ],
)
def test_a_manifest_that_cannot_be_trusted_is_refused_by_key(change: dict[str, object], reason: str) -> None:
    sound = json.loads(manifest_text(manifest_of(resource_of(load_specification("payroll")))))
    with pytest.raises(ManifestUnreadable, match=reason) as raised:
        read_manifest(json.dumps(sound | change).encode())
    assert "\n" not in str(raised.value)
