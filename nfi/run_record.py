"""Run records: what a result was made from; and the trail: when, and by whom, in a chain of hashes."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from nfi import __version__
from nfi.workspace import Workspace
from specs.private_files import digest_of, written_whole

NAME_OF_TRAIL = "trail.jsonl"


def write_run_record(
    workspace: Workspace, name: str, *, made_from: Mapping[str, Any], outputs: Sequence[Path], at: datetime
) -> Path:
    """Write `runs/<name>.json` and add a line to the trail.

    Args:
        workspace: where the outputs stand.
        name: of the run, such as 'check-payroll'; a later run of that name takes its place.
        made_from: hashes and settings that decide the outputs. Neither time nor person: the same inputs
            give the same record.
        outputs: files inside the workspace that the same inputs would give again, byte for byte.
        at: the time of the run, for the trail.
    """
    record = {
        "nfi": __version__,
        "run": name,
        "made_from": dict(made_from),
        "outputs": {
            path.relative_to(workspace.folder).as_posix(): digest_of(path) for path in sorted(outputs)
        },
    }
    target = workspace.runs / f"{name}.json"
    with written_whole(target) as temporary:
        temporary.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _add_to_trail(workspace.runs / NAME_OF_TRAIL, name, digest_of(target), at)
    return target


def _add_to_trail(trail: Path, name: str, record: str, at: datetime) -> None:
    """Append one line; each holds the hash of the line before it, so that none can be taken out."""
    lines = trail.read_bytes().splitlines() if trail.exists() else []
    entry = {
        "at": at.isoformat(timespec="seconds"),
        "by": _user(),
        "run": name,
        "record_sha256": record,
        "previous_sha256": sha256(lines[-1]).hexdigest() if lines else None,
    }
    handle = os.open(trail, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
