"""A proposed mapping for several files of one data set, whose headings differ from month to month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from specs.headings import loosely, shown
from specs.proposal.column_profile import ColumnProfile, profile_of
from specs.proposal.propose import propose_from, translations
from specs.proposal.result import PlacedField, Proposal, UnplacedField
from specs.proposal.sample import sample_of
from specs.proposal.scores import Scores
from specs.proposal.synonyms import Synonyms, synonyms
from specs.read import Extract
from specs.specification import Specification

_ANOTHER = 0.3
"""Values less like what a field holds than this are something else, in this one file."""
_AS_USUAL = 0.4
_ENOUGH = 10
"""Fewer values tell nothing."""


@dataclass(frozen=True, slots=True)
class _File:
    """One extract, and what was looked at of it."""

    name: str
    sample: pa.Table
    profiles: dict[str, ColumnProfile]
    """By heading, in the file's order."""

    def with_values_of(self, pooled: dict[str, ColumnProfile]) -> dict[str, ColumnProfile]:
        """Its headings with the values of all files, unless two of them differ in punctuation only."""
        if len({loosely(heading) for heading in self.profiles}) < len(self.profiles):
            return self.profiles
        return {heading: replace(pooled[loosely(heading)], heading=heading) for heading in self.profiles}


def propose_for_several(
    extracts: Sequence[Extract], specification: Specification, *, day: date, known: Synonyms | None = None
) -> Proposal:
    """One mapping for all of several extracts, whose values are looked at together.

    A field takes the first of its headings that a file has, those of the most records in front.

    Args:
        extracts: one or more.
        specification: whose fields are to be placed.
        day: the day of the extracts.
        known: what source systems call things, in place of synonyms.yaml.

    Raises:
        ExtractUnreadable: something that only shows while reading.
    """
    known = known or synonyms()
    files = [_looked_at(extract, day) for extract in extracts]
    pooled = _pooled(files)
    layouts: dict[tuple[str, ...], list[_File]] = {}
    for file in files:
        layouts.setdefault(tuple(file.profiles), []).append(file)
    proposals = [
        replace(
            propose_from(
                alike[0].name, alike[0].sample, alike[0].with_values_of(pooled), specification, known
            ),
            records=sum(file.sample.num_rows for file in alike),
        )
        for alike in layouts.values()
    ]
    merged = _merged(sorted(proposals, key=lambda each: -each.records), specification, [*layouts])
    if len(proposals) > 1:  # a field may have another heading, with other words below it, in each layout
        names = {heading for each in merged.placed for heading in each.headings}
        merged = replace(
            merged, translated=translations(merged.placed, {name: pooled[loosely(name)] for name in names})
        )
    odd = _odd_files(merged, files, pooled, Scores(specification, known, pooled)) if len(files) > 1 else ()
    return replace(merged, files=tuple(file.name for file in files), notes=(*merged.notes, *odd))


def _looked_at(extract: Extract, day: date) -> _File:
    sample = sample_of(extract)
    profiles = {name: profile_of(name, sample[name].combine_chunks(), day) for name in extract.headings}
    return _File(extract.path.name, sample, profiles)


def _pooled(files: list[_File]) -> dict[str, ColumnProfile]:
    """The values under each heading in all files, by the heading compared loosely."""
    pooled: dict[str, ColumnProfile] = {}
    for file in files:
        for heading, profile in file.profiles.items():
            key = loosely(heading)
            pooled[key] = pooled[key].joined_with(profile) if key in pooled else profile
    return pooled


def _merged(
    proposals: list[Proposal], specification: Specification, layouts: list[tuple[str, ...]]
) -> Proposal:
    """One proposal out of one for each layout, those of the most records first."""
    if len(proposals) == 1:
        return proposals[0]
    placed = _each_heading_once(
        {field.column: _merged_field(field.column, proposals) for field in specification.fields}
    )
    fields = tuple(_without_needless(each, layouts) for each in placed.values() if each)
    employers = [each.employer for each in proposals if each.employer]
    taken = {loosely(heading) for each in fields for heading in each.headings} | {*map(loosely, employers)}
    left_over = {
        loosely(left.heading): left
        for each in reversed(proposals)
        for left in each.left_over
        if loosely(left.heading) not in taken
    }
    return replace(
        proposals[0],
        records=sum(each.records for each in proposals),
        placed=fields,
        unplaced=tuple(_merged_unplaced(proposals, {each.field.column for each in fields})),
        left_over=tuple(left_over.values()),
        employer=next(iter(employers), None),
        date_format=tuple(dict.fromkeys(text for each in proposals for text in each.date_format)),
        money_format=next((each.money_format for each in proposals if each.money_format), None),
        distinct=proposals[0].distinct,
        notes=tuple(dict.fromkeys(note for each in proposals for note in each.notes)),
        signatures=tuple(dict.fromkeys(text for each in proposals for text in each.signatures)),
    )


