"""A data set as its check left it: typed records, and what the package says of where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from outputs.submitted.manifest import CheckRun
from outputs.written.spec_format import TYPES
from specs.batches import BATCH_ROWS
from specs.check_record import CheckRecord
from specs.data_set import ControlTotals
from specs.errors import NfiError
from specs.lookups import LookupTable
from specs.parse import SOURCE_ROW
from specs.parts import Part
from specs.specification import Specification


class CheckedRecordsUnusable(NfiError):
    """The typed records of a data set are missing, damaged, or not those that the check record describes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDataSet:
    """One data set that goes into a submission."""

    specification: Specification
    specification_file: Path
    """The catalogue file that it was checked against."""
    own_specification: bool = False
    """Whether that file is the body's own."""
    records: Path
    """Parquet of typed records, as the check wrote it."""
    record: CheckRecord
    run: CheckRun
    mapping: Path | None = None
    layout: Path | None = None
    lookups: Mapping[str, LookupTable] = field(default_factory=dict)
    """Look-up tables by column name."""
    lookups_given_late: frozenset[str] = frozenset()
    """Columns whose table was given when packaging, not when checking."""
    without_lookup: Mapping[str, str] = field(default_factory=dict)
    """Published names of coded fields that need no table, with the reason."""
    parts: tuple[Part, ...]
    """The files that the specification wants of it, at least one."""

    @property
    def name(self) -> str:
        """Such as 'payroll'."""
        return self.specification.dataset

    @property
    def day(self) -> date:
        """The day of the check."""
        return date.fromisoformat(self.run.made_from["day"])

    @property
    def expected(self) -> ControlTotals | None:
        """What the body said that the data set comes to."""
        said = self.run.made_from.get("expected")
        return ControlTotals.model_validate(said) if said else None

    def batches(self, part: Part) -> Iterator[pa.RecordBatch]:
        """The typed records of one part: the specification's columns, read anew.

        Raises:
            CheckedRecordsUnusable: missing, damaged, or not those that the check counted.
        """
        columns = [SOURCE_ROW, *(each.column for each in self.specification.fields)]
        with self._opened() as records:
            batches = records.iter_batches(batch_size=BATCH_ROWS, columns=columns)
            while (batch := self._next(batches)) is not None:
                kept = batch if len(self.parts) == 1 else batch.filter(_within(batch.column(0), part))
                if kept.num_rows:
                    yield kept.remove_column(0)

    def _next(self, batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
        try:
            return next(batches, None)
        except (OSError, pa.ArrowException):  # not the package's disk: the records' own
            raise self.unusable("is damaged") from None

    @contextmanager
    def _opened(self) -> Iterator[pq.ParquetFile]:
        """The records, open, once their columns and their number are as the check left them."""
        try:
            # With pre_buffer, its default, pyarrow would keep every row group that it has read.
            opened = pq.ParquetFile(self.records, pre_buffer=False, page_checksum_verification=True)
        except FileNotFoundError:
            raise self.unusable("there are no checked records") from None
        except (OSError, pa.ArrowException) as fault:
            # Only an operating system's refusal has `strerror`; pyarrow's own faults can quote values.
            reason = getattr(fault, "strerror", None)
            raise self.unusable(f"cannot be read ({reason or 'damaged, or not Parquet'})") from None
        with opened as records:
            self._refuse_other(records)
            yield records

    def _refuse_other(self, records: pq.ParquetFile) -> None:
        schema = records.schema_arrow
        for each in self.specification.fields:
            position = schema.get_field_index(each.column)
            if position < 0 or schema.field(position).type != TYPES[each.format]:
                raise self.unusable(f"its column for '{each.name}' is missing or of another type")
        if records.metadata.num_rows != self.record.rows:
            raise self.unusable(
                f"holds {records.metadata.num_rows:,} records, and the check counted {self.record.rows:,}"
            )

    def unusable(self, what: str) -> CheckedRecordsUnusable:
        """That the records cannot be packaged, and why."""
        return CheckedRecordsUnusable(f"{self.records}: {what}. Check the extract again: nfi check")


def _within(rows: pa.Array, part: Part) -> pa.Array:
    """Which rows belong to a part."""
    mask = pa.repeat(False, len(rows))
    for first, last in part.rows:
        mask = pc.or_(mask, pc.and_(pc.greater_equal(rows, first), pc.less_equal(rows, last)))
    return mask
