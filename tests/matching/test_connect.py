"""What is linked, directly or through others, has one label."""

from __future__ import annotations

from random import Random

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.connect import component_of

Links = list[tuple[int, int]]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Links]:
    nodes = draw(st.integers(1, 60))
    node = st.integers(0, nodes - 1)
    return nodes, draw(st.lists(st.tuples(node, node), max_size=120))


def labels(nodes: int, links: Links) -> list[int]:
    first = np.array([link[0] for link in links], dtype=np.int64)
    second = np.array([link[1] for link in links], dtype=np.int64)
    return [int(label) for label in component_of(nodes, first, second)]


def smallest_of_each_component(nodes: int, links: Links) -> list[int]:
    graph = networkx.Graph(links)
    graph.add_nodes_from(range(nodes))
    smallest = {node: min(members) for members in networkx.connected_components(graph) for node in members}
    return [smallest[node] for node in range(nodes)]


@given(graphs())
def test_labels_agree_with_networkx(graph: tuple[int, Links]) -> None:
    assert labels(*graph) == smallest_of_each_component(*graph)


@given(graphs(), st.randoms())
def test_neither_order_nor_direction_of_links_matters(graph: tuple[int, Links], random: Random) -> None:
    nodes, links = graph
    other = [(second, first) for first, second in links]
    random.shuffle(other)
    assert labels(nodes, other) == labels(nodes, links)


@pytest.mark.parametrize("order", ["rising", "falling", "inside out"])
def test_a_chain_of_a_hundred_thousand_is_one_component(order: str) -> None:
    size = 100_000
    nodes = np.arange(size, dtype=np.int64)
    if order == "falling":
        nodes = nodes[::-1].copy()
    if order == "inside out":
        nodes = np.random.default_rng(7).permutation(size).astype(np.int64)
    assert np.array_equal(component_of(size, nodes[:-1], nodes[1:]), np.zeros(size, dtype=np.int64))


def test_without_links_each_node_is_its_own_component() -> None:
    assert labels(4, []) == [0, 1, 2, 3]
    assert labels(0, []) == []
