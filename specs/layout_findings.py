"""Findings on how an extract is laid out: columns that are missing, what was assumed, what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from specs.check_descriptions import check_descriptions
from specs.check_record import ExtractFile
from specs.finding import FINDINGS, WholeFinding
from specs.mapped import MappedSource
from specs.parse import Assumption
from specs.schema import severity_of_absence
from specs.specification import Severity, Specification


def layout_findings(
    specification: Specification,
    source: MappedSource,
    *,
    repeated_rows: int,
    assumptions: Sequence[Assumption],
) -> Iterator[WholeFinding]:
    """What is to be said of the files, once all their records have been read.

    Args:
        specification: what they must look like.
        source: the files.
        repeated_rows: how many rows count once with an earlier one.
        assumptions: how they were read, where nobody had said.
    """
    yield from _missing_columns(specification, source.columns, source.mapping.not_held, source.files)
    for assumed in assumptions:
        yield WholeFinding(assumed.code, assumed.field.name, None, assumed.detail)
    if repeated_rows:
        count = f"{repeated_rows:,} row{'s' if repeated_rows > 1 else ''}"
        yield WholeFinding("repeated_row", None, None, count)
    for file in source.files:
        for footer in file.footers:
            yield WholeFinding("footer", None, None, footer)


def without_absent(findings: pa.Table, files: Sequence[ExtractFile]) -> pa.Table:
    """Findings without those on values that are missing where the file has no column for them.

    That the column is missing is said once for the file.
    """
    if findings.num_rows == 0:
        return findings
    keep = np.ones(findings.num_rows, np.bool_)
    rows = findings["row"].to_numpy()
    for file, following in zip(files, [*files[1:], None], strict=True):
        if file.columns_absent:
            there = rows > file.rows_before
            if following:
                there &= rows <= following.rows_before
            absent = pc.and_(
                pc.equal(findings["code"], "required"),
                pc.is_in(findings["field"], pa.array(file.columns_absent)),
            )
            keep &= ~(there & absent.to_numpy())
    return findings if keep.all() else findings.filter(pa.array(keep))


def as_findings(found: Iterable[WholeFinding]) -> pa.Table:
    """Findings without a row, ordered by code; within a code in the order in which they were found."""
    described = check_descriptions()
    return pa.Table.from_pylist(
        [
            {
                "code": code,
                "severity": str(severity or described[code].severity),
                "row": None,
                "field": field,
                "value": None,
                "detail": detail,
            }
            for code, field, severity, detail in sorted(found, key=lambda finding: finding[0])
        ],
        schema=FINDINGS,
    )


def _missing_columns(
    specification: Specification,
    columns: frozenset[str],
    not_held: Sequence[str],
    files: Sequence[ExtractFile],
) -> Iterator[WholeFinding]:
    for field in specification.fields:
        severity = severity_of_absence(field, specification.required_evidence) or Severity.NOTE
        if field.column in columns:
            for file in files:
                if field.name in file.columns_absent:
                    detail = f"in {file.name}; other files have it"
                    yield WholeFinding("missing_column", field.name, severity, detail)
        elif field.name in not_held:
            # what a record cannot do without needs a look, even where it is missing on purpose
            said = Severity.WARNING if severity is Severity.ERROR else Severity.NOTE
            yield WholeFinding("missing_column", field.name, said, "not held, as the mapping says")
        else:
            yield WholeFinding("missing_column", field.name, severity, None)
