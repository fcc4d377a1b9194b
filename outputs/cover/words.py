"""The rules of the National Fraud Initiative that a cover sheet quotes, from cover_sheet.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from specs.own_yaml import read_own_yaml
from specs.specification import Evidence

_FILE = Path(__file__).with_name("cover_sheet.yaml")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Entry):
    """What is asked for, and where that stands."""

    text: str
    evidence: Evidence


class SheetWords(_Entry):
    """All that cover_sheet.yaml says."""

    exact_totals: frozenset[str]
    """Data sets none of whose sums or dates is one person's own."""
    questions: Rule
    rules: dict[str, Rule]
    other_files: dict[str, str]
    """Whether a file without records is to be uploaded, by what it holds."""
    look_ups: Rule
    declaration: Rule


@cache
def sheet_words() -> SheetWords:
    """The words, read once."""
    return SheetWords.model_validate(read_own_yaml(_FILE))
