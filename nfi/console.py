"""What nfi says: results on standard output, everything else on standard error."""

from __future__ import annotations

import contextlib
import os
import sys
import textwrap
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

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


class Steps:
    """The current step of some work; made by `progress`."""

    def __init__(self, bars: Progress, title: str) -> None:
        self._bars, self._title = bars, title
        self._task = bars.add_task(title, total=None)

    def __call__(self, step: str) -> None:
        """Say what is being done."""
        self._bars.update(self._task, description=f"{self._title}: {step}")

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Draw nothing while a person is asked something."""
        self._bars.stop()
        try:
            yield
        finally:
            self._bars.start()


@contextlib.contextmanager
def progress(title: str) -> Iterator[Steps]:
    """A spinner with the current step, drawn only where standard error is a terminal."""
    console = messages()
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:
        yield Steps(bars, title)
