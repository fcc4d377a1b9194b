from __future__ import annotations

from itertools import product

import numpy as np
import pyarrow as pa
import pytest

from matching.linkage.learn import learnt
from matching.linkage.levels import known_comparisons
from matching.linkage.model import shipped

COMPARISONS = {"surname": "surname", "middle_name": "middle_name", "mobile": "mobile", "ni_number": "nino"}
PEOPLE, PAIRS = 40_000, 5e9


def planted() -> dict[str, np.ndarray]:
    """Shares of one person's pairs that differ from what is shipped."""
    wanted = {"surname": {"same": 0.6, "typing slip": 0.3}, "mobile": {"same": 0.5, "typing slip": 0.2}}
    shares = {}
    for name, by in COMPARISONS.items():
        comparing = known_comparisons()[by]
        its = comparing.shipped("same")
        for level, share in wanted.get(name, {}).items():
            its[comparing.numbers[level]] = share
        shares[name] = comparing.whole(its)
    return shares


def test_expectation_maximisation_finds_what_was_planted() -> None:
    start = shipped(COMPARISONS, records=100_000, pairs=PAIRS)
    same = planted()
    rows = []
    for levels in product(*(range(1, len(known_comparisons()[by].names)) for by in COMPARISONS.values())):
        likely = np.prod([same[name][level] for name, level in zip(COMPARISONS, levels, strict=True)])
        chance = np.prod([start.chance[name][level] for name, level in zip(COMPARISONS, levels, strict=True)])
        rows.append((*levels, round(PEOPLE * likely + (PAIRS - PEOPLE) * chance)))
    columns = list(zip(*rows, strict=True))
    patterns = pa.table(
        {
            **{name: pa.array(its, pa.int8()) for name, its in zip(COMPARISONS, columns, strict=False)},
            "rarity": pa.array(np.zeros(len(rows))),
            "number": pa.array(columns[-1], pa.int64()),
        }
    )
    model = learnt(patterns, start, records=100_000, pairs=PAIRS, households=0.0)
    assert model.people * PAIRS == pytest.approx(PEOPLE, rel=0.03)
    for name in ("surname", "mobile"):
        for level in ("same", "typing slip", "different"):
            number = known_comparisons()[COMPARISONS[name]].numbers[level]
            assert model.same[name][number] == pytest.approx(same[name][number], abs=0.01)


def test_without_pairs_the_shipped_shares_stay() -> None:
    start = shipped(COMPARISONS, records=50, pairs=1225)
    none = {name: pa.array([], pa.int8()) for name in COMPARISONS}
    patterns = pa.table({**none, "rarity": pa.array([], pa.float64()), "number": pa.array([], pa.int64())})
    model = learnt(patterns, start, records=50, pairs=1225, households=0.0)
    for name in COMPARISONS:
        np.testing.assert_allclose(model.same[name], start.same[name], atol=0.01)