def _merged_field(column: str, proposals: list[Proposal]) -> PlacedField | None:
    """What a field takes in any of the files; in how many it takes nothing is told."""
    mine = [
        (next((field for field in each.placed if field.field.column == column), None), each)
        for each in proposals
    ]
    placed = [(field, each) for field, each in mine if field]
    if not placed:
        return None
    first = placed[0][0]
    if any(field.joined for field, _ in placed):
        return first
    headings: dict[str, str] = {}
    for field, _ in placed:
        headings.setdefault(loosely(field.headings[0]), field.headings[0])
    records = sum(each.records for _, each in placed)
    confidence = sum(field.confidence * each.records for field, each in placed) / records
    doubts = dict.fromkeys(doubt for field, _ in placed for doubt in field.doubts)
    if without := [each.files[0] for field, each in mine if field is None]:
        doubts[f"not in every file: nothing for it in {without[0]}"] = None
    return replace(first, headings=tuple(headings.values()), confidence=confidence, doubts=tuple(doubts))


def _without_needless(each: PlacedField, layouts: list[tuple[str, ...]]) -> PlacedField:
    """The field without headings that no file needs, since each that has one also has one before it."""
    if each.joined:
        return each
    needed: list[str] = []
    for heading in each.headings:
        having = [{*map(loosely, headings)} for headings in layouts if heading in headings]
        if any(not here.intersection(map(loosely, needed)) for here in having):
            needed.append(heading)
    return replace(each, headings=tuple(needed))


def _each_heading_once(placed: dict[str, PlacedField | None]) -> dict[str, PlacedField | None]:
    """The fields without those of their headings that another field takes in more of the files.

    A heading that two fields share stays with both, as a name does that stands in for a reference.
    """
    first = {loosely(each.headings[0]) for each in placed.values() if each}
    kept: dict[str, PlacedField | None] = {}
    for column, each in placed.items():
        if each is None or each.joined:
            kept[column] = each
            continue
        mine = each.headings[:1] + tuple(h for h in each.headings[1:] if loosely(h) not in first)
        lost = [heading for heading in each.headings if heading not in mine]
        doubts = (*each.doubts, *(f"'{shown(heading)}' is another field in most files" for heading in lost))
        kept[column] = replace(each, headings=mine, doubts=doubts)
    return kept


def _merged_unplaced(proposals: list[Proposal], placed: set[str]) -> list[UnplacedField]:
    columns = [*proposals[0].specification.by_column]
    found: dict[str, UnplacedField] = {}
    for each in proposals:
        for unplaced in each.unplaced:
            column = unplaced.field.column
            known = found.get(column)
            if column not in placed and (known is None or (unplaced.nearest and not known.nearest)):
                found[column] = unplaced
    return sorted(found.values(), key=lambda unplaced: columns.index(unplaced.field.column))


def _odd_files(
    merged: Proposal, files: list[_File], pooled: dict[str, ColumnProfile], scores: Scores
) -> list[str]:
    """The files in which a heading holds something else than in all of them together."""
    notes = []
    for field in merged.placed:
        for heading in field.headings:
            usual = scores.likeness(pooled[loosely(heading)], field.field.column)
            if usual is None or usual < _AS_USUAL:
                continue
            odd = [
                file.name
                for file in files
                for name, profile in file.profiles.items()
                if loosely(name) == loosely(heading) and profile.filled >= _ENOUGH
                if (scores.likeness(profile, field.field.column) or 0.0) < _ANOTHER
            ]
            if odd:
                notes.append(
                    f"{field.field.name}: what stands under '{shown(heading)}' is of another kind in "
                    f"{', '.join(odd)}. If it is another thing there, map these files by themselves."
                )
    return notes
