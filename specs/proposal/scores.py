"""How well each heading of an extract fits each column of a specification, and why, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from specs.headings import shown
from specs.proposal.column_profile import ColumnProfile
from specs.proposal.from_headings import HeadingScore, HeadingWords
from specs.proposal.from_values import Kind, kind_named
from specs.proposal.synonyms import KnownColumn, Synonyms
from specs.specification import Need, Specification

_HEADING_ALONE = 0.9
"""How sure a heading makes that says exactly this, where the values tell nothing."""
_CONTRADICTED = 0.56
"""What is left of that where the values are something else altogether."""
_BLANK = 0.85
"""What is left of it where there is nothing below the heading."""
_EACH_ONCE = 0.8
"""As many different values among all, or more: a reference tells the records apart."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well one heading fits one column."""

    heading: str
    confidence: float
    """From 0 to 1."""
    reasons: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    blank: bool = False
    """Nothing below the heading, where something is expected."""
    named: bool = False
    """Whether the heading itself speaks for the column."""


class Scores:
    """The fit of every heading of an extract for every column that is known."""

    def __init__(
        self, specification: Specification, known: Synonyms, profiles: Mapping[str, ColumnProfile]
    ) -> None:
        self._fields = specification.by_column
        self._key = specification.key.columns
        self._known: dict[str, KnownColumn] = {**known.of_dataset(specification.dataset), **known.others}
        self._profiles = profiles
        words = HeadingWords(specification, known)
        self._words = words.words
        self._headings: dict[str, dict[str, HeadingScore]] = {
            heading: {column: words.score(heading, column) for column in words.columns}
            for heading in profiles
        }
        self._values: dict[tuple[str, Kind], float] = {}

    def fit(self, heading: str, column: str) -> Fit:
        """How well a heading fits a column, from what it says and from what stands below it."""
        fit = self._fit(heading, column)
        known = self._known.get(column)
        doubts = [why for word, why in known.doubts.items() if word in self._words(heading)] if known else []
        return replace(fit, doubts=(*fit.doubts, *doubts[:1]))

    def _fit(self, heading: str, column: str) -> Fit:
        said, profile = self._headings[heading][column], self._profiles[heading]
        kind = self._kind(column, profile)
        ahead = max(s.score for other, s in self._headings[heading].items() if other != column)
        behind = max(0.0, ahead - said.score)
        # A heading that says something else more clearly counts for less, and so do the values below it.
        by_heading = _HEADING_ALONE * said.score * (1 - behind * (0.5 if said.same_words else 1.0))
        reasons = (_heading_in_words(said),) if said.score else ()
        if not profile.filled:
            often_blank = self._often_blank(column)
            doubt = (f"nothing stands below it in the {profile.rows:,} records looked at",)
            return Fit(
                heading, _BLANK * by_heading if often_blank else 0.0, reasons, doubt, not often_blank, True
            )
        if kind is None:
            return Fit(heading, by_heading, reasons, named=True)
        like = self._likeness(heading, column, kind)
        by_values = kind.telling * max(0.0, 2 * like - 1) * (1 - behind)
        if column in self._fields and self._fields[column].required is not Need.NO:
            by_values *= profile.filled / profile.rows  # what is required would be filled
        if like < 0.5:
            kept = _CONTRADICTED + 2 * like * (1 - _CONTRADICTED)
            doubts = (_doubt_in_words(like, kind),) if like < 0.4 and said.score else ()
            return Fit(heading, by_heading * kept, reasons, doubts, named=True)
        if by_values >= 0.2:
            reasons = (*reasons, _values_in_words(like, kind))
        confidence = 1 - (1 - by_heading) * (1 - by_values)
        return Fit(heading, confidence, reasons, named=said.score > 0)

    def likeness(self, profile: ColumnProfile, column: str) -> float | None:
        """How far values are what a column holds, from 0 to 1; None where values tell nothing of it."""
        kind = self._kind(column, profile)
        return kind.test(profile) if kind and profile.filled else None

    def looks_like(self, heading: str) -> str:
        """What a heading that no field takes seems to hold: 'employer', 'ledger code'; '' where unknown."""
        column, best = max(self._headings[heading].items(), key=lambda item: item[1].score)
        if best.score < 0.7:
            return ""
        field = self._fields.get(column)
        return field.name if field else column.replace("_", " ")

    def _kind(self, column: str, profile: ColumnProfile) -> Kind | None:
        field, known = self._fields.get(column), self._known.get(column)
        name = known.values if known else None
        if name == "party_reference" and column in self._key and profile.unique > _EACH_ONCE:
            name = "own_reference"
        return kind_named(name, field.format if field else None)

    def _often_blank(self, column: str) -> bool:
        field = self._fields.get(column)
        if field and any(check.name == "expected_empty" for check in field.checks):
            return True
        known = self._known.get(column)
        return known.often_blank if known else field is not None and field.required is Need.NO

    def _likeness(self, heading: str, column: str, kind: Kind) -> float:
        key = (heading, kind)
        if key not in self._values:
            self._values[key] = kind.test(self._profiles[heading])
        return self._values[key]


def _heading_in_words(said: HeadingScore) -> str:
    return f"heading {'is' if said.exact else 'like'} '{shown(said.like)}'"


def _values_in_words(like: float, kind: Kind) -> str:
    percent = int(100 * like)  # never rounded up to all of them
    return f"{percent} % of the values are {kind.says}" if kind.by_form else f"values look like {kind.says}"


def _doubt_in_words(like: float, kind: Kind) -> str:
    if kind.by_form:
        return f"only {int(100 * like)} % of the values are {kind.says}"
    return f"values do not look like {kind.says}"
