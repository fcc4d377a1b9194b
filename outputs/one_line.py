"""Text on one line: what a person typed, and what comes out of a package and may mean harm."""

from __future__ import annotations

import re

_STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, and those that end a line or turn the direction of the text around them."""

_CONTROL_PICTURES = 0x2400
_FIRST_PRINTABLE = 0x20


def unbroken(text: str) -> str:
    """What a person typed, with each run of blanks and line breaks as one blank, and none at its ends."""
    return " ".join(text.split())


def one_line(text: str) -> str:
    """Text out of a package that cannot steer a terminal or feign another line.

    Control characters show as their pictures, what else steers as \ufffd.
    """
    return _STEERS.sub(_visible, text)


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(_CONTROL_PICTURES + code) if code < _FIRST_PRINTABLE else "\ufffd"
