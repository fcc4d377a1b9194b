"""A specification in the formats of other programs, judged by those programs' own rules."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from frictionless import Resource, Schema, system

from outputs.specification_files import csvw_json, field_table_csv, table_schema_json
from specs.catalogues import datasets, exercises, load_specification
from specs.differences import differences
from specs.published.documents import read_document
from specs.published.field_list import find_field_list
from specs.published.matching_names import same_fields
from specs.specification import FieldFormat, Need, Severity

ALL = [(dataset, exercise) for exercise in exercises() for dataset in datasets(exercise)]
GOOD = {
    FieldFormat.CHARACTER: "0012",
    FieldFormat.NUMBER: "0012",
    FieldFormat.DATE: "31032024",
    FieldFormat.MONEY: "-12345",
    FieldFormat.HOURS: "3750",
}
BAD = {FieldFormat.DATE: "2024-03-31", FieldFormat.MONEY: "123.45", FieldFormat.HOURS: "37.5"}


@pytest.mark.parametrize(("dataset", "exercise"), ALL)
def test_frictionless_accepts_the_schema_and_the_names_it_gives(dataset: str, exercise: str) -> None:
    specification = load_specification(dataset, exercise)
    descriptor = json.loads(table_schema_json(specification))
    schema = Schema.from_descriptor(descriptor)
    assert schema.field_names == [field.name for field in specification.fields]


@pytest.mark.parametrize("dataset", datasets("2026-27"))
def test_frictionless_passes_a_file_as_specified_and_fails_each_value_in_another_form(
    dataset: str, tmp_path: Path
) -> None:
    specification = load_specification(dataset)
    good = [GOOD[field.format] for field in specification.fields]
    rows = [good]
    for place, field in enumerate(specification.fields):
        if field.format in BAD:
            rows.append([*good[:place], BAD[field.format], *good[place + 1 :]])
    file = tmp_path / "extract.csv"
    with file.open("w", newline="", encoding="utf-8") as target:
        csv.writer(target).writerows([[field.name for field in specification.fields], *rows])
    with system.use_context(trusted=True):
        schema = json.loads(table_schema_json(specification)) | {"primaryKey": []}
        report = Resource(path=str(file), schema=Schema.from_descriptor(schema)).validate()
    faults = {(row, name) for row, name, _ in report.flatten(["rowNumber", "fieldName", "type"])}
    wrong = [field.name for field in specification.fields if field.format in BAD]
    assert faults == {(3 + at, name) for at, name in enumerate(wrong)}


# The keys that the W3C recommendation "Metadata Vocabulary for Tabular Data" gives to each kind of object,
# besides properties of other vocabularies, which have a prefix.
CSVW_KEYS = {
    "table": {"@context", "url", "dialect", "tableSchema"},
    "tableSchema": {"columns", "primaryKey"},
    "dialect": {"delimiter", "quoteChar", "doubleQuote", "encoding"},
    "column": {"name", "titles", "datatype", "required"},
    "datatype": {"base", "format"},
}


def own_keys(content: dict[str, Any]) -> set[str]:
    return {key for key in content if not key.startswith("dc:")}


@pytest.mark.parametrize(("dataset", "exercise"), ALL)
def test_csvw_metadata_has_the_structure_of_the_recommendation(dataset: str, exercise: str) -> None:
    specification = load_specification(dataset, exercise)
    table = json.loads(csvw_json(specification))
    assert own_keys(table) == CSVW_KEYS["table"]
    assert table["@context"][0] == "http://www.w3.org/ns/csvw"
    assert set(table["dialect"]) == CSVW_KEYS["dialect"]
    assert own_keys(table["tableSchema"]) <= CSVW_KEYS["tableSchema"]
    columns = table["tableSchema"]["columns"]
    assert [(each["name"], each["titles"]) for each in columns] == [
        (field.column, field.name) for field in specification.fields
    ]
    for column, field in zip(columns, specification.fields, strict=True):
        assert own_keys(column) == CSVW_KEYS["column"]
        assert column["required"] is (field.required is Need.ERROR)
        if isinstance(column["datatype"], dict):
            assert set(column["datatype"]) == CSVW_KEYS["datatype"]
        expected = {FieldFormat.DATE: {"base": "string", "format": "[0-9]{8}"}}
        amount = field.format in {FieldFormat.MONEY, FieldFormat.HOURS}
        assert column["datatype"] == expected.get(field.format, "integer" if amount else "string")
    key = table["tableSchema"].get("primaryKey", [])
    assert key == (list(specification.key.columns) if specification.key.severity is Severity.ERROR else [])


@pytest.mark.parametrize("dataset", datasets("2026-27"))
def test_the_table_of_fields_is_found_again_as_a_published_list(dataset: str, tmp_path: Path) -> None:
    specification = load_specification(dataset)
    (tmp_path / "fields.csv").write_bytes(field_table_csv(specification))
    found = find_field_list(read_document(tmp_path / "fields.csv"))
    assert found is not None
    names = [field.name for field in specification.fields]
    assert [(field.name, field.format, field.required) for field in found.fields] == [
        (field.name, field.format, field.required) for field in specification.fields
    ]
    assert same_fields([field.name for field in found.fields], names) == {n: n for n in range(len(names))}
    assert differences(specification, specification) == []


def test_the_table_of_fields_quotes_what_a_comma_would_break() -> None:
    rows = list(csv.DictReader(StringIO(field_table_csv(load_specification("payroll")).decode())))
    assert rows[0]["name"] == "Employee reference number"
    assert rows[22]["checks"].startswith("one_of F/P/C")
    assert len(rows) == 30
