"""The note on scale: the tables between its markers, and its chart, out of the results of bench.scale."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.growth import LINEAR, WORTH_TELLING, Growth, seconds_on, steps_of

NOTE, CHART = "scale.md", "scale.svg"
BEGIN, END = "<!-- measured: begin (python -m bench.scale --report) -->", "<!-- measured: end -->"
LARGE = 300_000_000
"""Payments of the national exercise, to which the growth is extrapolated."""
STEPS_TOLD = 12
CLUSTERS = (16, 32, 64, 128)
EFFICIENCY = 0.6
"""Of a cluster's cores; the rest goes into the exchange of rows, waiting for the last task, and start-up."""
ALONE = ("Ranking cases", "Writing the cases", "Writing the workbook")
"""Steps of the match that one process does."""
_MINUTE, _HOUR, _GIGABYTE = 60, 3600, 1000

Run = Mapping[str, Any]


def write_note(runs: Sequence[Run], folder: Path) -> None:
    """Write what was measured into the note, between its markers, and draw the chart.

    Args:
        runs: as `bench.scale` keeps them.
        folder: with scale.md; gets scale.svg.

    Raises:
        ValueError: no runs, or no markers.
    """
    if not runs:
        raise ValueError("nothing was measured yet")
    note = folder / NOTE
    text = note.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{NOTE} has no place for what was measured: it needs the lines {BEGIN} and {END}")
    between = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    written = between.sub(lambda _: f"{BEGIN}\n\n{tables(runs)}\n{END}", text)
    note.write_text(written, encoding="utf-8", newline="\n")
    (folder / CHART).write_text(chart(runs), encoding="utf-8", newline="\n")


def tables(runs: Sequence[Run]) -> str:
    """All that was measured, and what follows from it, as Markdown."""
    series = _series(runs)
    parts = [_machine_line(runs), _runs_table(runs)]
    for name, its in series.items():
        parts.append(f"### {name}: how it grows")
        parts.append(_growth_table(its))
        parts.append(_steps_table(its))
    large = {name: its for name, its in series.items() if len(its) > 1}
    for name, its in large.items():
        parts.append(f"### {name}: {LARGE:,} payments")
        parts.append(_extrapolated(its))
    if large:
        parts.append("### On a cluster")
        parts.append(_cluster(series))
    return "\n\n".join(part for part in parts if part) + "\n"


# --- figures ---


def _series(runs: Sequence[Run]) -> dict[str, dict[int, Run]]:
    """The runs that can be compared with each other, by size."""
    series: dict[str, dict[int, Run]] = {}
    for run in runs:
        limit = f", at most {run['memory_limit']} for the engine" if run["memory_limit"] else ""
        name = {"duckdb": "DuckDB", "spark": "Spark on one machine"}[run["engine"]] + limit
        series.setdefault(name, {})[run["payments"]] = run
    return {name: dict(sorted(its.items())) for name, its in series.items()}


def _sum(run: Run, figure: str, side: str = "") -> float:
    return float(sum(each[figure] for each in run["sides"] if each["side"].startswith(side)))


def _most(run: Run, figure: str, side: str = "") -> float:
    return float(max(each[figure] for each in run["sides"] if each["side"].startswith(side)))


def _growths(its: Mapping[int, Run]) -> dict[str, Growth]:
    """What is told of a series, by what it is called."""
    return {
        "Check, seconds": Growth.of({n: _sum(run, "seconds", "check") for n, run in its.items()}),
        "Match, seconds": Growth.of({n: _sum(run, "seconds", "match") for n, run in its.items()}),
        "In all, seconds": Growth.of({n: _sum(run, "seconds") for n, run in its.items()}),
        "In all, seconds of processors": Growth.of({n: _sum(run, "processor") for n, run in its.items()}),
        "Peak memory, MB": Growth.of({n: _most(run, "peak") for n, run in its.items()}),
        "Temporary disk, MB": Growth.of({n: _most(run, "disk") for n, run in its.items()}),
    }


