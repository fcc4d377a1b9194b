"""The steps of one check, put together by `specs.check`: open and correct, check, write findings, record."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import pyarrow as pa

from specs.amounts import MoneyFormat
from specs.check_batches import (
    RECORDS,
    WHOLE,
    BatchCheck,
    BatchesChecked,
    KeptRecords,
    Progress,
    check_batches,
)
from specs.check_record import (
    CheckRecord,
    CorrectionCount,
    FieldProfile,
    FindingCount,
    NotChecked,
    place_in_words,
)
from specs.corrected import CorrectionFiles, correct, offered_corrections
from specs.data_set import AcrossContext, AcrossFindings, ControlTotals, check_across
from specs.dates import DateFormat, date_format
from specs.engine import Engine
from specs.engine_extract import HeldExtract
from specs.findings_file import BatchFindings, write_findings
from specs.held_corrections import correct_held
from specs.held_records import open_held
from specs.layout_findings import as_findings, layout_findings, without_absent
from specs.mapped import MappedExtracts, MappedRecords, MappedSource, RecordSource, open_mapped
from specs.mapping import Mapping as FieldMapping
from specs.modulus_tables import ModulusTables
from specs.parse import Assumption, decide_reading
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
class OpenedRecords:
    """Records under the names of the specification, corrected where that was asked for."""

    source: MappedSource
    """What is known of the extracts."""
    repeated_rows: int
    sample: pa.RecordBatch
    """The first of them."""
    check: Callable[[BatchCheck, KeptRecords], BatchesChecked]
    """Checks each record by itself."""
    corrections: tuple[CorrectionCount, ...]
    sentences: tuple[str, ...]
    """What was corrected, or what the sample would need."""


@dataclass(frozen=True, slots=True)
class CheckedRecords:
    """What the check has found out, before it is written."""

    batches: BatchesChecked
    kept: BatchFindings
    """Findings of the records by themselves."""
    profile: tuple[FieldProfile, ...]
    across: AcrossFindings
    assumptions: Sequence[Assumption]
    not_checked: tuple[NotChecked, ...]


@dataclass(frozen=True, slots=True)
class CheckSteps:
    """The steps of one check, which all go by the same."""

    specification: Specification
    mapping: FieldMapping
    terms: CheckTerms
    folder: Path
    """For working files."""
    engine: Engine

    def open(
        self,
        extracts: Sequence[RecordSource] | Sequence[HeldExtract],
        corrections: CorrectionFiles | None,
    ) -> OpenedRecords:
        """Map the extracts, and correct them where there are files for what is corrected."""
        if held := [each for each in extracts if isinstance(each, HeldExtract)]:
            return self._open_held(held, corrections)
        streamed = [each for each in extracts if not isinstance(each, HeldExtract)]
        source = MappedExtracts(streamed, self.mapping, self.specification)
        mapped = open_mapped(source, self.folder, self.engine)
        if corrections:
            corrected = correct(
                mapped,
                self.specification,
                corrections,
                self.folder,
                today=self.terms.today,
                dates=self._dates,
            )
            return self._streamed(mapped, corrected.batches(), corrected.counts, corrected.sentences)
        return self._streamed(mapped, mapped.batches(), (), None)

    def _streamed(
        self,
        mapped: MappedRecords,
        batches: Iterator[pa.RecordBatch],
        corrections: tuple[CorrectionCount, ...],
        sentences: tuple[str, ...] | None,
    ) -> OpenedRecords:
        sample = next(batches)
        return OpenedRecords(
            mapped.source,
            mapped.repeated_rows,
            sample,
            partial(check_batches, chain([sample], batches)),
            corrections,
            self._offered(sample) if sentences is None else sentences,
        )

    def _open_held(
        self, extracts: Sequence[HeldExtract], corrections: CorrectionFiles | None
    ) -> OpenedRecords:
        source = MappedSource(extracts, self.mapping, self.specification)
        held = open_held(extracts, source, self.specification, self.folder, self.engine)
        counts: tuple[CorrectionCount, ...] = ()
        sentences: tuple[str, ...] | None = None
        if corrections:
            corrected = correct_held(held, corrections, today=self.terms.today, dates=self._dates)
            held, counts, sentences = corrected.records, corrected.counts, corrected.sentences
        sample = held.sample()
        if sentences is None:
            sentences = self._offered(sample)
        return OpenedRecords(source, held.repeated_rows, sample, held.check, counts, sentences)

    def _offered(self, sample: pa.RecordBatch) -> tuple[str, ...]:
        return offered_corrections(sample, self.specification, today=self.terms.today, dates=self._dates)

    @property
    def _dates(self) -> list[DateFormat]:
        return [date_format(text) for text in self.mapping.date_format]

    def check(self, opened: OpenedRecords, records: Path, progress: Progress) -> CheckedRecords:
        """Check the records by themselves, write them typed, then check the data set as a whole."""
        progress(RECORDS, 0)
        terms, columns = self.terms, opened.source.columns
        money = terms.money or self.mapping.money_format
        reading, assumptions = decide_reading(
            self.specification, opened.sample, dates=self._dates, money=money
        )
        schema = ExtractSchema(self.specification, columns, today=terms.today, modulus=terms.modulus)
        kept = BatchFindings(self.folder / "findings.arrow")
        batches = opened.check(
            BatchCheck(self.specification, reading, schema),
            KeptRecords(
                self.specification,
                columns,
                opened.sample,
                records=records,
                findings=kept,
                progress=progress,
            ),
        )
        progress(WHOLE, batches.rows)
        profile = batches.profile.profiles(batches.rows, batches.stored, self.engine)
        across = check_across(self._context(opened.source, batches, profile))
        not_checked = (*schema.not_checked, *across.not_checked)
        return CheckedRecords(batches, kept, profile, across, assumptions, not_checked)

    def _context(
        self,
        source: MappedSource,
        batches: BatchesChecked,
        profile: tuple[FieldProfile, ...],
    ) -> AcrossContext:
        terms, files = self.terms, source.files
        return AcrossContext(
            specification=self.specification,
            columns=source.columns,
            records=batches.stored,
            rows=batches.rows,
            profile=profile,
            few_values=batches.profile.few_values(),
            engine=self.engine,
            today=terms.today,
            others=terms.others,
            employers=source.employers if self.mapping.employer else None,
            lookups=terms.lookups,
            trailers=source.trailers,
            expected=terms.expected,
            previous=terms.previous,
            place_in_words=partial(place_in_words, files=files) if len(files) > 1 else str,
        )

    def write_findings(
        self, opened: OpenedRecords, checked: CheckedRecords, parquet: Path, csv: Path
    ) -> tuple[FindingCount, ...]:
        """Write all findings in their order, and count them."""
        files = opened.source.files
        absent = {name for file in files for name in file.columns_absent}
        across = checked.across
        of_all = [each for each in across.whole if each.code != "few_filled" or each.field not in absent]
        of_layout = layout_findings(
            self.specification,
            opened.source,
            repeated_rows=opened.repeated_rows,
            assumptions=checked.assumptions,
        )
        parts = checked.kept.merged_with(as_findings([*of_layout, *of_all]), across.rows)
        if absent:
            parts = (without_absent(part, files) for part in parts)
        return write_findings(parts, parquet, csv, files)

    def record(
        self,
        opened: OpenedRecords,
        checked: CheckedRecords,
        findings: tuple[FindingCount, ...],
        records_sha256: str,
    ) -> CheckRecord:
        """What the check leaves behind for those who come after it."""
        absent = self.mapping.columns_absent
        return CheckRecord(
            dataset=self.specification.dataset,
            exercise=self.specification.exercise,
            specification=self.specification.label,
            specification_digest=self.specification.digest,
            files=opened.source.files,
            records_sha256=records_sha256,
            mapping_sha256=self.mapping.digest,
            rows=checked.batches.rows,
            findings=findings,
            not_checked=checked.not_checked,
            totals=checked.batches.totals.totals(),
            profile=checked.profile,
            corrections=opened.corrections,
            columns_absent=absent,
            columns_not_held=tuple(name for name in absent if name in self.mapping.not_held),
            columns_unused=opened.source.headings_unused,
            version=version("nfi"),
        )
