"""What a privacy notice can list, in plain words, and which columns each entry is about."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator
from rapidfuzz import fuzz, process

from specs.headings import loosely, shown
from specs.own_yaml import read_own_yaml
from specs.specification import Column, Evidence

_FILE = Path(__file__).with_suffix(".yaml")
_NEAR = 70
"""rapidfuzz's 0 to 100: below it, a name is not offered instead of one that is not known."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NoticeCategory(_Entry):
    """One entry of a notice, such as 'Bank account details'."""

    name: str
    also: tuple[str, ...] = ()
    """Other words for it; words that several categories have mean all of them."""
    columns: tuple[Column, ...]
    """What it is about, in any data set."""
    only: dict[str, tuple[Column, ...]] = {}
    """What it is about in one data set, whatever that column is about elsewhere."""
    evidence: Evidence


class NotAboutAPerson(_Entry):
    """A column that a notice to people need not list."""

    column: Column
    because: str


class _Categories(_Entry):
    sources: tuple[str, ...]
    categories: tuple[NoticeCategory, ...]
    not_about_a_person: tuple[NotAboutAPerson, ...]

    @model_validator(mode="after")
    def _each_column_once(self) -> _Categories:
        places = [("", column) for each in self.categories for column in each.columns]
        places += [("", each.column) for each in self.not_about_a_person]
        places += [
            (dataset, column)
            for each in self.categories
            for dataset, columns in each.only.items()
            for column in columns
        ]
        if twice := {place for place in places if places.count(place) > 1}:
            raise ValueError(f"in two places: {sorted(twice)}")
        return self


@cache
def _read() -> _Categories:
    return _Categories.model_validate(read_own_yaml(_FILE))


@cache
def _by_place() -> dict[tuple[str, str], NoticeCategory]:
    """By data set and column; the data set is empty where the column counts in all."""
    found = {("", column): each for each in _read().categories for column in each.columns}
    for each in _read().categories:
        for dataset, columns in each.only.items():
            found |= {(dataset, column): each for column in columns}
    return found


def notice_categories() -> tuple[NoticeCategory, ...]:
    """All that a notice can list, in the order in which it is shown. Source: notice_categories.yaml."""
    return _read().categories


def not_about_a_person() -> frozenset[str]:
    """The columns that a notice to people need not list."""
    return frozenset(each.column for each in _read().not_about_a_person)


def category_of(dataset: str, column: str) -> NoticeCategory | None:
    """What a column is about; None where nfi does not know, or where it is not about a person."""
    return _by_place().get((dataset, column)) or _by_place().get(("", column))


def categories_called(names: Iterable[str]) -> tuple[str, ...]:
    """The names of the categories that are meant, in the order in which nfi shows them, each once.

    Case, blanks, punctuation and an s at the end do not count.

    Raises:
        ValueError: a name is not known; says which, and the nearest.
    """
    meant = [name for written in names for name in _called(written)]
    return tuple(each.name for each in notice_categories() if each.name in meant)


@cache
def _by_word() -> dict[str, tuple[str, ...]]:
    words: dict[str, tuple[str, ...]] = {}
    for each in notice_categories():
        for word in dict.fromkeys(map(_compared, (each.name, *each.also))):
            words[word] = (*words.get(word, ()), each.name)
    for each in notice_categories():
        words[_compared(each.name)] = (each.name,)  # its own name means nothing else besides
    return words


def _compared(word: str) -> str:
    """Passport, passports and PASSPORTS are one."""
    return loosely(word).removesuffix("s")


def _called(written: str) -> tuple[str, ...]:
    if found := _by_word().get(_compared(written)):
        return found
    known = [each.name for each in notice_categories()]
    near = process.extractOne(
        written,
        [word for each in notice_categories() for word in (each.name, *each.also)],
        scorer=fuzz.WRatio,
        processor=loosely,
        score_cutoff=_NEAR,
    )
    hint = f"did you mean '{near[0]}'? " if near else ""
    raise ValueError(
        f"nfi knows no kind of data called '{shown(written)}'; {hint}It knows: {', '.join(known)}; or 'all'"
    )
