"""Whether two runs of a check and a match, on whatever engines, found the same."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as kinds

from nfi.checking import check
from nfi.match_run import match
from specs.engine import Engine

DAY = date(2026, 10, 1)
NINTH_DIGIT = 1e-9
_SAME_BYTES = ("checked/{}.parquet", "findings/{}.parquet", "findings/{}.csv")
_SAME_ROWS = ("matches/cases.parquet", "matches/case-records.parquet")


@dataclass(frozen=True, slots=True)
class Run:
    """A check of each extract, and the match of them."""

    work: Path
    reports: object
    """What each report found."""
    checking: float
    """Seconds."""
    matching: float


def run_on(engine: Engine, extracts: dict[str, Path], work: Path, reports: Sequence[str] = ()) -> Run:
    """Check and match extracts on an engine, into a workspace."""
    now, began = datetime.now(UTC), time.perf_counter()
    for dataset in sorted(extracts, reverse=True):
        check([extracts[dataset]], dataset, folder=work, day=DAY, engine=engine, at=now)
    checked = time.perf_counter()
    found = match(work, reports=reports, engine=engine, at=now)
    return Run(work, found.result.reports, checked - began, time.perf_counter() - checked)


def differences(one: Run, other: Run) -> list[str]:
    """Where the results of two runs are not the same, a line each; no value is shown."""
    found = [] if one.reports == other.reports else ["what the reports found"]
    datasets = sorted(file.stem for file in (one.work / "checked").glob("*.parquet"))
    for name in (pattern.format(dataset) for pattern in _SAME_BYTES for dataset in datasets):
        files = [run.work / name for run in (one, other)]
        if [file.exists() for file in files] != [True, True]:
            if any(file.exists() for file in files):
                found.append(f"{name}: only one of them has it")
        elif files[0].read_bytes() != files[1].read_bytes():
            found.append(f"{name}: other bytes")
    for name in _SAME_ROWS:
        tables = [pq.read_table(run.work / name) for run in (one, other)]
        found += [f"{name}: {each}" for each in table_differences(*tables)]
    return found


def table_differences(one: pa.Table, other: pa.Table) -> list[str]:
    """The columns in which two tables differ, and in how many of their rows; numbers to the ninth digit."""
    if one.schema != other.schema:
        return ["other columns"]
    if one.num_rows != other.num_rows:
        return [f"{one.num_rows:,} rows, and {other.num_rows:,}"]
    found = []
    for name in one.column_names:
        same = _same(one[name].combine_chunks(), other[name].combine_chunks())
        if not same.all():
            found.append(f"{name}: {int((~same).sum()):,} values, the first in row {int(np.argmin(same)):,}")
    return found


def _same(one: pa.Array, other: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which values of two arrays of one length are the same."""
    blanks = [each.is_null().to_numpy(zero_copy_only=False) for each in (one, other)]
    same, filled = blanks[0] == blanks[1], ~(blanks[0] | blanks[1])
    if kinds.is_struct(one.type):
        for place in range(one.type.num_fields):
            same &= _same(one.field(place), other.field(place)) | ~filled
    elif kinds.is_list(one.type):
        lengths = [pc.fill_null(pc.list_value_length(each), 0).to_numpy() for each in (one, other)]
        same &= lengths[0] == lengths[1]
        fit = pa.array(same & filled)
        values = _same(*(each.filter(fit).flatten() for each in (one, other)))
        counts = lengths[0][same & filled]
        wrong = np.zeros(len(counts), bool)
        np.logical_or.at(wrong, np.repeat(np.arange(len(counts)), counts), ~values)
        same[np.flatnonzero(same & filled)[wrong]] = False
    elif kinds.is_floating(one.type):
        left, right = (pc.fill_null(each, 0.0).to_numpy() for each in (one, other))
        same &= np.isclose(left, right, rtol=NINTH_DIGIT, atol=1e-12, equal_nan=True)
    else:
        same &= pc.fill_null(pc.equal(one, other), True).to_numpy(zero_copy_only=False)
    return np.asarray(same)
