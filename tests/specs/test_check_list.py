"""The list of checks, and its page."""

from __future__ import annotations

from pathlib import Path

import pytest

from specs.catalogues import datasets, load_specification
from specs.check_descriptions import check_descriptions
from specs.check_list import OF_THE_DATA_SET, checks_page, listed_checks
from specs.specification import CURRENT_EXERCISE, AcrossRules

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"
LISTED = listed_checks(load_specification(dataset) for dataset in datasets(CURRENT_EXERCISE))
USED = {each.description.code: each.used for each in LISTED}


def test_the_page_in_the_documents_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == checks_page(LISTED, exercise=CURRENT_EXERCISE), (
        "write it again: nfi specs checks --markdown > docs/checks.md"
    )


def test_every_check_is_listed_once_in_the_order_of_its_descriptions() -> None:
    assert list(USED) == list(check_descriptions())
    assert len(USED) == len(LISTED)


def test_every_entry_about_the_data_set_as_a_whole_is_known_to_the_list() -> None:
    assert set(OF_THE_DATA_SET) == set(AcrossRules.model_fields) - {"agreements"}
    assert {code for codes in OF_THE_DATA_SET.values() for code in codes} <= set(check_descriptions())


@pytest.mark.parametrize(
    ("code", "dataset", "field"),
    [
        ("nino", "payroll", "National insurance number"),
        ("nino_suffix", "pensions", "National insurance number"),
        ("one_of", "council-tax", "Council Tax band"),
        ("required", "creditors-history", "Creditor reference"),
        ("date", "licences", "Date of birth"),
        ("not_greater", "creditors-history", "Total invoice amount"),
        ("duplicate_key", "payroll", "Employee reference number"),
        ("reference", "creditors-history", "Creditor reference"),
    ],
)
def test_a_check_says_which_fields_of_which_data_sets_it_looks_at(
    code: str, dataset: str, field: str
) -> None:
    assert field in USED[code][dataset]


def test_a_check_does_not_claim_a_field_that_does_not_name_it() -> None:
    assert "creditors-history" not in USED["nino"]
    assert "Title" not in USED["required"]["payroll"]


def test_a_check_of_whole_extracts_says_any_data_set() -> None:
    (missing_column,) = (each for each in LISTED if each.description.code == "missing_column")
    assert missing_column.used_in_words == "any data set"
    assert missing_column.severity == "as the specification says"
