"""What checking and matching take as the records grow: time, processors, memory, temporary disk. For Linux.

    python -m bench.scale [--sizes N ...] [--engine duckdb|spark] [--memory 4GB] [--folder DIR] [--json FILE]
    python -m bench.scale --report [--json FILE]

Payments of an invented body (as `nfi sample` makes them, as Parquet) with the standing data of 60,000
creditors are checked, the one data set and then the other, and matched with all reports for them, up to the
workbook and the case files: what `nfi check` and `nfi match` do. Each is a process of its own, looked at with
every process that it starts.

The figures go into the JSON file, in place of earlier ones of the same engine, size and memory limit;
--report measures nothing: it writes docs/scale.md and docs/scale.svg from that file. Extracts stay in
--folder, and a second run uses them again. The machine should be quiet; where it is not, seconds of
processors say more than the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.process_tree import Failed, Taken, measured
from bench.scale_note import write_note

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "scale.json"
DOCS = ROOT / "docs"
SIZES = (1_000_000, 10_000_000, 50_000_000)
CREDITORS, LEAST_CREDITORS, PAYMENTS_OF_ONE = 60_000, 400, 10
HISTORY, STANDING = "creditors-history", "creditors-standing"
DATA_SETS = (STANDING, HISTORY)
BLOCK = 1 << 24
"""Bytes of CSV that are made Parquet at once."""

Say = Callable[[str], None]


# --- the sides: each is a process ---


def make_extracts(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Payments and creditors as Parquet files of text."""
    import pyarrow as pa  # noqa: PLC0415  each side loads only what it needs
    import pyarrow.csv as pv  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    from nfi.sample import make_sample  # noqa: PLC0415
    from specs.catalogues import load_specification  # noqa: PLC0415

    as_csv = folder / "csv"
    sample = make_sample(
        as_csv,
        employees=1_000,
        creditors=creditors_of(options.size),
        payments=options.size,
        seed=1,
        force=True,
    )
    for dataset in DATA_SETS:
        texts = {field.name: pa.string() for field in load_specification(dataset).fields}
        reader = pv.open_csv(
            sample.files[dataset],
            read_options=pv.ReadOptions(block_size=BLOCK),
            convert_options=pv.ConvertOptions(column_types=texts),
        )
        making = folder / f"{dataset}.making"
        with pq.ParquetWriter(making, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)
        sample.files[dataset].unlink()
        making.rename(folder / f"{dataset}.parquet")
    shutil.rmtree(as_csv)
    return {}


