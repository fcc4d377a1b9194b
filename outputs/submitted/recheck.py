"""The check of files as they are sent: when a package is made, and again whenever it is verified.

The files are read back as text and go through the same check as an extract, by the specification, the day
and the look-up tables that the manifest names. What it finds depends on the package alone, so that anyone
who can open the package finds the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePath

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from outputs.submitted.manifest import SentCheck, SentFinding
from specs.check import CheckTerms, check_extracts
from specs.data_set import ControlTotals
from specs.engine import Engine
from specs.formats.footers import Footer
from specs.lookups import LookupTable
from specs.mapping import as_sent
from specs.parse import SOURCE_ROW
from specs.read import ExtractFormat
from specs.specification import Severity, Specification


@dataclass(frozen=True, slots=True)
class SentFile:
    """One file of a submission as a source of records; nothing is detected in it, for all of it is known."""

    path: PurePath
    """Inside the package."""
    sha256: str
    bytes: int
    format: ExtractFormat
    headings: tuple[str, ...]
    """The published names, whether or not they stand in the file."""
    first_row: int
    """The row of the first record: 2 where the headings stand in row 1."""
    columns: Callable[[], Iterator[pa.RecordBatch]]
    """The records read anew: a column of text per heading, null where blank."""
    blank_rows: int = 0
    footers: tuple[Footer, ...] = ()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Column 'source_row' (int64), then a column of text per heading, never null."""
        row = self.first_row
        for batch in self.columns():
            numbers = pa.array(range(row, row + batch.num_rows), pa.int64())
            row += batch.num_rows
            texts = [column.fill_null("") if column.null_count else column for column in batch.columns]
            yield pa.RecordBatch.from_arrays([numbers, *texts], names=[SOURCE_ROW, *self.headings])


@dataclass(frozen=True, slots=True, kw_only=True)
class SentTerms:
    """What the files of one data set are checked by, all of it found in the package."""

    specification: Specification
    day: date
    absent: tuple[str, ...] = ()
    """Published names of the fields that the extract lacked."""
    not_held: tuple[str, ...] = ()
    """Those of them that the source system has not got."""
    lookups: Mapping[str, LookupTable] = field(default_factory=dict)
    """The look-up tables of coded columns, by column name."""
    expected: ControlTotals | None = None
    """What the body said that the data set comes to."""


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What the check of one data set's files found."""

    check: SentCheck
    records: Path
    """The records, typed (Parquet), in the folder that was given."""


def check_as_sent(
    files: Sequence[SentFile],
    terms: SentTerms,
    *,
    others: Mapping[str, Path],
    folder: Path,
    engine: Engine,
) -> Rechecked:
    """Check the files of one data set.

    Args:
        files: in the order of their parts.
        terms: what they are checked by.
        others: the typed records of other data sets of the package, for references to them.
        folder: private; gets typed records and findings, which the caller removes.
        engine: what runs SQL.

    Raises:
        ExtractUnreadable: a file is not as the manifest describes it.
    """
    specification = terms.specification
    result = check_extracts(
        files,
        specification,
        as_sent(specification, absent=terms.absent, not_held=terms.not_held),
        CheckTerms(
            today=terms.day,
            others={name: path for name, path in others.items() if name in _referred_to(specification)},
            lookups={column: table.codes for column, table in terms.lookups.items()} or None,
            expected=terms.expected,
        ),
        workspace=folder,
        engine=engine,
    )
    return Rechecked(
        SentCheck(findings=_findings(result.findings), not_checked=result.record.not_checked), result.records
    )


def in_order_of_reference(specifications: Mapping[str, Specification]) -> list[str]:
    """Data sets by name, each after those that it refers to; otherwise in alphabetical order."""
    left, ordered = sorted(specifications), list[str]()
    while left:
        free = [name for name in left if not (_referred_to(specifications[name]) - {name}) & {*left}]
        ordered += free or left  # those that refer to each other in a ring: as they stand
        left = [name for name in left if name not in ordered]
    return ordered


def _referred_to(specification: Specification) -> set[str]:
    return {reference.dataset for reference in specification.references}


def _findings(path: Path) -> tuple[SentFinding, ...]:
    """Findings by check and field, errors first: how many, and the rows by their SHA-256."""
    found = pq.read_table(path, columns=["code", "severity", "row", "field"])
    kinds = found.select(["code", "severity", "field"]).group_by(["code", "severity", "field"]).aggregate([])
    rank = {severity: place for place, severity in enumerate(Severity)}
    return tuple(
        _finding(kind, _rows_of(found, kind))
        for kind in sorted(
            kinds.to_pylist(), key=lambda kind: (rank[kind["severity"]], kind["code"], kind["field"] or "")
        )
    )


def _rows_of(found: pa.Table, kind: dict[str, str | None]) -> pa.Array:
    """The rows of one kind of finding in ascending order; null for the whole file."""
    conditions = [
        pc.is_null(found[name]) if value is None else pc.equal(found[name], value)
        for name, value in kind.items()
    ]
    mask = conditions[0]
    for condition in conditions[1:]:
        mask = pc.and_(mask, condition)
    rows = found["row"].filter(mask).combine_chunks()
    return rows.take(pc.sort_indices(rows))


def _finding(kind: dict[str, str], rows: pa.Array) -> SentFinding:
    numbered = rows.drop_null()
    return SentFinding(
        code=kind["code"],
        severity=Severity(kind["severity"]),
        field=kind["field"],
        count=len(rows),
        first_row=numbered[0].as_py() if len(numbered) else None,
        rows_sha256=sha256(numbered.to_numpy().astype("<i8").tobytes()).hexdigest(),
    )
