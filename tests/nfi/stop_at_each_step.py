"""Runs one command again and again, and stops it a step later each time.

A step is whatever the process asks the system to change below the folder it works in: make, write to,
rename or remove a file or a folder. The answer to each run is one line of JSON on standard output. Started by
`test_stopping.py`, as a process of its own: it forks, with the libraries loaded but nothing running.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import json
import os
import pkgutil
import shutil
import signal
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

import matching
import nfi
import outputs
import specs
from nfi.__main__ import main
from outputs.sealed.archive import ArchiveUnreadable, open_archive

for package in (nfi, outputs, specs, matching):  # so that a run takes no time to load
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)

PASSPHRASE = "correct horse battery staple 7"
PACKAGE = "work/submission/submission.zip"

_STEPS = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.truncate", "shutil.rmtree"}
_TO_WRITE = os.O_WRONLY | os.O_RDWR
_PATIENCE = 20  # seconds until what is left counts as left for good


def run(arguments: list[str], folder: Path, number: int, step: int) -> NoReturn:
    """The command, in a process that ends itself with signal `number` at its step `step`."""
    below, taken = str(folder) + os.sep, 0

    def count(event: str, what: tuple[object, ...]) -> None:
        nonlocal taken
        if event not in _STEPS and not (event == "open" and isinstance(what[2], int) and what[2] & _TO_WRITE):
            return
        paths = (os.path.abspath(each) for each in what if isinstance(each, str))  # noqa: PTH100
        if any(path.startswith(below) for path in paths):
            taken += 1
            if taken == step:
                os.kill(os.getpid(), number)

    os.chdir(folder)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    sys.argv = ["nfi", *arguments]
    sys.addaudithook(count)
    code = 70
    try:
        main()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 70
    os._exit(code)


def files(folder: Path) -> dict[str, str]:
    """SHA-256 of each file; what another process takes away in the meantime is passed over."""
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                path = Path(parent, name)
                found[path.relative_to(folder).as_posix()] = sha256(path.read_bytes()).hexdigest()
    return found


def hidden(folder: Path) -> list[str]:
    """Temporary files and folders."""
    return sorted(
        Path(parent, name).relative_to(folder).as_posix()
        for parent, folders, names in os.walk(folder)
        for name in (*folders, *names)
        if name.startswith(".")
    )


def left_for_good(folder: Path) -> list[str]:
    """Temporary files and folders that nothing takes away."""
    until = time.monotonic() + _PATIENCE
    while (found := hidden(folder)) and time.monotonic() < until:
        time.sleep(0.01)
    return found


def broken(package: Path) -> str:
    """What is wrong with a package, if there is one."""
    if not package.exists():
        return ""
    try:
        with open_archive(package, PASSPHRASE) as archive:
            for name in archive.names:
                archive.read_small(name)
    except ArchiveUnreadable as fault:
        return str(fault)
    return ""


def stop_at_each_step(
    arguments: list[str], prepared: Path, folder: Path, number: int, *, first: int, every: int
) -> None:
    """Until a run ends by itself; tell what each one left."""
    for step in itertools.count(first, every):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(prepared, folder)
        if (child := os.fork()) == 0:
            run(arguments, folder, number, step)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        answer = {
            "step": step,
            "code": code,
            "left": left_for_good(folder),
            "files": files(folder),
            "broken": broken(folder / PACKAGE),
        }
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        if code not in {-number, 128 + number}:
            return


if __name__ == "__main__":
    prepared_folder, working, signal_name, start, distance, *command = sys.argv[1:]
    stop_at_each_step(
        command,
        Path(prepared_folder),
        Path(working),
        signal.Signals[signal_name],
        first=int(start),
        every=int(distance),
    )
