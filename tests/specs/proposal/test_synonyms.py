"""What source systems call things: the YAML file, and how it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from specs.catalogues import datasets, load_specification
from specs.errors import SpecificationInvalid
from specs.proposal.from_headings import HeadingWords
from specs.proposal.from_values import KINDS
from specs.proposal.synonyms import read_synonyms, synonyms
from specs.specification import CURRENT_EXERCISE

SMALL = (
    "columns:\n  surname:\n    headings:\n      - {evidence: recalled, systems: [ESR], names: [Last Name]}\n"
)


def read(folder: Path, text: str) -> None:
    path = folder / "synonyms.yaml"
    path.write_text(text, encoding="utf-8")
    read_synonyms(path)


def test_every_kind_of_values_that_is_named_is_one_that_can_be_told() -> None:
    known = synonyms()
    named = {entry.values for entry in (*known.columns.values(), *known.others.values()) if entry.values}
    assert named <= set(KINDS)


@pytest.mark.parametrize("dataset", ["payroll", "creditors-history", "creditors-standing"])
def test_every_field_of_the_main_data_sets_has_other_names(dataset: str) -> None:
    assert set(load_specification(dataset).by_column) <= set(synonyms().columns)


@pytest.mark.parametrize("dataset", datasets(CURRENT_EXERCISE))
def test_a_heading_that_says_exactly_one_column_speaks_for_no_other_column_of_the_data_set(
    dataset: str,
) -> None:
    specification = load_specification(dataset)
    words = HeadingWords(specification, synonyms())
    wrong = []
    for column, entry in synonyms().of_dataset(dataset).items():
        if column not in specification.by_column:
            continue
        for name, sure in entry.called():
            exact = [other for other in specification.by_column if words.score(name, other).exact]
            if sure and exact != [column]:
                wrong.append((name, column, exact))
    assert wrong == []


def test_what_is_called_differently_in_one_data_set_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.yaml"
    path.write_text(
        SMALL
        + "datasets:\n  pensions:\n    columns:\n      surname:\n        values: surname\n        headings:\n"
        "          - {evidence: recalled, names: [Pensioner Name]}\n"
    )
    known = read_synonyms(path)
    assert [name for name, _ in known.of_dataset("pensions")["surname"].called()] == [
        "Pensioner Name",
        "Last Name",
    ]
    assert known.of_dataset("pensions")["surname"].values == "surname"
    assert [name for name, _ in known.of_dataset("payroll")["surname"].called()] == ["Last Name"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("columns: [", "line 1: not valid YAML", id="no YAML"),
        pytest.param("abbreviations: {no: number}", "columns: ", id="no columns"),
        pytest.param(SMALL.replace("names", "nmaes"), "columns.surname.headings.0.nmaes", id="unknown key"),
        pytest.param(
            SMALL.replace("recalled", "certain"), "columns.surname.headings.0.evidence", id="evidence"
        ),
        pytest.param(
            SMALL.replace("recalled", "inferred"), "names the files under seen_in", id="inferred from nothing"
        ),
        pytest.param(SMALL.replace(", names: [Last Name]", ""), "needs names or perhaps", id="no headings"),
        pytest.param(
            SMALL.replace("Last Name", "''"), "columns.surname.headings.0.names.0", id="empty heading"
        ),
        pytest.param(SMALL + "stand_ins: {surname: forename}", "stand_ins names what is not", id="stand-in"),
        pytest.param(SMALL + "others: {surname: {}}", "under columns and under others: surname", id="twice"),
    ],
)
def test_faults_are_told_with_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SpecificationInvalid) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith("synonyms.yaml: ")
    assert said in str(caught.value)
