"""Which row holds the headings: below titles, blank rows and whatever else a report prints on top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from specs.headings import looks_like_a_record

FIRST_ROWS = 50
"""How many rows, blank ones not counted, may stand above the headings."""

_ROWS_BELOW = 100  # so many are compared with a row that may be the headings


def heading_index(rows: Sequence[Sequence[str]]) -> int | None:
    """Index of the row that holds the headings; None where no row stands out.

    It is the first row that is words rather than values and has a word for at least two thirds of the columns
    that the rows below it use. If rows stand above it, they must be so bare that they can only be titles, and
    some column must hold a word here and numbers below: else it may be the first record under headings that
    are incomplete, and nobody should guess.
    """
    filled_rows = [(index, row) for index, row in enumerate(rows) if filled(row)]
    above: list[int] = []
    for place, (index, row) in enumerate(filled_rows[:FIRST_ROWS]):
        below = [other for _, other in filled_rows[place + 1 : place + 1 + _ROWS_BELOW]]
        if _could_be_headings(row) and _covers(row, below):
            most = max(2, filled(row) // 2)
            bare = all(count <= most and count < filled(row) for count in above)
            return index if not above or (bare and _stands_out(row, below)) else None
        above.append(filled(row))
    return None


def _stands_out(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether some column has a word in this row, and digits in four fifths of what it holds below."""
    for column, cell in enumerate(row):
        if cell.strip() and not _has_digit(cell):
            held = [other[column] for other in below if column < len(other) and other[column].strip()]
            if held and 5 * sum(map(_has_digit, held)) >= 4 * len(held):
                return True
    return False


def _has_digit(cell: str) -> bool:
    return any(character.isdigit() for character in cell)


def filled(cells: Sequence[str]) -> int:
    """How many cells are not blank."""
    return sum(1 for cell in cells if cell.strip())


def _could_be_headings(row: Sequence[str]) -> bool:
    words = sum(1 for cell in row if any(character.isalpha() for character in cell))
    return 2 * words > filled(row) and not looks_like_a_record(row)


def _covers(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row has a word for two thirds of the columns that at least a quarter of the others use."""
    uses = Counter(column for other in below for column, cell in enumerate(other) if cell.strip())
    used = {column for column, count in uses.items() if 4 * count >= len(below)}
    named = sum(1 for column in used if column < len(row) and row[column].strip())
    return bool(used) and 3 * named >= 2 * len(used)
