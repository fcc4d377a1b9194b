"""Being stopped from outside (Ctrl-C, a closed terminal, the task manager): tidy up, say so, exit.

Imports nothing that takes time, so that Ctrl-C is understood from the first moment.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # those that this system has
_IMPATIENCE = 1.0  # seconds in which a second Ctrl-C must not cut the tidying short


@dataclass
class Interruption:
    """Whether, when and by which signal the work was stopped."""

    signal: int | None = None
    at: float = 0.0

    @property
    def exit_code(self) -> int:
        """128 and the number of the signal, as shells have it: 130 for Ctrl-C."""
        return 128 + (self.signal or 0)

    def take(self, number: int, _frame: FrameType | None) -> None:
        """Stop the work where it stands; files that are being written go as the blocks around them end."""
        if self.signal and time.monotonic() - self.at < _IMPATIENCE:
            return
        self.signal, self.at = number, time.monotonic()
        # Objects cut off in the middle complain when they are cleared away; one line is enough.
        sys.unraisablehook = lambda _: None
        raise KeyboardInterrupt


@contextlib.contextmanager
def watched() -> Iterator[Interruption]:
    """Notice signals that ask to stop, for as long as the block runs.

    Libraries turn the KeyboardInterrupt into errors of their own (DuckDB into a RuntimeError), so what
    comes out of the block does not tell; the `Interruption` does.
    """
    interruption = Interruption()
    if threading.current_thread() is not threading.main_thread():  # only that one may take signals
        yield interruption
        return
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    numbers = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]  # nohup
    before = {number: signal.signal(number, interruption.take) for number in numbers}
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let a short block end before a signal to stop takes effect: files of one run change together."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    watched_for = [number for number, handler in before.items() if callable(handler)]
    try:
        for number in watched_for:
            signal.signal(number, lambda number, frame: came.append((number, frame)))
        yield
    finally:
        for number in watched_for:
            signal.signal(number, before[number])
        for number, frame in came[:1]:
            handler = before[number]
            if callable(handler):
                handler(number, frame)
