"""Columns of sums that were not taken from the ledger as they stand: signs, noughts, scale, VAT."""

from __future__ import annotations

from collections.abc import Iterator

from specs.check_record import NotChecked
from specs.data_set.code import Code
from specs.data_set.context import AcrossContext, AcrossFindings, not_checked, severity_of
from specs.data_set.sums import ColumnSums, DataSetSums
from specs.data_set.wording import hundredths_in_words, pounds_in_words, records_in_words, share_in_words
from specs.finding import WholeFinding
from specs.specification import FieldFormat, Severity, SpecifiedField, UsualSums

MANY = 50
"""Records from which on a share says something."""
A_LEDGER = 5_000
"""Payments among which at least one credit note is to be expected."""
_WORKED_OUT = 99  # of a hundred: ledgers hold zero-rated, exempt and partly exempt invoices


def amounts(context: AcrossContext, sums: DataSetSums) -> AcrossFindings:
    """Findings on columns of sums: their signs, how many are nought, their scale, and VAT."""
    skipped: list[NotChecked] = []
    if (vat := context.specification.across.vat) and sums.vat is None:
        reason = context.absent(vat.amount, vat.total)
        skipped += [not_checked(code, reason) for code in (Code.VAT_ALL_NIL, Code.VAT_WORKED_OUT)]
    found = [
        *_signs(context, sums),
        *_zeros(context, sums),
        *_scale(context, sums),
        *_vat(context, sums),
    ]
    return AcrossFindings(whole=tuple(found), not_checked=tuple(skipped))


def _signs(context: AcrossContext, sums: DataSetSums) -> Iterator[WholeFinding]:
    if not (rule := context.specification.across.signs):
        return
    for field in context.fields(rule.columns):
        column, severity = sums.columns[field.column], severity_of(rule, field)
        of_all = f"of {records_in_words(column.filled)}"
        share = share_in_words(column.negatives, column.filled) if column.filled else ""
        negative = f"{column.negatives:,} {of_all} are negative ({share})"
        if column.negatives * 2 > column.filled and column.filled >= MANY:
            yield WholeFinding(Code.SIGNS_SWAPPED, field.name, severity, negative)
        elif column.negatives:
            detail = f"{negative}, together {pounds_in_words(column.negative_total)}"
            yield WholeFinding(Code.CREDIT_NOTES, field.name, Severity.NOTE, detail)
        elif column.filled >= A_LEDGER:
            yield WholeFinding(Code.NO_CREDIT_NOTES, field.name, severity, f"none {of_all} is negative")


def _zeros(context: AcrossContext, sums: DataSetSums) -> Iterator[WholeFinding]:
    vat = context.specification.across.vat
    for rule in context.specification.across.zeros:
        for field in context.fields(rule.columns):
            column = sums.columns[field.column]
            is_vat_and_nil = vat and field.column == vat.amount and column.zeros == column.filled
            too_many = column.zeros * 100 > rule.percent * column.filled
            # where blanks occur as well, nil and blank were told apart
            never_blank = column.filled == context.rows
            if column.filled >= MANY and too_many and never_blank and not is_vat_and_nil:
                detail = (
                    f"{column.zeros:,} of {records_in_words(column.filled)} are zero "
                    f"({share_in_words(column.zeros, column.filled)}), and none is blank"
                )
                yield WholeFinding(Code.MANY_ZEROS, field.name, severity_of(rule, field), detail)


def _scale(context: AcrossContext, sums: DataSetSums) -> Iterator[WholeFinding]:
    for rule in context.specification.across.usual:
        for field in context.fields(rule.columns):
            column = sums.columns[field.column]
            not_nought = column.filled - column.zeros
            if not_nought < MANY:
                continue
            if column.below * 2 > not_nought:
                detail = _half(column, field, rule, is_below=True)
            elif column.above * 2 > not_nought:
                detail = _half(column, field, rule, is_below=False)
            else:
                continue
            yield WholeFinding(Code.UNUSUAL_SUMS, field.name, severity_of(rule, field), detail)


def _half(column: ColumnSums, field: SpecifiedField, rule: UsualSums, *, is_below: bool) -> str:
    count, limit = (column.below, rule.least) if is_below else (column.above, rule.most)
    hundredths = int(limit * 100)
    is_money = field.format is FieldFormat.MONEY
    said = pounds_in_words(hundredths) if is_money else f"{hundredths_in_words(hundredths)} hours"
    of_all = records_in_words(column.filled - column.zeros)
    return f"{count:,} of {of_all} that are not zero {'lie below' if is_below else 'exceed'} {said}"


def _vat(context: AcrossContext, sums: DataSetSums) -> Iterator[WholeFinding]:
    rule, figures = context.specification.across.vat, sums.vat
    if not rule or not figures or figures.records < MANY:
        return
    field = context.specification.by_column[rule.amount]
    severity = severity_of(rule, field)
    records = records_in_words(figures.records)
    if figures.nil == figures.records:
        yield WholeFinding(Code.VAT_ALL_NIL, field.name, severity, f"zero in all {records}")
    elif figures.worked_out * 100 >= _WORKED_OUT * figures.records:
        detail = (
            f"{figures.worked_out:,} of {records} have exactly {rule.percent} % of the net amount "
            f"({share_in_words(figures.worked_out, figures.records)})"
        )
        yield WholeFinding(Code.VAT_WORKED_OUT, field.name, severity, detail)
