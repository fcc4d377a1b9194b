"""Records that share something: the steps of a query that lists them, and the words that name the others."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from specs.data_set.context import AcrossContext

_SHOWN = 3  # other rows named in a finding; the rest are counted
_AT_ONCE = 1 << 16  # records put into words at once: what is built on the way takes many times their size
_PLACES = range(1, _SHOWN + 2)  # of a key, so many rows are looked at that one of them can be left out


def first_rows_of(key: Sequence[str], indent: str) -> str:
    """The columns row_1 and so on: the first rows of a key, in a step that has each row's `place` in it."""
    partition = ", ".join(key)
    return f",\n{indent}".join(
        f"max(case when place = {place} then source_row end) over (partition by {partition}) as row_{place}"
        for place in _PLACES
    )


def other_rows(shared: pa.Table, context: AcrossContext) -> pa.ChunkedArray:
    """'also on rows 12, 57, 60 and 3 more' for each record, from source_row, key_records, row_1 and so on."""
    in_words = _as_numbers if context.place_in_words is str else _as_places(context.place_in_words)
    slices = [shared.slice(first, _AT_ONCE) for first in range(0, shared.num_rows, _AT_ONCE)]
    return pa.chunked_array(
        [chunk for part in slices for chunk in _other_rows(part, in_words).chunks], type=pa.string()
    )


_InWords = Callable[[pa.ChunkedArray], pa.ChunkedArray]


def _as_numbers(rows: pa.ChunkedArray) -> pa.ChunkedArray:
    return rows.cast(pa.string())


def _as_places(place_in_words: Callable[[int], str]) -> _InWords:
    """What puts rows into words, asking for those of each row once."""
    known = functools.cache(place_in_words)

    def in_words(rows: pa.ChunkedArray) -> pa.ChunkedArray:
        chunks = [
            pa.array([known(row) for row in chunk.dictionary.to_pylist()], pa.string()).take(chunk.indices)
            for chunk in rows.dictionary_encode().chunks
        ]
        return pa.chunked_array(chunks, pa.string())

    return in_words


def _other_rows(shared: pa.Table, in_words: _InWords) -> pa.ChunkedArray:
    own = shared.column("source_row")
    candidates = [shared.column(f"row_{place}") for place in _PLACES]
    others = [pc.if_else(pc.not_equal(row, own), row, None) for row in candidates]
    # the last candidate only stands in for a record that is among the first itself
    is_among_first = pc.less_equal(own, candidates[-1])
    others[-1] = pc.if_else(pc.fill_null(is_among_first, True), others[-1], None)
    named = pc.binary_join_element_wise(*(in_words(row) for row in others), ", ", null_handling="skip")
    count = pc.subtract(shared.column("key_records"), 1)
    more = pc.subtract(count, _SHOWN)
    ending = pc.if_else(
        pc.greater(more, 0),
        pc.binary_join_element_wise(" and ", more.cast(pa.string()), " more", ""),
        "",
    )
    beginning = pc.if_else(pc.equal(count, 1), "also on row ", "also on rows ")
    return pc.binary_join_element_wise(beginning, named, ending, "")
