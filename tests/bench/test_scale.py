"""How growth is told: of figures whose growth is known, and of one small run from end to end."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bench.growth import Growth, seconds_on, steps_of
from bench.process_tree import hidden_megabytes
from bench.scale import creditors_of, keep, kept
from bench.scale_note import BEGIN, END, write_note

SIZES = (1_000, 10_000, 50_000)


@pytest.mark.parametrize(
    ("figures", "slope", "bends_after", "per_row"),
    [
        pytest.param([1.0, 10.0, 50.0], 1.0, None, 1.0, id="in proportion"),
        pytest.param([1.0, 100.0, 2_500.0], 2.0, 1_000, 50.0, id="by the square"),
        pytest.param([5.0, 5.0, 5.0], 0.0, None, 0.02, id="not at all"),
        pytest.param([1.0, 10.0, 250.0], 1.383, 10_000, 5.0, id="by the square from the second size on"),
    ],
)
def test_growth_is_told_as_it_is(
    figures: list[float], slope: float, bends_after: int | None, per_row: float
) -> None:
    growth = Growth.of(dict(zip(SIZES, figures, strict=True)))
    assert growth.slope == pytest.approx(slope, abs=0.02)
    assert growth.bends_after == bends_after
    assert growth.per_row_ratio == pytest.approx(per_row)


def test_more_is_worked_out_from_the_last_stretch_and_never_below_proportion() -> None:
    square = Growth.of({10: 1.0, 100: 1.0, 1_000: 100.0})
    assert square.at(2_000) == pytest.approx((400.0, 2.0))
    flat = Growth.of({10: 3.0, 1_000: 3.0})
    assert flat.at(2_000) == pytest.approx((6.0, 1.0))


def test_one_size_has_no_slope() -> None:
    growth = Growth.of({10: 3.0})
    assert math.isnan(growth.slope)
    assert growth.at(20) == (6.0, 1.0)


def test_steps_of_one_name_are_taken_together_and_the_longest_comes_first() -> None:
    runs = {
        10: [{"step": "a", "seconds": 1.0}, {"step": "b", "seconds": 2.0}],
        20: [{"step": "a", "seconds": 2.0}, {"step": "b", "seconds": 1.0}, {"step": "a", "seconds": 3.0}],
    }
    grown = steps_of(runs, "seconds")
    assert list(grown) == ["a", "b"]
    assert grown["a"].figures == (1.0, 5.0)


def test_a_cluster_shares_what_can_be_shared() -> None:
    assert seconds_on(10, alone=5.0, shared=100.0, efficiency=0.5) == 25.0


def test_only_what_is_hidden_counts_as_temporary(tmp_path: Path) -> None:
    for name in ("seen.txt", ".hidden.txt", ".working/inside.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * 100_000)
    assert 2 * 100_000 / (1 << 20) <= hidden_megabytes(tmp_path) < 3 * 100_000 / (1 << 20)


@pytest.mark.parametrize(
    ("payments", "creditors"), [(50_000_000, 60_000), (600_000, 60_000), (10_000, 1_000), (1_000, 400)]
)
def test_few_payments_go_to_few_creditors(payments: int, creditors: int) -> None:
    assert creditors_of(payments) == creditors


def run(engine: str, payments: int, seconds: float) -> dict[str, Any]:
    figures = {"seconds": seconds, "processor": 2 * seconds, "peak": 500.0, "disk": payments / 1e5}
    sides = [
        {**figures, "side": side, "said": {"cases": 7}, "steps": [{**figures, "step": "Ranking cases"}]}
        for side in ("check creditors-history", "match")
    ]
    machine = {"processors": 2, "memory_gigabytes": 8.0, "python": "3", "duckdb": "2", "pyarrow": "26"}
    return {
        "engine": engine,
        "payments": payments,
        "memory_limit": None,
        "day": "2026-11-01",
        "machine": machine,
        "sides": sides,
    }


def test_the_note_is_written_between_its_markers_and_its_chart_can_be_read_aloud(tmp_path: Path) -> None:
    note = tmp_path / "scale.md"
    note.write_text(f"Before\n\n{BEGIN}\nold\n{END}\n\nAfter\n", encoding="utf-8")
    runs = [run("duckdb", 1_000_000, 60.0), run("duckdb", 10_000_000, 600.0), run("spark", 1_000_000, 90.0)]
    write_note(runs, tmp_path)
    text = note.read_text(encoding="utf-8")
    assert text.startswith(f"Before\n\n{BEGIN}\n\nMeasured on 2026-11-01: 2 processors")
    assert text.endswith(f"{END}\n\nAfter\n")
    assert "old" not in text
    assert "| DuckDB | 10,000,000 | 10.0 min | 10.0 min | 20.0 min |" in text
    assert "Spark takes 1.5 times the processors of DuckDB, as measured at 1,000,000 payments" in text
    once = text
    write_note(runs, tmp_path)
    assert note.read_text(encoding="utf-8") == once
    chart = ElementTree.fromstring((tmp_path / "scale.svg").read_text(encoding="utf-8"))
    spoken = {child.tag.rpartition("}")[2]: child.text or "" for child in chart}
    assert "Time to check and match" in spoken["title"]
    assert "10,000,000 payments in 20.0 min" in spoken["desc"]


def test_a_note_without_markers_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "scale.md").write_text("Nothing here", encoding="utf-8")
    with pytest.raises(ValueError, match="no place"):
        write_note([run("duckdb", 1_000, 1.0)], tmp_path)


def test_a_run_takes_the_place_of_an_earlier_one_of_its_kind(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    for each in (run("duckdb", 10, 1.0), run("spark", 10, 3.0), run("duckdb", 10, 2.0)):
        keep(results, each)
    assert [(each["engine"], each["sides"][0]["seconds"]) for each in kept(results)] == [
        ("duckdb", 2.0),
        ("spark", 3.0),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_small_run_measures_every_step_and_leaves_its_extracts(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.scale", "--sizes", "1000", "--folder", str(tmp_path)]
    command += ["--json", str(tmp_path / "results.json")]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    (one,) = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["runs"]
    sides = {side["side"]: side for side in one["sides"]}
    assert list(sides) == ["check creditors-standing", "check creditors-history", "match"]
    steps = [step["step"] for step in sides["match"]["steps"]]
    assert {"Preparing records", "Ranking cases", "Writing the cases"} <= set(steps)
    for side in sides.values():
        assert sum(step["seconds"] for step in side["steps"]) == pytest.approx(side["seconds"], rel=0.05)
        assert side["peak"] > 50
        assert side["processor"] > 0
    left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    extracts = "payments-1000/extracts"
    assert left == [
        f"{extracts}/creditors-history.parquet",
        f"{extracts}/creditors-standing.parquet",
        "results.json",
    ]
