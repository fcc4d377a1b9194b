"""Whether Spark finds what DuckDB finds: an extract is checked and matched by both, and all results compared.

    python -m bench.spark_equal [--extracts FOLDER | --sample PAYMENTS [--alike N] | --ledger [ROWS]]
                                [--partitions N ...] [--driver-rows N ...] [--reports ID ...]
                                [--remote URL | --lose [SECONDS]]

  --extracts  <data set>.parquet each, as text, under the headings of the specification
  --sample    invented payments and their creditors; --alike: so many of them of one creditor and amount
  --ledger    the published ledger beside the project: all of it, or its first rows

Records and findings have to be the same bytes; cases and their records the same rows in the same order,
numbers to the ninth digit. Spark runs with each number of partitions, of what it reads and of what it
shuffles. `--driver-rows 0` leaves nothing to DuckDB, however small. `--lose` has Spark work with two
executors of a process each, and kills one of them, or a Python worker, every so many seconds. It exits with 1
where anything differs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from bench.ledger import LEDGER
from bench.lost_workers import losing_workers
from bench.same_results import differences, run_on
from bench.spark_extracts import extracts_of_ledger, extracts_of_sample
from matching.engines.duckdb import BATCH_ROWS, DuckDBEngine

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_TWO_EXECUTORS = {"spark.master": "local-cluster[2,1,2048]", "spark.executor.memory": "2g"}
"""Each a process of its own, so that it can be lost."""


@contextmanager
def partitioned(
    partitions: int, largest: int, memory: str, more: Mapping[str, str] | None = None
) -> Iterator[SparkSession]:
    """A Spark on this machine that works on so many partitions.

    Args:
        partitions: of files and of shuffles.
        largest: bytes of the largest file.
        memory: of Spark.
        more: settings.
    """
    from matching.engines.spark_session import local_session  # noqa: PLC0415

    settings = {
        "spark.sql.adaptive.coalescePartitions.enabled": "false",
        "spark.sql.shuffle.partitions": str(partitions),
        "spark.sql.files.minPartitionNum": str(partitions),
        "spark.sql.files.maxPartitionBytes": str(max(largest // partitions, 1 << 16)),
        "spark.sql.leafNodeDefaultParallelism": str(partitions),
        **(more or {}),
    }
    with local_session(memory=memory, settings=settings) as session:
        yield session


@contextmanager
def _session(
    partitions: int, extracts: dict[str, Path], options: argparse.Namespace
) -> Iterator[SparkSession]:
    if options.remote:
        from matching.engines.spark_session import remote_session  # noqa: PLC0415

        with remote_session(options.remote) as session:
            session.conf.set("spark.sql.shuffle.partitions", str(partitions))
            yield session
    else:
        largest = max(file.stat().st_size for file in extracts.values())
        more = _TWO_EXECUTORS if options.lose else {}
        with partitioned(partitions, largest, options.memory, more) as session:
            yield session


def _losing_workers(every: float | None) -> AbstractContextManager[Counter[str]]:
    return losing_workers(os.getpid(), every) if every else nullcontext(Counter())


def _tasks_lost(session: SparkSession) -> int:
    """How many tasks of a classic session failed, and were done again."""
    store = session.sparkContext._jsc.sc().statusStore()
    executors = store.executorList(False)
    return sum(executors.apply(place).failedTasks() for place in range(executors.size()))


def compare(folder: Path, extracts: dict[str, Path], options: argparse.Namespace) -> bool:
    """Run DuckDB once and Spark as often as is asked; tell both, and whether all was the same."""
    from matching.engines.spark import SparkEngine  # noqa: PLC0415

    rows = sum(pq.read_metadata(file).num_rows for file in extracts.values())
    alone = run_on(
        DuckDBEngine(temporary=folder / "spilled"), extracts, folder / "work-duckdb", options.reports
    )
    cases = pq.read_metadata(alone.work / "matches" / "cases.parquet").num_rows
    print(f"{rows:,} records, {cases:,} cases")
    print(f"DuckDB: check {alone.checking:.1f} s, match {alone.matching:.1f} s", flush=True)
    all_same = True
    for partitions in options.partitions:
        for driver_rows in options.driver_rows:
            work = folder / "work-spark"
            with (
                _session(partitions, extracts, options) as session,
                SparkEngine(session, driver_rows=driver_rows) as engine,
                _losing_workers(options.lose) as killed,
            ):
                there = run_on(engine, extracts, work, options.reports)
                tasks = _tasks_lost(session) if options.lose else 0
            differ = differences(alone, there)
            all_same &= not differ
            said = "the same" if not differ else "DIFFERS"
            print(
                f"Spark, {partitions} partitions, {driver_rows:,} rows for the driver: "
                f"check {there.checking:.1f} s, match {there.matching:.1f} s, {said}",
                *(f"  {count} {kind} killed" for kind, count in killed.items()),
                *([f"  {tasks} tasks done again"] if tasks else []),
                *(f"  {each}" for each in differ),
                sep="\n",
                flush=True,
            )
            shutil.rmtree(work)
    return all_same


def main() -> None:
    """Read the options, run, compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--extracts", type=Path, metavar="FOLDER")
    what.add_argument("--sample", type=int, metavar="PAYMENTS", default=20_000)
    what.add_argument("--ledger", type=int, nargs="?", const=0, metavar="ROWS")
    parser.add_argument("--alike", type=int, default=0, metavar="PAYMENTS")
    parser.add_argument("--partitions", type=int, nargs="+", default=(2, 7), metavar="N")
    parser.add_argument("--driver-rows", type=int, nargs="+", default=(BATCH_ROWS,), metavar="N")
    parser.add_argument("--reports", nargs="+", default=(), metavar="ID", help="else all")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--remote", metavar="URL", help="a Spark Connect server; else Spark on this machine")
    where.add_argument("--lose", type=float, nargs="?", const=10.0, metavar="SECONDS", help="10 unless told")
    parser.add_argument("--memory", default="4g", help="of Spark on this machine")
    options = parser.parse_args()
    if options.alike and (options.extracts or options.ledger is not None or options.alike > options.sample):
        parser.error("--alike is of the payments of --sample, and no more than these")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "spilled").mkdir()
        if options.extracts:
            extracts = {file.stem: file for file in options.extracts.glob("*.parquet")}
        elif options.ledger is not None:
            if not LEDGER.exists():
                raise SystemExit("no copy of the published ledger in ../shared/data")
            extracts = extracts_of_ledger(folder, options.ledger or None)
        else:
            extracts = extracts_of_sample(folder, options.sample, options.alike)
        if not compare(folder, extracts, options):
            sys.exit(1)


if __name__ == "__main__":
    main()
