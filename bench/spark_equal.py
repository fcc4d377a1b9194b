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
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as kinds

from bench.ledger import HISTORY, LEDGER, STANDING, opened_ledger
from bench.lost_workers import losing_workers
from matching.engines.duckdb import BATCH_ROWS, DuckDBEngine
from nfi.checking import check
from nfi.match_run import match
from specs.engine import Engine

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DAY = date(2026, 10, 1)
NINTH_DIGIT = 1e-9
ROW_GROUPS = 14
"""Pieces of an extract, so that it can be read in as many partitions."""
_SAME_BYTES = ("checked/{}.parquet", "findings/{}.parquet", "findings/{}.csv")
_SAME_ROWS = ("matches/cases.parquet", "matches/case-records.parquet")
_ALIKE = ("Creditor reference", "Total invoice amount")
"""What is one and the same in payments that are alike."""
_TWO_EXECUTORS = {"spark.master": "local-cluster[2,1,2048]", "spark.executor.memory": "2g"}
"""Each a process of its own, so that it can be lost."""

IN_LEDGER = {
    HISTORY: {
        "creditor_reference": '"Supplier ID"',
        "supplier_invoice_number": '"Invoice Number"',
        "internal_invoice_number": '"Internal Ref Number"',
        "invoice_date": "strftime(cast(\"Date\" as date), '%d%m%Y')",
        "total_invoice_amount": 'cast(cast(cast("Net Amount" as decimal(18, 2)) * 100 as bigint) as varchar)',
        "remarks": '"Expense Area"',
    },
    STANDING: {"creditor_reference": '"Supplier ID"', "creditor_name": '"Supplier(Beneficiary) Name"'},
}
"""Data set -> column -> what it is in the ledger, as a body would give it."""


# --- extracts ---


def extracts_of_ledger(folder: Path, rows: int | None = None, *, ledger: Path = LEDGER) -> dict[str, Path]:
    """The ledger as extracts of payment history and of creditors, as text.

    Args:
        folder: gets them.
        rows: how many of its first rows; None: all.
        ledger: the file.

    Returns:
        Data set -> extract.
    """
    from specs.catalogues import load_specification  # noqa: PLC0415

    connection = opened_ledger(ledger, rows)
    files = {}
    for dataset, held in IN_LEDGER.items():
        columns = ", ".join(
            f"coalesce({held.get(field.column, 'null')}, '') as \"{field.name}\""
            for field in load_specification(dataset).fields
        )
        query = f"select {columns} from ledger order by source_row"
        if dataset == STANDING:
            one = '"Supplier ID", "Supplier(Beneficiary) Name"'
            first = f"row_number() over (partition by {one} order by source_row)"
            query = f"select {columns} from ledger qualify {first} = 1 order by source_row"
        files[dataset] = folder / f"{dataset}.parquet"
        _write(connection.sql(query).to_arrow_table(), files[dataset])
    return files


def extracts_of_sample(folder: Path, payments: int, alike: int = 0) -> dict[str, Path]:
    """Invented payments and their creditors, as text.

    Args:
        folder: gets them.
        payments: how many.
        alike: how many of these, the first, have one creditor and one amount.

    Returns:
        Data set -> extract.
    """
    import pyarrow.csv as pv  # noqa: PLC0415

    from bench.scale import creditors_of  # noqa: PLC0415
    from nfi.sample import make_sample  # noqa: PLC0415
    from specs.catalogues import load_specification  # noqa: PLC0415

    sample = make_sample(
        folder / "csv", employees=1_000, creditors=creditors_of(payments), payments=payments, seed=1
    )
    files = {}
    for dataset in (HISTORY, STANDING):
        texts = {field.name: pa.string() for field in load_specification(dataset).fields}
        files[dataset] = folder / f"{dataset}.parquet"
        options = pv.ConvertOptions(column_types=texts)
        made = pv.read_csv(sample.files[dataset], convert_options=options)
        if dataset == HISTORY and alike:
            made = _with_first_value(made, _ALIKE, alike)
        _write(made, files[dataset])
    return files


