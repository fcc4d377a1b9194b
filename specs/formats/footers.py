"""Lines below the records: totals, 'End of report', trailers that count the records.

A record must never be taken for a footer. So only the last rows of a file are looked at, from the end
upwards as long as each of them is one; a row needs words that say so, and mostly blank cells or a shape that
no record has. What stays in doubt stays a record: a check warns of totals among the records.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from specs.formats.heading_row import filled
from specs.headings import shown

LAST_ROWS = 20
"""So many rows at the end of a file can be footers."""

_TOTAL = re.compile(
    r"(?:(?:grand|sub|overall|report|file|batch|page|final|net|gross|control)[ -]?)?totals?"
    r"(?: (?:of|for|number of|no\.? of)\b.*| (?:records?|rows?|lines?|amounts?|values?|gross|net|vat|"
    r"invoices?|payments?|employees|count))?\s*[:=]?[\s£\d.,()-]*",
    re.IGNORECASE,
)
_COUNT_BEHIND = re.compile(
    r"(?:(?:total|final) )?(?:number of |no\.? of |count of )?"
    r"(?:records?|rows?|lines?|transactions|payments|invoices|employees)"
    r"(?: (?:count|total|exported|extracted|written|selected|processed|returned|in file))?"
    r"\s*[:=]?\s*(?P<count>\d[\d,]*)?",
    re.IGNORECASE,
)
_COUNT_BEFORE = re.compile(
    r"(?P<count>\d[\d,]*) (?:records?|rows?|lines?|rows?\(s\)?|records?\(s\)?)"
    r"(?: (?:affected|selected|returned|exported|extracted|written|processed|in total|found|listed))?",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?:this is the )?end of (?:the )?(?:report|file|data|extract|listing|list|output|records?|document)\b.*"
    r"|end|eof|<eof>",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"(?:printed|produced|generated|exported|extracted|run|report run|created) (?:on|by|at|date|time)\b.*"
    r"|(?:run|print|report|extract) (?:date|time|id|by)\b.*|page \d+(?: of \d+)?"
    r"|(?:please )?notes? ?:.*|source ?:.*",
    re.IGNORECASE,
)
_TRAILER = {"trailer", "trl", "trlr", "tlr", "trail", "footer", "ftr", "eof", "end"}
_SHORT_TRAILER = {"t", "tr", "z", "9", "99", "999"}
"""First cells of a trailer only where all records begin with one other mark, such as D or 10."""

_RULE = re.compile(r"[-=_*~ ]{3,}")
_ORNAMENT = " \t-=*_~#.()<>[]"
_APART = re.compile(r"\s{2,}")
_MARKED = re.compile(r"(?P<mark>trailer|trlr?|footer|ftr|eof)(?P<rest>[ \d].*)?", re.IGNORECASE)
NUMBER = re.compile(r"-?\(?£?-?\d[\d,]*(?:\.\d+)?\)?-?|-?\.\d+")
"""A number, a count or a sum, however it is written."""
_WHOLE = re.compile(r"\d[\d,]*")
_DATE_LIKE = re.compile(r"(?:19|20)\d{6}(?:\d{4,6})?|\d{4}(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Footer:
    """A row below the records that was left out."""

    row: int
    """As a spreadsheet shows it."""
    text: str
    """What it says, on one line and cut short."""
    count: int | None = None
    """The number of records that it claims; None where it claims none."""


@dataclass(frozen=True, slots=True)
class LastRow:
    """One of the last rows of a file."""

    number: int
    cells: tuple[str, ...]
    odd: bool = False
    """It has another number of columns than the headings, or another length."""


@dataclass(frozen=True, slots=True)
class RecordShape:
    """What the records above have in common."""

    always_filled: Collection[int]
    """Columns in which none of them is blank."""
    mark: str | None
    """What all of them have in the first column; None where they differ, or where there is one only."""
    numbers: Collection[int] = ()
    """Columns in which all that they hold are numbers."""


def is_footer(row: LastRow, shape: RecordShape, *, width: int) -> bool:
    """Whether one of the last rows cannot be a record.

    Args:
        row: the row.
        shape: of the records above it.
        width: number of columns that records have.
    """
    cells = [cell.strip() for cell in row.cells]
    count = filled(cells)
    if not count:
        return False
    sparse = 2 * count <= width or (row.odd and len(cells) < width)
    if not sparse:
        return False
    if all(_RULE.fullmatch(cell) for cell in cells if cell):
        return True
    if _is_trailer(cells, shape) or _says_so(next(cell for cell in cells if cell)):
        return True
    return not row.odd and _is_bare_sum(cells, shape, width)


def footer_of(row: LastRow, *, records: int) -> Footer:
    """A row that is a footer, and the number of records that it claims.

    Where a trailer holds several whole numbers, none of which is the number of records read, it is not known
    which of them was meant, so none is.
    """
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    return Footer(row.number, shown(" ".join(cells)), _claimed(cells, records))


def says_footer(cells: Sequence[str]) -> bool:
    """Whether the first cell says that its row is a footer."""
    return bool(cells) and (_says_so(cells[0].strip()) or cells[0].strip().lower() in _TRAILER)


def footer_cells(line: str) -> list[str]:
    """What a line without delimiters holds: parted at two blanks or more, and behind a trailer's mark."""
    line = line.strip(" \t\x1a")
    marked = _MARKED.fullmatch(line)
    if marked:
        return [marked["mark"], *(marked["rest"] or "").split()]
    return _APART.split(line)


