"""Check an extract against a specification: typed records, findings, and a record of the check.

The extract is read once, in batches of one size: mapped, parsed, held against the specification's schemas,
written as typed records. What needs the whole data set (references used twice or to nothing, months without
a payment) is asked in SQL of those records. Corrections, where they are asked for, come between mapping and
parsing. Nothing takes its place in the workspace until all of it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from specs.check_batches import FINDINGS, Progress
from specs.check_record import CheckRecord
from specs.check_steps import CheckSteps, CheckTerms
from specs.corrected import CorrectionFiles
from specs.engine import Engine
from specs.engine_extract import HeldExtract
from specs.mapped import RecordSource
from specs.mapping import Mapping as FieldMapping
from specs.private_files import digest_of, working_folder, written_whole
from specs.specification import Specification

__all__ = ["CheckResult", "CheckTerms", "check_extracts"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found, and where it is written."""

    record: CheckRecord
    records: Path
    """Typed records: `checked/<dataset>.parquet`."""
    record_file: Path
    findings: Path
    """Columns FINDINGS, ordered by row, code and place of the field: `findings/<dataset>.parquet`."""
    findings_csv: Path
    corrections: CorrectionFiles | None
    """The change log and the corrected extract, where corrections were asked for."""
    corrected: tuple[str, ...]
    """What was corrected, in sentences; where it was not asked for, what the first records would need."""

    @property
    def files(self) -> tuple[Path, ...]:
        """Everything that was written."""
        of_corrections = self.corrections.paths if self.corrections else ()
        return (self.records, self.record_file, self.findings, self.findings_csv, *of_corrections)


def check_extracts(
    extracts: Sequence[RecordSource] | Sequence[HeldExtract],
    specification: Specification,
    mapping: FieldMapping,
    terms: CheckTerms,
    *,
    workspace: Path,
    engine: Engine,
    progress: Progress = lambda _step, _rows: None,
) -> CheckResult:
    """Check a data set and write its records, findings and check record into a workspace.

    Memory stays bounded whatever the size of the extracts. The same arguments give the same bytes.

    Args:
        extracts: what the source system gave: one file, or several that are one data set, such as months;
            or what `engine` holds of it, which is then checked there.
        specification: what it must look like.
        mapping: which headings hold which fields.
        terms: what it is checked by besides.
        workspace: folder that gets `checked/`, `findings/` and, where corrections are asked for,
            `corrected/`, private to the user.
        engine: what runs SQL.
        progress: told what is being done, and how many records have been checked.

    Raises:
        ExtractUnreadable: something in the file that only shows while reading.
        MappingInvalid: the mapping names a heading that is not there.
        ControlTotalsInvalid: a control total of a field that the specification has not got.
        NfiError: as the engine raises it.
        OutputUnwritable: no permission, no space.
    """
    places = _ResultFiles.of(workspace, specification.dataset)
    corrections = CorrectionFiles.of(workspace, specification.dataset)
    with ExitStack() as files:
        new = places.map(lambda path: files.enter_context(written_whole(path)))
        folder = files.enter_context(working_folder(workspace))
        steps = CheckSteps(specification, mapping, terms, folder, engine)
        new_corrections = (
            corrections.map(lambda path: files.enter_context(written_whole(path))) if terms.correct else None
        )
        opened = steps.open(extracts, new_corrections)
        checked = steps.check(opened, new.records, progress)
        progress(FINDINGS, checked.batches.rows)
        counts = steps.write_findings(opened, checked, new.findings, new.findings_csv)
        record = steps.record(opened, checked, counts, records_sha256=digest_of(new.records))
        new.record.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    if not terms.correct:
        for path in corrections.paths:  # what an earlier check corrected does not belong to this one
            path.unlink(missing_ok=True)
    return CheckResult(
        record=record,
        records=places.records,
        record_file=places.record,
        findings=places.findings,
        findings_csv=places.findings_csv,
        corrections=corrections if terms.correct else None,
        corrected=opened.sentences,
    )


@dataclass(frozen=True, slots=True)
class _ResultFiles:
    """Where the results go. What is opened first takes its place last: the record vouches for the rest."""

    record: Path
    findings_csv: Path
    findings: Path
    records: Path

    @classmethod
    def of(cls, workspace: Path, dataset: str) -> _ResultFiles:
        records = workspace / "checked" / f"{dataset}.parquet"
        findings = workspace / "findings" / f"{dataset}.parquet"
        return cls(records.with_suffix(".json"), findings.with_suffix(".csv"), findings, records)

    def map(self, function: Callable[[Path], Path]) -> _ResultFiles:
        """The same files at other places."""
        return _ResultFiles(*map(function, (self.record, self.findings_csv, self.findings, self.records)))
