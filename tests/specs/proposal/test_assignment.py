"""The assignment of headings to fields."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.proposal.assignment import best_assignment


def best_total(scores: list[list[float]]) -> float:
    """The largest sum there is, by trying every way."""
    columns = len(scores[0])
    totals = [0.0]
    for choice in product([None, *range(columns)], repeat=len(scores)):
        taken = [column for column in choice if column is not None]
        if len(taken) == len(set(taken)):
            chosen = [(row, column) for row, column in enumerate(choice) if column is not None]
            totals.append(sum(scores[row][column] for row, column in chosen))
    return max(totals)


tables = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(-3, 20).map(lambda n: n / 20), min_size=columns, max_size=columns),
        min_size=1,
        max_size=4,
    )
)


@given(tables)
def test_no_other_assignment_has_a_larger_sum(scores: list[list[float]]) -> None:
    chosen = best_assignment(scores)
    taken = [column for column in chosen if column is not None]
    assert len(taken) == len(set(taken))
    sums = [scores[row][column] for row, column in enumerate(chosen) if column is not None]
    assert all(score > 0 for score in sums)
    assert sum(sums) == pytest.approx(best_total(scores))


def test_one_gives_way_where_both_are_better_off_together() -> None:
    assert best_assignment([[0.9, 0.8], [0.85, 0.1]]) == [1, 0]


@pytest.mark.parametrize("scores", [[], [[]], [[], []], [[0.0]], [[-1.0, 0.0]]])
def test_where_nothing_fits_nothing_is_taken(scores: list[list[float]]) -> None:
    assert best_assignment(scores) == [None] * len(scores)
