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
    if as_json:
        summary = {"json_version": 1, "reports": [asdict(each) for each in run.result.reports]}
        typer.echo(json.dumps(summary, indent=2))
        return
    _show_reports(run)
    _show_first_cases(run)
    messages().print(f"Written: {run.workbook}, and beside it the full lists as CSV and Parquet.")


def _show_reports(run: verbs.MatchRun) -> None:
    shown = table("report", "cases", "explained", "at risk", right=("cases", "explained", "at risk"))
    for each in run.result.reports:
        if each.skipped:
            shown.add_row(f"{each.title}\n  not run: {each.skipped}", "-", "-", "-")
        else:
            shown.add_row(each.title, f"{each.cases:,}", f"{each.explained:,}", pounds(each.value_at_risk))
    results().print(shown)


def _show_first_cases(run: verbs.MatchRun) -> None:
    """The first cases without a value from the data: titles, counts, sums."""
    first = run.result.cases.slice(0, _SHOWN).to_pylist()
    if not first:
        results().print("No cases.")
        return
    shown = table(
        "rank", "case", "what", "records", "at risk", "explanations", right=("rank", "records", "at risk")
    )
    for case in first:
        at_risk = "" if case["value_at_risk"] is None else pounds(case["value_at_risk"])
        shown.add_row(
            str(case["rank"]),
            case["case"],
            case["title"],
            f"{case['records']:,}",
            at_risk,
            f"{len(case['explanations'])} found" if case["explanations"] else "none found",
        )
    results().print(
        f"\nThe first {len(first)} of {run.result.cases.num_rows:,} cases, to be looked at by a person:"
    )
    results().print(shown)
