"""Proposals for published spending files against the mappings that a person wrote for them.

The files are no part of the project: skipped where they are absent.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from specs.catalogues import load_specification
from specs.headings import found_in
from specs.mapping import Mapping, read_mapping
from specs.proposal.propose import propose_mapping
from specs.proposal.sample import MOST_RECORDS
from specs.read import open_extract

MAPPINGS = Path(__file__).parents[3] / "docs" / "examples" / "mappings"
DAY = date(2026, 10, 5)

LAYOUTS = [
    pytest.param("calderdale/*.csv.gz", "calderdale-history", id="Calderdale, merged"),
    pytest.param("calderdale/months/20??-??.csv", "calderdale-history", id="Calderdale, months"),
    pytest.param("calderdale/months/*-card.csv", "calderdale-purchase-cards", id="Calderdale, cards"),
    pytest.param("calderdale/*.csv.gz", "calderdale-standing", id="Calderdale, suppliers"),
    pytest.param(
        "calderdale/months/20[12][52]-0[68].csv", "calderdale-standing", id="Calderdale, newer months"
    ),
    pytest.param("nhs/ROYF/*", "nhs-spend-own-numbers", id="Royal Free"),
    pytest.param("nhs/ROYF/*", "royal-free-standing", id="Royal Free, suppliers"),
    pytest.param("nhs/HILL/*", "nhs-spend-own-numbers", id="Hillingdon"),
    pytest.param("nhs/KICO/*", "nhs-spend-supplier-numbers", id="King's College"),
    pytest.param("nhs/CHWE/CHWE 0*", "nhs-spend-own-numbers", id="Chelsea & Westminster to December"),
    pytest.param("nhs/CHWE/CHWE 1*", "nhs-spend-supplier-numbers", id="Chelsea & Westminster from January"),
]


def written_by_hand(name: str) -> Mapping:
    dataset = "creditors-standing" if name.endswith("-standing") else "creditors-history"
    return read_mapping(MAPPINGS / f"{name}.yaml", load_specification(dataset))


def judged(path: Path, hand: Mapping) -> dict[str, bool]:
    """Of each field that a person or the proposal has placed: whether both take the same.

    Of several headings that a person has joined, one is right; a value that a person has made up is a miss.
    """
    extract = open_extract(path)
    specification = load_specification(hand.dataset)
    proposal = propose_mapping(extract, specification, day=DAY)
    mine = {each.field.name: set(each.headings) for each in proposal.placed}
    verdicts = {}
    for field in specification.fields:
        source = hand.fields.get(field.name)
        theirs: set[str] = set()
        for names in source.wanted() if source else ():
            found = [heading for name in names for heading in found_in(extract.headings, name)]
            theirs |= set(found[:1])
        if source or field.name in mine:
            verdicts[field.name] = bool(theirs) and field.name in mine and mine[field.name] <= theirs
    assert proposal.distinct == hand.distinct, path.name
    assert proposal.money_format in {None, hand.money_format}
    return verdicts


@pytest.mark.parametrize(("pattern", "mapping"), LAYOUTS)
def test_nearly_all_fields_are_placed_as_a_person_placed_them(
    real_data: Path, pattern: str, mapping: str
) -> None:
    files = sorted((real_data / "payments").glob(pattern))
    assert files
    hand = written_by_hand(mapping)
    verdicts = {(path.name, field): right for path in files for field, right in judged(path, hand).items()}
    misses = [place for place, right in verdicts.items() if not right]
    # Purchase cards: that the method of payment is the card stands nowhere in the file.
    most = 2 if mapping == "calderdale-purchase-cards" else len(verdicts) // 10
    assert len(misses) <= most, misses


def test_no_more_of_a_large_file_is_looked_at_than_tells(real_data: Path) -> None:
    extract = open_extract(real_data / "payments/calderdale/calderdale_payments.csv.gz")
    proposal = propose_mapping(extract, load_specification("creditors-history"), day=DAY)
    assert 2_000 < proposal.records < 20_000 < MOST_RECORDS