def _says_so(cell: str) -> bool:
    words = " ".join(cell.strip(_ORNAMENT).split())
    if not words:
        return False
    return any(
        pattern.fullmatch(words) for pattern in (_TOTAL, _COUNT_BEFORE, _END, _PRINTED)
    ) or _says_count(words)


def _says_count(words: str) -> bool:
    """'Records: 12', 'Number of rows', 'Record count': more than the bare noun, which a value may be."""
    found = _COUNT_BEHIND.fullmatch(words)
    return bool(found and (found["count"] or " " in words or words.endswith((":", "="))))


def _is_trailer(cells: Sequence[str], shape: RecordShape) -> bool:
    first = cells[0].lower()
    rest = [cell for cell in cells[1:] if cell]
    if first in _TRAILER:
        return not rest or any(NUMBER.fullmatch(cell) for cell in rest)
    return (
        first in _SHORT_TRAILER
        and shape.mark is not None
        and shape.mark.strip().lower() != first
        and bool(rest)
        and all(NUMBER.fullmatch(cell) for cell in rest)
    )


def _is_bare_sum(cells: Sequence[str], shape: RecordShape, width: int) -> bool:
    """One or two sums in columns of sums, without a word, where records fill several times as many."""
    places = [index for index, cell in enumerate(cells) if cell]
    return (
        len(places) <= 2
        and 4 * len(places) <= width
        and all(index > 0 and index in shape.numbers and NUMBER.fullmatch(cells[index]) for index in places)
        and len(set(shape.always_filled) - set(places)) >= 3 * len(places)
    )


def _claimed(cells: Sequence[str], records: int) -> int | None:
    for index, cell in enumerate(cells):
        words = " ".join(cell.strip(_ORNAMENT).split())
        found = _COUNT_BEFORE.fullmatch(words) or (_COUNT_BEHIND.fullmatch(words) if words else None)
        if found and found["count"]:
            return _whole(found["count"])
        if found and index + 1 < len(cells) and _WHOLE.fullmatch(cells[index + 1]):
            return _whole(cells[index + 1])
    if cells[0].lower() not in _TRAILER | _SHORT_TRAILER:
        return None
    numbers = [
        _whole(cell) for cell in cells[1:] if _WHOLE.fullmatch(cell) and not _DATE_LIKE.fullmatch(cell)
    ]
    if records in numbers:
        return records
    return numbers[0] if len(numbers) == 1 else None


def _whole(digits: str) -> int:
    return int(digits.replace(",", "")[:18])
