"""Surveying and correcting: the log is the whole truth, batches do not matter, a second run finds nothing."""

from __future__ import annotations

from functools import cache
from itertools import accumulate, pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.amounts import HoursFormat, MoneyFormat
from specs.corrections import CHANGES, Corrections, CorrectionSurvey, correction_descriptions
from specs.corrections.registry import CODES
from specs.dates import DEFAULT_DATE_FORMATS
from specs.parse import Reading, parse
from specs.schema import ExtractSchema
from tests.examples import examples
from tests.specs.corrections.made_up import (
    HISTORY,
    PAYROLL,
    TODAY,
    any_records,
    batch,
    corrected,
    decided,
    dirty_records,
)

READING = Reading(DEFAULT_DATE_FORMATS, MoneyFormat.POUNDS, HoursFormat.HUNDREDTHS, latest_short_year=2036)
RECORDS = st.one_of(dirty_records(), any_records())
slow_columns = settings(max_examples=examples(12))


@cache
def schema_of(columns: tuple[str, ...]) -> ExtractSchema:
    return ExtractSchema(PAYROLL, columns, today=TODAY)


def found_in(records: pa.RecordBatch) -> set[tuple[int, str, str]]:
    """Row, field and code of everything that a check finds in records."""
    schema = schema_of(tuple(records.schema.names[1:]))
    findings = schema.findings(parse(records, PAYROLL, READING)).to_pylist()
    return {(finding["row"], finding["field"], finding["code"]) for finding in findings}


@slow_columns
@given(RECORDS)
def test_a_second_run_finds_nothing_to_fix(records: pa.RecordBatch) -> None:
    after, _ = decided(records).apply(records)
    again, changes = decided(after).apply(after)
    assert changes.num_rows == 0
    assert again.equals(after)


@slow_columns
@given(RECORDS)
def test_every_changed_cell_is_in_the_log_exactly_and_no_other(records: pa.RecordBatch) -> None:
    after, changes = decided(records).apply(records)
    names = {field.column: field.name for field in PAYROLL.fields}
    expected = [
        (row, names[column], before, now)
        for place, row in enumerate(records.column("source_row").to_pylist())
        for column in names
        if column in records.schema.names
        for before, now in [(records.column(column)[place].as_py(), after.column(column)[place].as_py())]
        if before != now
    ]
    logged = [(each["row"], each["field"], each["before"], each["after"]) for each in changes.to_pylist()]
    assert logged == expected
    assert after.column("source_row").equals(records.column("source_row"))
    assert changes.schema == CHANGES


@slow_columns
@given(RECORDS)
def test_every_code_in_the_log_is_a_correction_that_applies_to_the_field(records: pa.RecordBatch) -> None:
    fields = {field.name: field for field in PAYROLL.fields}
    for change in decided(records).apply(records)[1].to_pylist():
        codes = change["code"].split(", ")
        assert codes == sorted(set(codes), key=CODES.index)
        for code in codes:
            assert correction_descriptions()[code].fields.include(fields[change["field"]])


@settings(slow_columns, max_examples=examples(10))
@given(RECORDS)
def test_no_correction_brings_a_finding_unless_a_date_was_read_as_another_day(
    records: pa.RecordBatch,
) -> None:
    after, changes = decided(records).apply(records)
    another_day = {
        (each["row"], each["field"]) for each in changes.to_pylist() if "month_first" in each["code"]
    }
    brought = found_in(after) - found_in(records)
    assert {finding for finding in brought if finding[:2] not in another_day} == set()


@slow_columns
@given(RECORDS, st.lists(st.integers(0, 40), max_size=6))
def test_how_the_records_are_cut_into_batches_makes_no_difference(
    records: pa.RecordBatch, sizes: list[int]
) -> None:
    ends = [*accumulate(sizes), records.num_rows]
    parts = [records.slice(start, max(end - start, 0)) for start, end in pairwise([0, *ends])]
    survey = CorrectionSurvey(PAYROLL, records.schema.names[1:], today=TODAY)
    for part in parts:
        survey.add(part)
    corrections = survey.decide()
    assert corrections == decided(records)
    results = [corrections.apply(part) for part in parts]
    after, changes = decided(records).apply(records)
    assert pa.Table.from_batches([result[0] for result in results]).equals(pa.Table.from_batches([after]))
    assert pa.Table.from_batches([result[1] for result in results]).equals(pa.Table.from_batches([changes]))


