"""Linking: a report's records to groups of one person each, with the weight of every pair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.linkage.blocks import pairs_to_compare
from matching.linkage.clusters import clusters
from matching.linkage.compare import Levels, Numbers, Records
from matching.linkage.contents import SameContent, forms_of, held_of, taking_part
from matching.linkage.definition import Block
from matching.linkage.forms import BLANK
from matching.linkage.keys import KEYS
from matching.linkage.learn import chance_learnt, household_pairs, learnt
from matching.linkage.left_over import pairs_of_left_over
from matching.linkage.model import Weigher, shipped
from matching.linkage.promise import Promise
from matching.linkage.tables import Grouped, Linked, told
from specs.engine import Engine, Table
from specs.quoting import quoted

if TYPE_CHECKING:
    from matching.report import Report

LEAST_WEIGHT = -1.0
"""Bits that a pair needs to be taken for one person: odds of one in two. For pairs as for the mean between
clusters."""

LEFT_OUT = -8.0
"""Bits below which a pair is not looked at again: it could be one person in one of 256 cases at most."""

TELLING = 1.0
"""Bits by which pairs of one person prove to be more common than expected, from which on all are looked at
again."""

COSTLY = ("address", "email")
"""Comparisons of long texts: left to pairs that may be one person by all the others."""


def linked(report: Report, records: Mapping[str, Table], engine: Engine) -> Linked:
    """The groups of one person that a report with `compare` finds, and the pairs in them.

    Records that hold the same in all that is compared are weighed once, so that many copies of one cost no
    more than one. With records of two bodies, or of two data sets, a group has some of both, and only pairs
    across are listed. The result follows from what the records hold and not from their order.
    """
    taking = taking_part(report, records, engine)
    forms = forms_of(report, taking)
    held = held_of(forms, taking["side"].to_numpy())
    comparisons = {name: its.by for name, its in report.compare.items()}
    contents = Records(
        {name: its.taken(held.example) for name, its in forms.items()},
        comparisons,
        sides=taking["side"].to_numpy()[held.example],
        copies=held.copies,
    )
    size, across = len(held.example), len(np.unique(contents.sides)) > 1
    pairs = _number_of_pairs(contents.sides, across=across)
    weigher = Weigher(contents, shipped(contents.comparisons, records=size, pairs=pairs))
    if taking.num_rows > 1 and contents.comparisons:
        candidates = _candidates(report, contents, engine, across=across)
        weigher, compared = _learnt(candidates, held, weigher, engine, pairs=pairs, across=across)
        grouped = _grouped(compared, held, weigher, across=across)
    else:
        grouped = Grouped(np.arange(taking.num_rows), np.zeros(size))
    return told(report, taking, held, grouped, weigher, engine=engine, across=across)


def _number_of_pairs(sides: npt.NDArray[np.int8], *, across: bool) -> float:
    size = len(sides)
    if not across:
        return max(size * (size - 1) / 2, 1.0)
    counts = np.unique(sides, return_counts=True)[1].astype(float)
    return float((size**2 - (counts**2).sum()) / 2)


def _candidates(report: Report, contents: Records, engine: Engine, *, across: bool) -> pa.Table:
    columns: dict[str, pa.Array] = {
        "node": pa.array(np.arange(len(contents.sides), dtype=np.int32)),
        "side": pa.array(contents.sides),
    }
    blocks = [block for block in report.blocks if isinstance(block, Block)]
    needed = dict.fromkeys(key for block in blocks for key in (*block.agree, *block.then))
    for name in (*needed, *_ORDER):
        codes = KEYS[name](contents.forms)
        if codes is not None:
            columns[name] = pa.array(codes, mask=codes == BLANK)
    return pairs_to_compare(
        blocks,
        pa.table(columns),
        engine,
        across=across,
        neighbours_by=[name for name in _ORDER if name in columns],
    )


_ORDER = ("birth_date", "surname", "forename", "post_code", "email")
"""Keys that put the records of a large block in order, so that those most alike stand together."""


def _learnt(
    candidates: pa.Table, held: SameContent, weigher: Weigher, engine: Engine, *, pairs: float, across: bool
) -> tuple[Weigher, pa.Table]:
    """The model learnt, and the pairs that may be one person under it."""
    size = len(held.example)
    if size > 1:
        weigher = weigher.with_model(chance_learnt(weigher, across=across))
    households = household_pairs(weigher, across=across)
    promise = None
    while True:
        promise = Promise(weigher, promise)
        compared = _compared(candidates, promise, weigher, engine)
        patterns = _patterns(compared, held, weigher, engine)
        before, model = (
            weigher.prior,
            learnt(patterns, weigher.model, records=size, pairs=pairs, households=households),
        )
        weigher = weigher.with_model(model)
        if weigher.prior < before + TELLING:
            return weigher, compared


def _compared(candidates: pa.Table, promise: Promise, weigher: Weigher, engine: Engine) -> pa.Table:
    """The candidates that may be one person: `first`, `second`, each comparison's level, `rarity` (bits)."""

    def compare(batch: pa.RecordBatch) -> pa.RecordBatch:
        first = batch["first"].to_numpy().astype(np.int64)
        second = batch["second"].to_numpy().astype(np.int64)
        for leaving_out in (None, COSTLY):
            told = (
                None
                if leaving_out is None
                else weigher.records.levels(first, second, leaving_out=leaving_out)
            )
            promising = promise.most(first, second, told) > LEFT_OUT
            first, second = first[promising], second[promising]
        levels = weigher.records.levels(first, second)
        kept = weigher.weights(levels, first, second) > LEFT_OUT
        first, second = first[kept], second[kept]
        levels = {name: level[kept] for name, level in levels.items()}
        return _batch(first, second, levels, weigher)

    if not candidates.num_rows:
        none = np.array([], np.int64)
        return pa.Table.from_batches([_batch(none, none, weigher.records.levels(none, none), weigher)])
    return engine.map(compare, candidates)


