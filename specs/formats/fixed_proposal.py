"""A layout proposed for fixed-width text, from its headings or the blanks between its columns."""

from __future__ import annotations

from collections.abc import Sequence

from specs.errors import ExtractUnreadable
from specs.formats.delimited import head_of
from specs.formats.encoding import TextFile
from specs.formats.fixed_headings import Filled, filled_characters, headed_columns
from specs.formats.fixed_layout import FixedColumn, FixedLayout
from specs.formats.footers import footer_cells, says_footer

_FEWEST_ROWS = 3
_SHORTEST = 10
_BLANK = " \t\x1a"
_PADDING = "  "


def proposed_layout(text: TextFile, *, heading_row: int | None = None) -> FixedLayout:
    """The layout that the first rows of a text suggest.

    Args:
        text: the text.
        heading_row: the row that holds the headings, if a person named it.

    Raises:
        ExtractUnreadable: neither a row of headings nor columns of blanks show where columns begin.
    """
    head, whole = head_of(text)
    found = detected_layout(head, whole=whole, heading_row=heading_row)
    if found is None:
        raise ExtractUnreadable(
            f"{text.source.name}: does not look like fixed width: no row of headings stands above columns, "
            "and no column of blanks runs through its first rows. Name the row of the headings with "
            "--heading-row, write the layout by hand, or read it without --write-layout."
        )
    return found


def detected_layout(head: str, *, whole: bool, heading_row: int | None = None) -> FixedLayout | None:
    """The layout of the text that begins with `head`; None where it is not fixed width.

    Rows may have lost the blanks at their end. Where a row of headings stands above the records, its words
    say where columns begin. Else a column ends where a blank stands behind it in every row. The blanks
    belong to the column on their left, but to the right one where its values end below each other, as sums
    do: a longer sum in a later row must not lose its first digits. Nobody can tell a gap inside values from
    one between columns, so this is a proposal for a person.
    """
    numbered = _rows(head, whole=whole)
    rows = [row for _, row in numbered]
    place = next((index for index, (number, _) in enumerate(numbered) if number == heading_row), None)
    if heading_row is not None and place is None:
        return None
    length = max(map(len, rows[(place or 0) :]), default=0)
    if len(rows) - (place or 0) < _FEWEST_ROWS or length < _SHORTEST:
        return None
    headed = headed_columns(rows, named=place) if _has_padding(rows) else None
    if headed is not None and len(headed.starts) > 1:
        length = max(map(len, rows[headed.place :]))
        return _layout(headed.starts, headed.names, length, heading_row=numbered[headed.place][0])
    if heading_row is not None:
        return None
    filled = filled_characters(rows)
    starts = _starts(filled)
    if len(starts) < 2 or (len(set(map(len, rows))) > 1 and not _is_padded(rows, starts, filled)):
        return None
    return _layout(starts, ("",) * len(starts), length)


def _rows(head: str, *, whole: bool) -> list[tuple[int, str]]:
    """The first rows with their numbers, without blank ones and footers."""
    lines = head.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not whole:
        lines = lines[:-1]
    rows = [(number, line.rstrip("\x1a")) for number, line in enumerate(lines, 1) if line.strip(_BLANK)]
    while rows and whole and says_footer(footer_cells(rows[-1][1])):
        rows.pop()
    return rows


def _has_padding(rows: Sequence[str]) -> bool:
    """Whether blanks stand side by side inside some row, as they do between padded values."""
    return any(_PADDING in row.strip() for row in rows)


def _is_padded(rows: Sequence[str], starts: Sequence[int], filled: Filled) -> bool:
    """Whether rows of different lengths are fixed width: two of the columns are filled in most of them."""
    ends = [*starts[1:], filled.shape[1]]
    in_use = sum(
        1
        for start, end in zip(starts, ends, strict=True)
        if 2 * filled[:, start:end].any(axis=1).sum() > len(rows)
    )
    return in_use > 1 and _has_padding(rows)


def _starts(filled: Filled) -> list[int]:
    """Where columns begin, counted from 0: blanks in all rows part them."""
    length = filled.shape[1]
    blank = [not filled[:, at].any() for at in range(length)]
    firsts = [at for at in range(length) if not blank[at] and (at == 0 or blank[at - 1])]
    lasts = [at for at in range(length) if not blank[at] and (at == length - 1 or blank[at + 1])]
    starts: list[int] = []
    for first, last in zip(firsts, lasts, strict=True):
        to_the_right = not filled[:, first].all() and bool(filled[:, last].all())
        starts.append(lasts[len(starts) - 1] + 1 if to_the_right and starts else first)
    return starts


def _layout(
    starts: Sequence[int], headings: Sequence[str], length: int, *, heading_row: int | None = None
) -> FixedLayout:
    columns: list[FixedColumn] = []
    names: set[str] = set()
    for number, (heading, start, end) in enumerate(
        zip(headings, starts, [*starts[1:], length], strict=True), start=1
    ):
        name = heading if heading and heading not in names else f"Column {number}"
        names.add(name)
        columns.append(FixedColumn(heading=name, start=start + 1, width=end - start))
    return FixedLayout(headings=heading_row is not None, heading_row=heading_row, columns=tuple(columns))