def test_columns_that_need_nothing_are_the_very_same() -> None:
    records = batch({"surname": ["Smith"], "post_code": ["ls14ap"]})
    after, _ = decided(records).apply(records)
    assert after.column("surname").buffers()[2].address == records.column("surname").buffers()[2].address


def test_the_log_goes_by_row_and_then_by_the_order_of_the_specification() -> None:
    _, changes = corrected(
        {"post_code": ["ls14ap", " LS1 4AP"], "surname": ["Smith ", " \u200bJosÃ©"]}, PAYROLL
    )
    assert changes == [
        (2, "Surname", "Smith ", "Smith", "trim"),
        (2, "Post code", "ls14ap", "LS1 4AP", "post_code"),
        (3, "Surname", " \u200bJosÃ©", "José", "damaged_letters, trim"),
        (3, "Post code", " LS1 4AP", "LS1 4AP", "trim"),
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        pytest.param("surname", "\u200b", id="would become blank"),
        pytest.param("ni_number", "CR-12-34-56", id="would lack its last letter"),
        pytest.param("post_code", "ZZ99\u00a03VZ", id="would not be in the directory"),
    ],
)
def test_a_value_stays_where_its_correction_would_be_found_fault_with(column: str, value: str) -> None:
    assert corrected({column: [value]}) == ({column: [value]}, [])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("total_invoice_amount", "£1,234.50 CR"),
        ("total_invoice_amount", "1.0"),
        ("total_invoice_amount", "(12)"),
        ("supplier_invoice_number", "INV  001 / a"),
        ("supplier_invoice_number", "0012"),
        ("supplier_invoice_number", "1.5E+10"),
        ("remarks", "paid  twice?\nsee 12 - 34"),
        ("creditor_reference", "c 0012"),
        ("payment_method", "bacs"),
    ],
)
def test_what_is_never_changed(column: str, value: str) -> None:
    values = [value] * 150
    assert corrected({column: values}, HISTORY) == ({column: values}, [])


def test_names_and_titles_keep_their_case() -> None:
    values = {
        "title": ["mr"],
        "surname": ["McDONALD"],
        "forenames": ["anne-marie"],
        "email": ["A.B@Example.ORG"],
    }
    assert corrected(values) == (values, [])


def test_what_is_corrected_is_said_in_a_sentence_with_its_proof_and_without_values() -> None:
    records = batch({"post_code": ["ls14ap", "LS1 4AP"] * 10, "date_left": ["43831"] * 20})
    assert decided(records).describe() == [
        "Post code: Post code in capitals with one blank (post_code): 10 values.",
        "Date left: A spreadsheet's day number written as a date (day_number): "
        "all 20 filled values are such numbers.",
    ]


def test_one_value_is_one_value() -> None:
    assert decided(batch({"post_code": ["ls14ap"]})).describe()[0].endswith(": 1 value.")


def test_decisions_can_be_written_down() -> None:
    corrections = decided(batch({"post_code": ["ls14ap"]}))
    assert [decision.model_dump() for decision in corrections.decisions] == [
        {"column": "post_code", "field": "Post code", "code": "post_code", "seen": "1 value"}
    ]


def test_without_records_nothing_is_decided() -> None:
    survey = CorrectionSurvey(PAYROLL, ["post_code"], today=TODAY)
    assert survey.decide().decisions == ()
    survey.add(batch({"post_code": []}))
    assert survey.decide().decisions == ()


def test_a_column_that_was_not_surveyed_passes_through() -> None:
    corrections: Corrections = decided(batch({"post_code": ["ls14ap"]}))
    records = batch({"surname": [" Smith "]})
    after, changes = corrections.apply(records)
    assert after.equals(records)
    assert changes.num_rows == 0
