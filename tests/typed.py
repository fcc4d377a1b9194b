"""A command as a person types it, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What a command left behind for whoever typed it."""

    code: int
    out: str
    err: str


Nfi = Callable[..., Outcome]
