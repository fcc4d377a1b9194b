"""A match that takes long: what is kept of it until it is done, and what is told meanwhile."""

from __future__ import annotations

import platform
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any

import matching
import nfi
import specs
from matching.kept_steps import WORTH_KEEPING, KeptSteps
from matching.wording import counted
from nfi.time_left import StepCost

RESUME = "resume"
"""The folder inside a workspace with the finished steps of a match that was interrupted."""


@dataclass(frozen=True, slots=True)
class LongRun:
    """What to do where a match takes long."""

    afresh: bool = False
    """Throw away what an interrupted match has finished."""
    keep_from: int = WORTH_KEEPING
    """Records from which on finished steps are kept until the match is done."""
    expects: Callable[[Sequence[StepCost]], None] = lambda _: None
    """Told, before they begin, the steps and what each costs beside the others."""
    says: Callable[[str], None] = lambda _: None
    """Told, as it happens, what a person should know: one sentence each."""


SHORT = LongRun()
"""Nobody is told anything."""


def kept_steps(folder: Path | None, rows: int, made_from: dict[str, Any], long: LongRun) -> KeptSteps:
    """The steps of a match that are kept, and those that an interrupted one has finished.

    Args:
        folder: the workspace; None: nothing is kept.
        rows: how many records are matched.
        made_from: all besides nfi and its libraries that decides what a step makes, as JSON has it.
        long: what to do.
    """
    if folder is None:
        return KeptSteps(None)
    place = folder / RESUME
    if long.afresh or rows < long.keep_from:
        shutil.rmtree(place, ignore_errors=True)
    if rows < long.keep_from:
        return KeptSteps(None)
    kept = KeptSteps(place, {"made_from": made_from, "code": _code()})
    if kept.found:
        long.says(
            f"Going on from a match that was interrupted: {counted(kept.found, 'finished step')} taken up, "
            "intact and of the same inputs. To begin from the start: --afresh"
        )
    return kept


@cache
def _code() -> dict[str, Any]:
    """What decides the steps besides the inputs: nfi, its code, Python, and the libraries that nfi names."""
    digest = sha256()
    for package in (matching, specs):
        top = Path(package.__path__[0])
        for path in sorted(top.rglob("*.py")):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(top).as_posix()} {len(content)}\n".encode() + content)
    named = (re.match(r"[\w.-]+", each) for each in requires("nfi") or () if "extra ==" not in each)
    return {
        "nfi": nfi.__version__,
        "code_sha256": digest.hexdigest(),
        "python": platform.python_version(),
        "libraries": {each[0]: version(each[0]) for each in named if each},
    }