# --- tables ---


def _machine_line(runs: Sequence[Run]) -> str:
    of = runs[-1]["machine"]
    days = sorted({run["day"] for run in runs})
    return (
        f"Measured on {' and '.join(days) if len(days) < 3 else f'{days[0]} to {days[-1]}'}: "
        f"{of['processors']} processors, {of['memory_gigabytes']:g} GB of memory; Python {of['python']}, "
        f"DuckDB {of['duckdb']}, Arrow {of['pyarrow']}."
    )


def _runs_table(runs: Sequence[Run]) -> str:
    rows = []
    for name, its in _series(runs).items():
        for size, run in its.items():
            cases = next(side["said"].get("cases", 0) for side in run["sides"] if side["side"] == "match")
            rows.append(
                [
                    name,
                    f"{size:,}",
                    _time(_sum(run, "seconds", "check")),
                    _time(_sum(run, "seconds", "match")),
                    _time(_sum(run, "seconds")),
                    _time(_sum(run, "processor")),
                    f"{_sum(run, 'seconds') / size * 1e6:.0f}",
                    _megabytes(_most(run, "peak")),
                    _megabytes(_most(run, "disk")),
                    f"{cases:,}",
                ]
            )
    headings = [
        "engine", "payments", "check", "match", "in all", "time of processors",
        "seconds a million", "peak memory", "temporary disk", "cases",
    ]  # fmt: skip
    return _table(headings, rows, words=1)


def _growth_table(its: Mapping[int, Run]) -> str:
    if len(its) < 2:
        return "Measured at one size only."
    growths = _growths(its)
    sizes = list(its)
    stretches = [f"{_short(a)} to {_short(b)}" for a, b in pairwise(sizes)]
    rows = []
    for name, growth in growths.items():
        if len(growth.sizes) < len(sizes):
            continue
        bends = growth.bends_after
        rows.append(
            [
                name,
                *(f"{slope:.2f}" for slope in growth.slopes),
                f"{growth.slope:.2f}",
                f"{growth.per_row_ratio:.2f}",
                f"from {_short(bends)} on" if bends else "no",
            ]
        )
    told = (
        f"The slope of the logarithms: 1 is in proportion to the payments, less is better; above {LINEAR} it "
        "counts as more than linear."
    )
    headings = [
        "", *stretches, "over all",
        f"per payment, {_short(sizes[-1])} over {_short(sizes[0])}", "more than linear",
    ]  # fmt: skip
    return f"{told}\n\n{_table(headings, rows, words=1)}"


def _steps_table(its: Mapping[int, Run]) -> str:
    """The steps that take longest at the largest size."""
    steps = {
        size: [
            {**step, "step": _step_name(side["side"], step["step"])}
            for side in run["sides"]
            for step in side["steps"]
        ]
        for size, run in its.items()
    }
    time, memory = steps_of(steps, "processor"), steps_of(steps, "peak")
    sizes = list(its)
    rows: list[list[str]] = []
    for name, growth in time.items():
        if growth.figures[-1] < WORTH_TELLING or len(rows) == STEPS_TOLD:
            break
        by_size = dict(zip(growth.sizes, growth.figures, strict=True))
        slope = f"{growth.slope:.2f}" if len(growth.sizes) > 1 else ""
        peak = memory[name].figures[-1] if name in memory else 0.0
        rows.append([name, *(f"{by_size.get(n, 0):,.1f}" for n in sizes), slope, _megabytes(peak)])
    if not rows:
        return ""
    told = "The steps that take most, in seconds of processors:"
    headings = ["step", *map(_short, sizes), "slope", f"peak memory at {_short(sizes[-1])}"]
    return f"{told}\n\n{_table(headings, rows, words=1)}"


def _step_name(side: str, step: str) -> str:
    return step if side == "match" else f"{side.capitalize()}: {step[:1].lower()}{step[1:]}"


