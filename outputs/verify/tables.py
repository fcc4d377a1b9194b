"""Can the mapping, the layout and the look-up tables of a package be used, and do they fit the manifest?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from outputs.submitted.manifest import DataSet, LookupUsed
from outputs.submitted.open_submission import Submission
from outputs.verify.specifications import Specified
from outputs.verify.verdict import Area, State, Verdict, same_or_differs
from specs.errors import NfiError
from specs.formats.fixed_layout import read_layout
from specs.lookups import LookupTable, read_written_lookup
from specs.mapping import read_mapping
from specs.private_files import private_folder


@dataclass(frozen=True, slots=True)
class Tables:
    """What a data set was read and checked with besides its specification, as files in a private folder."""

    mapping: Path | None
    layout: Path | None
    lookups: Mapping[str, Path]
    """By published name of the field."""
    coded: Mapping[str, LookupTable]
    """The same, read, by column name."""
    distinct: bool
    """Whether the mapping leaves out records that are the same as an earlier one."""
    verdicts: tuple[Verdict, ...]

    @property
    def usable(self) -> bool:
        """Whether the data set can be checked with them."""
        return all(each.state is State.SAME for each in self.verdicts)


def tables(submission: Submission, data_set: DataSet, specified: Specified, folder: Path) -> Tables:
    """Take the tables of a data set out of the package and read each.

    Args:
        submission: the package.
        data_set: whose tables.
        specified: the specifications of the package, that of the data set among them.
        folder: private; gets the files.
    """
    taken = _Taken(submission, data_set, specified, private_folder(folder / "tables" / data_set.name))
    extract = data_set.extract
    mapping = taken.file(extract.mapping, "mapping.yaml", taken.mapping) if extract.mapping else None
    layout = taken.file(extract.layout, "layout.yaml", taken.layout) if extract.layout else None
    lookups = {
        each.field: path
        for number, each in enumerate(data_set.lookups)
        if each.path and (path := taken.file(each.path, f"lookup-{number}.csv", taken.lookup(each)))
    }
    return Tables(mapping, layout, lookups, taken.coded, taken.distinct, tuple(taken.verdicts))


class _Taken:
    """Files that are taken out of a package one by one, and what was found of each."""

    def __init__(self, submission: Submission, data_set: DataSet, specified: Specified, place: Path) -> None:
        self._submission = submission
        self._data_set = data_set
        self._specified = specified
        self._place = place
        self.coded: dict[str, LookupTable] = {}
        self.distinct = False
        self.verdicts: list[Verdict] = []

    def file(self, name: str, local: str, read: Callable[[Path], str | None]) -> Path | None:
        """One file, written into the folder and read; None where it cannot be used."""
        path = self._place / local
        try:
            path.write_bytes(self._submission.content(name))
            fault = read(path)
        except NfiError as unusable:
            fault = str(unusable).removeprefix(f"{local}: ").removeprefix(f"{path}: ")
        self.verdicts.append(
            same_or_differs(Area.TABLES, name, "reading and fit", same=fault is None, detail=fault)
        )
        return None if fault else path

    def mapping(self, path: Path) -> str | None:
        specification = self._specified.by_data_set[self._data_set.name]
        mapping = read_mapping(path, specification, self._specified.catalogue)
        self.distinct = mapping.distinct
        if mapping.columns_absent != self._data_set.extract.columns_absent:
            return "it takes other fields from the extract than the manifest says"
        return None

    def layout(self, path: Path) -> None:
        read_layout(path)

    def lookup(self, used: LookupUsed) -> Callable[[Path], str | None]:
        def read(path: Path) -> str | None:
            field = self._specified.by_data_set[self._data_set.name].by_name.get(used.field)
            if field is None:
                return "it is for a field that the specification has not got"
            self.coded[field.column] = read_written_lookup(path)
            return None

        return read
