"""How fast nfi packages and verifies a million payments, and in how much memory.

    python -m bench.package [--rows 1000000] [--repeat 3] [--folder FOLDER] [--json]

Packaging is what `nfi package` does: count, write, hash, compress, encrypt, and check the files as they are
sent. Its peer is pyarrow that writes the same records as plain CSV, from the same Parquet file and with
nothing around it; dates once as anybody writes them first, each by itself, and once each different day. The
peer of `nfi verify`, which makes every check again, is `nfi check` of the extract.

Each side runs in a process of its own; starting it is not counted, and told apart. Seconds and processor
seconds are the best of the repeats. Ratios of one run say more than seconds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

ROOT = Path(__file__).parents[1]
PASSPHRASE = "orbit-lantern-velvet-moss"
DATASET = "creditors-history"
DAY = date(2026, 10, 1)
ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What one side took."""

    seconds: float
    processor: float
    """Seconds of all processors together."""
    peak: float
    """Megabytes at most."""
    startup: float = 0.0
    """Seconds until its libraries were loaded."""


# --- the sides: each is a process, and loads only what it needs ---


def sample(folder: Path, rows: int) -> Callable[[], object]:
    """The extract."""
    from nfi.sample import make_sample  # noqa: PLC0415

    return lambda: make_sample(
        folder / "sample", employees=300, creditors=max(60, rows * 60 // 1000), payments=rows, seed=1
    )


def check(folder: Path, _rows: int) -> Callable[[], object]:
    """What `nfi check` does."""
    from nfi.checking import check as checked  # noqa: PLC0415

    extract = folder / "sample" / f"{DATASET}.csv"
    return lambda: checked([extract], DATASET, folder=folder / "work", day=DAY, at=datetime.now(UTC))


def package(folder: Path, _rows: int) -> Callable[[], object]:
    """What `nfi package` does."""
    from nfi.packaging import PackageWishes  # noqa: PLC0415
    from nfi.packaging import package as packaged  # noqa: PLC0415
    from outputs.submitted.acceptance import Acceptance  # noqa: PLC0415

    wishes = PackageWishes(acceptances=[Acceptance("planted", "nobody")])

    return lambda: packaged(
        folder / "work",
        body="Anytown",
        seal=PASSPHRASE,
        wishes=wishes,
        overwrite=True,
        at=datetime.now(UTC),
    )


def verify(folder: Path, _rows: int) -> Callable[[], object]:
    """What `nfi verify` does with the package alone."""
    from nfi.verbs import verify_package  # noqa: PLC0415

    def verified() -> None:
        assert verify_package(folder / "work" / "submission" / "submission.zip", PASSPHRASE).holds

    return verified


def pyarrow(folder: Path, _rows: int) -> Callable[[], object]:
    """The same records as plain CSV with pyarrow alone, each date formatted by itself."""
    import pyarrow.compute as pc  # noqa: PLC0415

    return _written_by_pyarrow(folder, lambda dates: pc.strftime(dates, format="%d%m%Y"))


def pyarrow_by_day(folder: Path, _rows: int) -> Callable[[], object]:
    """The same, each different day formatted once, as nfi does it."""
    import pyarrow.compute as pc  # noqa: PLC0415

    def as_text(dates: pa.ChunkedArray) -> pa.ChunkedArray:
        days = dates.combine_chunks().dictionary_encode()
        return pc.take(pc.strftime(days.dictionary, format="%d%m%Y"), days.indices)

    return _written_by_pyarrow(folder, as_text)


def _written_by_pyarrow(
    folder: Path, as_text: Callable[[pa.ChunkedArray], pa.ChunkedArray]
) -> Callable[[], object]:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.csv as pacsv  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    def write() -> None:
        table = pq.read_table(folder / "work" / "checked" / f"{DATASET}.parquet").drop_columns("source_row")
        for number, field in enumerate(table.schema):
            if pa.types.is_date(field.type):
                table = table.set_column(number, field.name, as_text(table[field.name]))
        pacsv.write_csv(table, folder / "plain.csv", pacsv.WriteOptions(delimiter="|", eol="\r\n"))

    return write


SIDES = {each.__name__: each for each in (sample, check, package, verify, pyarrow, pyarrow_by_day)}


def peak_megabytes() -> float:
    """The most memory that this process has held so far."""
    import resource  # noqa: PLC0415  not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def be(side: str, folder: Path, rows: int) -> None:
    """Be one side: load, run, print its figures."""
    run = SIDES[side](folder, rows)
    start, processor = time.perf_counter(), time.process_time()
    run()
    figures = Figures(time.perf_counter() - start, time.process_time() - processor, peak_megabytes())
    print(json.dumps(asdict(figures)))


# --- the comparison ---


def measured(side: str, folder: Path, rows: int, repeat: int = 1) -> Figures:
    """The figures of one side, each the best of the repeats."""
    runs = []
    for _ in range(repeat):
        start = time.perf_counter()
        answer = subprocess.run(
            [sys.executable, "-m", "bench.package", "--be", side, "--folder", folder, "--rows", str(rows)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        whole = time.perf_counter() - start
        if answer.returncode:
            raise SystemExit(f"{side}: {answer.stderr}")
        figures = json.loads(answer.stdout.splitlines()[-1])
        runs.append(figures | {"startup": whole - figures["seconds"]})
    return Figures(
        **{name: min(each[name] for each in runs) for name in ("seconds", "processor", "startup")},
        peak=max(each["peak"] for each in runs),
    )


def compare(folder: Path, rows: int, repeat: int) -> dict[str, Figures]:
    """Every side after the other."""
    measured("sample", folder, rows)
    return {
        side: measured(side, folder, rows, repeat)
        for side in ("check", "package", "verify", "pyarrow", "pyarrow_by_day")
    }


def shown(found: dict[str, Figures]) -> None:
    """Print a line for each side, and the ratios that issue 5 asks for."""
    print(f"{'':16}{'seconds':>9}{'processor':>11}{'start-up':>10}{'MB at most':>12}")
    for side, each in found.items():
        print(f"{side:16}{each.seconds:9.2f}{each.processor:11.2f}{each.startup:10.2f}{each.peak:12.0f}")
    for side, peer in (("package", "pyarrow"), ("package", "pyarrow_by_day"), ("verify", "check")):
        print(
            f"{side}/{peer} {found[side].seconds / found[peer].seconds:.1f} "
            f"({found[side].processor / found[peer].processor:.1f} by processor time)"
        )


def main() -> None:
    """Run every side in a folder, print the comparison."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rows", type=int, default=ROWS)
    arguments.add_argument("--repeat", type=int, default=3)
    arguments.add_argument("--folder", type=Path, help="where to work; a temporary folder if not given")
    arguments.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments.add_argument("--be", choices=SIDES, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.be:
        be(chosen.be, chosen.folder, chosen.rows)
        return
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        found = compare(Path(folder), chosen.rows, chosen.repeat)
    if chosen.json:
        print(json.dumps({side: asdict(each) for side, each in found.items()}, indent=2))
    else:
        shown(found)


if __name__ == "__main__":
    main()
