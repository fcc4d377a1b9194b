"""Loading what a long piece of work will need while something else is under way."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterable
from pathlib import Path
from threading import Thread

from specs.schema import ready_pandera

WORTH_IT = 16 << 20
"""Bytes of extracts from which on reading them leaves a second core idle for long enough."""

_NEEDED = ("duckdb", "specs.pandera_alone")  # in the order in which a check asks for them


def load_ahead(extracts: Iterable[Path]) -> None:
    """Begin to load the libraries that a check needs late, while its extracts are being read.

    It takes nearly a second, as does reading a large file, most of which needs no lock of Python's. Nothing
    depends on it: what is not loaded yet, or not at all, is loaded where it is used.
    """
    if sum(path.stat().st_size for path in extracts if path.is_file()) >= WORTH_IT:
        Thread(target=_load, name="load-ahead").start()


def _load() -> None:
    for name in _NEEDED:
        with contextlib.suppress(Exception):  # it will show again where it is used, and be told there
            importlib.import_module(name)
    with contextlib.suppress(Exception):
        ready_pandera()
