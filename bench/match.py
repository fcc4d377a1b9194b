"""How fast nfi matches, in how much memory, and how that grows; beside Splink for people.

    python -m bench.match [--part PART ...] [--employees N] [--payments N] [--folder FOLDER] [--json]

Parts:
  people    a payroll to itself, some employees twice with slips: report same-person, beside Splink with the
            same columns; time, memory and F1 of each (Splink's at its best threshold by hindsight)
  payments  all payment and creditor reports over a synthetic ledger, 60,000 creditors
  growth    the same over ten times the payments
  one-key   the same ledger, a fifth of whose payments share one amount and one invoice number
  ledger    a real ledger of 480,000 payments, beside the self-joins that list every pair

Each side runs in a process of its own, so that its memory can be told. The last lines hold one result each.
The machine should be quiet; ratios of one run say more than seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.csv as pv

from bench.ledger import (
    HISTORY,
    LEDGER,
    PAIRS_THAT_FIT,
    STANDING,
    checked_from_ledger,
    joins_told,
    peak_megabytes,
    run_count,
    run_duckdb_pairs,
    run_match,
    run_pandas_pairs,
    told,
)
from nfi.sample import make_sample

ROOT = Path(__file__).parents[1]
EMPLOYEES, PAYMENTS, CREDITORS = 1_000_000, 1_000_000, 60_000
TIMES = 10
ONE_IN = 5
SHARED = {"supplier_invoice_number": "'INV1'", "total_invoice_amount": "10000"}
"""What one payment in five has in the part one-key, as SQL."""

Figures = dict[str, Any]


# --- the sides: each is a process ---


def payment_reports(folder: Path) -> Figures:
    """All reports about payments and creditors."""
    return run_match(folder, frozenset({HISTORY, STANDING}))


def same_person(folder: Path) -> Figures:
    """The pairs that nfi finds in people.csv, from reading the file to writing them."""
    from nfi.bare_files import DataFile, match_files  # noqa: PLC0415  the other sides do without

    start, processor = time.perf_counter(), time.process_time()
    match_files(
        [DataFile("payroll", folder / "people.csv")],
        mappings=[folder / "people.map.yaml"],
        reports=["same-person"],
        pairs=folder / "people-pairs.csv",
        at=datetime.now(UTC),
    )
    return spent(start, processor)


def splink(folder: Path) -> Figures:
    """The pairs that Splink finds in people.csv, from reading the file to having them."""
    import numpy as np  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    from bench import splink_side  # noqa: PLC0415
    from bench.labelled import LabelledSet, text_table  # noqa: PLC0415

    start, processor = time.perf_counter(), time.process_time()
    table = text_table(folder / "people.csv")
    nobody = np.zeros(table.num_rows, np.int64)
    records = LabelledSet("people", "payroll", (table,), nobody, "")
    pairs = splink_side.scored(records, splink_side.people_at_work())
    figures = spent(start, processor)
    columns = {"left": pairs.left, "right": pairs.right, "weight": pairs.weight}
    pv.write_csv(pa.table(columns), folder / "splink-pairs.csv")
    return figures


def spent(start: float, processor: float) -> Figures:
    """Time since, and memory so far."""
    return {
        "seconds": time.perf_counter() - start,
        "processor": time.process_time() - processor,
        "peak": peak_megabytes(),
    }


SIDES: Mapping[str, Callable[[Path], Figures]] = {
    "match": run_match,
    "payments": payment_reports,
    "people": same_person,
    "splink": splink,
    "count": run_count,
    "duckdb": run_duckdb_pairs,
    "pandas": run_pandas_pairs,
}


def in_own_process(side: str, folder: Path) -> Figures:
    """One side's figures, from a process that does nothing else."""
    command = [sys.executable, "-m", "bench.match", "--side", side, "--folder", str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{side} failed: {done.stderr.strip()[-500:]}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


# --- the parts ---


class Bench:
    """The parts, which share a folder and what was made in it."""

    def __init__(self, folder: Path, employees: int, payments: int) -> None:
        """Say where to work, and how much."""
        self._folder, self._employees, self._payments = folder, employees, payments
        self._once: Figures | None = None

    def people(self) -> Sequence[str]:
        """Employees, some of them twice: nfi and Splink."""
        from bench.labelled import Numbers  # noqa: PLC0415  Splink's side is heavy
        from bench.pairwise import Pairs, accuracy, best_clusters, best_pairs  # noqa: PLC0415
        from bench.people import payroll_with_duplicates  # noqa: PLC0415

        folder = made(self._folder / "people")
        records = payroll_with_duplicates(folder, self._employees)
        pv.write_csv(records.files[0], folder / "people.csv")
        (folder / "people.map.yaml").write_text(records.mapping, encoding="utf-8")
        ours, theirs = in_own_process("people", folder), in_own_process("splink", folder)
        found = pv.read_csv(folder / "people-pairs.csv")
        rows: list[Numbers] = [found[name].to_numpy() - 2 for name in ("left_row", "right_row")]
        right = accuracy(records, *rows)
        listed = pv.read_csv(folder / "splink-pairs.csv")
        pairs = Pairs(*(listed[name].to_numpy() for name in ("left", "right", "weight")))
        best = max(best_pairs(records, pairs), best_clusters(records, pairs), key=lambda each: each.f1)
        ratio = ours["seconds"] / theirs["seconds"]
        return [
            f"people {records.files[0].num_rows:,} records",
            f"  nfi at its default: {right}",
            f"  splink, best by hindsight: {best}",
            f"people nfi {timed(ours)} F1 {right.f1:.4f} splink {timed(theirs)} F1 {best.f1:.4f} "
            f"nfi/splink time {ratio:.2f} processors {ours['processor'] / theirs['processor']:.2f}",
        ]

    def payments(self) -> Sequence[str]:
        """All payment and creditor reports over a ledger."""
        run = self._of_once()
        lines = told("payments", run)
        return [*lines[1:], lines[0]]

    def growth(self) -> Sequence[str]:
        """The same over a ledger ten times as long."""
        once = self._of_once()
        folder = self._ledger("long-ledger", self._payments * TIMES)
        run = in_own_process("payments", folder)
        lines = told("growth", run)
        return [
            *lines[1:],
            f"{lines[0]}, {run['seconds'] / once['seconds']:.1f} times the seconds of {self._payments:,}",
        ]

    def one_key(self) -> Sequence[str]:
        """The ledger with one large group, beside itself."""
        once, folder = self._of_once(), made(self._folder / "one-key")
        ordinary = self._ledger("ledger", self._payments)
        (folder / f"{STANDING}.parquet").write_bytes((ordinary / f"{STANDING}.parquet").read_bytes())
        replaced = ", ".join(
            f"case when hash(source_row) % {ONE_IN} = 0 then {value} else {column} end as {column}"
            for column, value in SHARED.items()
        )
        duckdb.execute(
            f"copy (select * replace ({replaced}) from '{ordinary / HISTORY}.parquet' order by source_row) "
            f"to '{folder / HISTORY}.parquet'"
        )
        run = in_own_process("payments", folder)
        lines = told("one-key", run)
        return [
            *lines[1:],
            f"{lines[0]}, {run['seconds'] / once['seconds']:.1f} times the seconds of the ordinary ledger",
        ]

    def ledger(self) -> Sequence[str]:
        """A real ledger, and self-joins over it."""
        if not LEDGER.exists():
            return [f"ledger left out: there is no {LEDGER.name}"]
        folder = made(self._folder / "real")
        checked_from_ledger(LEDGER, folder)
        run = in_own_process("match", folder)
        joins = {side: in_own_process(side, folder) for side in ("count", "duckdb")}
        if 2 * joins["count"]["narrow"]["pairs"] <= PAIRS_THAT_FIT:
            joins["pandas"] = in_own_process("pandas", folder)
        lines = told("ledger", run)
        return [*lines[1:], *joins_told(run, joins), lines[0]]

    def _of_once(self) -> Figures:
        if self._once is None:
            self._once = in_own_process("payments", self._ledger("ledger", self._payments))
        return self._once

    def _ledger(self, name: str, payments: int) -> Path:
        """Checked records of a synthetic ledger, made once."""
        folder = self._folder / name
        if not folder.exists():
            made(folder)
            sample = make_sample(
                folder / "sample", employees=1_000, creditors=CREDITORS, payments=payments, seed=1
            )
            for dataset in (STANDING, HISTORY):
                command = [sys.executable, "-m", "nfi", "check", str(sample.files[dataset])]
                command += ["--dataset", dataset, "--out", str(folder / "work")]
                subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
                (folder / "work" / "checked" / f"{dataset}.parquet").rename(folder / f"{dataset}.parquet")
                sample.files[dataset].unlink()
        return folder


def made(folder: Path) -> Path:
    """The folder, made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def timed(figures: Figures) -> str:
    """'12.3 s 456 MB'."""
    return f"{figures['seconds']:.1f} s {figures['peak']:.0f} MB"


PARTS = ("people", "payments", "growth", "one-key", "ledger")


def main() -> None:
    """Read the options, run each part, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", action="append", choices=PARTS, help="only this one; may be given again")
    parser.add_argument("--employees", type=int, default=EMPLOYEES)
    parser.add_argument("--payments", type=int, default=PAYMENTS)
    parser.add_argument(
        "--folder", type=Path, help="where to work and leave everything; default: a temporary one"
    )
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side:
        print(json.dumps(SIDES[chosen.side](chosen.folder)))
        return
    print(f"{os.cpu_count()} processors")
    last = []
    with tempfile.TemporaryDirectory() as temporary:
        bench = Bench(chosen.folder or Path(temporary), chosen.employees, chosen.payments)
        for part in chosen.part or PARTS:
            *lines, result = getattr(bench, part.replace("-", "_"))()
            print(part, *lines, sep="\n", flush=True)
            last.append(result)
    print(*last, sep="\n")


if __name__ == "__main__":
    main()
