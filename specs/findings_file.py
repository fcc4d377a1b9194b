"""Findings on their way to disk: kept batch by batch, then put in order, counted and written for people.

A file in which every row fails every check has many times more findings than records, so at no time are
they all in memory: they are ordered within a batch when they are made, and those that SQL finds in the
whole data set are merged in, batch by batch, when they are written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from specs.check_descriptions import check_descriptions
from specs.check_record import ExtractFile, FindingCount
from specs.finding import FINDINGS
from specs.formulas import not_as_formula
from specs.specification import Severity

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it, Excel shows £ as two characters
_CSV_ROWS = 32_768


class BatchFindings:
    """The findings of one batch after another, kept in a working file: a context manager."""

    def __init__(self, path: Path) -> None:
        """Keep findings in a file at `path`, which the caller removes."""
        self._path = path
        self._last_rows: list[int] = []

    def __enter__(self) -> Self:
        self._writer = pa.ipc.new_file(self._path, FINDINGS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._writer.close()

    def add(self, findings: pa.RecordBatch, *, last_row: int) -> None:
        """Keep the next batch's findings, ordered by row; its last record stands in `last_row`."""
        self._writer.write_batch(findings)
        self._last_rows.append(last_row)

    def merged_with(self, whole_file: pa.Table, across: pa.Table) -> Iterator[pa.Table]:
        """All findings in order, in parts: of the whole file first, then by row, code and place of field.

        Args:
            whole_file: findings without a row, in the order in which they are to stand.
            across: findings of the whole data set, ordered by row.
        """
        if whole_file.num_rows:
            yield whole_file
        done = 0
        rows = across.column("row").to_numpy()
        with pa.ipc.open_file(self._path) as kept:
            for place, last_row in enumerate(self._last_rows):
                end = int(rows.searchsorted(last_row, side="right"))
                part = pa.Table.from_batches([kept.get_batch(place)])
                yield _in_order(part, across.slice(done, end - done))
                done = end


def write_findings(
    parts: Iterable[pa.Table], parquet: Path, csv: Path, files: Sequence[ExtractFile]
) -> tuple[FindingCount, ...]:
    """Write findings as Parquet and, for people, as CSV; how often each check failed on each field.

    The CSV is UTF-8 with a byte order mark. It gives the row in its own file, and has four more columns:
    file, title, message and guidance. A value in it that a spreadsheet could run as a formula has an
    apostrophe before it.

    Args:
        parts: tables of FINDINGS, in order.
        parquet: where the findings go, exactly as they are.
        csv: where the findings go with words.
        files: what the data set was read from.
    """
    counts: Counter[tuple[str, str, str | None]] = Counter()
    first_rows: dict[tuple[str, str, str | None], int | None] = {}
    with (
        pq.ParquetWriter(parquet, FINDINGS, compression="zstd", compression_level=1) as typed,
        csv.open("wb") as sink,
    ):
        sink.write(_BYTE_ORDER_MARK)
        with pyarrow.csv.CSVWriter(sink, _with_words(FINDINGS.empty_table(), files).schema) as worded:
            for part in parts:
                if part.num_rows == 0:
                    continue
                typed.write_table(part)
                for start in range(0, part.num_rows, _CSV_ROWS):  # the words make rows ten times as long
                    worded.write_table(_with_words(part.slice(start, _CSV_ROWS), files))
                for code, severity, field, count, first_row in _counted(part):
                    key = (code, severity, field)
                    counts[key] += count
                    first_rows.setdefault(key, first_row)
    return in_order_of_weight(
        FindingCount(
            code=code, severity=Severity(severity), field=field, count=count, first_row=first_rows[key]
        )
        for key, count in counts.items()
        for code, severity, field in [key]
    )


def in_order_of_weight(counts: Iterable[FindingCount]) -> tuple[FindingCount, ...]:
    """Errors first, then warnings, then notes; the most frequent first; then by code and field."""
    severities = list(Severity)
    return tuple(
        sorted(
            counts,
            key=lambda found: (
                severities.index(found.severity),
                -found.count,
                found.code,
                found.field or "",
            ),
        )
    )


def _in_order(findings: pa.Table, more: pa.Table) -> pa.Table:
    """Two tables of findings as one, ordered by row and code; those of the first come first in a tie."""
    if more.num_rows == 0:
        return findings
    both = pa.concat_tables([findings, more])
    return both.take(pc.sort_indices(both, sort_keys=[("row", "ascending"), ("code", "ascending")]))


def _counted(findings: pa.Table) -> Iterator[tuple[str, str, str | None, int, int | None]]:
    """Code, severity, field, number and first row of the findings of each check on each field."""
    groups = findings.group_by(["code", "severity", "field"], use_threads=False).aggregate(
        [("row", "count", pc.CountOptions(mode="all")), ("row", "min")]
    )
    columns = ("code", "severity", "field", "row_count", "row_min")
    yield from zip(*(groups.column(name).to_pylist() for name in columns), strict=True)


def _with_words(findings: pa.Table, files: Sequence[ExtractFile]) -> pa.Table:
    """Findings as people read them: the row in its file, values safe in a spreadsheet, and what to do."""
    findings = in_their_files(findings, files)
    descriptions = check_descriptions()
    places = pc.index_in(findings.column("code"), pa.array(list(descriptions)))
    for name in ("title", "message", "guidance"):
        words = pa.array([getattr(description, name) for description in descriptions.values()])
        findings = findings.append_column(name, pc.take(words, places))
    value = findings.column("value")
    return findings.set_column(findings.schema.get_field_index("value"), "value", not_as_formula(value))


def in_their_files(table: pa.Table, files: Sequence[ExtractFile]) -> pa.Table:
    """A table with column `row`, as it stands in its own file, and before it the name of the `file`."""
    rows = table.column("row").combine_chunks()
    before = np.array([file.rows_before for file in files])
    places = np.searchsorted(before, pc.fill_null(rows, 1).to_numpy(), side="left") - 1
    names = pa.array([file.name for file in files]).take(pa.array(places))
    where = table.schema.get_field_index("row")
    table = table.set_column(where, "row", pc.subtract(rows, pa.array(before).take(pa.array(places))))
    return table.add_column(where, "file", pc.if_else(pc.is_valid(rows), names, None))


def first_finding(findings: Path, count: FindingCount) -> Mapping[str, Any]:
    """The first of the findings that a count stands for: the columns of FINDINGS.

    Args:
        findings: as `write_findings` wrote them.
        count: one of the counts that it gave back.
    """
    wanted = (pc.field("code") == count.code) & (
        pc.field("field").is_null() if count.field is None else pc.field("field") == count.field
    )
    if count.first_row is not None:
        wanted &= pc.field("row") == count.first_row
    first: Mapping[str, Any] = pq.read_table(findings, filters=wanted).slice(0, 1).to_pylist()[0]
    return first
