"""Invented records of allotments, for tests of how records are written and read back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from hypothesis import strategies as st

from outputs.written.control_totals import CountedField, Survey, survey
from outputs.written.spec_format import TYPES
from outputs.written.written_form import WrittenForm
from specs.field_table import LONGEST
from specs.specification import CheckUse, FieldFormat, Specification, read_specification

ALLOTMENTS = read_specification(Path(__file__).parents[1] / "golden" / "submission" / "specification.yaml")
"""Plot, Tenant, Let since, Rent, Hours of water, Remarks: every format occurs."""

SCHEMA = pa.schema([(field.column, TYPES[field.format]) for field in ALLOTMENTS.fields])

BREAKING = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('",|~\r\n\t\0\x1a\x85\u2028\u2029 é£“½\ufeff')
)
"""Text made of what could break a file: delimiters, qualifiers, line ends, control characters, spaces."""

_AMOUNTS = st.none() | st.just(0) | st.integers(-(2**63), 2**63 - 1)
RECORDS = st.lists(
    st.tuples(
        st.none() | st.text("0123456789", max_size=12),
        st.none() | BREAKING,
        st.none() | st.dates(),
        _AMOUNTS,
        _AMOUNTS,
        st.none() | BREAKING,
    ),
    max_size=8,
)


def records(rows: Sequence[Sequence[object]]) -> pa.RecordBatch:
    """Typed records, behind a column that no specification names."""
    fields = [dict(zip(SCHEMA.names, row, strict=True)) for row in rows]
    batch = pa.RecordBatch.from_pylist(fields, SCHEMA)
    secret = pa.array(["secret"] * len(rows), pa.string())
    return pa.RecordBatch.from_arrays([secret, *batch.columns], names=["secret", *SCHEMA.names])


def surveyed(batch: pa.RecordBatch, form: WrittenForm) -> Survey:
    """The survey of records that are to be written in a form."""
    fields = [CountedField(field.column, field.name, field.format) for field in ALLOTMENTS.fields]
    return survey([batch], fields, form)


def with_widths(*widths: int) -> Specification:
    """The specification, which now says how wide each field is."""
    fields = tuple(
        field.model_copy(update={"checks": (*field.checks, CheckUse(name=LONGEST, limit=width))})
        if field.format in {FieldFormat.CHARACTER, FieldFormat.NUMBER}
        else field.model_copy(update={"width": width})
        for field, width in zip(ALLOTMENTS.fields, widths, strict=True)
    )
    return ALLOTMENTS.model_copy(update={"fields": fields})
