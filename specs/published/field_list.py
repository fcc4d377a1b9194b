"""The list of fields in a document: from its tables, or from numbered lines where it has no ruled tables."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from specs.headings import loosely
from specs.published.documents import Document, Table


class Part(StrEnum):
    """What a column of the published table says."""

    NUMBER = "number"
    NAME = "name"
    FORMAT = "format"
    LENGTH = "length"
    REQUIRED = "required"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class PublishedField:
    """One field as a document has it; '' where the document does not say."""

    name: str
    number: str = ""
    format: str = ""
    length: str = ""
    required: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class FieldList:
    """The fields of a document in order."""

    fields: tuple[PublishedField, ...]
    place: str
    """Where they stand, in words."""
    has_required: bool
    """Whether the document says which fields have to be filled."""
    skipped: tuple[str, ...] = ()
    """Rows and lines between the fields of which nothing was made."""


_HEADINGS: dict[Part, frozenset[str]] = {
    part: frozenset(loosely(text) for text in texts.split(";"))
    for part, texts in {
        Part.NUMBER: "No;Number;Field no;Field number;Field ref;Ref;Item;Item no;Order;Position;Column no",
        Part.NAME: "Field;Fields;Field name;Name;Name of field;Field title;Data field;Data item;Item name;"
        "Data required;Information required;Field required;Heading;Field header;Column heading;"
        "Field description;Data field name;Header;Header name",
        Part.FORMAT: "Format;Field format;Data format;Type;Field type;Data type;Character type;Type/format",
        Part.LENGTH: "Length;Field length;Max length;Maximum length;Size;Field size;Max size;Width;Longest;"
        "Max characters;Maximum characters",
        Part.REQUIRED: "Required;Mandatory;Mandatory/optional;M/O;Mandatory or optional;Compulsory;Needed;"
        "Essential;Mandatory field;Required/optional;Is mandatory;Status",
        Part.COMMENT: "Comment;Comments;Note;Notes;Guidance;Guidance notes;Rule;Rules;Description;Definition;"
        "Explanation;Additional information;Further information;Remark;Comments/guidance;Explanatory notes;"
        "Field description and comments;Comment/description",
    }.items()
}
_FORMAT_WORDS = (
    "Alpha-?[Nn]umeric|Alpha|Character|Char|Text|String|Numeric|Number|Integer|Decimal|Currency|Money|Date"
)
_NUMBERED_LINE = re.compile(
    r"(?P<number>\d{1,3})[.):]?\s+(?P<name>\S.*?)\s+"
    rf"(?P<format>(?:{_FORMAT_WORDS}|{_FORMAT_WORDS.upper()})\b(?:\s?\(\d+\))?)(?:\s+(?P<comment>.*))?"
)
"""In capitals, unlike the 'number' and the 'date' that names of fields end with."""
_RANGE = re.compile(r"(\d{1,3})\s*(?:-|to)\s*(\d{1,3})")
_FIRST = re.compile(r"0*1\b")
_LONGEST_NAME = 120
_LONGEST_LINE = 500
_FEWEST = 2


def find_field_list(document: Document, known: Collection[str] = ()) -> FieldList | None:
    """The list of fields in a document that has most of the known names, or else the longest.

    A table is one where a row of headings names the field and one thing more. It goes on in the tables after
    it that repeat its headings without numbering from 1 again, or that have none and as many columns (a
    page break). Fields that stand for several ('9-12', 'Address line 1; Address line 2; …') become as many.
    Returns None where there is no such table and there are no numbered lines either.

    Args:
        document: what was read.
        known: names of the fields that are expected, for documents about several data sets.
    """
    keys = {loosely(name) for name in known}
    found = [*_in_tables(document.tables), *_in_lines(document.lines)]
    return max(
        (each for each in found if len(each.fields) >= _FEWEST),
        key=lambda each: (sum(loosely(field.name) in keys for field in each.fields), len(each.fields)),
        default=None,
    )


@dataclass(slots=True)
class _Rows:
    """The rows of one list, out of one table or of several that go on."""

    parts: dict[Part, int]
    width: int
    rows: list[tuple[str, ...]]
    places: list[str]

    def go_on_in(self, parts: dict[Part, int], rows: Sequence[Sequence[str]]) -> bool:
        """Whether a table with these headings (or none) and rows is more of the same."""
        if not parts:
            return bool(rows) and len(rows[0]) == self.width
        column = parts.get(Part.NUMBER)
        begins = column is not None and any(_FIRST.match(row[column]) for row in rows[:1])
        return parts == self.parts and not begins


def _in_tables(tables: Sequence[Table]) -> Iterator[FieldList]:
    current: _Rows | None = None
    for table in tables:
        at, parts = _heading_row(table.rows)
        rows = table.rows[at + 1 :]
        if current and current.go_on_in(parts, rows):
            current.rows += rows
            current.places.append(table.place)
        elif parts:
            if current:
                yield _list_of(current)
            current = _Rows(parts, len(table.rows[at]), [*rows], [table.place])
    if current:
        yield _list_of(current)


def _heading_row(rows: Sequence[Sequence[str]]) -> tuple[int, dict[Part, int]]:
    """Which of the first rows is the headings, and in which column each part stands; none: -1 and empty."""
    for at, row in enumerate(rows[:15]):
        parts: dict[Part, int] = {}
        for column, text in enumerate(row):
            part = _part(text)
            if part and part not in parts:
                parts[part] = column
        if Part.NAME in parts and len(parts) > 1:
            return at, parts
    return -1, {}


def _part(heading: str) -> Part | None:
    key = loosely(heading)
    if heading.strip() == "#":
        return Part.NUMBER
    return next((part for part, known in _HEADINGS.items() if key in known), None)


def _list_of(found: _Rows) -> FieldList:
    parts = found.parts
    fields: list[PublishedField] = []
    skipped: list[str] = []
    says_more = not {Part.NUMBER, Part.FORMAT}.isdisjoint(parts)  # of a field, not of a subheading
    for row in found.rows:
        cells = {part: row[column] if column < len(row) else "" for part, column in parts.items()}
        name, filled = cells[Part.NAME], {part for part, text in cells.items() if text}
        if not filled or _heading_row([row])[1]:
            continue
        goes_on = not name or (Part.NUMBER in parts and filled == {Part.NAME, Part.COMMENT})
        if goes_on and fields:  # cells that go on after a page break
            fields[-1] = _continued(fields[-1], cells)
        elif not name or len(name) > _LONGEST_NAME or (filled == {Part.NAME} and says_more):
            skipped.append(" ".join(text for text in row if text))
        else:
            field = PublishedField(**{str(part): text for part, text in cells.items()})
            fields += _several(field)
    return FieldList(
        tuple(fields),
        place=", ".join(dict.fromkeys(found.places)),
        has_required=any(field.required for field in fields),
        skipped=tuple(skipped),
    )


def _continued(field: PublishedField, cells: dict[Part, str]) -> PublishedField:
    more = {str(part): f"{getattr(field, part)} {text}".strip() for part, text in cells.items() if text}
    return replace(field, **more)


def _several(field: PublishedField) -> list[PublishedField]:
    """The fields that one row stands for: as many as its numbers, '9-12', where its names are as many."""
    numbers = _RANGE.fullmatch(field.number)
    if not numbers:
        return [field]
    first, last = int(numbers[1]), int(numbers[2])
    names = [name.strip() for name in field.name.split(";")]
    ends = _RANGE.search(field.name)
    if ends and len(names) == 1:
        stem = re.sub(r"(?<=[a-z])s$", "", field.name[: ends.start()].strip())
        names = [f"{stem} {number}" for number in range(int(ends[1]), int(ends[2]) + 1)]
    if len(names) != last - first + 1 or not all(names):
        return [field]
    return [replace(field, name=name, number=str(first + place)) for place, name in enumerate(names)]


def _in_lines(lines: Sequence[str]) -> Iterator[FieldList]:
    """Fields from lines such as '14 Date of birth Date of the employee', numbered upwards."""
    fields: list[PublishedField] = []
    skipped: list[str] = []
    since: list[str] = []
    for line in lines:
        match = _NUMBERED_LINE.fullmatch(line) if len(line) <= _LONGEST_LINE else None
        if match and int(match["number"]) == len(fields) + 1:
            skipped += since
        elif match and int(match["number"]) == 1:
            yield FieldList(tuple(fields), "numbered lines", has_required=False, skipped=tuple(skipped))
            fields, skipped = [], []
        else:
            since += [line] if fields else []
            continue
        since = []
        fields.append(PublishedField(**match.groupdict("")))
    yield FieldList(tuple(fields), "numbered lines", has_required=False, skipped=tuple(skipped))
