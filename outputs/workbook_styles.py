"""How workbooks look: dark on light, never told by colour alone, readable in print and in grey."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.colors import Color

from specs.specification import Severity

_FONT = "Calibri"
_INK = "1F1F1F"
_NAVY = "1F3864"
_PINE = "375623"
_LINK = "0B4F9E"
_AMBER = "FFF2CC"
_MINT = "E2EFDA"
_ROSE = "FBE3E1"
_SKY = "E3ECF7"
_GRID = "C9C9C9"

TAB_COLOURS = {Severity.ERROR: "C00000", Severity.WARNING: "BF8F00", Severity.NOTE: "2F5597"}
"""Colour of a findings sheet's tab; the sheet itself says the severity in words."""


_CRIMSON = "9C0006"
CHARACTERS_THAT_DIFFER = InlineFont(rFont=_FONT, sz=11, color=Color(_CRIMSON), b=True, u="single")
OTHER_CHARACTERS = InlineFont(rFont=_FONT, sz=11, color=Color(_INK))
"""How the pieces of one text look of which some differ from another value."""


class Words(StrEnum):
    """Styles of text that stands outside tables."""

    TITLE = "nfi title"
    SECTION = "nfi section"
    LABEL = "nfi label"
    TEXT = "nfi text"
    LINE = "nfi line"
    NOTICE = "nfi notice"
    MORE = "nfi more"
    BACK = "nfi back"
    HEADING = "nfi heading"
    ENTRY_HEADING = "nfi heading to fill in"


class Kind(StrEnum):
    """What a cell of a table holds."""

    TEXT = "text"
    COUNT = "count"
    ROW = "row"
    MONEY = "money"
    HOURS = "hours"
    DATE = "date"
    SHARE = "share"


class Mark(StrEnum):
    """What a cell of a table has to say besides its value."""

    PLAIN = "plain"
    LINK = "link"
    ENTRY = "entry"
    AGREES = "agrees"
    DIFFERS = "differs"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


NUMBER_FORMATS = {
    Kind.TEXT: "@",  # stays text when a person edits it: leading zeros survive
    Kind.COUNT: "#,##0",
    Kind.ROW: "0",
    Kind.MONEY: "#,##0.00",
    Kind.HOURS: "0.00",
    Kind.DATE: "dd/mm/yyyy",
    Kind.SHARE: "0.0%",
}
_FILLS = {
    Mark.ENTRY: "FFFFFF",
    Mark.AGREES: _MINT,
    Mark.DIFFERS: _AMBER,
    Mark.ERROR: _ROSE,
    Mark.WARNING: _AMBER,
    Mark.NOTE: _SKY,
}
_IN_CELL = Alignment(wrap_text=True, vertical="top")
_NUMBER_IN_CELL = Alignment(horizontal="right", vertical="top", indent=1)
_BOLD = {Mark.DIFFERS, Mark.ERROR}


def table_style(kind: Kind, mark: Mark = Mark.PLAIN, *, first: bool = False) -> str:
    """Name of the style of a table cell; `first` draws the line above a case's first record."""
    return f"nfi {mark} {kind} first" if first else f"nfi {mark} {kind}"


class CellStyle(NamedTuple):
    """A style of a workbook, ready to be put on many cells."""

    numbers: StyleArray
    """openpyxl's own: setting them spares a search through all style names for each cell."""
    wraps: bool


def add_styles(workbook: Workbook) -> dict[str, CellStyle]:
    """Give a new workbook every style named here, and return them by name."""
    styles = [*_words(), *_table_cells()]
    for style in styles:
        workbook.add_named_style(style)
    return {style.name: CellStyle(style.as_tuple(), bool(style.alignment.wrap_text)) for style in styles}


def _words() -> list[NamedStyle]:
    wrapped = Alignment(wrap_text=True, vertical="top")
    single = Alignment(vertical="top")
    return [
        _style(Words.TITLE, Font(_FONT, 16, bold=True, color=_NAVY), Alignment(vertical="center")),
        _style(Words.SECTION, Font(_FONT, 13, bold=True, color=_NAVY), Alignment(vertical="bottom")),
        _style(Words.LABEL, Font(_FONT, 11, bold=True, color=_INK), wrapped),
        _style(Words.TEXT, Font(_FONT, 11, color=_INK), wrapped),
        _style(Words.LINE, Font(_FONT, 11, color=_INK), single),
        _style(Words.NOTICE, Font(_FONT, 11, bold=True, color=_INK), wrapped, fill=_AMBER),
        _style(Words.MORE, Font(_FONT, 11, bold=True, italic=True, color=_INK), single),
        _style(Words.BACK, Font(_FONT, 11, underline="single", color=_LINK), single),
        _heading(Words.HEADING, _NAVY),
        _heading(Words.ENTRY_HEADING, _PINE),
    ]


def _heading(name: Words, fill: str) -> NamedStyle:
    line = Side("thin", "FFFFFF")
    return _style(
        name,
        Font(_FONT, 11, bold=True, color="FFFFFF"),
        Alignment(wrap_text=True, vertical="center"),
        fill=fill,
        border=Border(left=line, right=line),
    )


_USED = {
    Mark.PLAIN: tuple(Kind),
    Mark.LINK: (Kind.TEXT, Kind.ROW),
    Mark.ENTRY: (Kind.TEXT, Kind.DATE),
    Mark.AGREES: tuple(Kind),
    Mark.DIFFERS: tuple(Kind),
    Mark.ERROR: (Kind.TEXT,),
    Mark.WARNING: (Kind.TEXT,),
    Mark.NOTE: (Kind.TEXT,),
}
_BEGIN_CASES = {Mark.PLAIN, Mark.LINK, Mark.AGREES, Mark.DIFFERS}


def _table_cells() -> list[NamedStyle]:
    return [
        _table_cell(kind, mark, first=first)
        for mark, kinds in _USED.items()
        for kind in kinds
        for first in ((False, True) if mark in _BEGIN_CASES else (False,))
    ]


def _table_cell(kind: Kind, mark: Mark, *, first: bool) -> NamedStyle:
    grid = Side("thin", _GRID)
    side = Side("thick", _PINE) if mark is Mark.AGREES else grid  # a bar joins what agrees, in grey too
    return _style(
        table_style(kind, mark, first=first),
        Font(
            _FONT,
            11,
            bold=mark in _BOLD,
            color=_LINK if mark is Mark.LINK else _INK,
            underline="single" if mark is Mark.LINK else None,
        ),
        _IN_CELL if kind is Kind.TEXT else _NUMBER_IN_CELL,
        fill=_FILLS.get(mark),
        border=Border(left=side, right=grid, bottom=grid, top=Side("medium", _NAVY) if first else grid),
        number_format=NUMBER_FORMATS[kind],
    )


def _style(
    name: str,
    font: Font,
    alignment: Alignment,
    *,
    fill: str | None = None,
    border: Border | None = None,
    number_format: str = "General",
) -> NamedStyle:
    return NamedStyle(
        name,
        font=font,
        alignment=alignment,
        fill=PatternFill("solid", fgColor=fill) if fill else PatternFill(),
        border=border or Border(),
        number_format=number_format,
    )
