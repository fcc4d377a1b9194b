"""Columns as a whole, by their profile: blank throughout, the same throughout, filled too rarely."""

from __future__ import annotations

from collections.abc import Iterator

from specs.check_record import FieldProfile
from specs.data_set.code import Code
from specs.data_set.context import AcrossContext, AcrossFindings, severity_of
from specs.data_set.wording import records_in_words, share_in_words
from specs.finding import WholeFinding
from specs.specification import FieldFormat, Severity, SpecifiedField

MANY = 20
"""Records from which on a column that never changes, or is rarely filled, says something."""


def columns(context: AcrossContext) -> AcrossFindings:
    """Findings on columns that are blank, hold one value, or are filled less often than the rule says.

    A column with fewer than 20 records is only looked at for being blank.
    """
    varied = {name: rule for rule in context.specification.across.varied for name in rule.columns}
    found: list[WholeFinding] = []
    for column, profile in context.profiles().items():
        field = context.specification.by_column[column]
        if not profile.filled:
            found += _blank(field, context)
        elif profile.filled >= MANY and profile.distinct == 1:
            rule = varied.get(column)
            if rule or _usually_varies(field):
                severity = severity_of(rule, field) if rule else Severity.NOTE
                detail = f"the same value in all {records_in_words(profile.filled)} that fill it"
                found.append(WholeFinding(Code.COLUMN_CONSTANT, field.name, severity, detail))
        if profile.filled:
            found += _rarely_filled(field, profile, context)
    return AcrossFindings(whole=tuple(found))


def _blank(field: SpecifiedField, context: AcrossContext) -> Iterator[WholeFinding]:
    if not context.rows or any(use.name == "expected_empty" for use in field.checks):
        return
    rules = [rule for rule in context.specification.across.filled if field.column in rule.columns]
    severity = severity_of(rules[0], field) if rules else Severity.NOTE
    detail = f"blank in all {records_in_words(context.rows)}"
    yield WholeFinding(Code.COLUMN_BLANK, field.name, severity, detail)


def _usually_varies(field: SpecifiedField) -> bool:
    """Whether one value throughout is worth a note: in text, unless it is a code or a flag."""
    is_flag = any(use.allowed or use.name == "expected_empty" for use in field.checks)
    return field.format is FieldFormat.CHARACTER and not field.coded and not is_flag


def _rarely_filled(
    field: SpecifiedField, profile: FieldProfile, context: AcrossContext
) -> Iterator[WholeFinding]:
    for rule in context.specification.across.filled:
        too_few = profile.filled * 100 < rule.percent * context.rows
        if field.column in rule.columns and too_few and context.rows >= MANY:
            detail = (
                f"filled in {profile.filled:,} of {records_in_words(context.rows)} "
                f"({share_in_words(profile.filled, context.rows)}); expected in at least {rule.percent} %"
            )
            yield WholeFinding(Code.FEW_FILLED, field.name, severity_of(rule, field), detail)
