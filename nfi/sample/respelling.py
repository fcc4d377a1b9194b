"""How people and systems spell the same name or number differently."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from nfi.sample.draw import one_of

LEGAL_ENDINGS = ("Limited", "Ltd", "PLC", "LLP")


def with_typing_error(rng: np.random.Generator, name: str) -> str:
    """A name with two letters swapped, one left out, one doubled or one replaced; the first one is right."""
    word = max(name.split(), key=len)
    places = [n for n in range(1, len(word) - 1) if word[n].isalpha() and word[n + 1].isalpha()]
    if not places:
        return name + name[-1]
    while True:
        at = places[int(rng.integers(len(places)))]
        wrong = one_of(
            rng,
            (
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + one_of(rng, "aeiou") + word[at + 1 :],
            ),
        )
        wrong = wrong.upper() if word.isupper() else wrong
        if wrong.lower() != word.lower():
            return name.replace(word, wrong, 1)


def invoice_number_respelt(rng: np.random.Generator, number: str) -> str:
    """The same invoice number in other case, punctuation, spaces or leading zeros."""
    letters = re.match(r"[^0-9]*", number)
    front = letters.group() if letters else ""
    rest = number[len(front) :]
    choices = {
        number.lower(),
        re.sub(r"[^A-Za-z0-9]", "", number),
        re.sub(r"[^A-Za-z0-9]+", " ", number).strip(),
        front + rest.lstrip("0"),
        f"{front.rstrip(' -')} {rest}".strip(),
        f"{front}0{rest}",
        number + ".",
    }
    return one_of(rng, sorted(choices - {number}))


def creditor_name_respelt(rng: np.random.Generator, name: str) -> str:
    """The same company's name in capitals, with another legal ending, or without punctuation."""
    words = name.split()
    swapped = {"Ltd": "Limited", "Limited": "Ltd", "LTD": "LIMITED", "LIMITED": "LTD"}
    other = " ".join(swapped.get(word, word) for word in words)
    choices = {
        other,
        other.upper(),
        name.upper(),
        name.title(),
        " ".join({"&": "and", "and": "&"}.get(word, word) for word in words),
        f"{name}.",
        " ".join(word for word in words if word.title() not in LEGAL_ENDINGS),
    }
    return one_of(rng, sorted(choices - {name}))


def creditor_name_mistaken(
    rng: np.random.Generator, name: str, abbreviations: Sequence[tuple[str, str]]
) -> str:
    """A creditor's name abbreviated where a usual abbreviation fits (every second time), or misspelt."""
    shorter = [re.sub(rf"\b{long}\b", short, name) for long, short in abbreviations]
    shorter = [other for other in shorter if other != name]
    if shorter and rng.random() < 0.5:
        return one_of(rng, shorter)
    return with_typing_error(rng, name)


def forename_respelt(rng: np.random.Generator, forename: str, short_forms: Sequence[tuple[str, str]]) -> str:
    """The short form of a forename, or the long one of a short, or the forename misspelt."""
    forms = dict(short_forms) | {short: long for long, short in short_forms}
    return forms.get(forename) or with_typing_error(rng, forename)
