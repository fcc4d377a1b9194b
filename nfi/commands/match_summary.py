"""What `nfi match` shows: each report's totals, by data, and the first cases with what and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from matching.result import ReportSummary
from matching.wording import counted, pounds
from nfi.console import paragraph, results, table
from nfi.match_run import MatchRun


def show_match(run: MatchRun) -> None:
    """Print the totals of the reports, then the first cases; no value of a record."""
    reports = run.result.reports
    ran = [report for report in reports if report.skipped is None]
    _show_totals([report for report in ran if report.cases])
    _show_others(ran, [report for report in reports if report.skipped is not None])
    _show_first_cases(run.first, run.result.cases_file.rows, any_ran=bool(ran))


def _show_totals(reports: Sequence[ReportSummary]) -> None:
    """A line for each report that found something, those of the same data together."""
    if not reports:
        return
    figures = ("found", "lead a case", "explained", "at risk", "involved")
    shown = table("report", *figures, right=figures)
    for data, its in groupby(sorted(reports, key=lambda each: each.data), key=lambda each: each.data):
        shown.add_row(" and ".join(data), *[""] * len(figures), style="bold")
        for each in its:
            counts = (f"{each.cases:,}", f"{each.in_queue:,}", f"{each.explained:,}")
            shown.add_row(f"  {each.title}", *counts, _sum(each.value_at_risk), _sum(each.value_involved))
    results().print(shown)
    if any(each.joined for each in reports):
        paragraph(
            results(), "What did not lead a case has joined one: several reports found the same records."
        )
    if any(each.value_involved for each in reports):
        paragraph(
            results(),
            "Involved: pay or payments that went through these records. It tells the size; it is no loss.",
        )


def _show_others(ran: Sequence[ReportSummary], skipped: Sequence[ReportSummary]) -> None:
    """In a line each: the reports that found nothing, and those that could not run, by reason."""
    nothing = [each.report for each in ran if not each.cases]
    if nothing:
        paragraph(
            results(), f"{counted(len(nothing), 'report')} found nothing: {', '.join(nothing)}", indent=0
        )
    by_reason: dict[str, list[str]] = {}
    for each in skipped:
        by_reason.setdefault(each.skipped or "", []).append(each.report)
    for reason, reports in by_reason.items():
        paragraph(results(), f"{counted(len(reports), 'report')} not run: {reason}: {', '.join(reports)}")


def _show_first_cases(first: Sequence[Mapping[str, Any]], cases: int, *, any_ran: bool) -> None:
    """The first cases: what, how much, and why, by the names of the fields."""
    if not first:
        results().print("No cases." if any_ran else "No report could run, so there are no cases.")
        return
    results().print(
        f"\nThe first {len(first)} of {cases:,} cases, to be looked at by a person (one case: nfi case RANK):"
    )
    for case in first:
        results().print(f"{case['rank']:>3}  {case['title']}", style="bold", soft_wrap=True)
        size = ", ".join(filter(None, (counted(case["records"], "record"), _value(case))))
        paragraph(results(), f"{size}; {_why(case)}. Case {case['case']}", indent=5)


def _why(case: Mapping[str, Any]) -> str:
    """What agrees and differs, by name; how surprising that is; how many reasons and reports there are."""
    agrees, differs = fields_of(case["agrees"]), fields_of(case["differs"])
    told = []
    if agrees:
        bits = f" ({case['bits']:.0f} bits)" if case["bits"] else ""
        told.append(f"{_listed(agrees)} {'agree' if len(agrees) > 1 else 'agrees'}{bits}")
    if differs:
        told.append(f"{_listed(differs)} {'differ' if len(differs) > 1 else 'differs'}")
    if case["also_in"]:
        told.append(f"also found by {counted(len(case['also_in']), 'other report')}")
    reasons = len(case["explanations"])
    told.append(
        f"{counted(reasons, 'innocent explanation')} found" if reasons else "no innocent explanation found"
    )
    return "; ".join(told)


def fields_of(said: Sequence[str]) -> list[str]:
    """The names of the fields that a case speaks of, without their values."""
    return list(dict.fromkeys(entry.partition(":")[0] for entry in said))


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _value(case: Mapping[str, Any]) -> str:
    if case["value_at_risk"] is not None:
        return f"{pounds(case['value_at_risk'])} at risk"
    return f"{pounds(case['value_involved'])} involved" if case["value_involved"] is not None else ""


def _sum(pence: int | None) -> str:
    """Pounds; nothing where the sum is not known, or is of the other kind."""
    return "" if pence is None else pounds(pence)
