"""`nfi read`: what is in this file, and how is it understood?"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from matching.wording import counted
from nfi.commands.options import (
    Delimiter,
    Encoding,
    HeadingRow,
    Json,
    LayoutFile,
    Member,
    Quote,
    Sheet,
)
from nfi.console import messages, paragraph, progress, results, table
from specs.errors import OutputUnwritable
from specs.formats.fixed_layout import FixedLayout, read_layout
from specs.formats.footers import Footer
from specs.formats.sheet import SheetSize
from specs.headings import shown
from specs.mask import masked
from specs.private_files import written_whole
from specs.read import Extract, ReadingOptions, open_extract, propose_layout
from specs.read_summary import ReadSummary, summarise

_ACROSS = 6
"""As many columns stand side by side; more are printed one below the other."""


def read(
    extract: Annotated[Path, typer.Argument(metavar="FILE", help="The extract, or - for what is piped in.")],
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    quote: Quote = None,
    sheet: Sheet = None,
    heading_row: HeadingRow = None,
    layout: LayoutFile = None,
    member: Member = None,
    write_layout: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the layout that fixed-width text suggests to this file."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show how a file is read: what was recognised, what was left out, and its first records, masked.

    Nothing is checked or kept. Exit code 0: it can be read. 3: it cannot; the message says what to do.

    Example: nfi read payroll.csv

    Example: nfi read ledger.xlsx --sheet Payments --heading-row 4
    """
    options = ReadingOptions(
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        sheet=sheet,
        heading_row=heading_row,
        layout=layout,
        member=member,
    )
    if write_layout is not None:
        _write(propose_layout(extract, options), write_layout)
        return
    with progress("Reading") as step:
        opened = open_extract(extract, options)
        summary = summarise(opened, progress=lambda rows: step(f"{rows:,} records"))
        sheets = opened.sheets()
    gaps = read_layout(layout).layout.gaps() if layout is not None else ()
    if as_json:
        typer.echo(json.dumps(_as_json(opened, summary, sheets), indent=2))
    else:
        _show(opened, summary, sheets, gaps)


def _write(layout: FixedLayout, target: Path) -> None:
    if target.exists():
        raise OutputUnwritable(f"{target}: is there already. Choose another name, or delete it first.")
    with written_whole(target) as temporary:
        temporary.write_text(layout.as_proposal(), encoding="utf-8")
    made = table("heading", "start", "width", right=("start", "width"))
    for column in layout.columns:
        made.add_row(column.heading, f"{column.start:,}", f"{column.width:,}")
    results().print(made)
    messages().print(
        f"Written: {target}. Compare it with the description of the file and correct it; "
        f"then read the file with --layout {target}"
    )


def _show(
    extract: Extract,
    summary: ReadSummary,
    sheets: tuple[SheetSize, ...],
    gaps: tuple[tuple[int, int], ...],
) -> None:
    blank_rows = f", {counted(summary.blank_rows, 'blank row')} left out" if summary.blank_rows else ""
    _say(f"{extract.path.name}: {extract.format.describe()}")
    _say(f"{counted(summary.records, 'record')}, {counted(len(extract.headings), 'column')}{blank_rows}")
    _say(f"Headings: {f'row {extract.heading_row:,}' if extract.heading_row else 'not in the file'}")
    for title in extract.titles:
        _say(f"Passed over above them: row {title.row:,}, '{title.text}'", indent=2)
    for footer in summary.footers:
        claim = _claim(footer, summary.records)
        _say(f"Left out below the records: row {footer.row:,}, '{footer.text}'{claim}")
    if extract.padded_rows:
        rows = f"{counted(extract.padded_rows, 'row')} of {summary.records:,}"
        _say(f"Shorter than the layout, read as if blanks stood at the end: {rows}")
    for first, last in gaps:
        _say(f"Not read: characters {first:,} to {last:,}, which belong to no column of the layout")
    if summary.blank_columns:
        _say(f"Blank in every record: {', '.join(map(shown, summary.blank_columns))}")
    if extract.format.passed_over:
        passed_over = ", ".join(f"'{shown(name)}'" for name in extract.format.passed_over)
        _say(f"Passed over, since no table was found there: {passed_over}. Choose another sheet with --sheet")
    others = [each for each in sheets if each.name != extract.format.sheet]
    if others:
        _say(f"Sheets that are not read: {'; '.join(map(_size, others))}")
    _show_first(extract, summary)


def _claim(footer: Footer, records: int) -> str:
    if footer.count is None:
        return ""
    agrees = "as many as were read" if footer.count == records else f"but {records:,} were read"
    return f" (claims {counted(footer.count, 'record')}, {agrees})"


def _size(sheet: SheetSize) -> str:
    size = f"{counted(sheet.rows, 'row')}, {counted(sheet.columns, 'column')}" if sheet.rows else "empty"
    return f"'{shown(sheet.name)}' ({size}{', hidden' if sheet.hidden else ''})"


def _show_first(extract: Extract, summary: ReadSummary) -> None:
    headings = [shown(heading) for heading in extract.headings]
    values = [[masked(value) for value in column] for column in summary.first_values]
    rows = [f"{row:,}" for row in summary.first_rows]
    if len(headings) <= _ACROSS:
        made = table("row", *headings, right=("row",))
        for row, *cells in zip(rows, *values, strict=True):
            made.add_row(row, *cells)
    else:
        made = table("heading", *(f"row {row}" for row in rows))
        for heading, cells in zip(headings, values, strict=True):
            made.add_row(heading, *cells)
    results().print("\nThe first records, values masked:")
    results().print(made)


def _as_json(extract: Extract, summary: ReadSummary, sheets: tuple[SheetSize, ...]) -> dict[str, Any]:
    return {
        "json_version": 1,
        "file": extract.path.name,
        "sha256": extract.sha256,
        "bytes": extract.bytes,
        "format": asdict(extract.format),
        "description": extract.format.describe(),
        "heading_row": extract.heading_row,
        "titles": [asdict(title) for title in extract.titles],
        "headings": list(extract.headings),
        "records": summary.records,
        "blank_rows": summary.blank_rows,
        "padded_rows": extract.padded_rows,
        "footers": [asdict(footer) for footer in summary.footers],
        "blank_columns": list(summary.blank_columns),
        "sheets": [asdict(sheet) for sheet in sheets],
        "first_records": [
            {"row": row, "values": [masked(value) for value in values]}
            for row, *values in zip(summary.first_rows, *summary.first_values, strict=True)
        ],
    }


def _say(text: str, *, indent: int = 0) -> None:
    paragraph(results(), text, indent=indent)
