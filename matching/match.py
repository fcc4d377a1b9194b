"""The match: reports over checked records, to one queue of cases."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa

from matching.body import Body
from matching.cases import queued
from matching.explain import facts_for, queries_behind
from matching.found import Found, found_by, wanted_columns
from matching.groups import groups_of
from matching.lines import AddedUp, Whole, added_up, line_by_line, only_with_lines
from matching.linkage.linked import linked
from matching.pairs import Grouped, Linked, pairs_of
from matching.prepare import only_with, prepared_records
from matching.records import Prepared, Records, schema_of
from matching.report import Report, ReportInvalid
from matching.report_columns import check_columns
from matching.result import MatchResult, ReportSummary
from matching.skipped import reasons_to_skip
from specs.engine import Engine
from specs.private_files import working_folder
from specs.specification import Specification

Progress = Callable[[str], None]
_RULES = Path(__file__).parent


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
    *,
    other: Body | None = None,
    with_pairs: bool = False,
    folder: Path | None = None,
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
        other: another body's records, or those of another exercise: then only what is found between the two
            makes a case.
        with_pairs: whether to list the pairs of records.
        folder: where working files are made, and removed; None: where the system keeps such.
        progress: told the title of each step as it begins.

    Returns:
        The same result for the same records, reports and specifications, on any engine and any day.
    """
    with working_folder(folder or Path(tempfile.gettempdir())) as working:
        progress("Preparing records")
        body = checked if isinstance(checked, Body) else Body(checked)
        bodies = (body, other) if other else (body,)
        records = prepared_records(
            bodies,
            engine,
            working,
            specifications=specifications,
            needed=_named_by(reports),
            only_with=only_with(reports, _named_by_explanations(reports)),
            told_apart_by=_references(specifications),
        )
        schemas = {dataset: schema_of(records, dataset) for dataset in records}
        faults = {report.id: fault for report in reports if (fault := _fault(report, schemas))}
        sound = [report for report in reports if report.id not in faults]
        skipped = faults | reasons_to_skip(sound, records, bodies, specifications)
        names = {dataset: frozenset(each.key.columns) for dataset, each in specifications.items()}
        found: list[Found] = []
        grouped: list[Grouped | Linked] = []
        models: dict[str, Mapping[str, Any]] = {}
        running = [report for report in reports if report.id not in skipped]
        ledgers = _ledgers(running, records, specifications, engine, working)
        for report in running:
            progress(report.title)
            ledger, between_them = ledgers[_whole(report)], None
            if report.compare:
                weighed = linked(report, ledger.records, engine)
                groups, models[report.id] = weighed.groups, weighed.model
                between_them = weighed.pairs
            else:
                between = frozenset[str]().union(*(names[each] for each in report.data)) if other else None
                groups = groups_of(report, ledger.records, engine, between_bodies=between)
                if report.lines_of:
                    groups = only_with_lines(groups, ledger.lines, engine)
            each = found_by(report, groups, ledger.known, specifications, engine, pairs=between_them)
            if with_pairs and report.compare:
                grouped.append(Linked(report, weighed.pairs))
            elif with_pairs:
                grouped.append(Grouped(report, each.members, each.groups.select(["group_no", "share"])))
            found.append(line_by_line(each, ledger.lines, engine) if report.lines_of else each)
        progress("Ranking cases")
        queue = queued(found, records, specifications, engine)
        not_run = {
            report.id: _not_run(report, skipped[report.id]) for report in reports if report.id in skipped
        }
        return MatchResult(
            reports=tuple((not_run | dict(queue.summaries))[report.id] for report in reports),
            cases=queue.cases,
            records=queue.records,
            pairs=pairs_of(grouped, queue.groups, engine, two_bodies=other is not None),
            models=models,
            faults=tuple(faults.values()),
        )


@dataclass(frozen=True, slots=True)
class _Ledger:
    """What reports look at: the records, or those with the lines of one whole added up first."""

    records: Prepared
    known: Records
    """The same, and what explanations ask of all of them."""
    lines: pa.Table
    """Of wholes of several lines; see `matching.lines.AddedUp`."""


def _whole(report: Report) -> Whole | None:
    """The data set and name of the whole whose lines a report has added up first."""
    return (report.data[0], report.lines_of) if report.lines_of else None


def _ledgers(
    reports: Sequence[Report],
    records: Prepared,
    specifications: Mapping[str, Specification],
    engine: Engine,
    folder: Path,
) -> dict[Whole | None, _Ledger]:
    """For each whole that a report has added up, and for none, what its reports look at."""
    ledgers = {}
    for whole in dict.fromkeys(map(_whole, reports)):
        its = [report for report in reports if _whole(report) == whole]
        added = AddedUp(records, lines=pa.table({}))
        if whole:
            wanted = _named_by(its).union(*(wanted_columns(report, specifications) for report in its))
            target = folder / f"{'-'.join(whole)}-added-up"
            added = added_up(whole, records, engine, target=target, wanted=wanted)
        asked = {explanation for report in its for explanation in report.explanations}
        known = dict(added.records) | facts_for(asked, added.records, engine)
        ledgers[whole] = _Ledger(added.records, known, added.lines)
    return ledgers


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


def _named_by(reports: Sequence[Report]) -> frozenset[str]:
    """Every name that a report, or the query of an explanation that it asks for, speaks of."""
    named = {
        column for report in reports for column in (*report.columns, *report.compared, *report.also_tell)
    }
    return frozenset(named | _named_by_explanations(reports))


def _named_by_explanations(reports: Sequence[Report]) -> frozenset[str]:
    asked = {explanation for report in reports for explanation in report.explanations}
    queries = (query for name in asked for query in queries_behind(name))
    return frozenset(word for query in queries for word in re.findall(r"\w+", query))


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
