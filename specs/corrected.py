"""The records of a data set after the corrections that the user has asked for, and what was changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from specs.check_record import CorrectionCount
from specs.corrections import CorrectionSurvey, write_changes, write_corrected
from specs.dates import DateFormat
from specs.mapped import MappedRecords
from specs.parse import SOURCE_ROW
from specs.specification import Specification

_LOOKED_AT = 20_000  # records, for an offer: the correction itself looks at all of them
_PACKED = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass(frozen=True, slots=True)
class CorrectionFiles:
    """Where corrections are written: the change log for programs and for people, the corrected extract."""

    changes: Path
    changes_csv: Path
    extract: Path

    @classmethod
    def of(cls, workspace: Path, dataset: str) -> CorrectionFiles:
        """The files of a data set in a workspace."""
        changes = workspace / "corrected" / f"{dataset}-changes.parquet"
        return cls(changes, changes.with_suffix(".csv"), workspace / "corrected" / f"{dataset}.csv")

    @property
    def paths(self) -> tuple[Path, ...]:
        """All of them."""
        return (self.changes, self.changes_csv, self.extract)

    def map(self, function: Callable[[Path], Path]) -> CorrectionFiles:
        """The same files at other places."""
        return CorrectionFiles(*map(function, self.paths))


@dataclass(frozen=True, slots=True)
class CorrectedRecords:
    """Records after their correction, in a working file."""

    counts: tuple[CorrectionCount, ...]
    sentences: tuple[str, ...]
    """What was corrected and what calls for it, one sentence for each correction of each field."""
    _spool: Path

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All records, read anew."""
        return _spooled(self._spool)


def offered_corrections(
    sample: pa.RecordBatch, specification: Specification, *, today: date, dates: Sequence[DateFormat]
) -> tuple[str, ...]:
    """What could be corrected, judged by the first records of an extract, in sentences."""
    survey = CorrectionSurvey(specification, _columns(sample.schema), today=today, dates=dates)
    survey.add(sample.slice(0, _LOOKED_AT))
    return tuple(survey.decide().describe())


def correct(
    mapped: MappedRecords,
    specification: Specification,
    files: CorrectionFiles,
    folder: Path,
    *,
    today: date,
    dates: Sequence[DateFormat],
) -> CorrectedRecords:
    """Correct the records of a data set, and write what was changed.

    Args:
        mapped: the records as they stand in the extract.
        specification: what they must look like.
        files: where the change log and the corrected extract go.
        folder: for working files, which the caller removes after the last batch.
        today: the day of the check.
        dates: the formats that the mapping names, if any: then how dates are written is left as it is.
    """
    schema = mapped.source.schema
    survey = CorrectionSurvey(specification, _columns(schema), today=today, dates=dates)
    as_found, after = folder / "as-found.arrow", folder / "corrected.arrow"
    with pa.ipc.new_file(as_found, schema, options=_PACKED) as spool:
        for batch in mapped.batches():
            survey.add(batch)
            spool.write_batch(batch)
    corrections = survey.decide()
    with pa.ipc.new_file(after, schema, options=_PACKED) as spool:

        def changes() -> Iterator[pa.RecordBatch]:
            for batch in _spooled(as_found):
                corrected, changed = corrections.apply(batch)
                spool.write_batch(corrected)
                yield changed

        counts = write_changes(
            changes(), files.changes, files.changes_csv, specification, mapped.source.files
        )
    as_found.unlink()
    write_corrected(files.extract, _spooled(after), specification)
    return CorrectedRecords(counts, tuple(corrections.describe()), after)


def _columns(schema: pa.Schema) -> list[str]:
    return [name for name in schema.names if name != SOURCE_ROW]


def _spooled(file: Path) -> Iterator[pa.RecordBatch]:
    with pa.ipc.open_file(file) as spool:
        for place in range(spool.num_record_batches):
            yield spool.get_batch(place)
