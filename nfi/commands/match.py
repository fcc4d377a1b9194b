"""`nfi match`: which records do not fit together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from matching.wording import counted
from nfi import verbs
from nfi.bare_files import match_files, parse_data_file
from nfi.commands.match_summary import show_match
from nfi.commands.options import OUT, Engine, Json, Memory, Remote
from nfi.console import messages, progress, results
from nfi.engines import EngineChoice, EngineName
from nfi.long_run import LongRun


def match(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="The folder that `nfi check` worked in (its --out).",
            show_default=str(OUT),
        ),
    ] = None,
    report: Annotated[
        list[str] | None,
        typer.Option("--report", "-r", help="Run only this report; may be given more than once."),
    ] = None,
    with_: Annotated[
        Path | None,
        typer.Option(
            "--with",
            metavar="DIR",
            help="The folder of another body or exercise: show what is found between the two.",
        ),
    ] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DATASET=FILE",
            help="Match a bare file, without a folder; give one data set twice to match two bodies.",
        ),
    ] = None,
    mapping: Annotated[
        list[Path] | None,
        typer.Option("--mapping", "-m", help="For --data: YAML that says which heading is which field."),
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every pair of records as CSV, for programs.")
    ] = None,
    reports: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Your own reports (YAML), instead of the folder 'reports' in DIR."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="For --data: write workbook and case files in here."),
    ] = None,
    engine: Engine = EngineName.DUCKDB,
    remote: Remote = None,
    memory: Memory = None,
    afresh: Annotated[
        bool,
        typer.Option("--afresh", help="Begin from the start, after a match that was interrupted."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Match checked extracts, or bare files, and rank what does not fit together.

    A match is an inconsistency that may need a look; nothing is assumed until someone has investigated.

    Exit code 0: done. 1: done, but for reports that cannot be used. 2: wrong usage. 3: nothing could be done.

    Example: nfi match nfi-work

    Example: nfi match nfi-work --with last-exercise --report payroll-same-nino

    Example: nfi match nfi-work --engine spark --remote sc://spark.example:15002

    Example: nfi match --data payroll=people.csv --mapping people.yaml --report same-person --pairs pairs.csv
    """
    runs_on = EngineChoice(engine, remote, memory)
    with progress("Matching") as step:
        long = LongRun(afresh=afresh, expects=step.expects, says=step.says)
        if data:
            _without(
                {"a folder": folder, "--with": with_},
                "does not go with --data: files are matched as they are, or what was checked in a folder is.",
            )
            _without({"--afresh": afresh}, "does not go with --data: nothing is kept of bare files.")
            run = match_files(
                [parse_data_file(each) for each in data],
                mappings=mapping or (),
                reports=report or (),
                own_reports=reports,
                pairs=pairs,
                out=out,
                engine=runs_on,
                long=long,
                at=datetime.now(UTC),
                progress=step,
            )
        else:
            _without({"--mapping": mapping, "--out": out}, "is for --data DATASET=FILE.")
            run = verbs.match(
                folder or OUT,
                reports=report or (),
                own_reports=reports,
                other=with_,
                pairs=pairs,
                engine=runs_on,
                long=long,
                at=datetime.now(UTC),
                progress=step,
            )
    _show(run, as_json=as_json)
    if run.faults:
        raise typer.Exit(1)


def _without(given: Mapping[str, object], why: str) -> None:
    """Refuse options that say nothing here."""
    for name in (name for name, value in given.items() if value):
        raise typer.BadParameter(f"{name} {why} See: nfi match --help")


def _show(run: verbs.MatchRun, *, as_json: bool) -> None:
    for sentence in (*run.notes, *run.faults):
        messages().print(sentence)
    if run.kept:
        messages().print(f"The workbook had been written into and was kept as {run.kept}.")
    if as_json:
        summary = {
            "json_version": 1,
            "specifications": run.specifications,
            "reports": [asdict(each) for each in run.result.reports],
            "cases": run.result.cases_file.rows,
            "notes": run.notes,
            "faults": run.faults,
            "files": [str(path) for path in (run.workbook, *run.files) if path],
        }
        typer.echo(json.dumps(summary, indent=2))
        return
    results().print(f"Records checked against {', '.join(run.specifications)}")
    show_match(run)
    if run.workbook:
        messages().print(f"Written: {run.workbook}, and beside it the full lists as CSV and Parquet.")
    if run.pairs:
        messages().print(f"Written: {run.pairs}, {counted(run.result.pairs.num_rows, 'pair')}.")
