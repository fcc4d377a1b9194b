"""What every check has in common, and the column operations that several share."""

from __future__ import annotations

import pyarrow as pa
import pytest

from specs.catalogues import datasets, exercises, load_specification
from specs.checks import FIELD_CHECKS, RECORD_CHECKS
from specs.checks.kind import compact, counted, first_true, of_each_distinct
from specs.specification import CheckUse, Specification

ALL = [load_specification(dataset, exercise) for exercise in exercises() for dataset in datasets(exercise)]


@pytest.mark.parametrize("specification", ALL, ids=lambda each: each.label)
def test_every_check_is_named_with_what_it_takes(specification: Specification) -> None:
    for field in specification.fields:
        for use in field.checks:
            assert [check.misfit(use) for check in FIELD_CHECKS[use.name] if check.misfit(use)] == []


@pytest.mark.parametrize("specification", ALL, ids=lambda each: each.label)
def test_every_record_check_is_given_as_many_columns_as_it_looks_at(specification: Specification) -> None:
    for rule in specification.record_checks:
        formats = [specification.by_column[column].format for column in rule.columns]
        expected = RECORD_CHECKS[rule.check].formats
        assert len(formats) == len(expected)
        assert all(format_ in allowed for format_, allowed in zip(formats, expected, strict=True))


@pytest.mark.parametrize(
    ("use", "says"),
    [
        (CheckUse(name="longest", limit=35), None),
        (CheckUse(name="longest"), "check 'longest' takes a number but was given nothing: {longest: 1}"),
        (
            CheckUse(name="longest", allowed=("A",)),
            "check 'longest' takes a number but was given a list: {longest: 1}",
        ),
        (CheckUse(name="one_of"), "check 'one_of' takes a list but was given nothing: {one_of: [A, B]}"),
        (CheckUse(name="nino", limit=9), "check 'nino' takes nothing but was given a number: nino"),
        (CheckUse(name="nino"), None),
        pytest.param(CheckUse(name="far_ahead", limit=0), None, id="nought is a number"),
    ],
)
def test_a_check_says_what_it_takes(use: CheckUse, says: str | None) -> None:
    assert FIELD_CHECKS[use.name][0].misfit(use) == says


def test_the_first_case_that_is_true_gives_the_detail() -> None:
    text = pa.array(["a", "b", "c", None])
    cases = [
        (pa.array([True, None, False, None]), "first"),
        (pa.array([True, True, False, None]), pa.array(["1", "2", "3", "4"])),
    ]
    assert first_true(text, *cases).to_pylist() == ["first", "2", None, None]


def test_each_distinct_value_is_asked_once() -> None:
    asked: list[str] = []

    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    texts = pa.array(["aa", None, "b", "aa"])
    assert of_each_distinct(texts, length, pa.int64()).to_pylist() == [2, None, 1, 2]
    assert sorted(asked) == ["aa", "b"]


def test_blanks_and_case_do_not_count_and_characters_are_counted() -> None:
    assert compact(pa.array(["ab 12 c", None])).to_pylist() == ["AB12C", None]
    assert counted(pa.array(["José"]), "characters").to_pylist() == ["4 characters"]
