"""The records of a data set under the names of the specification, from one extract or from several.

Several files are one data set where a ledger is exported month by month. Their rows are numbered on: a
record's row is its row in its own file and the rows of the files before it, so that each row is one record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Protocol, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from specs.batches import BATCH_ROWS, of_one_size
from specs.check_record import ExtractFile
from specs.data_set.context import Trailer
from specs.data_set.repeated_rows import first_rows_query
from specs.engine import Engine
from specs.errors import ExtractUnreadable, MappingInvalid
from specs.formats.footers import Footer
from specs.headings import found_in, heading_signature, loosely
from specs.mapping import Mapping
from specs.parse import SOURCE_ROW
from specs.read import ExtractFormat
from specs.specification import Specification


class NamedExtract(Protocol):
    """What is known of an extract before its records are read."""

    @property
    def path(self) -> PurePath:
        """The file as it was named."""

    @property
    def headings(self) -> tuple[str, ...]:
        """In the order of the columns; no two are the same."""

    @property
    def sha256(self) -> str:
        """Of the file."""

    @property
    def bytes(self) -> int:
        """Its size."""

    @property
    def format(self) -> ExtractFormat:
        """How it is written."""


Named = TypeVar("Named", bound=NamedExtract)


class RecordSource(NamedExtract, Protocol):
    """What records are mapped from: an `Extract`, or a file of a submission read again."""

    @property
    def blank_rows(self) -> int:
        """How many blank rows the last call of `batches` has left out."""

    @property
    def footers(self) -> tuple[Footer, ...]:
        """Rows below the records that the last call of `batches` has left out."""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Column 'source_row' (int64), then a column of text per heading, never null."""


