"""The records of an extract that a proposal looks at: the first ones, and some from all the way down."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from specs.read import Extract

FIRST_RECORDS = 2_000
SPREAD_RECORDS = 32
"""Looked at from each further batch that the file is read in."""
MOST_RECORDS = 1_000_000
"""Nothing beyond this record is read: what a column holds has shown long before."""


def sample_of(extract: Extract) -> pa.Table:
    """Records of an extract, a few thousand at most: a column of text per heading, in the file's order.

    Columns that fill only in later years show, since the file is read on (up to a million records).

    Raises:
        ExtractUnreadable: as `Extract.batches`.
    """
    taken: list[pa.RecordBatch] = []
    rows = 0
    batches = extract.batches()
    for batch in batches:
        whole = max(0, min(FIRST_RECORDS - rows, batch.num_rows))
        if whole:
            taken.append(batch.slice(0, whole))
        rest = batch.num_rows - whole
        if rest:
            places = np.unique(np.linspace(whole, batch.num_rows - 1, min(rest, SPREAD_RECORDS)).astype(int))
            taken.append(batch.take(pa.array(places)))
        rows += batch.num_rows
        if rows >= MOST_RECORDS:
            break
    batches.close()
    # By position: a heading may itself be 'source_row'.
    table = pa.Table.from_batches(taken).combine_chunks()
    return pa.table(
        [table.column(1 + place).combine_chunks() for place in range(len(extract.headings))],
        names=list(extract.headings),
    )
