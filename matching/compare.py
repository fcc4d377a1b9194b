"""Similar values: which pairs to compare, how alike they are, and what that joins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from matching.similar.average_linkage import linked_on_average
from matching.similar.characters import Characters
from matching.similar.company_names import CompanyNames
from matching.similar.words import Floats, Integers
from specs.engine import Engine
from specs.quoting import quoted

if TYPE_CHECKING:
    from matching.report import Report


class Scorer(Protocol):
    """Distinct texts, ready to be compared with one another."""

    neighbours: int
    """Within a block each text is compared with at most this many that follow it in alphabetical order, so
    that work grows with the number of texts and not with its square, however common a block is."""

    def blocks(self) -> pa.Table:
        """Which texts may be alike: `text` (place in the list) and `block`, each two once."""
        ...

    def score(self, first: Integers, second: Integers, least: float) -> Floats:
        """The similarity of texts by their places in the list, 0 to 1 either way round; 0 below `least`."""
        ...


SCORERS: dict[str, Callable[[Sequence[str]], Scorer]] = {
    "characters": Characters,
    "company_name": CompanyNames,
}
"""What a report may name under `similar`, as `by`."""

ROUNDING = 1e-6
"""A similarity that differs from the least by less is enough: 0.1 + 0.2 is not 0.3 to a computer."""
WORTH_KEEPING = 0.6
"""Pairs of so much of the least similarity still count for the average inside a group."""
HOLDS_TOGETHER = 0.92
"""The average similarity inside a group may be lower than the least of a link, by this factor."""


def joined_by_similarity(taking: pa.Table, report: Report, engine: Engine) -> pa.Table:
    """The same rows with what similarity joins.

    Returns:
        `taking` with `component` (int64), equal where values are linked, and `similarity` (double, 0 to
        1), the least of a component's links; 1.0 where all its values are identical.
    """
    ((column, asked),) = report.similar.items()
    by = ", ".join(quoted(name) for name in (*report.same, column))
    values = engine.sql(
        f"select {by}, row_number() over (order by {by}) - 1 as node from (select distinct {by} from taking) "
        "order by node",
        taking=taking,
    )
    texts = values[column].combine_chunks().dictionary_encode()
    values = values.append_column("text", texts.indices.cast(pa.int64()))
    scorer = SCORERS[asked.by](texts.dictionary.to_pylist())
    blocks = scorer.blocks() if report.blocks else None
    pairs = engine.sql(
        pairs_to_compare_sql(report, scorer.neighbours),
        distinct_values=values,
        **({} if blocks is None else {"blocks": blocks}),
    )
    least = asked.least - ROUNDING
    scored = _scored(pairs, scorer, texts.indices.to_numpy(), WORTH_KEEPING * least, engine)
    component = linked_on_average(
        values.num_rows,
        scored["first"].to_numpy(),
        scored["second"].to_numpy(),
        scored["similarity"].to_numpy(),
        least=least,
        average=HOLDS_TOGETHER * least,
    )
    return engine.sql(
        "with inside as (select l.component, min(similarity) as similarity from scored "
        "join components as l on l.node = scored.first join components as r on r.node = scored.second "
        "where l.component = r.component group by l.component) "
        "select taking.*, components.component, coalesce(inside.similarity, 1.0) as similarity from taking "
        f"join distinct_values using ({by}) join components using (node) left join inside using (component)",
        taking=taking,
        distinct_values=values,
        scored=scored,
        components=pa.table({"node": values["node"], "component": pa.array(component, pa.int64())}),
    )


def pairs_to_compare_sql(report: Report, neighbours: int) -> str:
    """The query for pairs of distinct values that are worth comparing, each pair once, by their numbers.

    Only values that agree on `same` and, where the report has blocks, share one are compared, each with so
    many neighbours. Values are numbered in alphabetical order.
    """
    keys = [*map(quoted, report.same), *(["block"] if report.blocks else [])]
    by = f"partition by {', '.join(keys)} " if keys else ""
    alike = [*keys, "other_place"]
    return f"""
        with
        placed as (         -- one row per value and block, with its place in the block's alphabetical order
            select {", ".join(["node", *keys])}, row_number() over ({by}order by node) as place
            from distinct_values
            {"join blocks using (text)" if report.blocks else ""}
        ),
        ahead as (          -- one row per value, block and place that follows: the ones to compare with
            select placed.*, place + step as other_place
            from placed
            cross join range(1, {neighbours + 1}) as t(step)
        )
        select distinct l.node as first, r.node as second
        from ahead as l
        join placed as r
            on ({", ".join(f"l.{key}" for key in alike)})
             = ({", ".join(f"r.{key}" for key in [*keys, "place"])})
        order by first, second
    """


def _scored(pairs: pa.Table, scorer: Scorer, text: Integers, least: float, engine: Engine) -> pa.Table:
    """The pairs that are at least so similar: `first`, `second` (numbers of values), `similarity` (0 to 1).

    Values travel by number, so that a pair takes sixteen bytes and not two names.

    Args:
        text: of each value, the place of its text in the scorer's list.
    """

    def score(batch: pa.RecordBatch) -> pa.RecordBatch:
        first, second = (text[batch[end].to_numpy()] for end in ("first", "second"))
        similarity = scorer.score(first, second, least)
        scored = batch.append_column("similarity", pa.array(similarity, pa.float64()))
        return scored.filter(pc.greater_equal(scored["similarity"], least))

    if pairs.num_rows:
        return engine.map(score, pairs)
    return pairs.append_column("similarity", pa.array([], pa.float64()))
