"""`nfi package`: checked extracts as an encrypted submission."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from nfi import verbs
from nfi.commands.options import OUT, PassphraseFile, Workspace, passphrase_from
from nfi.console import messages, results, table
from outputs.spec_format import NegativeSign


def package(
    body: Annotated[
        str, typer.Option("--body", help="Name of the body that submits; stands in the manifest.")
    ],
    folder: Workspace = OUT,
    passphrase_file: PassphraseFile = None,
    accept_errors: Annotated[
        str | None,
        typer.Option("--accept-errors", metavar="REASON", help="Send open errors, and record why."),
    ] = None,
    note: Annotated[
        list[str] | None,
        typer.Option("--note", help="What the receiver should know; stands in the package. Repeatable."),
    ] = None,
    negative_sign: Annotated[
        NegativeSign,
        typer.Option(help="Where the minus of a negative amount stands; stands in the manifest."),
    ] = NegativeSign.LEADING,
    name: Annotated[str, typer.Option("--name", help="File name of the package.")] = "submission.zip",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a package of that name.")] = False,
) -> None:
    """Package checked extracts as the specification asks, in one encrypted ZIP.

    Nothing is sent: uploading stays with a person.

    Example: nfi package nfi-work --body "Anytown Council"
    """
    summary = verbs.package(
        folder,
        passphrase=lambda: passphrase_from(passphrase_file, confirm=True),
        body=body,
        name=name,
        accepted_errors=accept_errors,
        notes=note or (),
        negative_sign=negative_sign,
        overwrite=overwrite,
        at=datetime.now(UTC),
    )
    shown = table("data set", "file", "records", "bytes", right=("records", "bytes"))
    for file in summary.files:
        shown.add_row(file.specification, file.path, f"{file.rows:,}", f"{file.bytes:,}")
    results().print(shown)
    results().print(f"Manifest SHA-256: {summary.manifest_sha256}")
    results().print("  Note it down: the manifest holds the SHA-256 of every file.")
    if summary.accepted_errors:
        results().print(f"{summary.accepted_errors:,} open errors were accepted; the manifest says why.")
    for notice in summary.notices:
        messages().print(f"Note: {notice}")
    messages().print(f"Written: {summary.package}")
