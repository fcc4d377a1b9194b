"""Workbooks that cannot be measured before they are opened (.xls, .xlsb, .ods), opened by another process.

A damaged file, or one made to do harm, can make the workbook reader ask for more memory than there is, and
that ends its process without a word. So it is not ours: the other process has a limit of its own, gives back
rows of text, and its end is a message like any other.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pyarrow as pa

from specs.errors import ExtractUnreadable
from specs.formats.columns import RawRows
from specs.formats.sheet import OpenSheet, SheetSize, open_sheet, sheet_sizes
from specs.formats.source import Source
from specs.formats.workbook_package import damaged

_MEMORY = 4 << 30
"""Bytes that the other process may take, on systems that can limit it."""
_SECONDS = 900
"""Time of the processor that it may take, on the same systems."""
_UNREADABLE = 3
"""Its exit code when standard error holds what to tell the user."""


def open_sheet_apart(source: Source, wanted: str | None) -> OpenSheet:
    """A sheet, as `specs.formats.sheet.open_sheet` gives it.

    Raises:
        ExtractUnreadable: as there, or the other process did not survive the file.
    """
    with _process(source, "rows", wanted) as process:
        said = _said(process)
        about = json.loads(said.readline())
        first = next(_raw_rows(said))
    name = about["name"]
    return OpenSheet(
        name,
        about["sheets"],
        tuple(about["passed_over"]),
        about["first_letter"],
        parts=lambda: _parts(source, name),
        head=lambda: iter((first,)),
    )


def sheet_sizes_apart(source: Source) -> tuple[SheetSize, ...]:
    """What each sheet holds, as `specs.formats.sheet.sheet_sizes` gives it.

    Raises:
        ExtractUnreadable: as there, or the other process did not survive the file.
    """
    with _process(source, "sizes", None) as process:
        return tuple(SheetSize(*size) for size in json.load(_said(process)))


def _parts(source: Source, sheet: str) -> Iterator[RawRows]:
    with _process(source, "rows", sheet) as process:
        said = _said(process)
        said.readline()
        yield from _raw_rows(said)
        if process.wait():  # Arrow takes a stream that breaks off between two batches for a whole one
            raise EOFError


def _raw_rows(said: IO[bytes]) -> Iterator[RawRows]:
    with pa.ipc.open_stream(said) as stream:
        for batch in stream:
            numbers, *columns = batch.columns
            yield RawRows(numbers.to_numpy(), columns)


def _said(process: subprocess.Popen[bytes]) -> IO[bytes]:
    if process.stdout is None:
        raise EOFError
    return process.stdout


@contextlib.contextmanager
def _process(source: Source, task: str, sheet: str | None) -> Iterator[subprocess.Popen[bytes]]:
    """The other process; it is ended when the block ends, whether it is done or not."""
    command = [sys.executable, "-m", __name__, task, str(source.path), source.name]
    process = subprocess.Popen(  # noqa: S603 (this interpreter, this module, and arguments without a shell)
        command if sheet is None else [*command, sheet],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with process:
        try:
            yield process
        except (EOFError, StopIteration, ValueError, OSError, pa.ArrowException) as fault:
            # It stopped in the middle. What it says then is short, so waiting for its end cannot block.
            reason = process.stderr.read().decode("utf-8", "replace") if process.stderr else ""
            if process.wait() == _UNREADABLE:
                raise ExtractUnreadable(reason) from fault
            raise damaged(source) from fault
        finally:
            process.kill()


def _limit_memory() -> None:
    """Set the limits, where the system can (not on Windows)."""
    try:
        resource = importlib.import_module("resource")
    except ImportError:
        return
    for limit, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _SECONDS)):
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _write_rows(source: Source, wanted: str | None, out: IO[bytes]) -> None:
    opened = open_sheet(source, wanted, {})
    about = {
        "name": opened.name,
        "sheets": opened.sheets,
        "passed_over": opened.passed_over,
        "first_letter": opened.first_letter,
    }
    out.write(json.dumps(about).encode() + b"\n")
    writer: pa.ipc.RecordBatchStreamWriter | None = None
    for part in opened.parts():
        columns = [pa.array(part.numbers), *part.columns]
        batch = pa.RecordBatch.from_arrays(columns, names=[f"c{index}" for index in range(len(columns))])
        writer = writer or pa.ipc.new_stream(out, batch.schema)
        writer.write_batch(batch)
    if writer is not None:
        writer.close()


def main(task: str, path: str, name: str, sheet: str | None = None) -> int:
    """What the other process does: write rows or sizes to standard output; the exit code."""
    _limit_memory()
    source = Source(Path(path), name)
    messages = os.dup(sys.stderr.fileno())
    # The workbook reader describes its own faults at length there, and nobody reads on until the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    try:
        if task == "sizes":
            sizes = [(size.name, size.rows, size.columns, size.hidden) for size in sheet_sizes(source)]
            sys.stdout.buffer.write(json.dumps(sizes).encode())
        else:
            _write_rows(source, sheet, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except ExtractUnreadable as refusal:
        os.write(messages, str(refusal).encode())
        return _UNREADABLE
    except BrokenPipeError:  # nobody reads on, as when only the first rows were wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
