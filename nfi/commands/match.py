"""`nfi match`: which records do not fit together."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from matching.wording import pounds
from nfi import verbs
from nfi.commands.options import OUT, Json, Workspace
from nfi.console import messages, progress, results, table

_SHOWN = 10


def match(
    folder: Workspace = OUT,
    report: Annotated[
        list[str] | None,
        typer.Option("--report", "-r", help="Run only this report; may be given more than once."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Match checked extracts, and rank what does not fit together.

    A match is an inconsistency that may need a look; nothing is assumed until someone has investigated.

    Example: nfi match nfi-work
    """
    with progress("Matching") as step:
        run = verbs.match(folder, reports=report or (), at=datetime.now(UTC), progress=step)
    if run.kept:
        messages().print(f"The workbook had been written into and was kept as {run.kept}.")
    if as_json:
        summary = {
            "json_version": 1,
            "specifications": run.specifications,
            "reports": [asdict(each) for each in run.result.reports],
            "cases": run.result.cases.num_rows,
            "files": [str(path) for path in (run.workbook, *run.files)],
        }
        typer.echo(json.dumps(summary, indent=2))
        return
    results().print(f"Records checked against {', '.join(run.specifications)}")
    _show_reports(run)
    _show_first_cases(run)
    messages().print(f"Written: {run.workbook}, and beside it the full lists as CSV and Parquet.")


def _show_reports(run: verbs.MatchRun) -> None:
    figures = ("cases", "explained", "at risk", "involved")
    shown = table("report", *figures, right=figures)
    for each in run.result.reports:
        if each.skipped:
            shown.add_row(f"{each.title}\n  not run: {each.skipped}", "-", "-", "-", "-")
        else:
            sums = (_sum(each.value_at_risk), _sum(each.value_involved))
            shown.add_row(each.title, f"{each.cases:,}", f"{each.explained:,}", *sums)
    results().print(shown)
    if any(each.value_involved for each in run.result.reports):
        results().print(
            "Involved: pay or payments that went through these records. It tells the size; it is no loss."
        )


def _sum(pence: int | None) -> str:
    """Pounds; nothing where the sum is not known, or is of the other kind."""
    return "" if pence is None else pounds(pence)


def _show_first_cases(run: verbs.MatchRun) -> None:
    """The first cases without a value from the data: titles, counts, sums."""
    first = run.result.cases.slice(0, _SHOWN).to_pylist()
    if not first:
        ran = any(each.skipped is None for each in run.result.reports)
        results().print("No cases." if ran else "No report could run, so there are no cases.")
        return
    shown = table(
        "rank",
        "case",
        "what",
        "records",
        "at risk",
        "involved",
        "explanations",
        right=("rank", "records", "at risk", "involved"),
    )
    for case in first:
        shown.add_row(
            str(case["rank"]),
            case["case"],
            case["title"],
            f"{case['records']:,}",
            _sum(case["value_at_risk"]),
            _sum(case["value_involved"]),
            f"{len(case['explanations'])} found" if case["explanations"] else "none found",
        )
    results().print(
        f"\nThe first {len(first)} of {run.result.cases.num_rows:,} cases, to be looked at by a person:"
    )
    results().print(shown)
