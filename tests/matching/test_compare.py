"""How many pairs are compared, and what similarity joins."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from matching.compare import SCORERS, Scorer, joined_by_similarity, pairs_to_compare_sql
from matching.report import Report
from specs.engine import Engine


def report(*, by: str = "characters", same: tuple[str, ...] = ("key",), least: float = 0.9) -> Report:
    return Report.model_validate(
        {
            "id": "invented",
            "title": "Invented",
            "about": "Invented.",
            "data": ["left"],
            "same": same,
            "similar": {"name": {"least": least, "by": by}},
            "blocks": [{"words": "name"}],
            "value": "pence",
            "strength": {"share": 0.5, "evidence": "inferred"},
        }
    )


BLOCKS_PER_NAME = 5
"""Three words, the first four characters and the last four; or two rare words and three pairs."""


def pairs_of(names: list[str], engine: Engine, *, by: str = "characters") -> tuple[pa.Table, Scorer]:
    scorer = SCORERS[by](names)
    numbers = pa.array(range(len(names)), pa.int64())
    values = pa.table({"key": ["k"] * len(names), "name": names, "node": numbers, "text": numbers})
    query = pairs_to_compare_sql(report(by=by), scorer.neighbours)
    return engine.sql(query, distinct_values=values, blocks=scorer.blocks()), scorer


def three_words(number: int) -> str:
    letters = "ABCDEFGHIJ"
    return "".join(letters[int(digit)] for digit in f"{number:05d}") + " CARE SERVICES"


@pytest.mark.parametrize("by", sorted(SCORERS))
@pytest.mark.parametrize("size", [200, 2_000, 20_000])
def test_pairs_grow_with_the_values_though_all_share_a_word(size: int, by: str, engine: Engine) -> None:
    """A plain block on SERVICES alone would hold size * (size - 1) / 2 pairs."""
    pairs, scorer = pairs_of(sorted(three_words(number) for number in range(size)), engine, by=by)
    assert pairs.num_rows <= size * BLOCKS_PER_NAME * scorer.neighbours
    if size > 2 * scorer.neighbours:
        assert pairs.num_rows < size * (size - 1) / 2


@pytest.mark.parametrize("by", sorted(SCORERS))
def test_each_pair_comes_once_and_in_order(by: str, engine: Engine) -> None:
    pairs, _ = pairs_of(sorted(three_words(number) for number in range(300)), engine, by=by)
    listed = [(pair["first"], pair["second"]) for pair in pairs.to_pylist()]
    assert listed == sorted(set(listed))
    assert all(first < second for first, second in listed)


def test_values_that_share_no_block_are_not_compared(engine: Engine) -> None:
    assert pairs_of(["ACORN HIRE", "BIRCH TOOL"], engine)[0].num_rows == 0


def taking(rows: list[tuple[int, str, str]]) -> pa.Table:
    record, key, name = (list(column) for column in zip(*rows, strict=True))
    return pa.table({"record": pa.array(record, pa.int64()), "key": key, "name": name})


def test_each_row_keeps_its_columns_and_gains_component_and_similarity(engine: Engine) -> None:
    rows = taking(
        [(5, "k", "ACORN HIRE"), (6, "k", "ACORN HIRES"), (7, "k", "BIRCH TOOLS"), (8, "k", "ACORN HIRE")]
    )
    joined = {row["record"]: row for row in joined_by_similarity(rows, report(), engine).to_pylist()}
    assert (
        joined[5]["component"] == joined[6]["component"] == joined[8]["component"] != joined[7]["component"]
    )
    assert joined[5]["similarity"] == pytest.approx(20 / 21)
    assert joined[7]["similarity"] == 1.0
    assert {name: joined[6][name] for name in rows.column_names} == {
        "record": 6,
        "key": "k",
        "name": "ACORN HIRES",
    }


@pytest.mark.parametrize("by", sorted(SCORERS))
def test_values_that_differ_in_what_must_be_the_same_are_never_joined(by: str, engine: Engine) -> None:
    rows = taking([(1, "a", "ACORN HIRE"), (2, "b", "ACORN HIRES")])
    component = joined_by_similarity(rows, report(by=by, least=0.5), engine)["component"]
    assert len(pc.unique(component)) == 2


@pytest.mark.parametrize("by", sorted(SCORERS))
def test_nothing_has_to_be_the_same(by: str, engine: Engine) -> None:
    rows = taking([(1, "a", "QUILLFERN HIRE"), (2, "b", "QUILLFERN HIRES")])
    joined = joined_by_similarity(rows, report(by=by, same=(), least=0.5), engine)
    assert len(pc.unique(joined["component"])) == 1


@pytest.mark.parametrize("by", sorted(SCORERS))
def test_the_order_of_the_rows_says_nothing(by: str, engine: Engine) -> None:
    rows = taking(
        [(n, "k", f"{word} HIRE") for n, word in enumerate(["ACORN", "ACORNS", "ACRON", "BIRCH", "BRICH"])]
    )
    turned = rows.take(pa.array([3, 1, 4, 0, 2]))
    there, back = (
        joined_by_similarity(each, report(by=by, least=0.6), engine).sort_by("record")
        for each in (rows, turned)
    )
    assert there.equals(back)


def test_a_hundred_schools_of_one_kind_are_not_one(engine: Engine) -> None:
    """Each is one letter from some other."""
    names = [f"{chr(65 + n // 10)}{chr(75 + n % 10)}ER PRIMARY SCHOOL" for n in range(100)]
    rows = taking([(n, "k", name) for n, name in enumerate(names)])
    joined = joined_by_similarity(rows, report(by="company_name", least=0.65), engine)
    assert max(count["counts"] for count in pc.value_counts(joined["component"]).to_pylist()) <= 5
