"""UTF-8 that is cut anywhere is told from what is none, as Python's own decoder tells it."""

from __future__ import annotations

import codecs

from hypothesis import example, given
from hypothesis import strategies as st

from specs.formats.encoding import _end_of_utf8


def as_python_tells(data: bytes) -> bytes | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(data)
    except UnicodeDecodeError:
        return None
    return decoder.getstate()[0]


@given(st.text("aé€\U0001f600", max_size=4), st.binary(max_size=4), st.integers(0, 4))
@example("", b"\xed\xa0\x80", 0)  # half of a surrogate pair
@example("", b"\xc0\xaf", 0)  # a stroke in more bytes than it needs
@example("", b"\xf4\x90\x80\x80", 0)  # beyond the last character
@example("a", b"\xef\xbb\xbf", 0)
def test_what_is_cut_off_or_broken_is_what_python_says(text: str, end: bytes, cut: int) -> None:
    whole = text.encode() + end
    data = whole[: max(len(whole) - cut, 1)] or b"a"
    ours, python = _end_of_utf8(data), as_python_tells(data)
    # An end that no byte could make a character is left to the next piece, or to the end of the file.
    if ours != python:
        assert ours is not None
        assert as_python_tells(data + b"a") is None
