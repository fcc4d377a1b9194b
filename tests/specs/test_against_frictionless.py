"""The same cells before frictionless and before us: both refuse the same dates and the same whole numbers."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from frictionless import Resource, Schema
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.catalogues import load_specification
from specs.check_batches import BatchCheck
from specs.parse import decide_reading
from specs.schema import ExtractSchema
from tests.examples import examples

HISTORY = load_specification("creditors-history")
TYPES = {
    "creditor_reference": {"type": "string"},
    "invoice_date": {"type": "date", "format": "%d%m%Y"},
    "due_date": {"type": "date", "format": "%Y-%m-%d"},
    "total_invoice_amount": {"type": "integer"},
}
SCHEMA = ExtractSchema(HISTORY, TYPES, today=date(2026, 10, 1))

# Where the two differ on purpose: frictionless takes one-digit days without separators and any year.
days, months, years = st.integers(0, 39), st.integers(0, 14), st.integers(1850, 2100)
COMPACT = st.builds("{:02}{:02}{}".format, days, months, years)
ISO = st.builds("{2}-{1:02}-{0:02}".format, days, months, years)
WORDS = st.sampled_from(["soon", "n/a", "31/31/2024", "2024", "-", "x1"])
PENCE = st.integers(-(10**14), 10**14).map(str) | st.sampled_from(["12x", "1 2", "--5", "", "007", "twelve"])
ROW = st.tuples(st.sampled_from(["C1", "007", ""]), COMPACT | WORDS, ISO | WORDS, PENCE | WORDS)


def refused_by_frictionless(rows: list[tuple[str, ...]]) -> set[tuple[int, str]]:
    """Row and column of every cell whose type is wrong."""
    fields = [{"name": name} | type_ for name, type_ in TYPES.items()]
    resource = Resource(data=[list(TYPES), *rows], schema=Schema.from_descriptor({"fields": fields}))
    (task,) = resource.validate(limit_errors=10_000).tasks
    errors = [error.to_dict() for error in task.errors]
    return {(error["rowNumber"], error["fieldName"]) for error in errors if error["type"] == "type-error"}


def refused_by_us(rows: list[tuple[str, ...]]) -> set[tuple[int, str]]:
    columns = {name: [row[place] for row in rows] for place, name in enumerate(TYPES)}
    records = pa.record_batch({"source_row": pa.array(range(2, len(rows) + 2), pa.int64()), **columns})
    reading, _ = decide_reading(HISTORY, records)
    by_name = {field.name: column for column, field in HISTORY.by_column.items()}
    findings = BatchCheck(HISTORY, reading, SCHEMA).check(records).findings.to_pylist()
    return {(f["row"], by_name[f["field"]]) for f in findings if f["code"] in {"date", "money"}}


@settings(deadline=None, max_examples=examples(24))
@given(st.lists(ROW, min_size=1, max_size=8))
def test_both_refuse_the_same_cells(rows: list[tuple[str, ...]]) -> None:
    assert refused_by_us(rows) == refused_by_frictionless(rows)


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        (("C1", "31032024", "2024-03-31", "12345"), set()),
        (("", "", "", ""), set()),
        (("C1", "31022024", "2024-02-31", "12x"), {"invoice_date", "due_date", "total_invoice_amount"}),
    ],
)
def test_both_refuse_what_a_person_would(row: tuple[str, ...], refused: set[str]) -> None:
    expected = {(2, name) for name in refused}
    assert refused_by_us([row]) == expected
    assert refused_by_frictionless([row]) == expected
