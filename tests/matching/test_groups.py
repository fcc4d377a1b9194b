"""Groups agree with a brute force comparison of every record with every other."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Container, Iterable
from datetime import date, timedelta
from itertools import combinations, pairwise, product
from pathlib import Path
from random import Random
from typing import Any

import networkx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from matching.compare import WORTH_KEEPING
from matching.engines.duckdb import DuckDBEngine
from matching.groups import groups_of
from matching.report import Nearness, Report, Where
from matching.similar.characters import NEIGHBOURS
from specs.engine import Engine
from tests.examples import examples

Row = dict[str, Any]
Groups = set[frozenset[int]]

SCHEMA = pa.schema(
    [
        ("record", pa.int64()),
        ("body", pa.int8()),
        ("red", pa.string()),
        ("blue", pa.string()),
        ("tall", pa.string()),
        ("wide", pa.string()),
        ("name", pa.string()),
        ("on", pa.date32()),
        ("pence", pa.int64()),
        ("many", pa.list_(pa.string())),
    ]
)
ENGINE = DuckDBEngine()
WORKING = tempfile.TemporaryDirectory()
FIRST_DAY = date(2025, 1, 1)


def report(**keys: Any) -> Report:
    """A report over invented columns."""
    shape = {
        "id": "invented",
        "title": "Invented",
        "about": "Invented.",
        "data": ["acorns"],
        "value": "pence",
        "strength": {"share": 0.5, "evidence": "inferred"},
    }
    return Report.model_validate(shape | keys)


def tables(rows: Iterable[Row]) -> dict[str, Path]:
    """The rows of each data set, numbered over both, as files."""
    held: dict[str, list[Row]] = {"acorns": [], "birches": []}
    for number, row in enumerate(rows):
        held[row.get("dataset", "acorns")].append({"record": number, "body": 0, **row})
    files = {dataset: Path(WORKING.name) / f"{dataset}.parquet" for dataset in held}
    for dataset, members in held.items():
        pq.write_table(pa.Table.from_pylist(members, schema=SCHEMA), files[dataset])
    return files


def groups(
    shape: Report, rows: list[Row], engine: Engine = ENGINE, *, between_bodies: Container[str] | None = None
) -> Groups:
    """The groups that the query finds, as sets of places in `rows`."""
    found: dict[int, set[int]] = {}
    members = groups_of(shape, tables(rows), engine, between_bodies=between_bodies).to_pylist()
    assert members == sorted(members, key=lambda member: (member["group_no"], member["record"]))
    for member in members:
        found.setdefault(member["group_no"], set()).add(member["record"])
    assert sorted(found) == list(range(1, len(found) + 1))
    return {frozenset(group) for group in found.values()}


def by_brute_force(
    shape: Report, rows: list[Row], alike: Callable[[Row, Row], bool] = lambda left, right: True
) -> Groups:
    """The same, by a cross join: records that take part, linked two by two, and what hangs together."""
    taking = [number for number, row in enumerate(rows) if takes_part(shape, row)]
    graph: networkx.Graph[int] = networkx.Graph()
    graph.add_nodes_from(taking)
    for one, other in combinations(taking, 2):
        left, right = rows[one], rows[other]
        same = all(left[name] == right[name] for name in shape.same)
        near = all(is_near(left[name], right[name], each) for name, each in shape.near.items())
        if same and near and alike(left, right):
            graph.add_edge(one, other)
    return {
        frozenset(members)
        for members in networkx.connected_components(graph)
        if len(members) > 1
        and all(
            len({rows[n][name] for n in members} - {None}) >= least for name, least in shape.different.items()
        )
        and (len(shape.data) == 1 or len({rows[n].get("dataset") for n in members}) > 1)
    }


def is_near(left: Any, right: Any, near: Nearness) -> bool:
    if near.unit == "days":
        return bool(abs((left - right).days) <= near.most)
    if near.unit == "pence":
        return bool(abs(left - right) <= near.most)
    return bool(abs(left - right) * 100 <= near.most * min(abs(left), abs(right)))


def takes_part(shape: Report, row: Row) -> bool:
    if row.get("dataset", "acorns") not in shape.data:
        return False
    if any(row[name] is None for name in (*shape.same, *shape.near, *shape.similar)):
        return False
    return all(meets(row[name], where) for name, where in shape.where.items())


def meets(value: Any, where: Where) -> bool:
    if where.blank is not None and (value is None) is not where.blank:
        return False
    if where.is_not and value is not None and str(value) in where.is_not:
        return False
    if where.above is None and where.below is None and not where.is_:
        return True
    if value is None:
        return False
    if where.is_ and str(value) not in where.is_:
        return False
    if where.above is not None and value <= where.above:
        return False
    return where.below is None or value < where.below


few = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))
rows_of_records = st.lists(
    st.fixed_dictionaries(
        {
            "dataset": st.sampled_from(["acorns", "birches"]),
            "red": few,
            "blue": few,
            "tall": few,
            "wide": few,
            "name": st.none(),
            "on": st.one_of(
                st.none(), st.integers(0, 100).map(lambda days: FIRST_DAY + timedelta(days=days))
            ),
            "pence": st.one_of(st.none(), st.integers(-3, 3)),
            "many": st.one_of(st.none(), st.lists(st.sampled_from(["p", "q", "r", "s"]), max_size=3)),
        }
    ),
    max_size=50,
)
EXACT_SHAPES = [
    {"data": data, "same": same, "different": different, "near": near, "where": where}
    for data, same, different, near, where in product(
        (["acorns"], ["acorns", "birches"]),
        (["red"], ["red", "blue"]),
        ([], ["tall"], ["tall", "wide"]),
        ({}, {"on": "7 days"}),
        ({}, {"pence": {"above": 0}}, {"pence": {"above": -2, "below": 2}}),
    )
]
FURTHER_SHAPES: list[dict[str, Any]] = [
    {"same": ["red"], "near": {"pence": "1 pence"}},
    {"same": ["red"], "near": {"pence": "50 %"}},
    {"same": ["red"], "different": {"tall": 3}},
    {"same": ["red"], "where": {"blue": {"is": ["a", "b"]}}},
    {"same": ["red"], "where": {"blue": {"is_not": ["a"]}}},
    {"same": ["red"], "where": {"blue": {"blank": True}}},
    {"same": ["red"], "where": {"blue": {"blank": False, "is_not": ["b"]}, "on": {"blank": False}}},
    {"same": ["red"], "where": {"pence": {"is": ["1", "-2"]}}},
]


def named(shape: dict[str, Any]) -> str:
    return " ".join(f"{key}={value}" for key, value in shape.items() if value)


@pytest.mark.parametrize("shape", [*EXACT_SHAPES, *FURTHER_SHAPES], ids=named)
@settings(max_examples=8, deadline=None)
@given(rows=rows_of_records)
def test_groups_are_those_of_a_cross_join(shape: dict[str, Any], rows: list[Row]) -> None:
    assert groups(report(**shape), rows) == by_brute_force(report(**shape), rows)


@pytest.mark.parametrize("shape", EXACT_SHAPES[::7], ids=named)
@settings(max_examples=8, deadline=None)
@given(rows=rows_of_records, random=st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(shape: dict[str, Any], rows: list[Row], random: Random) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = groups(report(**shape), [rows[number] for number in order])
    assert {frozenset(order[place] for place in group) for group in shuffled} == groups(report(**shape), rows)


WORDS = ["OAK", "OAKS", "ELM", "ELMS", "CARE", "CARES", "HIRE"]
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
rows_with_names = st.lists(
    st.fixed_dictionaries(
        {
            "red": st.sampled_from(["a", "b", None]),
            "blue": few,
            "tall": few,
            "wide": few,
            "name": st.one_of(st.none(), names),
            "on": st.none(),
            "pence": st.just(1),
        }
    ),
    max_size=NEIGHBOURS,
)


def alike_by(least: float) -> Callable[[Row, Row], bool]:
    return lambda left, right: Indel.normalized_similarity(left["name"], right["name"]) >= least - 1e-6


def share_a_block(left: Row, right: Row) -> bool:
    one, other = left["name"], right["name"]
    return one[:4] == other[:4] or one[-4:] == other[-4:] or bool(set(one.split(" ")) & set(other.split(" ")))


def assert_groups_hang_together(shape: Report, rows: list[Row], alike: Callable[[Row, Row], bool]) -> None:
    """Every group hangs together by links of all pairs; what is alike throughout is one group."""
    found = groups(shape, rows)
    hanging = by_brute_force(shape.model_copy(update={"different": {}}), rows, alike)
    assert all(any(group <= component for component in hanging) for group in found)
    throughout = {
        component
        for component in by_brute_force(shape, rows, alike)
        if all(alike(rows[one], rows[other]) for one, other in combinations(component, 2))
    }
    assert throughout <= found


@settings(max_examples=examples(12), deadline=None)
@given(rows=rows_with_names, least=st.sampled_from([0.6, 0.8, 0.9, 1.0]))
def test_similar_records_are_those_of_all_pairs(rows: list[Row], least: float) -> None:
    shape = report(same=["red"], similar={"name": least}, different=["blue"])
    assert_groups_hang_together(shape, rows, alike_by(least))


@settings(max_examples=examples(12), deadline=None)
@given(rows=rows_with_names, least=st.sampled_from([0.6, 0.8, 0.9]))
def test_with_blocks_similar_records_also_share_a_word_or_their_first_or_last_four(
    rows: list[Row], least: float
) -> None:
    shape = report(same=["red"], similar={"name": least}, blocks=[{"words": "name"}])
    alike = alike_by(least)
    assert_groups_hang_together(
        shape, rows, lambda left, right: alike(left, right) and share_a_block(left, right)
    )


@settings(max_examples=examples(16), deadline=None)
@given(rows=rows_with_names, least=st.sampled_from([0.6, 0.8]))
def test_a_group_says_the_least_similarity_of_its_links(rows: list[Row], least: float) -> None:
    shape = report(same=["red"], similar={"name": least})
    found: dict[int, list[Row]] = {}
    said: dict[int, float] = {}
    for member in groups_of(shape, tables(rows), ENGINE).to_pylist():
        found.setdefault(member["group_no"], []).append(rows[member["record"]])
        said[member["group_no"]] = member["similarity"]
    for group, members in found.items():
        values = {member["name"] for member in members}
        links = [Indel.normalized_similarity(*pair) for pair in combinations(sorted(values), 2)]
        assert said[group] == pytest.approx(
            min((link for link in links if link >= WORTH_KEEPING * (least - 1e-6)), default=1.0)
        )


@pytest.mark.parametrize("edits", range(1, 10))
def test_a_similarity_of_exactly_the_least_is_enough(edits: int) -> None:
    """Ten letters, some of them others: of twenty letters in all, twice as many edits."""
    rows = [BLANK | {"red": "a", "name": name} for name in ("ABCDEFGHIJ", "ABCDEFGHIJ"[edits:] + "X" * edits)]
    assert groups(report(same=["red"], similar={"name": 1 - edits / 10}), rows) == {frozenset({0, 1})}
    assert groups(report(same=["red"], similar={"name": 1.01 - edits / 10}), rows) == set()


BLANK = {
    "many": None,
    "red": None,
    "blue": None,
    "tall": None,
    "wide": None,
    "name": None,
    "on": None,
    "pence": None,
}


def test_blanks_agree_with_nothing() -> None:
    rows = [BLANK | {"blue": "a"}, BLANK | {"blue": "b"}]
    assert groups(report(same=["red"]), rows) == set()


def test_a_blank_is_no_difference() -> None:
    rows = [BLANK | {"red": "a", "tall": "x"}, BLANK | {"red": "a"}]
    assert groups(report(same=["red"], different=["tall"]), rows) == set()


def test_near_dates_reach_across_a_chain_and_stop_at_a_gap() -> None:
    days = [0, 60, 120, 181, 190]
    rows = [BLANK | {"red": "a", "on": FIRST_DAY + timedelta(days=days_)} for days_ in days]
    assert groups(report(same=["red"], near={"on": "60 days"}), rows) == {
        frozenset({0, 1, 2}),
        frozenset({3, 4}),
    }


def test_a_record_of_a_second_data_set_is_needed_where_two_are_named() -> None:
    rows = [BLANK | {"red": "a", "dataset": "acorns"}, BLANK | {"red": "a", "dataset": "acorns"}]
    assert groups(report(same=["red"], data=["acorns", "birches"]), rows) == set()
    rows.append(BLANK | {"red": "a", "dataset": "birches"})
    assert groups(report(same=["red"], data=["acorns", "birches"]), rows) == {frozenset({0, 1, 2})}


def test_a_key_shared_by_many_is_one_group_and_as_many_rows() -> None:
    many = 50_000
    found = groups_of(report(same=["red"]), tables(BLANK | {"red": "001"} for _ in range(many)), ENGINE)
    assert found.num_rows == many
    assert set(found["group_no"].to_pylist()) == {1}


@pytest.mark.parametrize(
    "shape",
    [
        {"same": ["red"]},
        {"same": ["red"], "near": {"on": "7 days"}},
        {"same": ["red"], "similar": {"name": 0.9}},
        {"same": ["red"], "similar": {"name": 0.9}, "blocks": [{"words": "name"}]},
        {"same": ["red"], "data": ["acorns", "birches"]},
    ],
    ids=named,
)
def test_no_records_make_no_groups(shape: dict[str, Any]) -> None:
    assert groups(report(**shape), []) == set()
    found = groups_of(report(**shape), tables([]), ENGINE)
    assert found.schema.names == ["group_no", "record", "similarity"]


@settings(max_examples=examples(16), deadline=None)
@given(rows=rows_of_records)
def test_records_that_share_a_value_of_a_list_are_a_group_and_no_group_comes_twice(rows: list[Row]) -> None:
    shape = report(same=["red", "many"], different=["tall"])
    expected = set()
    for red, value in product("abc", "pqrs"):
        members = [
            place
            for place, row in enumerate(rows)
            if row.get("dataset", "acorns") == "acorns" and row["red"] == red and value in (row["many"] or ())
        ]
        if len(members) > 1 and len({rows[place]["tall"] for place in members} - {None}) > 1:
            expected.add(frozenset(members))
    assert groups(shape, rows) == expected


def test_a_group_tells_the_value_of_the_list_that_it_shares() -> None:
    rows = [BLANK | {"red": "a", "many": ["q", "p"]}, BLANK | {"red": "a", "many": ["r", "p", "p"]}]
    found = groups_of(report(same=["red", "many"]), tables(rows), ENGINE)
    assert found["key of many"].to_pylist() == ["p", "p"]
    assert found["record"].to_pylist() == [0, 1]


@settings(max_examples=examples(12), deadline=None)
@given(rows=rows_of_records, gap=st.integers(0, 20), sum_=st.integers(0, 2))
def test_of_two_near_columns_no_gap_of_the_first_is_wider_than_it_says(
    rows: list[Row], gap: int, sum_: int
) -> None:
    shape = report(same=["red"], near={"on": f"{gap} days", "pence": f"{sum_} pence"})
    found = groups(shape, rows)
    for members in found:
        days = sorted(rows[place]["on"] for place in members)
        assert all((after - before).days <= gap for before, after in pairwise(days))
    linked = by_brute_force(shape, rows)
    assert all(any(group <= members for members in found) for group in linked)


@settings(max_examples=examples(12), deadline=None)
@given(rows=rows_of_records)
def test_single_records_are_those_that_meet_the_conditions(rows: list[Row]) -> None:
    shape = report(where={"pence": {"above": 0}, "blue": {"blank": False}})
    assert groups(shape, rows) == {
        frozenset({place}) for place, row in enumerate(rows) if takes_part(shape, row)
    }


def test_between_two_bodies_a_group_has_records_of_both_and_references_differ_by_themselves() -> None:
    shape = report(same=["red"], different=["blue", "tall"])
    one, other = (
        BLANK | {"red": "a", "blue": "7", "tall": "x"},
        BLANK | {"red": "a", "blue": "7", "tall": "y"},
    )
    assert groups(shape, [one, other | {"body": 1}]) == set()
    assert groups(shape, [one, other | {"body": 1}], between_bodies={"blue"}) == {frozenset({0, 1})}
    assert groups(shape, [one, other | {"blue": "8"}], between_bodies={"blue"}) == set()


def test_a_condition_on_a_column_of_one_of_two_data_sets_counts_for_that_one(tmp_path: Path) -> None:
    shape = report(data=["acorns", "birches"], same=["red"], where={"pence": {"above": 5}})
    rows = [{"record": number, "body": 0, "red": "a", "pence": number} for number in (5, 6)]
    files = {dataset: tmp_path / f"{dataset}.parquet" for dataset in ("acorns", "birches")}
    pq.write_table(pa.Table.from_pylist(rows), files["acorns"])
    pq.write_table(pa.table({"record": [9], "body": [0], "red": ["a"]}), files["birches"])
    assert groups_of(shape, files, ENGINE)["record"].to_pylist() == [6, 9]


def test_text_in_a_condition_is_text_whatever_it_looks_like() -> None:
    rows = [BLANK | {"red": "o'; drop table acorns; --"}, BLANK | {"red": "no"}]
    shape = report(where={"red": {"is": ["o'; drop table acorns; --"]}})
    assert groups(shape, rows) == {frozenset({0})}