def check_extract(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """`nfi check` of one data set."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    from nfi.checking import check  # noqa: PLC0415

    extract = options.extracts / f"{options.dataset}.parquet"
    records = pq.read_metadata(extract).num_rows

    steps: list[str] = []

    def progress(step: str, _: int) -> None:
        if step not in steps:
            steps.append(step)
            _say(step.capitalize())

    run = check(
        [extract],
        options.dataset,
        folder=folder,
        at=datetime.now(UTC),
        progress=progress,
        **_engine(options),
    )
    counts = run.result.record
    return {"records": records, "findings": sum(found.count for found in counts.findings)}


def match_records(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """`nfi match` of what was checked."""
    from nfi.match_run import match  # noqa: PLC0415

    run = match(folder, at=datetime.now(UTC), progress=_say, **_engine(options))
    ran = [report for report in run.result.reports if report.skipped is None]
    return {"cases": run.result.cases_file.rows, "reports": len(ran)}


def _engine(options: argparse.Namespace) -> dict[str, Any]:
    from nfi.engines import EngineChoice, EngineName  # noqa: PLC0415

    return {"engine": EngineChoice(EngineName(options.engine), memory=options.memory)}


def _say(step: object) -> None:
    print(json.dumps({"step": str(step)}), flush=True)


SIDES: Mapping[str, Callable[[Path, argparse.Namespace], dict[str, Any]]] = {
    "make": make_extracts,
    "check": check_extract,
    "match": match_records,
}


# --- the runs ---


def creditors_of(payments: int) -> int:
    """How many creditors so many payments go to: 60,000, or fewer where a sample has no room for them."""
    return min(CREDITORS, max(LEAST_CREDITORS, payments // PAYMENTS_OF_ONE))


def extracts_of(size: int, folder: Path) -> Path:
    """The extracts of a size, made once."""
    extracts = folder / f"payments-{size}" / "extracts"
    if not all((extracts / f"{dataset}.parquet").exists() for dataset in DATA_SETS):
        extracts.mkdir(parents=True, exist_ok=True)
        _own_process("make", extracts, ["--size", str(size)])
    return extracts


def run_of(size: int, folder: Path, *, engine: str, memory: str | None) -> dict[str, Any]:
    """Check and match so many payments; all figures, as the JSON file has them."""
    extracts = extracts_of(size, folder)
    work = folder / f"payments-{size}" / f"work-{engine}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    options = ["--size", str(size), "--extracts", str(extracts), "--engine", engine]
    options += ["--memory", memory] if memory else []
    sides = [
        *(_own_process("check", work, [*options, "--dataset", dataset]) for dataset in DATA_SETS),
        _own_process("match", work, options),
    ]
    results = sum(path.stat().st_size for path in work.rglob("*") if path.is_file())
    shutil.rmtree(work)
    return {
        "engine": engine,
        "payments": size,
        "creditors": creditors_of(size),
        "memory_limit": memory,
        "day": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "extracts_megabytes": sum((extracts / f"{d}.parquet").stat().st_size for d in DATA_SETS) / 1e6,
        "results_megabytes": results / 1e6,
        "sides": [
            {"side": name, **taken.as_json()}
            for name, taken in zip((*(f"check {each}" for each in DATA_SETS), "match"), sides, strict=True)
        ],
    }


def _own_process(side: str, folder: Path, options: list[str]) -> Taken:
    """What one side takes, all that it leaves while it runs in a hidden folder."""
    folder = folder.resolve()
    scratch = folder / ".scratch"
    scratch.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "bench.scale", "--side", side, "--folder", str(folder), *options]
    try:
        return measured(
            command,
            cwd=ROOT,
            hidden_in=folder,
            environment={"TMPDIR": str(scratch), "SPARK_LOCAL_DIRS": str(scratch)},
        )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def machine() -> dict[str, Any]:
    """What it ran on, as far as it decides how long it takes."""
    page, pages = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_PHYS_PAGES")
    return {
        "processors": os.cpu_count(),
        "memory_gigabytes": round(page * pages / 1e9, 1),
        "python": platform.python_version(),
        "duckdb": version("duckdb"),
        "pyarrow": version("pyarrow"),
    }


def kept(results: Path) -> list[dict[str, Any]]:
    """The runs that a file holds; none where it is missing."""
    if not results.exists():
        return []
    held: list[dict[str, Any]] = json.loads(results.read_text(encoding="utf-8"))["runs"]
    return held


def keep(results: Path, run: Mapping[str, Any]) -> None:
    """Put a run into a file, in place of an earlier one of the same kind and size."""
    same = ("engine", "payments", "memory_limit")
    others = [each for each in kept(results) if any(each[name] != run[name] for name in same)]
    runs = sorted(
        [*others, run], key=lambda each: [str(each["engine"]), each["payments"], str(each["memory_limit"])]
    )
    results.write_text(json.dumps({"version": 1, "runs": rounded(runs)}, indent=1) + "\n", encoding="utf-8")


def rounded(value: Any) -> Any:
    """The same with figures to the hundredth."""
    if isinstance(value, float):
        return round(value, 2)
    if isinstance(value, Mapping):
        return {name: rounded(each) for name, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, list) else value


def told(run: Mapping[str, Any]) -> list[str]:
    """A run in lines for a person: each side, and its longest steps."""
    lines = [
        f"{run['engine']} {run['payments']:,} payments, memory limit {run['memory_limit'] or 'as usual'}"
    ]
    for side in run["sides"]:
        lines.append(
            f"  {side['side']}: {side['seconds']:.1f} s, {side['processor']:.1f} s of processors, "
            f"peak {side['peak']:,.0f} MB, temporary disk {side['disk']:,.0f} MB"
        )
        longest = sorted(side["steps"], key=lambda step: -step["processor"])[:12]
        lines += [
            f"    {step['seconds']:8.1f} s {step['processor']:8.1f} s of processors {step['peak']:7,.0f} MB "
            f"{step['disk']:7,.0f} MB of disk  {step['step']}"
            for step in longest
        ]
    return lines


def main() -> None:
    """Read the options, measure or write the note."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="payments")
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")
    parser.add_argument("--memory", help="what the engine may hold, such as 4GB; else what it finds fit")
    parser.add_argument("--folder", type=Path, help="where extracts go and stay; else a temporary folder")
    parser.add_argument("--json", type=Path, default=RESULTS, help="the file of results")
    parser.add_argument("--report", action="store_true", help="write the note from the file of results")
    parser.add_argument("--docs", type=Path, default=DOCS, help=argparse.SUPPRESS)
    for hidden in ("--side", "--dataset"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--extracts", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side:
        said = SIDES[chosen.side](chosen.folder, chosen)
        print(json.dumps({"said": said}), flush=True)
        return
    if chosen.report:
        write_note(kept(chosen.json), chosen.docs)
        return
    with tempfile.TemporaryDirectory() as temporary:
        for size in sorted(chosen.sizes):
            try:
                run = run_of(
                    size, chosen.folder or Path(temporary), engine=chosen.engine, memory=chosen.memory
                )
            except Failed as fault:
                raise SystemExit(f"{chosen.engine}, {size:,} payments: {fault}") from fault
            print(*told(run), sep="\n", flush=True)
            keep(chosen.json, run)


if __name__ == "__main__":
    main()
