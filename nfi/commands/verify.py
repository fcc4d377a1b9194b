"""`nfi verify`: is what is here still what nfi made?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nfi import verbs
from nfi.commands.options import OUT, Json, PassphraseFile, passphrase_from
from nfi.console import messages, paragraph, progress, results, table
from outputs.sealed.age_keys import Identities, read_identities
from outputs.sealed.archive import sealed_with_age
from outputs.verify import (
    State,
    Verification,
    require_fit_report,
    verification_json,
    write_report,
)
from outputs.verify.words import next_step, together, verdict

_PACKAGES = {".zip", ".age"}


def verify(
    what: Annotated[
        Path, typer.Argument(metavar="DIR|PACKAGE", help="A folder that nfi works in, or a package.")
    ] = OUT,
    more: Annotated[
        list[Path] | None, typer.Argument(metavar="EXTRACT", help="Further extracts after --against.")
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            "--against",
            metavar="EXTRACT",
            help="The extracts that the package was made from: make it again, and compare.",
        ),
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="PUB", help="Public key of whoever should have signed the package.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    identity: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your age key, for a package that ends in .age.")
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Write the result as a page (.html) or as JSON (.json)."),
    ] = None,
    as_json: Json = False,
    modulus_tables: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Pay.UK's tables, if the check was made with them.")
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The earlier check or extract, if the check compared with it."),
    ] = None,
) -> None:
    """Find out whether files are still what nfi made, and would come out the same today.

    Of a folder: every output with its run record, every run record with the trail, and the trail with
    itself. Of a package: signature, hashes, layout, control totals and specification; every check is made
    again, as the files were sent. With --against the package is made again from its extracts and compared
    byte by byte. Exit code 0: all the same. 1: something differs. 2: wrong usage. 3: it cannot be opened.

    Example: nfi verify nfi-work

    Example: nfi verify submission.zip --key council.pub --report verified.html

    Example: nfi verify submission.zip --against payroll.csv creditors.csv
    """
    if what.is_dir() or (what.suffix.casefold() not in _PACKAGES and not what.is_file()):
        _refuse_options_of_packages(
            more, against, key, identity, report, modulus_tables, previous, as_json or None
        )
        _verify_folder(what)
        return
    for each in report or ():
        require_fit_report(each)
    if more and not against:
        raise typer.BadParameter("these extracts come after --against. Write it before them.")
    extracts = [*(against or ()), *(more or ())]
    secret = _secret(what, passphrase_file, identity)
    with progress("Verifying") as step:
        found = verbs.verify_package(
            what,
            secret,
            key=key,
            given=verbs.Given(extracts=extracts, modulus_tables=modulus_tables, previous=previous)
            if extracts
            else None,
            progress=step,
        )
    for each in report or ():
        write_report(found, each)
    if as_json:
        typer.echo(verification_json(found), nl=False)
    else:
        _show(found)
    if not found.holds:
        raise typer.Exit(1)


def _refuse_options_of_packages(*options: object) -> None:
    if any(options):
        raise typer.BadParameter("these options are for a package. Name the package, or leave them out.")


def _secret(package: Path, passphrase_file: Path | None, identity: Path | None) -> str | Identities:
    if identity:
        return read_identities(identity)
    if sealed_with_age(package):
        raise typer.BadParameter(
            "the package is encrypted with age. Give the file of your key: --identity FILE"
        )
    return passphrase_from(passphrase_file).text


def _verify_folder(folder: Path) -> None:
    problems = verbs.verify_folder(folder)
    for problem in problems:
        results().print(problem, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    results().print("All files are as their run records say, and the run records as the trail says.")


def _show(found: Verification) -> None:
    console = results()
    shown = table("area", "same", "differs", "not repeated", right=("same", "differs", "not repeated"))
    for area, verdicts in found.by_area().items():
        states = [each.state for each in verdicts]
        shown.add_row(area, *(f"{states.count(state):,}" for state in State))
    console.print(shown)
    for notice in found.notices:
        paragraph(messages(), f"Note: {notice}")
    for version in found.versions:
        paragraph(console, f"Other versions: {version}")
    for state in (State.DIFFERS, State.NOT_REPEATED):
        for line in together(found.of_state(state)):
            paragraph(console, line)
    paragraph(console, verdict(found))
    console.print(f"Manifest SHA-256: {found.manifest_sha256}")
    paragraph(messages(), next_step(found))
