"""Where large work runs, as a person says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from matching.engines.duckdb import DuckDBEngine
from nfi.engines import THIS_MACHINE, EngineChoice, EngineName, EngineUnclear, reads_extracts, running
from tests.typed import Nfi


def test_a_server_of_spark_goes_with_spark_alone(nfi: Nfi, tmp_path: Path) -> None:
    with pytest.raises(EngineUnclear, match="--engine spark"):
        EngineChoice(remote="sc://somewhere:15002")
    run = nfi("match", tmp_path, "--remote", "sc://somewhere:15002")
    assert run.code == 2
    assert run.err.count("\n") == 1


def test_an_engine_that_a_caller_has_is_used_as_it_is_and_left_open(tmp_path: Path) -> None:
    own = DuckDBEngine()
    with running(own, tmp_path) as engine:
        assert engine is own
    assert own.sql("select 1 as one").num_rows == 1


def test_this_machine_does_large_work_in_the_folder_that_it_is_told(tmp_path: Path) -> None:
    with running(THIS_MACHINE, tmp_path) as engine:
        (row,) = engine.sql("select current_setting('temp_directory') as folder").to_pylist()
    assert row["folder"] == str(tmp_path)


def test_spark_alone_reads_extracts_itself() -> None:
    assert not reads_extracts(THIS_MACHINE)
    assert not reads_extracts(DuckDBEngine())
    assert reads_extracts(EngineChoice(EngineName.SPARK))


@pytest.mark.parametrize("option", ["--delimiter", "--encoding", "--sheet"])
def test_what_is_for_files_of_this_machine_is_refused_where_spark_reads(
    option: str, nfi: Nfi, tmp_path: Path
) -> None:
    """Before a session is begun: a person waits for that."""
    run = nfi(
        "check", "a.parquet", "-d", "payroll", "-o", tmp_path / "work", "--engine", "spark", option, "x"
    )
    assert run.code in {2, 3}
    assert option in run.err
    assert not (tmp_path / "work").exists()


def test_a_check_that_cannot_begin_leaves_no_folder(nfi: Nfi, tmp_path: Path) -> None:
    run = nfi("check", tmp_path / "not-there.csv", "-d", "payroll", "--out", tmp_path / "new" / "work")
    assert run.code == 3
    assert not (tmp_path / "new").exists()
