"""`nfi package`: checked extracts as an encrypted submission."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from nfi import verbs
from nfi.commands.options import OUT, Workspace
from nfi.console import messages, results, table
from outputs.passphrase import PassphraseUnfit, read_passphrase_file


def package(
    body: Annotated[
        str, typer.Option("--body", help="Name of the body that submits; stands in the manifest.")
    ],
    folder: Workspace = OUT,
    passphrase_file: Annotated[
        Path | None, typer.Option("--passphrase-file", help="File whose first line is the passphrase.")
    ] = None,
    accept_errors: Annotated[
        str | None,
        typer.Option("--accept-errors", metavar="REASON", help="Send open errors, and record why."),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="File name of the package.")] = "submission.zip",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a package of that name.")] = False,
) -> None:
    """Package checked extracts as the specification asks, in one encrypted ZIP.

    Nothing is sent: uploading stays with a person.

    Example: nfi package nfi-work --body "Anytown Council"
    """
    summary = verbs.package(
        folder,
        passphrase=_passphrase(passphrase_file),
        body=body,
        name=name,
        accepted_errors=accept_errors,
        overwrite=overwrite,
        at=datetime.now(UTC),
    )
    shown = table("data set", "file", "rows", "SHA-256", right=("rows",))
    for file in summary.files:
        shown.add_row(file.specification, file.path, f"{file.rows:,}", file.sha256)
    results().print(shown)
    results().print(f"Manifest SHA-256: {summary.manifest_sha256}")
    if summary.accepted_errors:
        results().print(f"{summary.accepted_errors:,} open errors were accepted; the manifest says why.")
    for notice in summary.notices:
        messages().print(f"Note: {notice}")
    messages().print(f"Written: {summary.package}")


def _passphrase(file: Path | None) -> str:
    if file:
        return read_passphrase_file(file)
    if not sys.stdin.isatty():
        raise PassphraseUnfit("no terminal to ask for the passphrase. Give a file: --passphrase-file FILE")
    return str(
        typer.prompt("Passphrase for the package", hide_input=True, confirmation_prompt=True, err=True)
    )
