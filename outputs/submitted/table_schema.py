"""The Table Schema of files that are written as a specification asks: dates ddmmyyyy, sums in pence."""

from __future__ import annotations

from typing import Literal

from outputs.submitted.manifest import Constraints, TableField, TableSchema
from outputs.written.spec_format import AMOUNTS, NegativeSign
from specs.specification import FieldFormat, Need, Severity, Specification, SpecifiedField

_HOW_WRITTEN = {
    FieldFormat.CHARACTER: "Text.",
    FieldFormat.NUMBER: "Text of digits; leading zeros count.",
    FieldFormat.DATE: "Date as ddmmyyyy.",
    FieldFormat.MONEY: "Pence, digits only: 12345 is 123.45 pounds. Blank if not known.",
    FieldFormat.HOURS: "Hundredths of an hour, digits only: 1600 is 16 hours. Blank if not known.",
}


def table_schema(
    specification: Specification, negative_sign: NegativeSign = NegativeSign.LEADING
) -> TableSchema:
    """The fields of a data set, and its key (Data Package v2)."""
    key = specification.key
    return TableSchema(
        fields=tuple(_table_field(field, negative_sign) for field in specification.fields),
        # A client refuses what breaks a primary key, so only a key whose breach is an error is one.
        primary_key=(
            tuple(specification.by_column[column].name for column in key.columns)
            if key.severity is Severity.ERROR
            else None
        ),
    )


def sentences(*texts: str | None) -> str:
    """Those of the texts that say something, one after the other."""
    return " ".join(text for text in texts if text)


def _table_field(field: SpecifiedField, negative_sign: NegativeSign) -> TableField:
    trailing = field.format in AMOUNTS and negative_sign is NegativeSign.TRAILING
    constraints = Constraints(
        required=True if field.required is Need.ERROR else None,
        pattern="[0-9]+-?" if trailing else None,
    )
    return TableField(
        name=field.name,
        type=_table_type(field.format, trailing=trailing),
        format="%d%m%Y" if field.format is FieldFormat.DATE else None,
        description=sentences(field.comment, _HOW_WRITTEN[field.format], f"Evidence: {field.evidence}."),
        constraints=constraints if constraints != Constraints() else None,
        column=field.column,
        field_format=field.format,
        evidence=field.evidence,
    )


def _table_type(field_format: FieldFormat, *, trailing: bool) -> Literal["string", "date", "integer"]:
    if field_format is FieldFormat.DATE:
        return "date"
    return "integer" if field_format in AMOUNTS and not trailing else "string"
