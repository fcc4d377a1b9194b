"""The parts of a cover sheet with the control totals: what a second person compares with the ledger.

The sheet is not encrypted, so no figure on it may be one person's: outside the data sets that
cover_sheet.yaml names it has no smallest and largest sum, years in place of days, and no total of a field
to which few records contribute. The manifest, inside the package, has them all.
"""

from __future__ import annotations

from datetime import date

from outputs.cover.blocks import Cell, Column, Hundredths, Section, Shown, Table, Words, only
from outputs.cover.words import sheet_words
from outputs.submitted.manifest import Manifest, Resource
from outputs.written.control_totals import FieldTotals
from specs.specification import FieldFormat

FEW = 10
"""Records: where fewer of them contribute to a field, noughts apart, the sheet has no total and no years."""

_UNITS = {FieldFormat.MONEY: "pounds", FieldFormat.HOURS: "hours"}
_COMPARED = {FieldFormat.MONEY, FieldFormat.HOURS, FieldFormat.DATE}
_LEFT_OUT = "left out"
_TOTALS = (
    Column("Field"),
    Column("Filled", Shown.NUMBER),
    Column("Total", Shown.NUMBER),
    Column("Unit"),
    Column("Below zero", Shown.NUMBER),
    Column("Smallest or earliest", Shown.NUMBER),
    Column("Largest or latest", Shown.NUMBER),
    Column("In the ledger", Shown.BLANK),
)
_FILLED = (Column("Field"), Column("Filled", Shown.NUMBER), Column("Blank", Shown.NUMBER))


def totals_section(manifest: Manifest) -> Section:
    """The records, sums and dates of each file, with room for what the ledger says."""
    return Section(
        "Control totals",
        "Control totals, to compare with the ledger and the payroll",
        only(
            Words(
                "A total a hundred times too small is pounds read as pence; twice the ledger's is a line of "
                "totals among the records; years that cannot be are dates read in the wrong order."
            ),
            _what_is_left_out(manifest),
            (_totals_of(resource) for resource in manifest.resources),
        ),
        together="File",
    )


def filled_section(manifest: Manifest) -> Section:
    """How many records of each file have a value in each field."""
    return Section(
        "Filled and blank",
        "How many records have a value, field by field",
        only(
            Words("A field that should be filled and is mostly blank is best put right before the upload."),
            (_filled_in(resource) for resource in manifest.resources),
        ),
        together="File",
    )


def _what_is_left_out(manifest: Manifest) -> Words | None:
    private = [each.title for each in manifest.data_sets if not _exact(each.name)]
    if not private:
        return None
    return Words(
        f"This sheet is not encrypted. For {'; '.join(private)} it therefore leaves out the smallest and the "
        "largest sum, which could be one person's, and shows years in place of days. Totals and years to "
        f"which fewer than {FEW} records contribute, noughts apart, are left out too. All of them stand in "
        "the manifest, inside the package."
    )


def _exact(data_set: str) -> bool:
    return data_set in sheet_words().exact_totals


def _totals_of(resource: Resource) -> Table:
    totals = resource.control_totals
    forms = {field.name: field.field_format for field in resource.fields}
    rows = (
        _row(each, forms[each.field], totals.records - each.blanks, exact=_exact(resource.data_set))
        for each in totals.fields
        if forms[each.field] in _COMPARED
    )
    records: tuple[Cell, ...] = ("Records", totals.records, *(None,) * (len(_TOTALS) - 2))
    return Table(resource.path, _TOTALS, (records, *rows))


def _row(totals: FieldTotals, form: FieldFormat, filled: int, *, exact: bool) -> tuple[Cell, ...]:
    too_few = not exact and filled - (totals.zeros or 0) < FEW
    total: tuple[Cell, ...] = (None, None, None)
    if totals.total is not None:
        total = (_LEFT_OUT if too_few else Hundredths(totals.total), _UNITS.get(form), totals.negatives)
    return totals.field, filled, *total, *_span(totals, exact=exact, too_few=too_few), None


def _span(totals: FieldTotals, *, exact: bool, too_few: bool) -> tuple[Cell, Cell]:
    if totals.earliest and totals.latest:
        if too_few:
            return _LEFT_OUT, _LEFT_OUT
        return _when(totals.earliest, exact=exact), _when(totals.latest, exact=exact)
    if totals.smallest is None or totals.largest is None:
        return None, None
    return (Hundredths(totals.smallest), Hundredths(totals.largest)) if exact else (_LEFT_OUT, _LEFT_OUT)


def _when(day: date, *, exact: bool) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year:04}" if exact else f"{day.year:04}"


def _filled_in(resource: Resource) -> Table:
    totals = resource.control_totals
    return Table(
        resource.path,
        _FILLED,
        tuple((each.field, totals.records - each.blanks, each.blanks) for each in totals.fields),
    )
