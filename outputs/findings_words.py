"""What a check found, in words for people: what the findings workbook and the findings page say alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from matching.wording import counted
from specs.check_record import CheckRecord, FindingCount
from specs.corrections.descriptions import correction_descriptions
from specs.specification import Severity, Specification

WHOLE_FILE = "(whole file)"
WHOLE_RECORD = "(whole record)"
PRIVATE = (
    "This file shows personal data as it stands in the extract. Keep it as private as the extract itself, "
    "share it only with those who put the data right, and destroy it when it is no longer needed."
)
MEANING = {
    Severity.ERROR: "Stops the submission until it is put right.",
    Severity.WARNING: "Does not stop the submission, but may be wrong or spoil the matching: look at it.",
    Severity.NOTE: "Says what was assumed, or what is good to know; nothing to do if it is as it should be.",
}
_MOST_LINES = 1_048_576
"""Lines of one sheet. Source: Excel specifications and limits."""


class Explanation(Protocol):
    """What a code means, in words for the person who has to put it right."""

    @property
    def title(self) -> str:
        """A few words."""

    @property
    def message(self) -> str:
        """What is the matter."""

    @property
    def guidance(self) -> str:
        """What to do."""

    @property
    def evidence(self) -> str:
        """Where the rule comes from."""


def title_of(record: CheckRecord, specification: Specification) -> str:
    """'Payroll 2026-27: what the check found'."""
    return f"{specification.title} {record.exercise}: what the check found"


def verdict(record: CheckRecord) -> str:
    """All in one sentence: '3 errors stop this file; 12 warnings need a look.'"""
    errors, warnings, notes = (record.count(severity) for severity in Severity)
    if not record.rows:
        return "There was nothing to check: the extract holds no records."
    if not record.findings:
        if record.not_checked:
            return "Nothing found by the checks that were made; some could not be made."
        return f"Nothing found: {counted(record.rows, 'record')} passed every check."
    parts = [
        f"{counted(errors, 'error')} {_verb(errors, 'stop')} this file"
        if errors
        else "No errors: nothing here stops the submission"
    ]
    if warnings:
        parts.append(f"{counted(warnings, 'warning')} {_verb(warnings, 'need')} a look")
    if notes:
        parts.append(f"{counted(notes, 'note')} {_verb(notes, 'say')} what was assumed or is good to know")
    return "; ".join(parts) + "."


def _verb(number: int, verb: str) -> str:
    return f"{verb}s" if number == 1 else verb


def next_step(record: CheckRecord) -> str:
    """What to do about it all."""
    if not record.rows:
        return (
            "Look whether the extract was made from the right period and the right list, and make it again."
        )
    if record.count(Severity.ERROR):
        return (
            "Put the errors right in the source system, the first of the list first; "
            "make the extract again and check it again."
        )
    if record.count(Severity.WARNING):
        return "Have a look at the warnings before you send it."
    return "Compare the totals with the ledger or the payroll before you send it."


def several_files(record: CheckRecord) -> bool:
    """Whether the data set was read from more than one file, so that a row needs its file beside it."""
    return len(record.files) > 1


def place_of(field: str | None, *, whole_file: bool) -> str:
    """Where a finding stands: the field as published, or what there is instead of one."""
    if field is not None:
        return field
    return WHOLE_FILE if whole_file else WHOLE_RECORD


def what_was_checked(record: CheckRecord) -> Iterator[tuple[str, str]]:
    """The file, and what made these findings: label and text."""
    yield "Extract", f"{record.extract} ({record.extract_bytes:,} bytes, {record.extract_format})"
    blank = f"; {counted(record.blank_rows, 'blank row')} left out" if record.blank_rows else ""
    yield "Records", f"{record.rows:,}{blank}"
    yield "Specification", record.specification
    yield (
        "Mapping",
        "none: the headings are the specification's own"
        if record.mapping_sha256 is None
        else f"SHA-256 {record.mapping_sha256}",
    )
    yield "Extract's SHA-256", record.extract_sha256
    yield "Checked with", f"nfi {record.version}"


def evidence_of_fields(specification: Specification) -> Iterator[str]:
    """On what the specification's fields rest: '26 fields: published 2012/13', the most frequent first."""
    counts: dict[str, int] = {}
    for field in specification.fields:
        counts[field.evidence] = counts.get(field.evidence, 0) + 1
    for evidence, count in sorted(counts.items(), key=lambda entry: -entry[1]):
        yield f"{counted(count, 'field')}: {evidence}"


def without_a_check(
    record: CheckRecord, explanations: Mapping[str, Explanation]
) -> Iterator[tuple[str, str]]:
    """The checks that were not made, by code: what each is called, and why."""
    for skipped in record.not_checked:
        explanation = explanations.get(skipped.code)
        yield skipped.code, f"{explanation.title}: {skipped.reason}" if explanation else skipped.reason


def about_columns(record: CheckRecord) -> Iterator[tuple[str, str]]:
    """Which fields have no column, and which columns no field: label and text."""
    absent = [name for name in record.columns_absent if name not in record.columns_not_held]
    yield "Not held, as the mapping says", "; ".join(record.columns_not_held) or "none"
    yield "Fields that the extract has not got", "; ".join(absent) or "none"
    yield "Columns not used and not read further", "; ".join(record.columns_unused) or "none"


def full_list(record: CheckRecord) -> str:
    """Where every finding stands, and whether a spreadsheet can open it."""
    total = sum(found.count for found in record.findings)
    if total < _MOST_LINES:
        return f"Every finding stands in {record.dataset}.csv, in the same folder."
    return (
        f"Every finding stands in {record.dataset}.csv, in the same folder, which is longer than a "
        "spreadsheet can open. So many findings have few causes: put the first ones right and check again."
    )


def how_often(found: FindingCount, rows: int) -> str:
    """'3 of 2,000 records', or '1 finding on the whole file'."""
    if found.first_row is None or found.count > rows:
        return counted(found.count, "finding")
    return f"{found.count:,} of {counted(rows, 'record')}"


def why(explanation: Explanation, detail: str | None) -> str:
    """What is the matter in one place: what the check says, and what only this place can tell."""
    return f"{explanation.message} ({detail})" if detail else explanation.message


def what_was_corrected(record: CheckRecord) -> str:
    """How many values were changed on the way in, and where each of them stands."""
    changed = sum(correction.count for correction in record.corrections)
    return (
        f"{counted(changed, 'correction')} made on the way in, as --fix asks; the extract itself is as it "
        f"was. Each one, before and after, stands in {record.dataset}-changes.csv in the folder 'corrected' "
        "beside this one. Make the same corrections in the source system, or they come back."
    )


@dataclass(frozen=True, slots=True)
class CorrectionMade:
    """One correction of one field, in words."""

    title: str
    field: str
    count: int
    does: str
    safe_because: str


def corrections_made(record: CheckRecord) -> Iterator[CorrectionMade]:
    """What was corrected, in the record's order."""
    for made in record.corrections:
        described = correction_descriptions()[made.code]
        yield CorrectionMade(described.title, made.field, made.count, described.does, described.safe_because)


def left_out(record: CheckRecord) -> Iterator[str]:
    """Which rows of the file are no records."""
    if record.blank_rows:
        yield f"{counted(record.blank_rows, 'blank row')} left out."
    for file in record.files:
        for footer in file.footers:
            yield f"Left out below the records of {file.name}, {footer}"


def where_is(row: int | None, record: CheckRecord) -> tuple[str, int | str]:
    """The file that a row of the data set stands in, and its row there; no file for the whole data set."""
    return record.place(row) if row is not None else ("", WHOLE_FILE)
