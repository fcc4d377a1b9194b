"""What was read against what should have been: control totals, a trailer, the previous extract."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from specs.check_record import CheckRecord, NotChecked
from specs.data_set.code import Code
from specs.data_set.context import AcrossContext, AcrossFindings, not_checked
from specs.data_set.sums import DataSetSums
from specs.data_set.wording import hundredths_in_words, pounds_in_words, records_in_words, share_in_words
from specs.finding import WholeFinding
from specs.specification import FieldFormat, Severity, SpecifiedField

_COUNTS_ITSELF = (1, 2)
"""Records by which a trailer's count is higher where it counts the headings, the trailer or both."""
_FILLED_LESS = 10  # percentage points
_TIMES = 10


def control_totals(context: AcrossContext, sums: DataSetSums) -> AcrossFindings:
    """A finding for each control total that the extract does not come to.

    Raises:
        ControlTotalsInvalid: a total of a field that the specification has not got.
    """
    expected = context.expected
    if expected is None:
        return AcrossFindings()
    found: list[WholeFinding] = []
    skipped: list[NotChecked] = []
    if expected.rows is not None and expected.rows != context.rows:
        found.append(
            _differs(None, records_in_words(expected.rows), f"{context.rows:,}", expected.rows, context.rows)
        )
    profiles = context.profiles()
    for field, total in expected.of_fields(context.specification):
        if reason := context.absent(field.column):
            skipped.append(not_checked(Code.CONTROL_TOTAL, reason))
            continue
        filled = profiles[field.column].filled if field.column in profiles else 0
        if total.count is not None and total.count != filled:
            found.append(
                _differs(field.name, records_in_words(total.count), f"{filled:,}", total.count, filled)
            )
        if total.sum is not None:
            wanted, held = int(total.sum * 100), sums.columns[field.column].total
            if wanted != held:
                difference = _sum_in_words(abs(held - wanted), field)
                detail = (
                    f"expected {_sum_in_words(wanted, field)}, the extract has {_sum_in_words(held, field)}: "
                    f"{difference} {'more' if held > wanted else 'less'}"
                )
                found.append(WholeFinding(Code.CONTROL_TOTAL, field.name, None, detail))
    return AcrossFindings(whole=tuple(found), not_checked=tuple(skipped))


def _differs(field: str | None, wanted: str, held: str, expected: int, read: int) -> WholeFinding:
    difference = f"{abs(read - expected):,} {'more' if read > expected else 'fewer'}"
    detail = f"expected {wanted}, the extract has {held}: {difference}"
    return WholeFinding(Code.CONTROL_TOTAL, field, None, detail)


def _sum_in_words(hundredths: int, field: SpecifiedField) -> str:
    if field.format is FieldFormat.MONEY:
        return pounds_in_words(hundredths)
    return f"{hundredths_in_words(hundredths)} hours"


def trailer_count(context: AcrossContext) -> AcrossFindings:
    """A finding for each file whose last line claims another number of records than were read.

    Only a note where it claims one or two more: many systems count headings and trailer too.
    """
    found = []
    for trailer in context.trailers:
        if trailer.claimed == trailer.read:
            continue
        detail = (
            f"the last line of {trailer.file} says {records_in_words(trailer.claimed)}; "
            f"{trailer.read:,} were read"
        )
        counts_itself = trailer.claimed - trailer.read in _COUNTS_ITSELF
        if counts_itself:
            detail += ": it may count the headings or itself"
        severity = Severity.NOTE if counts_itself else None
        found.append(WholeFinding(Code.TRAILER_COUNT, None, severity, detail))
    return AcrossFindings(whole=tuple(found))


def previous_extract(context: AcrossContext, sums: DataSetSums) -> AcrossFindings:
    """Findings where the extract is much smaller, larger or emptier than the previous exercise's."""
    previous = context.previous
    if previous is None:
        return AcrossFindings()
    codes = [Code.PREVIOUS_RECORDS, Code.PREVIOUS_FILLED, Code.PREVIOUS_SUMS]
    if previous.dataset != context.specification.dataset:
        reason = f"the previous extract is of {previous.dataset}, not of {context.specification.dataset}"
        return AcrossFindings(not_checked=tuple(not_checked(code, reason) for code in codes))
    skipped = []
    if not previous.profile:
        reason = "the previous check did not keep how far each field is filled; check that extract again"
        skipped.append(not_checked(Code.PREVIOUS_FILLED, reason))
    found = [
        *_previous_records(context, previous),
        *_previous_filled(context, previous),
        *_previous_sums(context, previous, sums),
    ]
    return AcrossFindings(whole=tuple(found), not_checked=tuple(skipped))


def _previous_records(context: AcrossContext, previous: CheckRecord) -> Iterator[WholeFinding]:
    if abs(context.rows - previous.rows) * 3 > previous.rows:
        detail = f"{records_in_words(context.rows)}; {previous.exercise} had {previous.rows:,}"
        yield WholeFinding(Code.PREVIOUS_RECORDS, None, None, detail)


def _previous_filled(context: AcrossContext, previous: CheckRecord) -> Iterator[WholeFinding]:
    before = {profile.field: profile.filled for profile in previous.profile}
    for profile in context.profiles().values():
        if profile.field not in before or not previous.rows or not context.rows:
            continue
        earlier = Fraction(before[profile.field], previous.rows)
        if (earlier - Fraction(profile.filled, context.rows)) * 100 > _FILLED_LESS:
            detail = (
                f"filled in {share_in_words(profile.filled, context.rows)} of the records; "
                f"in {previous.exercise} in {share_in_words(before[profile.field], previous.rows)}"
            )
            yield WholeFinding(Code.PREVIOUS_FILLED, profile.field, None, detail)


def _previous_sums(
    context: AcrossContext, previous: CheckRecord, sums: DataSetSums
) -> Iterator[WholeFinding]:
    before = {total.field: total for total in previous.totals if total.total is not None and total.values}
    for column, held in sums.columns.items():
        field = context.specification.by_column[column]
        total = before.get(field.name)
        if total is None or not held.filled or not total.total or not held.total:
            continue
        earlier, now = Fraction(total.total, total.values), Fraction(held.total, held.filled)
        if abs(now) > _TIMES * abs(earlier) or abs(earlier) > _TIMES * abs(now):
            detail = (
                f"on average {_sum_in_words(round(now), field)} a record; "
                f"in {previous.exercise} {_sum_in_words(round(earlier), field)}"
            )
            yield WholeFinding(Code.PREVIOUS_SUMS, field.name, None, detail)
