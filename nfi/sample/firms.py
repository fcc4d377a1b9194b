"""What creditors are called: names put together from words.yaml, no two alike without their endings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nfi.sample.draw import TextArray, picks, text, words_drawn
from nfi.sample.people import made_up_surnames, surnames_drawn
from nfi.sample.words import Words

# fmt: off
NOT_TELLING = frozenset({
    "ltd", "limited", "plc", "llp", "services", "sons", "co", "group", "uk", "contractors", "and",
    "the", "t", "a",
})
# fmt: on
"""Words that do not tell one creditor from another."""
BATCH = 256


def bare_name(name: str) -> str:
    """A name without punctuation, case, order of words, and words that tell nothing."""
    letters = re.sub(r"[^a-z0-9 ]", "", name.lower().replace("&", " and ").replace("/", " "))
    return " ".join(sorted(word for word in letters.split() if word not in NOT_TELLING))


@dataclass
class FirmNames:
    """Gives out names of creditors, each once."""

    rng: np.random.Generator
    words: Words

    def __post_init__(self) -> None:
        self._taken: set[str] = set()

    def of_types(self, types: list[int]) -> TextArray:
        """A name for each creditor, given the index of its type in words.yaml."""
        supplies = [self._endless(its.names) for its in self.words.firms.types]
        return text([next(supplies[kind]) for kind in types])

    def one(self, kind: str) -> str:
        """A name for one more creditor of a kind."""
        kinds = [its.type for its in self.words.firms.types]
        return str(self.of_types([kinds.index(kind)])[0])

    def stem(self) -> str:
        """A name that no creditor has yet, to call a group of firms by."""
        while True:
            stem = f"{made_up_surnames(self.rng, self.words.people, 1)[0]} {self._brands(1)[0]}"
            if self._is_new(stem):
                return stem

    def school(self) -> str:
        """What a school is called before 'Primary School', for one more school."""
        while True:
            name = str(made_up_surnames(self.rng, self.words.people, 1)[0])
            if self._is_new(f"{name} Primary School"):
                return name

    def place(self) -> str:
        """A place; others may be called after it."""
        return str(self._places(1)[0])

    def _endless(self, patterns: tuple[str, ...]) -> Iterator[str]:
        while True:
            slots = self._slots(BATCH)
            for row, pattern in enumerate(picks(self.rng, [1.0] * len(patterns), BATCH).tolist()):
                name = patterns[pattern].format(**{slot: values[row] for slot, values in slots.items()})
                if self._is_new(name):
                    yield name

    def _is_new(self, name: str) -> bool:
        bare = bare_name(name)
        new = bare not in self._taken
        self._taken.add(bare)
        return new

    def _brands(self, size: int) -> TextArray:
        firms = self.words.firms
        return words_drawn(self.rng, firms.brand_beginnings, size) + words_drawn(
            self.rng, firms.brand_ends, size
        )

    def _places(self, size: int) -> TextArray:
        firms = self.words.firms
        return words_drawn(self.rng, firms.place_beginnings, size) + words_drawn(
            self.rng, firms.place_ends, size
        )

    def _slots(self, size: int) -> dict[str, TextArray]:
        rng, firms, people = self.rng, self.words.firms, self.words.people
        letters = text(list("ABCDEFGHJKLMNPRSTW"))
        first, second = (letters[rng.integers(0, len(letters), size)] for _ in range(2))
        forenames = [*people.women.older, *people.women.younger, *people.men.older, *people.men.younger]
        return {
            "initials": np.where(rng.random(size) < 0.4, first, first + " " + second),
            "forename": words_drawn(rng, forenames, size),
            "surname": surnames_drawn(rng, people, size),
            "other": made_up_surnames(rng, people, size),
            "trade": words_drawn(rng, firms.trades, size),
            "profession": words_drawn(rng, firms.professions, size),
            "ending": words_drawn(rng, firms.endings, size),
            "brand": self._brands(size),
            "place": self._places(size),
            "district": self._places(size),
            "saint": words_drawn(rng, firms.saints, size),
            "house": words_drawn(rng, firms.houses, size),
        }
