"""Problems: what one check found in one field, with the first rows; the heaviest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from outputs.record_keys import key_names, record_keys
from specs.check_record import CheckRecord, FindingCount
from specs.specification import Severity, Specification

_NAMED = ["code", "severity", "field"]  # few different values: read as numbers
_SHOWN = ["row", "value", "detail"]
_BATCH = 131_072


class Row(NamedTuple):
    """One finding as it is shown."""

    row: int | None
    """Of the extract; None: the whole file."""
    value: str | None
    """As it stood in the extract: personal data."""
    detail: str | None
    key: tuple[str | None, ...] = ()
    """What the record is called in the source system."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What one check found in one field."""

    number: int
    """1 is the heaviest: errors first, then warnings, then notes; the most frequent first."""
    found: FindingCount
    rows: tuple[Row, ...]
    """The first findings, in the order of the file; none where it is beyond the limit of problems."""

    @property
    def whole_file(self) -> bool:
        """Whether it is about the file, not about any of its records."""
        return bool(self.rows) and all(row.row is None for row in self.rows)

    @property
    def left_out(self) -> int:
        """How many more findings there are than rows."""
        return self.found.count - len(self.rows)

    @property
    def name(self) -> str:
        """Number, check and field, in short: '3 nino National insurance number'."""
        return " ".join(filter(None, (str(self.number), self.found.code, self.found.field)))


@dataclass(frozen=True, slots=True)
class Problems:
    """All problems of a check, heaviest first."""

    all: tuple[Problem, ...]
    key_names: tuple[str, ...]
    """Published names of the fields of `Row.key`; none where keys are not known."""

    @property
    def in_records(self) -> list[Problem]:
        """Those that have rows of the extract to show."""
        return [problem for problem in self.all if problem.rows and not problem.whole_file]

    @property
    def in_whole_file(self) -> list[Problem]:
        """Those that are about the file."""
        return [problem for problem in self.all if problem.whole_file]

    @property
    def not_shown(self) -> list[Problem]:
        """Those of which only the number is known here."""
        return [problem for problem in self.all if not problem.rows]


def read_problems(
    record: CheckRecord,
    findings: Path,
    specification: Specification,
    *,
    records: Path | None,
    rows_each: int,
    most: int,
) -> Problems:
    """What a check found, with the first rows of each problem. Reads only what is shown.

    Args:
        record: what the check left behind.
        findings: Parquet as `specs.finding.FINDINGS`, of the same check.
        specification: what the extract was checked against.
        records: typed records of the same check, for the keys; None: no keys.
        rows_each: findings to show of one problem, at least one.
        most: problems in records to show; those of the whole file are all shown.

    Raises:
        ValueError: record and findings are not of the same check.
    """
    with pq.ParquetFile(findings, read_dictionary=_NAMED) as file:
        if file.metadata.num_rows != sum(found.count for found in record.findings):
            raise _of_another_check(findings)
        wanted = {found: min(found.count, rows_each) for found in _shown(record.findings, most)}
        places = _places(file, wanted)
        if any(len(places[found]) < share for found, share in wanted.items()):
            raise _of_another_check(findings)
        listed = _rows_at(file, places)
    names: tuple[str, ...] = ()
    if records is not None:
        names = key_names(specification)
        rows = {row.row for of_one in listed.values() for row in of_one if row.row is not None}
        keys = record_keys(records, rows, specification)
        nameless = (None,) * len(names)
        listed = {
            found: [row._replace(key=keys.get(row.row or 0, nameless)) for row in of_one]
            for found, of_one in listed.items()
        }
    return Problems(
        tuple(
            Problem(number, found, tuple(listed.get(found, ())))
            for number, found in enumerate(record.findings, start=1)
        ),
        names,
    )


def _of_another_check(findings: Path) -> ValueError:
    return ValueError(f"{findings.name}: not the findings of this check; run the check again")


