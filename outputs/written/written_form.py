"""What the files of a submission look like: layout, headings, characters, delimiter, minus sign."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from outputs.sparse import Sparse
from outputs.written.spec_format import NegativeSign
from specs.errors import NfiError
from specs.specification import CharacterSet

DELIMITERS = {",": "comma", "|": "pipe", "~": "tilde"}
"""Delimiters that the published format rules allow, in the order in which they are tried.

They name the inverted comma too; here it is the text qualifier. Source: specifications section 6.
"""


class FormContradictory(NfiError):
    """What was asked for of the files cannot be had together."""

    exit_code = 2


class HeadingNotAscii(NfiError):
    """A published name cannot stand in a file that is to be ASCII."""

    exit_code = 2


class FileLayout(StrEnum):
    """How the fields of a record stand on their line."""

    DELIMITED = "delimited"
    FIXED_WIDTH = "fixed-width"


class Place(Sparse):
    """Where one field stands in each line of a file of fixed width. Part of the manifest."""

    field: str
    start: int
    """The first character, counted from 1."""
    width: int


class WrittenForm(Sparse):
    """The form that all files of one submission have. Part of the manifest."""

    layout: FileLayout = FileLayout.DELIMITED
    headings: bool = True
    """Whether the first row holds the published field names."""
    characters: CharacterSet = CharacterSet.ASCII
    """In ASCII, what it lacks is written with the letters that it has, and listed."""
    negative_sign: NegativeSign = NegativeSign.LEADING
    delimiter: str | None = None
    """None: chosen for each file so that it occurs in no value, where one of them does not."""

    @property
    def fixed_width(self) -> bool:
        """Whether every field has its own place in the line."""
        return self.layout is FileLayout.FIXED_WIDTH

    @property
    def ascii_only(self) -> bool:
        """Whether values are written with the characters of ASCII alone."""
        return self.characters is CharacterSet.ASCII

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if contradiction := _contradiction(self.layout, self.characters, self.delimiter):
            raise ValueError(contradiction)
        return self


def written_form(
    layout: FileLayout = FileLayout.DELIMITED,
    *,
    headings: bool | None = None,
    characters: CharacterSet | None = None,
    negative_sign: NegativeSign = NegativeSign.LEADING,
    delimiter: str | None = None,
) -> WrittenForm:
    """The form that a person asks for; what they leave open follows from the layout and the format rules.

    Headings stand in delimited files, since uploading maps columns by them, and not in those of fixed
    width, which have a layout instead. Characters are ASCII, which the format rules prefer.

    Args:
        layout: how fields stand on their line.
        headings: a first row with the published field names.
        characters: which characters may occur.
        negative_sign: where the minus of a negative amount stands.
        delimiter: one of `DELIMITERS`, as a character or by its name; None: chosen for the data.

    Raises:
        FormContradictory: choices that cannot be had together, or a delimiter that is not published.
    """
    named = {name: character for character, name in DELIMITERS.items()}
    delimiter = named.get(delimiter.strip().lower(), delimiter) if delimiter is not None else None
    characters = characters or CharacterSet.ASCII
    if contradiction := _contradiction(layout, characters, delimiter):
        raise FormContradictory(contradiction)
    return WrittenForm(
        layout=layout,
        headings=layout is FileLayout.DELIMITED if headings is None else headings,
        characters=characters,
        negative_sign=negative_sign,
        delimiter=delimiter,
    )


def require_ascii_headings(names: Iterable[str]) -> None:
    """See that headings suit a file that is ASCII: uploading looks for the names as they were published.

    Raises:
        HeadingNotAscii: a name is not ASCII.
    """
    unfit = next((name for name in names if not name.isascii()), None)
    if unfit is not None:
        raise HeadingNotAscii(
            f"field '{unfit}': its name holds a character that ASCII lacks, so it cannot be a heading as "
            "published. Ask for files without headings, or for delimited ones with the characters utf-8."
        )


def _contradiction(layout: FileLayout, characters: CharacterSet, delimiter: str | None) -> str | None:
    if layout is FileLayout.FIXED_WIDTH and delimiter is not None:
        return (
            "fixed width: has no delimiter, since every field has its own place in the line. Leave out the "
            "delimiter, or ask for delimited files."
        )
    if layout is FileLayout.FIXED_WIDTH and characters is not CharacterSet.ASCII:
        return (
            "fixed width: is always ASCII, since there one byte is one place in the line. Leave out the "
            "characters, or ask for delimited files."
        )
    if delimiter is not None and delimiter not in DELIMITERS:
        known = ", ".join(DELIMITERS.values())
        return f"delimiter: is not one that the format rules name. Choose one of them: {known}."
    return None
