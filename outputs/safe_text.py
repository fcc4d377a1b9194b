"""Text from an extract, made safe for a spreadsheet or a page: it cannot run, break it or vanish unseen."""

from __future__ import annotations

import re

from specs.formulas import FORMULA_STARTS

LONGEST_TEXT = 32_767
"""What one cell can hold, in UTF-16 units. Source: Excel specifications and limits."""

_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_NONCHARACTERS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_NOT_ON_A_PAGE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]")
"""What HTML forbids. Source: WHATWG HTML, preprocessing the input stream."""

_ESCAPED_UNDERSCORE = "_x005F_"
_DELETE = 0x7F
_FIRST_PRINTABLE = 0x20
_CONTROL_PICTURES = 0x2400


def safe_text(text: str) -> str:
    """The text as a cell of a workbook can hold it.

    Control characters show as their pictures (NUL as \u2400), other characters that XML cannot hold as
    \ufffd. A text too long for a cell is cut, and says so. What reads like an escape of the file format
    (_x0041_) is escaped itself, so that a spreadsheet shows it as it stood. Line ends become line feeds.
    """
    if _UNWRITABLE.search(text):
        text = _UNWRITABLE.sub(_visible, text.replace("\r\n", "\n"))
    return text if len(text) <= LONGEST_TEXT // 2 else _cut(text)


def page_text(text: str, longest: int) -> str:
    """The text as a page can show it.

    Control characters show as their pictures, other characters that HTML forbids as \ufffd. A text of more
    than `longest` characters is cut, and says so. Line ends become line feeds.
    """
    if len(text) > longest:
        text = text[:longest] + f" \u2026 [cut: {len(text):,} characters in all]"
    return _NOT_ON_A_PAGE.sub(_visible, text.replace("\r\n", "\n"))


def runs_as_formula(text: str) -> bool:
    """True if a person who edits the cell, or opens the text as CSV, would run it as a formula."""
    return text[:1] in FORMULA_STARTS and text != ""


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    if found[0] == "_":
        return _ESCAPED_UNDERSCORE
    if code == _DELETE:
        return "\u2421"
    return chr(_CONTROL_PICTURES + code) if code < _FIRST_PRINTABLE else "\ufffd"


def _cut(text: str) -> str:
    """The text, or as much of it as a cell holds, with a mark that says how much there was."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    mark = f" \u2026 [cut: {len(text):,} characters in all]"
    return units[: 2 * (LONGEST_TEXT - len(mark))].decode("utf-16-le", errors="ignore") + mark
