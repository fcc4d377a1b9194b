"""Which field takes which heading: the best for all together, stand-ins, and columns in several parts."""

from __future__ import annotations

from collections.abc import Sequence

from specs.headings import shown
from specs.proposal.assignment import best_assignment
from specs.proposal.column_profile import ColumnProfile
from specs.proposal.from_headings import HeadingWords
from specs.proposal.result import PlacedField
from specs.proposal.scores import Fit, Scores
from specs.proposal.synonyms import Synonyms
from specs.specification import Need, Specification, SpecifiedField

LEAST_CONFIDENCE = 0.5
"""A field whose best heading is less sure than this is left for a person to place."""
_NEARLY = 0.07
"""Two headings whose fit differs by less than this fit a field about equally well."""
_AMBIGUOUS = 0.85
_AMBIGUOUS_UNNAMED = 0.7
_STAND_IN = 0.8
"""What is left of a fit that is ambiguous (less where no heading speaks for it), or a mere stand-in."""
_PARTS = 0.9
"""How sure it is that headings which say so are the parts of a field."""
_FIRST_SERVED = {Need.ERROR: 0.02, Need.WARNING: 0.01, Need.NO: 0.0}
"""Where one heading fits two fields equally well, the one that is required takes it."""


def place_fields(
    fields: Sequence[SpecifiedField], fits: dict[str, dict[str, Fit]], headings: list[str]
) -> dict[str, PlacedField]:
    """The fields that have a heading of their own, so that all fits together are as good as can be."""
    matrix = [
        [
            fit.confidence + _FIRST_SERVED[field.required] if fit.confidence >= LEAST_CONFIDENCE else 0.0
            for fit in fits[field.column].values()
        ]
        for field in fields
    ]
    chosen = {
        field.column: headings[place]
        for field, place in zip(fields, best_assignment(matrix), strict=True)
        if place is not None
    }
    takers = {heading: column for column, heading in chosen.items()}
    placed = {}
    for field in fields:
        if field.column not in chosen:
            continue
        fit = fits[field.column][chosen[field.column]]
        rival = _rival(field.column, fits, chosen, takers)
        confidence, doubts = fit.confidence, fit.doubts
        if rival:
            confidence *= _AMBIGUOUS if fit.named else _AMBIGUOUS_UNNAMED
            doubts = (*doubts, f"'{shown(rival)}' fits nearly as well")
        if confidence >= LEAST_CONFIDENCE or fit.named:
            placed[field.column] = PlacedField(field, (fit.heading,), confidence, fit.reasons, doubts)
    return placed


def _rival(
    column: str, fits: dict[str, dict[str, Fit]], chosen: dict[str, str], takers: dict[str, str]
) -> str | None:
    """The heading that the field could take nearly as well.

    A free one, one of a field that could swap, or one that fits the field that has it much worse.
    """
    mine = fits[column][chosen[column]].confidence
    for heading, fit in sorted(fits[column].items(), key=lambda item: -item[1].confidence):
        if heading == chosen[column] or fit.confidence < max(LEAST_CONFIDENCE, mine - _NEARLY):
            continue
        other = takers.get(heading)
        if other is None:
            return heading
        theirs = fits[other][heading].confidence
        could_swap = fits[other][chosen[column]].confidence >= theirs - _NEARLY
        if could_swap or theirs < fit.confidence - 2 * _NEARLY:
            return heading
    return None


def with_stand_ins(
    specification: Specification,
    placed: dict[str, PlacedField],
    scores: Scores,
    headings: list[str],
    known: Synonyms,
) -> tuple[dict[str, PlacedField], dict[str, str]]:
    """The placed fields with those that the next best thing stands in for, and the fields that gave way.

    A name stands in for a reference beside the field of the name; the date of payment is taken from a field
    that can be blank, rather than told twice.
    """
    placed, moved = dict(placed), {}
    for column, instead in known.stand_ins.items():
        field, other = specification.by_column.get(column), specification.by_column.get(instead)
        if field is None or column in placed or field.required is Need.NO:
            continue
        taken = {h for c, each in placed.items() if c != instead for h in each.headings}
        free = (scores.fit(heading, instead) for heading in headings if heading not in taken)
        best = max(free, key=lambda fit: fit.confidence, default=None)
        if best is None or best.confidence < LEAST_CONFIDENCE:
            continue
        what = other.name if other else instead.replace("_", " ")
        placed[column] = PlacedField(
            field,
            (best.heading,),
            best.confidence * _STAND_IN,
            best.reasons,
            (f"no heading of its own: {what} stands in for it", *best.doubts),
        )
        if other and other.required is Need.NO and placed.pop(instead, None):
            moved[instead] = f"'{shown(best.heading)}' stands in for {field.name}, which is required"
    return placed, moved


def joined_fields(
    specification: Specification,
    placed: dict[str, PlacedField],
    profiles: dict[str, ColumnProfile],
    known: Synonyms,
) -> dict[str, PlacedField]:
    """The fields whose parts stand under several headings, each saying exactly that part."""
    words = HeadingWords(specification, known)
    joined = {}
    for column, entry in known.joins.items():
        field = specification.by_column.get(column)
        taken = {h for other, each in placed.items() if other != column for h in each.headings}
        free = [heading for heading, profile in profiles.items() if heading not in taken and profile.filled]
        parts = [next((h for h in free if words.says_one_of(h, names)), None) for names in entry.parts]
        found = tuple(part for part in parts if part is not None)
        if field and len(found) == len(parts):
            joined[column] = PlacedField(
                field,
                found,
                _PARTS,
                ("headings say that they are its parts",),
                joined=True,
                separator=entry.separator,
            )
    return joined
