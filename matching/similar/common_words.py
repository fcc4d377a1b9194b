"""What is known of words before a ledger is looked at: how common they are, and which name places."""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from specs.own_yaml import read_own_yaml
from specs.specification import Evidence

_WORDS = Path(__file__).parent / "common_words.yaml"


class CommonWords(BaseModel):
    """The content of common_words.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    evidence: Evidence
    percent: dict[Annotated[float, Field(gt=0, lt=100)], frozenset[str]]
    weighs_as_much_as: int
    any_other_word: float
    branch_words: frozenset[str]
    sides: frozenset[str]
    places: frozenset[str]
    small_words: frozenset[str]

    @cached_property
    def _shares(self) -> dict[str, float]:
        return {word: percent / 100 for percent, words in self.percent.items() for word in words}

    def share(self, word: str) -> float:
        """Of all creditors, how many hold the word: 0 to 1."""
        return self._shares.get(word, self.any_other_word / 100)

    def __contains__(self, word: str) -> bool:
        return word in self._shares or word in self.where

    @cached_property
    def where(self) -> frozenset[str]:
        """Words that say where, or which part of an organisation."""
        return self.places | self.branch_words


@cache
def common_words() -> CommonWords:
    """The lists that come with nfi."""
    return CommonWords.model_validate(read_own_yaml(_WORDS))
