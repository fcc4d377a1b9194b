from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from matching.linkage.compare import Records
from matching.linkage.forms import form
from matching.linkage.levels import known_comparisons, level_of_unequal, value_levels
from matching.linkage.measures import MEASURES, Measuring


def level(kind: str, left: str, right: str) -> str:
    place = level_of_unequal(kind, 1, Measuring([left], [right]))[0]
    assert place == level_of_unequal(kind, 1, Measuring([right], [left]))[0]
    its: str = list(value_levels(kind))[int(place)]
    return its


@pytest.mark.parametrize(
    ("kind", "left", "right", "expected"),
    [
        pytest.param("name", "HALCROFT", "HALCORFT", "typing slip", id="two letters exchanged"),
        pytest.param(
            "name", "BRINDLEY", "BRINDLEYHALCROFT", "part of the other", id="one half of a double name"
        ),
        pytest.param("name", "HALCROFT", "BRINDLEY", "different", id="another name"),
        pytest.param("forename", "WILLIAM", "BILL", "short form", id="nickname"),
        pytest.param("forename", "W", "WILLIAM", "initial", id="initial"),
        pytest.param("forename", "B", "WILLIAM", "other initial", id="another initial"),
        pytest.param("forename", "SAM", "SAMANTHA", "short form", id="beginning"),
        pytest.param("forename", "KEIRA", "KEIBA", "typing slip", id="one letter"),
        pytest.param("address_lines", "12 ROWAN RISE", "14 ROWAN RISE", "mostly the same", id="next door"),
        pytest.param(
            "address_lines", "12 ROWAN RISE LEEDS", "12 ROWANRISE LEEDS", "nearly the same", id="space"
        ),
        pytest.param("address_lines", "12 ROWAN RISE", "3 HIGH COURT", "different", id="elsewhere"),
        pytest.param("post_code", "ZA12BC", "ZA12BD", "typing slip", id="post code slip"),
        pytest.param("post_code", "ZA12BC", "ZA13XY", "same district", id="post code district"),
        pytest.param(
            "email", "ann.halcroft@example.org", "ann.halcroft2@example.org", "other number", id="namesake"
        ),
        pytest.param(
            "email", "ann.halcroft@example.org", "ann.halcorft@example.org", "typing slip", id="e-mail slip"
        ),
        pytest.param(
            "email", "ann.halcroft@example.org", "ann.halcroft@another.example", "alike", id="moved employer"
        ),
        pytest.param(
            "email", "ann.halcroft@example.org", "bo.brindley@example.org", "different", id="one employer"
        ),
        pytest.param("number", "CR123456", "CR123465", "typing slip", id="number slip"),
        pytest.param("number", "CR123456", "CR654321", "different", id="another number"),
    ],
)
def test_the_level_of_two_values(kind: str, left: str, right: str, expected: str) -> None:
    assert level(kind, left, right) == expected


@pytest.mark.parametrize(
    "kind", ["name", "forename", "birth_date", "address_lines", "post_code", "email", "number"]
)
def test_every_condition_names_a_measure(kind: str) -> None:
    of_dates = {"digits", "exchanged", "parts", "year", "days"}
    for conditions in value_levels(kind).values():
        for each in conditions:
            for name in each:
                bound, _, measure = name.partition("_")
                measured = measure if bound in ("most", "least") else name
                assert measured in (of_dates if kind == "birth_date" else MEASURES)


@pytest.mark.parametrize("name", list(known_comparisons()))
def test_shipped_shares_add_up_to_one_in_each_set(name: str) -> None:
    comparing = known_comparisons()[name]
    for levels in comparing.sets.values():
        for of in ("same", "chance"):
            assert sum(getattr(its, of) for its in levels.values()) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("name", [name for name, its in known_comparisons().items() if its.rarity])
def test_rarity_names_levels_that_there_are(name: str) -> None:
    comparing = known_comparisons()[name]
    assert comparing.rarity is not None
    assert set(comparing.rarity.part_of) <= set(comparing.names)


@pytest.mark.parametrize(
    ("name", "kind"), [("surname", "name"), ("middle_name", "middle_name"), ("birth_date", "birth_date")]
)
def test_comparisons_begin_with_the_levels_of_their_values_in_order(name: str, kind: str) -> None:
    levels = list(value_levels(kind))
    assert list(known_comparisons()[name].names[1 : len(levels) + 1]) == levels


def names_of(*people: tuple[str | None, str | None]) -> Records:
    surnames, forenames = zip(*people, strict=True)
    forms = {
        "surname": form(pa.array(surnames, pa.string())),
        "forename": form(pa.array(forenames, pa.string())),
        "other_forenames": form(pa.array([None] * len(people), pa.string())),
    }
    return Records(
        forms,
        {"surname": "surname", "forename": "forename"},
        sides=np.zeros(len(people), np.int8),
        copies=np.ones(len(people), np.int64),
    )


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("HALCROFT", "ANNELIE"), ("ANNELIE", "HALCROFT"), "exchanged with the forename"),
        (("HALCROFT", "ANNELIE"), ("ANNELIE", None), "exchanged, the other blank"),
        (("HALCROFT", "ANNELIE"), ("ANNELIE", "BRINDLEY"), "exchanged, the other different"),
        (("HALCROFT", "ANNELIE"), ("BRINDLEY", "TOVE"), "different"),
        (("HALCROFT", None), (None, "ANNELIE"), "not compared"),
    ],
)
def test_surnames_in_the_forenames_place(
    first: tuple[str | None, str | None], second: tuple[str | None, str | None], expected: str
) -> None:
    records = names_of(first, second)
    one, other = np.array([0]), np.array([1])
    for a, b in ((one, other), (other, one)):
        level_number = records.levels(a, b)["surname"][0]
        assert known_comparisons()["surname"].names[level_number] == expected
