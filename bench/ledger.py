"""A real ledger, matched, beside the self-joins that list every pair; and the records of a match to measure.

The ledger is a council's published payments. Its headings: Date (ISO), Internal Ref Number, Invoice Number,
Net Amount (pounds), Supplier ID, Supplier(Beneficiary) Name, Expense Area.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from matching.engines.duckdb import DuckDBEngine
from matching.match import match
from matching.report import all_reports
from specs.catalogues import load_specification
from specs.specification import FieldFormat

ROOT = Path(__file__).parents[1]
LEDGER = ROOT.parent / "shared" / "data" / "payments" / "calderdale" / "calderdale_payments.csv.gz"
HISTORY, STANDING, PAYROLL = DATASETS = ("creditors-history", "creditors-standing", "payroll")
SQL_TYPES = {FieldFormat.DATE: "date", FieldFormat.MONEY: "bigint", FieldFormat.HOURS: "bigint"}
SLOWEST = 8
PAIRS_THAT_FIT = 20_000_000
"""How many pairs pandas is asked to hold; above, they are only counted."""

HEADINGS: Mapping[str, Mapping[str, str]] = {
    HISTORY: {
        "creditor_reference": '"Supplier ID"',
        "supplier_invoice_number": 'trim("Invoice Number")',
        "internal_invoice_number": '"Internal Ref Number"',
        "invoice_date": 'cast("Date" as date)',
        "total_invoice_amount": 'cast(cast("Net Amount" as decimal(18, 2)) * 100 as bigint)',
        "remarks": '"Expense Area"',
    },
    STANDING: {"creditor_reference": '"Supplier ID"', "creditor_name": '"Supplier(Beneficiary) Name"'},
}
"""Data set -> column -> what it is in the ledger. Standing data are one row per supplier and name."""


def opened_ledger(ledger: Path, rows: int | None = None) -> duckdb.DuckDBPyConnection:
    """A database with the table `ledger`: `source_row`, and the columns of the file as text.

    Args:
        ledger: the file.
        rows: how many of its first rows; None: all.
    """
    connection = duckdb.connect()
    connection.execute(
        "create table ledger as select row_number() over () + 1 as source_row, * "
        f"from read_csv($1, all_varchar = true, parallel = false) {f'limit {rows}' if rows else ''}",
        [str(ledger)],
    )
    return connection


def checked_from_ledger(ledger: Path, folder: Path) -> None:
    """Write the ledger as checked payment history and standing data: typed, every column, in order of row."""
    connection = opened_ledger(ledger)
    for dataset, held in HEADINGS.items():
        columns = ", ".join(
            f"{held.get(field.column, 'null')}::{SQL_TYPES.get(field.format, 'varchar')} as {field.column}"
            for field in load_specification(dataset).fields
        )
        rows = f"select source_row, {columns} from ledger"
        if dataset == STANDING:
            first = (
                "row_number() over (partition by creditor_reference, creditor_name order by source_row) = 1"
            )
            rows += f" qualify {first}"
        target = folder / f"{dataset}.parquet"
        connection.execute(f"copy ({rows} order by source_row) to '{target}' (format parquet)")


def run_match(folder: Path, of: frozenset[str] = frozenset(DATASETS)) -> dict[str, Any]:
    """Match what is checked in a folder, and leave cases and records beside it.

    Args:
        folder: with the checked records; working files are made in it too.
        of: the data sets that reports may be about; those that need others are left out.
    """
    checked = {dataset: path for dataset in DATASETS if (path := folder / f"{dataset}.parquet").exists()}
    reports = [report for report in all_reports() if of.issuperset(report.data)]
    began: list[tuple[str, float]] = []
    start, processor = time.perf_counter(), time.process_time()
    result = match(
        checked,
        reports,
        {dataset: load_specification(dataset) for dataset in DATASETS},
        DuckDBEngine(temporary=folder / "spilled"),
        folder,
        folder=folder,
        progress=lambda step: began.append((step, time.perf_counter())),
    )
    ended, processor = time.perf_counter(), time.process_time() - processor
    peak = peak_megabytes()
    ends = [moment for _, moment in began[1:]] + [ended]
    return {
        "rows": {dataset: pq.read_metadata(path).num_rows for dataset, path in checked.items()},
        "seconds": ended - start,
        "processor": processor,
        "peak": peak,
        "steps": {step: end - moment for (step, moment), end in zip(began, ends, strict=True)},
        "cases": result.cases_file.rows,
        "reports": [
            {"report": each.report, "cases": each.cases, "records": each.records, "skipped": each.skipped}
            for each in result.reports
        ],
    }


KEY = ["creditor_reference", "supplier_invoice_number", "total_invoice_amount"]
WIDER_KEY = KEY[1:]


def run_count(folder: Path) -> dict[str, Any]:
    """How many pairs two self-joins would list, and the payments of the largest group of each."""
    return {name: pairs_of(folder, key) for name, key in (("narrow", KEY), ("wide", WIDER_KEY))}


def pairs_of(folder: Path, key: list[str]) -> dict[str, int]:
    """The pairs of a self-join on some columns as they stand, worked out from the size of each group."""
    groups, pairs, largest = only_row(
        f"""
        select count(*), coalesce(cast(sum(k * (k - 1) // 2) as bigint), 0), coalesce(max(k), 0)
        from (
            select count(*) as k
            from {payments(folder)}
            where {" and ".join(f"{column} is not null" for column in key)}
            group by {", ".join(key)}
            having count(*) > 1
        )
        """
    )
    return {"groups": groups, "pairs": pairs, "largest": largest}


def run_duckdb_pairs(folder: Path) -> dict[str, Any]:
    """The pairs of that self-join, counted one by one by DuckDB."""
    start = time.perf_counter()
    table, on = payments(folder), " and ".join(f"l.{column} = r.{column}" for column in KEY)
    (pairs,) = only_row(
        f"select count(*) from {table} as l join {table} as r on {on} and l.source_row < r.source_row"
    )
    return {"pairs": pairs, "seconds": time.perf_counter() - start, "peak": peak_megabytes()}


def payments(folder: Path) -> str:
    """The payments of a folder that are not credits, as a subquery."""
    return f"(select * from '{folder / f'{HISTORY}.parquet'}' where total_invoice_amount > 0)"


def only_row(query: str) -> tuple[int, ...]:
    """The one row that a query gives."""
    (row,) = duckdb.connect().execute(query).fetchall()
    return tuple(row)


def run_pandas_pairs(folder: Path) -> dict[str, Any]:
    """The pairs of that self-join as a pandas table: merge, then each pair once."""
    start = time.perf_counter()
    columns = ["source_row", "invoice_date", *KEY]
    frame = pd.read_parquet(folder / f"{HISTORY}.parquet", columns=columns, dtype_backend="pyarrow")
    frame = frame[frame["total_invoice_amount"] > 0].dropna(subset=KEY)
    pairs = frame.merge(frame, on=KEY)
    pairs = pairs[pairs["source_row_x"] < pairs["source_row_y"]]
    return {"pairs": len(pairs), "seconds": time.perf_counter() - start, "peak": peak_megabytes()}


def peak_megabytes() -> float:
    """The most memory that this process has held."""
    status = Path("/proc/self/status")
    if (
        status.exists()
    ):  # Linux: what getrusage tells there may be the parent's, from before this program began
        high_water = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(high_water.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def told(name: str, run: Mapping[str, Any]) -> list[str]:
    """The figures of one match, its slowest steps, and what it found, as lines for a person."""
    size = run["rows"].get(HISTORY) or sum(run["rows"].values())
    what = "payments" if HISTORY in run["rows"] else "records"
    lines = [
        f"{name} {size:,} {what} {run['seconds']:.1f} s ({run['processor']:.1f} s of processors), "
        f"peak {run['peak']:.0f} MB, {run['cases']:,} cases of {len(run['reports'])} reports"
    ]
    slowest = sorted(run["steps"].items(), key=lambda step: -step[1])[:SLOWEST]
    return [*lines, *(f"  {seconds:6.2f} s  {step}" for step, seconds in slowest)]


def joins_told(run: Mapping[str, Any], joins: Mapping[str, Any]) -> list[str]:
    """What the self-joins would list, beside the groups of the reports that ask the same."""
    held = {each["report"]: each["cases"] for each in run["reports"]}
    lines = []
    for width, what, report in (
        ("wide", "invoice number and amount", "same-invoice-amount"),
        ("narrow", "creditor, invoice number and amount", "same-creditor-invoice-amount"),
    ):
        join = joins["count"][width]
        lines.append(
            f"  pairs a self-join on {what} would list {join['pairs']:,} "
            f"(largest group {join['largest']:,} payments) / cases of the report {held[report]:,}"
        )
    for side in ("duckdb", "pandas"):
        if side in joins:
            peer = joins[side]
            lines.append(f"  {side} goes through them in {peer['seconds']:.1f} s, peak {peer['peak']:.0f} MB")
    if "pandas" not in joins:
        rows = 2 * joins["count"]["narrow"]["pairs"]
        lines.append(f"  pandas was not asked: merge holds {rows:,} rows before it drops half")
    return lines
