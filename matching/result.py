"""What a match run gives back: cases in order of priority, their records, and a summary of each report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from matching.pairs import PAIRS
from matching.ranked import Ranked

EVIDENCE = pa.struct(
    [
        pa.field("field", pa.string()),  # published name, or names
        pa.field("verdict", pa.string()),  # agrees, near, alike, differs; 'agrees, told by …': counted once
        pa.field("bits", pa.float64()),  # how surprising: 10 bits come by accident once in 1,024
    ]
)
"""What one field of a case has to say."""

SAW = pa.struct(
    [
        pa.field("report", pa.string()),
        pa.field("title", pa.string()),
        pa.field("groups", pa.int32()),  # how many of its groups are in the case; what follows is the first's
        pa.field("records", pa.int32()),
        pa.field("value", pa.int64()),  # pence, after explanations; or null
        pa.field("share", pa.float64()),  # expected to be worth opening, after explanations
        pa.field("agrees", pa.list_(pa.string())),
        pa.field("differs", pa.list_(pa.string())),
        pa.field("explanations", pa.list_(pa.string())),
    ]
)
"""What one report saw of a case."""

CASES = pa.schema(
    [
        pa.field("rank", pa.int32(), nullable=False),  # 1 is the first to look at
        pa.field("case", pa.string(), nullable=False),  # stable key: hash of a report and sorted record keys
        pa.field("report", pa.string(), nullable=False),  # id of the report that leads it
        pa.field("title", pa.string(), nullable=False),  # the report's title
        pa.field("also_in", pa.list_(pa.string()), nullable=False),  # ids of the other reports that raised it
        pa.field("records", pa.int32(), nullable=False),  # how many records it holds
        pa.field("value_at_risk", pa.int64()),  # pence that may be paid too much, after explanations; or null
        pa.field("value_involved", pa.int64()),  # pence that tell how large it is, no loss; or null
        pa.field("agrees", pa.list_(pa.string()), nullable=False),  # 'Suppliers invoice number: A123'
        pa.field("differs", pa.list_(pa.string()), nullable=False),
        pa.field("explanations", pa.list_(pa.string()), nullable=False),  # innocent reasons found
        pa.field("priority", pa.float64(), nullable=False),  # of the case, never of a person
        pa.field(
            "share", pa.float64(), nullable=False
        ),  # expected to be worth opening, of all reports together
        pa.field("bits", pa.float64(), nullable=False),  # of the evidence, added up
        pa.field("evidence", pa.list_(EVIDENCE), nullable=False),  # field by field
        pa.field("saw", pa.list_(SAW), nullable=False),  # report by report, the leading one first
        pa.field("overlaps", pa.list_(pa.string()), nullable=False),  # cases above with two of these records
    ]
)
"""The columns of `matches/cases.parquet`, ordered by rank."""

RECORD_KEYS = pa.schema(
    [
        pa.field("rank", pa.int32(), nullable=False),
        pa.field("case", pa.string(), nullable=False),
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("source_row", pa.int64(), nullable=False),  # row in the extract; headings are row 1
        pa.field(
            "raised_by", pa.list_(pa.string()), nullable=False
        ),  # ids of the reports that saw it in the case
    ]
)
"""The first columns of `matches/case-records.parquet`; then come the columns of the data sets, typed as
in `checked/<dataset>.parquet` (date32, pence, text), null where the record's data set has no such column."""


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """One report's totals, so that nothing is out of sight."""

    report: str
    title: str
    nfi_report: str | None
    """The number NFI uses, with its evidence: '707 (recalled, unverified)'."""
    cases: int
    records: int
    explained: int
    """Cases with at least one innocent explanation."""
    value_at_risk: int | None
    """Pence, after explanations; None where the report's values are no loss, or none of them is known."""
    skipped: str | None = None
    """Why the report could not run, such as 'needs payroll, which has not been checked'."""
    value_involved: int | None = None
    """Pence that tell how large the report's cases are; None where they are at risk, or none is known."""
    value_means: str | None = None
    """What a case's value is the sum of, in words."""
    data: tuple[str, ...] = ()
    """The data sets that it brings together."""
    in_queue: int = 0
    """Cases of the queue that this report leads; the others have joined one that another group leads."""
    joined: int = 0
    """Cases found that are part of a case which another group leads."""


@dataclass(frozen=True, slots=True)
class MatchResult:
    """All cases of a run, and their records."""

    reports: tuple[ReportSummary, ...]
    cases_file: Ranked
    """CASES."""
    records_file: Ranked
    """RECORD_KEYS, then the columns of the data sets."""
    pairs: pa.Table = field(default_factory=PAIRS.empty_table)
    """PAIRS; empty where they were not asked for."""
    models: Mapping[str, Any] = field(default_factory=dict)
    """Report -> what it learned about weights, as JSON has it."""
    faults: tuple[str, ...] = ()
    """What is wrong with the reports that could not be used, one sentence each."""

    @property
    def cases(self) -> pa.Table:
        """All cases, read into memory; of many millions of payments they are gigabytes."""
        return self.cases_file.read()

    @property
    def records(self) -> pa.Table:
        """All records of cases, read into memory."""
        return self.records_file.read()
