"""Groups hold together as a whole; a chain of likenesses makes no giant."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.similar.average_linkage import linked_on_average

Pairs = list[tuple[int, int, float]]


def groups(nodes: int, pairs: Pairs, *, least: float = 0.7, average: float = 0.6) -> set[frozenset[int]]:
    first, second, likeness = (list(part) for part in zip(*pairs, strict=True)) if pairs else ([], [], [])
    smallest = linked_on_average(
        nodes,
        np.array(first, dtype=np.int64),
        np.array(second, dtype=np.int64),
        np.array(likeness, dtype=np.float64),
        least=least,
        average=average,
    ).tolist()
    assert all(smallest[node] <= node for node in range(nodes))
    return {frozenset(n for n in range(nodes) if smallest[n] == one) for one in set(smallest)}


def test_two_that_are_alike_are_one_group() -> None:
    assert groups(3, [(0, 1, 0.7)]) == {frozenset({0, 1}), frozenset({2})}


def test_two_that_are_a_little_less_alike_are_not() -> None:
    assert groups(2, [(0, 1, 0.69)]) == {frozenset({0}), frozenset({1})}


def test_a_chain_is_cut_into_pairs() -> None:
    chain = [(n, n + 1, 0.8 + n / 1000) for n in range(199)]
    assert max(len(group) for group in groups(200, chain)) == 2


def test_a_group_may_hold_a_pair_that_alone_would_not_be_linked() -> None:
    assert groups(3, [(0, 1, 0.9), (1, 2, 0.9), (0, 2, 0.4)]) == {frozenset({0, 1, 2})}


def test_no_group_grows_without_a_pair_as_alike_as_the_least() -> None:
    assert groups(3, [(0, 1, 0.9), (0, 2, 0.65), (1, 2, 0.65)]) == {frozenset({0, 1}), frozenset({2})}


LINKS = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda ends: ends[0] < ends[1]),
    st.sampled_from([0.5, 0.6, 0.7, 0.8, 0.9]),
    max_size=20,
)


@given(LINKS, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_says_nothing(links: dict[tuple[int, int], float], chance: object) -> None:
    pairs = [(*ends, how) for ends, how in links.items()]
    shuffled = pairs.copy()
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert groups(8, pairs) == groups(8, shuffled)


@given(LINKS)
def test_every_group_is_as_alike_as_it_has_to_be(links: dict[tuple[int, int], float]) -> None:
    found = groups(8, [(*ends, how) for ends, how in links.items()])
    assert sorted(node for group in found for node in group) == list(range(8))
    for group in found - {frozenset({node}) for node in range(8)}:
        inside = [how for ends, how in links.items() if set(ends) <= group]
        assert max(inside) >= 0.7
        assert len(inside) >= len(group) - 1


def test_without_pairs_each_is_its_own_group() -> None:
    assert len(groups(5, [])) == 5


def test_a_value_that_thousands_are_like_makes_no_giant() -> None:
    first, second = np.zeros(19_999, dtype=np.int64), np.arange(1, 20_000)
    smallest = linked_on_average(20_000, first, second, np.full(19_999, 0.8), least=0.7, average=0.6)
    assert np.bincount(smallest).max() == 2
