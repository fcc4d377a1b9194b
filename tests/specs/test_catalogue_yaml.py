"""Writing a catalogue file: what is written reads back the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.catalogue_yaml import catalogue_yaml
from specs.catalogues import datasets, exercises, load_specification
from specs.specification import CheckUse, Examples, Specification, specification_from
from tests.examples import examples

ALL = [(exercise, dataset) for exercise in exercises() for dataset in datasets(exercise)]
PAYROLL = load_specification("payroll")

# YAML holds no other control characters, and what a person typed holds none.
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1)


def read_back(specification: Specification, heading: str = "") -> Specification:
    again = specification_from(catalogue_yaml(specification, heading=heading), where="x.yaml")
    return again.model_copy(update={"digest": specification.digest})


@pytest.mark.parametrize(("exercise", "dataset"), ALL)
def test_every_specification_reads_back_as_it_was_written(exercise: str, dataset: str) -> None:
    specification = load_specification(dataset, exercise)
    assert read_back(specification, "Written by a test.\nFor itself.") == specification


@settings(max_examples=examples(16), deadline=None)  # each writes and reads a whole file
@given(text=WORDS, codes=st.lists(WORDS, min_size=1).map(tuple), limit=st.integers(1, 9999))
def test_any_text_and_any_code_reads_back(text: str, codes: tuple[str, ...], limit: int) -> None:
    uses = (CheckUse(name="one_of", allowed=codes), CheckUse(name="longest", limit=limit))
    field = PAYROLL.fields[0].model_copy(
        update={"name": text, "comment": text, "checks": uses, "examples": Examples(good=codes)}
    )
    specification = PAYROLL.model_copy(update={"fields": (field, *PAYROLL.fields[1:]), "title": text})
    assert read_back(specification) == specification


def test_the_heading_is_a_comment() -> None:
    assert catalogue_yaml(PAYROLL, heading="one\ntwo").startswith(b"# one\n# two\ndataset: payroll\n")
