"""The match of what was checked in a folder, alone or with another folder's, and what is written of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from matching.body import Body
from matching.engines.limits import enough_disk
from matching.known_reports import KnownReport, KnownReports, known_reports
from matching.match import match as match_records
from matching.match import rules_digest
from matching.records import known_fields
from matching.report import ReportInvalid
from matching.result import MatchResult
from nfi.engines import THIS_MACHINE, EngineChoice, running, uses_this_disk
from nfi.interruption import undisturbed
from nfi.kept_workbook import put_aside
from nfi.located import FILE_AND_ROW, FileColumn, located
from nfi.long_run import SHORT, LongRun, kept_steps
from nfi.run_record import write_run_record
from nfi.step_costs import WRITING, expected_costs
from nfi.workspace import Workspace
from outputs.case_files import write_case_files, write_models
from outputs.match_workbook import write_match_workbook
from outputs.pairs_file import check_pairs_place, write_pairs
from outputs.report_sheet import PublishedField
from specs.check_record import CheckRecord
from specs.engine import Engine
from specs.private_files import begun, digest_of, put_in_place, working_folder, written_whole
from specs.specification import Specification

Progress = Callable[[str], None]

DISK_FACTOR = 10
"""Bytes of working files for each byte of checked records: 6 as bench/step_costs.py has it, and what
does not fit into memory."""


FIRST = 10
"""Cases that are told on the console."""


@dataclass(frozen=True, slots=True)
class MatchRun:
    """What a match found, and where it was written."""

    result: MatchResult
    """Its files are gone where `workbook` is None."""
    first: tuple[Mapping[str, Any], ...]
    """The first cases: rows of `matching.result.CASES`."""
    specifications: tuple[str, ...]
    """What the records were checked against, with status: 'payroll 2026-27 (provisional)'."""
    workbook: Path | None
    """None where bare files were matched and no folder was named."""
    files: tuple[Path, ...]
    """The other files that were written."""
    pairs: Path | None = None
    """Among them, the pairs of records."""
    kept: Path | None = None
    """Where the workbook of an earlier match went, if somebody had written into it."""
    notes: tuple[str, ...] = ()
    """What a person should know besides, one sentence each."""
    faults: tuple[str, ...] = ()
    """What is wrong with the reports that could not be used, one sentence each."""


@dataclass(frozen=True, slots=True)
class Side:
    """The data sets of one body, and what their check recorded."""

    body: Body
    checks: Mapping[str, CheckRecord]
    specifications: Mapping[str, Specification]

    @property
    def made_from(self) -> dict[str, dict[str, str]]:
        """What a match is made from: the extracts, and the typed records of them."""
        return checked_digests(self.checks)


def checked_digests(checks: Mapping[str, CheckRecord]) -> dict[str, dict[str, str]]:
    """The extracts, and the typed records of them, by data set."""
    return {
        dataset: {"extract_sha256": check.extract_sha256, "records_sha256": check.records_sha256}
        for dataset, check in checks.items()
    }


def match(
    folder: Path,
    *,
    reports: Sequence[str] = (),
    own_reports: Path | None = None,
    other: Path | None = None,
    pairs: Path | None = None,
    engine: EngineChoice | Engine = THIS_MACHINE,
    long: LongRun = SHORT,
    at: datetime,
    progress: Progress = lambda _: None,
) -> MatchRun:
    """Match the extracts that were checked in a folder, and write the cases into it.

    Args:
        folder: the workspace.
        reports: ids of the reports to run; none: all, the body's own among them.
        own_reports: folder of the body's own reports; None: `reports/` in the workspace.
        other: the workspace of another body, or of another exercise: then only what is found between the two
            makes a case.
        pairs: where to write the pairs of records, as CSV.
        engine: where large work runs.
        long: what to do where it takes long.
        at: the time of the run, for the trail.
        progress: told each step as it begins.

    Raises:
        NothingChecked: a folder holds no checked extract.
        ReportNotFound: no report has this id.
        ReportInvalid: none of the reports that are asked for can be used.
        PairsMisplaced, OutputUnwritable: the results cannot be written.
    """
    workspace = Workspace(folder)
    chosen = Chosen.of(known_reports(own_reports or workspace.reports), reports)
    folders = (folder, other) if other else (folder,)
    names = told_apart(folders)
    sides = [_side(Workspace(place), name) for place, name in zip(folders, names, strict=True)]
    checked = tuple(file for side in sides for file in side.body.records.values())
    return run_match(
        lambda _: Ready(sides),
        chosen,
        Outputs(workspace, pairs, inputs=checked),
        temporary=folder,
        engine=engine,
        resume=folder,
        long=long,
        at=at,
        progress=progress,
    )


def _side(workspace: Workspace, name: str) -> Side:
    checks = workspace.records()
    findings = {dataset: workspace.findings / f"{dataset}.parquet" for dataset in checks}
    body = Body(
        records={dataset: workspace.checked(dataset) for dataset in checks},
        findings={dataset: path for dataset, path in findings.items() if path.exists()},
        name=name,
    )
    specifications = {dataset: workspace.specification_of(check) for dataset, check in checks.items()}
    return Side(body, checks, specifications)


def told_apart(places: Sequence[Path]) -> tuple[str, ...]:
    """What to call files or folders: their names, or where they stand if these are the same."""
    names = tuple(place.resolve().name for place in places)
    return names if len(set(names)) == len(names) else tuple(str(place) for place in places)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The reports to run."""

    reports: tuple[KnownReport, ...]
    faults: tuple[str, ...]
    """What is wrong with files that were not asked for by name and would have been run."""

    @classmethod
    def of(cls, known: KnownReports, ids: Sequence[str]) -> Chosen:
        """Those that are named, or all.

        Raises:
            ReportNotFound, ReportInvalid: one that is named is not there, or cannot be used.
        """
        return cls(known.called(ids), () if ids else tuple(fault for _, fault in known.faults))

    @property
    def notes(self) -> tuple[str, ...]:
        """Which reports are not nfi's."""
        return tuple(
            f"{each.file}: in place of nfi's report '{each.report.id}'."
            for each in self.reports
            if each.replaces
        )


