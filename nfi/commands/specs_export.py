"""`nfi specs export`: a specification for other programs, or an empty workbook for people who type."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nfi.commands.options import OUT, Dataset, Exercise, Out
from nfi.console import messages, paragraph
from nfi.workspace import Workspace
from outputs.specification_files import csvw_json, field_table_csv, table_schema_json
from outputs.template_workbook import write_template_workbook
from specs.errors import OutputUnwritable
from specs.private_files import written_whole
from specs.specification import CURRENT_EXERCISE


class Format(StrEnum):
    """What a specification can be exported as."""

    TABLE_SCHEMA = "table-schema"
    CSVW = "csvw"
    CSV = "csv"
    YAML = "yaml"
    XLSX = "xlsx"


_TEXTS = {
    Format.TABLE_SCHEMA: table_schema_json,
    Format.CSVW: csvw_json,
    Format.CSV: field_table_csv,
}


def export(
    dataset: Dataset,
    format_: Annotated[
        Format,
        typer.Option(
            "--format",
            "-f",
            help="table-schema and csvw for other programs, csv for a table of the fields, yaml for the "
            "catalogue file, xlsx for an empty workbook with guidance.",
        ),
    ],
    exercise: Exercise = CURRENT_EXERCISE,
    to: Annotated[
        Path | None,
        typer.Option("--to", "-t", metavar="FILE", help="Write here; otherwise text is printed."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    out: Out = OUT,
) -> None:
    """Export a specification: as a schema, as a table, as YAML, or as an empty workbook to fill in.

    The workbook is written to DATASET-EXERCISE.xlsx unless --to says otherwise; `nfi check` reads it.

    Example: nfi specs export payroll --format xlsx --to payroll.xlsx

    Example: nfi specs export payroll --format table-schema
    """
    catalogue = Workspace(out).catalogue
    specification = catalogue.load(dataset, exercise)
    target = to or (Path(f"{dataset}-{exercise}.xlsx") if format_ is Format.XLSX else None)
    if target and target.exists() and not force:
        raise OutputUnwritable(
            f"{target}: is there already. Choose another name, or replace it with --force."
        )
    if target and format_ is Format.XLSX:
        write_template_workbook(target, specification)
    else:
        text = (
            catalogue.entry(dataset, exercise).path.read_bytes()
            if format_ is Format.YAML
            else _TEXTS[format_](specification)
        )
        if target is None:
            typer.echo(text, nl=False)
        else:
            with written_whole(target) as temporary:
                temporary.write_bytes(text)
    if specification.notice:
        paragraph(messages(), specification.notice)
    if target:
        messages().print(f"Written: {target}")
