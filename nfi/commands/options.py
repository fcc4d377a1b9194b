"""Options that mean the same thing in every command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from nfi.workspace import DEFAULT_FOLDER
from outputs.passphrase import PassphraseUnfit, read_passphrase_file

Out = Annotated[
    Path,
    typer.Option("--out", "-o", metavar="DIR", help="The folder that nfi works in; made if it is missing."),
]
Workspace = Annotated[
    Path,
    typer.Argument(metavar="[DIR]", help="The folder that `nfi check` worked in (its --out)."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON for other programs.")]

PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help="File whose first line is the passphrase.")
]

OUT = DEFAULT_FOLDER


def passphrase_from(file: Path | None, *, confirm: bool) -> str:
    """The passphrase, out of a file or typed unseen at a terminal; never from the command line.

    Raises:
        PassphraseUnfit: no file, and nobody to ask.
    """
    if file:
        return read_passphrase_file(file)
    if not sys.stdin.isatty():
        raise PassphraseUnfit("no terminal to ask for the passphrase. Give a file: --passphrase-file FILE")
    return str(
        typer.prompt("Passphrase of the package", hide_input=True, confirmation_prompt=confirm, err=True)
    )
