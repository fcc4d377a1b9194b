"""The command line: every verb of nfi, in the order of the work."""

from __future__ import annotations

from typing import Annotated

import typer

from nfi import __version__
from nfi.commands import reports, specs
from nfi.commands.case import case
from nfi.commands.check import check
from nfi.commands.demo import demo
from nfi.commands.map import map_
from nfi.commands.match import match
from nfi.commands.package import package
from nfi.commands.read import read
from nfi.commands.sample import sample
from nfi.commands.verify import verify

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Check, match and package extracts for the National Fraud Initiative.",
)
app.command()(demo)
app.command()(sample)
app.command()(read)
app.command("map")(map_)
app.command()(check)
app.command()(match)
app.command()(case)
app.command()(package)
app.command()(verify)
app.add_typer(specs.app, name="specs")
app.add_typer(reports.app, name="reports")


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
