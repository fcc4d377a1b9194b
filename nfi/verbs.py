"""The verbs of nfi as plain functions: what the commands call, and what a Python program may call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePath

from matching.engines.duckdb import DuckDBEngine
from matching.match import match as match_records
from matching.match import rules_digest
from matching.records import known_fields
from matching.report import reports_called
from matching.result import MatchResult
from nfi.checking import CheckRun, check
from nfi.kept_workbook import put_aside
from nfi.located import FILE_AND_ROW, FileColumn, located
from nfi.run_record import problems_of, write_run_record
from nfi.workspace import NothingChecked, Workspace
from outputs.case_files import write_case_files
from outputs.datapackage import MANIFEST
from outputs.match_workbook import write_match_workbook
from outputs.open_submission import open_submission
from outputs.report_sheet import PublishedField
from outputs.spec_format import NegativeSign
from outputs.submission import SubmissionPart, SubmissionRefused, SubmissionSummary, build_submission
from specs.check_record import CheckRecord
from specs.private_files import working_folder

__all__ = [
    "CheckRun",
    "MatchRun",
    "PackageVerified",
    "Progress",
    "check",
    "match",
    "package",
    "verify_folder",
    "verify_package",
]

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class MatchRun:
    """What a match found, and where it was written."""

    result: MatchResult
    specifications: tuple[str, ...]
    """What the records were checked against, with status: 'payroll 2026-27 (provisional)'."""
    workbook: Path
    files: tuple[Path, ...]
    kept: Path | None
    """Where the workbook of an earlier match went, if somebody had written into it."""


def match(
    folder: Path, *, reports: Sequence[str] = (), at: datetime, progress: Progress = lambda _: None
) -> MatchRun:
    """Match the extracts that were checked in a folder, and write the cases into it.

    Args:
        folder: the workspace.
        reports: ids of the reports to run; none: all.
        at: the time of the run, for the trail.
        progress: told each step as it begins.

    Raises:
        NothingChecked: the folder holds no checked extract.
        ReportNotFound: no report has this id.
        OutputUnwritable: the results cannot be written.
    """
    workspace = Workspace(folder)
    chosen = reports_called(tuple(reports))
    records = workspace.records()
    specifications = {dataset: workspace.specification_of(record) for dataset, record in records.items()}
    with working_folder(folder) as temporary:
        result = match_records(
            {dataset: workspace.checked(dataset) for dataset in records},
            chosen,
            specifications,
            DuckDBEngine(temporary=temporary),
            progress=progress,
        )
    progress("Writing the cases")
    workbook = workspace.matches / "cases.xlsx"
    kept = put_aside(workbook, workspace.runs / "match.json")
    fields: dict[str, PublishedField] = {**known_fields(specifications)}
    if any(len(record.files) > 1 for record in records.values()):
        result = replace(result, records=located(result.records, records))
        fields[FILE_AND_ROW] = FileColumn()
    write_match_workbook(workbook, result, fields, specifications=specifications.values())
    files = write_case_files(workspace.matches, result, fields)
    write_run_record(
        workspace,
        "match",
        made_from={
            "checked": _checked(records),
            "specifications": {each.label: each.digest for each in specifications.values()},
            "reports": [report.id for report in chosen],
            "rules_sha256": rules_digest(),
        },
        outputs=[workbook, *files],
        at=at,
    )
    return MatchRun(
        result=result,
        specifications=tuple(each.label for each in specifications.values()),
        workbook=workbook,
        files=tuple(files),
        kept=kept,
    )


def package(
    folder: Path,
    *,
    passphrase: str | Callable[[], str],
    body: str,
    name: str = "submission.zip",
    accepted_errors: str | None = None,
    notes: Sequence[str] = (),
    negative_sign: NegativeSign = NegativeSign.LEADING,
    overwrite: bool = False,
    at: datetime,
) -> SubmissionSummary:
    """Package the extracts that were checked in a folder, as `submission/<name>` inside it.

    The arguments are those of `build_submission`.

    Raises:
        NothingChecked: the folder holds no checked extract.
        ErrorsOpen: a check found errors and `accepted_errors` does not say why to send them.
        PassphraseUnfit: the passphrase is too weak.
        SubmissionRefused: the package exists already, or the body or the package has no fit name.
    """
    if PurePath(name).suffix.casefold() != ".zip" or {"/", "\\", ":"}.intersection(name):
        raise SubmissionRefused(
            f"{name}: not a file name that ends in .zip. Choose one, such as payroll.zip."
        )
    workspace = Workspace(folder)
    records = workspace.records()
    summary = build_submission(
        [
            SubmissionPart(workspace.specification_of(record), workspace.checked(dataset), record)
            for dataset, record in records.items()
        ],
        workspace.submission / name,
        passphrase=passphrase,
        body=body,
        accepted_errors=accepted_errors,
        notes=notes,
        negative_sign=negative_sign,
        overwrite=overwrite,
    )
    write_run_record(
        workspace,
        "package",
        made_from={
            "checked": _checked(records),
            "package": name,
            "body": body,
            "accepted_errors": accepted_errors,
            "notes": list(notes),
            "negative_sign": negative_sign,
            "manifest_sha256": summary.manifest_sha256,
        },
        outputs=[],  # the archive around the files differs each time: AES draws a new salt
        at=at,
    )
    return summary


def verify_folder(folder: Path) -> tuple[str, ...]:
    """Where outputs, run records and trail of a folder no longer agree, in words; empty where all do.

    Raises:
        NothingChecked: nfi has not worked in this folder.
    """
    workspace = Workspace(folder)
    if not workspace.runs.is_dir():
        raise NothingChecked(f"{folder}: holds no run records, so nfi has not worked here. Name its folder.")
    return problems_of(workspace)


@dataclass(frozen=True, slots=True)
class PackageVerified:
    """What became of a package, by its own manifest."""

    manifest_sha256: str
    problems: tuple[str, ...]


def verify_package(package: Path, *, passphrase: str) -> PackageVerified:
    """Open a package and compare its files with its manifest; nothing is written to the disk.

    Raises:
        SubmissionUnreadable: not there, damaged, not one of nfi's, or another passphrase.
        ManifestUnreadable: its manifest is not one that this version of nfi reads.
    """
    with open_submission(package, passphrase=passphrase) as submission:
        return PackageVerified(
            manifest_sha256=sha256(submission.content(MANIFEST)).hexdigest(),
            problems=submission.problems(),
        )


def _checked(records: Mapping[str, CheckRecord]) -> dict[str, dict[str, str]]:
    """What a match or a package was made from: the extracts, and the typed records of them."""
    return {
        dataset: {"extract_sha256": record.extract_sha256, "records_sha256": record.records_sha256}
        for dataset, record in records.items()
    }
