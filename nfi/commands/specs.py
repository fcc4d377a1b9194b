"""`nfi specs`: what the catalogue holds."""

from __future__ import annotations

from typing import Annotated

import typer

from nfi.console import messages, results, table
from specs.specification import CURRENT_EXERCISE, datasets, exercises, load_specification

app = typer.Typer(no_args_is_help=True, help="Read the catalogue of specifications.")

Exercise = Annotated[str, typer.Option("--exercise", "-e", help="The exercise, such as 2026-27.")]


@app.command("list")
def list_specifications() -> None:
    """List the specifications, with the evidence that stands behind each.

    Example: nfi specs list
    """
    shown = table("exercise", "data set", "title", "fields", "status", right=("fields",))
    for exercise in exercises():
        for dataset in datasets(exercise):
            each = load_specification(dataset, exercise)
            shown.add_row(exercise, dataset, each.title, str(len(each.fields)), each.status)
    results().print(shown)


@app.command()
def show(dataset: Annotated[str, typer.Argument()], exercise: Exercise = CURRENT_EXERCISE) -> None:
    """Show the fields of a data set: format, need, checks and evidence.

    Example: nfi specs show payroll
    """
    specification = load_specification(dataset, exercise)
    shown = table("#", "field", "format", "needed", "checks", "evidence", "comment", right=("#",))
    for number, field in enumerate(specification.fields, start=1):
        checks = ", ".join(
            f"{check.name}: {'/'.join(check.allowed)}" if check.allowed else check.name
            for check in field.checks
        )
        shown.add_row(
            str(number), field.name, field.format, field.required, checks, field.evidence, field.comment
        )
    console = results()
    console.print(
        f"{specification.title}: {specification.label}. One record per {specification.one_record_per}."
    )
    console.print(shown)
    for rule in specification.rules:
        console.print(f"- {rule.text} ({rule.evidence})")
    for source in specification.sources:
        console.print(f"Source '{source.id}': {source.title}{f', {source.url}' if source.url else ''}")
    if specification.notice:
        messages().print(specification.notice)
