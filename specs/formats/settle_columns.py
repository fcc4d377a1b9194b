"""What the columns of an extract are called: settled once, from its first rows."""

from __future__ import annotations

from collections.abc import Sequence

from specs.errors import ExtractUnreadable
from specs.formats.columns import Columns, Title
from specs.formats.heading_row import filled, heading_index
from specs.headings import column_letters, looks_like_a_record, repeated, shown

MAX_COLUMNS = 16_384
"""As many as a spreadsheet has."""


def settle_columns(
    file: str,
    rows: Sequence[tuple[int, Sequence[str]]],
    *,
    first_letter: int = 0,
    heading_row: int | None = None,
) -> Columns:
    """The columns that the first rows of an extract give: which row holds the headings, and what they are.

    Surrounding blanks of a heading do not count. A column without heading is left over, as spreadsheets
    leave them, if the first records hold nothing in it; else it is called '(no heading: column I)'.

    Args:
        file: what messages call the extract.
        rows: the first rows with their numbers; some row is not blank.
        first_letter: index in the spreadsheet of the first column.
        heading_row: the row that a person named, in place of the one that looks like headings.

    Raises:
        ExtractUnreadable: a heading twice, too many columns, a record or a title in place of the headings.
    """
    place = _heading_place(file, rows, heading_row)
    number, headings = rows[place]
    sample = [cells for _, cells in rows[place + 1 :]]
    if len(headings) > MAX_COLUMNS:
        raise ExtractUnreadable(
            f"{file}: row {number} has {len(headings):,} columns, more than a spreadsheet has. "
            "Check which character is between the columns: --delimiter"
        )
    columns: list[str | None] = []
    for index, cell in enumerate(headings):
        heading = cell.strip()
        if heading:
            columns.append(heading)
        elif any(index < len(record) and record[index].strip() for record in sample):
            columns.append(f"(no heading: column {column_letters(first_letter + index)})")
        else:
            columns.append(None)
    _refuse_repeated(file, number, [heading for heading in columns if heading is not None])
    titles = tuple(Title(above, _line(cells)) for above, cells in rows[:place] if filled(cells))
    return Columns(file, number, tuple(columns), first_letter, titles)


def _heading_place(file: str, rows: Sequence[tuple[int, Sequence[str]]], heading_row: int | None) -> int:
    if heading_row is not None:
        place = next((index for index, (number, _) in enumerate(rows) if number == heading_row), None)
        if place is None or not filled(rows[place][1]):
            last = rows[-1][0]
            raise ExtractUnreadable(
                f"{file}: row {heading_row:,} cannot be the row of headings: it is blank, or not among the "
                f"first {last:,} rows. Name another one with --heading-row, or leave that out."
            )
        return place
    found = heading_index([cells for _, cells in rows])
    if found is not None:
        return found
    first = next(index for index, (_, cells) in enumerate(rows) if filled(cells))
    number, cells = rows[first]
    if looks_like_a_record(cells):
        raise ExtractUnreadable(
            f"{file}: row {number} holds a date or a sum, so it is a record and not the headings. "
            "Put a row of headings above it, or name the row that holds them with --heading-row."
        )
    if filled(cells) == 1 and any(filled(record) > 2 for _, record in rows[first + 1 :]):
        raise ExtractUnreadable(
            f"{file}: row {number} holds a title, and no row below it looks like headings. Put a row of "
            "headings above the records, or name the row that holds them with --heading-row."
        )
    return first


def _refuse_repeated(file: str, row: int, headings: Sequence[str]) -> None:
    if twice := repeated(headings):
        names = ", ".join(f"'{shown(name)}'" for name in twice[:3])
        more = f" and {len(twice) - 3} more" if len(twice) > 3 else ""
        raise ExtractUnreadable(
            f"{file}: row {row} has the same heading more than once: {names}{more}. "
            "Give each column a heading of its own."
        )


def _line(cells: Sequence[str]) -> str:
    return shown(" ".join(cell.strip() for cell in cells if cell.strip()))
