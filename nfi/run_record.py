"""Run records: what a result was made from; and the trail: when, and by whom, in a chain of hashes."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nfi import __version__
from nfi.workspace import Workspace, outputs_of
from specs.private_files import digest_of, written_whole

NAME_OF_TRAIL = "trail.jsonl"

_LIBRARIES = ("duckdb", "openpyxl", "pandera", "pyarrow", "rapidfuzz")
"""Those whose version can decide a byte of the outputs."""


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
        "libraries": {library: version(library) for library in _LIBRARIES},
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


def problems_of(workspace: Workspace) -> tuple[str, ...]:
    """Where files, run records and trail no longer agree, in words; empty where all is as it was made.

    Whoever may write in the folder could write all of it anew: what proves that the trail is the one that
    was made is the SHA-256 of `trail.jsonl`, noted down elsewhere.
    """
    trail = workspace.runs / NAME_OF_TRAIL
    lines = trail.read_bytes().splitlines() if trail.exists() else []
    found: list[str] = []
    last: dict[str, Any] = {}
    previous = None
    for number, line in enumerate(lines, start=1):
        entry = _entry(line)
        if entry is None or entry.get("previous_sha256") != previous:
            found.append(f"{trail}: line {number} does not follow from the one before it")
        if entry:
            last[str(entry.get("run"))] = entry.get("record_sha256")
        previous = sha256(line).hexdigest()
    records = {path.stem: path for path in workspace.runs.glob("*.json") if not path.name.startswith(".")}
    for name in sorted({*last, *records}):
        if name not in last:
            found.append(f"{records[name]}: is not in the trail")
        elif name not in records:
            found.append(f"{workspace.runs}: the record of '{name}' is in the trail, and missing")
        elif digest_of(records[name]) != last[name]:
            found.append(f"{records[name]}: not what the trail says of it")
        else:
            found += _outputs_unlike(workspace, records[name])
    return tuple(found)


def _outputs_unlike(workspace: Workspace, record: Path) -> Iterator[str]:
    for name, expected in outputs_of(record).items():
        path = workspace.folder / name
        if not path.exists():
            yield f"{path}: missing"
        elif digest_of(path) != expected:
            yield f"{path}: not what {record.stem} wrote"


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _add_to_trail(trail: Path, name: str, record: str, at: datetime) -> None:
    """Append one line; each holds the hash of the line before it, so that none can be taken out."""
    raw = trail.read_bytes() if trail.exists() else b""
    lines = raw.splitlines()
    entry = {
        "at": at.isoformat(timespec="seconds"),
        "by": _user(),
        "run": name,
        "record_sha256": record,
        "previous_sha256": sha256(lines[-1]).hexdigest() if lines else None,
    }
    cut_off = bool(raw) and not raw.endswith(b"\n")  # by a power cut, or by someone
    handle = os.open(trail, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "wb") as file:
        # One write, so that two runs at once cannot mix their lines; LF on every system, as it is hashed.
        file.write(b"\n" * cut_off + json.dumps(entry, ensure_ascii=False).encode() + b"\n")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
