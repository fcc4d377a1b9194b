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
Dataset = Annotated[str, typer.Argument(metavar="DATASET", help="The data set, such as payroll.")]
Exercise = Annotated[str, typer.Option("--exercise", "-e", help="The exercise, such as 2026-27.")]

PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help="File whose first line is the passphrase.")
]

Encoding = Annotated[
    str | None, typer.Option(help="Encoding of the text, instead of the one detected, such as cp1252.")
]
Delimiter = Annotated[
    str | None,
    typer.Option(help="Character between columns, instead of the one detected: , | ~ ; or tab."),
]
Quote = Annotated[
    str | None,
    typer.Option(help="Character around values, instead of the one detected: double, single or none."),
]
Sheet = Annotated[str | None, typer.Option(help="Sheet of a workbook; otherwise the first filled one.")]
HeadingRow = Annotated[
    int | None, typer.Option(min=1, help="Row that holds the headings, instead of the one detected.")
]
LayoutFile = Annotated[
    Path | None,
    typer.Option(
        "--layout",
        metavar="FILE",
        help="YAML or CSV that says where fixed-width columns are; 'specification' for the specification's.",
    ),
]
Member = Annotated[str | None, typer.Option(help="File inside a ZIP archive; needed where it holds several.")]

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
