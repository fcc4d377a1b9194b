"""Check invented extracts, beside other tools that read or validate the same files.

Run: python bench/check.py [--case payroll ...] [--rows 1000000] [--repeat 1] [--folder FOLDER]

Cases:
  payroll, creditors-history   nfi with all checks, frictionless with column types alone (dates, whole pence,
                               text), and pyarrow that only reads the file as text
  faults                       a payroll in which every row fails five checks, beside the usual one
  growth                       ten times the rows of creditors-history, beside once the rows
  workbook                     200,000 rows of an XLSX as text, beside openpyxl

Each tool runs as a process of its own, start-up included; seconds are the best of the repeats. nfi does what
`nfi check` does short of the workbook and the page: typed records as Parquet, findings as Parquet and CSV,
SHA-256 of the file. frictionless and nfi have to find the same unreadable dates and sums, or the
comparison is void.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

DAY = date(2026, 10, 1)
WORKBOOK_ROWS = 200_000
FAULTS = {
    "Post code": "QQ1 1QQ",
    "Date of birth": "31022001",
    "National insurance number": "QQ123456C",
    "Sort code": "1234",
    "Gross pay to date": "0",
}
"""A value for each of five fields that fails a check."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run of one tool."""

    seconds: float
    peak_megabytes: float
    answer: dict[str, int]
    """What the tool found, to compare with the other's."""


# --- the tools: each reads one file of a data set, in a process that loads only what it needs ---


def run_nfi(file: Path, dataset: str) -> dict[str, int]:
    """Check a file as `nfi check` does; how many values of each field cannot be read."""
    from specs.catalogues import load_specification  # noqa: PLC0415
    from specs.check import CheckTerms, check_extracts  # noqa: PLC0415
    from specs.loading import load_ahead  # noqa: PLC0415
    from specs.mapping import own_headings  # noqa: PLC0415
    from specs.read import open_extract  # noqa: PLC0415

    specification = load_specification(dataset)
    load_ahead([file])
    extract = open_extract(file)
    from matching.engines.duckdb import DuckDBEngine  # noqa: PLC0415

    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        result = check_extracts(
            [extract],
            specification,
            own_headings(extract.headings, specification),
            CheckTerms(today=DAY),
            workspace=Path(folder),
            engine=DuckDBEngine(temporary=Path(folder)),
        )
    return {
        str(found.field): found.count
        for found in result.record.findings
        if found.code in {"date", "money", "hours"}
    }


def run_frictionless(file: Path, dataset: str) -> dict[str, int]:
    """Validate a file with frictionless, all errors kept; how many values of each field cannot be read."""
    from frictionless import Resource, Schema, system  # noqa: PLC0415

    from specs.catalogues import load_specification  # noqa: PLC0415
    from specs.specification import FieldFormat  # noqa: PLC0415

    types = {
        FieldFormat.DATE: {"type": "date", "format": "%d%m%Y"},
        FieldFormat.MONEY: {"type": "integer"},
        FieldFormat.HOURS: {"type": "integer"},
    }
    schema = Schema.from_descriptor(
        {
            "fields": [
                {"name": field.name} | types.get(field.format, {"type": "string"})
                for field in load_specification(dataset).fields
            ]
        }
    )
    with system.use_context(trusted=True):
        report = Resource(path=str(file), schema=schema).validate(limit_errors=10_000_000)
    (task,) = report.tasks
    return dict(
        Counter(error.field_name for error in task.errors if error.type == "type-error")  # type: ignore[attr-defined]
    )


