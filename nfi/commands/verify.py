"""`nfi verify`: is what is here still what nfi made?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nfi import verbs
from nfi.commands.options import OUT, PassphraseFile, passphrase_from
from nfi.console import messages, results


def verify(
    what: Annotated[
        Path, typer.Argument(metavar="[DIR|PACKAGE]", help="A folder that nfi works in, or a package (ZIP).")
    ] = OUT,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Compare files with the hashes that were noted down when they were made.

    Of a folder: every output with its run record, every run record with the trail, and the trail with
    itself. Of a package: encryption, sizes, hashes, layout and control totals, counted again from its
    files. Exit code 1 means that something differs.

    Example: nfi verify nfi-work
    """
    if what.suffix.casefold() != ".zip":
        problems = verbs.verify_folder(what)
        proof = "All files are as their run records say, and the run records as the trail says."
    else:
        found = verbs.verify_package(what, passphrase=passphrase_from(passphrase_file, confirm=False))
        problems = found.problems
        proof = "All files are as the manifest says; their control totals were counted again."
        results().print(f"Manifest SHA-256: {found.manifest_sha256}")
        messages().print("Compare it with the one noted down when the package was made.")
    for problem in problems:
        results().print(problem, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    results().print(proof)
