"""Finished steps of a match: taken up where they are intact and of the same match, else made again."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matching.kept_steps import KeptSteps, Step
from matching.match import match
from matching.report import Report, all_reports
from matching.result import MatchResult
from specs.engine import BatchFunction, Engine, Held, Stored, Table, schema_of_table
from specs.specification import Specification

SAME = {"records": "abc", "reports": ["one"]}
TABLE = pa.table(
    {
        "n": pa.array([1, None, 3], pa.int64()),
        "texts": pa.array([["a"], [], None], pa.list_(pa.string())),
        "coded": pa.array(["x", "y", "x"]).dictionary_encode(),
    }
)


@pytest.fixture
def working(tmp_path: Path) -> Path:
    (tmp_path / "working").mkdir()
    return tmp_path / "working"


@pytest.fixture
def left(tmp_path: Path, working: Path) -> Path:
    """The folder of an interrupted match with two finished steps."""
    pq.write_table(TABLE.select(["n"]), working / "rows")
    kept = KeptSteps(tmp_path / "resume", SAME)
    kept.keep("first", Step({"a table": TABLE}, {"some-rows": working / "rows"}))
    kept.keep("second", Step({"none": TABLE.slice(0, 0)}, said={"bits": 0.1 + 0.2, "name": "£"}))
    (working / "rows").unlink()
    return tmp_path / "resume"


def test_what_was_kept_comes_back_as_it_was(left: Path, working: Path) -> None:
    kept = KeptSteps(left, SAME)
    assert kept.found == 2
    first, second = (kept.taken_up(name, working) for name in ("first", "second"))
    assert first
    assert first.tables["a table"].equals(TABLE, check_metadata=True)
    assert first.files["some-rows"].parent == working
    assert pq.read_table(first.files["some-rows"]).equals(TABLE.select(["n"]))
    assert second
    assert second.tables["none"].schema == TABLE.schema
    assert second.said == {"bits": 0.1 + 0.2, "name": "£"}
    assert kept.taken_up("third", working) is None


def test_only_its_owner_can_read_what_is_kept(left: Path) -> None:
    assert stat.S_IMODE(left.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in left.iterdir()} == {0o600}


def test_a_file_that_is_kept_is_there_once(tmp_path: Path, working: Path) -> None:
    pq.write_table(TABLE.select(["n"]), working / "rows")
    KeptSteps(tmp_path / "resume", SAME).keep("only", Step(files={"rows": working / "rows"}))
    assert (working / "rows").stat().st_nlink == 2


@pytest.mark.parametrize("other", [{**SAME, "records": "abd"}, {}, {**SAME, "more": None}])
def test_steps_of_another_match_are_thrown_away(left: Path, other: dict[str, Any]) -> None:
    assert KeptSteps(left, other).found == 0
    assert not left.exists()


def _cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _one_bit(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


@pytest.mark.parametrize("harm", [_cut_off, _one_bit, Path.unlink])
@pytest.mark.parametrize("name", ["first.0.arrow", "first.0.parquet", "first.json"])
def test_a_damaged_step_is_made_again_and_the_others_are_not(
    left: Path, working: Path, name: str, harm: Callable[[Path], None]
) -> None:
    harm(left / name)
    kept = KeptSteps(left, SAME)
    assert kept.found == 1
    assert kept.taken_up("first", working) is None
    assert kept.taken_up("second", working)
    assert [path.name for path in sorted(left.iterdir())] == ["second.0.arrow", "second.json"]


def test_what_was_never_finished_is_thrown_away(left: Path) -> None:
    (left / ".third.json.0123456789abcdef").write_text("{")
    (left / "third.0.arrow").write_text("half")
    (left / "folder").mkdir()
    (left / "link").symlink_to(left.parent)
    assert KeptSteps(left, SAME).found == 2
    assert {path.name.split(".")[0] for path in left.iterdir()} == {"first", "second"}


def test_a_disk_that_takes_nothing_stops_no_match(tmp_path: Path, working: Path) -> None:
    (tmp_path / "resume").write_text("a file where the folder should be")
    kept = KeptSteps(tmp_path / "resume", SAME)
    (tmp_path / "resume").write_text("and again")
    kept.keep("first", Step({"a table": TABLE}))
    kept.keep("second", Step({"a table": TABLE}))
    assert kept.taken_up("first", working) is None


def test_steps_that_vanish_meanwhile_are_made_again(left: Path, working: Path) -> None:
    kept = KeptSteps(left, SAME)
    KeptSteps(left, SAME).clear()
    assert kept.taken_up("first", working) is None
    assert not left.exists()


def test_nothing_is_kept_without_a_folder(tmp_path: Path, working: Path) -> None:
    kept = KeptSteps(None)
    kept.keep("first", Step({"a table": TABLE}))
    kept.clear()
    assert kept.found == 0
    assert list(tmp_path.iterdir()) == [working]


# --- the match ---

CREDITOR = {"sort_code": "204523", "bank_account": "11111111"}
ROWS: Mapping[str, list[dict[str, Any]]] = {
    "creditors-history": [
        {
            "creditor_reference": creditor,
            "supplier_invoice_number": number,
            "total_invoice_amount": 50_000 + each,
            "invoice_date": date(2026, 1, 5 + each),
        }
        for each in range(3)
        for creditor, number in (("C1", f"INV10{each}"), ("C1", f"inv 10{each}"), ("C2", f"INV10{each}"))
    ],
    "creditors-standing": [
        {"creditor_reference": reference, "creditor_name": name, **CREDITOR}
        for reference, name in (("C1", "Acorn Glazing Ltd"), ("C2", "Acorn Glazings"))
    ],
    "payroll": [
        {"employee_reference": f"E{n}", "surname": "Example", "forenames": "Ann", "ni_number": "CR123456A"}
        for n in range(2)
    ],
}


class Stopped(Exception):
    """Ctrl-C, or the like."""


@pytest.fixture(scope="module")
def chosen() -> list[Report]:
    """Exact and weighed ones, some with lines of an invoice added up first."""
    reports = all_reports()
    lines = [report for report in reports if report.lines_of][:1]
    weighed = [report for report in reports if report.compare]
    exact = [report for report in reports if not report.lines_of and not report.compare]
    payments = [report for report in exact if report.data == ("creditors-history",)]
    return [*weighed[:1], *payments[:2], *lines]


def test_a_match_stopped_at_any_step_goes_on_to_the_same_result(
    tmp_path: Path,
    checked: Callable[[Mapping[str, Any]], dict[str, Path]],
    specifications: dict[str, Specification],
    chosen: list[Report],
    engine: Engine,
) -> None:
    records = checked(ROWS)
    folder, numbers = tmp_path / "results", count()

    def run(kept: KeptSteps | None, stop_at: str | None = None) -> tuple[MatchResult, list[str]]:
        told: list[str] = []

        def progress(step: str) -> None:
            told.append(step)
            if step == stop_at:
                raise Stopped

        result = match(
            records,
            chosen,
            specifications,
            engine,
            folder / str(next(numbers)),
            with_pairs=True,
            folder=tmp_path,
            kept=kept,
            progress=progress,
        )
        return result, told

    whole, steps = run(None)
    assert [each.skipped for each in whole.reports] == [None] * len(chosen)
    assert len(steps) == len(chosen) + 2
    assert whole.cases.num_rows > 1
    assert whole.pairs.num_rows > 1
    for place, step in enumerate(steps):
        with pytest.raises(Stopped):
            run(KeptSteps(tmp_path / "resume", SAME), stop_at=step)
        kept = KeptSteps(tmp_path / "resume", SAME)
        assert (kept.found > 0) == (place > 0)
        again, told = run(kept)
        assert told == steps[place:], "what was finished is not done again"
        assert again.cases.equals(whole.cases)
        assert again.records.equals(whole.records)
        assert again.pairs.equals(whole.pairs)
        assert (again.reports, again.models, again.faults) == (whole.reports, whole.models, whole.faults)
        kept.clear()
        assert [path.name for path in tmp_path.iterdir() if path.name == "resume"] == []


class Holding:
    """An engine that keeps its tables where only it can read them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: dict[str, Stored] = {}

    def sql(self, query: str, **tables: Table) -> pa.Table:
        return self._engine.sql(query, **self._known(tables))

    def map(self, function: BatchFunction, table: pa.Table) -> pa.Table:
        return self._engine.map(function, table)

    def sql_into(self, target: Path, query: str, **tables: Table) -> Stored:
        return self._hold(self._engine.sql_into(target, query, **self._known(tables)))

    def map_into(self, target: Path, function: BatchFunction, query: str, **tables: Table) -> Stored:
        return self._hold(self._engine.map_into(target, function, query, **self._known(tables)))

    def _hold(self, stored: Stored) -> Held:
        held = Held(f"held_{len(self._held)}", schema_of_table(stored))
        self._held[held.name] = stored
        return held

    def _known(self, tables: Mapping[str, Table]) -> dict[str, Table]:
        return {
            name: self._held[table.name] if isinstance(table, Held) else table
            for name, table in tables.items()
        }


def test_of_an_engine_that_holds_its_tables_only_results_are_kept(
    tmp_path: Path,
    checked: Callable[[Mapping[str, Any]], dict[str, Path]],
    specifications: dict[str, Specification],
    chosen: list[Report],
    engine: Engine,
) -> None:
    records = checked(ROWS)
    whole = match(records, chosen, specifications, engine, tmp_path / "whole", folder=tmp_path)
    first = KeptSteps(tmp_path / "resume", SAME)
    match(records, chosen, specifications, Holding(engine), tmp_path / "first", folder=tmp_path, kept=first)
    steps = sorted(path.stem for path in (tmp_path / "resume").glob("*.json"))
    assert steps == sorted(f"report-{report.id}" for report in chosen)
    told: list[str] = []
    kept = KeptSteps(tmp_path / "resume", SAME)
    again = match(
        records,
        chosen,
        specifications,
        Holding(engine),
        tmp_path / "again",
        folder=tmp_path,
        kept=kept,
        progress=told.append,
    )
    assert told == ["Preparing records", "Ranking cases"]
    assert again.cases.equals(whole.cases)
    assert again.records.equals(whole.records)
