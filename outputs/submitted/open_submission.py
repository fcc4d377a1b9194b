"""A submission opened again: its manifest, its small files, and its records as the manifest says they are."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, cast

import pyarrow as pa

from outputs.sealed.age_keys import Identities
from outputs.sealed.archive import Archive, ArchiveUnreadable, open_archive
from outputs.submitted.manifest import (
    MANIFEST,
    SIGNATURE,
    Manifest,
    ManifestUnreadable,
    Resource,
    read_manifest,
)
from outputs.submitted.read_records import first_row, text_batches, typed_batches
from outputs.submitted.recheck import SentFile
from specs.headings import shown
from specs.read import ExtractFormat

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 1 << 20
_LONGEST_LINE = 64 << 20

_DATA_SET = re.compile(r"[a-z][a-z0-9-]*")
_EXERCISE = re.compile(r"\d{4}-\d{2}")


class SubmissionUnreadable(ArchiveUnreadable):
    """A package is not one of nfi's, or does not hold what is asked of it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Size and hash of a file as the manifest gives them."""

    bytes: int
    hash: str


@contextlib.contextmanager
def open_submission(package: Path, secret: str | Identities) -> Iterator[Submission]:
    """A submission, open for reading.

    Args:
        package: the ZIP, or the age file around one.
        secret: the passphrase of the one, or a key for the other.

    Raises:
        ArchiveUnreadable: not there, no package, damaged, unsafe, or another passphrase or key.
        SubmissionUnreadable: no manifest inside.
        ManifestUnreadable: its manifest is not one that this version of nfi reads.
    """
    with open_archive(package, secret) as archive:
        yield Submission(package, archive)


class Submission:
    """An open submission. Made by `open_submission`."""

    def __init__(self, package: Path, archive: Archive) -> None:
        self.package = package
        self._archive = archive
        self.files: tuple[str, ...] = archive.names
        """Every file inside, in the order of the archive."""
        if MANIFEST not in self.files:
            raise SubmissionUnreadable(f"{package}: holds no {MANIFEST}, so it is not a package of nfi's.")
        self.manifest_text = self.content(MANIFEST)
        self.manifest: Manifest = read_manifest(self.manifest_text)
        _refuse_odd_names(self.manifest)

    @property
    def manifest_sha256(self) -> str:
        """Of the manifest, which vouches for every other file."""
        return sha256(self.manifest_text).hexdigest()

    @property
    def signature(self) -> bytes | None:
        """What stands beside the manifest as its signature; None where there is none."""
        return self.content(SIGNATURE) if SIGNATURE in self.files else None

    @property
    def archive_as_made(self) -> bool:
        """Whether the archive around the files is as nfi makes it."""
        return self._archive.as_made

    @contextlib.contextmanager
    def plain(self, name: str) -> Iterator[IO[bytes]]:
        """One file, decrypted as it is read.

        Raises:
            ArchiveUnreadable: it is damaged, which shows at its end at the latest.
            SubmissionUnreadable: there is no such file.
        """
        if name not in self.files:
            raise self._lacks(name)
        with self._archive.open(name) as plain:
            yield plain

    def content(self, name: str) -> bytes:
        """One whole file; for the small ones.

        Raises:
            ArchiveUnreadable: damaged, not there, or larger than any such file is.
        """
        if name not in self.files:
            raise self._lacks(name)
        return self._archive.read_small(name)

    @contextlib.contextmanager
    def lines(self, name: str) -> Iterator[Iterable[bytes]]:
        """The lines of a file, each with its end; one longer than nfi writes any comes in pieces.

        Raises:
            ArchiveUnreadable: as for `plain`.
        """
        with self.plain(name) as plain:
            whole = io.BufferedReader(cast(io.RawIOBase, plain), _CHUNK)
            yield iter(partial(whole.readline, _LONGEST_LINE), b"")

    def _lacks(self, name: str) -> SubmissionUnreadable:
        return SubmissionUnreadable(f"{self.package}: lacks {shown(name)}. Ask for the package again.")

    def measured(self, name: str) -> Measured:
        """Size and hash of a file, read once and not kept.

        Raises:
            ArchiveUnreadable: as for `plain`.
        """
        with self.plain(name) as plain:
            metered = Metered(plain)
            metered.drain()
        return metered.measured

    def sent_file(self, resource: Resource) -> SentFile:
        """A file of records as something to check; it is read anew each time its batches are asked for."""

        def columns() -> Iterator[pa.RecordBatch]:
            with self.plain(resource.path) as plain:
                yield from text_batches(plain, resource, self.manifest.form)

        fields = resource.fields
        return SentFile(
            path=Path(resource.path),
            sha256=resource.hash.removeprefix("sha256:"),
            bytes=resource.bytes,
            format=ExtractFormat("fixed width" if resource.places else "delimited", encoding="UTF-8"),
            headings=tuple(field.name for field in fields),
            first_row=first_row(self.manifest.form),
            columns=columns,
        )

    def batches(self, resource: Resource) -> Iterator[pa.RecordBatch]:
        """The records of a file, typed as they were when they were packaged.

        Raises:
            ArchiveUnreadable: the file is damaged.
            RecordsUnlike: it does not follow the manifest.
        """
        with self.plain(resource.path) as plain:
            yield from self.typed(plain, resource)

    def typed(self, plain: IO[bytes], resource: Resource) -> Iterator[pa.RecordBatch]:
        """The same out of a file that is open already."""
        texts = text_batches(plain, resource, self.manifest.form)
        return typed_batches(texts, resource, self.manifest.form)


