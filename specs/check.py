"""Check an extract against a specification: typed records, findings, and a record of the check.

The extract is read once, in batches of one size: mapped, parsed, held against the specification's schemas,
written as typed records. What needs the whole data set (references used twice or to nothing, months without
a payment) is asked in SQL of those records. Corrections, where they are asked for, come between mapping and
parsing. Nothing takes its place in the workspace until all of it is there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from specs.amounts import MoneyFormat
from specs.check_batches import BatchCheck, Progress, check_batches
from specs.check_record import CheckRecord, place_in_words
from specs.corrected import CorrectedRecords, CorrectionFiles, correct, offered_corrections
from specs.data_set import AcrossContext, ControlTotals, check_across
from specs.dates import date_format
from specs.engine import Engine
from specs.findings_file import BatchFindings, write_findings
from specs.layout_findings import as_findings, layout_findings, without_absent
from specs.mapped import MappedExtracts, open_mapped
from specs.mapping import Mapping as FieldMapping
from specs.modulus_tables import ModulusTables
from specs.parse import decide_reading
from specs.private_files import digest_of, working_folder, written_whole
from specs.read import Extract
from specs.schema import ExtractSchema
from specs.specification import Specification


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTerms:
    """What an extract is checked by, besides its specification."""

    today: date
    """The day of the check; a date of birth after it is a finding."""
    money: MoneyFormat | None = None
    """Overrides what the mapping says of sums of money."""
    others: Mapping[str, Path] = dataclasses.field(default_factory=dict)
    """Checked records of other data sets, by data set, for references to them."""
    lookups: Mapping[str, frozenset[str]] | None = None
    """The codes of each coded column, by column name, where look-up tables were given."""
    modulus: ModulusTables | None = None
    """Pay.UK's tables for sort codes with account numbers; None: these are not compared."""
    expected: ControlTotals | None = None
    """What the user says the data set comes to."""
    previous: CheckRecord | None = None
    """Of the extract of the previous exercise, to compare with."""
    correct: bool = False
    """Whether what is safe to correct is corrected before the check."""


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
    extracts: Sequence[Extract],
    specification: Specification,
    mapping: FieldMapping,
    terms: CheckTerms,
    *,
    workspace: Path,
    engine: Engine,
    progress: Progress | None = None,
) -> CheckResult:
    """Check a data set and write its records, findings and check record into a workspace.

    Memory stays bounded whatever the size of the extracts. The same arguments give the same bytes.

    Args:
        extracts: what the source system gave: one file, or several that are one data set, such as months.
        specification: what it must look like.
        mapping: which headings hold which fields.
        terms: what it is checked by besides.
        workspace: folder that gets `checked/`, `findings/` and, where corrections are asked for,
            `corrected/`, private to the user.
        engine: what runs SQL.
        progress: told how many records have been checked.

    Raises:
        ExtractUnreadable: something in the file that only shows while reading.
        MappingInvalid: the mapping names a heading that is not there.
        ControlTotalsInvalid: a control total of a field that the specification has not got.
        OutputUnwritable: no permission, no space.
    """
    records = workspace / "checked" / f"{specification.dataset}.parquet"
    findings = workspace / "findings" / f"{specification.dataset}.parquet"
    record_file, findings_csv = records.with_suffix(".json"), findings.with_suffix(".csv")
    corrections = CorrectionFiles.of(workspace, specification.dataset)
    with ExitStack() as files:  # what is opened first takes its place last: the record vouches for the rest
        new_record = files.enter_context(written_whole(record_file))
        new_csv = files.enter_context(written_whole(findings_csv))
        new_findings = files.enter_context(written_whole(findings))
        new_records = files.enter_context(written_whole(records))
        folder = files.enter_context(working_folder(workspace))

        mapped = open_mapped(MappedExtracts(extracts, mapping, specification), folder, engine)
        source = mapped.source
        dates = [date_format(text) for text in mapping.date_format]
        corrected: CorrectedRecords | None = None
        if terms.correct:
            new = corrections.map(lambda path: files.enter_context(written_whole(path)))
            corrected = correct(mapped, specification, new, folder, today=terms.today, dates=dates)
        batches = (corrected or mapped).batches()
        sample = next(batches)
        sentences = (
            corrected.sentences
            if corrected
            else offered_corrections(sample, specification, today=terms.today, dates=dates)
        )
        reading, assumptions = decide_reading(
            specification, sample, dates=dates, money=terms.money or mapping.money_format
        )
        schema = ExtractSchema(specification, source.columns, today=terms.today, modulus=terms.modulus)
        kept = BatchFindings(folder / "findings.arrow")
        checked = check_batches(
            chain([sample], batches),
            BatchCheck(specification, reading, schema),
            new_records,
            kept,
            progress=progress or (lambda _rows: None),
        )
        profile = checked.profile.profiles(checked.rows, new_records, engine)
        across = check_across(
            AcrossContext(
                specification=specification,
                columns=source.columns,
                records=new_records,
                rows=checked.rows,
                profile=profile,
                few_values=checked.profile.few_values(),
                engine=engine,
                today=terms.today,
                others=terms.others,
                employers=source.employers if mapping.employer else None,
                lookups=terms.lookups,
                trailers=source.trailers,
                expected=terms.expected,
                previous=terms.previous,
                place_in_words=partial(place_in_words, files=source.files) if len(source.files) > 1 else str,
            )
        )
        absent = {name for file in source.files for name in file.columns_absent}
        of_all = [each for each in across.whole if each.code != "few_filled" or each.field not in absent]
        whole = as_findings([*layout_findings(specification, mapped, assumptions), *of_all])
        parts = kept.merged_with(whole, across.rows)
        if absent:
            parts = (without_absent(part, source.files) for part in parts)
        counts = write_findings(parts, new_findings, new_csv, source.files)
        record = CheckRecord(
            dataset=specification.dataset,
            exercise=specification.exercise,
            specification=specification.label,
            specification_digest=specification.digest,
            files=source.files,
            records_sha256=digest_of(new_records),
            mapping_sha256=mapping.digest,
            rows=checked.rows,
            findings=counts,
            not_checked=(*schema.not_checked, *across.not_checked),
            totals=checked.totals.totals(),
            profile=profile,
            corrections=corrected.counts if corrected else (),
            columns_absent=mapping.columns_absent,
            columns_not_held=tuple(name for name in mapping.columns_absent if name in mapping.not_held),
            columns_unused=source.headings_unused,
            version=version("nfi"),
        )
        new_record.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    if not terms.correct:
        for path in corrections.paths:  # what an earlier check corrected does not belong to this one
            path.unlink(missing_ok=True)
    return CheckResult(
        record=record,
        records=records,
        record_file=record_file,
        findings=findings,
        findings_csv=findings_csv,
        corrections=corrections if terms.correct else None,
        corrected=sentences,
    )