def _with_first_value(table: pa.Table, columns: Sequence[str], rows: int) -> pa.Table:
    """A table whose first rows have the first row's value in some columns."""
    for name in columns:
        place = table.column_names.index(name)
        values = pa.chunked_array([pa.repeat(table[name][0], rows), *table[name][rows:].chunks])
        table = table.set_column(place, name, values)
    return table


def _write(table: pa.Table, file: Path) -> None:
    pq.write_table(table, file, row_group_size=max(table.num_rows // ROW_GROUPS, 1))


# --- runs ---


@dataclass(frozen=True, slots=True)
class Run:
    """A check of each extract, and the match of them."""

    work: Path
    reports: object
    """What each report found."""
    checking: float
    """Seconds."""
    matching: float


def run_on(engine: Engine, extracts: dict[str, Path], work: Path, reports: Sequence[str] = ()) -> Run:
    """Check and match extracts on an engine, into a workspace."""
    now, began = datetime.now(UTC), time.perf_counter()
    for dataset in sorted(extracts, reverse=True):
        check([extracts[dataset]], dataset, folder=work, day=DAY, engine=engine, at=now)
    checked = time.perf_counter()
    found = match(work, reports=reports, engine=engine, at=now)
    return Run(work, found.result.reports, checked - began, time.perf_counter() - checked)


def differences(one: Run, other: Run) -> list[str]:
    """Where the results of two runs are not the same, a line each; no value is shown."""
    found = [] if one.reports == other.reports else ["what the reports found"]
    datasets = sorted(file.stem for file in (one.work / "checked").glob("*.parquet"))
    for name in (pattern.format(dataset) for pattern in _SAME_BYTES for dataset in datasets):
        files = [run.work / name for run in (one, other)]
        if [file.exists() for file in files] != [True, True]:
            if any(file.exists() for file in files):
                found.append(f"{name}: only one of them has it")
        elif files[0].read_bytes() != files[1].read_bytes():
            found.append(f"{name}: other bytes")
    for name in _SAME_ROWS:
        tables = [pq.read_table(run.work / name) for run in (one, other)]
        found += [f"{name}: {each}" for each in table_differences(*tables)]
    return found


def table_differences(one: pa.Table, other: pa.Table) -> list[str]:
    """The columns in which two tables differ, and in how many of their rows; numbers to the ninth digit."""
    if one.schema != other.schema:
        return ["other columns"]
    if one.num_rows != other.num_rows:
        return [f"{one.num_rows:,} rows, and {other.num_rows:,}"]
    found = []
    for name in one.column_names:
        same = _same(one[name].combine_chunks(), other[name].combine_chunks())
        if not same.all():
            found.append(f"{name}: {int((~same).sum()):,} values, the first in row {int(np.argmin(same)):,}")
    return found


def _same(one: pa.Array, other: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which values of two arrays of one length are the same."""
    blanks = [each.is_null().to_numpy(zero_copy_only=False) for each in (one, other)]
    same, filled = blanks[0] == blanks[1], ~(blanks[0] | blanks[1])
    if kinds.is_struct(one.type):
        for place in range(one.type.num_fields):
            same &= _same(one.field(place), other.field(place)) | ~filled
    elif kinds.is_list(one.type):
        lengths = [pc.fill_null(pc.list_value_length(each), 0).to_numpy() for each in (one, other)]
        same &= lengths[0] == lengths[1]
        fit = pa.array(same & filled)
        values = _same(*(each.filter(fit).flatten() for each in (one, other)))
        counts = lengths[0][same & filled]
        wrong = np.zeros(len(counts), bool)
        np.logical_or.at(wrong, np.repeat(np.arange(len(counts)), counts), ~values)
        same[np.flatnonzero(same & filled)[wrong]] = False
    elif kinds.is_floating(one.type):
        left, right = (pc.fill_null(each, 0.0).to_numpy() for each in (one, other))
        same &= np.isclose(left, right, rtol=NINTH_DIGIT, atol=1e-12, equal_nan=True)
    else:
        same &= pc.fill_null(pc.equal(one, other), True).to_numpy(zero_copy_only=False)
    return np.asarray(same)


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
