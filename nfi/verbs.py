"""The verbs of nfi as plain functions: what the commands call, and what a Python program may call."""

from __future__ import annotations

from pathlib import Path

from nfi.checking import CheckRun, check
from nfi.checks_repeated import Given
from nfi.match_run import MatchRun, match
from nfi.packaging import Packaged, PackageWishes, package
from nfi.run_record import problems_of
from nfi.verifying import verify_package
from nfi.workspace import NothingChecked, Workspace

__all__ = [
    "CheckRun",
    "Given",
    "MatchRun",
    "PackageWishes",
    "Packaged",
    "check",
    "match",
    "package",
    "verify_folder",
    "verify_package",
]


def verify_folder(folder: Path) -> tuple[str, ...]:
    """Where outputs, run records and trail of a folder no longer agree, in words; empty where all do.

    Raises:
        NothingChecked: nfi has not worked in this folder.
    """
    workspace = Workspace(folder)
    if not workspace.runs.is_dir():
        raise NothingChecked(f"{folder}: holds no run records, so nfi has not worked here. Name its folder.")
    return problems_of(workspace)
