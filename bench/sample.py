"""How fast samples are made, and in how much memory.

Run: python bench/sample.py [--payments N] [--creditors N] [--employees N] [--seed N]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from nfi.sample import SampleSummary, make_sample


def peak_megabytes() -> float | None:
    """The most memory that this process has held so far; None on systems that do not tell."""
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measure(sizes: argparse.Namespace) -> None:
    """Make one sample and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        before = time.perf_counter()
        summary = make_sample(
            Path(folder) / "sample",
            employees=sizes.employees,
            creditors=sizes.creditors,
            payments=sizes.payments,
            seed=sizes.seed,
        )
        seconds = time.perf_counter() - before
        report(summary, seconds)


def report(summary: SampleSummary, seconds: float) -> None:
    """Print time, speed, size and memory, a line each."""
    rows = sum(summary.rows.values())
    size = sum(path.stat().st_size for path in summary.files.values())
    print(f"records   {rows:>14,}")
    print(f"time      {seconds:>14.1f} s")
    print(f"speed     {rows / seconds:>14,.0f} records a second")
    print(f"size      {size / 1e6:>14,.0f} MB")
    peak = peak_megabytes()
    print(
        f"memory    {peak:>14,.0f} MB at most" if peak is not None else "memory     not known on this system"
    )


def main() -> None:
    """Read the sizes and measure."""
    parser = argparse.ArgumentParser(description="How fast samples are made, and in how much memory.")
    parser.add_argument("--employees", type=int, default=30_000)
    parser.add_argument("--creditors", type=int, default=60_000)
    parser.add_argument("--payments", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    measure(parser.parse_args())


if __name__ == "__main__":
    main()
