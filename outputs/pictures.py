"""The pictures of the findings page: which bars to draw. templates/pictures.svg draws them.

Lengths across are in per cent of the page's width: text keeps its size, and neither a script nor a certain
font is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matching.wording import counted
from outputs.data_quality import FieldQuality, FileQuality, percent

_ROW_HEIGHT, _LABEL_HEIGHT, _BAR_HEIGHT = 30, 13, 9  # CSS pixels
_PARTS_HEIGHT = 120
_NARROWEST = 0.8  # per cent of the width


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar. `look` is the class that says how it is filled, also in grey."""

    look: str
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class FieldBar:
    """One field: all its records as a bar from 0 to 100."""

    label: str
    figure: str
    pieces: tuple[Piece, ...]
    label_at: int
    bar_at: int


@dataclass(frozen=True, slots=True)
class FieldPicture:
    """How many records have a valid value, one that is not, or none, field by field."""

    bars: tuple[FieldBar, ...]
    description: str
    bar_height: int = _BAR_HEIGHT

    @property
    def height(self) -> int:
        """In CSS pixels."""
        return len(self.bars) * _ROW_HEIGHT


def field_picture(quality: FileQuality) -> FieldPicture | None:
    """A bar for each field that the extract has; None where there is nothing to draw."""
    fields = [field for field in quality.fields if field.profile and field.rows]
    if not fields:
        return None
    bars = tuple(
        FieldBar(
            field.field,
            percent(field.complete_share),
            _pieces(field),
            label_at=number * _ROW_HEIGHT + _LABEL_HEIGHT,
            bar_at=number * _ROW_HEIGHT + _LABEL_HEIGHT + 4,
        )
        for number, field in enumerate(fields)
    )
    return FieldPicture(bars, _fields_in_words(fields))


def _pieces(field: FieldQuality) -> tuple[Piece, ...]:
    """The parts of a field's bar; one that is there is wide enough to be seen, at the cost of the widest."""
    counts = {
        "valid": field.valid,
        "faulty": field.filled - field.valid,
        "empty": field.rows - field.filled,
    }
    widths = {look: max(count * 100 / field.rows, _NARROWEST) for look, count in counts.items() if count}
    widths[max(widths, key=widths.__getitem__)] -= sum(widths.values()) - 100
    pieces, left = [], 0.0
    for look, width in widths.items():
        pieces.append(Piece(look, round(left, 3), round(width, 3)))
        left += width
    return tuple(pieces)


def _fields_in_words(fields: Sequence[FieldQuality]) -> str:
    """What the picture shows, for those who cannot see it."""
    full = sum(field.filled == field.rows for field in fields)
    faulty = sum(field.valid < field.filled for field in fields)
    blank = sum(not field.filled for field in fields)
    return (
        f"One bar for each of {counted(len(fields), 'field')}: {full} with a value in every record, "
        f"{blank} without any value, {faulty} with values that are not valid. Figures in the table below."
    )


@dataclass(frozen=True, slots=True)
class PartsPicture:
    """How many errors and warnings stand in each part of the file, from its first rows to its last."""

    columns: tuple[Column, ...]
    description: str
    first_row: int
    last_row: int
    most: int
    height: int = _PARTS_HEIGHT


@dataclass(frozen=True, slots=True)
class Column:
    """One part of the file. `left` and `width` in per cent, `top` and `height` in CSS pixels."""

    left: float
    width: float
    top: float
    height: float


def parts_picture(counts: Sequence[int], last_row: int) -> PartsPicture | None:
    """A column for each part of the file; None where no errors or warnings are in its rows."""
    most = max(counts, default=0)
    if not most:
        return None
    width = 100 / len(counts)
    columns = []
    for number, count in enumerate(counts):
        height = max(round(count * _PARTS_HEIGHT / most, 1), 1) if count else 0
        left = round(number * width + width * 0.1, 3)
        columns.append(Column(left, round(width * 0.8, 3), round(_PARTS_HEIGHT - height, 1), height))
    return PartsPicture(tuple(columns), _parts_in_words(counts, last_row), 1, last_row, most)


def _parts_in_words(counts: Sequence[int], last_row: int) -> str:
    """Where most of the findings stand, for those who cannot see it."""
    total, parts = sum(counts), len(counts)
    fullest = max(range(parts), key=counts.__getitem__)
    first, last = fullest * last_row // parts + 1, (fullest + 1) * last_row // parts
    without = sum(not count for count in counts)
    return (
        f"{total:,} errors and warnings by place in the file, which is cut into "
        f"{parts} parts of equal length. Most, {counts[fullest]:,}, stand in rows {first:,} to {last:,}; "
        f"{counted(without, 'part')} {'has' if without == 1 else 'have'} none."
    )
