"""Reading an extract: text, a workbook or Parquet, as text exactly as it stands in the file."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from specs.errors import ExtractUnreadable
from specs.formats.columns import Columns, LeftOut, RawRows, Title
from specs.formats.delimited import head_of, open_delimited
from specs.formats.dialect import looks_delimited
from specs.formats.encoding import TextFile, digest_of, examine
from specs.formats.file_kind import FileKind
from specs.formats.fixed_layout import FixedLayout, LayoutFile, read_layout
from specs.formats.fixed_proposal import detected_layout, proposed_layout
from specs.formats.fixed_width import open_fixed_width
from specs.formats.footers import Footer
from specs.formats.parquet import open_parquet
from specs.formats.sheet import SheetSize
from specs.formats.source import STANDARD_INPUT, Source, refuse_option
from specs.formats.unwrap import PIPED, unwrap
from specs.formats.workbook import Workbook, open_other_workbook, open_workbook
from specs.formats.workbook_package import ZipKind, zip_kind

_WORKBOOKS = {
    ZipKind.WORKBOOK: "workbook",
    ZipKind.BINARY_WORKBOOK: "workbook (.xlsb, in which cells with an error are read as blank)",
    ZipKind.OPEN_DOCUMENT: "workbook (.ods, in which cells with an error are read as blank)",
    None: "workbook (.xls, in which cells with an error are read as blank)",
}


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What a person says about a file, in place of what is detected."""

    encoding: str | None = None
    """Name of the encoding of a text."""
    delimiter: str | None = None
    """The character between columns: '|', or by name: 'pipe'."""
    quote: str | None = None
    """The character around values: 'double', 'single' or 'none'."""
    sheet: str | None = None
    """Name of the sheet of a workbook."""
    heading_row: int | None = None
    """The row that holds the headings, as a spreadsheet counts."""
    layout: Path | LayoutFile | None = None
    """The file that says where the columns of fixed-width text are, or what stands in it."""
    member: str | None = None
    """Name of the file inside a ZIP archive."""


@dataclass(frozen=True, slots=True)
class ExtractFormat:
    """How an extract is written: what was detected, or what a person asked for."""

    layout: str
    """'comma-separated', 'one column', 'fixed width (...)', 'workbook', 'Parquet'."""
    encoding: str | None = None
    """In words; None where it is no text."""
    gzipped: bool = False
    sheet: str | None = None
    """Name of the sheet that is read; None where it is no workbook."""
    sheets: int = 0
    """How many sheets the workbook has."""
    passed_over: tuple[str, ...] = ()
    """Sheets before it that hold something, but no table."""
    member: str | None = None
    """What was read out of a ZIP archive: 'payroll.csv'; None where it is none."""

    def describe(self) -> str:
        """In words: 'comma-separated, UTF-8 with byte order mark', 'workbook, sheet 'April' (1 of 3)'."""
        parts = [self.layout]
        if self.sheet is not None:
            first = ", the first that holds a table" if self.passed_over else ""
            of = f" (1 of {self.sheets} sheets{first}; the others are not read)" if self.sheets > 1 else ""
            parts.append(f"sheet '{self.sheet}'{of}")
        if self.encoding is not None:
            parts.append(self.encoding)
        if self.gzipped:
            parts.append("gzip")
        if self.member is not None:
            parts.append(f"file '{self.member}' in a ZIP archive")
        return ", ".join(parts)


