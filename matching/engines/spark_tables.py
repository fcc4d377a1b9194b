"""Extracts that Spark reads by itself: Parquet in any place, Delta, tables of a catalog, with numbered rows.

A row's number must be the same in every run, however many partitions there are. In Parquet it goes by the
names of the files and the row in the file. Elsewhere rows have no order, so they are put into that of their
columns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TypeVar

from matching.engines.spark_types import backticked
from specs.engine import Held
from specs.engine_extract import FIRST_ROW, EngineTable
from specs.errors import ExtractUnreadable
from specs.private_files import digest_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Found = TypeVar("Found")

DELTA = "delta:"
"""Begins a location that is a Delta table's folder."""
_OTHER_FILES = (".csv", ".txt", ".xlsx", ".xlsm", ".xls", ".zip", ".gz", ".json", ".orc", ".avro")
_IN_PARTITION = 33
"""Bits of Spark's own numbers that count within a partition."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Reads extracts in a session."""

    session: SparkSession
    files_are_shared: bool
    """Whether workers find files by the paths they have on this machine."""
    keep: Callable[[DataFrame], str]
    """Makes a working table of some rows; gives its name."""
    send: Callable[[Path], str]
    """Makes a working table of a file of this machine, its rows in their order; gives its name."""
    reading: dict[str, str]
    """Options for reading Parquet."""

    def read(self, location: str) -> EngineTable:
        """An extract by its path or name; see `ExtractEngine.table`."""
        if location.startswith(DELTA):
            return self._delta(location, location.removeprefix(DELTA))
        here = Path(location)
        is_here = "://" not in location and here.exists()
        if location.lower().endswith(_OTHER_FILES):
            raise ExtractUnreadable(
                f"{here.name}: Spark reads extracts as Parquet, Delta or tables. Write it as Parquet first, "
                "or leave out --engine spark."
            )
        if is_here and (here / "_delta_log").is_dir():
            return self._delta(location, self._uri(here))
        if is_here and not self.files_are_shared:
            return self._sent(location, here)
        if is_here:
            return self._parquet(location, self._uri(here), here)
        if "/" in location or "\\" in location or location.endswith(".parquet"):
            self._refuse_delta_log(location)
            return self._parquet(location, location, None)
        return self._of_catalog(location)

    @staticmethod
    def _uri(here: Path) -> str:
        return here.absolute().as_uri()

    def _refuse_delta_log(self, location: str) -> None:
        """Refuse a Delta folder that would be read as Parquet: with rows that were deleted."""
        try:
            found = self.session.read.text(f"{location.rstrip('/')}/_delta_log/*.json").limit(1).toArrow()
        except Exception:  # there is none, or it may not be looked at
            return
        if found.num_rows:
            raise ExtractUnreadable(f"{PurePath(location).name}: is a Delta table. Say so: delta:{location}")

    # --- Parquet ---

    def _parquet(self, location: str, uri: str, here: Path | None) -> EngineTable:
        rows = self._opened(location, lambda: self.session.read.options(**self.reading).parquet(uri))
        names = rows.columns
        numbered = rows.selectExpr(
            "_metadata.file_path as file",
            "_metadata.row_index as place",
            "_metadata.file_size as size",
            *_renamed(names),
        )
        files = self.session.sql(
            "select file, count(*) as rows, max(size) as size from {numbered} group by file",
            numbered=numbered,
        )
        listed = sorted(files.toArrow().to_pylist(), key=lambda file: file["file"])
        first, starts = FIRST_ROW, {}
        for file in listed:
            starts[file["file"]] = first
            first += file["rows"]
        start = _chosen("file", starts)
        kept = self.keep(
            numbered.selectExpr(f"cast({start} + place as bigint) as source_row", *_columns(names))
        )
        whole = here and _digest_of_files(here, len(listed))
        return EngineTable(
            table=self._held(kept),
            names=tuple(names),
            rows=first - FIRST_ROW,
            path=PurePath(location),
            sha256=whole or self._digest(kept, names),
            bytes=sum(file["size"] for file in listed),
            format="Parquet, read by Spark",
        )

    def _sent(self, location: str, here: Path) -> EngineTable:
        """A file of this machine that workers cannot read."""
        if here.is_dir():
            raise ExtractUnreadable(
                f"{here.name}: is a folder on this machine, which Spark's workers do not see. "
                "Put it where they do."
            )
        names, kept, rows = self._sent_file(here)
        return EngineTable(
            table=self._held(kept),
            names=names,
            rows=rows,
            path=PurePath(location),
            sha256=digest_of(here),
            bytes=here.stat().st_size,
            format="Parquet, read by Spark",
        )

    def _sent_file(self, here: Path) -> tuple[tuple[str, ...], str, int]:
        import pyarrow.parquet as pq  # noqa: PLC0415

        names = tuple(self._opened(here.name, lambda: pq.read_schema(here)).names)
        return names, self.send(here), pq.read_metadata(here).num_rows

    # --- tables ---

    def _delta(self, location: str, uri: str) -> EngineTable:
        def read() -> DataFrame:
            return self.session.read.format("delta").load(uri)

        return self._in_order(location, self._opened(location, read, "Delta"), "Delta table, read by Spark")

    def _of_catalog(self, location: str) -> EngineTable:
        def read() -> DataFrame:
            return self.session.table(".".join(backticked(part.strip("`")) for part in location.split(".")))

        return self._in_order(location, self._opened(location, read), "table, read by Spark")

    def _in_order(self, location: str, rows: DataFrame, format_: str) -> EngineTable:
        """Number rows in the order of their columns, with as many partitions as Spark likes."""
        names = rows.columns
        columns = _columns(names)
        renamed = rows.selectExpr(*_renamed(names))
        counted = self.keep(
            renamed.orderBy(*columns).selectExpr("monotonically_increasing_id() as place", *columns)
        )
        parts = self.session.sql(
            f"select shiftright(place, {_IN_PARTITION}) as part, count(*) as rows from {backticked(counted)} "
            "group by part order by part"
        )
        first, starts = FIRST_ROW, {}
        for part in parts.toArrow().to_pylist():
            starts[part["part"]] = first
            first += part["rows"]
        inside = f"(place & {(1 << _IN_PARTITION) - 1})"
        start = _chosen(f"shiftright(place, {_IN_PARTITION})", starts)
        kept = self.keep(
            self.session.table(counted).selectExpr(
                f"cast({start} + {inside} as bigint) as source_row", *columns
            )
        )
        return EngineTable(
            table=self._held(kept),
            names=tuple(names),
            rows=first - FIRST_ROW,
            path=PurePath(location),
            sha256=self._digest(kept, names),
            bytes=0,
            format=format_,
        )

    # --- both ---

    def _opened(self, location: str, read: Callable[[], Found], kind: str = "") -> Found:
        """What `read` gives; a location where nothing is in words."""
        try:
            found = read()
            getattr(found, "columns", None)  # Spark Connect looks only now
        except Exception as fault:
            said = str(fault)
            name = PurePath(location).name
            if "FileNotFoundException" in said or any(each in said for each in _NOT_THERE):
                raise ExtractUnreadable(
                    f"{location}: Spark finds no such file or table. "
                    "Is it spelt right, and may the session read it?"
                ) from fault
            if kind == "Delta" and any(each in said for each in ("DATA_SOURCE_NOT_FOUND", "ClassNotFound")):
                raise ExtractUnreadable(
                    f"{name}: a Delta table, and the session has no Delta. "
                    "Start it with the package delta-spark."
                ) from fault
            if "UNABLE_TO_INFER_SCHEMA" in said or "is not a Parquet file" in said or "FOOTER" in said:
                raise ExtractUnreadable(
                    f"{name}: is no Parquet. Write the extract as Parquet first."
                ) from fault
            raise
        return found

    def _held(self, name: str) -> Held:
        return Held(name, self.session.table(name).limit(0).toArrow().schema)

    def _digest(self, name: str, names: list[str]) -> str:
        """Tells one state of a table from another; the same however its rows are spread.

        Every row is hashed with its number; the hashes are added up in parts.
        """
        fields = ", ".join(["source_row", *_columns(names)])
        parts = ", ".join(
            f"sum(cast(conv(substr(hash, {1 + 15 * part}, 15), 16, 10) as decimal(38, 0))) as part_{part}"
            for part in range(4)
        )
        hashed = self.session.sql(
            f"select count(*) as rows, {parts} from (select sha2(to_json(named_struct("
            + ", ".join(f"'{field}', {field}" for field in fields.split(", "))
            + f"), map('ignoreNullFields', 'false')), 256) as hash from {backticked(name)})"
        )
        (sums,) = hashed.toArrow().to_pylist()
        said = "\n".join([*names, *(str(value) for value in sums.values())])
        return sha256(said.encode()).hexdigest()


