"""Two names of one supplier are alike; two suppliers that share common words are not."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.similar.common_words import common_words
from matching.similar.company_names import _BLOCKING_WORDS, NEIGHBOURS, CompanyNames
from matching.standards import STANDARDS
from matching.standards.text import words
from tests.examples import examples

LEAST = 0.65
"""That of the report on similar creditor names."""
TOWNS = ["LEEDS", "HULL", "YORK", "DERBY", "BATH", "OXFORD", "EXETER", "LINCOLN", "DOVER", "LUTON"]


def likeness(left: str, right: str, *others: str) -> float:
    """Of two names as a ledger has them, in a ledger that holds some others as well."""
    names = STANDARDS["company_name"](pa.array([left, right, *others])).to_pylist()
    return float(CompanyNames(names).score(np.array([0]), np.array([1]), 0.0)[0])


def shares_a_block(scorer: CompanyNames, first: int, second: int) -> bool:
    text, block = (scorer.blocks()[name].to_numpy() for name in ("text", "block"))
    return bool(np.isin(block[text == first], block[text == second]).any())


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("Quillfern Glazing Ltd", "Quillfern Glasing", id="letter wrong"),
        pytest.param("Quillfern Glazing", "Qullfern Glazing", id="letter missing"),
        pytest.param("Quillfern Glazing", "Quilflern Glazing", id="letters swapped"),
        pytest.param("Quillfern Electrical", "Quillfern Elec", id="usual abbreviation"),
        pytest.param("Quillfern Partnership", "Quillfern Partnersh", id="cut short by the field"),
        pytest.param("Quillfern Glazing", "Glazing Quillfern", id="order"),
        pytest.param("Quill Fern Glazing", "Quillfern Glazing", id="two words as one"),
        pytest.param("Quillfern", "Quillfern Glazing Services", id="trade left out"),
        pytest.param("Quillfern Glazing", "Quillfern Glazing Leeds", id="branch"),
        pytest.param("Quillfern Glazing", "The Quillfern Glazing Co", id="article and legal form"),
        pytest.param("Institute of Quill Fern Tasters", "IQFT", id="four initials"),
        pytest.param("Quillfern Glazing", "Quillfern Glazing 10234567", id="reference number"),
    ],
)
def test_two_names_of_one_supplier_are_found_and_alike(left: str, right: str) -> None:
    assert likeness(left, right) >= LEAST
    names = STANDARDS["company_name"](pa.array([left, right])).to_pylist()
    assert shares_a_block(CompanyNames(names), 0, 1)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("Quillfern Primary School", "Marrowby Primary School", id="only common words"),
        pytest.param("Primary School Services", "School Services", id="common words alone"),
        pytest.param("St Marys Quillfern", "St Marys Marrowby", id="one saint, two places"),
        pytest.param("Quillfern North Ltd", "Quillfern South Ltd", id="other sides"),
        pytest.param("Quillfern Unit 4", "Quillfern Unit 5", id="other numbers"),
        pytest.param("Quillfern Leeds Care", "Quillfern Hull Care", id="other places"),
        pytest.param("John Quillfern", "John Marrowby", id="forename alone"),
        pytest.param("Quillfern Glazing", "Marrowby Tiles", id="nothing in common"),
        pytest.param("Alder Birch Cedar", "ABC Tiles", id="three initials"),
    ],
)
def test_two_suppliers_are_not(left: str, right: str) -> None:
    assert likeness(left, right) < LEAST


def test_words_that_many_names_hold_together_tell_less() -> None:
    name, other = "Marrow Advice Bureau", "Marrow Advice Bureau Quillfern"
    family = [f"Marrow Advice Bureau {town}" for town in TOWNS]
    assert likeness(name, other, *family) < likeness(name, other)


def test_a_name_that_begins_otherwise_is_less_alike() -> None:
    assert likeness("Quillfern Glazing", "Quillfern Glazing Marrow") > likeness(
        "Quillfern Glazing", "Marrow Quillfern Glazing"
    )


WORDS = [
    "ACORN",
    "ACORNS",
    "BIRCH",
    "CEDAR",
    "CARE",
    "SERVICES",
    "LEEDS",
    "HULL",
    "NORTH",
    "4",
    "5",
    "AND",
    "ABC",
    "AB",
]
NAMES = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=15).map(" ".join),
    min_size=2,
    max_size=6,
    unique=True,
)
SHORT_NAMES = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=_BLOCKING_WORDS, unique=True).map(" ".join),
    min_size=2,
    max_size=6,
    unique=True,
)


@settings(max_examples=examples(24))
@given(NAMES)
def test_the_likeness_is_the_same_either_way_round_and_between_0_and_1(names: list[str]) -> None:
    scorer = CompanyNames(names)
    first, second = (np.array(ends) for ends in zip(*combinations(range(len(names)), 2), strict=True))
    there, back = scorer.score(first, second, 0.0), scorer.score(second, first, 0.0)
    assert there.tolist() == back.tolist()
    assert ((there >= 0) & (there < 1)).all()
    above = scorer.score(first, second, 0.5)
    assert above.tolist() == np.where(there >= 0.5, there, 0.0).tolist()


@settings(max_examples=examples(10))
@given(SHORT_NAMES)
def test_names_of_few_words_that_are_alike_share_a_block(names: list[str]) -> None:
    scorer = CompanyNames(names)
    for first, second in combinations(range(len(names)), 2):
        alike = scorer.score(np.array([first]), np.array([second]), 0.0)[0] >= LEAST
        assert not alike or shares_a_block(scorer, first, second)


def test_no_block_of_one_word_is_larger_than_what_tells_something() -> None:
    names = [f"{chr(65 + n // 26)}{chr(65 + n % 26)}X CARE" for n in range(600)]
    sizes = np.unique(CompanyNames(names).blocks()["block"].to_numpy(), return_counts=True)[1]
    assert sizes.max(initial=0) <= 100
    assert NEIGHBOURS < 100


def test_the_words_that_agree_are_told_with_their_bits() -> None:
    names = ["QUILLFERN ELECTRICAL", "QUILFERN ELECTRICAL LEEDS"]
    left, right = CompanyNames(names).told(0, 1)
    assert [(told.word, told.agrees) for told in left] == [("QUILLFERN", True), ("ELECTRICAL", True)]
    assert [(told.word, told.agrees) for told in right] == [
        ("QUILFERN", True),
        ("ELECTRICAL", True),
        ("LEEDS", False),
    ]
    rare, common = left[0].bits, left[1].bits
    assert rare > common > 0
    assert left[0].bits == pytest.approx(right[0].bits)


def test_lists_of_words_agree_with_themselves() -> None:
    known = common_words()
    listed = [word for band in known.percent.values() for word in band]
    assert len(listed) == len(set(listed))
    spelt = {other for others in words("companies")["spellings"].values() for other in others}
    assert [word for word in (*listed, *known.places, *known.branch_words) if word in spelt] == []
    assert known.share("SCHOOL") > known.share("PLUMBING") > known.share("QUILLFERN") > 0