@dataclass(slots=True)
class Extract:
    """What a source system gave. The records are read from the file each time `batches` is called."""

    path: Path
    """The file as it was named; 'standard input' where it was piped in."""
    format: ExtractFormat
    headings: tuple[str, ...]
    """In the order of the file, without surrounding blanks; no two are the same."""
    heading_row: int
    """The row of the headings; 0 where there is none (fixed width, Parquet)."""
    titles: tuple[Title, ...]
    """The rows above the headings that were passed over, blank ones apart."""
    sha256: str
    """Of the file as it is on disk."""
    bytes: int
    """Size on disk."""
    _columns: Columns = field(repr=False)
    _rows: Callable[[], Iterator[RawRows]] = field(repr=False)
    _sizes: Callable[[], tuple[SheetSize, ...]] = field(default=tuple, repr=False)
    _left_out: LeftOut = field(default_factory=LeftOut, repr=False)

    def batches(self) -> Generator[pa.RecordBatch, None, None]:
        """The records: column 'source_row' (int64), then a column of text per heading, never null.

        `source_row` is the row that a spreadsheet shows: headings are row 1 unless something stands above
        them, blank rows count, a line break inside quotation marks does not. Rows that are wholly blank, and
        footers below the records, are left out and told in `blank_rows` and `footers`.
        Columns go by position: a heading may itself be 'source_row'.

        Raises:
            ExtractUnreadable: something that only shows while reading, such as rows of another length.
        """
        self._left_out = LeftOut()
        return self._columns.batches(self._rows(), self._left_out)

    @property
    def blank_rows(self) -> int:
        """How many blank rows below the headings the last call of `batches` has left out so far."""
        return self._left_out.blank_rows

    @property
    def padded_rows(self) -> int:
        """How many rows of fixed width the last call of `batches` has met that end before the layout does."""
        return self._left_out.padded_rows

    @property
    def footers(self) -> tuple[Footer, ...]:
        """The footers that the last call of `batches` has left out; known once it is at its end."""
        return self._left_out.footers

    def sheets(self) -> tuple[SheetSize, ...]:
        """What each sheet of the workbook holds; nothing where it is no workbook. Opens all of them.

        Raises:
            ExtractUnreadable: the workbook has been damaged since it was opened.
        """
        return self._sizes()


def open_extract(path: Path, options: ReadingOptions | None = None) -> Extract:
    """An extract, recognised by what is in the file and not by its name.

    Text (delimited or fixed width; plain or packed with gzip), a workbook (.xlsx, .xlsm, .xls, .xlsb, .ods)
    or Parquet; any of them also as the one file in a ZIP archive, or piped in. Text is read through once
    here: the encoding has to hold for all of it, and its SHA-256 is wanted anyway.

    Args:
        path: The file; '-' for standard input.
        options: In place of what is detected.

    Raises:
        ExtractUnreadable: in one line, what is wrong, where, and what to do.
        OutputUnwritable: no space for a private copy of what is piped in or zipped.
    """
    chosen = options or ReadingOptions()
    outer, source, kind = unwrap(path, member=chosen.member)
    if kind in {FileKind.TEXT, FileKind.GZIP}:
        opened = _open_text(source, chosen, gzipped=kind is FileKind.GZIP)
    elif kind is FileKind.PARQUET:
        opened = _open_parquet(source, chosen)
    else:
        opened = _open_workbook(source, chosen, kind)
    if source is outer:
        return _as_named(opened, outer, path)
    member = source.name.removesuffix(f" in {outer.name}")
    opened = replace(opened, format=replace(opened.format, member=member), sha256=digest_of(outer))
    return _as_named(opened, outer, path)


def propose_layout(path: Path, options: ReadingOptions) -> FixedLayout:
    """The layout that a fixed-width text suggests, for a person to correct and confirm.

    Raises:
        ExtractUnreadable: no text, or no fixed width.
    """
    _, source, kind = unwrap(path, member=options.member)
    if kind not in {FileKind.TEXT, FileKind.GZIP}:
        raise ExtractUnreadable(f"{source.name}: is no text, so it has no layout. Leave --write-layout out.")
    text = _examined(source, options, gzipped=kind is FileKind.GZIP)
    return proposed_layout(text, heading_row=options.heading_row)


def _as_named(opened: Extract, outer: Source, path: Path) -> Extract:
    named = Path(STANDARD_INPUT) if path == PIPED else Path(path)
    return replace(opened, path=named, bytes=outer.path.stat().st_size)


