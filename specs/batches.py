"""Streams of Arrow batches: cut to one size, and worked on by several threads in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import pyarrow as pa

BATCH_ROWS = 131_072
"""Rows in a batch: large enough that pandera's fixed costs vanish, small enough to hold several at once."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def of_one_size(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of exactly `rows` rows, except for the last one.

    So what is decided per batch, and how a Parquet file is cut, does not depend on how a file was read.
    """
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += batch.num_rows
        if count >= rows:
            joined = pa.concat_batches(waiting)
            whole = count - count % rows
            for start in range(0, whole, rows):
                yield joined.slice(start, rows)
            waiting, count = [joined.slice(whole)], count - whole
    if count:
        yield pa.concat_batches(waiting)


def in_order(
    function: Callable[[Item], Result], items: Iterable[Item], *, workers: int = 2
) -> Iterator[Result]:
    """What `function` makes of each item, in the items' order, worked out by several threads.

    No more than one item per worker and one more are taken from `items` ahead of what was given back, so
    memory stays bounded. Two workers keep two cores busy, since Arrow lets go of Python's lock.
    """
    with ThreadPoolExecutor(workers) as pool:
        ahead: deque[Future[Result]] = deque()
        try:
            for item in items:
                ahead.append(pool.submit(function, item))
                if len(ahead) > workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for future in ahead:
                future.cancel()
