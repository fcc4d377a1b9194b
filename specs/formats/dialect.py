"""How delimited text is written: which character stands between values, and which around them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from specs.errors import ExtractUnreadable
from specs.formats.heading_row import heading_index

if TYPE_CHECKING:
    from _csv import Reader

SAMPLE_RECORDS = 200
"""How many records are looked at before the columns are settled."""

NAMES = {",": "comma", "|": "pipe", "\t": "tab", "~": "tilde", ";": "semicolon"}
"""The delimiters that are recognised, and what people call them."""

_MOST_ROWS = 0.9
_BY_NAME = {name: delimiter for delimiter, name in NAMES.items()} | {"\\t": "\t"}
_QUOTES = {"double": '"', '"': '"', "single": "'", "'": "'", "none": None}
_QUOTED = (
    r"(?:(?<=[{delimiters}\r\n])|\A){quote}(?:[^{quote}\n]|{quote}{quote})*{quote}(?=[{delimiters}\r\n]|\Z)"
)
_BETWEEN = re.escape("".join(NAMES))
_IN_QUOTES = {quote: re.compile(_QUOTED.format(delimiters=_BETWEEN, quote=quote)) for quote in ('"', "'")}


@dataclass(frozen=True, slots=True)
class Dialect:
    """The two characters that give delimited text its shape."""

    delimiter: str = ","
    quote: str | None = '"'
    """The text qualifier; None where quotation marks are characters like any other."""

    @property
    def delimiter_name(self) -> str:
        """'comma', 'pipe'..., or the character itself in quotation marks."""
        return NAMES.get(self.delimiter, f"'{self.delimiter}'")

    def records(self, text: str, *, strict: bool = False) -> Iterator[list[str]]:
        """The records of a text.

        Raises:
            csv.Error: a value is longer than the csv module takes, or (if strict) not quoted as it should be.
        """
        yield from self.reader(io.StringIO(text, newline=""), strict=strict)

    def reader(self, lines: Iterator[str], *, strict: bool = False) -> Reader:
        """The csv module's reader over lines that keep their ends; it counts them in `line_num`."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            strict=strict,
        )


def first_records(head: str, dialect: Dialect, *, whole: bool) -> list[list[str]]:
    """The first records of a text; without the last one where the text is only the start of a file."""
    records: list[list[str]] = []
    try:
        for record in dialect.records(head):
            records.append(record)
            if len(records) > SAMPLE_RECORDS:
                return records
    except csv.Error:  # a field longer than the module takes: what came before it will do
        return records
    return records if whole else records[:-1]


def detected_dialect(
    file: str, head: str, *, whole: bool, delimiter: str | None, quote: str | None
) -> Dialect:
    """The dialect of the text that begins with `head`, as far as a person has not named it.

    The delimiter is the one under which most of the first records have as many columns as the headings; of
    equals, the one that gives more columns; a comma where none gives two columns. The text qualifier is the
    inverted comma where more values stand in inverted commas than in double quotation marks.

    Raises:
        ExtractUnreadable: what was named cannot be a delimiter or a text qualifier.
    """
    chosen_quote = _given_quote(file, quote) if quote is not None else _detected_quote(head)
    if delimiter is not None:
        return Dialect(_given_delimiter(file, delimiter, chosen_quote), chosen_quote)
    return _best(head, chosen_quote, whole=whole)[0]


def looks_delimited(head: str, *, whole: bool) -> bool:
    """Whether some delimiter gives nine in ten of the first rows as many columns as the headings."""
    return _best(head, _detected_quote(head), whole=whole)[1] >= _MOST_ROWS


def _best(head: str, quote: str | None, *, whole: bool) -> tuple[Dialect, float]:
    """The delimiter that fits best, and the share of rows that it fits; a comma and 0.0 where none does."""
    best, best_score = ",", (0.0, 1)
    for candidate in NAMES:
        score = _score(first_records(head, Dialect(candidate, quote), whole=whole))
        if score[1] > 1 and score > best_score:
            best, best_score = candidate, score
    return Dialect(best, quote), best_score[0]


def _score(records: list[list[str]]) -> tuple[float, int]:
    """Share of the rows, from the headings on, that have as many columns as the headings; and that number."""
    start = heading_index(records)
    widths = [len(record) for record in records[start or 0 :] if any(record)]
    return (round(widths.count(widths[0]) / len(widths), 2), widths[0]) if widths else (0.0, 0)


def _detected_quote(head: str) -> str:
    """The inverted comma, where more values stand in it than in '"', and one or more in every second line."""
    single, double = (len(_IN_QUOTES[quote].findall(head)) for quote in ("'", '"'))
    return "'" if single > double and 2 * single >= head.count("\n") else '"'


def _given_delimiter(file: str, delimiter: str, quote: str | None) -> str:
    """The character that a user names: itself, or 'tab', 'pipe'..."""
    character = _BY_NAME.get(delimiter.lower(), delimiter)
    unfit = f'{quote or ""}"\r\n\0'
    if len(character) != 1 or not character.isascii() or character in unfit or character.isalnum():
        raise ExtractUnreadable(
            f"{file}: '{delimiter}' cannot be the delimiter. Name one of "
            f"{', '.join(NAMES.values())}, or another single character; or leave --delimiter out."
        )
    return character


def _given_quote(file: str, quote: str) -> str | None:
    """The character that a user names: '"' or 'double', "'" or 'single', or none."""
    if quote.lower() not in _QUOTES:
        raise ExtractUnreadable(
            f"{file}: '{quote}' cannot be the text qualifier. Name double, single or none, or leave --quote "
            "out."
        )
    return _QUOTES[quote.lower()]