@dataclass(frozen=True, slots=True)
class MappedRecords:
    """Records as streams of batches of one size: `source_row`, then text columns of the specification."""

    source: MappedSource
    """What else is known of the files, once all batches have been taken."""
    repeated_rows: int
    """How many rows are left out, as the mapping asks, since an earlier row is the same."""
    _batches: Callable[[], Iterator[pa.RecordBatch]]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All records, read anew."""
        return of_one_size(self._batches(), BATCH_ROWS)


def open_mapped(source: MappedExtracts, folder: Path, engine: Engine) -> MappedRecords:
    """The records of extracts as a mapping makes them.

    Args:
        source: the extracts and their mapping.
        folder: for working files, which the caller removes after the last batch.
        engine: what finds rows that are the same, where the mapping says that they count once.

    Raises:
        ExtractUnreadable, MappingInvalid: as reading and mapping raise them.
    """
    if not source.mapping.distinct:
        return MappedRecords(source, 0, source.batches)
    spool = folder / "mapped.parquet"
    rows = 0
    with pq.ParquetWriter(spool, source.schema, compression="lz4") as writer:
        for batch in source.batches():
            rows += batch.num_rows
            writer.write_batch(batch)
    query = first_rows_query(sorted(source.columns))
    first_rows = engine.sql(query, mapped=spool).column(SOURCE_ROW).combine_chunks()
    return MappedRecords(source, rows - len(first_rows), lambda: _kept(spool, first_rows))


def _kept(file: Path, rows: pa.Array) -> Iterator[pa.RecordBatch]:
    """The records of a Parquet file that stand in one of these rows."""
    with pq.ParquetFile(file) as records:
        for batch in records.iter_batches(BATCH_ROWS):
            yield batch.filter(pc.is_in(batch.column(SOURCE_ROW), rows))


def told_apart(extracts: Sequence[Named]) -> Sequence[Named]:
    """Several extracts, each once.

    Raises:
        ExtractUnreadable: two are the same file, or cannot be told apart by their names.
    """
    by_hash: dict[str, Named] = {}
    by_name: dict[str, Named] = {}
    for extract in extracts:
        if (same := by_hash.setdefault(extract.sha256, extract)) is not extract:
            raise ExtractUnreadable(f"{extract.path}: holds the same as {same.path}. Name it once.")
        if (same := by_name.setdefault(extract.path.name, extract)) is not extract:
            raise ExtractUnreadable(
                f"{extract.path}: has the same name as {same.path}. Rename one of the two."
            )
    return extracts


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """What makes records of an extract records of a data set; small, so that it can be sent about."""

    mapping: Mapping
    schema: pa.Schema
    """`source_row`, then every column of the specification that some extract of the data set has."""

    def apply(self, batch: pa.RecordBatch, rows_before: int) -> pa.RecordBatch:
        """A batch of an extract with every column that there is, blank where its own file has none.

        Args:
            batch: as `RecordSource.batches` gives it.
            rows_before: rows of the files before this one.
        """
        mapped = self.mapping.apply(batch, missing_allowed=True)
        blank = pa.repeat("", mapped.num_rows)
        columns = [
            mapped.column(name) if name in mapped.schema.names else blank for name in self.schema.names[1:]
        ]
        rows = pc.add(mapped.column(0), rows_before)
        return pa.RecordBatch.from_arrays([rows, *columns], schema=self.schema)

    def employers(self, batch: pa.RecordBatch) -> Counter[str]:
        """How many records of such a batch each employer has, where the mapping names a heading for it."""
        found: Counter[str] = Counter()
        if self.mapping.employer is None:
            return found
        for heading in found_in(batch.schema.names[1:], self.mapping.employer)[:1]:
            names = pc.utf8_trim_whitespace(batch.column(1 + batch.schema.names[1:].index(heading)))
            for each in names.value_counts().to_pylist():
                if each["values"]:
                    found[each["values"]] += each["counts"]
        return found


class MappedSource:
    """One extract or several, whose headings may differ, and what of them the specification names."""

    def __init__(
        self, extracts: Sequence[NamedExtract], mapping: Mapping, specification: Specification
    ) -> None:
        """Settle which columns there are.

        Raises:
            MappingInvalid: the mapping takes a heading that no extract has (but for a layout that it was made
                for among others), two could be meant, or a file has none of its headings.
        """
        self.extracts: Sequence[NamedExtract] = extracts
        self.mapping = mapping
        spellings = {loosely(name): name for each in reversed(extracts) for name in reversed(each.headings)}
        self.headings = tuple(reversed(spellings.values()))
        """Of all extracts, each once; of several spellings the first."""
        if not (len(extracts) == 1 and heading_signature(extracts[0].headings) in mapping.signatures):
            mapping.check_headings(self.headings if len(extracts) > 1 else extracts[0].headings)
        in_each = [mapping.columns_in(extract.headings) for extract in extracts]
        for extract, columns in zip(extracts, in_each, strict=True):
            if not columns:
                raise MappingInvalid(
                    f"{extract.path.name}: has none of the headings that the mapping takes. Is it a file of "
                    "another data set, or of another layout?"
                )
        self.columns = frozenset[str]().union(*in_each)
        """The columns of the specification that there are."""
        self.schema = pa.schema(
            [
                pa.field(SOURCE_ROW, pa.int64()),
                *(pa.field(f.column, pa.string()) for f in specification.fields if f.column in self.columns),
            ]
        )
        self.records = RecordMapping(mapping, self.schema)
        self._without = [
            tuple(f.name for f in specification.fields if f.column in self.columns - columns)
            for columns in in_each
        ]
        self.files: tuple[ExtractFile, ...] = ()
        """What was read, once all batches have been taken."""
        self.trailers: tuple[Trailer, ...] = ()
        """What the last lines of files say of the number of records; then likewise."""
        self.rows_before = 0
        """Rows of the extracts that have been read so far."""
        self.employers: Counter[str] = Counter()
        """How many records each employer has, where the mapping names a heading for it; then likewise."""

    @property
    def headings_unused(self) -> tuple[str, ...]:
        """The headings that nothing takes in any file, in the order in which they first stand."""
        unused: set[str] = set()
        used: set[str] = set()
        for extract in self.extracts:
            left = {loosely(name) for name in self.mapping.columns_unused(extract.headings)}
            unused |= left
            used |= {loosely(name) for name in extract.headings} - left
        return tuple(name for name in self.headings if loosely(name) in unused - used)

    def begin(self) -> None:
        """Know nothing of the files as yet."""
        self.files = ()
        self.trailers = ()
        self.employers.clear()
        self.rows_before = 0

    def end_of(
        self,
        extract: NamedExtract,
        *,
        records: int,
        blank_rows: int,
        footers: Sequence[Footer],
        last_row: int,
    ) -> None:
        """Take down what was read of the next extract, whose last record stands in `last_row`."""
        self.files += (
            ExtractFile(
                name=extract.path.name,
                sha256=extract.sha256,
                bytes=extract.bytes,
                format=extract.format.describe(),
                records=records,
                blank_rows=blank_rows,
                rows_before=self.rows_before,
                columns_absent=self._without[len(self.files)],
                footers=tuple(_in_words(footer) for footer in footers),
            ),
        )
        self.trailers += tuple(
            Trailer(extract.path.name, footer.count, records)
            for footer in footers
            if footer.count is not None
        )
        self.rows_before += last_row


class MappedExtracts(MappedSource):
    """The records of one extract or of several, streamed under the names of the specification."""

    def __init__(
        self, extracts: Sequence[RecordSource], mapping: Mapping, specification: Specification
    ) -> None:
        """Settle which columns there are; arguments and errors as for `MappedSource`."""
        super().__init__(extracts, mapping, specification)
        self._extracts = extracts

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All records, read anew, in batches of any size."""
        self.begin()
        for extract in self._extracts:
            records, last_row, rows_before = 0, 0, self.rows_before
            for batch in extract.batches():
                records += batch.num_rows
                last_row = batch.column(0)[-1].as_py()
                self.employers += self.records.employers(batch)
                yield self.records.apply(batch, rows_before)
            self.end_of(
                extract,
                records=records,
                blank_rows=extract.blank_rows,
                footers=extract.footers,
                last_row=last_row,
            )


def _in_words(footer: Footer) -> str:
    """A row that was left out, without its text: that could name a person."""
    says = "" if footer.count is None else f", which says that there are {footer.count:,} records"
    return f"row {footer.row:,}{says}"
