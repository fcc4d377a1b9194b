"""A proposed mapping: for each field the heading that fits best, how sure that is, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa

from specs.headings import heading_signature, loosely
from specs.proposal.code_words import CodesTranslated, codes_translated
from specs.proposal.column_profile import ColumnProfile, profile_of
from specs.proposal.formats import date_formats, money_format
from specs.proposal.placing import joined_fields, place_fields, with_stand_ins
from specs.proposal.result import NOTHING_LIKE_IT, LeftOver, PlacedField, Proposal, UnplacedField
from specs.proposal.sample import sample_of
from specs.proposal.scores import Fit, Scores
from specs.proposal.synonyms import Synonyms, synonyms
from specs.read import Extract
from specs.specification import Specification, SpecifiedField

_NEAREST = 2
_NEAR = 0.35
"""How many headings are named that come near to a field, and how well one fits at the least."""
_EMPLOYER = "employer"
_SURELY_EMPLOYER = 0.7
_REPEATED = 0.2
"""The mapped part of a ledger repeats if more than this share of it comes again."""


def propose_mapping(
    extract: Extract, specification: Specification, *, day: date, known: Synonyms | None = None
) -> Proposal:
    """The mapping that the headings of an extract and a few thousand of its records suggest.

    Args:
        extract: what the source system gave.
        specification: whose fields are to be placed.
        day: the day of the extract, against which dates are old or recent.
        known: what source systems call things, in place of synonyms.yaml.

    Raises:
        ExtractUnreadable: something that only shows while reading.
    """
    sample = sample_of(extract)
    profiles = {name: profile_of(name, sample[name].combine_chunks(), day) for name in extract.headings}
    return propose_from(extract.path.name, sample, profiles, specification, known or synonyms())


def propose_from(
    file: str,
    sample: pa.Table,
    profiles: dict[str, ColumnProfile],
    specification: Specification,
    known: Synonyms,
) -> Proposal:
    """The mapping that records and profiles suggest: of the same file, or profiles of several like it."""
    scores = Scores(specification, known, profiles)
    fits = {
        field.column: {heading: scores.fit(heading, field.column) for heading in profiles}
        for field in specification.fields
    }
    placed = place_fields(specification.fields, fits, [*profiles])
    placed, moved = with_stand_ins(specification, placed, scores, [*profiles], known)
    placed |= joined_fields(specification, placed, profiles, known)
    taken = {heading for each in placed.values() for heading in each.headings}
    employer = _employer(scores, [heading for heading in profiles if heading not in taken])
    free = [heading for heading in profiles if heading not in taken and heading != employer]
    unplaced = tuple(
        _unplaced(field, fits[field.column], free, moved.get(field.column))
        for field in specification.fields
        if field.column not in placed
    )
    dates, notes = date_formats(_profiles_of(placed, profiles, "date"))
    in_order = tuple(placed[field.column] for field in specification.fields if field.column in placed)
    return Proposal(
        specification=specification,
        files=(file,),
        records=sample.num_rows,
        placed=in_order,
        unplaced=unplaced,
        left_over=tuple(LeftOver(heading, scores.looks_like(heading)) for heading in free),
        employer=employer,
        date_format=dates,
        money_format=money_format(_profiles_of(placed, profiles, "money")),
        distinct=_repeats(sample, taken, specification, placed),
        notes=notes,
        signatures=(heading_signature(profiles),),
        translated=translations(in_order, profiles),
    )


def translations(
    placed: Sequence[PlacedField], profiles: Mapping[str, ColumnProfile]
) -> tuple[CodesTranslated, ...]:
    """The fields with a code list whose values are not its codes, and what is known of the values."""
    found = (
        codes_translated(each.field, [profiles[heading] for heading in each.headings])
        for each in placed
        if not each.joined
    )
    return tuple(each for each in found if each)


def _employer(scores: Scores, headings: list[str]) -> str | None:
    """The heading that says whose records they are, if one clearly does."""
    fits = (scores.fit(heading, _EMPLOYER) for heading in headings)
    best = max(fits, key=lambda fit: fit.confidence, default=None)
    return best.heading if best and best.confidence >= _SURELY_EMPLOYER else None


def _unplaced(
    field: SpecifiedField, fits: dict[str, Fit], free: list[str], moved: str | None
) -> UnplacedField:
    likest = sorted((fits[heading] for heading in free), key=lambda fit: -fit.confidence)
    nearest = tuple(fit.heading for fit in likest[:_NEAREST] if fit.confidence >= _NEAR)
    if moved:
        return UnplacedField(field, moved)
    blank = next((fit for fit in fits.values() if fit.blank and fit.reasons), None)
    if blank and (loosely(blank.heading) == loosely(field.name) or not nearest):
        return UnplacedField(field, "nothing stands below this heading", (blank.heading,))
    return UnplacedField(field, "no heading fits well enough" if nearest else NOTHING_LIKE_IT, nearest)


def _profiles_of(
    placed: dict[str, PlacedField], profiles: dict[str, ColumnProfile], format_: str
) -> list[ColumnProfile]:
    return [
        profiles[heading]
        for each in placed.values()
        if each.field.format == format_
        for heading in each.headings
    ]


def _repeats(
    sample: pa.Table, taken: set[str], specification: Specification, placed: dict[str, PlacedField]
) -> bool:
    """Whether the mapped part of the records repeats though the records do not: standing data of a ledger.

    A field that tells records apart, such as the number of an invoice, makes each record one of its own; and
    so do records that repeat as a whole, which are for the check to report.
    """
    keys = [column for column in specification.key.columns if column in placed]
    if not keys or sample.num_rows < 10:
        return False
    mapped = sample.select([name for name in sample.column_names if name in taken])
    return _different(mapped) < (1 - _REPEATED) * _different(sample)


def _different(records: pa.Table) -> int:
    """How many records there are, the same ones counted once."""
    rows: int = records.group_by(records.column_names).aggregate([]).num_rows
    return rows
