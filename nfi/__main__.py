"""`nfi` and `python -m nfi`: run a command, and turn whatever stops it into one line and an exit code."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from types import TracebackType

from nfi.app import app
from specs.errors import NfiError

FAULT_OF_OUR_OWN = 70


def main() -> None:
    """Run the command line.

    Exit codes: 0 done; 1 done, and errors were found; 2 wrong usage; 3 input unreadable or output not
    writable; 70 a fault of our own; 130 interrupted.
    """
    try:
        app(prog_name="nfi")
    except NfiError as fault:
        _say(str(fault))
        sys.exit(fault.exit_code)
    except Exception as fault:
        _say(
            f"a fault in nfi itself ({type(fault).__name__}); your files are untouched. "
            f"Where it happened is in {_written_down(fault)} (no values from your data)."
        )
        sys.exit(FAULT_OF_OUR_OWN)


def _say(message: str) -> None:
    sys.stderr.write(f"nfi: {' '.join(message.split())}\n")


def _written_down(fault: BaseException) -> str:
    """Keep the places in the code that led to the fault, without its message: that may hold values."""
    handle, name = tempfile.mkstemp(prefix="nfi-fault-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        for one in _chain(fault):
            file.write(f"{type(one).__name__}\n{_places(one.__traceback__)}\n")
    return name


def _chain(fault: BaseException | None) -> list[BaseException]:
    found = []
    while fault:
        found.append(fault)
        fault = fault.__cause__ or fault.__context__
    return found


def _places(trace: TracebackType | None) -> str:
    return "".join(traceback.format_tb(trace))


if __name__ == "__main__":
    main()
