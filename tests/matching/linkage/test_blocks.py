from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engines.duckdb import DuckDBEngine
from matching.linkage.blocks import LEAST_MOST, MOST, NEIGHBOURS, pairs_to_compare, whole_up_to
from matching.linkage.definition import Block
from tests.examples import examples

BLOCK = Block(agree=("surname",), then=("birth_year",))


def keys(rows: list[tuple[int | None, int | None]], sides: list[int] | None = None) -> pa.Table:
    return pa.table(
        {
            "node": pa.array(range(len(rows)), pa.int32()),
            "side": pa.array(sides or [0] * len(rows), pa.int8()),
            "surname": pa.array([surname for surname, _ in rows], pa.int32()),
            "birth_year": pa.array([year for _, year in rows], pa.int32()),
        }
    )


def pairs(table: pa.Table, *blocks: Block, across: bool = False) -> list[tuple[int, int]]:
    found = pairs_to_compare(blocks, table, DuckDBEngine(), across=across, neighbours_by=["birth_year"])
    return list(zip(found["first"].to_pylist(), found["second"].to_pylist(), strict=True))


rows = st.lists(st.tuples(st.none() | st.integers(0, 4), st.none() | st.integers(0, 4)), max_size=40)


@settings(max_examples=examples(10), deadline=None)
@given(rows)
def test_small_blocks_give_every_pair_that_agrees_once(rows: list[tuple[int | None, int | None]]) -> None:
    expected = [
        (one, other)
        for one, other in combinations(range(len(rows)), 2)
        if rows[one][0] is not None and rows[one][0] == rows[other][0]
    ]
    assert pairs(keys(rows), BLOCK, Block(agree=("surname", "birth_year"))) == expected


def test_two_files_give_only_pairs_across() -> None:
    assert pairs(keys([(1, 1)] * 3, [0, 0, 1]), BLOCK, across=True) == [(0, 2), (1, 2)]


def test_a_block_too_large_is_divided_by_the_next_key() -> None:
    table = keys([(1, row // 2) for row in range(MOST + 2)])
    assert pairs(table, BLOCK) == [(row, row + 1) for row in range(0, MOST + 2, 2)]


def test_records_of_a_block_that_nothing_divides_meet_their_neighbours() -> None:
    size = 3 * MOST
    found = pairs(keys([(1, 1)] * size), BLOCK)
    assert found == [(a, b) for a, b in combinations(range(size), 2) if b - a <= NEIGHBOURS]


def test_a_block_is_left_out_in_files_that_are_too_large_or_lack_its_key() -> None:
    table = keys([(1, 1)] * 3)
    narrow = BLOCK.model_copy(update={"up_to": 2})
    assert pairs(table, narrow) == []
    assert pairs(table.drop_columns(["surname"]), BLOCK) == []


def test_blocks_that_are_compared_whole_are_smaller_in_larger_files() -> None:
    sizes = [whole_up_to(nodes) for nodes in (10, 50_000, 200_000, 10_000_000)]
    assert sizes[0] == MOST
    assert sizes[-1] == LEAST_MOST
    assert sizes == sorted(sizes, reverse=True)


def test_the_order_of_rows_does_not_matter() -> None:
    draw: Any = np.random.default_rng(3)
    table = keys([(int(a), int(b)) for a, b in draw.integers(0, 3, (300, 2))])
    assert pairs(table.take(draw.permutation(300)), BLOCK) == pairs(table, BLOCK)
