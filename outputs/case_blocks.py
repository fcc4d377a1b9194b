"""Cases with their records side by side: which records to show, and where they agree and differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from matching.result import RECORD_KEYS, MatchResult
from outputs.workbook_styles import Mark


@dataclass(frozen=True, slots=True)
class CaseBlock:
    """One case, those of its records that are shown, and how their values stand to each other."""

    case: Mapping[str, Any]
    """A row of `matching.result.CASES`."""
    records: Sequence[Mapping[str, Any]]
    """Rows of the result's records."""
    left_out: int
    """Records of the case that are not shown."""
    marks: Mapping[str, Mark]
    """AGREES or DIFFERS by column; over all records of the case, shown or not."""

    def mark(self, column: str, value: object) -> Mark:
        """What a value says besides itself: blank neither agrees nor differs."""
        return Mark.PLAIN if value is None else self.marks.get(column, Mark.PLAIN)


def case_blocks(
    result: MatchResult, names: Mapping[str, str], *, cases: int, records_per_case: int
) -> list[CaseBlock]:
    """The first cases by rank with their first records, in the result's order.

    A column agrees where the report says so (its name begins an entry of `agrees`: the values are alike
    once standardised, or similar enough). Any other agrees if two or more records hold one value, and
    differs if they hold several.

    Args:
        result: what the match run gave.
        names: published name of each column of the records.
        cases: how many cases at most.
        records_per_case: how many records of one case at most.
    """
    listed = result.cases_file.read(ranks=cases)
    records = result.records_file.read(ranks=cases)
    compared = _compared(records)
    shown, totals = _first_of_each(records, records_per_case)
    columns = {name.casefold(): column for column, name in names.items()}
    return [
        CaseBlock(
            case,
            shown.get(case["case"], []),
            max(totals.get(case["case"], 0) - records_per_case, 0),
            compared.get(case["case"], {}) | dict.fromkeys(_named(case["agrees"], columns), Mark.AGREES),
        )
        for case in listed.to_pylist()
    ]


def value_columns(records: pa.Schema) -> list[str]:
    """The columns of the records that come from the data sets."""
    return [column for column in records.names if column not in RECORD_KEYS.names]


def columns_that_matter(blocks: Sequence[CaseBlock], names: Mapping[str, str]) -> list[str]:
    """Columns with a value in any of the records shown: those that a report names first, then the rest."""
    filled = [
        column
        for column in names
        if any(record.get(column) is not None for block in blocks for record in block.records)
    ]
    columns = {name.casefold(): column for column, name in names.items()}
    named = {
        column
        for block in blocks
        for side in ("agrees", "differs")
        for column in _named(block.case[side], columns)
    }
    return sorted(filled, key=lambda column: column not in named)


def _named(entries: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """The columns that entries such as 'Invoice date: 12 days apart' begin with."""
    labels = (entry.partition(":")[0].strip().casefold() for entry in entries)
    return [columns[label] for label in labels if label in columns]


def _compared(records: pa.Table) -> dict[str, dict[str, Mark]]:
    """By case: the columns whose values, as they stand, are all the same or not all the same."""
    columns = value_columns(records.schema)
    functions = [(column, function) for column in columns for function in ("count", "count_distinct")]
    found = records.group_by("case").aggregate(functions).to_pylist()
    return {
        row["case"]: {
            column: Mark.AGREES if row[f"{column}_count_distinct"] == 1 else Mark.DIFFERS
            for column in columns
            if row[f"{column}_count"] > 1
        }
        for row in found
    }


def _first_of_each(records: pa.Table, limit: int) -> tuple[dict[str, list[dict[str, Any]]], dict[str, int]]:
    """The first records of each case, and how many each has. The records of a case stand together."""
    ranks = records["rank"].to_numpy()
    starts = np.flatnonzero(np.diff(ranks, prepend=np.int32(-1)))
    sizes = np.diff(starts, append=len(ranks))
    places = np.arange(len(ranks)) - np.repeat(starts, sizes)
    cases = records["case"].take(pa.array(starts)).to_pylist()
    shown: dict[str, list[dict[str, Any]]] = {case: [] for case in cases}
    for record in records.filter(pa.array(places < limit)).to_pylist():
        shown[record["case"]].append(record)
    return shown, dict(zip(cases, sizes.tolist(), strict=True))
