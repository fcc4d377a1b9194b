"""Little memory, little disk: the same rows as long as it goes, and then one line with what to do."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from matching.engines.duckdb import DuckDBEngine
from matching.engines.limits import (
    MemoryInvalid,
    is_disk_full,
    machine_memory,
    memory_of,
    memory_short,
    sized,
)
from specs.errors import NfiError, OutputUnwritable

SORTED = "select i, md5(i::varchar) as word from range(1500000) t(i) order by word, i"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("200MB", 200_000_000),
        ("1GB", 1_000_000_000),
        ("1.5 GB", 1_500_000_000),
        ("1gib", 2**30),
        (" 512MiB ", 512 * 2**20),
    ],
)
def test_an_amount_of_memory_is_a_number_and_a_unit(text: str, amount: int) -> None:
    assert memory_of(text) == amount


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("lots", "not an amount of memory"),
        ("4", "not an amount of memory"),
        ("-4GB", "not an amount of memory"),
        ("4 G", "not an amount of memory"),
        ("1e3GB", "not an amount of memory"),
        ("", "not an amount of memory"),
        ("٤GB", "not an amount of memory"),
        ("0GB", "too little"),
        ("99MB", "too little"),
        ("900TB", "more than the"),
    ],
)
def test_what_is_no_sensible_amount_is_refused_in_one_line(text: str, why: str) -> None:
    with pytest.raises(MemoryInvalid, match=why) as caught:
        memory_of(text)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_half_of_the_machine_is_what_the_engine_takes_by_itself() -> None:
    (row,) = DuckDBEngine().sql("select current_setting('memory_limit') as bytes").to_pylist()
    number, unit = row["bytes"].split()
    amount = float(number) * {"MiB": 2**20, "GiB": 2**30}[unit]
    assert amount == pytest.approx(machine_memory() / 2, rel=0.02)


def test_what_does_not_fit_into_memory_goes_to_disk_and_the_rows_are_the_same(tmp_path: Path) -> None:
    little = DuckDBEngine(memory=100_000_000, threads=1, temporary=tmp_path / "spilled")
    spilled: list[int] = []

    def watch(batch: pa.RecordBatch) -> pa.RecordBatch:
        spilled.append(sum(file.stat().st_size for file in (tmp_path / "spilled").rglob("*")))
        return batch

    made = little.map_into(tmp_path / "made", watch, SORTED)
    assert max(spilled) > 1_000_000, "it was to be too much for the memory"
    assert little.sql(SORTED, made=made).equals(DuckDBEngine(threads=1).sql(SORTED))
    assert sum(file.stat().st_size for file in (tmp_path / "spilled").rglob("*")) == 0


@pytest.mark.parametrize("way", ["sql", "sql_into", "map_into"])
def test_too_little_disk_is_one_line_and_nothing_stays(way: str, tmp_path: Path) -> None:
    folder, target = tmp_path / "spilled", tmp_path / "made"
    engine = DuckDBEngine(memory=60_000_000, disk=1_000_000, threads=1, temporary=folder)
    with pytest.raises(OutputUnwritable) as caught:
        if way == "sql":
            engine.sql(SORTED)
        elif way == "sql_into":
            engine.sql_into(target, SORTED)
        else:
            engine.map_into(target, lambda batch: batch, SORTED)
    said = str(caught.value)
    assert said.startswith(
        f"{tmp_path}: not enough disk for the working files of this step (they may take 1 MB"
    )
    assert "Free some space there" in said
    assert "\n" not in said
    assert not target.exists()
    assert sum(file.stat().st_size for file in folder.rglob("*")) == 0
    assert engine.sql("select 1 as one").num_rows == 1, "the engine works on"


def test_no_disk_at_all_is_said_as_too_little_memory() -> None:
    with pytest.raises(NfiError, match=r"30 MB were allowed, of the .* of this machine") as caught:
        DuckDBEngine(memory=30_000_000, threads=1).sql(SORTED)
    assert "--memory 60MB" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_more_memory_than_there_is_is_advised() -> None:
    assert "Use a machine with more memory" in str(memory_short(machine_memory()))


@pytest.mark.parametrize("way", ["sql_into", "map_into"])
def test_a_file_that_fails_half_way_is_gone(way: str, tmp_path: Path, engine: DuckDBEngine) -> None:
    fails = "select case when i < 900000 then i else error('here') end as i from range(1000000) t(i)"
    with pytest.raises(Exception, match="here"):
        if way == "sql_into":
            engine.sql_into(tmp_path / "made", fails)
        else:
            engine.map_into(tmp_path / "made", lambda batch: batch, fails)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
def test_a_full_disk_is_one_line_with_what_is_free(tmp_path: Path) -> None:
    engine = DuckDBEngine(temporary=tmp_path / "spilled")
    (tmp_path / "made").symlink_to("/dev/full")
    with pytest.raises(OutputUnwritable, match=r"not enough disk .*are free") as caught:
        engine.sql_into(tmp_path / "made", "select i from range(1000000) t(i)")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "full"),
    [
        (OSError(28, "No space left on device"), True),
        (OSError(122, "Disk quota exceeded"), True),
        (OSError(13, "Permission denied"), False),
    ],
)
def test_a_full_disk_is_known_by_its_words(fault: OSError, full: bool) -> None:
    assert is_disk_full(fault) is full


@pytest.mark.parametrize(
    ("amount", "said"), [(0, "0 MB"), (120_500_000, "120 MB"), (10**9, "1 GB"), (23_456_000_000, "23.5 GB")]
)
def test_bytes_are_said_as_people_say_them(amount: int, said: str) -> None:
    assert sized(amount) == said
