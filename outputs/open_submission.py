"""A submission opened again: its manifest, its records typed as before, and whether both still agree."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.csv as pacsv
import pyzipper

from outputs.control_totals import CountedField, FieldTotals, survey
from outputs.datapackage import MANIFEST, Manifest, Resource, read_manifest
from outputs.spec_format import as_typed
from specs.errors import NfiError

_CHUNK = 1 << 20
_BLOCK = 4 << 20
_AES_256 = 3  # as the ZIP format numbers key lengths
_DAMAGED = (pyzipper.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)


class SubmissionUnreadable(NfiError):
    """A package cannot be opened: not there, not one of nfi's, damaged, or another passphrase."""


@contextlib.contextmanager
def open_submission(package: Path, *, passphrase: str) -> Iterator[Submission]:
    """A submission, open for reading. Nothing is written to the disk.

    Raises:
        SubmissionUnreadable: not there, not a ZIP, damaged, no manifest inside, or another passphrase.
        ManifestUnreadable: its manifest is not one that this version of nfi reads.
    """
    try:
        archive = pyzipper.AESZipFile(package)
    except FileNotFoundError:
        raise SubmissionUnreadable(f"{package}: no such file. Name the package to open.") from None
    except IsADirectoryError:
        raise SubmissionUnreadable(f"{package}: is a folder. Name the package in it.") from None
    except pyzipper.BadZipFile:
        raise SubmissionUnreadable(f"{package}: is damaged or not a ZIP. Fetch it again.") from None
    except OSError as fault:
        raise SubmissionUnreadable(
            f"{package}: cannot be read ({fault.strerror}). Check that you are allowed to open it."
        ) from None
    with archive:
        archive.setpassword(passphrase.encode(errors="surrogatepass"))  # an error would quote it
        yield Submission(package, archive)


class Submission:
    """An open submission. Made by `open_submission`."""

    def __init__(self, package: Path, archive: pyzipper.AESZipFile) -> None:
        self._package = package
        self._archive = archive
        self.files: tuple[str, ...] = tuple(archive.namelist())
        if MANIFEST not in self.files:
            raise SubmissionUnreadable(f"{package}: holds no {MANIFEST}, so it is not a package of nfi's.")
        self.manifest: Manifest = read_manifest(self.content(MANIFEST))

    def content(self, name: str) -> bytes:
        """One whole file of the package; meant for the small ones."""
        return b"".join(self._chunks(name))

    def batches(self, dataset: str) -> Iterator[pa.RecordBatch]:
        """The records of a data set, typed as they were when they were packaged.

        Raises:
            SubmissionUnreadable: no such data set, or its file does not follow the manifest.
        """
        resource = self._resource(dataset)
        fields = resource.table_schema.fields
        columns = [field.column for field in fields]
        with self._plain(resource.path) as plain:
            try:
                for batch in _text_batches(plain, resource):
                    typed = [
                        as_typed(text, field.field_format)
                        for text, field in zip(batch.columns, fields, strict=True)
                    ]
                    yield pa.RecordBatch.from_arrays(typed, names=columns)
            except (pa.ArrowException, ValueError):
                # `from None`: pyarrow's message can quote a record.
                raise SubmissionUnreadable(
                    f"{self._package}: {resource.path} is not as the manifest describes it."
                ) from None

    def problems(self) -> tuple[str, ...]:
        """Where the package does not agree with its manifest, in words; empty when it is as it was made.

        Looks at files missing and extra, encryption, sizes, hashes, headings, formats, rows and control
        totals. Whether the manifest itself is the one that was made, only its noted hash can tell.
        """
        resources = self.manifest.resources
        note = self.manifest.cover_note
        expected = {MANIFEST: None} | {each.path: (each.bytes, each.hash) for each in resources}
        expected |= {note.path: (note.bytes, note.hash)} if note else {}
        found = [f"{name}: is in the package, not in the manifest" for name in {*self.files} - {*expected}]
        found += [f"{name}: is in the manifest, not in the package" for name in {*expected} - {*self.files}]
        found += [
            f"{entry.filename}: is not encrypted with AES-256"
            for entry in self._archive.infolist()
            if entry.wz_aes_strength != _AES_256
        ]
        for name, described in expected.items():
            if described and name in self.files and self._measured(name) != described:
                found.append(f"{name}: size or hash is not that of the manifest")
        for resource in resources:
            if resource.path in self.files:
                found += self._unlike_manifest(resource)
        return tuple(sorted(found))

    def _unlike_manifest(self, resource: Resource) -> Iterator[str]:
        try:
            totals = survey(self.batches(resource.name), _counted_fields(resource)).totals
        except SubmissionUnreadable:
            yield f"{resource.path}: headings, dates or amounts are not as the manifest describes them"
            return
        if totals.records != resource.rows:
            yield f"{resource.path}: {totals.records:,} records, {resource.rows:,} in the manifest"
        for counted, described in zip(totals.fields, resource.control_totals.fields, strict=True):
            if _comparable(counted) != _comparable(described):
                yield f"{resource.path}, {described.field}: control totals are not those of the manifest"

    def _resource(self, dataset: str) -> Resource:
        for resource in self.manifest.resources:
            if resource.name == dataset:
                return resource
        known = ", ".join(each.name for each in self.manifest.resources)
        raise SubmissionUnreadable(f"{self._package}: holds no data set '{dataset}'. It holds: {known}.")

    def _measured(self, name: str) -> tuple[int, str]:
        size, digest = 0, sha256()
        for chunk in self._chunks(name):
            size += len(chunk)
            digest.update(chunk)
        return size, f"sha256:{digest.hexdigest()}"

    def _chunks(self, name: str) -> Iterator[bytes]:
        with self._plain(name) as plain:
            while chunk := plain.read(_CHUNK):
                yield chunk

    @contextlib.contextmanager
    def _plain(self, name: str) -> Iterator[IO[bytes]]:
        """One file, decrypted as it is read; its authentication code is checked at its end."""
        try:
            with self._archive.open(name) as plain:
                yield plain
        except RuntimeError as fault:
            if isinstance(fault, NotImplementedError):
                raise self._damaged(name) from None
            raise SubmissionUnreadable(f"{self._package}: another passphrase was used. Try again.") from None
        except _DAMAGED:
            raise self._damaged(name) from None

    def _damaged(self, name: str) -> SubmissionUnreadable:
        return SubmissionUnreadable(f"{self._package}: {name} is damaged. Fetch the package again.")


def _counted_fields(resource: Resource) -> Iterator[CountedField]:
    for field in resource.table_schema.fields:
        yield CountedField(field.column, field.name, field.field_format)


def _comparable(totals: FieldTotals) -> FieldTotals:
    """Without what can be counted only before packaging."""
    return totals.model_copy(update={"replaced": None})


def _text_batches(plain: IO[bytes], resource: Resource) -> Iterator[pa.RecordBatch]:
    names = [field.name for field in resource.table_schema.fields]
    with pacsv.open_csv(
        plain,
        pacsv.ReadOptions(block_size=_BLOCK),
        pacsv.ParseOptions(delimiter=resource.dialect.delimiter, ignore_empty_lines=False),
        pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    ) as reader:
        if reader.schema.names != names:
            raise ValueError(f"{resource.path}: other headings than the manifest has")
        yield from reader
