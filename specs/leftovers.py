"""Temporary files go even when nfi is killed: a small process of its own waits for that, and tidies.

Being killed (SIGKILL, the task manager) leaves nobody to run the `finally` of a block. So the first
temporary file starts a watcher, which is told through a pipe what exists, and which sees the pipe close
when nfi ends, however it ends. It deletes what nobody has taken off the list by then.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Messages are a sign, a path and a zero byte, which no path can hold. Only what every Python has at hand
# is imported, and shutil only where there is something to tidy, so that it costs 10 ms and 10 MB.
_WATCHER = """
import os, sys
try:
    import _signal
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(_signal, name):
            _signal.signal(getattr(_signal, name), _signal.SIG_IGN)
except (ImportError, OSError, ValueError):
    pass
left, rest = {}, b""
while True:
    content = os.read(0, 65536)
    if not content:
        break
    *messages, rest = (rest + content).split(b"\\0")
    for message in messages:
        if message[:1] == b"+":
            left[message[1:]] = True
        else:
            left.pop(message[1:], None)
if left:
    import shutil, time
    for attempt in range(50):
        for path in list(left):
            name = os.fsdecode(path)
            if os.path.isdir(name) and not os.path.islink(name):
                shutil.rmtree(name, ignore_errors=True)
            else:
                try:
                    os.unlink(name)
                except OSError:
                    pass
            if not os.path.lexists(name):
                del left[path]
        if not left:
            break
        time.sleep(0.2)
"""

_STARTS_AT_MOST = 3  # where something ends the watcher again and again, nfi works on without one
_PATIENCE = 5.0  # seconds for the watcher to end when nfi does


@contextlib.contextmanager
def vanishing(path: Path) -> Iterator[None]:
    """While the block runs, `path` is deleted should nfi be killed; a folder with all that it holds.

    The caller deletes it where the block ends otherwise; should a signal cut that short, it is deleted
    when nfi ends. Where no process can be started, the block runs all the same.
    """
    absolute = os.fsencode(os.path.abspath(path))  # noqa: PTH100, the file is not there yet to be resolved
    _watcher.add(absolute)
    try:
        yield
    finally:
        if not os.path.lexists(absolute):
            _watcher.remove(absolute)


class _Watcher:
    """The process that tidies, as seen from nfi."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paths: dict[bytes, None] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._starts = 0

    def add(self, path: bytes) -> None:
        with self._lock:
            self._paths[path] = None
            if self._process:
                self._tell(b"+" + path)
            if not self._process and self._starts < _STARTS_AT_MOST:
                self._start()

    def remove(self, path: bytes) -> None:
        with self._lock:
            self._paths.pop(path, None)
            if self._process:
                self._tell(b"-" + path)

    def end(self) -> None:
        """Close the pipe and wait for the watcher: what it still has to delete is gone when nfi is."""
        with self._lock:
            process, self._process = self._process, None
            if process:
                _see_off(process)

    def forget(self) -> None:
        """In a copy of the process (fork) the watcher is the original's: let go of it."""
        self._lock = threading.Lock()
        process, self._process, self._starts, self._paths = self._process, None, 0, {}
        if process:
            _close(process)
            process.returncode = 0  # not ours to wait for

    def _start(self) -> None:
        self._starts += 1
        # Away from the terminal, whose Ctrl-C and whose end are for nfi alone.
        flags: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            flags = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
        try:
            self._process = subprocess.Popen(  # noqa: S603 (this interpreter and the text above)
                [sys.executable, "-I", "-S", "-c", _WATCHER],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                cwd=Path(sys.executable).anchor,  # else the folder it started in could not be deleted
                **flags,
            )
        except (OSError, ValueError, TypeError):  # no process allowed, or no interpreter to start
            self._starts = _STARTS_AT_MOST
            return
        for path in self._paths:
            self._tell(b"+" + path)

    def _tell(self, message: bytes) -> None:
        """A message goes whole: pipes take a few thousand bytes at once."""
        if self._process and self._process.stdin:
            try:
                self._process.stdin.write(message + b"\0")
            except OSError:  # somebody ended the watcher; the next file starts another
                _see_off(self._process)
                self._process = None


def _see_off(process: subprocess.Popen[bytes]) -> None:
    _close(process)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE)


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        with contextlib.suppress(OSError):
            process.stdin.close()


_watcher = _Watcher()
atexit.register(_watcher.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_watcher.forget)
