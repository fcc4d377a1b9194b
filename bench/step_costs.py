"""What each step of a match costs beside the others, for the time left that `nfi match` tells.

    nfi sample extracts --employees 100000 --creditors 60000 --payments 1000000
    nfi check ... (each of the three, --out FOLDER)
    python -m bench.step_costs FOLDER > nfi/step_costs.yaml

Costs are seconds of processors for a million records. The last lines, on standard error, say how much working
files took for each byte of checked records (`nfi.match_run.DISK_FACTOR`), and how much of the time went into
keeping finished steps.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from matching.body import Body
from matching.engines.duckdb import DuckDBEngine
from matching.kept_steps import KeptSteps, Step
from matching.ledgers import named_by, named_by_explanations
from matching.match import match
from matching.prepare import only_with, prepared_records
from matching.records import known_fields
from matching.report import all_reports
from nfi.step_costs import PREPARING, RANKING
from nfi.workspace import Workspace
from outputs.match_workbook import write_match_workbook
from specs.catalogues import load_specification

_MILLION = 1_000_000
_EVERY = 0.1
"""Seconds between two looks at the disk."""


def main(folder: Path) -> None:
    """Print the table."""
    checked = Workspace(folder).checked_datasets()
    rows = {dataset: pq.read_metadata(path).num_rows for dataset, path in checked.items()}
    specifications = {dataset: load_specification(dataset) for dataset in checked}
    preparing = {
        dataset: _seconds(partial(_prepare, {dataset: path})) / rows[dataset]
        for dataset, path in checked.items()
    }
    began: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory() as name, _Disk(Path(name)) as disk:
        working = Path(name)
        kept = _Timed(working / "resume", {})
        start = time.process_time()
        result = match(
            checked,
            all_reports(),
            specifications,
            DuckDBEngine(temporary=working / "spilled"),
            working,
            folder=working,
            kept=kept,
            progress=lambda step: began.append((step, time.process_time())),
        )
        end = time.process_time()
        fields = {**known_fields(specifications)}
        writing = _seconds(
            lambda: write_match_workbook(
                working / "cases.xlsx", result, fields, specifications=specifications.values()
            )
        )
    ends = [moment for _, moment in began[1:]] + [end]
    took = {step: moment - first for (step, first), moment in zip(began, ends, strict=True)}
    total = sum(rows.values())
    held = ", ".join(f"{each:,} of {name}" for name, each in rows.items())
    print("# What one record costs in each step of a match: microseconds of processors, of which only ratios")
    print(f"# count. Made by bench/step_costs.py in {datetime.now(UTC):%B %Y}, from")
    print(f"# {held}.")
    # one alone looks nothing up in the others: together they cost more
    more = took[PREPARING] / sum(seconds * rows[dataset] for dataset, seconds in preparing.items())
    print("preparing:")
    for dataset, seconds in preparing.items():
        print(f"  {dataset}: {seconds * more * _MILLION:.2f}")
    print(f"ranking: {took[RANKING] / total * _MILLION:.2f}")
    print(f"writing: {writing / total * _MILLION:.2f}")
    print("reports:")
    for report in sorted(all_reports(), key=lambda report: report.id):
        of = sum(rows.get(dataset, 0) for dataset in report.data)
        if report.title in took and of:
            print(f"  {report.id}: {took[report.title] / of * _MILLION:.2f}")
    size = sum(path.stat().st_size for path in checked.values())
    print(f"disk: {disk.most / size:.1f} bytes for each of the {size:,} checked", file=sys.stderr)
    print(f"keeping steps: {kept.spent:.2f} of {end - start:.1f} s", file=sys.stderr)


def _prepare(checked: Mapping[str, Path]) -> None:
    reports = [report for report in all_reports() if set(report.data) & checked.keys()]
    with tempfile.TemporaryDirectory() as name:
        prepared_records(
            (Body(checked),),
            DuckDBEngine(temporary=Path(name) / "spilled"),
            Path(name),
            needed=named_by(reports),
            only_with=only_with(reports, named_by_explanations(reports)),
        )


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


class _Timed(KeptSteps):
    """Kept steps, and the seconds of processors that went into keeping them."""

    spent = 0.0

    def keep(self, name: str, step: Step) -> None:
        self.spent += _seconds(lambda: super(_Timed, self).keep(name, step))


class _Disk:
    """The bytes in a folder at most, while a block runs; a file with two names counts once."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._done = folder, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.most = 0

    def __enter__(self) -> _Disk:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(_EVERY):
            held = {}
            for path in self._folder.rglob("*"):
                try:
                    status = path.stat()
                except OSError:  # gone in the meantime
                    continue
                held[status.st_ino] = status.st_size
            self.most = max(self.most, sum(held.values()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
