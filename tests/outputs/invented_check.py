"""What a check of invented allotments would leave behind, for tests of the findings workbook and page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from specs.check_record import (
    CheckRecord,
    CorrectionCount,
    ExtractFile,
    FieldProfile,
    FieldTotals,
    FindingCount,
    NotChecked,
)
from specs.finding import FINDINGS
from specs.findings_file import in_order_of_weight
from specs.specification import Severity, Specification, read_specification

ALLOTMENTS = read_specification(Path(__file__).parents[1] / "golden" / "submission" / "specification.yaml")
ROWS = 300


@dataclass(frozen=True)
class Words:
    title: str
    message: str = "Something is the matter."
    guidance: str = "Put it right."
    evidence: str = "inferred"


EXPLANATIONS = {
    "plot_number": Words("Not a plot", "There is no such plot.", "Look at the gate.", "published 2012/13"),
    "required": Words("Value missing"),
    "assumed": Words("Format assumed"),
    "reference": Words("Reference not found"),
}
Finding = tuple[str, str, int | None, str | None, str | None, str | None]
Writer = Callable[..., None]

THREE: list[Finding] = [
    ("assumed", "note", None, "Rent", None, "pounds"),
    ("plot_number", "error", 2, "Plot", "99999", "5 digits, expected 4"),
    ("required", "warning", 3, "Let since", None, None),
    ("required", "error", 4, "Tenant", None, None),
]


def plot(row: int, value: str | None = "99999") -> Finding:
    """An error in a plot."""
    return ("plot_number", "error", row, "Plot", value, "5 digits, expected 4")


def file_of(
    name: str,
    *,
    records: int = ROWS,
    rows_before: int = 0,
    blank_rows: int = 0,
    footers: tuple[str, ...] = (),
) -> ExtractFile:
    """One of the files of the extract."""
    return ExtractFile(
        name=name,
        sha256="0" * 64,
        bytes=12345,
        format="comma-separated, UTF-8",
        records=records,
        blank_rows=blank_rows,
        rows_before=rows_before,
        footers=footers,
    )


def record_of(findings: Sequence[Finding], **changes: Any) -> CheckRecord:
    """What a check leaves behind that found exactly these."""
    rows: dict[tuple[str, str, str | None], list[int | None]] = {}
    for code, severity, row, field, _, _ in findings:
        rows.setdefault((code, severity, field), []).append(row)
    return CheckRecord(
        dataset="allotments",
        exercise="2026-27",
        specification=ALLOTMENTS.label,
        specification_digest=ALLOTMENTS.digest,
        files=(file_of("July rents.csv"),),
        records_sha256="0" * 64,
        mapping_sha256=None,
        rows=ROWS,
        findings=in_order_of_weight(
            FindingCount(
                code=code, severity=Severity(severity), field=field, count=len(found), first_row=found[0]
            )
            for (code, severity, field), found in rows.items()
        ),
        version="0.1.0",
    ).model_copy(update=changes)


def write(
    writer: Writer,
    target: Path,
    findings: Sequence[Finding],
    *,
    explanations: Any = EXPLANATIONS,
    specification: Specification = ALLOTMENTS,
    records: Path | None = None,
    limits: dict[str, int] | None = None,
    **changes: Any,
) -> Path:
    """Write the workbook or the page of a check that found exactly these; the file that was written."""
    parquet = target.with_suffix(".parquet")
    columns = zip(*findings, strict=True) if findings else [[] for _ in FINDINGS]
    table = pa.table([list(column) for column in columns], schema=FINDINGS)
    pq.write_table(table, parquet, row_group_size=100)
    record = record_of(findings, **changes)
    writer(target, record, parquet, explanations, specification, records=records, **limits or {})
    return target


def write_records(folder: Path, *, rows: int = ROWS) -> Path:
    """Typed records of the allotments: row 2 is plot 0002."""
    records = folder / "records.parquet"
    table = pa.table(
        {
            "source_row": pa.array(range(2, rows + 2), pa.int64()),
            "plot": [f"{row:04}" for row in range(2, rows + 2)],
        }
    )
    pq.write_table(table, records, row_group_size=50)
    return records


EVERYTHING: dict[str, Any] = {
    "files": (
        file_of("July rents.csv", records=200, footers=("row 202: 200 records",)),
        file_of("<August>.csv", records=100, rows_before=201),
    ),
    "not_checked": (NotChecked(code="reference", reason="needs tenants"),),
    "totals": (
        FieldTotals(field="Let since", values=299, first="1950-03", last="2008-05"),
        FieldTotals(field="Rent", values=300, total=123456, below_zero=1, total_below_zero=-100),
    ),
    "profile": (
        FieldProfile(
            field="Plot", filled=300, valid=290, distinct=299, distinct_is_exact=True, shortest=4, longest=5
        ),
        FieldProfile(
            field="Tenant",
            filled=299,
            valid=299,
            distinct=250,
            distinct_is_exact=False,
            shortest=2,
            longest=30,
        ),
        FieldProfile(
            field="Let since",
            filled=0,
            valid=0,
            distinct=0,
            distinct_is_exact=True,
        ),
        FieldProfile(
            field="Rent",
            filled=150,
            valid=150,
            distinct=3,
            distinct_is_exact=True,
            commonest_share=0.5,
        ),
    ),
    "corrections": (CorrectionCount(code="trim", field="Tenant", count=1234),),
    "columns_absent": ("Hours of water", "Remarks"),
    "columns_not_held": ("Hours of water",),
    "columns_unused": ("Cost centre", "Gate & path"),
}
"""A record in which every part has something to say."""
