"""Regular expressions as DuckDB reads them (RE2), written as Java reads them."""

from __future__ import annotations

_WORD = "[0-9A-Za-z_]"
_BOUNDARY = f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))"
_ESCAPES = {
    "b": _BOUNDARY,  # Java's goes by the letters of all languages
    "s": r"[\t\n\f\r ]",  # Java's takes a vertical tab as well
    "S": r"[^\t\n\f\r ]",
    "z": r"\z",
}
_SAME = set(r"dDwW.*+?()[]{}|\^$-/'") | {"t", "n", "f", "r"}


class PatternUnknown(ValueError):
    """A pattern with something that has not been compared between the two."""


def java_pattern(pattern: str) -> str:
    r"""The pattern that finds in Java what `pattern` finds in RE2.

    Raises:
        PatternUnknown: an escape or a group that is not known to mean the same.

    >>> java_pattern(r"^(a|\D)$")
    '(?d)^(a|\\D)\\z'
    """
    parts = ["(?d)"]  # only \n ends a line
    in_class, place = False, 0
    while place < len(pattern):
        letter = pattern[place]
        if letter == "\\":
            part, taken = _escape(pattern[place + 1 :], in_class=in_class)
            place += taken
        elif in_class:
            part = "\\" + letter if letter in "[&~" else letter  # Java has sets within sets
            in_class = letter != "]"
        elif letter == "[":
            in_class, part = True, letter
            for first in ("^", "]"):  # a bracket that comes first stands for itself
                if pattern.startswith(first, place + 1):
                    part += "\\]" if first == "]" else first
                    place += 1
        elif letter == "(" and pattern.startswith("?", place + 1) and not pattern.startswith("(?:", place):
            raise PatternUnknown(f"a group that begins with {pattern[place : place + 3]!r}")
        else:
            part = r"\z" if letter == "$" else letter  # Java's $ stands before a last line break as well
        parts.append(part)
        place += 1
    return "".join(parts)


def _escape(rest: str, *, in_class: bool) -> tuple[str, int]:
    """What follows a backslash: in Java, and how many letters of it were taken."""
    letter = rest[:1]
    if letter in {"p", "P"} and rest[1:2] == "{":
        end = rest.index("}") + 1
        return "\\" + rest[:end], end
    if letter in _ESCAPES and not in_class:
        return _ESCAPES[letter], 1
    if in_class and letter == "s":
        return r"\t\n\f\r ", 1
    if letter in _SAME:
        return "\\" + letter, 1
    raise PatternUnknown(f"the escape \\{letter}")
