"""`nfi specs`: what the catalogue holds."""

from __future__ import annotations

import json

import typer

from nfi.commands.options import OUT, Dataset, Exercise, Json, Out
from nfi.commands.specs_checks import checks
from nfi.commands.specs_diff import diff
from nfi.commands.specs_export import export
from nfi.commands.specs_import import import_document
from nfi.console import messages, paragraph, results, table
from nfi.workspace import Workspace
from specs.catalogues import Origin
from specs.field_table import NEEDED, characters_in_words, field_rows, files_in_words, rules_in_words
from specs.specification import CURRENT_EXERCISE, Specification

app = typer.Typer(no_args_is_help=True, help="Read and extend the catalogue of specifications.")
app.command()(diff)
app.command()(export)
app.command("import")(import_document)
app.command()(checks)

_WHOSE = {Origin.NFI: "nfi", Origin.OWN: "your own"}


@app.command("list")
def list_specifications(out: Out = OUT, as_json: Json = False) -> None:
    """List the specifications: those of nfi, and your own from the folder 'catalogue' in --out.

    Example: nfi specs list
    """
    catalogue = Workspace(out).catalogue
    listed = [
        (exercise, dataset, catalogue.load(dataset, exercise), entry.origin)
        for (exercise, dataset), entry in catalogue.entries.items()
    ]
    if as_json:
        entries = [
            {
                "exercise": exercise,
                "dataset": dataset,
                "title": each.title,
                "fields": len(each.fields),
                "status": each.status,
                "whose": str(origin),
                "sha256": each.digest,
            }
            for exercise, dataset, each, origin in listed
        ]
        typer.echo(json.dumps({"json_version": 1, "specifications": entries}, indent=2))
        return
    shown = table("exercise", "data set", "title", "fields", "status", "whose", right=("fields",))
    for exercise, dataset, each, origin in listed:
        shown.add_row(exercise, dataset, each.title, str(len(each.fields)), each.status, _WHOSE[origin])
    results().print(shown)


@app.command()
def show(
    dataset: Dataset, exercise: Exercise = CURRENT_EXERCISE, out: Out = OUT, as_json: Json = False
) -> None:
    """Show the fields of a data set: format, need, checks, codes and evidence; and its rules.

    Example: nfi specs show payroll
    """
    catalogue = Workspace(out).catalogue
    specification = catalogue.load(dataset, exercise)
    if as_json:
        content = specification.model_dump(mode="json", exclude_defaults=True)
        whose = {"json_version": 1, "whose": str(catalogue.origin(dataset, exercise))}
        typer.echo(json.dumps(whose | content, indent=2))
        return
    console = results()
    whose_file = " Your own catalogue." if catalogue.origin(dataset, exercise) is Origin.OWN else ""
    paragraph(
        console,
        f"{specification.title}: {specification.label}. "
        f"One record per {specification.one_record_per}.{whose_file}",
    )
    _show_fields(specification)
    if specification.files:
        paragraph(console, f"Sent as {len(specification.files)} files:")
    for number, said in files_in_words(specification).items():
        paragraph(console, f"- file {number}: {said}")
    paragraph(console, f"Characters: {characters_in_words(specification)}.")
    for rule in specification.rules:
        paragraph(console, f"- {rule.text} ({rule.evidence})")
    for place, rule_text in rules_in_words(specification).items():
        paragraph(console, f"Looked for, {place}: {rule_text}")
    for source in specification.sources:
        paragraph(console, f"Source '{source.id}': {source.title}{f', {source.url}' if source.url else ''}")
    if specification.notice:
        paragraph(messages(), specification.notice)


def _show_fields(specification: Specification) -> None:
    """A table of the fields, without columns that none of them fills."""
    rows = field_rows(specification)
    needed = {field.name: NEEDED[field.required] for field in specification.fields}
    columns = {
        "#": [str(row.number) for row in rows],
        "field": [row.name for row in rows],
        "format": [row.format for row in rows],
        "needed": [needed[row.name] for row in rows],
        "longest": [str(row.longest or "") for row in rows],
        "checks": [row.checks for row in rows],
        "codes": [row.codes for row in rows],
        "evidence": [row.evidence for row in rows],
        "comment": [row.comment for row in rows],
    }
    filled = {heading: cells for heading, cells in columns.items() if any(cells)}
    shown = table(*filled, right=("#", "longest"))
    for cells in zip(*filled.values(), strict=True):
        shown.add_row(*cells)
    results().print(shown)
