"""`nfi demo`: the whole job, on invented data."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from matching.wording import counted, pounds
from nfi.answers import Score
from nfi.console import messages, progress, results, table
from nfi.demo import Demo, run_demo
from outputs.verify.words import verdict
from specs.specification import Severity


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to work.")] = Path("nfi-demo"),
    seed: Annotated[int, typer.Option(help="Of the sample; the same seed gives the same extracts.")] = 1,
) -> None:
    """Make a sample, check it, match it, package it, verify that, and say what was found.

    Example: nfi demo
    """
    with progress("Demo") as step:
        made = run_demo(folder, seed=seed, at=datetime.now(UTC), progress=step)
    _show_checks(made)
    _show_matches(made)
    _show_package(made)
    results().print("\n4. Made again from the extracts, and compared with the package")
    results().print(verdict(made.verified))
    results().print(
        f"\n5. Compared with the answer key; {made.match.result.cases_file.rows:,} cases in the queue"
    )
    _show_scores("inconsistencies that were planted", "inconsistency", made)
    _show_scores("look-alikes with an innocent reason", "innocent", made)
    _show_faults(made)
    _show_places(made)


def _show_checks(made: Demo) -> None:
    shown = table("extract", "records", "errors", "warnings", right=("records", "errors", "warnings"))
    for each in made.checks:
        record = each.result.record
        shown.add_row(
            record.specification,
            f"{record.rows:,}",
            f"{record.count(Severity.ERROR):,}",
            f"{record.count(Severity.WARNING):,}",
        )
    results().print("1. Checked")
    results().print(shown)


def _show_matches(made: Demo) -> None:
    shown = table("report", "cases", "explained", "at risk", right=("cases", "explained", "at risk"))
    reports = made.match.result.reports
    with_cases = [each for each in reports if each.cases]
    for each in with_cases:
        shown.add_row(each.title, f"{each.cases:,}", f"{each.explained:,}", _sum(each.value_at_risk))
    results().print("\n2. Matched")
    results().print(shown)
    results().print(f"{counted(len(reports) - len(with_cases), 'more report')} found nothing.")


def _sum(pence: int | None) -> str:
    """Pounds; nothing where the report's values are no loss, or are not known."""
    return "" if pence is None else pounds(pence)


def _show_package(made: Demo) -> None:
    shown = table("file", "records", "bytes", right=("records", "bytes"))
    for file in made.package.files:
        shown.add_row(file.path, f"{file.rows:,}", f"{file.bytes:,}")
    results().print("\n3. Packaged")
    results().print(shown)
    results().print(
        f"{made.package.accepted_errors:,} open errors were accepted, with a reason in the manifest."
    )


def _show_scores(title: str, kind: str, made: Demo) -> None:
    shown = table(
        title,
        "planted",
        "in a case",
        "explained",
        "middle rank",
        right=("planted", "in a case", "explained", "middle rank"),
    )
    for score in _of_kind(kind, made):
        shown.add_row(
            score.name,
            str(score.planted),
            str(score.found),
            str(score.explained),
            f"{score.middle_rank:,}" if score.middle_rank else "-",
        )
    results().print()
    results().print(shown)


def _show_faults(made: Demo) -> None:
    faults = _of_kind("fault", made)
    found, planted = sum(each.found for each in faults), sum(each.planted for each in faults)
    missed = [each.name for each in faults if each.found < each.planted]
    results().print(f"\nFaults that were planted: {found} of {planted} found by the check")
    if missed:
        results().print(f"   not all found: {', '.join(missed)}")


def _of_kind(kind: str, made: Demo) -> list[Score]:
    return [score for score in made.scores if score.kind == kind]


def _show_places(made: Demo) -> None:
    package = made.package.package
    console = messages()
    console.print("\nWhere to look:")
    for each in made.checks:
        console.print(f"  {each.page}, and to work in: {each.workbook.name}")
    console.print(f"  {made.match.workbook}")
    console.print(f"  {package} (passphrase in {made.passphrase_file})")
    console.print(f"  {made.package.cover_sheets[0]}, for the person who uploads")
    console.print(f"  {made.sample.files['answers']} says what was planted where")