_NOT_THERE = ("PATH_NOT_FOUND", "TABLE_OR_VIEW_NOT_FOUND", "No such file", "NoSuchTable", "SCHEMA_NOT_FOUND")


def _columns(names: list[str]) -> list[str]:
    """What the columns are called here: by their place, so that no name is in the way of another."""
    return [f"column_{place}" for place, _ in enumerate(names, start=1)]


def _renamed(names: list[str]) -> list[str]:
    return [f"{backticked(name)} as {ours}" for name, ours in zip(names, _columns(names), strict=True)]


def _chosen(column: str, values: dict[str, int] | dict[int, int]) -> str:
    """Spark SQL for the number that belongs to a value of a column."""
    if not values:
        return f"{FIRST_ROW}"
    literals = ", ".join(f"{_literal(key)}, {value}L" for key, value in values.items())
    return f"element_at(map({literals}), {column})"


def _literal(value: str | int) -> str:
    if isinstance(value, int):
        return f"{value}L"
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _digest_of_files(here: Path, found: int) -> str | None:
    """The SHA-256 of a file, or of the list of those of several; None where others were read than these."""
    if here.is_file():
        return digest_of(here)
    files = sorted(
        (file for file in here.rglob("*") if file.is_file() and not _is_hidden(file.relative_to(here))),
        key=lambda file: file.absolute().as_uri(),
    )
    if len(files) != found:
        return None
    return sha256("\n".join(map(digest_of, files)).encode()).hexdigest()


def _is_hidden(file: Path) -> bool:
    """Whether Spark passes a file over."""
    return any(part.startswith(("_", ".")) for part in file.parts)
