"""`nfi specs import`: a published specification, compared with ours and taken into the own catalogue."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from matching.wording import counted
from nfi.commands.options import OUT, Exercise, Json, Out
from nfi.commands.specs_diff import as_entries, show_differences
from nfi.console import messages, paragraph, results, table
from nfi.specifications import Proposal, keep, propose
from specs.field_table import field_rows
from specs.specification import CURRENT_EXERCISE

_SHOWN = 8


def import_document(
    document: Annotated[
        Path, typer.Argument(metavar="FILE", help="The published specification: PDF, HTML, XLSX or CSV.")
    ],
    dataset: Annotated[
        str, typer.Option("--dataset", "-d", help="The data set that it specifies, such as payroll.")
    ],
    exercise: Exercise = CURRENT_EXERCISE,
    confirmed_by: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Who vouches that FILE is the published specification."),
    ] = None,
    title: Annotated[
        str | None, typer.Option(help="What a data set is called that the catalogue does not know.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    out: Out = OUT,
    as_json: Json = False,
) -> None:
    """Compare a published specification with what nfi holds, and take it into your own catalogue.

    Shows what differs; writes only after you agree, into the folder 'catalogue' of --out, where it
    counts instead of nfi's. Without --confirmed-by it stays provisional.

    Example: nfi specs import payroll.pdf --dataset payroll --confirmed-by "A. Officer"
    """
    proposal = propose(
        document,
        dataset,
        exercise=exercise,
        folder=out,
        confirmed_by=confirmed_by,
        title=title,
        day=datetime.now(UTC).date(),
    )
    if as_json:
        typer.echo(json.dumps(_entry(proposal), indent=2))
    else:
        _show(proposal)
    if proposal.target.exists() and not proposal.revision.differences:
        paragraph(messages(), f"Nothing to write: {proposal.target} says the same.")
    elif yes or _agreed(proposal):
        before = keep(proposal)
        kept = f" What stood there is kept as {before.name}." if before else ""
        paragraph(messages(), f"Written: {proposal.target}.{kept} It counts wherever --out {out} is given.")
    else:
        messages().print("Nothing was written. To keep it: the same command with --yes")


def _entry(proposal: Proposal) -> dict[str, object]:
    revision = proposal.revision
    return {
        "json_version": 1,
        "specification": revision.specification.label,
        "fields_found": len(proposal.found.fields),
        "fields_recognised": revision.recognised,
        "skipped": list(proposal.found.skipped),
        "dropped": list(revision.dropped),
        "differences": as_entries(revision.differences) if proposal.held else [],
        "target": str(proposal.target),
    }


def _show(proposal: Proposal) -> None:
    revision, found, held = proposal.revision, proposal.found, proposal.held
    console = results()
    fields = counted(len(found.fields), "field")
    if held is None:
        console.print(f"{fields} found ({found.place}). The catalogue does not know this data set yet.\n")
        shown = table("#", "field", "format", "column", right=("#",))
        for row in field_rows(revision.specification):
            shown.add_row(str(row.number), row.name, row.format, row.column)
        console.print(shown)
    else:
        console.print(
            f"{fields} found ({found.place}); {revision.recognised} of the {len(held.fields)} that we hold "
            f"for {held.label} are among them.\n"
        )
        show_differences(revision.differences)
    for label, entries in (
        ("Rows between the fields of which nothing was made", found.skipped),
        ("Checks left out, since the document lacks a field that they need", revision.dropped),
    ):
        if entries:
            more = f" and {len(entries) - _SHOWN} more" if len(entries) > _SHOWN else ""
            paragraph(console, f"{label}: {' | '.join(entries[:_SHOWN])}{more}")
    if held is not None and revision.recognised * 2 < len(held.fields):
        paragraph(
            messages(),
            f"Fewer than half of the fields of {held.dataset} were found. Is this its specification?",
        )
    paragraph(messages(), f"It would become {revision.specification.label}.")
    if revision.specification.notice:
        paragraph(messages(), revision.specification.notice, indent=2)


def _agreed(proposal: Proposal) -> bool:
    """Ask, where somebody is there to answer."""
    if not sys.stdin.isatty():
        return False
    return typer.confirm(f"Write this to {proposal.target}?", err=True)
