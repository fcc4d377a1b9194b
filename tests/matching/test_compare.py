"""How many pairs are compared, and what similarity joins."""

from __future__ import annotations

import pyarrow as pa
import pytest

from matching.compare import NEIGHBOURS, joined_by_similarity, pairs_to_compare_sql
from matching.report import Report
from specs.engine import Engine

BLOCKED = Report.model_validate(
    {
        "id": "invented",
        "title": "Invented",
        "about": "Invented.",
        "data": ["left"],
        "same": ["key"],
        "similar": {"name": 0.9},
        "blocks": [{"words": "name"}],
        "value": "pence",
        "strength": {"share": 0.5, "evidence": "inferred"},
    }
)
BLOCKS_PER_NAME = 5
"""Three words, the first four characters and the last four."""


def values(names: list[str]) -> pa.Table:
    return pa.table(
        {"key": ["k"] * len(names), "name": names, "node": pa.array(range(len(names)), pa.int64())}
    )


def three_words(number: int) -> str:
    letters = "ABCDEFGHIJ"
    return "".join(letters[int(digit)] for digit in f"{number:05d}") + " CARE SERVICES"


@pytest.mark.parametrize("size", [200, 2_000, 20_000])
def test_pairs_grow_with_the_values_though_all_share_a_word(size: int, engine: Engine) -> None:
    """A plain block on SERVICES alone would hold size * (size - 1) / 2 pairs."""
    names = sorted(three_words(number) for number in range(size))
    pairs = engine.sql(pairs_to_compare_sql(BLOCKED), distinct_values=values(names))
    assert size < pairs.num_rows <= size * BLOCKS_PER_NAME * NEIGHBOURS
    if size > 2 * NEIGHBOURS:
        assert pairs.num_rows < size * (size - 1) / 2


def test_each_pair_comes_once_and_in_order(engine: Engine) -> None:
    names = sorted(three_words(number) for number in range(300))
    pairs = engine.sql(pairs_to_compare_sql(BLOCKED), distinct_values=values(names)).to_pylist()
    listed = [(pair["first"], pair["second"]) for pair in pairs]
    assert listed == sorted(set(listed))
    assert all(first < second for first, second in listed)


def test_values_that_share_no_block_are_not_compared(engine: Engine) -> None:
    pairs = engine.sql(pairs_to_compare_sql(BLOCKED), distinct_values=values(["ACORN HIRE", "BIRCH TOOL"]))
    assert pairs.num_rows == 0


def test_values_that_differ_in_what_must_be_the_same_are_not_compared(engine: Engine) -> None:
    table = pa.table(
        {"key": ["1", "2"], "name": ["ACORN HIRE", "ACORN HIRES"], "node": pa.array([0, 1], pa.int64())}
    )
    assert engine.sql(pairs_to_compare_sql(BLOCKED), distinct_values=table).num_rows == 0


def test_each_row_keeps_its_columns_and_gains_component_and_similarity(engine: Engine) -> None:
    taking = pa.table(
        {
            "record": pa.array([5, 6, 7, 8], pa.int64()),
            "key": ["k"] * 4,
            "name": ["ACORN HIRE", "ACORN HIRES", "BIRCH TOOLS", "ACORN HIRE"],
        }
    )
    joined = {row["record"]: row for row in joined_by_similarity(taking, BLOCKED, engine).to_pylist()}
    assert (
        joined[5]["component"] == joined[6]["component"] == joined[8]["component"] != joined[7]["component"]
    )
    assert joined[5]["similarity"] == pytest.approx(20 / 21)
    assert joined[7]["similarity"] == 1.0
    assert {name: joined[6][name] for name in taking.column_names} == {
        "record": 6,
        "key": "k",
        "name": "ACORN HIRES",
    }
