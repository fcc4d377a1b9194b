"""Checks of any text, whatever the field: what a spreadsheet, a wrong encoding or a person in a hurry leaves.

They apply to every field whose values stay text, without being named in a specification; ODD_TEXT asks
them only of the values that one pass over all of them does not rule out.
Source for what spreadsheets do: Audit Commission, NFI data formats (15 significant digits, dates made of
sort codes and house numbers).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from specs.checks.kind import TEXT, Detail, FieldCheck, Terms, Test, TextChecks, first_true
from specs.checks.placeholders import is_placeholder, placeholder_screen

_LINE_BREAK = r"[\n\r\x{0B}\x{0C}\x{85}\x{2028}\x{2029}]"
# Zero-width and direction marks, soft hyphens, byte order marks. U+200C and U+200D join emoji and scripts
# that no UK ledger holds.
_INVISIBLE = r"[\x{AD}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FEFF}]"
_CONTROL = rf"[\x{{00}}-\x{{1F}}\x{{7F}}-\x{{9F}}]|{_LINE_BREAK}|{_INVISIBLE}"

# The bytes 80 to BF of UTF-8 as Windows-1252 shows them, after the bytes C2, C3, C5 and E2.
_SECOND_BYTE = (
    r"[\x{80}-\x{BF}\x{20AC}\x{201A}\x{0192}\x{201E}\x{2026}\x{2020}\x{2021}\x{02C6}\x{2030}\x{0160}\x{2039}"
    r"\x{0152}\x{017D}\x{2018}\x{2019}\x{201C}\x{201D}\x{2022}\x{2013}\x{2014}\x{02DC}\x{2122}\x{0161}"
    r"\x{203A}\x{0153}\x{017E}\x{0178}]"
)
_LOST_CHARACTER = r"\x{FFFD}|\x{EF}\x{BF}\x{BD}"
_MOJIBAKE = (
    rf"[\x{{C2}}\x{{C3}}\x{{C5}}]{_SECOND_BYTE}|\x{{E2}}(?:\x{{20AC}}|\x{{80}}|\x{{82}}\x{{AC}})|"
    rf"{_LOST_CHARACTER}"
)

_SPREADSHEET_ERROR = (
    r"#(?i:N/A|REF!?|VALUE!?|DIV/0!?|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|BUSY!|ERROR!|GETTING_DATA)"
    r"|#{3,}|(?i:Err:5\d\d)"
)
# Spreadsheets and data frames write a sign or a decimal; an invoice may well be called 12E4.
_SCIENTIFIC = r"[+-]?\d(?:[.,]\d+)?[eE]\+\d{1,3}|[+-]?\d[.,]\d+[eE]-?\d{1,3}"
_MONTH = r"(?i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
_MIDNIGHT = r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
_DATE = (
    rf"\d{{1,2}}-{_MONTH}(?:-\d{{2}}(?:\d{{2}})?)?|{_MONTH}-\d{{2}}"
    rf"|(?:19|20)\d{{2}}-(?:0\d|1[0-2])-[0-3]\d{_MIDNIGHT}|[0-3]?\d/[01]?\d/(?:19|20)\d{{2}}{_MIDNIGHT}"
)
_DECIMAL = r"\d+\.0"
# A sixteenth digit alone is nought in one number of ten: only what is longer can be told from one value.
_LONG = r"[1-9]\d{14}00+"

_OF_A_FORM = frozenset(
    {
        "account_number",
        "company_number",
        "email",
        "expected_empty",
        "nino",
        "one_of",
        "passport",
        "phone",
        "post_code",
        "sort_code",
        "usually",
        "vat_number",
    }
)
"""Checks of a form that no placeholder and no spoilt number has: they say what it is themselves."""


@cache
def _screen_expression() -> str:
    """What matches every value that one of the checks fails for anything but a single character of it."""
    whole = "|".join((_SPREADSHEET_ERROR, _SCIENTIFIC, _DATE, _DECIMAL, _LONG))
    return rf"^(?:{whole})$|{placeholder_screen()}"


def _may_be_odd(text: pa.Array) -> pa.Array:
    """Whether a value may fail one of the checks of whole values."""
    return pc.match_substring_regex(text, _screen_expression())


def _may_hold_odd_characters(text: pa.Array) -> pa.Array:
    """Whether a value may hold a control character or mojibake."""
    if not _has_bytes_out_of_the_ordinary(text):
        return pa.repeat(False, len(text))
    return pc.match_substring_regex(text, rf"{_CONTROL}|{_MOJIBAKE}")


def _has_bytes_out_of_the_ordinary(text: pa.Array) -> bool:
    """Whether any byte behind a column is not a printable ASCII one: nearly always none is."""
    buffer = text.buffers()[2]
    if buffer is None or buffer.size == 0:
        return False
    data = np.frombuffer(buffer, np.uint8)
    return bool(data.min() < 0x20 or data.max() >= 0x7F)


def _never(expression: str) -> Test:
    """The test that a value does not hold what an expression matches."""

    def passes(text: pa.Array, _terms: Terms) -> pa.Array:
        return pc.invert(pc.match_substring_regex(text, expression))

    return passes


def _which_character(text: pa.Array, _terms: Terms) -> pa.Array:
    return first_true(
        text,
        (pc.match_substring_regex(text, _LINE_BREAK), "a line break inside the value"),
        (pc.match_substring(text, "\t"), "a tab"),
        (pc.match_substring_regex(text, _INVISIBLE), "a character that cannot be seen"),
    )


def _which_mojibake(text: pa.Array, _terms: Terms) -> pa.Array:
    lost = "the character is lost: take the text from the source system again"
    return first_true(text, (pc.match_substring_regex(text, _LOST_CHARACTER), lost))


def _is_no_placeholder(text: pa.Array, _terms: Terms) -> pa.Array:
    return pc.or_(pc.invert(is_placeholder(text)), pc.match_substring_regex(text, _SPREADSHEET_ERROR))


def _is_no_placeholder_of_a_name(text: pa.Array, _terms: Terms) -> pa.Array:
    is_error = pc.match_substring_regex(text, _SPREADSHEET_ERROR)
    return pc.or_(pc.invert(is_placeholder(text, in_names=True)), is_error)


def _how_many_digits(text: pa.Array, _terms: Terms) -> pa.Array:
    digits = pc.utf8_length(text).cast(pa.string())
    return pc.binary_join_element_wise(digits, "digits, of which a spreadsheet keeps 15", " ")


def no_value_at_all(text: pa.Array) -> tuple[tuple[pa.Array, str], ...]:
    """Where a placeholder or the error of a formula stands instead of a value, with what to say of it."""
    return (
        (_is_whole(_SPREADSHEET_ERROR, text), "an error of a spreadsheet, where a value should be"),
        (is_placeholder(text), "a placeholder: leave blank if it is not known"),
    )


def _is_whole(expression: str, text: pa.Array) -> pa.Array:
    return pc.match_substring_regex(text, rf"^(?:{expression})$")


def saying_what_spoilt_it(detail: Detail) -> Detail:
    """A detail that first looks for a placeholder or what a spreadsheet makes of a value.

    For checks of a form, so that one finding says both that the form is wrong and how it came about.
    """

    def spoilt_or_else(text: pa.Array, terms: Terms) -> pa.Array:
        spoilt = first_true(
            text,
            *no_value_at_all(text),
            (_is_whole(_SCIENTIFIC, text), "a spreadsheet has shortened the number: its digits are lost"),
            (_is_whole(_DATE, text), "a date: a spreadsheet may have made it of other digits"),
            (_is_whole(_DECIMAL, text), "'.0' was added to the number"),
        )
        return pc.coalesce(spoilt, detail(text, terms))

    return spoilt_or_else


CONTROL_CHARACTERS = FieldCheck(
    "control_characters",
    "text",
    _never(_CONTROL),
    _which_character,
    formats=TEXT,
    screen=_may_hold_odd_characters,
)
MOJIBAKE = FieldCheck(
    "mojibake",
    "text",
    _never(_MOJIBAKE),
    _which_mojibake,
    formats=TEXT,
    screen=_may_hold_odd_characters,
)
SPREADSHEET_ERROR = FieldCheck(
    "spreadsheet_error",
    "text",
    _never(rf"^(?:{_SPREADSHEET_ERROR})$"),
    formats=TEXT,
    said_by=_OF_A_FORM,
    screen=_may_be_odd,
)
SCIENTIFIC_NOTATION = FieldCheck(
    "scientific_notation",
    "text",
    _never(rf"^(?:{_SCIENTIFIC})$"),
    formats=TEXT,
    said_by=_OF_A_FORM,
    screen=_may_be_odd,
)
SPREADSHEET_DATE = FieldCheck(
    "spreadsheet_date",
    "text",
    _never(rf"^(?:{_DATE})$"),
    formats=TEXT,
    said_by=_OF_A_FORM,
    screen=_may_be_odd,
)
DECIMAL_ADDED = FieldCheck(
    "decimal_added",
    "text",
    _never(rf"^{_DECIMAL}$"),
    formats=TEXT,
    said_by=_OF_A_FORM,
    screen=_may_be_odd,
)
DIGITS_CUT = FieldCheck(
    "digits_cut",
    "text",
    _never(rf"^{_LONG}$"),
    _how_many_digits,
    formats=TEXT,
    said_by=_OF_A_FORM,
    screen=_may_be_odd,
)
PLACEHOLDER = FieldCheck(
    "placeholder",
    "text",
    _is_no_placeholder,
    formats=TEXT,
    said_by=_OF_A_FORM | {"surname", "forename"},
    screen=_may_be_odd,
)
PLACEHOLDER_NAME = FieldCheck(
    "placeholder", "text", _is_no_placeholder_of_a_name, formats=TEXT, screen=_may_be_odd
)
"""The same of a person's name, where fewer words are placeholders: part of the checks of names."""

ODD_TEXT = TextChecks(
    (
        CONTROL_CHARACTERS,
        MOJIBAKE,
        SPREADSHEET_ERROR,
        SCIENTIFIC_NOTATION,
        SPREADSHEET_DATE,
        DECIMAL_ADDED,
        DIGITS_CUT,
        PLACEHOLDER,
    ),
)
"""Every check of any text."""
