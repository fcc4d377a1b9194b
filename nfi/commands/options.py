"""Options that mean the same thing in every command."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from nfi.console import messages, paragraph
from nfi.engines import EngineName
from nfi.workspace import DEFAULT_FOLDER
from outputs.sealed.passphrase import (
    MINIMUM_LENGTH,
    ChosenPassphrase,
    PassphraseUnfit,
    choose_passphrase,
    require_fit_passphrase,
)

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
    Path | None,
    typer.Option(
        "--passphrase-file",
        help="File whose first line is the passphrase; else NFI_PASSPHRASE, then the terminal.",
    ),
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

Engine = Annotated[
    EngineName, typer.Option(help="Where large work runs: on this machine (duckdb), or on Spark.")
]
Remote = Annotated[
    str | None,
    typer.Option(metavar="URL", help="For Spark: the Spark Connect server, such as sc://host:15002."),
]
Memory = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE",
        envvar="NFI_MEMORY",
        help="Memory for queries on this machine, such as 4GB; half of what there is, if not said.",
    ),
]

OUT = DEFAULT_FOLDER


def at_a_terminal() -> bool:
    """Whether somebody is there to answer a question."""
    return sys.stdin.isatty()


def passphrase_from(
    file: Path | None, *, new_for: str | None = None, generate: bool = False
) -> ChosenPassphrase:
    """The passphrase of a package: never from the command line, where others can read it.

    Args:
        file: holds it on its first line.
        new_for: name of the body that seals a new package with it: a person is asked until it is fit, and
            types it twice. None: it opens a package.
        generate: make a new one.

    Raises:
        PassphraseUnfit: see `choose_passphrase`.
    """

    def ask() -> str:
        return _typed() if new_for is None else _new_passphrase(new_for)

    return choose_passphrase(
        file=file, generate=generate, environment=os.environ, ask=ask if at_a_terminal() else None
    )


def _typed(prompt: str = "Passphrase of the package") -> str:
    return str(typer.prompt(prompt, hide_input=True, err=True))


def _new_passphrase(body: str) -> str:
    """A fit passphrase that was typed twice; what is wrong with one is said before it is typed again."""
    console = messages()
    paragraph(
        console,
        f"A new passphrase: at least {MINIMUM_LENGTH} characters, such as four words chosen at random. "
        "Or stop here, and let nfi make one with --generate-passphrase.",
    )
    while True:
        passphrase = _typed()
        try:
            require_fit_passphrase(passphrase, body=body)
        except PassphraseUnfit as fault:
            paragraph(console, str(fault))
            continue
        if _typed("The same once more") == passphrase:
            return passphrase
        console.print("The two differ.")
