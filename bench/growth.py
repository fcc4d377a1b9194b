"""How what a run takes grows with its records, and what that comes to for more of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

LINEAR = 1.1
"""A slope up to this counts as linear: a tenfold run then takes at most 12.6 times as long."""
WORTH_TELLING = 1.0
"""Seconds: of shorter steps the clock and the start of processes say more than the records do."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How one figure grows: measured at several sizes, the smallest first."""

    sizes: tuple[int, ...]
    figures: tuple[float, ...]

    @classmethod
    def of(cls, measured: Mapping[int, float]) -> Growth:
        """What was measured: size -> figure above 0."""
        held = {size: figure for size, figure in sorted(measured.items()) if figure > 0}
        return cls(tuple(held), tuple(held.values()))

    @property
    def slope(self) -> float:
        """Of the straight line through the logarithms: 1 is in proportion, 2 the square; NaN of one size."""
        if len(self.sizes) < 2:
            return math.nan
        slope, _ = np.polyfit(np.log(self.sizes), np.log(self.figures), 1)
        return float(slope)

    @property
    def slopes(self) -> tuple[float, ...]:
        """The same from each size to the next."""
        logs = [
            (math.log(size), math.log(figure)) for size, figure in zip(self.sizes, self.figures, strict=True)
        ]
        pairs = pairwise(logs)
        return tuple((more - less) / (larger - size) for (size, less), (larger, more) in pairs)

    @property
    def bends_after(self) -> int | None:
        """The size from which on it grows faster than the records; None where it never does."""
        return next(
            (size for size, slope in zip(self.sizes, self.slopes, strict=False) if slope > LINEAR), None
        )

    @property
    def per_row_ratio(self) -> float:
        """What a row takes at the largest size, over what it takes at the smallest."""
        return self.figures[-1] / self.sizes[-1] / (self.figures[0] / self.sizes[0])

    def at(self, size: int) -> tuple[float, float]:
        """The figure at a larger size, and the exponent behind it.

        From the largest that was measured on: with the slope of the last stretch, or 1 if that is less, since
        what is fixed is spread over more rows only once.
        """
        exponent = max(self.slopes[-1] if self.slopes else 1.0, 1.0)
        return self.figures[-1] * (size / self.sizes[-1]) ** exponent, exponent


def steps_of(runs: Mapping[int, Sequence[Mapping[str, object]]], figure: str) -> dict[str, Growth]:
    """The growth of each step, the one that takes most at the largest size first.

    Args:
        runs: size -> its steps, as `bench.process_tree.Step` has them.
        figure: 'seconds', 'processor', 'peak' or 'disk'.
    """
    by_step: dict[str, dict[int, float]] = {}
    for size, steps in runs.items():
        for each in steps:
            of_step = by_step.setdefault(str(each["step"]), {})
            of_step[size] = of_step.get(size, 0.0) + float(str(each[figure]))
    grown = {step: Growth.of(measured) for step, measured in by_step.items()}
    in_order = sorted(
        ((step, growth) for step, growth in grown.items() if growth.figures),
        key=lambda each: (-each[1].sizes[-1], -each[1].figures[-1], each[0]),
    )
    return dict(in_order)


def seconds_on(cores: int, *, alone: float, shared: float, efficiency: float) -> float:
    """How long a cluster takes.

    Args:
        cores: how many work at once.
        alone: seconds that one process works while the others wait.
        shared: seconds of processors that all share.
        efficiency: how much of a core's time goes into that work, 0 to 1.
    """
    return alone + shared / (cores * efficiency)
