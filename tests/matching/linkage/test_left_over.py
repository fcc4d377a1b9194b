from __future__ import annotations

import numpy as np

from matching.linkage.left_over import pairs_of_left_over

PRIOR = -12.0


def left(weights: list[float], alone: int, *, pairs: float) -> list[tuple[int, int]]:
    """Weak pairs (0, 1), (2, 3), … among so many records that are alone."""
    first = np.arange(0, 2 * len(weights), 2)
    result = pairs_of_left_over(
        first, first + 1, np.array(weights), np.ones(alone, np.bool_), pairs=pairs, prior=PRIOR, least=0.0
    )
    return list(zip(result.first.tolist(), result.second.tolist(), strict=True))


def test_few_that_are_left_are_each_others() -> None:
    assert left([-3.0] * 8, 16, pairs=64) == [(n, n + 1) for n in range(0, 16, 2)]


def test_among_many_that_are_left_a_weak_pair_stays_weak() -> None:
    assert left([-3.0] * 2, 2_000, pairs=1e6) == []


def test_nothing_comes_of_no_pairs() -> None:
    assert left([], 10, pairs=45) == []


def test_a_record_with_two_weak_partners_gets_neither() -> None:
    result = pairs_of_left_over(
        np.array([0, 0, 3]),
        np.array([1, 2, 4]),
        np.array([-3.0, -4.0, -3.0]),
        np.ones(5, np.bool_),
        pairs=6,
        prior=PRIOR,
        least=0.0,
    )
    assert (result.first.tolist(), result.second.tolist()) == ([3], [4])
