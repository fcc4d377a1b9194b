"""From the path that a person names to the file that holds the data: as it is, piped in or zipped."""

from __future__ import annotations

import sys
from pathlib import Path

from specs.errors import ExtractUnreadable
from specs.formats.archive import member_of
from specs.formats.encoding import read_start, readable
from specs.formats.file_kind import FileKind, file_kind
from specs.formats.source import STANDARD_INPUT, Source, piped, refuse_option, source_of
from specs.formats.workbook_package import ZipKind, zip_kind

PIPED = Path("-")
"""The path that means standard input."""

_PIPED_BYTES = 1 << 20
_EXCEL_LOCK = "~$"


def unwrap(path: Path, *, member: str | None = None) -> tuple[Source, Source, FileKind]:
    """The file as it was named, the one in it that holds the data (as a rule the same), and its kind.

    Args:
        path: the file; '-' for standard input.
        member: which file of a ZIP archive.

    Raises:
        ExtractUnreadable: not there, no extract, packed twice, or an archive of several files.
        OutputUnwritable: no space for a private copy.
    """
    outer = _piped_in() if path == PIPED else _on_disk(path)
    source, kind = outer, file_kind(outer, read_start(outer, gzipped=False))
    if kind is FileKind.ZIP and zip_kind(outer) is ZipKind.ARCHIVE:
        source = member_of(outer, member=member)
        kind = file_kind(source, read_start(source, gzipped=False))
        if kind is FileKind.GZIP or (kind is FileKind.ZIP and zip_kind(source) is ZipKind.ARCHIVE):
            raise ExtractUnreadable(f"{source.name}: is packed twice. Unpack it, and name the file inside.")
    else:
        refuse_option(source, "member", member, "no ZIP archive")
    if kind is FileKind.GZIP and file_kind(source, read_start(source, gzipped=True)) is not FileKind.TEXT:
        raise ExtractUnreadable(f"{source.name}: holds another packed file or a workbook. Unpack it first.")
    return outer, source, kind


def _piped_in() -> Source:
    if sys.stdin is None or sys.stdin.isatty():
        raise ExtractUnreadable(f"{STANDARD_INPUT}: nothing is piped in. Name a file in place of '-'.")
    return piped(iter(lambda: sys.stdin.buffer.read(_PIPED_BYTES), b""))


def _on_disk(path: Path) -> Source:
    if path.name.startswith(_EXCEL_LOCK):
        raise ExtractUnreadable(
            f"{path.name}: is what Excel leaves beside a workbook while it is open. Name the workbook "
            f"itself: {path.name.removeprefix(_EXCEL_LOCK)}"
        )
    source = source_of(path)
    with readable(source):
        if path.is_dir():
            raise IsADirectoryError
        if path.exists() and not path.is_file():
            raise ExtractUnreadable(f"{path}: is not a file. Save the data to a file first.")
    return source
