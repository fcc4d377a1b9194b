"""What a file is, told from its first bytes; and what to do where it is no extract."""

from __future__ import annotations

from enum import Enum

from specs.errors import ExtractUnreadable
from specs.formats.source import Source

HEAD_BYTES = 65_536
"""How much of a file's start is looked at to tell what it is."""

_ZIP = b"PK"
_GZIP = b"\x1f\x8b"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
"""Header of OLE compound files: workbooks before Excel 2007, and newer ones under a password."""

_PARQUET = b"PAR1"
_TAR_MARK = slice(257, 262)
"""Where a TAR archive says 'ustar'."""

_AS_CSV_OR_XLSX = "export the data as CSV, or save it as .xlsx"
_SIGNATURES = (
    (b"%PDF-", "a PDF document", _AS_CSV_OR_XLSX),
    (b"\x89PNG", "a picture", _AS_CSV_OR_XLSX),
    (b"\xff\xd8\xff", "a picture", _AS_CSV_OR_XLSX),
    (b"GIF8", "a picture", _AS_CSV_OR_XLSX),
    (b"{\\rtf", "a Rich Text document", _AS_CSV_OR_XLSX),
    (b"Rar!\x1a", "a RAR archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"\xfd7zXZ\x00", "an XZ archive", "unpack it first"),
    (b"(\xb5/\xfd", "a Zstandard archive", "unpack it first"),
    (b"-----BEGIN PGP", "encrypted with PGP", "decrypt it first"),
)
_MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<table", b"<workbook")


class FileKind(Enum):
    """The kinds of file that can hold an extract."""

    TEXT = "text"
    GZIP = "gzip"
    ZIP = "zip"
    """A workbook, or an archive: only its table of contents tells."""
    OLD_WORKBOOK = "xls"
    PARQUET = "parquet"


def file_kind(source: Source, head: bytes) -> FileKind:
    """The kind of the file that begins with `head`.

    Raises:
        ExtractUnreadable: empty, or a kind that holds no extract; says what it looks like.
    """
    if not head:
        raise ExtractUnreadable(f"{source.name}: is empty. Export it again from the source system.")
    if head.startswith(_GZIP):
        return FileKind.GZIP
    if head.startswith(_ZIP) and head[2:4] in {b"\x03\x04", b"\x05\x06", b"\x07\x08"}:
        return FileKind.ZIP
    if head.startswith(_PARQUET):
        return FileKind.PARQUET
    if head.startswith(_OLE):
        _refuse_password(source)
        return FileKind.OLD_WORKBOOK
    if head[_TAR_MARK] == b"ustar":
        raise ExtractUnreadable(
            f"{source.name}: is a TAR archive, not an extract: unpack it first, and name the file inside."
        )
    for signature, what, advice in _SIGNATURES:
        if head.startswith(signature):
            raise ExtractUnreadable(f"{source.name}: is {what}, not an extract: {advice}.")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower().startswith(_MARKUP):
        raise ExtractUnreadable(
            f"{source.name}: is a web page or XML under another name. Open it in a spreadsheet program and "
            "save it as .xlsx or CSV."
        )
    return FileKind.TEXT


def _refuse_password(source: Source) -> None:
    """A newer workbook under a password is an OLE file, too."""
    marker = "EncryptedPackage".encode("utf-16-le")
    overlap = b""
    with source.path.open("rb") as file:
        while chunk := file.read(1 << 20):
            if marker in overlap + chunk:
                raise ExtractUnreadable(
                    f"{source.name}: is a workbook under a password. Open it, save a copy without the "
                    "password, and use that."
                )
            overlap = chunk[-len(marker) :]
