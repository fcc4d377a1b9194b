"""Finished steps of a long match, kept until it is done: an interruption costs the step that it fell into.

Each step is some files and, written last, a note with the SHA-256 of each, of itself, and of what the whole
match is made from. What does not agree with its note is thrown away, and made again.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import ipc

from specs.errors import NfiError
from specs.private_files import digest_of, explained_refusals, private_folder, written_whole

WORTH_KEEPING = 250_000
"""Records from which on a match takes long enough (10 seconds) for its steps to be kept."""

_NOTE = ".json"


@dataclass(frozen=True, slots=True)
class Step:
    """What one step made."""

    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    """Parquet files by name; they are linked, not copied."""
    said: Any = None
    """Whatever else, as JSON has it."""


class KeptSteps:
    """The finished steps of one match, in a private folder."""

    def __init__(self, folder: Path | None, made_from: Mapping[str, Any] | None = None) -> None:
        """Look at what an earlier run left; what is damaged, partial or of another match goes.

        Args:
            folder: where the steps are; on the disk of the match's working files. None: nothing is kept.
            made_from: all that decides a byte of any step, as JSON has it.
        """
        self._folder = folder
        text = json.dumps(made_from, sort_keys=True, ensure_ascii=False)
        self._made_from = _digest(text)
        self._notes = self._intact(folder) if folder else {}
        self.found = len(self._notes)
        """How many finished steps were there, whole and of the same match."""

    def _intact(self, folder: Path) -> dict[str, dict[str, Any]]:
        notes, good = {}, set()
        for path in sorted(folder.glob(f"*{_NOTE}")):
            note = _read_note(path)
            if note and note["made_from"] == self._made_from and _all_as_noted(folder, note["files"]):
                notes[path.name.removesuffix(_NOTE)] = note
                good |= {path.name, *note["files"]}
        for path in folder.glob("*"):
            if path.name not in good:
                _delete(path)
        if folder.exists() and not notes:
            _delete(folder)
        return notes

    def taken_up(self, name: str, working: Path) -> Step | None:
        """What a step made in an earlier run; None where it has to be made.

        Args:
            name: of the step.
            working: the folder of this run's working files, which gets links to the step's files.
        """
        if self._folder is None or name not in self._notes:
            return None
        note, tables, files = self._notes[name], {}, {}
        try:
            for kept, what in note["is"].items():
                path = self._folder / kept
                if what["kind"] == "table":
                    with pa.OSFile(str(path)) as source:
                        tables[what["name"]] = ipc.open_file(source).read_all()
                else:
                    files[what["name"]] = working / kept
                    files[what["name"]].hardlink_to(path)
        except (OSError, pa.ArrowInvalid):  # gone in the meantime: another run in this folder is done
            return None
        return Step(tables, files, note["said"])

    def keep(self, name: str, step: Step) -> None:
        """Keep what a step made. Where the disk does not take it, the match goes on without."""
        if self._folder is None:
            return
        try:
            private_folder(self._folder)
            with explained_refusals(self._folder):
                self._write(self._folder, name, step)
        except NfiError:
            self.clear()
            self._folder = None

    def _write(self, folder: Path, name: str, step: Step) -> None:
        what: dict[str, dict[str, str]] = {}
        for number, (of, table) in enumerate(step.tables.items()):
            kept = f"{name}.{number}.arrow"
            what[kept] = {"kind": "table", "name": of}
            with written_whole(folder / kept) as temporary:
                options = ipc.IpcWriteOptions(compression="lz4")
                with ipc.new_file(str(temporary), table.schema, options=options) as writer:
                    writer.write_table(table)
        for number, (of, path) in enumerate(step.files.items()):
            kept = f"{name}.{number}.parquet"
            what[kept] = {"kind": "file", "name": of}
            (folder / kept).unlink(missing_ok=True)
            path.chmod(0o600)
            (folder / kept).hardlink_to(path)
        note = {
            "made_from": self._made_from,
            "files": {kept: digest_of(folder / kept) for kept in what},
            "is": what,
            "said": step.said,
        }
        with written_whole(folder / f"{name}{_NOTE}") as temporary:
            text = json.dumps(note)
            temporary.write_text(f"{_digest(text)}\n{text}", encoding="utf-8")

    def clear(self) -> None:
        """Delete what is kept: the match is done, or is to begin afresh."""
        self._notes = {}
        self.found = 0
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def _read_note(path: Path) -> dict[str, Any] | None:
    """A note, if it is as it was written."""
    try:
        digest, text = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    return dict(json.loads(text)) if digest == _digest(text) else None


def _all_as_noted(folder: Path, files: Mapping[str, str]) -> bool:
    try:
        return all(digest_of(folder / name) == digest for name, digest in files.items())
    except OSError:
        return False


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _delete(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            os.unlink(path)  # noqa: PTH108 (a link itself, never what it points to)
