"""`nfi reports`: what a match looks for."""

from __future__ import annotations

import json
import tempfile
import textwrap
from pathlib import Path
from typing import Annotated, Any

import typer

from matching.engines.duckdb import DuckDBEngine
from matching.known_reports import KnownReport, KnownReports, known_reports
from matching.report import Report
from matching.report_sql import report_queries
from matching.report_words import nfi_number, reports_page, statements, whose
from nfi.commands.options import OUT, Json, Out
from nfi.console import messages, paragraph, results, table
from nfi.workspace import Workspace
from specs.private_files import working_folder

app = typer.Typer(no_args_is_help=True, help="See what a match looks for: nfi's reports and your own.")

OwnReports = Annotated[
    Path | None,
    typer.Option("--reports", metavar="DIR", help="Your own reports (YAML), if not 'reports' in --out."),
]


@app.command("list")
def list_reports(
    out: Out = OUT,
    reports: OwnReports = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As the page docs/reports.md, of nfi's own reports alone.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the reports: those of nfi, and your own from the folder 'reports' in --out.

    Exit code 1: one of your own cannot be used.

    Example: nfi reports list
    """
    if markdown:
        typer.echo(reports_page(known_reports().reports), nl=False)
        return
    known = known_reports(reports or Workspace(out).reports)
    if as_json:
        entries = [_entry(each) for each in known.reports]
        faults = [fault for _, fault in known.faults]
        typer.echo(json.dumps({"json_version": 1, "reports": entries, "faults": faults}, indent=2))
    else:
        shown = table("report", "title", "data sets", "NFI number", "worth opening", "whose")
        for each in known.reports:
            report = each.report
            worth = f"{100 * report.strength.share:g}%"
            cells = (report.id, report.title, ", ".join(report.data), nfi_number(report), worth, whose(each))
            shown.add_row(*cells)
        results().print(shown)
        results().print("\nOne in full: nfi reports show REPORT")
    _tell_faults(known)


@app.command()
def show(
    report: Annotated[str, typer.Argument(help="The id of a report; see: nfi reports list")],
    out: Out = OUT,
    reports: OwnReports = None,
    sql: Annotated[bool, typer.Option("--sql", help="The queries that bring records together, too.")] = False,
    as_json: Json = False,
) -> None:
    """Show a report: what must agree and differ, the innocent explanations it looks for, and its YAML.

    Example: nfi reports show same-invoice-amount
    """
    (known,) = known_reports(reports or Workspace(out).reports).called([report])
    queries = _queries(known.report) if sql else []
    if as_json:
        entry = _entry(known) | {
            "about": known.report.about,
            "says": [{"heading": heading, "lines": lines} for heading, lines in statements(known.report)],
            "yaml": known.content.decode(),
            "sql": queries,
        }
        typer.echo(json.dumps({"json_version": 1} | entry, indent=2))
        return
    console = results()
    paragraph(console, f"{known.report.title} [{known.report.id}]")
    paragraph(console, " ".join(known.report.about.split()))
    if known.report.nfi_report:
        paragraph(console, f"NFI number: {nfi_number(known.report)}")
    for heading, lines in statements(known.report):
        if len(lines) == 1:
            paragraph(console, f"{heading}: {lines[0]}")
        else:
            paragraph(console, f"{heading}:")
            for line in lines:
                paragraph(console, f"- {line}", indent=2)
    place = whose(known) if known.is_own else f"{whose(known)}, {known.file.name}"
    paragraph(console, f"Comes from: {place}, SHA-256 {known.sha256}")
    typer.echo(f"\n{known.content.decode().rstrip()}")
    for number, query in enumerate(queries, start=1):
        typer.echo(f"\n-- query {number} of {len(queries)}\n{textwrap.dedent(query).strip()}")


def _queries(report: Report) -> list[str]:
    with working_folder(Path(tempfile.gettempdir())) as folder:
        return report_queries(report, DuckDBEngine(temporary=folder), folder)


def _entry(known: KnownReport) -> dict[str, Any]:
    report = known.report
    return {
        "id": report.id,
        "title": report.title,
        "data": list(report.data),
        "nfi_report": nfi_number(report) if report.nfi_report else None,
        "share": report.strength.share,
        "share_evidence": report.strength.evidence,
        "whose": "own" if known.is_own else "nfi",
        "replaces": known.replaces,
        "file": known.file.name,
        "sha256": known.sha256,
    }


def _tell_faults(known: KnownReports) -> None:
    for _, fault in known.faults:
        paragraph(messages(), fault)
    if known.faults:
        raise typer.Exit(1)
