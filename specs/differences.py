"""What differs between two specifications of a data set, in words, field by field and rule by rule."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from specs.field_table import (
    NEEDED,
    WRITTEN,
    characters_in_words,
    checks_in_words,
    codes_in_words,
    rules_in_words,
)
from specs.headings import loosely
from specs.specification import Specification, SpecifiedField


class Kind(StrEnum):
    """What became of a field, or of something that is said of the data set as a whole."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference."""

    kind: Kind
    about: str
    """Published name of the field (the newer one), or the entry of the catalogue file."""
    what: str
    """Which part of it: 'field', 'format', 'needed', 'place'…"""
    before: str = ""
    after: str = ""

    @property
    def sentence(self) -> str:
        """The difference in a line: 'Post code: place was 13, is 14.'"""
        match self.kind:
            case Kind.ADDED | Kind.REMOVED:
                said = self.after or self.before
                return f"{self.about}: {self.what} {self.kind}{f' ({said})' if said else ''}."
            case Kind.RENAMED:
                return f"{self.about}: was called {self.before}."
            case _:
                before, after = self.before or "nothing", self.after or "nothing"
                return f"{self.about}: {self.what} was {before.rstrip('.')}, is {after.rstrip('.')}."


def differences(before: Specification, after: Specification) -> list[Difference]:
    """What `after` says otherwise than `before`: fields first, in their order, then the data set as a whole.

    A field is the same one where its column name is, or else its published name. It counts as moved only
    where its order among the fields that both have is another, so that one new field moves nothing.
    """
    pairs = _pairs(before.fields, after.fields)
    # A new name of a field is no new rule about it.
    names = {before.fields[old].column: after.fields[new].name for new, old in pairs.items()}
    return [
        *_fields(before, after, pairs),
        *_whole(before, after),
        *_named("file", _files(before), _files(after)),
        *_named("rule", _rules(before), _rules(after)),
        *_named("check of the data set", rules_in_words(before, called=names), rules_in_words(after)),
    ]


def _pairs(before: Sequence[SpecifiedField], after: Sequence[SpecifiedField]) -> dict[int, int]:
    """For each place in `after` the place in `before` of the same field."""
    pairs: dict[int, int] = {}
    for key in (lambda field: field.column, lambda field: loosely(field.name)):
        free = {key(field): place for place, field in enumerate(before) if place not in pairs.values()}
        for place, field in enumerate(after):
            if place not in pairs and key(field) in free:
                pairs[place] = free.pop(key(field))
    return dict(sorted(pairs.items()))


def _fields(before: Specification, after: Specification, pairs: Mapping[int, int]) -> Iterator[Difference]:
    stayed = _longest_rising(list(pairs.values()))
    for place, field in enumerate(before.fields):
        if place not in pairs.values():
            yield Difference(Kind.REMOVED, field.name, "field", before=f"was number {place + 1}")
    for place, field in enumerate(after.fields):
        if place not in pairs:
            yield Difference(Kind.ADDED, field.name, "field", after=f"number {place + 1}, {field.evidence}")
            continue
        old = before.fields[pairs[place]]
        if old.name != field.name:
            yield Difference(Kind.RENAMED, field.name, "name", old.name, field.name)
        if pairs[place] not in stayed:
            yield Difference(Kind.MOVED, field.name, "place", str(pairs[place] + 1), str(place + 1))
        was, now = _parts(old), _parts(field)
        for what in was:
            if was[what] != now[what]:
                yield Difference(Kind.CHANGED, field.name, what, was[what], now[what])
        apart = old.checks_evidence or field.checks_evidence  # otherwise it goes with the field's own
        if apart and field.checks and old.evidence_of_checks != field.evidence_of_checks:
            yield Difference(
                Kind.CHANGED,
                field.name,
                "evidence of checks",
                old.evidence_of_checks,
                field.evidence_of_checks,
            )


def _parts(field: SpecifiedField) -> dict[str, str]:
    return {
        "column": field.column,
        "format": WRITTEN[field.format],
        "needed": NEEDED[field.required],
        "checks": checks_in_words(field),
        "codes": codes_in_words(field),
        "width": str(field.width or ""),
        "comment": field.comment,
        "evidence": field.evidence,
    }


def _longest_rising(places: Sequence[int]) -> set[int]:
    """The most places that stand in rising order: what did not move."""
    ends: list[int] = []  # ends[n]: the smallest place on which a rising run of n + 1 places can end
    runs: list[list[int]] = []
    for place in places:
        length = bisect_left(ends, place)
        run = [*(runs[length - 1] if length else []), place]
        ends[length:], runs[length:] = [place, *ends[length + 1 :]], [run, *runs[length + 1 :]]
    return set(runs[-1]) if runs else set()


def _whole(before: Specification, after: Specification) -> Iterator[Difference]:
    for what in ("title", "status", "based_on", "notice", "one_record_per", "required_evidence"):
        was, now = str(getattr(before, what) or ""), str(getattr(after, what) or "")
        if was != now:
            yield Difference(Kind.CHANGED, "Data set", what.replace("_", " "), was, now)
    was, now = characters_in_words(before), characters_in_words(after)
    if was != now:
        yield Difference(Kind.CHANGED, "Data set", "characters", was, now)


def _files(specification: Specification) -> dict[str, str]:
    return {
        f"File {part.number}": f"{part.title}, {'' if part.needed else 'optional, '}{part.evidence}"
        for part in specification.files
    }


def _rules(specification: Specification) -> dict[str, str]:
    return {rule.text: rule.evidence for rule in specification.rules}


def _named(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for name, said in before.items():
        if name not in after:
            yield Difference(Kind.REMOVED, name, what, before=said)
        elif said != after[name]:
            yield Difference(Kind.CHANGED, name, what, said, after[name])
    for name, said in after.items():
        if name not in before:
            yield Difference(Kind.ADDED, name, what, after=said)
