"""What a program takes while it runs: time, processors, memory and disk, step by step. For Linux.

Memory is that of the program and of every process that it has started, all at one moment; a page that two of
them share counts twice. Disk is what stands in hidden folders and files, which is where working files are.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

EVERY = 0.2
"""Seconds between two looks."""
_PAGE, _TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
_MEGABYTE = 1 << 20
_UTIME, _CSTIME = 11, 15
"""Of /proc/<pid>/stat, behind the name: the first and the last-but-one field of processor time."""


@dataclass(slots=True)
class Step:
    """One step of a program."""

    step: str
    seconds: float = 0.0
    processor: float = 0.0
    """Seconds of processors, of all processes."""
    peak: float = 0.0
    """MB (of 1,048,576 bytes) of memory, at most."""
    disk: float = 0.0
    """MB of working files, at most."""


@dataclass(slots=True)
class Taken:
    """What a whole program took."""

    seconds: float
    processor: float
    peak: float
    disk: float
    steps: list[Step]
    said: dict[str, Any] = field(default_factory=dict)
    """What the program said of itself at its end."""

    def as_json(self) -> dict[str, Any]:
        """The same for a file."""
        return asdict(self)


class Failed(RuntimeError):
    """A program that was measured ended with an error."""


def measured(command: Sequence[str], *, cwd: Path, hidden_in: Path, environment: Mapping[str, str]) -> Taken:
    """Run a program and look at it until it ends.

    Args:
        command: a program that prints a line of JSON as each step begins, {"step": its title}, and one at its
            end, {"said": what it found}.
        cwd: where it runs.
        hidden_in: the folder that it works in.
        environment: added to that of this process.

    Raises:
        Failed: it ended with an error; holds the end of what it said.
    """
    errors = hidden_in / "errors.txt"
    with errors.open("wb") as error:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=error,
            text=True,
            env={**os.environ, **environment},
        )
        watch = _Watch(process.pid, hidden_in)
        said: dict[str, Any] = {}
        for line in process.stdout or ():
            told = json.loads(line) if line.startswith("{") else {}
            said |= told.get("said", {})
            if "step" in told:
                watch.begin(told["step"])
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    taken = watch.ended(usage.ru_utime + usage.ru_stime, said)
    if process.returncode:
        raise Failed(errors.read_text(encoding="utf-8", errors="replace").strip()[-800:])
    errors.unlink()
    return taken


class _Watch:
    """Looks at a process again and again, on a thread of its own."""

    def __init__(self, pid: int, hidden_in: Path) -> None:
        self._pid, self._hidden_in = pid, hidden_in
        self._start = self._since = time.perf_counter()
        self._used = 0.0
        self._steps = [Step("Starting")]
        self._lock, self._over = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._look_often, daemon=True)
        self._thread.start()

    def begin(self, step: str) -> None:
        """A step ends, and the next begins."""
        self._look()
        with self._lock:
            self._close(processor_seconds(self._pid))
            self._steps.append(Step(step))

    def ended(self, processor: float, said: dict[str, Any]) -> Taken:
        """What it all came to."""
        self._over.set()
        self._thread.join()
        self._close(processor)
        return Taken(
            seconds=time.perf_counter() - self._start,
            processor=processor,
            peak=max(step.peak for step in self._steps),
            disk=max(step.disk for step in self._steps),
            steps=self._steps,
            said=said,
        )

    def _close(self, processor: float) -> None:
        now, step = time.perf_counter(), self._steps[-1]
        step.seconds, self._since = now - self._since, now
        step.processor = max(processor - self._used, 0.0)
        self._used = max(processor, self._used)

    def _look_often(self) -> None:
        while not self._over.wait(EVERY):
            self._look()

    def _look(self) -> None:
        memory, disk = resident_megabytes(self._pid), hidden_megabytes(self._hidden_in)
        with self._lock:
            step = self._steps[-1]
            step.peak, step.disk = max(step.peak, memory), max(step.disk, disk)


def family(pid: int) -> Iterator[int]:
    """A process and all that come from it, as far as they still run."""
    yield pid
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = [each for thread in threads for each in (thread / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def resident_megabytes(pid: int) -> float:
    """The memory of a process and of all that come from it."""
    pages = 0
    for each in family(pid):
        try:
            pages += int(Path(f"/proc/{each}/statm").read_text().split()[1])
        except (OSError, IndexError):
            continue
    return pages * _PAGE / _MEGABYTE


def processor_seconds(pid: int) -> float:
    """Processor time of a process and of all that come from it, those included that have ended."""
    ticks = 0
    for each in family(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[_UTIME:_CSTIME]))
    return ticks / _TICKS


def hidden_megabytes(folder: Path) -> float:
    """What hidden files, and files in hidden folders, take on the disk."""
    return _blocks(folder, inside=False) * 512 / _MEGABYTE


def _blocks(folder: Path, *, inside: bool) -> int:
    found = 0
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return 0
    for entry in entries:
        hidden = inside or entry.name.startswith(".")
        try:
            if entry.is_dir(follow_symlinks=False):
                found += _blocks(Path(entry.path), inside=hidden)
            elif hidden:
                found += entry.stat(follow_symlinks=False).st_blocks
        except OSError:
            continue
    return found
