"""What becomes of words that stand where the specification has codes. All values are invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pytest

from specs.catalogues import datasets, load_specification
from specs.headings import loosely
from specs.proposal.code_words import CodesTranslated, code_words, codes_translated
from specs.proposal.column_profile import profile_of
from specs.specification import SpecifiedField

PAYROLL = load_specification("payroll").by_column
LISTED = tuple(code_words())


def proposed(column: str, **counts: int) -> CodesTranslated | None:
    """For values with the number of records of each; underscores stand for spaces."""
    values = [value.replace("_", " ") for value, count in counts.items() for _ in range(count)]
    return codes_translated(
        PAYROLL[column], [profile_of("X", pa.array(values, pa.string()), date(2026, 10, 5))]
    )


def coded_fields(column: str) -> Iterator[SpecifiedField]:
    for dataset in datasets("2026-27"):
        field = load_specification(dataset).by_column.get(column)
        if field and any(check.name == "one_of" for check in field.checks):
            yield field


@pytest.mark.parametrize("column", LISTED)
def test_words_are_for_codes_of_the_specification_and_each_is_for_one(column: str) -> None:
    fields = list(coded_fields(column))
    assert fields, "no field of a specification has this column and a code list"
    known = code_words()[column].codes
    for field in fields:
        (allowed,) = [check.allowed for check in field.checks if check.name == "one_of"]
        assert set(known) <= {"", *allowed}
    words = [loosely(word) for listed in known.values() for word in listed]
    assert len(words) == len(set(words))


def test_every_code_list_of_the_specifications_has_its_words() -> None:
    with_list = {
        field.column
        for dataset in datasets("2026-27")
        for field in load_specification(dataset).fields
        if any(check.name == "one_of" for check in field.checks)
    }
    assert with_list == set(LISTED)


def test_known_words_are_translated_the_most_frequent_first() -> None:
    found = proposed("full_part_time", PT=5, Full_Time=30, FULL_TIME=2, as_and_when=1, F=3)
    assert found
    assert list(found.words.items()) == [("Full Time", "F"), ("PT", "P"), ("as and when", "C")]
    assert (found.unknown, found.complete) == ((), True)


def test_no_becomes_blank_where_the_only_code_is_yes() -> None:
    found = proposed("teacher_flag", N=60, Y=20, t=2)
    assert found
    assert found.words == {"N": "", "Y": "T", "t": "T"}


@pytest.mark.parametrize(
    ("column", "counts"),
    [
        pytest.param("full_part_time", {"F": 30, "P": 20}, id="codes already"),
        pytest.param("full_part_time", {}, id="nothing there"),
        pytest.param("full_part_time", {"F": 300, "zz": 1}, id="one slip"),
        pytest.param("surname", {"FT": 30}, id="no code list"),
    ],
)
def test_there_is_nothing_to_translate(column: str, counts: dict[str, int]) -> None:
    assert proposed(column, **counts) is None


def test_a_frequent_value_that_is_not_known_is_named_and_the_proposal_not_complete() -> None:
    found = proposed("full_part_time", Full_Time=30, Seasonal=20, F7=12, slip=1)
    assert found
    assert (found.words, found.unknown, found.complete) == ({"Full Time": "F"}, ("Seasonal", "F7"), False)


def test_five_values_are_named_at_the_most() -> None:
    found = proposed("full_part_time", **{f"K{n}": 20 for n in range(8)})
    assert found
    assert found.unknown == ("K0", "K1", "K2", "K3", "K4")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("Smith", id="surname"),
        pytest.param("M. Jones", id="initial and surname"),
        pytest.param("070580", id="date"),
        pytest.param("CR123456C", id="National Insurance number"),
        pytest.param("a@b.example", id="e-mail"),
        pytest.param("x" * 21, id="long"),
    ],
)
def test_what_may_be_about_a_person_is_never_named(value: str) -> None:
    found = proposed("full_part_time", **{value: 40, "FT": 40})
    assert found
    assert (found.unknown, found.complete) == ((), False)


def test_few_records_or_many_different_values_are_never_named() -> None:
    few = proposed("full_part_time", Seasonal=9, FT=9)
    many = proposed("full_part_time", **{f"A{n}": 12 for n in range(60)})
    assert few
    assert many
    assert (few.unknown, few.complete) == (many.unknown, many.complete) == ((), False)