def _batch(first: Numbers, second: Numbers, levels: Levels, weigher: Weigher) -> pa.RecordBatch:
    rarity = sum(weigher.rarities(levels, first, second).values(), start=np.zeros(len(first)))
    columns = {"first": first.astype(np.int32), "second": second.astype(np.int32), **levels, "rarity": rarity}
    return pa.RecordBatch.from_pydict({name: pa.array(its) for name, its in columns.items()})


def _patterns(compared: pa.Table, held: SameContent, weigher: Weigher, engine: Engine) -> pa.Table:
    """How many pairs have each pattern of levels and about how rare values; copies count with the first."""
    (several,) = np.nonzero(held.copies > 1)
    copied = _batch(several, several, weigher.records.levels(several, several), weigher)
    counted = pa.concat_tables(
        [
            compared.append_column("number", pa.array(np.ones(compared.num_rows, np.int64))),
            pa.table(copied).append_column("number", pa.array(held.copies[several] - 1)),
        ]
    )
    names = ", ".join(quoted(name) for name in weigher.records.comparisons)
    return engine.sql(
        f"select {names}, round(rarity) as rarity, cast(sum(number) as bigint) as number from counted "
        f"group by {names}, round(rarity) order by {names}, rarity",
        counted=counted,
    )


def _levels_of(compared: pa.Table, weigher: Weigher) -> Levels:
    return {name: compared[name].to_numpy() for name in weigher.records.comparisons}


def _grouped(compared: pa.Table, held: SameContent, weigher: Weigher, *, across: bool) -> Grouped:
    def weigh(first: Numbers, second: Numbers) -> npt.NDArray[np.float64]:
        return weigher.weights(weigher.records.levels(first, second), first, second)

    first = compared["first"].to_numpy().astype(np.int64)
    second = compared["second"].to_numpy().astype(np.int64)
    weight = weigher.weights(_levels_of(compared, weigher), first, second)
    size, sides = len(held.example), weigher.records.sides
    group = clusters(size, first, second, weight, weigh, least=LEAST_WEIGHT, sides=sides if across else None)
    members = np.bincount(group, minlength=size)[group] * (held.copies if not across else 1)
    alone = members == 1
    left = pairs_of_left_over(
        first,
        second,
        weight,
        alone,
        pairs=_number_of_pairs(sides[alone], across=across),
        prior=weigher.prior,
        least=LEAST_WEIGHT,
    )
    group[left.second] = group[left.first]
    left_over = np.zeros(size)
    left_over[left.first] = left_over[left.second] = left.bits
    (several,) = np.nonzero(held.copies > 1)
    no_evidence = np.zeros(size, np.bool_)
    no_evidence[several] = weigh(several, several) <= LEAST_WEIGHT
    rows = np.arange(len(held.content))
    return Grouped(np.where(no_evidence[held.content], size + rows, group[held.content]), left_over)
