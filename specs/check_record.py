"""What a check leaves behind for those who come after it: the match, the package, the auditor."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
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


class ExtractFile(_Entry):
    """One of the files that a data set was read from."""

    name: str
    """Without folder."""
    sha256: str
    bytes: int
    format: str
    """What was detected, in words: 'comma-separated, UTF-8'."""
    records: int
    blank_rows: int
    rows_before: int
    """What to take off a row of the data set to get the row in this file."""
    columns_absent: tuple[str, ...] = ()
    """Published names of the fields that other files have and this one has not."""
    footers: tuple[str, ...] = ()
    """Rows below the records that were left out, in words."""


class FieldProfile(_Entry):
    """What one column of an extract holds, in numbers: how complete, how valid, how varied."""

    field: str
    """Published name."""
    filled: int
    """How many records have a value."""
    valid: int
    """How many of those values have no error and no warning of their own."""
    distinct: int
    """How many different values there are."""
    distinct_is_exact: bool
    """False where `distinct` was estimated, to within a few per cent, since there are many records."""
    shortest: int | None = None
    """Characters of the shortest value; None for dates, sums and hours, and where nothing is filled."""
    longest: int | None = None
    commonest_share: float | None = None
    """Share of the filled values that the most frequent one has, 0 to 1; None where there are many."""


class CorrectionCount(_Entry):
    """How many values of one field one correction changed."""

    code: str
    field: str
    count: int


class CheckRecord(_Entry):
    """One check of one extract, as written to `checked/<dataset>.json`. Holds no personal data.

    The same extract, mapping, specification and day of reference give the same record.
    """

    dataset: str
    exercise: str
    specification: str
    """Label with status, such as 'payroll 2026-27 (provisional)'."""
    specification_digest: str
    files: tuple[ExtractFile, ...]
    """What was read, in the order in which it was named."""
    mapping_sha256: str | None
    """Of the mapping file; None where the headings are the specification's own."""
    records_sha256: str
    """Of the typed records (Parquet), so that a change after the check shows."""
    rows: int
    findings: tuple[FindingCount, ...]
    """Ordered by severity (errors first), then count, then code."""
    not_checked: tuple[NotChecked, ...] = ()
    totals: tuple[FieldTotals, ...] = ()
    """Of the columns of sums and dates that hold something, in the specification's order."""
    profile: tuple[FieldProfile, ...] = ()
    """Of every column that the extract has, in the specification's order."""
    corrections: tuple[CorrectionCount, ...] = ()
    """What was corrected, where that was asked for, in the specification's order."""
    columns_absent: tuple[str, ...] = ()
    """Published names of fields that the extract does not hold."""
    columns_not_held: tuple[str, ...] = ()
    """Those of `columns_absent` that the source system has not got, as the mapping says."""
    columns_unused: tuple[str, ...] = ()
    """Headings of the extract that no field takes: they are not read further."""
    version: str

    @property
    def extract(self) -> str:
        """The file name, or the first one and how many more there are."""
        more = f" and {len(self.files) - 1} more" if len(self.files) > 1 else ""
        return f"{self.files[0].name}{more}"

    @property
    def extract_sha256(self) -> str:
        """Of the file; of several, of the list of their hashes."""
        if len(self.files) == 1:
            return self.files[0].sha256
        return sha256("\n".join(file.sha256 for file in self.files).encode()).hexdigest()

    @property
    def extract_bytes(self) -> int:
        """Of all files together."""
        return sum(file.bytes for file in self.files)

    @property
    def extract_format(self) -> str:
        """What was detected, in words; of several files, each way once."""
        return "; ".join(dict.fromkeys(file.format for file in self.files))

    @property
    def blank_rows(self) -> int:
        """How many blank rows were left out."""
        return sum(file.blank_rows for file in self.files)

    @property
    def footers(self) -> tuple[str, ...]:
        """Rows below the records that were left out, in words."""
        return tuple(footer for file in self.files for footer in file.footers)

    def place(self, row: int) -> tuple[str, int]:
        """The file that a row of the data set stands in, and its row there."""
        return place_of_row(row, self.files)

    def count(self, severity: Severity) -> int:
        """How many findings there are of one severity."""
        return sum(finding.count for finding in self.findings if finding.severity is severity)


def place_of_row(row: int, files: Sequence[ExtractFile]) -> tuple[str, int]:
    """The file that a row of a data set stands in, and its row there.

    Args:
        row: counted on over all files.
        files: those of the data set, in their order.
    """
    file = max((file for file in files if file.rows_before < row), key=lambda file: file.rows_before)
    return file.name, row - file.rows_before


def place_in_words(row: int, files: Sequence[ExtractFile]) -> str:
    """'214', or '214 of april.csv' where a data set is several files."""
    name, own = place_of_row(row, files)
    return f"{own:,} of {name}" if len(files) > 1 else f"{own:,}"


def read_check_record(path: Path) -> CheckRecord:
    """The record that a check wrote."""
    return CheckRecord.model_validate_json(path.read_bytes())
