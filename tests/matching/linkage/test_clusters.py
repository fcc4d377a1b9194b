from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.linkage.clusters import clusters
from matching.linkage.compare import Numbers
from matching.linkage.model import Bits


def clustered(
    size: int, weights: dict[tuple[int, int], float], *, known: float = -9.0, sides: list[int] | None = None
) -> set[frozenset[int]]:
    """Clusters of records, with the pairs that blocks brought together; any other pair weighs `known`."""
    ends = np.array(sorted(weights), np.int64).reshape(-1, 2)

    def weigh(first: Numbers, second: Numbers) -> Bits:
        return np.full(len(first), known)

    label = clusters(
        size,
        ends[:, 0],
        ends[:, 1],
        np.array([weights[pair] for pair in sorted(weights)], np.float64),
        weigh,
        least=0.0,
        sides=None if sides is None else np.array(sides, np.int8),
    )
    return {frozenset(np.flatnonzero(label == its).tolist()) for its in set(label.tolist())}


pairs = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]), max_size=20
)


@settings(deadline=None)
@given(pairs)
def test_where_nothing_conflicts_clusters_are_the_components_of_networkx(
    pairs: list[tuple[int, int]],
) -> None:
    graph = nx.Graph(pairs)
    graph.add_nodes_from(range(12))
    expected = {frozenset(members) for members in nx.connected_components(graph)}
    assert clustered(12, dict.fromkeys(pairs, 5.0), known=1.0) == expected


def test_two_people_of_one_household_are_not_chained_by_a_record_that_is_blank() -> None:
    couple = {(0, 1): 12.0, (2, 3): 12.0, (0, 4): 3.0, (2, 4): 2.0, (0, 2): -14.0, (1, 3): -14.0}
    assert clustered(5, couple) == {frozenset({0, 1}), frozenset({2, 3}), frozenset({4})} or clustered(
        5, couple, known=2.0
    ) == {frozenset({0, 1, 4}), frozenset({2, 3})}


def test_a_pair_that_no_block_brought_together_is_weighed_before_it_is_chained() -> None:
    assert clustered(3, {(0, 1): 6.0, (1, 2): 5.0}, known=-20.0) == {frozenset({0, 1}), frozenset({2})}
    assert clustered(3, {(0, 1): 6.0, (1, 2): 5.0}, known=-2.0) == {frozenset({0, 1, 2})}


def test_of_two_files_one_to_one_is_preferred() -> None:
    sides = [0, 1, 1]
    assert clustered(3, {(0, 1): 9.0, (0, 2): 3.0}, known=-1.0, sides=sides) == {
        frozenset({0, 1}),
        frozenset({2}),
    }
    assert clustered(3, {(0, 1): 9.0, (0, 2): 8.0}, known=9.0, sides=sides) == {frozenset({0, 1, 2})}


@given(st.integers(100, 400))
@settings(max_examples=3, deadline=None)
def test_large_clusters_hold_together_by_the_pairs_that_are_known(size: int) -> None:
    chain = {(one, one + step): 8.0 for one in range(size) for step in range(1, 4) if one + step < size}
    assert clustered(size, chain) == {frozenset(range(size))}
