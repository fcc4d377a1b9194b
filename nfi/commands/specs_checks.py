"""`nfi specs checks`: every check that can raise a finding."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from nfi.commands.options import OUT, Exercise, Json, Out
from nfi.console import paragraph, results, table
from nfi.workspace import Workspace
from specs.catalogues import Catalogue
from specs.check_list import checks_page, listed_checks
from specs.errors import NfiError
from specs.specification import CURRENT_EXERCISE


class CheckNotFound(NfiError):
    """No check has such a code."""

    exit_code = 2


def checks(
    code: Annotated[str | None, typer.Argument(help="One code, to see it in full.")] = None,
    exercise: Exercise = CURRENT_EXERCISE,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As the page docs/checks.md, from nfi's own catalogue alone.")
    ] = False,
    out: Out = OUT,
    as_json: Json = False,
) -> None:
    """List every check: code, severity, what it says, what to do, on what evidence, and which fields use it.

    Example: nfi specs checks

    Example: nfi specs checks nino
    """
    catalogue = Catalogue.of() if markdown else Workspace(out).catalogue
    listed = listed_checks(catalogue.load(dataset, exercise) for dataset in catalogue.datasets(exercise))
    if markdown:
        typer.echo(checks_page(listed, exercise=exercise), nl=False)
        return
    if code is not None:
        listed = [each for each in listed if each.description.code == code]
        if not listed:
            raise CheckNotFound(f"no check has the code '{code}'. List them: nfi specs checks")
    if as_json:
        entries = [
            each.description.model_dump(mode="json") | {"used": {k: list(v) for k, v in each.used.items()}}
            for each in listed
        ]
        typer.echo(json.dumps({"json_version": 1, "checks": entries}, indent=2))
    elif code is not None:
        for each in listed:
            said, console = each.description, results()
            paragraph(console, f"{said.title} [{said.code}]: {each.severity}, {said.evidence}")
            paragraph(console, said.message)
            paragraph(console, f"What to do: {said.guidance}")
            paragraph(console, f"Looks at: {each.used_in_words}.")
    else:
        shown = table("code", "severity", "finding", "used by")
        for each in listed:
            shown.add_row(
                each.description.code,
                each.severity,
                each.description.title,
                ", ".join(each.used) or "any data set",
            )
        results().print(shown)
        results().print("\nOne in full: nfi specs checks CODE")
