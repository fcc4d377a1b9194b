"""`nfi check`: is this extract what the specification asks for?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from nfi import verbs
from nfi.commands.options import OUT, Json, Out
from nfi.console import counted, messages, progress, results, table
from specs.amounts import MoneyFormat
from specs.check_descriptions import check_descriptions
from specs.check_record import FindingCount
from specs.findings_file import first_finding
from specs.mask import masked
from specs.specification import CURRENT_EXERCISE, Severity

_EXAMPLES = 5


def check(
    extract: Annotated[Path, typer.Argument(metavar="FILE", help="The extract: CSV (also .gz) or XLSX.")],
    dataset: Annotated[
        str, typer.Option("--dataset", "-d", help="What the file holds, such as payroll; see: nfi specs list")
    ],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", "-m", help="YAML that says which heading is which field.")
    ] = None,
    exercise: Annotated[
        str, typer.Option("--exercise", "-e", help="The exercise to check against.")
    ] = CURRENT_EXERCISE,
    out: Out = OUT,
    as_json: Json = False,
    encoding: Annotated[str | None, typer.Option(help="Instead of the one detected, such as cp1252.")] = None,
    delimiter: Annotated[
        str | None, typer.Option(help="Instead of the one detected: , | ~ ; or tab.")
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(help="Sheet of a workbook; otherwise the first filled.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day of the check, to repeat an earlier one."),
    ] = None,
    money: Annotated[MoneyFormat | None, typer.Option(help="How sums are written in the extract.")] = None,
) -> None:
    """Check an extract against a specification, and say what is wrong, where and what to do.

    Exit code 1 means that errors were found.

    Example: nfi check payroll.csv --dataset payroll --out nfi-work
    """
    with progress("Checking") as step:
        run = verbs.check(
            extract,
            dataset,
            folder=out,
            mapping=mapping,
            exercise=exercise,
            encoding=encoding,
            delimiter=delimiter,
            sheet=sheet,
            money=money,
            day=as_of.date() if as_of else None,
            at=datetime.now(UTC),
            progress=lambda rows: step(f"{rows:,} rows"),
        )
    if as_json:
        typer.echo(json.dumps({"json_version": 1} | run.result.record.model_dump(mode="json"), indent=2))
    else:
        _show(run)
    if run.result.record.count(Severity.ERROR):
        raise typer.Exit(1)


def _show(run: verbs.CheckRun) -> None:
    record = run.result.record
    console = results()
    left_out = f", {counted(record.blank_rows, 'blank row')} left out" if record.blank_rows else ""
    console.print(f"{record.extract}: {record.extract_format}; {counted(record.rows, 'record')}{left_out}")
    console.print(f"Checked against {record.specification}")
    if run.specification.notice:
        console.print(f"  {run.specification.notice}")
    if record.columns_absent:
        console.print(f"Fields without a column: {', '.join(record.columns_absent)}")
    if record.columns_unused:
        console.print(f"Headings that no field takes, not read further: {', '.join(record.columns_unused)}")
    for skipped in record.not_checked:
        console.print(f"Not checked [{skipped.code}]: {skipped.reason}")
    worth_a_look = [each for each in record.findings if each.severity is not Severity.NOTE]
    if worth_a_look:
        _show_findings(worth_a_look)
        _show_examples(run, worth_a_look[:_EXAMPLES])
    for each in record.findings:
        if each.severity is Severity.NOTE and each.code != "missing_column":
            console.print(f"Note: {_in_words(run, each)}")
    counts = ", ".join(counted(record.count(severity), severity) for severity in Severity)
    console.print(f"\n{counts}.")
    messages().print(f"Written: {run.workbook}, and beside it every finding as CSV and Parquet.")


def _show_findings(findings: Sequence[FindingCount]) -> None:
    shown = table(
        "severity", "field", "what", "findings", "first row", "code", right=("findings", "first row")
    )
    titles = check_descriptions()
    for each in findings:
        shown.add_row(
            each.severity,
            each.field or "(whole record)",
            titles[each.code].title,
            f"{each.count:,}",
            f"{each.first_row:,}" if each.first_row else "",
            each.code,
        )
    results().print()
    results().print(shown)


def _show_examples(run: verbs.CheckRun, findings: Sequence[FindingCount]) -> None:
    """The first place of each, with its value masked, and what to do."""
    results().print("\nFor example:")
    for each in findings:
        results().print(f"  {_in_words(run, each)}")
        results().print(f"    {check_descriptions()[each.code].guidance}")


def _in_words(run: verbs.CheckRun, count: FindingCount) -> str:
    """The first finding of a count as a sentence: 'row 214, Sort code: 20***7 It has not six digits.'"""
    first = first_finding(run.result.findings, count)
    where = f"row {first['row']:,}, " if first["row"] else ""
    value = f" {masked(first['value'])}." if first["value"] else ""
    detail = f" ({first['detail']})" if first["detail"] else ""
    message = check_descriptions()[count.code].message
    return f"{where}{count.field or 'whole file'}:{value} {message}{detail} [{count.code}]"