class Metered(io.RawIOBase):
    """A file that is counted and hashed as it is read; closing it leaves the file itself open."""

    def __init__(self, plain: IO[bytes]) -> None:
        self._plain = plain
        self._bytes = 0
        self._digest = sha256()

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """As any raw file is read."""
        room = memoryview(buffer)
        chunk = self._next(len(room))
        room[: len(chunk)] = chunk
        return len(chunk)

    def drain(self) -> None:
        """Read what is left, also after it was closed."""
        while self._next(_CHUNK):
            pass

    def _next(self, size: int) -> bytes:
        chunk = self._plain.read(size)
        self._bytes += len(chunk)
        self._digest.update(chunk)
        return chunk

    @property
    def measured(self) -> Measured:
        """Size and hash of what has been read."""
        return Measured(self._bytes, f"sha256:{self._digest.hexdigest()}")


def _refuse_odd_names(manifest: Manifest) -> None:
    """Names out of a manifest become names of working files: they must not lead anywhere else."""
    if not _EXERCISE.fullmatch(manifest.exercise):
        raise ManifestUnreadable(f"{MANIFEST}: nfi:exercise: is no exercise such as 2026-27.")
    known = [data_set.name for data_set in manifest.data_sets]
    paths = [*(each.path for each in manifest.resources), *(each.path for each in manifest.files)]
    if len({*known}) < len(known) or len({*paths}) < len(paths):
        raise ManifestUnreadable(f"{MANIFEST}: names a data set or a file twice. Ask for the package again.")
    for name in [*known, *(resource.data_set for resource in manifest.resources)]:
        if not _DATA_SET.fullmatch(name) or name not in known:
            raise ManifestUnreadable(
                f"{MANIFEST}: nfi:data_set: a file or a data set has a name that no specification has. "
                "Ask for the package again."
            )
    for file in (file for data_set in manifest.data_sets for file in data_set.extract.files):
        if not _names_a_file(file.name):
            raise ManifestUnreadable(
                f"{MANIFEST}: nfi:extract: the name of an extract holds a folder, or is none that a file can "
                "have. Ask for the package again."
            )


def _names_a_file(name: str) -> bool:
    """Whether a name leads to a file in any folder that it is put in; on Windows it names no drive."""
    return PurePath(name).name == name and name not in {"", ".", ".."} and not {"\\", "\0"} & {*name}
