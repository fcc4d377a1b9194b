"""What nfi says: results on standard output, everything else on standard error."""

from __future__ import annotations

import contextlib
import os
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from nfi.time_left import ShareLeft, StepCost, TimeLeft, left_in_words

_WIDTH_IN_A_PIPE = 120
_NARROWEST = 20


def results() -> Console:
    """The console for results (standard output)."""
    return _console(stderr=False)


def messages() -> Console:
    """The console for progress and messages (standard error)."""
    return _console(stderr=True)


class _Console(Console):
    """A console whose reader may leave early, as `head` does: the work goes on, and its exit code holds."""

    def on_broken_pipe(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, (sys.stderr if self.stderr else sys.stdout).fileno())
        os.close(nowhere)


def _console(*, stderr: bool) -> Console:
    console = _Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _WIDTH_IN_A_PIPE
    return console


def paragraph(console: Console, text: str, *, indent: int = 0) -> None:
    """Running text, broken between words at the console's width; further lines stand two columns deeper."""
    console.print(
        textwrap.fill(
            text,
            width=max(console.width, _NARROWEST),
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + 2),
            break_long_words=False,
            break_on_hyphens=False,
        ),
        soft_wrap=True,
    )


def table(*columns: str, right: tuple[str, ...] = (), title: str | None = None) -> Table:
    """An empty table with plain lines; columns named in `right` hold numbers."""
    made = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


SILENT = 60.0
"""Seconds between two lines on progress where standard error is no terminal; a short run says nothing."""


class Steps:
    """The current step of some work; made by `progress`."""

    def __init__(self, bars: Progress, title: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._bars, self._title, self._clock = bars, title, clock
        self._task = bars.add_task(title, total=None)
        self._time_left: TimeLeft | None = None
        self._share_left = ShareLeft(clock)
        self._said = clock()

    def __call__(self, step: str, *, share: float | None = None) -> None:
        """Say what is being done.

        Args:
            step: in words.
            share: of the whole work, what is done, from 0 to 1; None: not known, or told by `expects`.
        """
        if self._time_left:
            self._time_left.began(step)
        if share is not None:
            self._share_left.reached(share)
        said = f"{self._title}: {step}"
        self._bars.update(self._task, description=said)
        if self._bars.disable and self._clock() - self._said >= SILENT:
            self._said = self._clock()
            left = self.left
            self._bars.console.print(f"{said}{f', {left}' if left else ''}", soft_wrap=True)

    def expects(self, costs: Sequence[StepCost]) -> None:
        """Tell the time left, as soon as it can be told, from what each step costs beside the others."""
        self._time_left = TimeLeft(costs, self._clock)

    def says(self, sentence: str) -> None:
        """Print a sentence that a person should know now."""
        self._bars.console.print(sentence, soft_wrap=True)

    @property
    def left(self) -> str:
        """How long the work will still take, in words; nothing where it is not known."""
        return left_in_words((self._time_left or self._share_left).seconds())

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Draw nothing while a person is asked something."""
        self._bars.stop()
        try:
            yield
        finally:
            self._bars.start()


class _LeftColumn(ProgressColumn):
    """The time left, drawn anew while a step goes on."""

    steps: Steps | None = None

    def render(self, _: Task) -> Text:
        return Text(self.steps.left if self.steps else "")


@contextlib.contextmanager
def progress(title: str) -> Iterator[Steps]:
    """A spinner with the current step and the time left, drawn only where standard error is a terminal."""
    console, left = messages(), _LeftColumn()
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TimeElapsedColumn(),
        left,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:
        left.steps = Steps(bars, title)
        yield left.steps
