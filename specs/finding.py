"""Findings: one failed check in one place of one extract."""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa

from specs.specification import Severity

FINDINGS = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),  # stable for ever; people filter and script on it
        pa.field("severity", pa.string(), nullable=False),  # error, warning or note
        pa.field("row", pa.int64()),  # as a person sees it: headings are row 1; null: the whole file
        pa.field("field", pa.string()),  # name as published, not as spelt in the file; null: the record
        pa.field("value", pa.string()),  # as it stood in the extract; personal data
        pa.field("detail", pa.string()),  # what only this place can tell, such as '8 characters'
    ]
)
"""The columns of `findings/<dataset>.parquet`. Message and guidance are looked up by code."""


class WholeFinding(NamedTuple):
    """A finding on the whole file. `severity` is None where checks.yaml says how much it matters."""

    code: str
    field: str | None
    """Published name."""
    severity: Severity | None
    detail: str | None
