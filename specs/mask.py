"""Values as a console may show them: enough to recognise in the source system, too little to use."""

from __future__ import annotations

_MOST_STARS = 8  # a longer row of stars would tell how long the value is


def masked(value: str) -> str:
    """The value with most of it starred: 'QQ12****C', '20***3', 'S****'.

    Codes and numbers of nine or more characters keep the first four and the last one, those of six or
    more the first two and the last one. Shorter values, and values without any digit (names, words),
    keep the first one; up to three characters keep none.
    """
    value = " ".join(value.split())
    length = len(value)
    if length <= 3:
        return "*" * length
    has_digit = any(character.isdigit() for character in value)
    if not has_digit or length < 6:
        return value[0] + "*" * min(length - 1, _MOST_STARS)
    first = 4 if length >= 9 else 2
    return value[:first] + "*" * min(length - first - 1, _MOST_STARS) + value[-1]
