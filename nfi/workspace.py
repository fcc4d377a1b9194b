"""The workspace: the folder in which nfi keeps what it made, readable by its owner only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from specs.check_record import CheckRecord, read_check_record
from specs.errors import NfiError
from specs.private_files import digest_of
from specs.specification import Specification, load_specification

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
            RecordsChanged: typed records are not those that the check wrote.
        """
        found = {
            dataset: read_check_record(self.check_record(dataset)) for dataset in self.checked_datasets()
        }
        if not found:
            raise NothingChecked(
                f"{self.folder}: no checked extract here. "
                f"First: nfi check FILE --dataset payroll --out {self.folder}"
            )
        for dataset, record in found.items():
            if digest_of(self.checked(dataset)) != record.records_sha256:
                raise RecordsChanged(
                    f"{self.checked(dataset)}: not what the check of {record.extract} wrote. Check it again: "
                    f"nfi check {record.extract} --dataset {dataset} --out {self.folder}"
                )
        return found

    def specification_of(self, record: CheckRecord) -> Specification:
        """The specification that an extract was checked against.

        Raises:
            CatalogueChanged: the catalogue's file is not the one of the check.
        """
        specification = load_specification(record.dataset, record.exercise)
        if specification.digest != record.specification_digest:
            raise CatalogueChanged(
                f"{record.dataset}: the specification has changed since {record.extract} was checked. "
                f"Check it again: nfi check {record.extract} --dataset {record.dataset} --out {self.folder}"
            )
        return specification
