"""Every value here is invented."""

import json
from typing import Any

import frictionless
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.submitted.manifest import Manifest, ManifestUnreadable, manifest_text, read_manifest
from outputs.submitted.table_schema import table_schema
from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import FileLayout, WrittenForm
from specs.catalogues import datasets, exercises, load_specification
from specs.specification import CharacterSet, Need, Severity
from tests.outputs import invented_manifest
from tests.outputs.invented_manifest import FIXED, one, resource_of

CATALOGUE = [(dataset, exercise) for exercise in exercises() for dataset in datasets(exercise)]
INVENTED = [invented_manifest.payroll, invented_manifest.creditors, invented_manifest.pensions]


@pytest.mark.parametrize(("dataset", "exercise"), CATALOGUE)
def test_every_specification_of_the_catalogue_can_be_described(dataset: str, exercise: str) -> None:
    specification = load_specification(dataset, exercise)
    described = table_schema(specification).model_dump(mode="json", by_alias=True)
    assert [field["name"] for field in described["fields"]] == [field.name for field in specification.fields]
    for field, shown in zip(specification.fields, described["fields"], strict=True):
        assert shown["nfi:evidence"] == field.evidence
        assert field.evidence in shown["description"]
        assert field.comment in shown["description"]
        assert (shown.get("constraints") == {"required": True}) is (field.required is Need.ERROR)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("dataset", "exercise"), CATALOGUE)
def test_clients_understand_every_schema_of_the_catalogue(dataset: str, exercise: str) -> None:
    described = table_schema(load_specification(dataset, exercise)).model_dump(mode="json", by_alias=True)
    schema = frictionless.Schema.from_descriptor(described)
    assert {field.name: field.type for field in schema.fields} == {
        field["name"]: field["type"] for field in described["fields"]
    }


def test_only_a_key_whose_breach_is_an_error_is_a_primary_key() -> None:
    payroll, standing = load_specification("payroll"), load_specification("creditors-standing")
    assert (payroll.key.severity, standing.key.severity) == (Severity.ERROR, Severity.WARNING)
    assert table_schema(payroll).primary_key == ("Employee reference number",)
    assert table_schema(standing).primary_key is None


def test_amounts_with_a_trailing_minus_are_text_with_a_pattern() -> None:
    history = load_specification("creditors-history")
    described = {
        sign: {field.name: field for field in table_schema(history, sign).fields} for sign in NegativeSign
    }
    leading = described[NegativeSign.LEADING]["VAT amount"]
    trailing = described[NegativeSign.TRAILING]["VAT amount"]
    assert (leading.type, leading.constraints) == ("integer", None)
    assert trailing.type == "string"
    assert trailing.constraints is not None
    assert trailing.constraints.pattern == "[0-9]+-?"


@pytest.mark.parametrize("invented", INVENTED)
def test_a_manifest_with_all_that_it_can_say_is_read_back_the_same(invented: Any) -> None:
    manifest = invented()
    text = manifest_text(manifest)
    assert read_manifest(text) == manifest
    assert manifest_text(read_manifest(text)) == text


@given(
    body=st.text(min_size=1),
    remarks=st.lists(st.text()),
    form=st.builds(
        WrittenForm,
        headings=st.booleans(),
        characters=st.sampled_from(CharacterSet),
        negative_sign=st.sampled_from(NegativeSign),
    ),
)
def test_whatever_a_person_writes_is_read_back_the_same(
    body: str, remarks: list[str], form: WrittenForm
) -> None:
    manifest = one("payroll", body=body, remarks=tuple(remarks), form=form)
    assert read_manifest(manifest_text(manifest)) == manifest


def test_the_text_is_plain_json_of_a_data_package() -> None:
    content = json.loads(manifest_text(invented_manifest.creditors()))
    assert content["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert {"name", "resources", "contributors"} <= content.keys()
    assert all(key.startswith("nfi:") or key.isidentifier() or key == "$schema" for key in content)


def test_fixed_width_is_no_table_to_clients_and_its_fields_are_known_all_the_same() -> None:
    specification = load_specification("pensions")
    fixed, delimited = resource_of(specification, form=FIXED), resource_of(specification)
    written = fixed.model_dump(mode="json", by_alias=True)
    assert not {"type", "schema", "dialect", "rows"} & written.keys()
    assert fixed.rows == delimited.rows
    assert fixed.fields == delimited.fields


def test_notices_are_told_once_each() -> None:
    provisional = {load_specification(name).notice for name in ("creditors-history", "creditors-standing")}
    assert {*invented_manifest.creditors().notices} == provisional
    assert len(invented_manifest.creditors().notices) == len(provisional)


def test_files_of_a_data_set_come_in_the_order_of_their_parts() -> None:
    manifest = invented_manifest.pensions()
    assert [each.part for each in manifest.resources_of("pensions")] == [1, 2, 3]
    assert manifest.resources_of("payroll") == ()


def changed(change: dict[str, object]) -> bytes:
    return json.dumps(json.loads(manifest_text(one("payroll"))) | change).encode()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(changed({"nfi:manifest_version": 3}), "later version of nfi", id="a later version"),
        pytest.param(changed({"nfi:manifest_version": 1}), "manifest version 1", id="an earlier version"),
        pytest.param(changed({"nfi:manifest_version": "x" * 999}), "manifest version", id="an odd version"),
        pytest.param(changed({"nfi:manifest_version": None}), "not one of nfi's", id="no version"),
        pytest.param(changed({"nfi:surprise": 1}), "nfi:surprise", id="an unknown key"),
        pytest.param(changed({"resources": []}), "resources", id="no files"),
        pytest.param(changed({"nfi:data_sets": []}), "nfi:data_sets", id="no data sets"),
        pytest.param(changed({"nfi:form": {"layout": "woven"}}), "nfi:form.layout", id="an unknown form"),
        pytest.param(
            changed({"nfi:form": {"layout": "fixed-width", "characters": "utf-8"}}),
            "nfi:form",
            id="a form that cannot be",
        ),
        pytest.param(b"[]", "not one of nfi's", id="a list"),
        pytest.param(b"{", "is no JSON", id="cut off"),
        pytest.param(b"[" * 100_000, "is no JSON", id="too deep"),
        pytest.param(b"\xff\xfe", "is no JSON", id="not text"),
        pytest.param(b"", "is no JSON", id="empty"),
    ],
)
def test_a_manifest_that_cannot_be_trusted_is_refused_by_key(text: bytes, reason: str) -> None:
    with pytest.raises(ManifestUnreadable, match=reason) as raised:
        read_manifest(text)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400


def test_the_layout_of_the_form_is_told() -> None:
    assert FIXED.layout is FileLayout.FIXED_WIDTH
    manifest: Manifest = invented_manifest.pensions()
    assert all(each.places for each in manifest.resources)
