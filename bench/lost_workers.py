"""Takes workers away from a Spark while it works: executors, and the Pythons of executors. For Linux."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.process_tree import family

EXECUTORS, PYTHONS = "executors", "Python workers"
_TURNS = (EXECUTORS, PYTHONS)
_EXECUTOR, _DAEMON = b"CoarseGrainedExecutorBackend", b"pyspark.daemon"


@contextmanager
def losing_workers(pid: int, every: float) -> Iterator[Counter[str]]:
    """Kill an executor and a Python worker in turn, over and over, until the block ends.

    Args:
        pid: the process whose descendants they are: Spark as `local-cluster[...]`, or what started it.
        every: seconds between two kills.

    Yields:
        How many of each have been killed so far.
    """
    killed: Counter[str] = Counter()
    over = threading.Event()

    def take_away() -> None:
        while not over.wait(every):
            kind = _TURNS[killed.total() % len(_TURNS)]
            for each in sorted(_workers(pid, kind))[:1]:  # of those that run, the one begun first
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
                    killed[kind] += 1

    thread = threading.Thread(target=take_away, daemon=True)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def _workers(pid: int, kind: str) -> Iterator[int]:
    for each in family(pid):
        command = _command(each)
        if kind == EXECUTORS and _EXECUTOR in command:
            yield each
        elif kind == PYTHONS and _DAEMON in command and _DAEMON in _command(_parent(each)):
            yield each  # a daemon starts the workers


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
