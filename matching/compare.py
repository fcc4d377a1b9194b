"""Similar values: which pairs to compare, how alike they are (rapidfuzz), and what that joins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from matching.connect import component_of
from matching.report import Report
from specs.engine import Engine
from specs.quoting import quoted

NEIGHBOURS = 50
"""Within a block each value is compared with at most this many that follow it in alphabetical order, so
that work grows with the number of values and not with its square, however common a block is."""

ROUNDING = 1e-6
"""A similarity of exactly the least is enough, which rapidfuzz's own cut-off of the same value does not grant
(0.8 against 0.8 gives 0). Names too short to differ by less."""


def joined_by_similarity(taking: pa.Table, report: Report, engine: Engine) -> pa.Table:
    """The same rows with what similarity joins.

    Returns:
        `taking` with `component` (int64), equal where values are linked, and `similarity` (double, 0 to
        1), the least of a component's links; 1.0 where all its values are identical.
    """
    ((column, least),) = report.similar.items()
    by = ", ".join(quoted(name) for name in (*report.same, column))
    values = engine.sql(
        f"select {by}, row_number() over (order by {by}) - 1 as node from (select distinct {by} from taking) "
        "order by node",
        taking=taking,
    )
    pairs = engine.sql(pairs_to_compare_sql(report), distinct_values=values)
    links = _alike(pairs, values[column].to_pylist(), least, engine)
    component = component_of(values.num_rows, links["first"].to_numpy(), links["second"].to_numpy())
    return engine.sql(
        f"with weakest as (select component, min(similarity) as similarity from links join components "
        f"on components.node = links.first group by component) "
        f"select taking.*, components.component, coalesce(weakest.similarity, 1.0) as similarity from taking "
        f"join distinct_values using ({by}) join components using (node) left join weakest using (component)",
        taking=taking,
        distinct_values=values,
        links=links,
        components=pa.table({"node": values["node"], "component": pa.array(component, pa.int64())}),
    )


def pairs_to_compare_sql(report: Report) -> str:
    """The query for pairs of distinct values that are worth comparing, each pair once, by their numbers.

    Only values that agree on `same` are compared. With word blocks, they also share a word, their first
    four or their last four characters. Values are numbered in alphabetical order.
    """
    ((column, _),) = report.similar.items()
    value = quoted(column)
    same = ", ".join(quoted(name) for name in report.same)
    block = (
        f"unnest(list_distinct(list_concat(string_split({value}, ' '), "
        f"[{value}[:4] || '…', '…' || {value}[-4:]])))"
        if report.blocks
        else "''"
    )
    return f"""
        with
        blocked as (        -- one row per value and block
            select node, {same}, {block} as block from distinct_values
        ),
        placed as (         -- the same, with its place in the block's alphabetical order
            select *, row_number() over (partition by {same}, block order by node) as place
            from blocked
        ),
        ahead as (          -- one row per value, block and place that follows: the ones to compare with
            select placed.*, place + step as other_place
            from placed
            cross join range(1, {NEIGHBOURS + 1}) as t(step)
        )
        select distinct l.node as first, r.node as second
        from ahead as l
        join placed as r
            on ({", ".join(f"l.{quoted(name)}" for name in report.same)}, l.block, l.other_place)
             = ({", ".join(f"r.{quoted(name)}" for name in report.same)}, r.block, r.place)
        order by first, second
    """


def _alike(pairs: pa.Table, values: Sequence[str], least: float, engine: Engine) -> pa.Table:
    """The pairs that are at least so similar: `first`, `second` (places in `values`), `similarity` (0 to 1).

    Values travel by number, so that a pair takes sixteen bytes and not two names.
    """

    def score(batch: pa.RecordBatch) -> pa.RecordBatch:
        similarity = cpdist(
            [values[node] for node in batch["first"].to_pylist()],
            [values[node] for node in batch["second"].to_pylist()],
            scorer=Indel.normalized_similarity,
            score_cutoff=least - ROUNDING,
            dtype=np.float64,
            workers=-1,
        )
        scored = batch.append_column("similarity", pa.array(similarity, pa.float64()))
        return scored.filter(pc.greater(scored["similarity"], 0))

    if pairs.num_rows:
        return engine.map(score, pairs)
    return pairs.append_column("similarity", pa.array([], pa.float64()))
