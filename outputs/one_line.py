"""Text out of a package, safe for a line on a screen: it cannot steer a terminal or feign another line."""

from __future__ import annotations

import re

_STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, and those that end a line or turn the direction of the text around them."""

_CONTROL_PICTURES = 0x2400
_FIRST_PRINTABLE = 0x20


def one_line(text: str) -> str:
    """The text on one line: control characters show as their pictures, what else steers as \ufffd."""
    return _STEERS.sub(_visible, text)


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(_CONTROL_PICTURES + code) if code < _FIRST_PRINTABLE else "\ufffd"
