"""Runs commands one after the other as if it were another day, or another machine.

Started by `test_package_reproducible.py`, as a process of its own. Its one argument is JSON: `days` from now,
`threads` of DuckDB and Arrow (0: as many as they like), and `commands`, each as it is typed.
"""

from __future__ import annotations

import datetime
import importlib
import json
import pkgutil
import sys
import time
import types
from typing import Any

import duckdb
import pyarrow as pa

import matching
import nfi.__main__
import outputs
import specs

_DAY = 24 * 60 * 60
_OURS = {"nfi", "outputs", "specs", "matching", "openpyxl", "et_xmlfile", "pyzipper", "zipfile"}
"""Packages in plain Python that could ask for the time; those in C must keep the `datetime` they know."""


def live_in(days: int) -> None:
    """Let every clock of the packages show another day; C itself asks `time.time` for `date.today`."""
    for package in (nfi, outputs, specs, matching):  # what loads later would know the real time
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(each.name)
    ahead, clock, now = days * _DAY, time.time, datetime.datetime

    class Then(datetime.datetime):
        """The time of that day."""

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Then:
            return cls.fromtimestamp(time.time(), tz)

        @classmethod
        def utcnow(cls) -> Then:
            return cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

    def at(function: Any) -> Any:
        return lambda seconds=None: function(time.time() if seconds is None else seconds)

    time.time = lambda: clock() + ahead
    time.time_ns = lambda: int(time.time() * 1e9)
    time.localtime, time.gmtime = at(time.localtime), at(time.gmtime)
    calendar = types.ModuleType("datetime")
    vars(calendar).update(vars(datetime) | {"datetime": Then})
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _OURS:
            known = vars(module).get("datetime")
            if known in (now, datetime):
                module.datetime = Then if known is now else calendar  # type: ignore[attr-defined]
    assert datetime.date.today() == Then.now().date()


def with_threads(number: int) -> None:
    """Let DuckDB and Arrow have so many threads."""
    connect = duckdb.connect

    def connected(database: str, *, config: dict[str, Any]) -> Any:
        return connect(database, config={**config, "threads": number})

    duckdb.connect = connected  # type: ignore[assignment]
    pa.set_cpu_count(number)
    pa.set_io_thread_count(number)


def main() -> None:
    """Be elsewhere, run the commands, and stop at the first that cannot be done."""
    asked = json.loads(sys.argv[1])
    if asked["threads"]:
        with_threads(asked["threads"])
    if asked["days"]:
        live_in(asked["days"])
    for command in asked["commands"]:
        sys.argv = ["nfi", *command]
        code: object = 0
        try:
            nfi.__main__.main()
        except SystemExit as stop:
            code = stop.code or 0
        if code not in (0, 1) or (code and command[0] != "check"):
            raise SystemExit(f"{command}: {code}")


if __name__ == "__main__":
    main()