@dataclass(frozen=True, slots=True)
class Outputs:
    """What is written."""

    workspace: Workspace | None
    """Gets the workbook, the case files and the run record; None: they are not written."""
    pairs: Path | None
    """Gets the pairs; None: they are not written."""
    inputs: tuple[Path, ...]
    """Files that the pairs must not be written over."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What is to be matched."""

    sides: Sequence[Side]
    """The bodies, one or two."""
    notes: tuple[str, ...] = ()
    """What a person should know of it, one sentence each."""


def run_match(
    read: Callable[[Path], Ready],
    chosen: Chosen,
    outputs: Outputs,
    *,
    temporary: Path,
    engine: EngineChoice | Engine = THIS_MACHINE,
    resume: Path | None = None,
    long: LongRun = SHORT,
    at: datetime,
    progress: Progress = lambda _: None,
) -> MatchRun:
    """Run reports over one body's records or between two bodies', and write what they found.

    Args:
        read: gives what is to be matched; is told a folder for working files.
        chosen: the reports.
        outputs: where what was found goes.
        temporary: where that folder is made, and removed however the match ends.
        engine: where large work runs.
        resume: the workspace in which finished steps are kept until the match is done; None: none are.
        long: what to do where it takes long.
        at: the time of the run, for the trail.
        progress: told each step as it begins.

    Raises:
        ReportInvalid: none of the reports can be used.
        DiskShort: there is too little disk for the working files.
        PairsMisplaced, OutputUnwritable: the results cannot be written.
    """
    pairs = outputs.pairs
    with contextlib.ExitStack() as files:
        if pairs:
            check_pairs_place(pairs, outputs.inputs)
            new_pairs = files.enter_context(written_whole(pairs))
        prepared: Path | None = None
        if outputs.workspace:
            files.enter_context(begun(outputs.workspace.folder))
            prepared = files.enter_context(working_folder(outputs.workspace.folder))
        working = files.enter_context(working_folder(temporary))
        ready = read(working)
        sides = ready.sides
        specifications = {
            name: each for side in reversed(sides) for name, each in side.specifications.items()
        }
        rows = _rows(sides)
        if uses_this_disk(engine):
            enough_disk(temporary, _working_disk(sides))
        long.expects(expected_costs([each.report for each in chosen.reports], rows))
        steps = {
            "inputs": _inputs(sides, chosen, specifications),
            "names": [side.body.name for side in sides],
            "pairs": pairs is not None,
        }
        kept = kept_steps(resume, sum(rows.values()), steps, long)
        result = match_records(
            sides[0].body,
            [each.report for each in chosen.reports],
            specifications,
            files.enter_context(running(engine, working)),
            prepared or working,
            other=sides[1].body if len(sides) > 1 else None,
            with_pairs=pairs is not None,
            folder=working,
            kept=kept,
            progress=progress,
        )
        if result.faults and len(result.faults) == len(chosen.reports):
            kept.clear()
            raise ReportInvalid(" ".join(f"{fault}." for fault in result.faults))
        if pairs:
            progress("Writing the pairs")
            write_pairs(new_pairs, result.pairs)
        run = MatchRun(
            result=result,
            first=tuple(result.cases_file.read(ranks=FIRST).to_pylist()),
            specifications=tuple(dict.fromkeys(each.label for each in specifications.values())),
            workbook=None,
            files=(pairs,) if pairs else (),
            pairs=pairs,
            notes=(*chosen.notes, *ready.notes),
            faults=(*chosen.faults, *result.faults),
        )
        if outputs.workspace and prepared:
            progress(WRITING)
            made_from = _made_from(sides, chosen, specifications, result)
            run = _with_cases(run, made_from, specifications, outputs.workspace, prepared, sides=sides, at=at)
            kept.clear()
    return run


