"""The files of a package, one after the other, and what the manifest has to say of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Literal

from outputs.sealed.encrypted_zip import ArchiveWriter, WrittenFile
from outputs.submitted.checked_data_set import CheckedDataSet
from outputs.submitted.describe import audit_path, describe_resource, layout_path, lookup_path
from outputs.submitted.manifest import OtherFile, Resource
from outputs.submitted.read_back import read_back
from outputs.submitted.read_records import first_row
from outputs.submitted.recheck import SentFile
from outputs.written.control_totals import CountedField, survey
from outputs.written.fixed_width import layout_csv
from outputs.written.record_file import RecordFile, format_in_words, planned
from outputs.written.transliterations import changed_columns, transliterations, transliterations_heading
from outputs.written.written_form import WrittenForm
from specs.errors import NfiError
from specs.formats.fixed_layout import LayoutFile
from specs.parts import Part

TRANSLITERATIONS = "transliterations.csv"
_CHANGED_VALUE = 1 << 13
"""Bytes that one line of the list of changed values stays below, as good as always."""

Holds = Literal["look-up table", "layout", "transliterations", "specification", "mapping", "cover sheet"]


class SourceChanged(NfiError):
    """A file that an extract was checked with is gone or another one."""


class PackageWriter:
    """A package that is being written; keeps what the manifest will say of its files."""

    def __init__(self, archive: ArchiveWriter, form: WrittenForm) -> None:
        self._archive = archive
        self._form = form
        self._changed: list[Iterable[bytes]] = []
        self.resources: list[Resource] = []
        self.others: list[OtherFile] = []
        self.sent: dict[str, list[SentFile]] = {}
        """The files of records of each data set, to be read back."""

    @property
    def transliterated(self) -> int:
        """How many values were changed to fit ASCII."""
        return sum(each.control_totals.transliterated for each in self.resources)

    def write_records(self, checked: CheckedDataSet, layout: LayoutFile | None) -> None:
        """The records of a data set, in as many files as its specification wants, and their layouts.

        Raises:
            CheckedRecordsUnusable, LayoutUnfit: see there.
        """
        for part in checked.parts:
            file = _planned(checked, part, self._form, layout)
            written = self._archive.write(
                f"{part.name}.{file.extension}",
                file.content(checked.batches(part)),
                size_at_most=file.size_at_most,
            )
            totals = file.survey.totals
            resource = describe_resource(
                checked, part, written, totals, self._form, delimiter=file.delimiter, places=file.places
            )
            self.resources.append(resource)
            self.sent.setdefault(checked.name, []).append(_sent(checked, part, file, resource))
            self._changed.append(_changed(checked, part, file, written))
            if file.layout is not None:
                self.write_other(layout_path(part), layout_csv(file.layout), "layout")

    def write_transliterations(self) -> None:
        """The list of values that were changed to fit ASCII, if there are any."""
        if self.transliterated:
            lines = chain([transliterations_heading()], chain.from_iterable(self._changed))
            written = self._archive.write(
                TRANSLITERATIONS, lines, size_at_most=self.transliterated * _CHANGED_VALUE
            )
            self._note(written, "transliterations")

    def write_sources(self, checked: CheckedDataSet) -> None:
        """Look-up tables, and what an auditor needs to check the data set again.

        Raises:
            SourceChanged: one of them is gone, or the specification is another one.
        """
        for column, table in checked.lookups.items():
            self.write_other(lookup_path(checked.name, column), table.as_csv(), "look-up table")
        specification = _content(checked.specification_file)
        if sha256(specification).hexdigest() != checked.specification.digest:
            raise _changed_source(checked.specification_file)
        self.write_other(audit_path(checked.name, "specification.yaml"), specification, "specification")
        if checked.mapping:
            self.write_other(audit_path(checked.name, "mapping.yaml"), _content(checked.mapping), "mapping")
        if checked.layout:
            self.write_other(audit_path(checked.name, "layout.yaml"), _content(checked.layout), "layout")

    def write_other(self, path: str, content: bytes, holds: Holds) -> None:
        """A file without records, which the manifest vouches for."""
        self._note(self.write_text(path, content), holds)

    def write_text(self, path: str, content: bytes) -> WrittenFile:
        """A file that the manifest does not vouch for: the manifest itself, and its signature."""
        return self._archive.write(path, [content], size_at_most=len(content))

    def _note(self, written: WrittenFile, holds: Holds) -> None:
        described = OtherFile(
            path=written.path, bytes=written.bytes, hash=f"sha256:{written.sha256}", holds=holds
        )
        self.others.append(described)


def _planned(checked: CheckedDataSet, part: Part, form: WrittenForm, layout: LayoutFile | None) -> RecordFile:
    fields = checked.specification.fields
    counted = [CountedField(each.column, each.name, each.format) for each in fields]
    try:
        found = survey(checked.batches(part), counted, form)
    except (OverflowError, ValueError):
        raise checked.unusable("holds a date outside the years 1 to 9999") from None
    return planned(checked.specification, found, form, layout)


def _sent(checked: CheckedDataSet, part: Part, file: RecordFile, resource: Resource) -> SentFile:
    return SentFile(
        path=PurePosixPath(resource.path),
        sha256=resource.hash.removeprefix("sha256:"),
        bytes=resource.bytes,
        format=format_in_words(file.delimiter, file.form),
        headings=tuple(field.name for field in checked.specification.fields),
        first_row=first_row(file.form),
        columns=lambda: read_back(file.content(checked.batches(part)), file, resource),
    )


def _changed(checked: CheckedDataSet, part: Part, file: RecordFile, written: WrittenFile) -> Iterator[bytes]:
    columns = changed_columns(file.survey, checked.specification)
    if columns:
        yield from transliterations(
            checked.batches(part),
            columns,
            file=written.path,
            form=file.form,
            bytes_used=file.survey.bytes_used,
        )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise _changed_source(path) from None


def _changed_source(path: Path) -> SourceChanged:
    return SourceChanged(f"{path}: not what the check was made with. Check the extract again: nfi check")
