"""Package a million invented payments, beside pyarrow writing the same file with nothing around it.

    python -m bench.package_history [--rows 1000000] [--folder FOLDER]

Prints seconds (best of three), sizes and the memory that packaging took at most.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from outputs.open_submission import open_submission
from outputs.submission import SubmissionPart, build_submission
from specs.catalogues import load_specification
from specs.check_record import CheckRecord, ExtractFile
from specs.specification import FieldFormat

PASSPHRASE = "orbit-lantern-velvet-moss"
HISTORY = load_specification("creditors-history")
REPEATS = 3


def invented_history(rows: int) -> pa.Table:
    """A ledger of invoices and credit notes with the skew of a real one; every value made up."""
    chance = np.random.default_rng(2026)

    def days(first: int, last: int) -> pa.Array:
        return pa.array(chance.integers(first, last, rows).astype("int32")).cast(pa.date32())

    def numbered(prefix: str, highest: int, digits: int) -> pa.Array:
        numbers = pa.array(chance.integers(0, highest, rows)).cast(pa.string())
        return pc.binary_join_element_wise(prefix, pc.utf8_lpad(numbers, digits, "0"), "")

    gross = np.round(chance.lognormal(9.5, 1.8, rows)).astype("int64")
    gross *= np.where(chance.random(rows) < 0.03, -1, 1)
    remarks = pa.array(
        [None, None, "see attached", "re-coded, cost centre 12", "agency cover", "minibus hire"]
    )
    return pa.table(
        {
            "creditor_reference": numbered("C", 6_000, 6),
            "site_id": numbered("", 4, 2),
            "supplier_invoice_number": numbered("INV", 1_000_000, 6),
            "internal_invoice_number": pa.array(range(4_000_000, 4_000_000 + rows)).cast(pa.string()),
            "invoice_date": days(19_000, 20_000),
            "due_date": days(19_030, 20_030),
            "payment_date": days(19_030, 20_030),
            "total_invoice_amount": pa.array(gross),
            "vat_amount": pa.array(gross // 6),
            "payment_method": pa.array(["BACS", "CHQ", "CARD"]).take(pa.array(chance.integers(0, 3, rows))),
            "payment_reference": numbered("P", 100_000, 7),
            "remarks": remarks.take(pa.array(chance.integers(0, 6, rows))),
        }
    )


def each_date(dates: pa.ChunkedArray) -> pa.ChunkedArray:
    """Dates formatted one by one, as one would write it first."""
    return pc.strftime(dates, format="%d%m%Y")


def each_different_date(dates: pa.ChunkedArray) -> pa.ChunkedArray:
    """Dates formatted once per value, as nfi does it."""
    days = dates.combine_chunks().dictionary_encode()
    return pc.take(pc.strftime(days.dictionary, format="%d%m%Y"), days.indices)


def write_with_pyarrow_alone(
    checked: Path, target: Path, as_text: Callable[[pa.ChunkedArray], pa.ChunkedArray]
) -> None:
    """The same records as plain delimited text: the least that packaging has to do."""
    table = pq.read_table(checked)
    for number, field in enumerate(HISTORY.fields):
        if field.format is FieldFormat.DATE:
            table = table.set_column(number, field.column, as_text(table[field.column]))
    pacsv.write_csv(table, target, pacsv.WriteOptions(delimiter="|", eol="\r\n"))


def best(function: Callable[[], object]) -> float:
    """Seconds of the fastest of a few runs."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> None:
    """Make the ledger, run each way, print a table."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--folder", type=Path, help="where to work; a temporary folder if not given")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        run(chosen.rows, Path(folder))


def run(rows: int, folder: Path) -> None:
    """One comparison in an empty folder."""
    checked, package, plain = folder / "checked.parquet", folder / "package.zip", folder / "plain.csv"
    pq.write_table(invented_history(rows), checked, row_group_size=100_000)
    record = CheckRecord(
        dataset=HISTORY.dataset,
        exercise=HISTORY.exercise,
        specification=HISTORY.label,
        specification_digest=HISTORY.digest,
        files=(
            ExtractFile(
                name="ledger.csv",
                sha256="0" * 64,
                bytes=0,
                format="comma-separated, UTF-8",
                records=rows,
                blank_rows=0,
                rows_before=0,
            ),
        ),
        records_sha256="0" * 64,
        mapping_sha256=None,
        rows=rows,
        findings=(),
        version="0",
    )
    part = SubmissionPart(HISTORY, checked, record)

    def pack() -> None:
        build_submission([part], package, passphrase=PASSPHRASE, body="Anytown", overwrite=True)

    def open_and_check() -> None:
        with open_submission(package, passphrase=PASSPHRASE) as submission:
            assert not submission.problems()

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    packing = best(pack)
    print(f"{'nfi: survey, write, hash, compress, encrypt':48} {packing:6.2f} s {_size(package)}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{'nfi: open, hash, type, compare totals':48} {best(open_and_check):6.2f} s")
    writing = best(lambda: write_with_pyarrow_alone(checked, plain, each_date))
    print(f"{'pyarrow alone: plain file on the disk':48} {writing:6.2f} s {_size(plain)}")
    seconds = best(lambda: write_with_pyarrow_alone(checked, plain, each_different_date))
    print(f"{'the same, dates formatted once per value':48} {seconds:6.2f} s {_size(plain)}")
    if seven_zip := shutil.which("7z"):
        command = [seven_zip, "a", "-tzip", "-mx=1", "-mem=AES256", f"-p{PASSPHRASE}"]

        def add() -> None:
            (folder / "7z.zip").unlink(missing_ok=True)
            subprocess.run([*command, folder / "7z.zip", plain], check=True, capture_output=True)

        print(
            f"{'7-Zip alone: that file, fastest, AES-256':48} {best(add):6.2f} s {_size(folder / '7z.zip')}"
        )
    print(f"memory while packaging: {most / 1024:.0f} MB at most, {before / 1024:.0f} MB of it before")
    print(f"nfi/pyarrow writing the plain file {packing / writing:.1f}")


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:7.1f} MB"


if __name__ == "__main__":
    main()