def _with_cases(
    run: MatchRun,
    made_from: Mapping[str, Any],
    specifications: Mapping[str, Specification],
    workspace: Workspace,
    prepared: Path,
    *,
    sides: Sequence[Side],
    at: datetime,
) -> MatchRun:
    """Write workbook, lists for people, what was learned, and the run record beside cases and records.

    All are prepared in one folder, then put into the workspace together.
    """
    result = run.result
    fields: dict[str, PublishedField] = {**known_fields(specifications)}
    if any(len(check.files) > 1 for side in sides for check in side.checks.values()):
        records = located(result.records_file, {side.body.name: side.checks for side in sides})
        result = replace(result, records_file=records)
        fields[FILE_AND_ROW] = FileColumn()
    workbook = workspace.matches / "cases.xlsx"
    write_match_workbook(prepared / workbook.name, result, fields, specifications=specifications.values())
    write_case_files(prepared, result, fields)
    write_models(prepared / "models", result.models)
    with undisturbed():
        kept = put_aside(workbook, workspace.runs / "match.json")
        for earlier in workspace.matches.glob("models/*.json"):
            earlier.unlink()
        files = put_in_place(prepared, workspace.matches)
        write_run_record(workspace, "match", made_from=made_from, outputs=files, at=at)
    there = replace(
        result,
        cases_file=result.cases_file.moved_to(workspace.matches),
        records_file=result.records_file.moved_to(workspace.matches),
    )
    others = tuple(file for file in files if file != workbook)
    return replace(run, result=there, workbook=workbook, files=(*others, *run.files), kept=kept)


def _made_from(
    sides: Sequence[Side],
    chosen: Chosen,
    specifications: Mapping[str, Specification],
    result: MatchResult,
) -> dict[str, Any]:
    return {**_inputs(sides, chosen, specifications), "learned": dict(result.models)}


def _inputs(
    sides: Sequence[Side], chosen: Chosen, specifications: Mapping[str, Specification]
) -> dict[str, Any]:
    own = {each.report.id: each for each in chosen.reports if each.is_own}
    return {
        "checked": sides[0].made_from,
        **({"other": sides[1].made_from} if len(sides) > 1 else {}),
        "findings": [
            {name: digest_of(path) for name, path in sorted(side.body.findings.items())} for side in sides
        ],
        "specifications": {each.label: each.digest for each in specifications.values()},
        "reports": [each.report.id for each in chosen.reports],
        "own_reports": {name: {"file": each.file.name, "sha256": each.sha256} for name, each in own.items()},
        "rules_sha256": rules_digest(),
    }


def _rows(sides: Sequence[Side]) -> dict[str, int]:
    """How many records there are of each data set, of all bodies together."""
    rows: dict[str, int] = {}
    for side in sides:
        for dataset, path in side.body.records.items():
            rows[dataset] = rows.get(dataset, 0) + pq.read_metadata(path).num_rows
    return rows


def _working_disk(sides: Sequence[Side]) -> int:
    """The bytes that working files will take."""
    return sum(path.stat().st_size for side in sides for path in side.body.records.values()) * DISK_FACTOR