def _extrapolated(its: Mapping[int, Run]) -> str:
    largest = max(its)
    rows = []
    for name, growth in _growths(its).items():
        if not growth.figures or growth.sizes[-1] != largest:
            continue
        figure, exponent = growth.at(LARGE)
        times = LARGE / largest
        unit = _time if "seconds" in name else _megabytes
        rows.append(
            [
                name,
                f"{unit(growth.figures[-1])} x {times:g}^{exponent:.2f} = "
                f"{unit(growth.figures[-1])} x {times**exponent:.1f}",
                unit(figure),
            ]
        )
    told = (
        f"From {largest:,} payments on, with the slope of the last stretch, or 1 where that is less. A "
        "figure for memory is of a machine that has as much; with less, the engine writes more to disk."
    )
    return f"{told}\n\n{_table(['', 'arithmetic', f'{LARGE:,} payments'], rows, words=2)}"


def _cluster(series: Mapping[str, Mapping[int, Run]]) -> str:
    """What a cluster would take, with what is assumed."""
    own = next((its for name, its in series.items() if name.startswith("DuckDB") and len(its) > 1), None)
    spark = next((its for name, its in series.items() if name.startswith("Spark")), {})
    if own is None:
        return ""
    both = sorted(set(own) & set(spark))
    overhead = _sum(spark[both[-1]], "processor") / _sum(own[both[-1]], "processor") if both else math.nan
    work, _ = Growth.of({n: _sum(run, "processor") for n, run in own.items()}).at(LARGE)
    alone, _ = Growth.of({n: _alone(run) for n, run in own.items()}).at(LARGE)
    lines = [
        "Assumed:",
        "",
        f"- Work: {_time(work)} of processors for {LARGE:,} payments, from the table above, of which "
        f"{_time(alone)} is done by one process (ranking the cases and writing them).",
    ]
    if both:
        lines.append(
            f"- Spark takes {overhead:.1f} times the processors of DuckDB, as measured at {both[-1]:,} "
            "payments on one machine; the factor stays."
        )
    else:
        lines.append("- Spark was not measured here: it is taken to need as much of processors as DuckDB.")
    factor = overhead if both else 1.0
    lines += [
        f"- {EFFICIENCY:.0%} of the time of the cores goes into the work (an assumption: the rest is "
        "exchange of rows, waiting for the last task and start-up).",
        "- Cores like those measured, 4 GB of memory each, and disks as fast.",
        "",
        f"Time = {_time(alone)} + ({_time(work)} - {_time(alone)}) x {factor:.1f} / (N x {EFFICIENCY}).",
    ]
    rows = []
    for cores in CLUSTERS:
        seconds = seconds_on(cores, alone=alone, shared=(work - alone) * factor, efficiency=EFFICIENCY)
        rows.append([f"{cores}", _time(seconds)])
    return "\n".join(lines) + "\n\n" + _table(["cores", f"{LARGE:,} payments"], rows)


def _alone(run: Run) -> float:
    steps = (step for side in run["sides"] if side["side"] == "match" for step in side["steps"])
    return float(sum(step["processor"] for step in steps if step["step"] in ALONE))


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 0) -> str:
    """A Markdown table; after the first columns, which hold words, all stand right."""
    rule = ["---" if number < words else "---:" for number in range(len(headings))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (headings, rule, *rows))


def _time(seconds: float) -> str:
    if seconds < 2 * _MINUTE:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    if seconds < 2 * _HOUR:
        return f"{seconds / _MINUTE:.1f} min"
    return f"{seconds / _HOUR:.1f} h"


def _megabytes(amount: float) -> str:
    return f"{amount:,.0f} MB" if amount < 10 * _GIGABYTE else f"{amount / _GIGABYTE:,.1f} GB"


def _short(size: int) -> str:
    if size >= 1_000_000:
        return f"{size / 1e6:g}M"
    return f"{size / 1e3:g}k" if size >= 1_000 else str(size)


