"""Cases and their records are read from files, whole or in part, and nobody else can read them."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from matching.known_reports import reports_called
from matching.match import match
from matching.ranked import Ranked, write_ranked
from matching.report import Report
from matching.result import MatchResult
from specs.engine import Engine
from specs.errors import OutputUnwritable
from specs.specification import Specification

TABLE = pa.table(
    {"rank": pa.array([1, 1, 2, 3, 3, 3], pa.int32()), "what": pa.array(["a", "b", "c", "d", None, "f"])}
)


@pytest.fixture(params=[1, 2, 6])
def ranked(tmp_path: Path, request: pytest.FixtureRequest) -> Ranked:
    """The table, written in pieces of several sizes."""
    pieces = (TABLE.slice(start, request.param) for start in range(0, TABLE.num_rows, request.param))
    return write_ranked(tmp_path / "ranked.parquet", pieces)


def test_what_was_written_is_read(ranked: Ranked) -> None:
    assert ranked.read().equals(TABLE)
    assert (ranked.rows, ranked.schema) == (6, TABLE.schema)
    assert ranked.read(["what"]).equals(TABLE.select(["what"]))


@pytest.mark.parametrize(("ranks", "rows"), [(0, 0), (1, 2), (2, 3), (3, 6), (9, 6)])
def test_the_first_cases_are_read_alone(ranked: Ranked, ranks: int, rows: int) -> None:
    assert ranked.read(ranks=ranks).equals(TABLE.slice(0, rows))


@pytest.mark.parametrize("rows", [1, 4, 10])
def test_batches_are_all_rows_and_no_more_at_a_time_than_asked(ranked: Ranked, rows: int) -> None:
    batches = list(ranked.batches(rows))
    assert max(batch.num_rows for batch in batches) <= rows
    assert pa.Table.from_batches(batches).equals(TABLE)


def test_it_is_found_where_it_was_moved(ranked: Ranked, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    ranked.file.rename(tmp_path / "there" / ranked.file.name)
    assert ranked.moved_to(tmp_path / "there").read().equals(TABLE)


def test_only_its_owner_can_read_it(ranked: Ranked) -> None:
    assert stat.S_IMODE(ranked.file.stat().st_mode) == 0o600


def test_a_file_that_is_there_stays_where_the_new_one_fails(tmp_path: Path) -> None:
    def pieces() -> Any:
        yield TABLE
        raise OSError(28, "No space left on device")

    whole = write_ranked(tmp_path / "ranked.parquet", [TABLE])
    with pytest.raises(OutputUnwritable, match="the disk is full"):
        write_ranked(whole.file, pieces())
    assert whole.read().equals(TABLE)
    assert [path.name for path in tmp_path.iterdir()] == ["ranked.parquet"]


def test_records_that_are_fetched_page_by_page_are_the_same(
    tmp_path: Path,
    checked: Callable[..., dict[str, Path]],
    specifications: dict[str, Specification],
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Cases of two to four records, so that a page of three holds some and parts others."""
    payments = [
        {"creditor_reference": f"C{case}", "supplier_invoice_number": "INV10045", "total_invoice_amount": 100}
        for case in range(9)
        for _ in range(2 + case % 3)
    ]
    files = checked({"creditors-history": payments})
    chosen: tuple[Report, ...] = reports_called(("same-creditor-invoice-amount",))

    def run(name: str) -> MatchResult:
        return match(files, chosen, specifications, engine, tmp_path / name)

    whole = run("whole")
    assert whole.cases_file.rows == 9
    monkeypatch.setattr("matching.case_records._PAGE", 3)
    assert run("pages").records.equals(whole.records)
