"""The tables and lines of a document: PDF, web page, workbook or delimited text."""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pdfplumber

from specs.errors import ExtractUnreadable, NfiError
from specs.published.html_tables import read_html
from specs.published.workbook_tables import workbook_tables

MOST_BYTES = 50_000_000
MOST_PAGES = 400
"""Far more than a specification has: what is larger is refused, pages beyond that are not read."""

_DELIMITERS = ",;\t|"
_KINDS = "PDF, web page (.html), workbook (.xlsx) or delimited text (.csv)"


class DocumentUnreadable(NfiError):
    """A file cannot be read as a document with tables: not there, damaged, under a password, another kind."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text; each cell on one line, without surrounding blanks."""

    place: str
    """Where it stands, such as 'page 2' or 'sheet Fields'."""
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What was found in a file."""

    tables: tuple[Table, ...]
    lines: tuple[str, ...]
    """Running text, line by line, tables included: for documents whose tables have no ruled lines."""


def read_document(path: Path) -> Document:
    """The tables and lines of a file, whose kind is told from its content.

    Raises:
        DocumentUnreadable: not there, too large, damaged, under a password, or of another kind.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DocumentUnreadable(f"{path.name}: larger than any specification. Give one document.")
        content = path.read_bytes()
    except OSError as fault:
        raise DocumentUnreadable(f"{path}: {fault.strerror}. Check the name and the folder.") from fault
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"%PDF"):
        return _read_pdf(path.name, content)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _read_workbook(path)
    if start.startswith(b"<"):
        tables, lines = read_html(_text(content))
        return _document((("table", rows) for rows in tables), lines)
    if not content.strip() or b"\x00" in content[:4096]:
        raise DocumentUnreadable(
            f"{path.name}: empty, or not a {_KINDS}. Save the specification as one of them."
        )
    return _read_delimited(path.name, _text(content))


def _read_pdf(name: str, content: bytes) -> Document:
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it remarks on fonts and colours
    tables: list[tuple[str, Iterable[Iterable[object]]]] = []
    lines: list[str] = []
    try:
        with pdfplumber.open(BytesIO(content)) as pdf:
            for number, page in enumerate(pdf.pages[:MOST_PAGES], start=1):
                tables += [(f"page {number}", table) for table in page.extract_tables()]
                lines += (page.extract_text() or "").splitlines()
                page.close()
    except Exception as fault:  # what a damaged file brings about is not one kind of exception
        raise DocumentUnreadable(
            f"{name}: cannot be read as a PDF: damaged, or under a password. Save it again from its source."
        ) from fault
    if not tables and not any(line.strip() for line in lines):
        raise DocumentUnreadable(
            f"{name}: holds pictures of pages, no text. Use the published file, not a scan, or type the "
            "table into a CSV file."
        )
    return _document(tables, lines)


def _read_workbook(path: Path) -> Document:
    try:
        return _document(((f"sheet {name}", rows) for name, rows in workbook_tables(path)), ())
    except ExtractUnreadable as refusal:
        raise DocumentUnreadable(str(refusal)) from refusal


def _read_delimited(name: str, text: str) -> Document:
    lines = text.splitlines()
    delimiter = max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in lines[:50]))
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=False))
    except csv.Error as fault:
        raise DocumentUnreadable(f"{name}: cannot be read as delimited text ({fault}).") from fault
    return _document([("file", rows)], lines)


def _document(tables: Iterable[tuple[str, Iterable[Iterable[object]]]], lines: Iterable[str]) -> Document:
    return Document(
        tuple(
            Table(place, rows)
            for place, table in tables
            if (rows := tuple(tuple(_cell(cell) for cell in row) for row in table))
        ),
        tuple(line for text in lines if (line := _cell(text))),
    )


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    printable = "".join(c if c.isprintable() else " " for c in str(cell))
    return " ".join(printable.split())


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
