"""A case's evidence as a picture: bar by bar, how each field adds to how surprising the agreement is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matching.wording import chance, evidence_in_words
from outputs.page_templates import page_template
from outputs.safe_text import page_text
from specs.private_files import written_whole

_LONGEST = 4_000  # characters of one text
_WIDTH, _LABELS, _FIGURES = 980, 330, 150  # pixels: of all, of the names left, of the figures right
_TOP, _ROW = 56, 30
_LONGEST_LABEL = 44  # characters
_FOR, _AGAINST, _TOTAL = "#A9D08E", "#FFFFFF", "#8EA9DB"
_MARKS = 6  # lines across, at most


@dataclass(frozen=True, slots=True)
class Step:
    """One bar. Lengths in pixels; `end` is where the next one begins."""

    label: str
    figure: str
    x: float
    y: float
    width: float
    end: float
    figure_x: float
    fill: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across, with the bits that it stands for."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The whole picture, and what it shows in words."""

    title: str
    description: str
    steps: tuple[Step, ...]
    marks: tuple[Mark, ...]
    notes: tuple[str, ...]
    top: float
    bottom: float
    height: float
    width: float = _WIDTH


def write_waterfall(target: Path, case: Mapping[str, Any]) -> None:
    """Write the picture of a case as SVG: no value of a record is in it.

    Args:
        target: the file; replaced whole, readable by its owner only.
        case: a row of `matching.result.CASES` with some evidence.

    Raises:
        OutputUnwritable: the file cannot be written.
    """
    text = page_template("waterfall.svg", _presentable).render(picture=waterfall(case))
    with written_whole(target) as temporary:
        temporary.write_text(text, encoding="utf-8")


def waterfall(case: Mapping[str, Any]) -> Waterfall:
    """The bars of a case's evidence, one for each field that weighs anything, and the sum."""
    weighing = [entry for entry in case["evidence"] if entry["bits"]]
    levels = [0.0]
    for entry in weighing:
        levels.append(levels[-1] + entry["bits"])
    least, most = min(levels), max(*levels, 1.0)
    scale = (_WIDTH - _LABELS - _FIGURES) / (most - least)

    def at(bits: float) -> float:
        return round(_LABELS + (bits - least) * scale, 1)

    steps = [
        _step(entry["field"], entry["bits"], at(before), at(before + entry["bits"]), number)
        for number, (entry, before) in enumerate(zip(weighing, levels, strict=False))
    ]
    steps.append(_step("In all", levels[-1], at(0), at(levels[-1]), len(steps), total=True))
    bottom = _TOP + _ROW * len(steps) + 4
    notes = tuple(
        evidence_in_words(**entry)
        for entry in case["evidence"]
        if not entry["bits"] and "told by" in entry["verdict"]
    )
    title = f"Case {case['case']}: how surprising it is that the records agree"
    return Waterfall(
        title=title,
        description=_in_words(case["evidence"], levels[-1]),
        steps=tuple(steps),
        marks=tuple(Mark(at(bits), f"{bits:.0f}".replace("-", "\u2212")) for bits in _marks(least, most)),
        notes=notes,
        top=_TOP - 6,
        bottom=bottom,
        height=bottom + 40 + 20 * len(notes),
    )


def _step(field: str, bits: float, begin: float, end: float, number: int, *, total: bool = False) -> Step:
    figure = f"{bits:.1f} bits".replace("-", "\u2212")
    if bits > 0:
        figure += f", {chance(bits)}"
    return Step(
        label=field if len(field) <= _LONGEST_LABEL else field[: _LONGEST_LABEL - 1] + "\u2026",
        figure=figure,
        x=min(begin, end),
        y=_TOP + _ROW * number,
        width=round(max(abs(end - begin), 1), 1),
        end=end,
        figure_x=max(begin, end) + 6,
        fill=_TOTAL if total else _FOR if bits > 0 else _AGAINST,
        total=total,
    )


def _marks(least: float, most: float) -> Sequence[float]:
    """Round numbers of bits from the least to the most."""
    wide = (most - least) / _MARKS
    between = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**6) if step >= wide)
    first, last = math.ceil(least / between), math.floor(most / between)
    return [float(between * number) for number in range(first, last + 1)]


def _in_words(evidence: Sequence[Mapping[str, Any]], in_all: float) -> str:
    """What the picture shows, for those who cannot see it."""
    told = "; ".join(evidence_in_words(**entry) for entry in evidence)
    total = f"{in_all:.1f}".replace("-", "\u2212")
    return f"One bar for each field, one after the other, and one for the sum. {told}. In all {total} bits."


def _presentable(said: object) -> object:
    return page_text(said, _LONGEST) if isinstance(said, str) else said
