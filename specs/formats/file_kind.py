"""What a file is, told from its first bytes; and what to do where it is no extract."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from specs.errors import ExtractUnreadable

HEAD_BYTES = 65_536
"""How much of a file's start is looked at to tell what it is."""

_ZIP = b"PK"
_GZIP = b"\x1f\x8b"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
"""Header of OLE compound files: workbooks before Excel 2007, and newer ones under a password."""

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
    """A workbook, or some other archive: only its table of contents tells."""


def file_kind(path: Path, head: bytes) -> FileKind:
    """The kind of the file that begins with `head`.

    Raises:
        ExtractUnreadable: empty, or a kind that holds no extract; says what it looks like.
    """
    if not head:
        raise ExtractUnreadable(f"{path.name}: is empty. Export it again from the source system.")
    if head.startswith(_GZIP):
        return FileKind.GZIP
    if head.startswith(_ZIP) and head[2:4] in {b"\x03\x04", b"\x05\x06", b"\x07\x08"}:
        return FileKind.ZIP
    if head.startswith(_OLE):
        raise ExtractUnreadable(f"{path.name}: {_ole_advice(path)}")
    for signature, what, advice in _SIGNATURES:
        if head.startswith(signature):
            raise ExtractUnreadable(f"{path.name}: is {what}, not an extract: {advice}.")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower().startswith(_MARKUP):
        raise ExtractUnreadable(
            f"{path.name}: is a web page or XML under another name. Open it in a spreadsheet program and "
            "save it as .xlsx or CSV."
        )
    return FileKind.TEXT


def _ole_advice(path: Path) -> str:
    """Whether an OLE file is a workbook under a password, and what to do."""
    marker = "EncryptedPackage".encode("utf-16-le")
    overlap = b""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            if marker in overlap + chunk:
                return (
                    "is a workbook under a password. Open it, save a copy without the password, and use that."
                )
            overlap = chunk[-len(marker) :]
    return "is in the old Excel format (.xls). Open it and save it as .xlsx or CSV."
