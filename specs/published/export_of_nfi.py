"""Is a document one that nfi wrote itself? What nfi holds cannot confirm what nfi holds."""

from __future__ import annotations

import re
from dataclasses import fields

from specs.field_table import FieldRow
from specs.published.documents import Document

_TABLE_OF_FIELDS = frozenset(part.name for part in fields(FieldRow))
"""Headings of `nfi specs export --format csv`, whatever a spreadsheet program saved them as since."""
_GUIDANCE = frozenset({"field", "how to type it", "needed", "codes", "evidence"})
"""Headings of the sheet of guidance in the empty workbook."""
_KEYS = re.compile(
    r'"nfi:\w+": "|"dc:description": ".*Evidence: '  # Table Schema, CSV on the Web
    r"|evidence: (?:published \d|recalled|inferred|not confirmed|confirmed by)"  # the catalogue file
)


def is_export_of_nfi(document: Document) -> bool:
    """Whether a document has the headings or keys that only nfi's exports of a specification have."""
    rows = (row for table in document.tables for row in table.rows)
    headings = (frozenset(cell.casefold() for cell in row) for row in rows)
    if any(own <= row for row in headings for own in (_TABLE_OF_FIELDS, _GUIDANCE)):
        return True
    return any(_KEYS.search(line) for line in document.lines)
