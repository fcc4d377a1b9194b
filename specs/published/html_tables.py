"""The tables of a web page, each cell in its row and column, and the text of the page line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_WIDEST_SPAN = 50
_NOT_SHOWN = {"script", "style", "title", "template"}
_BREAKS = {"br", "p", "div", "li", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "dt", "dd"}

Rows = list[list[str]]


def read_html(text: str) -> tuple[list[Rows], list[str]]:
    """The tables of a page, inner ones before those they stand in, and its lines. Any text is a page.

    A cell that reaches down several rows stands in each of them; one that reaches over several columns
    stands in the first.
    """
    page = _Page()
    page.feed(text)
    page.close()
    page.end_line()
    return [*page.tables, *(_grid(cells) for cells in page.unclosed)], page.lines


@dataclass(slots=True)
class _Cell:
    rows: int
    columns: int
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Rows] = []
        self.unclosed: list[list[list[_Cell]]] = []
        """Tables that have begun and not ended, the innermost last."""
        self.lines: list[str] = []
        self._line: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NOT_SHOWN:
            self._hidden.append(tag)
        if tag in _BREAKS:
            self.end_line()
        if tag == "table":
            self.unclosed.append([])
        elif self.unclosed:
            rows = self.unclosed[-1]
            if tag == "tr":
                rows.append([])
            elif tag in {"td", "th"}:
                if not rows:
                    rows.append([])
                spans = dict(attrs)
                rows[-1].append(_Cell(_span(spans.get("rowspan")), _span(spans.get("colspan"))))

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()
        if tag in _BREAKS:
            self.end_line()
        if tag == "table" and self.unclosed:
            self.tables.append(_grid(self.unclosed.pop()))

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self._line.append(data)
        for rows in self.unclosed[-1:]:
            if rows and rows[-1]:
                rows[-1][-1].parts.append(data)

    def end_line(self) -> None:
        """Keep the line so far, and a blank between the words on both sides of a break inside a cell."""
        if line := " ".join("".join(self._line).split()):
            self.lines.append(line)
        self._line = []
        for rows in self.unclosed[-1:]:
            if rows and rows[-1]:
                rows[-1][-1].parts.append(" ")


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _WIDEST_SPAN) if text and text.isascii() and text.isdigit() else 1


def _grid(rows: list[list[_Cell]]) -> Rows:
    """Cells in rows and columns, where a cell that reaches further pushes others aside."""
    places: dict[tuple[int, int], str] = {}
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in places:
                column += 1
            for down in range(min(cell.rows, len(rows) - row)):
                for across in range(cell.columns):
                    places[row + down, column + across] = "" if across else cell.text
            column += cell.columns
    width = max((column for _, column in places), default=-1) + 1
    return [[places.get((row, column), "") for column in range(width)] for row in range(len(rows))]
