"""What a match gives, out of tables that a test has made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from matching.ranked import write_ranked
from matching.result import MatchResult, ReportSummary

_FILES = TemporaryDirectory()
_numbers = count()


def ranked_result(cases: pa.Table, records: pa.Table, reports: Sequence[ReportSummary] = ()) -> MatchResult:
    """A result with these cases and records; its files go when the tests end."""
    folder = Path(_FILES.name) / str(next(_numbers))
    return MatchResult(
        tuple(reports),
        write_ranked(folder / "cases.parquet", [cases]),
        write_ranked(folder / "case-records.parquet", [records]),
    )
