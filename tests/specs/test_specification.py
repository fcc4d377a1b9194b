from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from specs.catalogues import CATALOGUE, datasets, exercises, load_specification
from specs.checks import FIELD_CHECKS
from specs.errors import SpecificationInvalid, SpecificationNotFound
from specs.specification import Specification, read_specification

ALL = [(exercise, dataset) for exercise in exercises() for dataset in datasets(exercise)]


def broken(tmp_path: Path, change: dict[str, object]) -> Path:
    raw = yaml.safe_load((CATALOGUE / "2012-13" / "creditors-history.yaml").read_text(encoding="utf-8"))
    path = tmp_path / "creditors-history.yaml"
    path.write_text(yaml.safe_dump(raw | change), encoding="utf-8")
    return path


@pytest.mark.parametrize(("exercise", "dataset"), ALL)
def test_every_specification_names_itself_as_its_file_does(exercise: str, dataset: str) -> None:
    specification = load_specification(dataset, exercise)
    assert (specification.exercise, specification.dataset) == (exercise, dataset)


@pytest.mark.parametrize(("exercise", "dataset"), ALL)
def test_every_check_that_a_field_names_exists(exercise: str, dataset: str) -> None:
    for field in load_specification(dataset, exercise).fields:
        assert {use.name for use in field.checks} <= set(FIELD_CHECKS)


@pytest.mark.parametrize("dataset", datasets("2026-27"))
def test_2026_27_is_provisional_and_says_so(dataset: str) -> None:
    specification = load_specification(dataset, "2026-27")
    assert specification.status == "provisional"
    assert "provisional" in specification.label
    assert specification.notice
    assert "Unconfirmed" in specification.notice


@pytest.mark.parametrize("dataset", datasets("2026-27"))
def test_2026_27_carries_the_fields_of_2012_13_over_unchanged(dataset: str) -> None:
    assert load_specification(dataset, "2026-27").fields == load_specification(dataset, "2012-13").fields


def test_the_number_and_order_of_fields_are_those_of_the_published_tables() -> None:
    assert {name: len(load_specification(name, "2012-13").fields) for name in datasets("2012-13")} == {
        "council-tax": 32,
        "creditors-history": 12,
        "creditors-standing": 17,
        "electoral-register": 12,
        "housing-tenants": 15,
        "licences": 15,
        "payroll": 30,
        "pensions": 23,
        "transport-permits": 16,
    }
    payroll = load_specification("payroll", "2012-13").fields
    assert (payroll[21].name, payroll[27].name) == ("National insurance number", "Sort code")


PUBLISHED_IN_THIS_ORDER = {
    "pensions": {
        1: "Employee reference number",
        4: "Sex",
        12: "Post code",
        14: "Date started pension",
        18: "National insurance number",
    },
    "electoral-register": {1: "Electoral Register reference number", 7: "Address 1", 12: "Date of birth"},
    "council-tax": {
        2: "Unique property reference number (UPRN)",
        12: "Postcode",
        16: "Middle name (initial) of other liable person",
        25: "Council Tax band",
        28: "Billing address 1",
    },
    "housing-tenants": {1: "Tenant status flag", 8: "Address line 4", 9: "Home telephone number"},
    "transport-permits": {2: "Pass/Permit number", 11: "Postcode", 13: "National insurance number"},
    "licences": {3: "Surname", 10: "Address Postcode", 12: "Home telephone number"},
}


@pytest.mark.parametrize("dataset", PUBLISHED_IN_THIS_ORDER)
def test_further_data_sets_have_the_published_fields_in_their_places(dataset: str) -> None:
    fields = load_specification(dataset, "2012-13").fields
    expected = PUBLISHED_IN_THIS_ORDER[dataset]
    assert {number: fields[number - 1].name for number in expected} == expected


@pytest.mark.parametrize(("exercise", "dataset"), ALL)
def test_fields_whose_place_is_not_known_come_after_those_whose_place_is(exercise: str, dataset: str) -> None:
    doubtful = [
        field.evidence in {"not confirmed", "recalled", "inferred"}
        for field in load_specification(dataset, exercise).fields
    ]
    assert doubtful == sorted(doubtful)


@pytest.mark.parametrize(("exercise", "dataset"), ALL)
def test_the_same_column_has_the_same_format_in_every_data_set(exercise: str, dataset: str) -> None:
    held = {
        field.column: field.format for name in datasets(exercise) for field in load_specification(name).fields
    }
    for field in load_specification(dataset, exercise).fields:
        assert field.format is held[field.column], field.column


SEVERAL_FILES = {"housing-tenants": 2, "licences": 3, "pensions": 3, "transport-permits": 3}


