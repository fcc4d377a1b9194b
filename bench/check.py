"""Check a million invented payments, beside frictionless reading the same file with the same column types.

Run: python bench/check.py [--rows 1000000] [--repeat 1] [--folder FOLDER]

Each tool runs as a process of its own, start-up included; seconds are the best of the repeats. frictionless
is asked for types alone (dates, whole pence, text). nfi does that and all it does in a check: required
values, VAT against totals, invoice numbers used twice, typed records as Parquet, findings as Parquet and CSV,
SHA-256 of the file. Both have to find the same unreadable dates and sums, or the comparison is void.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

HISTORY = "creditors-history"
DAY = date(2026, 10, 1)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run of one tool."""

    seconds: float
    peak_megabytes: float
    unreadable: dict[str, int]
    """How many values it could not read, by published name of the field."""


def make_payments(folder: Path, rows: int) -> None:
    """Write an invented payment history of so many rows, with the faults that a sample plants."""
    from nfi.sample import make_sample  # noqa: PLC0415  each tool loads only what it needs

    make_sample(folder, employees=2_000, creditors=20_000, payments=rows, seed=1, force=True)


def run_nfi(folder: Path) -> dict[str, int]:
    """Check the payments as `nfi check` does."""
    from matching.engines.duckdb import DuckDBEngine  # noqa: PLC0415
    from specs.check import check_extract  # noqa: PLC0415
    from specs.mapping import own_headings  # noqa: PLC0415
    from specs.read import open_extract  # noqa: PLC0415
    from specs.specification import load_specification  # noqa: PLC0415

    specification = load_specification(HISTORY)
    extract = open_extract(folder / f"{HISTORY}.csv")
    result = check_extract(
        extract,
        specification,
        own_headings(extract.headings, specification),
        today=DAY,
        workspace=folder / "nfi-work",
        engine=DuckDBEngine(temporary=folder),
    )
    return {
        str(found.field): found.count
        for found in result.record.findings
        if found.code in {"date", "money", "hours"}
    }


def run_frictionless(folder: Path) -> dict[str, int]:
    """Validate the payments with frictionless, all errors kept."""
    from frictionless import Resource, Schema, system  # noqa: PLC0415

    from specs.specification import FieldFormat, load_specification  # noqa: PLC0415

    types = {
        FieldFormat.DATE: {"type": "date", "format": "%d%m%Y"},
        FieldFormat.MONEY: {"type": "integer"},
    }
    schema = Schema.from_descriptor(
        {
            "fields": [
                {"name": field.name} | types.get(field.format, {"type": "string"})
                for field in load_specification(HISTORY).fields
            ]
        }
    )
    with system.use_context(trusted=True):
        resource = Resource(path=str(folder / f"{HISTORY}.csv"), schema=schema)
        report = resource.validate(limit_errors=10_000_000)
    (task,) = report.tasks
    return dict(
        Counter(error.field_name for error in task.errors if error.type == "type-error")  # type: ignore[attr-defined]
    )


TOOLS = {"nfi": run_nfi, "frictionless": run_frictionless}


def measure(tool: str, folder: Path) -> Measurement:
    """Run one tool in a new process: wall seconds, and the most memory it held."""
    before = time.perf_counter()
    command = [sys.executable, __file__, "--run", tool, "--folder", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        answer = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - before
    if process.returncode:
        raise SystemExit(f"{tool} failed with exit code {process.returncode}")
    megabytes = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return Measurement(seconds, megabytes, json.loads(answer))


def compare(folder: Path, rows: int, repeat: int) -> None:
    """Run both tools and print what they took; the ratios come last."""
    # in a process of its own: on Linux, a child counts the memory of the process that it was started from
    subprocess.run([sys.executable, __file__, "--make", str(rows), "--folder", str(folder)], check=True)
    size = (folder / f"{HISTORY}.csv").stat().st_size
    print(f"{rows:,} payments, {size / 1e6:,.0f} MB of CSV")
    best: dict[str, Measurement] = {}
    for tool in TOOLS:
        runs = [measure(tool, folder) for _ in range(repeat)]
        best[tool] = min(runs, key=lambda run: run.seconds)
        print(
            f"{tool:13}{best[tool].seconds:8.2f} s {best[tool].peak_megabytes:8.0f} MB   "
            f"unreadable values: {sum(best[tool].unreadable.values()):,}"
        )
    nfi, frictionless = best["nfi"], best["frictionless"]
    if nfi.unreadable != frictionless.unreadable:
        raise SystemExit(f"The tools disagree: nfi {nfi.unreadable}, frictionless {frictionless.unreadable}")
    print(f"frictionless/nfi {frictionless.seconds / nfi.seconds:.1f}")
    print(f"nfi peak memory {nfi.peak_megabytes:.0f} MB")


def main() -> None:
    """Read the command line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000, help="payments to check")
    options.add_argument("--repeat", type=int, default=1, help="runs of each tool; the fastest counts")
    options.add_argument("--folder", type=Path, help="where the files go and stay; else a temporary folder")
    options.add_argument("--make", type=int, help=argparse.SUPPRESS)
    options.add_argument("--run", choices=TOOLS, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.make:
        make_payments(chosen.folder, chosen.make)
    elif chosen.run:
        print(json.dumps(TOOLS[chosen.run](chosen.folder), sort_keys=True))
    elif chosen.folder:
        chosen.folder.mkdir(parents=True, exist_ok=True)
        compare(chosen.folder, chosen.rows, chosen.repeat)
    else:
        with tempfile.TemporaryDirectory() as folder:
            compare(Path(folder), chosen.rows, chosen.repeat)


if __name__ == "__main__":
    main()