def _extract(
    source: Source,
    how: ExtractFormat,
    columns: Columns,
    rows: Callable[[], Iterator[RawRows]],
    *,
    sha256: str,
    sizes: Callable[[], tuple[SheetSize, ...]] = tuple,
) -> Extract:
    return Extract(
        path=source.path,
        format=how,
        headings=columns.headings,
        heading_row=columns.heading_row,
        titles=columns.titles,
        sha256=sha256,
        bytes=0,
        _columns=columns,
        _rows=rows,
        _sizes=sizes,
    )


def _examined(source: Source, options: ReadingOptions, *, gzipped: bool) -> TextFile:
    refuse_option(source, "sheet", options.sheet, "text")
    return examine(source, gzipped=gzipped, encoding=options.encoding)


def _open_text(source: Source, options: ReadingOptions, *, gzipped: bool) -> Extract:
    text = _examined(source, options, gzipped=gzipped)
    if options.layout is not None:
        refuse_option(source, "delimiter", options.delimiter, "read as fixed width")
        refuse_option(source, "quote", options.quote, "read as fixed width")
        layout = options.layout if isinstance(options.layout, LayoutFile) else read_layout(options.layout)
        fixed = open_fixed_width(text, layout, heading_row=options.heading_row)
        how = ExtractFormat(fixed.title, encoding=text.encoding_title, gzipped=gzipped)
        return _extract(source, how, fixed.columns, fixed.rows, sha256=text.sha256)
    if options.delimiter is None:
        _refuse_unconfirmed_layout(text, options.heading_row)
    table = open_delimited(
        text, delimiter=options.delimiter, quote=options.quote, heading_row=options.heading_row
    )
    how = ExtractFormat(table.title, encoding=text.encoding_title, gzipped=gzipped)
    return _extract(source, how, table.columns, table.rows, sha256=text.sha256)


def _refuse_unconfirmed_layout(text: TextFile, heading_row: int | None) -> None:
    """Text that looks like fixed width is not read until a person has seen the layout."""
    head, whole = head_of(text)
    if looks_delimited(head, whole=whole):
        return
    layout = detected_layout(head, whole=whole, heading_row=heading_row)
    if layout is not None:
        name = text.source.name
        headings = f" and headings in row {layout.heading_row:,}" if layout.heading_row else ""
        named = f" --heading-row {heading_row}" if heading_row else ""
        raise ExtractUnreadable(
            f"{name}: looks like fixed width with {len(layout.columns)} columns{headings}, which a person "
            f"has to confirm. Give: nfi read {name}{named} --write-layout layout.yaml, correct that file, "
            "then add --layout layout.yaml (or name the delimiter with --delimiter)."
        )


def _open_workbook(source: Source, options: ReadingOptions, kind: FileKind) -> Extract:
    _refuse_text_options(source, options, "a workbook")
    packed = zip_kind(source) if kind is FileKind.ZIP else None
    book: Workbook
    if packed is ZipKind.WORKBOOK:
        book = open_workbook(source, sheet=options.sheet, heading_row=options.heading_row)
    else:
        book = open_other_workbook(
            source, packed=packed is not None, sheet=options.sheet, heading_row=options.heading_row
        )
    how = ExtractFormat(
        _WORKBOOKS[packed], sheet=book.sheet, sheets=book.sheets, passed_over=book.passed_over
    )
    return _extract(source, how, book.columns, book.rows, sha256=digest_of(source), sizes=book.sizes)


def _open_parquet(source: Source, options: ReadingOptions) -> Extract:
    _refuse_text_options(source, options, "a Parquet file")
    refuse_option(source, "sheet", options.sheet, "a Parquet file")
    refuse_option(source, "heading-row", options.heading_row, "a Parquet file")
    table = open_parquet(source)
    return _extract(source, ExtractFormat("Parquet"), table.columns, table.rows, sha256=digest_of(source))


def _refuse_text_options(source: Source, options: ReadingOptions, what: str) -> None:
    for option, value in (
        ("encoding", options.encoding),
        ("delimiter", options.delimiter),
        ("quote", options.quote),
        ("layout", options.layout),
    ):
        refuse_option(source, option, value, what)
