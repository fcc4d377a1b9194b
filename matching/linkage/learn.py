"""Learning a model from a file: chance from pairs drawn at random, the rest by expectation maximisation.

Each pair is one person, two people of one household, or neither. How levels fall by chance is settled first,
from pairs drawn from the whole file, and how many households there are from different forenames at one
address; of the pairs that blocks bring together many are households, and a model with two kinds of pairs
would take these for one person. Only counts of agreement patterns take part, so the work does not grow with
the pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from matching.linkage.compare import Levels, Numbers, Records
from matching.linkage.forms import BLANK
from matching.linkage.levels import Shares, known_comparisons
from matching.linkage.model import Bits, Model, Weigher

SEED = 20260927
DRAWN = 200_000
"""Pairs drawn at random to see how often a level comes by chance."""
CHANCE_PRIOR, SAME_PRIOR, GIVEN_PRIOR = 300.0, 60.0, 20.0
"""How many pairs the shipped shares count for, beside those of the file: of chance; of one person; and in
each set of levels where a comparison depends on another."""
ALIKE = 10.0
"""Bits from which a pair drawn at random is left out: it may be one person."""
CONFLICT_TIMES, CONFLICT_MORE = 4.0, 0.05
"""A level that is shipped as likelier by chance than of one person is never learnt to be more than so many
times, and so much more than, what is shipped: else namesakes would be learnt as people of two birth dates."""
ROUNDS, SETTLED = 60, 1e-5
HALF_A_PAIR = 0.5
"""A level that no pair has shown counts for as rare as half a pair would make it, or as it is shipped."""
_FEW = 0.0001
_MOST_PEOPLE, _MOST_HOUSEHOLDS = 0.9, 0.09
HOME = 10
"""An address of more records is a town or a hostel and no home."""


def chance_learnt(weigher: Weigher, *, across: bool) -> Model:
    """The model with its shares of chance from pairs drawn at random, mixed with the shipped ones."""
    records, model = weigher.records, weigher.model
    first, second = _drawn(records, across=across)
    levels = records.levels(first, second)
    unlike = _plain_weight(levels, model) < ALIKE
    chance: dict[str, Shares] = {}
    for name, by in model.comparisons.items():
        comparing = known_comparisons()[by]
        counts = np.bincount(levels[name][unlike], minlength=len(comparing.names)).astype(np.float64)
        chance[name] = _mixed(counts, comparing.shipped("chance"), by, CHANCE_PRIOR)
    if namesakes := _email_of_namesakes(weigher, chance, across=across):
        chance |= namesakes
    household = {
        name: model.household[name] if _is_told_of_households(by) else chance[name]
        for name, by in model.comparisons.items()
    }
    return replace(model, chance=chance, household=household)


def _email_of_namesakes(weigher: Weigher, chance: Mapping[str, Shares], *, across: bool) -> dict[str, Shares]:
    """How e-mail addresses agree by chance where names do, from namesakes that the rest tells apart."""
    records, model = weigher.records, weigher.model
    named = {by: name for name, by in model.comparisons.items()}
    if not {"surname", "forename", "email"} <= named.keys():
        return {}
    first, second = _namesakes(records, across=across)
    levels = records.levels(first, second)
    learnt_so_far = weigher.with_model(replace(model, chance={**model.chance, **chance}))
    apart = learnt_so_far.weights(levels, first, second) < 0
    name, comparing = named["email"], known_comparisons()["email"]
    counts = np.bincount(levels[name][apart], minlength=len(comparing.names)).astype(np.float64)
    others = np.setdiff1d(np.arange(len(counts)), comparing.set_numbers[0])
    mixed = _mixed(counts, comparing.shipped("chance"), "email", GIVEN_PRIOR)
    mixed[others] = chance[name][others]
    return {name: mixed}


def _namesakes(records: Records, *, across: bool) -> tuple[Numbers, Numbers]:
    """Pairs of records of one surname and forename: each with some that follow it, in order of content."""
    surname, forename = (records.forms[by] for by in ("surname", "forename"))
    names = surname.codes.astype(np.int64) * (len(forename.values) + 1) + forename.codes
    names[(surname.codes == BLANK) | (forename.codes == BLANK) | (records.forms["email"].codes == BLANK)] = (
        BLANK
    )
    order = np.argsort(names, kind="stable")
    order = order[np.searchsorted(names[order], 0) :][: DRAWN // 8]
    pairs = [(order[:-step], order[step:]) for step in range(1, 4)]
    first, second = (np.concatenate(its) for its in zip(*pairs, strict=True))
    kept = names[first] == names[second]
    if across:
        kept &= records.sides[first] != records.sides[second]
    return first[kept], second[kept]


def _is_told_of_households(by: str) -> bool:
    return any(its.household for levels in known_comparisons()[by].sets.values() for its in levels.values())


def _drawn(records: Records, *, across: bool) -> tuple[Numbers, Numbers]:
    """Pairs of different records drawn with a fixed seed, by numbers that follow from their content."""
    size = len(records.sides)
    draw = np.random.default_rng(SEED)
    wanted = min(DRAWN, 3 * size * size)
    first, second = draw.integers(0, size, wanted), draw.integers(0, size, wanted)
    kept = first != second
    if across:
        kept &= records.sides[first] != records.sides[second]
    return first[kept], second[kept]


def _plain_weight(levels: Levels, model: Model) -> Bits:
    bits = (np.log2(model.same[name] / model.chance[name])[level] for name, level in levels.items())
    return sum(bits, start=np.zeros(1))


def _mixed(counts: Shares, shipped: Shares, by: str, worth: float) -> Shares:
    """Counted levels and shipped shares together, as if the latter had been seen so many times."""
    comparing = known_comparisons()[by]
    worth = worth if by == "address" or len(comparing.sets) == 1 else GIVEN_PRIOR
    mixed = comparing.whole(np.maximum(counts, 0) + worth * shipped)
    for numbers in comparing.set_numbers:
        seen = max(counts[numbers].sum(), 1.0)
        mixed[numbers] = np.maximum(mixed[numbers], np.minimum(shipped[numbers], HALF_A_PAIR / seen))
    return comparing.whole(mixed)


def learnt(patterns: pa.Table, model: Model, *, records: int, pairs: float, households: float) -> Model:
    """The model after expectation maximisation.

    Args:
        patterns: one row per pattern: a column of level numbers for each comparison, `rarity` (bits) and
        `number` of pairs that have it.
        model: with its shares of chance, which stay.
        records: how many there are.
        pairs: how many pairs they make, of which those without a pattern are not one person.
        households: how many pairs are two people of one household.
    """
    names = list(model.comparisons)
    levels = {name: patterns[name].to_numpy().astype(np.int64) for name in names}
    number = patterns["number"].to_numpy().astype(np.float64)
    chance = patterns["rarity"].to_numpy() + _log_of(levels, model.chance)
    model = replace(model, households=_bound(households + _FEW * records, pairs, _MOST_HOUSEHOLDS))
    for _ in range(ROUNDS):
        before = model
        people = _expected(levels, chance, number, model)
        model = replace(
            model,
            people=_bound(people.sum() + _FEW * records, pairs, _MOST_PEOPLE),
            same={name: _relearnt(levels[name], people, by) for name, by in model.comparisons.items()},
        )
        if _apart(before.same, model.same) < SETTLED:
            break
    return model


def household_pairs(weigher: Weigher, *, across: bool) -> float:
    """How many pairs are two people of one household: those at one address who have different forenames.

    Addresses of more than HOME records are towns or hostels and no homes.
    """
    records, model = weigher.records, weigher.model
    named = {by: name for name, by in model.comparisons.items()}
    if "address" not in named:
        return 0.0
    first, second = _at_one_address(records, across=across)
    drawn = (
        np.random.default_rng(SEED).choice(len(first), DRAWN // 4) if len(first) > DRAWN // 4 else slice(None)
    )
    if "forename" in named:
        levels = records.levels(first[drawn], second[drawn], leaving_out=_ALL_BUT_FORENAMES)[
            named["forename"]
        ]
        different = known_comparisons()["forename"].numbers["different"]
        compared = np.count_nonzero(levels)
        share = np.count_nonzero(levels == different) / compared if compared else _HALF
        share = min(share / model.chance[named["forename"]][different], 1.0)
    else:
        share = _HALF
    same = _address_levels()
    return float(len(first) * share / model.household[named["address"]][same[0]])


_ALL_BUT_FORENAMES = tuple(set(known_comparisons()) - {"forename"})
_HALF = 0.5


def _at_one_address(records: Records, *, across: bool) -> tuple[Numbers, Numbers]:
    """Every pair of records with quite the same address, of those that are homes."""
    codes = records.whole("address")
    counts = np.bincount(codes[codes != BLANK], minlength=1)
    home = (codes != BLANK) & (counts[codes] > 1) & (counts[codes] <= HOME)
    (rows,) = np.nonzero(home)
    rows = rows[np.argsort(codes[rows], kind="stable")]
    pairs = [(rows[:-step], rows[step:]) for step in range(1, min(HOME, len(rows)))]
    if not pairs:
        return rows[:0], rows[:0]
    first, second = (np.concatenate(its) for its in zip(*pairs, strict=True))
    kept = codes[first] == codes[second]
    if across:
        kept &= records.sides[first] != records.sides[second]
    return first[kept], second[kept]


def _address_levels() -> list[int]:
    numbers = known_comparisons()["address"].numbers
    return [numbers[level] for level in ("lines same, post code same", "lines same", "post code same")]


def _bound(number: float, pairs: float, most: float) -> float:
    return float(min(number / pairs, most))


def _log_of(levels: Mapping[str, Numbers], shares: Mapping[str, Shares]) -> Bits:
    return sum((np.log2(shares[name])[level] for name, level in levels.items()), start=np.zeros(1))


def _expected(levels: Mapping[str, Numbers], chance: Bits, number: Bits, model: Model) -> Bits:
    """How many pairs of each pattern are one person."""
    people = model.people * np.exp2(_log_of(levels, model.same))
    households = model.households * np.exp2(_log_of(levels, model.household))
    return number * people / (people + households + model.others * np.exp2(chance))


def _relearnt(level: Numbers, people: Bits, by: str) -> Shares:
    comparing = known_comparisons()[by]
    counts = np.bincount(level, weights=people, minlength=len(comparing.names)).astype(np.float64)
    return _bounded(_mixed(counts, comparing.shipped("same"), by, SAME_PRIOR), by)


def _bounded(same: Shares, by: str) -> Shares:
    """Levels that speak against one person stay rare, however many pairs have them."""
    comparing = known_comparisons()[by]
    shipped = comparing.shipped("same")
    most = np.where(shipped < comparing.shipped("chance"), CONFLICT_TIMES * shipped + CONFLICT_MORE, 1.0)
    bounded = same.copy()
    for numbers in comparing.set_numbers:
        over = same[numbers] > most[numbers]
        if over.any() and not over.all():
            spare = 1 - most[numbers][over].sum()
            bounded[numbers[over]] = most[numbers][over]
            bounded[numbers[~over]] *= spare / same[numbers[~over]].sum()
    return comparing.whole(bounded)


def _apart(before: Mapping[str, Shares], after: Mapping[str, Shares]) -> float:
    return max(float(np.abs(before[name] - after[name]).max()) for name in after)
