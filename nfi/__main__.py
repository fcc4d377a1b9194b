"""`nfi` and `python -m nfi`: run a command, and turn whatever stops it into one line and an exit code."""

from __future__ import annotations

import importlib
import io
import os
import sys
import tempfile
import traceback
from types import TracebackType

from nfi.interruption import watched
from specs.errors import NfiError

INTERRUPTED = 130
FAULT_OF_OUR_OWN = 70
READER_LEFT = 141


def main() -> None:
    """Run the command line.

    Exit codes: 0 done; 1 done, and errors were found; 2 wrong usage; 3 input unreadable or output not
    writable; 70 a fault of our own; 130 interrupted (143 ended by the system, 129 its terminal closed);
    141 nobody read the JSON, or the help, to its end.
    """
    _let_no_character_fail()
    with watched() as interruption:
        try:
            # Not at the head of the file: loading takes a second, in which Ctrl-C must be understood.
            importlib.import_module("nfi.app").app(prog_name="nfi")
            code = 0
        except BaseException as stop:
            code = interruption.exit_code if interruption.signal else _explained(stop)
    if interruption.signal or code == INTERRUPTED:
        _say("stopped before the end. No half-written file is left; give the command again to finish.")
    sys.exit(code)


def _explained(stop: BaseException) -> int:
    """Say in one line why a command ended, where that needs saying; the exit code."""
    code, line = _code_and_line(stop)
    if line:
        _say(line)
    return code


def _code_and_line(stop: BaseException) -> tuple[int, str]:
    match stop:
        case SystemExit(__context__=BrokenPipeError()):  # Typer's 1 would say that errors were found
            answer = (READER_LEFT, "")
        case SystemExit(code=code):
            answer = (code if isinstance(code, int) else int(bool(code)), "")
        case KeyboardInterrupt():
            answer = (INTERRUPTED, "")
        case NfiError():
            answer = (stop.exit_code, str(stop))
        case OSError(errno=int(number)):
            # The system's words for the number: those of a library could quote what it read.
            where = stop.filename or "output"
            advice = "Check the file, the folder and the disk."
            answer = (NfiError.exit_code, f"{where}: {os.strerror(number)}. {advice}")
        case ImportError():  # names a module or a library, and no data
            answer = (FAULT_OF_OUR_OWN, f"not completely installed: {stop}. Install nfi again.")
        case _:
            answer = (
                FAULT_OF_OUR_OWN,
                f"a fault in nfi itself ({type(stop).__name__}); your files are untouched. "
                f"Where it happened is in {_written_down(stop)} (no values from your data).",
            )
    return answer


def _let_no_character_fail() -> None:
    """Where the console lacks a character, such as the pound sign, print a question mark instead."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _say(message: str) -> None:
    sys.stderr.write(f"nfi: {' '.join(message.split())}\n")


def _written_down(fault: BaseException) -> str:
    """Keep the places in the code that led to the fault, without its message: that may hold values."""
    try:
        handle, name = tempfile.mkstemp(prefix="nfi-fault-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            for one in _chain(fault):
                file.write(f"{type(one).__name__}\n{_places(one.__traceback__)}\n")
    except OSError:
        return "no file: the temporary folder cannot be written"
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
