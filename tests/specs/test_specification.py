from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from specs.checks import FIELD_CHECKS
from specs.errors import SpecificationInvalid, SpecificationNotFound
from specs.specification import (
    CATALOGUE,
    Specification,
    datasets,
    exercises,
    load_specification,
    read_specification,
)

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
    assert [len(load_specification(name, "2012-13").fields) for name in datasets("2012-13")] == [12, 17, 30]
    payroll = load_specification("payroll", "2012-13").fields
    assert (payroll[21].name, payroll[27].name) == ("National insurance number", "Sort code")


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
        ("zzz", "2026-27", "Known: creditors-history, creditors-standing, payroll"),
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
    assert str(caught.value).startswith("creditors-history.yaml: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["- a list", "a: [open", "", "just words"])
def test_what_is_not_a_specification_at_all_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text)
    with pytest.raises(SpecificationInvalid, match=r"^odd\.yaml: "):
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
