"""The command line: every verb of nfi, in the order of the work. A verb is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from nfi import __version__

_COMMANDS = {
    "demo": "nfi.commands.demo:demo",
    "sample": "nfi.commands.sample:sample",
    "read": "nfi.commands.read:read",
    "map": "nfi.commands.map:map_",
    "check": "nfi.commands.check:check",
    "match": "nfi.commands.match:match",
    "case": "nfi.commands.case:case",
    "declare": "nfi.commands.declare:declare",
    "package": "nfi.commands.package:package",
    "verify": "nfi.commands.verify:verify",
    "specs": "nfi.commands.specs:app",
    "reports": "nfi.commands.reports:app",
    "key": "nfi.commands.key:app",
}
"""Where each verb stands: a function, or the verbs below it."""


class _Verbs(MutableMapping[str, Any]):
    """The verbs as Typer wants them, each loaded when it is first asked for: all of them take two seconds."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            module, _, attribute = _COMMANDS[name].partition(":")
            found = getattr(import_module(module), attribute)
            alone = typer.Typer()
            if isinstance(found, typer.Typer):
                alone.add_typer(found, name=name)
            else:
                alone.command(name)(found)
            self._loaded[name] = get_group(alone).commands[name]
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_COMMANDS)

    def __len__(self) -> int:
        return len(_COMMANDS)


class _Nfi(TyperGroup):
    """The group of all verbs."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Verbs()

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the work."""
        return list(_COMMANDS)


app = typer.Typer(
    cls=_Nfi,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Check, match and package extracts for the National Fraud Initiative.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nfi {__version__}")
        raise typer.Exit


@app.callback()
def nfi(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Check, match and package extracts for the National Fraud Initiative."""