def _shown(findings: Sequence[FindingCount], most: int) -> Iterator[FindingCount]:
    for found in findings:
        if found.first_row is None:
            yield found
        elif most > 0:
            most -= 1
            yield found


def _places(file: pq.ParquetFile, wanted: Mapping[FindingCount, int]) -> dict[FindingCount, list[int]]:
    """At which places of the file the first findings of each problem stand. Stops when all are found."""
    places: dict[FindingCount, list[int]] = {found: [] for found in wanted}
    start = 0
    for batch in file.iter_batches(_BATCH, columns=_NAMED):
        missing = [found for found in wanted if len(places[found]) < wanted[found]]
        if not missing:
            break
        numbered = _Numbered.of(batch)
        for found in missing:
            here = numbered.places(found)[: wanted[found] - len(places[found])]
            places[found] += (here + start).tolist()
        start += batch.num_rows
    return places


@dataclass(frozen=True, slots=True)
class _Numbered:
    """The findings of a batch, each with one number for its code, severity and field."""

    numbers: npt.NDArray[np.int64]
    words: tuple[dict[str | None, int], ...]

    @classmethod
    def of(cls, batch: pa.RecordBatch) -> _Numbered:
        numbers = np.zeros(batch.num_rows, dtype=np.int64)
        words = []
        for name in _NAMED:
            column = batch[name]
            known: dict[str | None, int] = {
                word: number for number, word in enumerate(column.dictionary.to_pylist())
            }
            known[None] = len(known)
            words.append(known)
            numbers = numbers * len(known) + column.indices.fill_null(known[None]).to_numpy(
                zero_copy_only=False
            )
        return cls(numbers, tuple(words))

    def places(self, found: FindingCount) -> npt.NDArray[np.int64]:
        """Where the findings of one problem stand in the batch."""
        number = 0
        for word, known in zip((found.code, found.severity.value, found.field), self.words, strict=True):
            if word not in known:
                return np.empty(0, dtype=np.int64)
            number = number * len(known) + known[word]
        return np.flatnonzero(self.numbers == number)


def _rows_at(file: pq.ParquetFile, places: Mapping[FindingCount, list[int]]) -> dict[FindingCount, list[Row]]:
    """The findings at these places, in the order of the file."""
    by_place = {place: found for found, of_one in places.items() for place in of_one}
    wanted = np.array(sorted(by_place), dtype=np.int64)
    rows: dict[FindingCount, list[Row]] = {found: [] for found in places}
    start = 0
    for number in range(file.metadata.num_row_groups):
        end = start + file.metadata.row_group(number).num_rows
        if np.searchsorted(wanted, start) < np.searchsorted(wanted, end):
            for batch in file.iter_batches(_BATCH, row_groups=[number], columns=_SHOWN):
                here = wanted[np.searchsorted(wanted, start) : np.searchsorted(wanted, start + len(batch))]
                for place, found in zip(here, batch.take(pa.array(here - start)).to_pylist(), strict=True):
                    rows[by_place[int(place)]].append(Row(**found))
                start += len(batch)
        start = end
    return rows


def spread_over_file(findings: Path, *, last_row: int, parts: int) -> list[int]:
    """How many errors and warnings stand in each part of the extract, from its first rows to its last.

    Args:
        findings: Parquet as `specs.finding.FINDINGS`.
        last_row: the extract's last row.
        parts: into how many parts of equal length to divide it.
    """
    counts = np.zeros(parts, dtype=np.int64)
    note = pa.scalar(Severity.NOTE.value)
    with pq.ParquetFile(findings, read_dictionary=["severity"]) as file:
        for batch in file.iter_batches(_BATCH, columns=["severity", "row"]):
            severities = batch["severity"]
            notes = severities.dictionary.index(note).as_py()
            rows = batch["row"].filter(pa.array(severities.indices.to_numpy() != notes)).drop_null()
            places = (rows.to_numpy() - 1) * parts // max(last_row, 1)
            counts += np.bincount(np.clip(places, 0, parts - 1), minlength=parts)
    return [int(count) for count in counts]
