"""`nfi package`: checked extracts as a sealed submission."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nfi.commands.key import key_passphrase
from nfi.commands.options import OUT, PassphraseFile, Workspace, at_a_terminal, passphrase_from
from nfi.commands.package_wishes import acceptances, ask_for_lookup, by_data_set, by_field
from nfi.console import messages, paragraph, progress, results, table
from nfi.packaging import Packaged, PackageWishes
from nfi.packaging import package as make_package
from outputs.sealed.age_keys import Recipients, read_recipients
from outputs.sealed.passphrase import ChosenPassphrase, PassphraseUnfit
from outputs.sealed.signature import fingerprint, read_private_key
from outputs.sealed.signature import sign as signature_of
from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import FileLayout
from specs.lookups import GivenLookup
from specs.parts import SaidPart
from specs.specification import CharacterSet


def package(
    body: Annotated[
        str, typer.Option("--body", help="Name of the body that submits; stands in the manifest.")
    ],
    folder: Workspace = OUT,
    passphrase_file: PassphraseFile = None,
    generate: Annotated[
        bool,
        typer.Option(
            "--generate-passphrase", help="Make a strong passphrase, and show it once on the terminal."
        ),
    ] = False,
    age_recipient: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Encrypt with age for this key instead (age1… or SSH). Repeatable."),
    ] = None,
    age_recipients_file: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="The same, from a file with a key on each line.")
    ] = None,
    sign: Annotated[
        Path | None, typer.Option("--sign", metavar="KEY", help="Sign with this key; see: nfi key new")
    ] = None,
    accept_errors: Annotated[
        str | None, typer.Option(metavar="REASON", help="Send all open errors, and record why.")
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE=REASON", help="The same for the errors of one check. Repeatable."),
    ] = None,
    accepted_by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who accepts them; your login name if not given.")
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(metavar="DATASET:N=FILE", help="Which of a data set's files an extract is. Repeatable."),
    ] = None,
    lookup: Annotated[
        list[str] | None,
        typer.Option(metavar="DATASET:FIELD=FILE", help="Look-up table of a coded field. Repeatable."),
    ] = None,
    no_lookup: Annotated[
        list[str] | None,
        typer.Option(metavar="DATASET:FIELD=REASON", help="Why a coded field needs none. Repeatable."),
    ] = None,
    note: Annotated[
        list[str] | None,
        typer.Option("--note", help="What the receiver should know; stands in the package. Repeatable."),
    ] = None,
    fixed_width: Annotated[
        bool, typer.Option("--fixed-width", help="Write fields at fixed places instead of with a delimiter.")
    ] = False,
    layout: Annotated[
        list[str] | None,
        typer.Option(metavar="DATASET=FILE", help="Where they stand, as YAML or CSV. Repeatable."),
    ] = None,
    headings: Annotated[
        bool | None,
        typer.Option("--headings/--no-headings", help="Whether the first line holds the published names."),
    ] = None,
    characters: Annotated[
        CharacterSet | None, typer.Option(help="Character set, instead of what the specification says.")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option(help="comma, pipe or tilde, instead of the one that suits the data.")
    ] = None,
    negative_sign: Annotated[
        NegativeSign,
        typer.Option(help="Where the minus of a negative amount stands; stands in the manifest."),
    ] = NegativeSign.LEADING,
    name: Annotated[str, typer.Option("--name", help="File name of the package.")] = "submission.zip",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a package of that name.")] = False,
) -> None:
    """Package checked extracts as the specification asks, in one encrypted file.

    Nothing is sent: uploading stays with a person, and the cover sheet beside the package says how.

    Example: nfi package nfi-work --body "Anytown Council"

    Example: nfi package nfi-work --body "Anytown Council" --generate-passphrase --sign finance.pem
    """
    key = read_private_key(sign, key_passphrase) if sign else None
    recipients = _recipients(age_recipient, age_recipients_file, other=bool(passphrase_file or generate))
    terminal = _terminal()
    if generate and not (terminal or passphrase_file):
        raise PassphraseUnfit(
            "a generated passphrase is shown on a terminal alone, and there is none. "
            "Give a file with --passphrase-file FILE."
        )
    chosen: list[ChosenPassphrase] = []
    with progress("Packaging") as step:

        def passphrase() -> str:
            with step.paused():
                chosen.append(passphrase_from(passphrase_file, new_for=body, generate=generate))
            return chosen[-1].text

        def table_of(data_set: str, field: str) -> GivenLookup | str:
            with step.paused():
                return ask_for_lookup(data_set, field)

        def show_generated() -> None:
            if terminal and chosen and chosen[-1].generated:
                with step.paused():
                    terminal.print(f"Passphrase, shown this once: {chosen[-1].text}", soft_wrap=True)
                    terminal.print("  Write it down now, and never keep it beside the package.")

        made = make_package(
            folder,
            body=body,
            seal=recipients or passphrase,
            name=name,
            wishes=PackageWishes(
                layout=FileLayout.FIXED_WIDTH if fixed_width or layout else FileLayout.DELIMITED,
                headings=headings,
                characters=characters,
                delimiter=delimiter,
                negative_sign=negative_sign,
                layouts={data_set: Path(file) for data_set, file in by_data_set(layout or ())},
                parts=[SaidPart.parse(each) for each in part or ()],
                lookups=[GivenLookup.parse(each) for each in lookup or ()],
                without_lookup=by_field(no_lookup or ()),
                acceptances=acceptances(accept_errors, accept or (), accepted_by or _login_name()),
                remarks=note or (),
            ),
            sign=(lambda content: signature_of(content, key)) if key else None,
            ask=table_of if at_a_terminal() else None,
            overwrite=overwrite,
            at=datetime.now(UTC),
            placed=show_generated,  # at once: whatever fails later, the package can be opened
            progress=step,
        )
    _show(made)
    if key:
        results().print(f"Signed with the key {fingerprint(key.public_key())}")


def _recipients(keys: list[str] | None, files: list[Path] | None, *, other: bool) -> Recipients | None:
    """Those for whom the package is encrypted with age; None where it gets a passphrase."""
    if not (keys or files):
        return None
    if other:
        raise typer.BadParameter(
            "a package is sealed with a passphrase or for recipients of age. Choose one of them."
        )
    return read_recipients(keys or (), files or ())


def _terminal() -> Console | None:
    """Where only a person reads: standard error, or else standard output, if it is a terminal."""
    if sys.stderr.isatty():
        return messages()
    return results() if sys.stdout.isatty() else None


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _show(made: Packaged) -> None:
    summary = made.summary
    shown = table("data set", "file", "records", "bytes", right=("records", "bytes"))
    for file in summary.files:
        shown.add_row(file.specification, file.path, f"{file.rows:,}", f"{file.bytes:,}")
    results().print(shown)
    results().print(f"Manifest SHA-256: {summary.manifest_sha256}")
    results().print("  Note it down: the manifest holds the SHA-256 of every file.")
    if summary.accepted_errors:
        results().print(f"{summary.accepted_errors:,} open errors were accepted; the manifest says why.")
    for warning in (*summary.notices, *made.warnings):
        paragraph(messages(), f"Note: {warning}")
    messages().print(f"Written: {summary.package}")
    for sheet in summary.cover_sheets:
        messages().print(f"         {sheet}")
