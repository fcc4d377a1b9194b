"""Groups that hold the same records are one case, and no case grows by chaining."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.join import joined


def cases_of(*groups: Sequence[int]) -> list[set[int]]:
    """The records of each case, of groups that are given in their order."""
    leader = joined(
        np.arange(len(groups)),
        np.array([place for place, group in enumerate(groups) for _ in group], dtype=np.int64),
        np.array([record for group in groups for record in group], dtype=np.int64),
    )
    cases: dict[int, set[int]] = {}
    for place, group in enumerate(groups):
        cases.setdefault(int(leader[place]), set()).update(group)
    return list(cases.values())


@pytest.mark.parametrize(
    ("groups", "cases"),
    [
        pytest.param([[1, 2], [1, 2]], [{1, 2}], id="two reports found the same pair"),
        pytest.param([[1, 2, 3], [1, 3]], [{1, 2, 3}], id="a part of a case above"),
        pytest.param([[1, 2], [1, 2, 3]], [{1, 2, 3}], id="most of a case below"),
        pytest.param([[1, 2], [2, 3]], [{1, 2, 3}], id="two pairs with one record in common"),
        pytest.param(
            [[1, 2], [3, 4], [1, 2, 3, 4]], [{1, 2, 3, 4}], id="two pairs that a third report joins"
        ),
        pytest.param([[1], [1, 2]], [{1, 2}], id="a single record, then its pair"),
        pytest.param([[1, 2], [1, *range(3, 40)]], [{1, 2}, {1, *range(3, 40)}], id="one record of many"),
        pytest.param(
            [[1, 2], [*range(1, 41)]], [{1, 2}, {*range(1, 41)}], id="a large weak group around a pair"
        ),
        pytest.param([[*range(1, 41)], [1, 2]], [{*range(1, 41)}], id="a large strong group around a pair"),
        pytest.param([[1, 2], [3, 4]], [{1, 2}, {3, 4}], id="nothing in common"),
        pytest.param([], [], id="none"),
    ],
)
def test_groups_become_cases(groups: list[list[int]], cases: list[set[int]]) -> None:
    assert cases_of(*groups) == cases


def test_a_chain_of_pairs_does_not_become_one_case() -> None:
    cases = cases_of(*([record, record + 1] for record in range(1_000)))
    assert max(map(len, cases)) == 3


def test_a_record_in_many_pairs_does_not_draw_them_together() -> None:
    cases = cases_of(*([0, record] for record in range(1, 1_000)))
    assert max(map(len, cases)) == 3


groups = st.lists(st.frozensets(st.integers(1, 12), min_size=1, max_size=5).map(sorted), max_size=14)


@given(groups)
def test_every_group_stands_whole_in_one_case(found: list[list[int]]) -> None:
    cases = cases_of(*found)
    assert all(any(set(group) <= case for case in cases) for group in found)
    assert len(cases) <= len(found)


@given(groups)
def test_a_group_found_again_right_after_itself_makes_no_further_case(found: list[list[int]]) -> None:
    again = [group for group in found for _ in range(2)]
    assert len(cases_of(*again)) <= len(cases_of(*found))
