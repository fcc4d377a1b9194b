"""Streams of batches: one size, one order."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.batches import in_order, of_one_size


@settings(deadline=None)
@given(st.lists(st.integers(0, 7), max_size=8), st.integers(1, 5))
def test_batches_of_any_size_become_batches_of_one_size(sizes: list[int], rows: int) -> None:
    numbers = iter(range(sum(sizes)))
    batches = [
        pa.record_batch({"n": pa.array([next(numbers) for _ in range(size)], pa.int64())}) for size in sizes
    ]
    cut = list(of_one_size(batches, rows))
    assert [number for batch in cut for number in batch.column("n").to_pylist()] == list(range(sum(sizes)))
    assert all(batch.num_rows == rows for batch in cut[:-1])
    assert all(0 < batch.num_rows <= rows for batch in cut[-1:])


def test_results_come_in_the_order_of_the_items_however_long_each_takes() -> None:
    def slow_first(item: int) -> int:
        time.sleep(0.02 if item % 2 == 0 else 0)
        return item

    assert list(in_order(slow_first, range(9))) == list(range(9))


def test_no_more_items_are_taken_than_the_workers_need() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for item in range(100):
            taken += 1
            yield item

    results = in_order(str, items(), workers=2)
    next(results)
    assert taken == 3


def test_a_fault_in_one_item_ends_the_stream_with_that_fault() -> None:
    def fails_at_three(item: int) -> int:
        if item == 3:
            raise ValueError("three")
        return item

    results = in_order(fails_at_three, range(10))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)