@pytest.mark.parametrize(("exercise", "dataset"), ALL)
def test_the_data_sets_that_were_published_as_several_files_name_them(exercise: str, dataset: str) -> None:
    files = load_specification(dataset, exercise).files
    assert [part.number for part in files] == list(range(1, SEVERAL_FILES.get(dataset, 0) + 1))


@pytest.mark.parametrize("exercise", exercises())
def test_of_pensions_only_those_in_payment_must_be_there(exercise: str) -> None:
    files = load_specification("pensions", exercise).files
    assert [(part.title, part.needed) for part in files] == [
        ("current pensioners", True),
        ("gratuities, if there are any", False),
        ("deferred pensions", False),
    ]


@pytest.mark.parametrize(("exercise", "dataset"), ALL)
def test_the_characters_are_those_of_the_published_format_rules(exercise: str, dataset: str) -> None:
    characters = load_specification(dataset, exercise).characters
    assert (characters.set, characters.evidence) == ("ascii", "published 2012/13")


def test_where_a_catalogue_file_is_silent_it_is_one_file_in_ascii_and_nothing_is_confirmed(
    tmp_path: Path,
) -> None:
    path = broken(tmp_path, {})
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    del content["characters"]
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    specification = read_specification(path)
    assert specification.files == ()
    assert (specification.characters.set, specification.characters.evidence) == ("ascii", "not confirmed")


@pytest.mark.parametrize("exercise", exercises())
def test_everything_about_creditors_standing_is_recalled_and_so_provisional(exercise: str) -> None:
    assert {field.evidence for field in load_specification("creditors-standing", exercise).fields} == {
        "recalled"
    }


@pytest.mark.parametrize(
    ("dataset", "exercise", "says"),
    [
        ("payrol", "2026-27", "no data set called 'payrol'; did you mean 'payroll'?"),
        ("payroll", "2026-72", "no exercise called '2026-72'; did you mean '2026-27'?"),
        ("zzz", "2026-27", "Known: council-tax, creditors-history, creditors-standing, electoral-register"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(dataset: str, exercise: str, says: str) -> None:
    with pytest.raises(SpecificationNotFound) as caught:
        load_specification(dataset, exercise)
    assert says in str(caught.value)
    assert "nfi specs list" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"colour": "blue"}, "colour: Extra inputs", id="unknown key"),
        pytest.param({"status": "final"}, "status: ", id="unknown status"),
        pytest.param({"fields": []}, "fields: ", id="no fields"),
        pytest.param({"status": "provisional"}, "needs a notice", id="provisional without a notice"),
        pytest.param(
            {"files": [{"number": "1", "title": "All", "evidence": "inferred"}]}, "two or more", id="one file"
        ),
        pytest.param(
            {"files": [{"number": n, "title": "Half", "evidence": "inferred"} for n in ("2", "1")]},
            "number them 1, 2, 3",
            id="files out of order",
        ),
        pytest.param(
            {"characters": {"set": "ebcdic", "evidence": "inferred"}}, "characters.set: ", id="EBCDIC"
        ),
        pytest.param({"required_evidence": "rumour"}, "required_evidence: ", id="unknown evidence"),
        pytest.param(
            {"key": {"columns": ["nothing"], "severity": "error", "evidence": "inferred"}},
            "no such column: nothing",
            id="key of an unknown column",
        ),
    ],
)
def test_a_faulty_specification_names_file_and_key(
    tmp_path: Path, change: dict[str, object], says: str
) -> None:
    with pytest.raises(SpecificationInvalid) as caught:
        read_specification(broken(tmp_path, change))
    assert "creditors-history.yaml: " in str(caught.value)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["- a list", "a: [open", "", "just words"])
def test_what_is_not_a_specification_at_all_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text)
    with pytest.raises(SpecificationInvalid, match=r"odd\.yaml: "):
        read_specification(path)


def test_a_column_or_source_given_twice_or_not_at_all_is_refused() -> None:
    raw = load_specification("payroll", "2012-13").model_dump(mode="json", exclude={"digest"})
    fields = raw["fields"]
    for field in fields:
        field["checks"] = [
            use["name"] if not use["allowed"] else {use["name"]: use["allowed"]} for use in field["checks"]
        ]
    assert Specification.model_validate(raw)
    with pytest.raises(ValueError, match="column used twice: title"):
        Specification.model_validate(
            raw | {"fields": [*fields, next(f for f in fields if f["column"] == "title")]}
        )
    with pytest.raises(ValueError, match="unknown source 'hearsay'"):
        Specification.model_validate(raw | {"fields": [fields[0] | {"source": "hearsay"}]})
