"""How the benches count pairs: against plain loops on small sets."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.labelled import LabelledSet
from bench.pairwise import Pairs, accuracy, best_clusters, best_pairs, best_single_links, true_pairs


def records(entities: list[int], *, in_first: int | None = None) -> LabelledSet:
    """Records of these people in one file, or in two of which the first holds so many."""
    cut = len(entities) if in_first is None else in_first
    sizes = [cut] if in_first is None else [cut, len(entities) - cut]
    files = tuple(pa.table({"reference": [""] * size}) for size in sizes)
    return LabelledSet("invented", "payroll", files, np.array(entities, np.int64), "")


def pairs(*weighed: tuple[int, int, float]) -> Pairs:
    left, right, weight = zip(*weighed, strict=True) if weighed else ((), (), ())
    return Pairs(np.array(left, np.int64), np.array(right, np.int64), np.array(weight, np.float64))


@given(st.lists(st.integers(0, 4), max_size=12), st.integers(0, 12))
def test_true_pairs_are_those_of_a_loop(entities: list[int], cut: int) -> None:
    cut = min(cut, len(entities))
    alike = [
        (one, two) for one, two in combinations(range(len(entities)), 2) if entities[one] == entities[two]
    ]
    assert true_pairs(records(entities)) == len(alike)
    assert true_pairs(records(entities, in_first=cut)) == sum(one < cut <= two for one, two in alike)


def test_a_pair_counts_once_whichever_way_round() -> None:
    found = accuracy(records([1, 1, 2, 2]), np.array([0, 1, 0]), np.array([1, 0, 2]))
    assert (found.right, found.found, found.true) == (1, 2, 2)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)


def test_the_best_threshold_takes_all_pairs_of_one_weight_or_none() -> None:
    found = best_pairs(records([1, 1, 2, 2, 3]), pairs((0, 1, 9.0), (2, 3, 5.0), (0, 4, 5.0), (1, 4, 1.0)))
    assert (found.threshold, found.right, found.found) == (5.0, 2, 3)


def test_clusters_count_every_pair_that_they_imply() -> None:
    found = best_clusters(records([1, 1, 1, 2]), pairs((0, 1, 9.0), (1, 2, 8.0), (2, 3, 1.0)))
    assert (found.threshold, found.right, found.found, found.f1) == (8.0, 3, 3, 1.0)


@given(
    st.lists(st.integers(0, 2), min_size=2, max_size=8),
    st.integers(0, 8),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(0, 3)), max_size=10),
)
def test_the_best_of_clusters_is_that_of_trying_each_threshold(
    entities: list[int], cut: int, weighed: list[tuple[int, int, int]]
) -> None:
    cut = min(cut, len(entities))
    last = len(entities) - 1
    edges = [
        (min(a, last), min(b, last), float(weight))
        for a, b, weight in weighed
        if min(a, last) != min(b, last)
    ]
    for given_set in (records(entities), records(entities, in_first=cut)):
        best = max((_tried(given_set, edges, weight) for _, _, weight in edges), default=None)
        if best is not None and true_pairs(given_set):
            assert best_clusters(given_set, pairs(*edges)).f1 == pytest.approx(best)


def _tried(given_set: LabelledSet, edges: list[tuple[int, int, float]], threshold: float) -> float:
    group = list(range(len(given_set.entity)))
    kept = [(one, two) for one, two, weight in edges if weight >= threshold]
    for _ in group:
        for one, two in kept:
            group[one] = group[two] = min(group[one], group[two])
    file_of = given_set.file_of
    within = [
        (one, two)
        for one, two in combinations(range(len(group)), 2)
        if group[one] == group[two] and (len(given_set.files) == 1 or file_of[one] != file_of[two])
    ]
    good = sum(given_set.entity[one] == given_set.entity[two] for one, two in within)
    return 2 * float(good) / (len(within) + max(true_pairs(given_set), 1))


def test_one_to_one_gives_each_record_its_likeliest_partner_that_is_free() -> None:
    two_files = records([1, 2, 1, 2], in_first=2)
    found = best_single_links(two_files, pairs((0, 2, 9.0), (1, 2, 8.0), (1, 3, 2.0)))
    assert (found.right, found.found) == (2, 2)
