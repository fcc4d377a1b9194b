"""A specification in the formats of other programs: Table Schema, CSV on the Web, a plain table of fields.

All of them describe a file written as the specification asks, which is what `nfi package` writes.
"""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, fields
from io import StringIO
from typing import Any

from outputs.submitted.manifest import TableField
from outputs.submitted.table_schema import table_schema
from outputs.written.spec_format import AMOUNTS
from specs.field_table import FieldRow, field_rows
from specs.specification import FieldFormat, Need, Severity, Specification

_DATE_PATTERN = "[0-9]{8}"
"""CSV on the Web asks programs to know some date formats, and ddMMyyyy is not one of them: a program that
does not know it would expect 2026-09-30 and call every date a fault. Source: W3C, Model for Tabular Data
and Metadata on the Web, section 6.4.4."""


def table_schema_json(specification: Specification) -> bytes:
    """The Table Schema of the data set, as in the manifest of a submission (Data Package v2)."""
    return _json(table_schema(specification).model_dump(mode="json", by_alias=True))


def csvw_json(specification: Specification) -> bytes:
    """Metadata of CSV on the Web for a file `<dataset>.csv` beside it (W3C recommendation of 2015)."""
    key = specification.key
    described = {field.column: field for field in table_schema(specification).fields}
    schema: dict[str, Any] = {
        "columns": [
            _csvw_column(described[field.column], field.format, required=field.required is Need.ERROR)
            for field in specification.fields
        ]
    }
    if key.severity is Severity.ERROR:
        schema["primaryKey"] = list(key.columns)
    return _json(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en-GB"}],
            "url": f"{specification.dataset}.csv",
            "dc:title": specification.title,
            "dc:description": " ".join(
                text for text in (f"Specification: {specification.label}.", specification.notice) if text
            ),
            "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "encoding": "utf-8"},
            "tableSchema": schema,
        }
    )


def field_table_csv(specification: Specification) -> bytes:
    """The fields as a table, one row for each: `nfi specs import` reads it back."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, [part.name for part in fields(FieldRow)], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in field_rows(specification))
    return text.getvalue().encode()


def _csvw_column(field: TableField, field_format: FieldFormat, *, required: bool) -> dict[str, Any]:
    datatype: str | dict[str, str] = "string"
    if field_format is FieldFormat.DATE:
        datatype = {"base": "string", "format": _DATE_PATTERN}
    elif field_format in AMOUNTS:
        datatype = "integer"
    return {
        "name": field.column,
        "titles": field.name,
        "datatype": datatype,
        "required": required,
        "dc:description": field.description,
    }


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