def run_pyarrow(file: Path, _dataset: str) -> dict[str, int]:
    """Read a file as text with pyarrow, and do nothing with it."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.csv  # noqa: PLC0415

    with file.open(encoding="utf-8-sig", newline="") as lines:
        headings = next(csv.reader(lines))
    options = pa.csv.ConvertOptions(column_types=dict.fromkeys(headings, pa.string()))
    return {"rows": pa.csv.read_csv(file, convert_options=options).num_rows}


def run_nfi_read(file: Path, _dataset: str) -> dict[str, int]:
    """Read a workbook as `nfi check` does."""
    from specs.read import open_extract  # noqa: PLC0415

    return {"rows": sum(batch.num_rows for batch in open_extract(file).batches())}


def run_openpyxl(file: Path, _dataset: str) -> dict[str, int]:
    """Read a workbook with openpyxl, read-only."""
    import openpyxl  # noqa: PLC0415

    workbook = openpyxl.load_workbook(file, read_only=True)
    return {"rows": sum(1 for _ in workbook.worksheets[0].iter_rows(min_row=2, values_only=True))}


TOOLS: dict[str, Callable[[Path, str], dict[str, int]]] = {
    "nfi": run_nfi,
    "frictionless": run_frictionless,
    "pyarrow": run_pyarrow,
    "nfi-read": run_nfi_read,
    "openpyxl": run_openpyxl,
}


# --- the files: invented, and made by a process of its own ---


def make_sample_files(folder: Path, rows: int) -> None:
    """Write an invented payroll and payment history of so many rows, with the faults that a sample plants."""
    from nfi.sample import make_sample  # noqa: PLC0415

    make_sample(folder, employees=rows, creditors=20_000, payments=rows, seed=1, force=True)


def make_history(folder: Path, rows: int) -> None:
    """Write an invented payment history alone."""
    from nfi.sample import make_sample  # noqa: PLC0415

    make_sample(folder, employees=2_000, creditors=20_000, payments=rows, seed=1, force=True)


def make_faults(folder: Path, rows: int) -> None:
    """Write a payroll in which five fields of every row hold a value that fails a check."""
    with (
        (folder / "payroll.csv").open(encoding="utf-8-sig", newline="") as sound,
        (folder / "faults.csv").open("w", encoding="utf-8", newline="") as faulty,
    ):
        reader = csv.DictReader(sound)
        writer = csv.DictWriter(faulty, reader.fieldnames or [])
        writer.writeheader()
        for number, row in enumerate(reader):
            if number == rows:
                break
            writer.writerow(row | FAULTS)


def make_workbook(folder: Path, rows: int) -> None:
    """Write the first rows of the payment history as a workbook of text cells."""
    import openpyxl  # noqa: PLC0415

    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Payments")
    with (folder / "creditors-history.csv").open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.reader(lines)):
            if number > rows:
                break
            sheet.append(row)
    workbook.save(folder / "workbook.xlsx")


MAKERS: dict[str, Callable[[Path, int], None]] = {
    "sample": make_sample_files,
    "history": make_history,
    "faults": make_faults,
    "workbook": make_workbook,
}


# --- the comparisons ---


@dataclass(frozen=True, slots=True)
class Bench:
    """Where files go, how many rows they have, and how often each tool runs."""

    folder: Path
    rows: int
    repeat: int

    def make(self, what: str, rows: int, folder: Path | None = None) -> Path:
        """Have files made, unless they are there, by a process of its own.

        On Linux, a child counts the memory of the process that it was started from, so this one stays small.
        """
        place = folder or self.folder
        done = place / f"{what}.made"
        if not done.exists():
            place.mkdir(parents=True, exist_ok=True)
            command = [sys.executable, __file__, "--make", what, "--rows", str(rows), "--folder", str(place)]
            subprocess.run(command, check=True)
            done.touch()
        return place

    def best(self, tool: str, file: Path, dataset: str) -> Measurement:
        """The fastest of the runs of a tool, printed."""
        runs = [measure(tool, file, dataset) for _ in range(self.repeat)]
        best = min(runs, key=lambda run: run.seconds)
        megabytes = file.stat().st_size / 1e6
        print(
            f"{tool:13}{best.seconds:8.2f} s {best.peak_megabytes:8.0f} MB   {file.name}, {megabytes:,.0f} MB"
        )
        return best


def measure(tool: str, file: Path, dataset: str) -> Measurement:
    """Run one tool in a new process: wall seconds, and the most memory it held."""
    before = time.perf_counter()
    command = [sys.executable, __file__, "--run", tool, "--file", str(file), "--dataset", dataset]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        answer = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - before
    if process.returncode:
        raise SystemExit(f"{tool} failed with exit code {process.returncode}")
    megabytes = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return Measurement(seconds, megabytes, json.loads(answer))


def against_frictionless(bench: Bench, dataset: str) -> list[str]:
    """The check of a data set beside frictionless and beside merely reading."""
    file = bench.make("sample", bench.rows) / f"{dataset}.csv"
    nfi, frictionless, reading = (
        bench.best(tool, file, dataset) for tool in ("nfi", "frictionless", "pyarrow")
    )
    if nfi.answer != frictionless.answer:
        raise SystemExit(f"The tools disagree: nfi {nfi.answer}, frictionless {frictionless.answer}")
    return [
        f"{dataset} frictionless/nfi {frictionless.seconds / nfi.seconds:.1f}",
        f"{dataset} nfi/pyarrow-text {nfi.seconds / reading.seconds:.1f}",
        f"{dataset} nfi peak memory {nfi.peak_megabytes:.0f} MB",
    ]


def with_faults(bench: Bench) -> list[str]:
    """Every row of a payroll failing five checks, beside the same payroll without those faults."""
    folder = bench.make("sample", bench.rows)
    bench.make("faults", bench.rows)
    faulty = bench.best("nfi", folder / "faults.csv", "payroll")
    sound = bench.best("nfi", folder / "payroll.csv", "payroll")
    return [
        f"faults in every row/usual faults {faulty.seconds / sound.seconds:.1f}",
        f"faults nfi peak memory {faulty.peak_megabytes:.0f} MB",
    ]


def growth(bench: Bench) -> list[str]:
    """Ten times the rows, beside once."""
    once, ten = (
        bench.best(
            "nfi",
            bench.make("history", rows, bench.folder / f"{rows}") / "creditors-history.csv",
            "creditors-history",
        )
        for rows in (bench.rows, 10 * bench.rows)
    )
    return [
        f"growth 10x rows/1x rows {ten.seconds / once.seconds:.1f}",
        f"growth nfi peak memory at 10x {ten.peak_megabytes:.0f} MB",
    ]


def of_workbook(bench: Bench) -> list[str]:
    """Reading a workbook beside openpyxl."""
    rows = min(bench.rows, WORKBOOK_ROWS)
    bench.make("sample", bench.rows)
    file = bench.make("workbook", rows) / "workbook.xlsx"
    nfi, openpyxl = (bench.best(tool, file, "creditors-history") for tool in ("nfi-read", "openpyxl"))
    if nfi.answer != openpyxl.answer:
        raise SystemExit(f"The tools disagree: nfi {nfi.answer}, openpyxl {openpyxl.answer}")
    return [f"workbook openpyxl/nfi {openpyxl.seconds / nfi.seconds:.1f}"]


CASES: dict[str, Callable[[Bench], list[str]]] = {
    "payroll": lambda bench: against_frictionless(bench, "payroll"),
    "creditors-history": lambda bench: against_frictionless(bench, "creditors-history"),
    "faults": with_faults,
    "growth": growth,
    "workbook": of_workbook,
}


def main() -> None:
    """Read the command line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--case", choices=CASES, action="append", help="more than once; all if not given")
    options.add_argument("--rows", type=int, default=1_000_000, help="records to check")
    options.add_argument("--repeat", type=int, default=1, help="runs of each tool; the fastest counts")
    options.add_argument("--folder", type=Path, help="where the files go and stay; else a temporary folder")
    options.add_argument("--make", choices=MAKERS, help=argparse.SUPPRESS)
    options.add_argument("--run", choices=TOOLS, help=argparse.SUPPRESS)
    options.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--dataset", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.make:
        MAKERS[chosen.make](chosen.folder, chosen.rows)
        return
    if chosen.run:
        print(json.dumps(TOOLS[chosen.run](chosen.file, chosen.dataset), sort_keys=True))
        return
    with tempfile.TemporaryDirectory() as temporary:
        bench = Bench(chosen.folder or Path(temporary), chosen.rows, chosen.repeat)
        lines = [line for case in chosen.case or CASES for line in CASES[case](bench)]
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()
