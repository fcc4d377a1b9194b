"""The workspace: the folder in which nfi keeps what it made, readable by its owner only."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from specs.catalogues import Catalogue
from specs.check_record import CheckRecord, read_check_record
from specs.errors import NfiError
from specs.private_files import digest_of
from specs.specification import Specification

DEFAULT_FOLDER = Path("nfi-work")


class NothingChecked(NfiError):
    """The workspace holds no checked extract, so there is nothing to match or package."""


class RecordsChanged(NfiError):
    """Checked records are not those that the check wrote."""


class CatalogueChanged(NfiError):
    """The specification is not the one that an extract was checked against."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where each result stands inside one folder."""

    folder: Path

    def checked(self, dataset: str) -> Path:
        """Typed records of a data set (Parquet)."""
        return self.folder / "checked" / f"{dataset}.parquet"

    def check_record(self, dataset: str) -> Path:
        """What the check of a data set recorded (JSON)."""
        return self.folder / "checked" / f"{dataset}.json"

    def specification_file(self, dataset: str) -> Path:
        """The catalogue file that a data set was checked against, as it was then."""
        return self.folder / "checked" / f"{dataset}.specification.yaml"

    def mapping_file(self, dataset: str) -> Path:
        """Where the mapping that a data set was checked with is kept, if there was one."""
        return self.folder / "checked" / f"{dataset}.mapping.yaml"

    def layout_file(self, dataset: str) -> Path:
        """Where the layout that fixed-width text was read with is kept, if a file said it."""
        return self.folder / "checked" / f"{dataset}.layout.yaml"

    def lookup_file(self, dataset: str, column: str) -> Path:
        """Where the look-up table of a column is kept, if there was one: CSV of code and meaning."""
        return self.folder / "checked" / "lookups" / dataset / f"{column}.csv"

    def mapping_of(self, dataset: str) -> Path | None:
        """The mapping that a data set was checked with; None where the headings were the specification's."""
        return _if_there(self.mapping_file(dataset))

    def layout_of(self, dataset: str) -> Path | None:
        """The layout that fixed-width text was read with; None where no file said it."""
        return _if_there(self.layout_file(dataset))

    def lookups_of(self, dataset: str) -> dict[str, Path]:
        """The look-up tables that a data set was checked with, by column name, in alphabetical order."""
        folder = self.folder / "checked" / "lookups" / dataset
        return {path.stem: path for path in sorted(folder.glob("*.csv")) if not path.name.startswith(".")}

    def sources_of(self, dataset: str) -> list[Path]:
        """What is kept of that from which a data set was checked, besides its extracts."""
        fixed = (self.specification_file(dataset), self.mapping_file(dataset), self.layout_file(dataset))
        return [*filter(Path.exists, fixed), *self.lookups_of(dataset).values()]

    @property
    def findings(self) -> Path:
        """The folder of findings: Parquet, CSV and a workbook for each data set."""
        return self.folder / "findings"

    @property
    def matches(self) -> Path:
        """The folder of cases: a workbook, Parquet and CSV."""
        return self.folder / "matches"

    @property
    def submission(self) -> Path:
        """The folder of packages."""
        return self.folder / "submission"

    @property
    def mappings(self) -> Path:
        """The folder of saved mappings, found again by the headings that they were made for."""
        return self.folder / "mappings"

    @property
    def catalogue(self) -> Catalogue:
        """The specifications that count here: nfi's, and the body's own in `catalogue/`, which come first."""
        return Catalogue.of(self.folder / "catalogue")

    @property
    def reports(self) -> Path:
        """The folder of the body's own reports."""
        return self.folder / "reports"

    @property
    def runs(self) -> Path:
        """The folder of run records."""
        return self.folder / "runs"

    def checked_datasets(self) -> dict[str, Path]:
        """The typed records of every data set that has been checked, in alphabetical order."""
        return {
            path.stem: self.checked(path.stem)
            for path in sorted(self.folder.glob("checked/*.json"))
            if self.checked(path.stem).exists()
        }

    def records(self) -> dict[str, CheckRecord]:
        """The check record of every data set that has been checked, in alphabetical order.

        Raises:
            NothingChecked: there is none; says which command makes one.
            RecordsChanged: typed records, or what the check recorded of them, are not as the check left them.
        """
        names = {
            path.stem
            for pattern in ("*.json", "*.parquet")
            for path in self.folder.joinpath("checked").glob(pattern)
            if not path.name.startswith(".")  # left by a process that was killed
        }
        if not names:
            raise NothingChecked(
                f"{self.folder}: no checked extract here. "
                f"First: nfi check FILE --dataset payroll --out {self.folder}"
            )
        return {dataset: self._record(dataset) for dataset in sorted(names)}

    def _record(self, dataset: str) -> CheckRecord:
        """The record of one check, once it, the typed records and what they were made from are what it wrote.

        What stands there and was not written by the run counts as changed, too.
        """
        try:
            record = read_check_record(self.check_record(dataset))
        except (OSError, ValidationError):
            raise self._changed(self.check_record(dataset), "an extract", "FILE", dataset) from None
        written = outputs_of(self.runs / f"check-{dataset}.json")
        ours = (f"checked/{dataset}.", f"checked/lookups/{dataset}/")
        expected: dict[Path, str | None] = {
            self.check_record(dataset): None,
            **dict.fromkeys(self.sources_of(dataset)),
            **{self.folder / name: digest for name, digest in written.items() if name.startswith(ours)},
            self.checked(dataset): record.records_sha256,
            self.specification_file(dataset): record.specification_digest,
        }
        for path, digest in expected.items():
            if not path.exists() or digest_of(path) != digest:
                raise self._changed(path, record.extract, _files_of(record), dataset)
        return record

    def _changed(self, path: Path, extract: str, file: str, dataset: str) -> RecordsChanged:
        return RecordsChanged(
            f"{path}: not what the check of {extract} wrote. Check it again: "
            f"nfi check {file} --dataset {dataset} --out {self.folder}"
        )

    def specification_of(self, record: CheckRecord) -> Specification:
        """The specification that an extract was checked against.

        Raises:
            CatalogueChanged: the catalogue's file is not the one of the check.
        """
        specification = self.catalogue.load(record.dataset, record.exercise)
        if specification.digest != record.specification_digest:
            raise CatalogueChanged(
                f"{record.dataset}: the specification has changed since {record.extract} was checked. "
                f"Check it again: nfi check {_files_of(record)} --dataset {record.dataset} "
                f"--out {self.folder}"
            )
        return specification


def _if_there(path: Path) -> Path | None:
    return path if path.exists() else None


def _files_of(record: CheckRecord) -> str:
    """The files of a data set as they are typed."""
    return shlex.join(file.name for file in record.files)


def outputs_of(run_record: Path) -> dict[str, str]:
    """The files that a run wrote, with their SHA-256; empty where its record is missing or damaged."""
    try:
        outputs = json.loads(run_record.read_bytes())["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return dict(outputs) if isinstance(outputs, dict) else {}
