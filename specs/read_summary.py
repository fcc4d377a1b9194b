"""An extract at a glance: how much it holds, which columns are blank, and its first records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow.compute as pc

from specs.formats.footers import Footer
from specs.read import Extract

FIRST_RECORDS = 5
"""How many records are shown."""


@dataclass(frozen=True, slots=True)
class ReadSummary:
    """What reading an extract to its end has shown."""

    records: int
    blank_rows: int
    """Left out below the headings."""
    footers: tuple[Footer, ...]
    blank_columns: tuple[str, ...]
    """Headings under which no record holds anything."""
    first_rows: tuple[int, ...]
    """The rows of the first records."""
    first_values: tuple[tuple[str, ...], ...] = field(repr=False)
    """What these records hold, one tuple per heading. Personal data: mask it before it is shown."""


def summarise(extract: Extract, *, progress: Callable[[int], None] | None = None) -> ReadSummary:
    """Read an extract to its end.

    Args:
        extract: as it was opened.
        progress: told how many records have been read.

    Raises:
        ExtractUnreadable: something that only shows while reading, such as rows of another length.
    """
    records = 0
    blank = set(range(len(extract.headings)))
    rows: list[int] = []
    values: list[list[str]] = [[] for _ in extract.headings]
    for batch in extract.batches():
        records += batch.num_rows
        numbers, *columns = batch.columns
        if (wanted := FIRST_RECORDS - len(rows)) > 0:
            rows += numbers.slice(0, wanted).to_pylist()
            for column, kept in zip(columns, values, strict=True):
                kept.extend(column.slice(0, wanted).to_pylist())
        blank -= {
            index
            for index in blank
            if pc.any(pc.not_equal(pc.utf8_trim_whitespace(columns[index]), "")).as_py()
        }
        if progress:
            progress(records)
    return ReadSummary(
        records=records,
        blank_rows=extract.blank_rows,
        footers=extract.footers,
        blank_columns=tuple(extract.headings[index] for index in sorted(blank)),
        first_rows=tuple(rows),
        first_values=tuple(map(tuple, values)),
    )
