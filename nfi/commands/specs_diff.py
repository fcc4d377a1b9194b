"""`nfi specs diff`: how two specifications of a data set differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from matching.wording import counted
from nfi.commands.options import OUT, Dataset, Json, Out
from nfi.console import results, table
from nfi.workspace import Workspace
from specs.catalogues import Origin, load_specification
from specs.differences import Difference, Kind, differences
from specs.specification import CURRENT_EXERCISE, read_specification


def diff(
    dataset: Dataset,
    before: Annotated[str | None, typer.Argument(metavar="[EXERCISE]", help="One exercise.")] = None,
    after: Annotated[str | None, typer.Argument(metavar="[EXERCISE]", help="Another one.")] = None,
    own: Annotated[
        bool, typer.Option("--own", help="Compare nfi's with your own of the same exercise.")
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="YAML", help="Compare with a specification in a YAML file."),
    ] = None,
    out: Out = OUT,
    as_json: Json = False,
) -> None:
    """Show how two specifications of a data set differ, field by field.

    For a published document (PDF, web page, workbook): nfi specs import FILE

    Example: nfi specs diff payroll 2012-13 2026-27

    Example: nfi specs diff payroll 2026-27 --own
    """
    if (after is not None) + own + (file is not None) != 1:
        raise typer.BadParameter("give two exercises, or one with --own or with --file.")
    exercise = before or CURRENT_EXERCISE
    catalogue = Workspace(out).catalogue
    if file is not None:
        old, new = catalogue.load(dataset, exercise), read_specification(file)
    elif own:
        if catalogue.origin(dataset, exercise) is not Origin.OWN:
            raise typer.BadParameter(f"your own catalogue has no {dataset} for {exercise}.")
        old, new = load_specification(dataset, exercise), catalogue.load(dataset, exercise)
    else:
        old, new = catalogue.load(dataset, exercise), catalogue.load(dataset, after or exercise)
    found = differences(old, new)
    if as_json:
        typer.echo(json.dumps({"json_version": 1, "differences": as_entries(found)}, indent=2))
    else:
        show_differences(found)


def as_entries(found: Sequence[Difference]) -> list[dict[str, str]]:
    """Differences for other programs, each with its sentence."""
    return [asdict(each) | {"sentence": each.sentence} for each in found]


def show_differences(found: Sequence[Difference]) -> None:
    """Differences as a table, and how many of each kind."""
    if not found:
        results().print("No difference.")
        return
    shown = table("difference", "of", "what", "before", "after")
    for each in _gathered(found):
        shown.add_row(each.kind, each.about, each.what, each.before, each.after)
    console = results()
    console.print(shown)
    kinds = Counter(each.kind for each in found)
    parts = ", ".join(f"{kinds[kind]} {kind}" for kind in Kind if kinds[kind])
    console.print(f"\n{counted(len(found), 'difference')}: {parts}.")


def _gathered(found: Sequence[Difference]) -> list[Difference]:
    """The same, with fields that have come to the same evidence in one line for each evidence they had."""
    evidence: dict[tuple[str, str], list[Difference]] = {}
    for each in found:
        if each.what == "evidence" and each.kind is Kind.CHANGED:
            evidence.setdefault((each.before, each.after), []).append(each)
    together = [same for same in evidence.values() if len(same) > 1]
    left = [each for each in found if not any(each in same for same in together)]
    return left + [replace(same[0], about=f"{len(same)} fields") for same in together]