# --- the chart ---

_WIDTH, _HEIGHT = 760, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 170, 56, 60
_LOOKS = (("#1D3557", ""), ("#B5493B", "7 4"), ("#4E7D4E", "2 4"), ("#7A5C99", "9 3 2 3"))
"""Colour and dashes of each line: they can be told apart without colour."""


def chart(runs: Sequence[Run]) -> str:
    """Time against payments, both by powers of ten, as SVG; a thin line shows growth in proportion."""
    lines = {
        name: [(size, _sum(run, "seconds")) for size, run in its.items()]
        for name, its in _series(runs).items()
    }
    sizes = [size for points in lines.values() for size, _ in points]
    times = [time for points in lines.values() for _, time in points]
    across, up = _Axis.over(sizes, _LEFT, _WIDTH - _RIGHT), _Axis.over(times, _HEIGHT - _BOTTOM, _TOP)
    told = "; ".join(
        f"{name}: " + ", ".join(f"{size:,} payments in {_time(time)}" for size, time in points)
        for name, points in lines.items()
    )
    title = "Time to check and match, by number of payments"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" role="img" aria-labelledby="title described" '
        'font-family="sans-serif" font-size="13">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="described">{escape(told)}. Both scales go by powers of ten.</desc>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#FFFFFF"/>',
        f'<text x="{_LEFT}" y="28" font-size="16">{escape(title)}</text>',
    ]
    for mark in across.marks():
        x = across.at(mark)
        parts.append(f'<line x1="{x}" y1="{_TOP}" x2="{x}" y2="{_HEIGHT - _BOTTOM}" stroke="#DDDDDD"/>')
        parts.append(
            f'<text x="{x}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{_short(int(mark))}</text>'
        )
    for mark in up.marks():
        y = up.at(mark)
        parts.append(f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}" stroke="#DDDDDD"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{_time(mark)}</text>')
    parts.append(f'<text x="{_LEFT}" y="{_HEIGHT - 14}">payments</text>')
    for number, (name, points) in enumerate(lines.items()):
        colour, dashes = _LOOKS[number % len(_LOOKS)]
        parts += _drawn(name, points, across, up, colour=colour, dashes=dashes)
    return "\n".join([*parts, "</svg>", ""])


class _Axis:
    """A scale of powers of ten, from the one below the least to the one above the most."""

    def __init__(self, first: int, last: int, start: float, end: float) -> None:
        self._first, self._last, self._start, self._end = first, last, start, end

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float) -> _Axis:
        first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return cls(first, max(last, first + 1), start, end)

    def at(self, value: float) -> float:
        share = (math.log10(value) - self._first) / (self._last - self._first)
        return round(self._start + share * (self._end - self._start), 1)

    def marks(self) -> list[float]:
        return [10.0**power for power in range(self._first, self._last + 1)]


def _drawn(
    name: str, points: Sequence[tuple[int, float]], across: _Axis, up: _Axis, *, colour: str, dashes: str
) -> list[str]:
    """One line with its points and name, and beside it growth in proportion from its first point."""
    places = [(across.at(size), up.at(time)) for size, time in points]
    (first_size, first_time), (last_size, _) = points[0], points[-1]
    steady = up.at(first_time * last_size / first_size)
    drawn = []
    if len(points) > 1:
        path = " ".join(f"{x},{y}" for x, y in places)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        drawn.append(
            f'<line x1="{places[0][0]}" y1="{places[0][1]}" x2="{places[-1][0]}" y2="{steady}" '
            'stroke="#888888" stroke-width="1"/>'
        )
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"{dashed}/>')
    drawn += [f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>' for x, y in places]
    x, y = places[-1]
    words = name.replace(", at most ", "\n").split("\n")
    drawn += [
        f'<text x="{x + 10}" y="{y + 4 + 16 * place}" fill="{colour}">{escape(word)}</text>'
        for place, word in enumerate(words)
    ]
    return drawn
