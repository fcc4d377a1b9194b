"""What a check leaves behind for those who come after it: the match, the package, the auditor."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from specs.specification import Severity


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FindingCount(_Entry):
    """How often one check failed on one field, and the first row where it did."""

    code: str
    severity: Severity
    field: str | None
    count: int
    first_row: int | None


class NotChecked(_Entry):
    """A check that could not be made, and the reason."""

    code: str
    reason: str


class FieldTotals(_Entry):
    """What one column of sums or dates comes to: for comparing with the ledger."""

    field: str
    values: int
    """How many records have one that could be read."""
    total: int | None = None
    """In pence, as all sums here; None for dates."""
    below_zero: int | None = None
    """How many sums are less than nought."""
    total_below_zero: int | None = None
    first: str | None = None
    """The earliest month, such as '2024-04'; None for sums. No day, which could be one person's birthday."""
    last: str | None = None
    """The latest month."""


class CheckRecord(_Entry):
    """One check of one extract, as written to `checked/<dataset>.json`. Holds no personal data.

    The same extract, mapping, specification and day of reference give the same record.
    """

    dataset: str
    exercise: str
    specification: str
    """Label with status, such as 'payroll 2026-27 (provisional)'."""
    specification_digest: str
    extract: str
    """File name, without folder."""
    extract_sha256: str
    extract_bytes: int
    extract_format: str
    """What was detected, in words: 'comma-separated, UTF-8'."""
    mapping_sha256: str | None
    """Of the mapping file; None where the headings are the specification's own."""
    records_sha256: str
    """Of the typed records (Parquet), so that a change after the check shows."""
    rows: int
    blank_rows: int
    findings: tuple[FindingCount, ...]
    """Ordered by severity (errors first), then count, then code."""
    not_checked: tuple[NotChecked, ...] = ()
    totals: tuple[FieldTotals, ...] = ()
    """Of the columns of sums and dates that hold something, in the specification's order."""
    columns_absent: tuple[str, ...] = ()
    """Published names of fields that the extract does not hold."""
    columns_not_held: tuple[str, ...] = ()
    """Those of `columns_absent` that the source system has not got, as the mapping says."""
    columns_unused: tuple[str, ...] = ()
    """Headings of the extract that no field takes: they are not read further."""
    version: str

    def count(self, severity: Severity) -> int:
        """How many findings there are of one severity."""
        return sum(finding.count for finding in self.findings if finding.severity is severity)


def read_check_record(path: Path) -> CheckRecord:
    """The record that a check wrote."""
    return CheckRecord.model_validate_json(path.read_bytes())
