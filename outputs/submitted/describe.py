"""What the manifest says of the files and data sets of a submission, in its models and in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from outputs.sealed.encrypted_zip import WrittenFile
from outputs.submitted.acceptance import SENT_BLANK
from outputs.submitted.checked_data_set import CheckedDataSet
from outputs.submitted.manifest import (
    DataSet,
    Dialect,
    ExtractUsed,
    FileUsed,
    LookupUsed,
    Resource,
    SentCheck,
    SpecificationUsed,
)
from outputs.submitted.table_schema import sentences, table_schema
from outputs.written.control_totals import ControlTotals
from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import Place, WrittenForm
from specs.parts import Part

_SIGNS = {
    NegativeSign.LEADING: "a minus before the digits (-12345)",
    NegativeSign.TRAILING: "a minus after the digits (12345-)",
}

_IN_QUALIFIERS = {
    NegativeSign.LEADING: "Text and dates",
    NegativeSign.TRAILING: "Text, dates and amounts",
}


def audit_path(data_set: str, name: str) -> str:
    """Where a file that an auditor needs stands in the package."""
    return f"audit/{data_set}/{name}"


def lookup_path(data_set: str, column: str) -> str:
    """Where the look-up table of a coded field stands in the package."""
    return f"lookups/{data_set}-{column.replace('_', '-')}.csv"


def layout_path(part: Part) -> str:
    """Where the layout of a file of fixed width stands in the package."""
    return f"layouts/{part.name}.csv"


def describe_resource(
    checked: CheckedDataSet,
    part: Part,
    written: WrittenFile,
    totals: ControlTotals,
    form: WrittenForm,
    *,
    delimiter: str | None,
    places: tuple[Place, ...] | None,
) -> Resource:
    """The manifest's entry for one file of records that has been written.

    Args:
        checked: the data set.
        part: which of its files.
        written: as it went into the package.
        totals: of its records.
        form: how it is written.
        delimiter: between fields; None in fixed width.
        places: of the fields in fixed width; None where there is a delimiter.
    """
    specification = checked.specification
    schema = table_schema(specification, form.negative_sign)
    one_of_several = part.number is not None
    fixed = delimiter is None
    return Resource(
        name=part.name,
        type=None if fixed else "table",
        title=f"{specification.title}: {part.title}" if one_of_several else specification.title,
        description=sentences(
            f"One record per {specification.one_record_per}.",
            f"Specification: {specification.label}.",
            specification.notice,
        ),
        path=written.path,
        format="txt" if fixed else "csv",
        mediatype="text/plain" if fixed else "text/csv",
        bytes=written.bytes,
        hash=f"sha256:{written.sha256}",
        table_rows=None if fixed else totals.records,
        dialect=None if delimiter is None else Dialect(header=form.headings, delimiter=delimiter),
        table_schema=None if fixed else schema,
        fixed_schema=schema if fixed else None,
        places=places,
        data_set=checked.name,
        part=part.number,
        control_totals=totals,
    )


def describe_data_set(checked: CheckedDataSet, sent: SentCheck) -> DataSet:
    """The manifest's entry for one data set."""
    specification, record = checked.specification, checked.record
    return DataSet(
        name=checked.name,
        title=specification.title,
        one_record_per=specification.one_record_per,
        specification=SpecificationUsed(
            label=specification.label,
            status=specification.status,
            sha256=specification.digest,
            notice=specification.notice,
            path=audit_path(checked.name, "specification.yaml"),
            own=checked.own_specification,
        ),
        extract=ExtractUsed(
            files=tuple(
                FileUsed(
                    name=file.name,
                    sha256=file.sha256,
                    bytes=file.bytes,
                    format=file.format,
                    records=file.records,
                    blank_rows=file.blank_rows,
                    part=_part_of(checked, file.rows_before),
                )
                for file in record.files
            ),
            mapping=audit_path(checked.name, "mapping.yaml") if checked.mapping else None,
            layout=audit_path(checked.name, "layout.yaml") if checked.layout else None,
            corrections=record.corrections,
            columns_absent=record.columns_absent,
            columns_not_held=record.columns_not_held,
            columns_unused=record.columns_unused,
        ),
        check=checked.run,
        findings=record.findings,
        not_checked=record.not_checked,
        sent=sent,
        lookups=tuple(_lookups(checked)),
    )


def _part_of(checked: CheckedDataSet, rows_before: int) -> int | None:
    """The number of the part that holds the first row of an extract."""
    for part in checked.parts:
        if any(first <= rows_before + 1 <= last for first, last in part.rows):
            return part.number
    return None


def _lookups(checked: CheckedDataSet) -> Iterable[LookupUsed]:
    for field in checked.specification.fields:
        if field.column in checked.lookups:
            yield LookupUsed(
                field=field.name,
                path=lookup_path(checked.name, field.column),
                given_when_packaging=field.column in checked.lookups_given_late or None,
            )
        elif field.name in checked.without_lookup:
            yield LookupUsed(field=field.name, reason=checked.without_lookup[field.name])


def notes(
    resources: Sequence[Resource], data_sets: Sequence[DataSet], form: WrittenForm, transliterated: int
) -> tuple[str, ...]:
    """What the receiver has to know to read the files as they were meant."""
    negatives = sum(each.control_totals.negatives for each in resources)
    replaced = sum(each.control_totals.replaced for each in resources)
    unreadable = sum(
        finding.count for each in data_sets for finding in each.findings if finding.code in SENT_BLANK
    )
    return (
        f"Negative amounts, such as credit notes: {negatives:,}. They are written with "
        f"{_SIGNS[form.negative_sign]}. Which sign the National Fraud Initiative expects is not confirmed.",
        "Dates are ddmmyyyy, sums are in pence and hours in hundredths, without decimal point. "
        "A blank is a value that is not known; a zero is a true zero.",
        f"Values that could not be read as a date, an amount or hours, and are sent blank: {unreadable:,}.",
        "Fields stand at fixed places, padded with blanks: text to the left, amounts to the right."
        if form.fixed_width
        else f"{_IN_QUALIFIERS[form.negative_sign]} stand in double quotes; a double quote inside a value is "
        "written twice.",
        _characters(resources, form, transliterated),
        f"Values in which line breaks or control characters became spaces: {replaced:,}.",
    )


def _characters(resources: Sequence[Resource], form: WrittenForm, transliterated: int) -> str:
    if form.ascii_only:
        return (
            "Characters are ASCII, which the published rules prefer. Values written with plain letters in "
            f"place of what ASCII lacks: {transliterated:,}; transliterations.csv lists each of them."
            if transliterated
            else "Characters are ASCII, which the published rules prefer. No value had to change for that."
        )
    not_ascii = sum(each.control_totals.not_ascii for each in resources)
    return (
        "Characters are UTF-8, which is not confirmed. Values with a character that ASCII lacks: "
        f"{not_ascii:,}."
    )
