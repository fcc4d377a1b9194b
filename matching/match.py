"""The match: reports over checked records, to one queue of cases."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import pyarrow as pa

from matching.body import Body
from matching.kept_steps import KeptSteps, Step
from matching.ledgers import Ledgers, named_by, named_by_explanations
from matching.pairs import pairs_of
from matching.prepare import only_with, prepared_records
from matching.queue import queued
from matching.records import schema_of
from matching.report import Report, ReportInvalid
from matching.report_columns import check_columns
from matching.report_run import ReportRun, run_report
from matching.result import MatchResult, ReportSummary
from matching.skipped import reasons_to_skip
from specs.engine import Engine, Stored
from specs.private_files import working_folder
from specs.specification import Specification

Progress = Callable[[str], None]
_RULES = Path(__file__).parent
_RECORDS = "records"
"""The step that makes records ready, as it is kept."""


def rules_digest() -> str:
    """SHA-256 over everything that people decide here: reports, explanations, standards (YAML and SQL)."""
    digest = sha256()
    for path in sorted((*_RULES.rglob("*.yaml"), *_RULES.rglob("*.sql"))):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(_RULES).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def match(
    checked: Body | Mapping[str, Path],
    reports: Sequence[Report],
    specifications: Mapping[str, Specification],
    engine: Engine,
    results: Path,
    *,
    other: Body | None = None,
    with_pairs: bool = False,
    folder: Path | None = None,
    kept: KeptSteps | None = None,
    progress: Progress = lambda _: None,
) -> MatchResult:
    """Run reports over checked records.

    Args:
        checked: one body's records; or only data set -> its checked Parquet file.
        reports: which to run; one that needs a data set that is not there, or a field that the specification
            of a data set does not have, is skipped, with the reason. One that names a data set or a column
            that there is not, or one of the wrong kind, is skipped as well, and among the `faults`.
        specifications: data set -> the specification that its records were checked against.
        engine: where to run.
        results: folder that gets the files with the cases and their records, and is the caller's to remove.
        other: another body's records, or those of another exercise: then only what is found between the two
            makes a case.
        with_pairs: whether to list the pairs of records.
        folder: where working files are made, and removed; None: where the system keeps such.
        kept: gets every finished step, and gives what an earlier run of the same match has finished; None:
            nothing is kept. The caller clears it once the results are safe.
        progress: told the title of each step as it begins, but not of one that is taken up.

    Returns:
        The same result for the same records, reports and specifications, on any engine and any day.
    """
    kept = kept or KeptSteps(None)
    with working_folder(folder or Path(tempfile.gettempdir())) as working:
        body = checked if isinstance(checked, Body) else Body(checked)
        bodies = (body, other) if other else (body,)
        if step := kept.taken_up(_RECORDS, working):
            records: dict[str, Stored] = dict(step.files)
        else:
            progress("Preparing records")
            records = _prepared(bodies, reports, specifications, engine, working)
            files = {dataset: file for dataset, file in records.items() if isinstance(file, Path)}
            if len(files) == len(records):  # else an engine has them where only this run finds them
                kept.keep(_RECORDS, Step(files=files))
        schemas = {dataset: schema_of(records, dataset) for dataset in records}
        faults = {report.id: fault for report in reports if (fault := _fault(report, schemas))}
        sound = [report for report in reports if report.id not in faults]
        skipped = faults | reasons_to_skip(sound, records, bodies, specifications, engine)
        running = [report for report in reports if report.id not in skipped]
        ledgers = Ledgers(running, records, specifications, engine, folder=working, kept=kept)
        runs: list[ReportRun] = []
        for report in running:
            if step := kept.taken_up(_name_of_step(report), working):
                runs.append(ReportRun.of_step(report, step))
                continue
            progress(report.title)
            ledger = ledgers.of(report)
            runs.append(
                run_report(
                    report,
                    ledger,
                    specifications,
                    engine,
                    working,
                    two_bodies=other is not None,
                    with_pairs=with_pairs,
                )
            )
            kept.keep(_name_of_step(report), runs[-1].as_step())
        progress("Ranking cases")
        paired = [run.pairs for run in runs if run.pairs]
        models = {run.found.report.id: run.model for run in runs if run.model is not None}
        found = [run.found for run in runs]
        queue = queued(found, records, specifications, engine, working=working, results=results)
        not_run = {
            report.id: _not_run(report, skipped[report.id]) for report in reports if report.id in skipped
        }
        return MatchResult(
            reports=tuple((not_run | dict(queue.summaries))[report.id] for report in reports),
            cases_file=queue.cases,
            records_file=queue.records,
            pairs=pairs_of(paired, queue.groups, engine, two_bodies=other is not None),
            models=models,
            faults=tuple(faults.values()),
        )


def _name_of_step(report: Report) -> str:
    return f"report-{report.id}"


def _prepared(
    bodies: Sequence[Body],
    reports: Sequence[Report],
    specifications: Mapping[str, Specification],
    engine: Engine,
    folder: Path,
) -> dict[str, Stored]:
    """The records ready to be matched by these reports."""
    return prepared_records(
        bodies,
        engine,
        folder,
        specifications=specifications,
        needed=named_by(reports),
        only_with=only_with(reports, named_by_explanations(reports)),
        told_apart_by=_references(specifications),
    )


def _fault(report: Report, schemas: Mapping[str, pa.Schema]) -> str | None:
    try:
        check_columns(report, schemas)
    except ReportInvalid as fault:
        return str(fault)
    return None


def _references(specifications: Mapping[str, Specification]) -> frozenset[str]:
    """The columns that name a record, of this data set or of another."""
    of_records = {column for each in specifications.values() for column in each.key.columns}
    return frozenset(of_records | {each.column for one in specifications.values() for each in one.references})


def _not_run(report: Report, reason: str) -> ReportSummary:
    return ReportSummary(
        report=report.id,
        title=report.title,
        nfi_report=str(report.nfi_report) if report.nfi_report else None,
        cases=0,
        records=0,
        explained=0,
        value_at_risk=None,
        skipped=reason,
        value_means=report.value_means,
        data=report.data,
    )
