"""`nfi map`: which heading is which field?"""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from matching.wording import counted
from nfi.commands.options import (
    OUT,
    Delimiter,
    Encoding,
    HeadingRow,
    Json,
    LayoutFile,
    Member,
    Out,
    Quote,
    Sheet,
)
from nfi.console import messages, paragraph, progress, results, table
from nfi.proposing import MappingRun, propose_and_save
from specs.headings import shown
from specs.proposal.code_words import CodesTranslated
from specs.proposal.result import NOTHING_LIKE_IT, SURE, PlacedField, Proposal, UnplacedField
from specs.read import ReadingOptions
from specs.specification import CURRENT_EXERCISE, Need


def map_(
    extracts: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="The extract, or several of the same data set.")
    ],
    dataset: Annotated[
        str, typer.Option("--dataset", "-d", help="What the file holds, such as payroll; see: nfi specs list")
    ],
    exercise: Annotated[
        str, typer.Option("--exercise", "-e", help="The exercise that the extract is for.")
    ] = CURRENT_EXERCISE,
    out: Out = OUT,
    mapping_file: Annotated[
        Path | None,
        typer.Option(
            "--mapping-file", metavar="PATH", help="Where to write the mapping, instead of DIR/mappings."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a mapping that is there.")] = False,
    as_json: Json = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    quote: Quote = None,
    sheet: Sheet = None,
    heading_row: HeadingRow = None,
    layout: LayoutFile = None,
    member: Member = None,
) -> None:
    """Propose which heading of an extract is which field, from the headings and from the values.

    Writes a mapping to read and correct: DIR/mappings/<data set>-<file>.yaml. `nfi check` finds it by the
    headings. With several files, one mapping is proposed for all of them.

    Example: nfi map ledger.csv --dataset creditors-history

    Example: nfi map april.csv may.csv june.csv --dataset creditors-history --out nfi-work
    """
    options = ReadingOptions(
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        sheet=sheet,
        heading_row=heading_row,
        layout=layout,
        member=member,
    )
    with progress("Looking at headings and values"):
        run = propose_and_save(
            extracts,
            dataset,
            folder=out,
            exercise=exercise,
            mapping_file=mapping_file,
            options=options,
            force=force,
            day=date.today(),
        )
    if as_json:
        typer.echo(json.dumps(_as_json(run), indent=2, ensure_ascii=False))
        return
    _show(run.proposal)
    messages().print(f"Written: {run.path}. Look at it, and correct it where it is wrong.", soft_wrap=True)
    messages().print(f"Next: {_next_command(run, extracts, dataset, exercise, out, options)}", soft_wrap=True)


def _show(proposal: Proposal) -> None:
    console = results()
    files = counted(len(proposal.files), "file")
    paragraph(
        console,
        f"{proposal.specification.label}: {len(proposal.placed)} of "
        f"{counted(len(proposal.specification.fields), 'field')} placed, from the headings and "
        f"{counted(proposal.records, 'record')} of {files}.",
    )
    shown_fields = table("field", "heading", "sure", "why", right=("sure",))
    for each in proposal.placed:
        shown_fields.add_row(
            each.field.name, _headings(each), f"{int(100 * each.confidence)} %", "; ".join(each.reasons)
        )
    console.print(shown_fields)
    if hint := _other_dataset(proposal):
        console.print()
        paragraph(console, hint)
    unsure = [each for each in proposal.placed if each.confidence < SURE or each.doubts]
    unknown = [each for each in proposal.translated if not each.complete]
    _list("Look at these by eye:", [*map(_look, unsure), *map(_look_at_codes, unknown), *proposal.notes])
    _list(
        "Values that the mapping translates:",
        [
            f"{each.field.name}: {_words_and_codes(each)}"
            for each in proposal.translated
            if each.complete and each.words
        ],
    )
    _list("Not placed:", _not_placed(proposal.unplaced))
    _list(
        "Headings that no field takes:",
        [
            f"{shown(left.heading)}{f' (looks like {left.looks_like})' if left.looks_like else ''}"
            for left in proposal.left_over
        ],
    )
    if settings := _settings(proposal):
        console.print()
        paragraph(console, settings)


def _other_dataset(proposal: Proposal) -> str | None:
    """What to say where half or more of what every record must have was not found; None: enough was."""
    needed = [each for each in proposal.specification.fields if each.required is Need.ERROR]
    placed = {each.field.name for each in proposal.placed}
    missing = [each.name for each in needed if each.name not in placed]
    if not missing or 2 * len(missing) < len(needed):
        return None
    return (
        f"Nothing was found for {len(missing)} of the {len(needed)} fields that every record must have. "
        f"Is this a file of {proposal.specification.dataset}? nfi specs list names the other data sets."
    )


def _list(title: str, entries: list[str]) -> None:
    if entries:
        results().print(f"\n{title}")
        for entry in entries:
            paragraph(results(), entry, indent=2)


def _headings(each: PlacedField) -> str:
    return (" + " if each.joined else " or ").join(map(shown, each.headings))


def _look(each: PlacedField) -> str:
    why = "; ".join(each.doubts) or "the heading and the values leave it open"
    return f"{each.field.name} <- {_headings(each)}: {why}"


def _words_and_codes(each: CodesTranslated) -> str:
    return ", ".join(f"{shown(value)} to {code or 'blank'}" for value, code in each.words.items())


def _look_at_codes(each: CodesTranslated) -> str:
    values = f", such as {', '.join(map(shown, each.unknown))}" if each.unknown else ""
    return (
        f"{each.field.name} takes only {', '.join(each.allowed)}, and its heading has values that are not "
        f"known{values}: say what they become under 'translate' in the mapping"
    )


def _not_placed(unplaced: Sequence[UnplacedField]) -> list[str]:
    """A line for each field that something came near to, and one for all others."""
    told = []
    for each in unplaced:
        if each.reason != NOTHING_LIKE_IT:
            headings = ", ".join(map(shown, each.nearest))
            told.append(f"{each.field.name}: {each.reason}{f' ({headings})' if headings else ''}")
    others = [each.field.name for each in unplaced if each.reason == NOTHING_LIKE_IT]
    return [*told, f"{', '.join(others)}: {NOTHING_LIKE_IT}"] if others else told


def _settings(proposal: Proposal) -> str:
    found = []
    if proposal.date_format:
        found.append(f"Dates are written {' or '.join(proposal.date_format)}.")
    if proposal.money_format:
        found.append(f"Sums are in {proposal.money_format}.")
    if proposal.distinct:
        found.append("The mapped part of the records repeats: each different one will count once.")
    if proposal.employer:
        found.append(f"'{shown(proposal.employer)}' says whose records they are.")
    return " ".join(found)


def _next_command(
    run: MappingRun, files: list[Path], dataset: str, exercise: str, out: Path, options: ReadingOptions
) -> str:
    """The check of the same files, read in the same way: without --sheet it would read another sheet."""
    words = ["nfi", "check", *map(str, files), "--dataset", dataset]
    if exercise != CURRENT_EXERCISE:
        words += ["--exercise", exercise]
    for name, value in asdict(options).items():
        if value is not None:
            words += [f"--{name.replace('_', '-')}", str(value)]
    words += ["--out", str(out)]
    return shlex.join(words if run.saved else [*words, "--mapping", str(run.path)])


def _as_json(run: MappingRun) -> dict[str, object]:
    proposal = run.proposal
    return {
        "json_version": 1,
        "mapping": str(run.path),
        "specification": proposal.specification.label,
        "files": list(proposal.files),
        "records_looked_at": proposal.records,
        "placed": [
            {
                "field": each.field.name,
                "headings": list(each.headings),
                "joined": each.joined,
                "confidence": round(each.confidence, 2),
                "reasons": list(each.reasons),
                "doubts": list(each.doubts),
            }
            for each in proposal.placed
        ],
        "not_placed": [
            {"field": each.field.name, "reason": each.reason, "nearest": list(each.nearest)}
            for each in proposal.unplaced
        ],
        "headings_not_taken": [
            {"heading": left.heading, "looks_like": left.looks_like} for left in proposal.left_over
        ],
        "translate": [
            {
                "field": each.field.name,
                "values": dict(each.words),
                "not_known": list(each.unknown),
                "complete": each.complete,
            }
            for each in proposal.translated
        ],
        "employer": proposal.employer,
        "date_format": list(proposal.date_format),
        "money_format": proposal.money_format,
        "distinct": proposal.distinct,
        "notes": list(proposal.notes),
        "signatures": list(proposal.signatures),
    }
