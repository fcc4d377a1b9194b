"""What hangs together: connected components of links, as arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


def component_of(nodes: int, first: Numbers, second: Numbers) -> Numbers:
    """For each node 0..nodes-1 the smallest node that it is connected to, itself included.

    Args:
        nodes: how many there are.
        first, second: the two ends of each link, same length.

    Each round every node takes the smallest label among its neighbours and then that label's own label;
    the rounds needed grow with the logarithm of the longest chain.
    """
    label = np.arange(nodes, dtype=np.int64)
    while True:
        smallest = np.minimum(label[first], label[second])
        after = label.copy()
        for ends in (first, second):
            np.minimum.at(after, label[ends], smallest)
        after = after[after]
        if np.array_equal(after, label):
            return label
        label = after
