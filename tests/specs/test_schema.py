"""The schema of a specification: every field of the catalogue with its own examples, and the findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
import yaml
from _pytest.mark.structures import ParameterSet
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.catalogues import CATALOGUE, datasets, exercises, load_specification
from specs.check_batches import BatchCheck
from specs.errors import SpecificationInvalid
from specs.finding import FINDINGS
from specs.pandera_alone import pandera
from specs.parse import decide_reading
from specs.schema import ExtractSchema
from specs.specification import Severity, Specification, SpecifiedField, read_specification
from tests.examples import examples

TODAY = date(2026, 10, 1)
HISTORY = load_specification("creditors-history")
PAYROLL = load_specification("payroll")


def batch(**columns: list[str]) -> pa.RecordBatch:
    rows = len(next(iter(columns.values())))
    return pa.record_batch({"source_row": pa.array(range(2, rows + 2), pa.int64()), **columns})


def findings(specification: Specification, **columns: list[str]) -> list[dict[str, Any]]:
    records = batch(**columns)
    reading, _ = decide_reading(specification, records)
    schema = ExtractSchema(specification, columns, today=TODAY)
    found = BatchCheck(specification, reading, schema).check(records).findings
    assert found.schema == FINDINGS
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def catalogue() -> Iterator[tuple[Specification, SpecifiedField]]:
    for exercise in exercises():
        for dataset in datasets(exercise):
            specification = load_specification(dataset, exercise)
            for field in specification.fields:
                yield specification, field


def named(specification: Specification, field: SpecifiedField) -> ParameterSet:
    name = f"{specification.exercise} {specification.dataset} {field.column}"
    return pytest.param(specification, field, id=name)


ALL_FIELDS = [named(specification, field) for specification, field in catalogue()]
PROVISIONAL_FIELDS = [
    named(s, field) for s, field in catalogue() if field.evidence in {"recalled", "not confirmed"}
]


def failed(specification: Specification, field: SpecifiedField, value: str) -> list[str]:
    """The codes of what fails for one value of one field, notes left out."""
    found = findings(specification, **{field.column: [value]})
    return [finding["code"] for finding in found if finding["severity"] != "note"]


@pytest.mark.parametrize(("specification", "field"), ALL_FIELDS)
def test_every_field_agrees_with_its_own_examples(
    specification: Specification, field: SpecifiedField
) -> None:
    assert [value for value in field.examples.good if failed(specification, field, value)] == []
    assert [value for value in field.examples.bad if not failed(specification, field, value)] == []


@pytest.mark.parametrize(("specification", "field"), PROVISIONAL_FIELDS)
def test_a_field_that_no_published_text_stands_behind_is_never_more_than_a_warning(
    specification: Specification, field: SpecifiedField
) -> None:
    values = ["", "0", "x", "31022024", "01012200", "-1", *field.examples.bad]
    found = findings(specification, **{field.column: values})
    assert {finding["severity"] for finding in found} <= {"warning", "note"}


def test_a_finding_says_what_where_and_how_much_it_matters() -> None:
    assert findings(PAYROLL, ni_number=["AB123456C", "TN010180M", "AB123456"]) == [
        {
            "code": "nino_temporary",
            "severity": "warning",
            "row": 3,
            "field": "National insurance number",
            "value": "TN010180M",
            "detail": None,
        },
        {
            "code": "nino_suffix",
            "severity": "warning",
            "row": 4,
            "field": "National insurance number",
            "value": "AB123456",
            "detail": None,
        },
    ]


@pytest.mark.parametrize(
    ("column", "expected"),
    [("surname", "error"), ("address_line_1", "warning"), ("department", None)],
)
def test_a_blank_matters_as_much_as_the_field_says(column: str, expected: str | None) -> None:
    found = findings(PAYROLL, **{column: ["", "x", "  "]})
    assert [(finding["code"], finding["row"]) for finding in found] == (
        [("required", 2), ("required", 4)] if expected else []
    )
    assert {finding["severity"] for finding in found} == ({expected} if expected else set())


def test_a_blank_fails_no_check_but_its_own() -> None:
    columns = {field.column: [""] for field in PAYROLL.fields}
    assert {finding["code"] for finding in findings(PAYROLL, **columns)} == {"required"}


def test_unreadable_text_is_one_finding_and_not_also_a_missing_value() -> None:
    found = findings(HISTORY, invoice_date=["31022024"], total_invoice_amount=["12x"])
    assert [(finding["code"], finding["value"]) for finding in found] == [
        ("date", "31022024"),
        ("money", "12x"),
    ]


@pytest.mark.parametrize(
    ("total", "vat", "fails"),
    [
        ("12000", "2000", False),
        ("12000", "12000", False),
        ("12000", "12001", True),
        pytest.param("-12000", "-2000", False, id="credit note"),
        pytest.param("-12000", "2000", False, id="signs differ"),
        pytest.param("-12000", "-12001", True, id="credit note, too large"),
        pytest.param("12000", "", False, id="VAT not known"),
        pytest.param("", "2000", False, id="total not known"),
        pytest.param("12x", "2000", False, id="total unreadable"),
    ],
)
def test_vat_cannot_be_larger_than_the_total_whatever_the_sign(total: str, vat: str, fails: bool) -> None:
    found = findings(HISTORY, total_invoice_amount=[total], vat_amount=[vat])
    expected = [
        ("not_greater", "error", "VAT amount", vat, "larger than Total invoice amount"),
    ]
    columns = ("code", "severity", "field", "value", "detail")
    assert [tuple(f[column] for column in columns) for f in found if f["code"] == "not_greater"] == (
        expected if fails else []
    )


def test_findings_are_ordered_by_row_then_code_then_place_of_the_field() -> None:
    found = findings(
        HISTORY,
        creditor_reference=["", "A", ""],
        invoice_date=["x", "31032024", "x"],
        due_date=["x", "x", ""],
        total_invoice_amount=["x", "x", "1"],
    )
    assert [(finding["row"], finding["code"], finding["field"]) for finding in found] == [
        (2, "date", "Invoice date"),
        (2, "date", "Due date"),
        (2, "money", "Total invoice amount"),
        (2, "required", "Creditor reference"),
        (3, "date", "Due date"),
        (3, "money", "Total invoice amount"),
        (4, "date", "Invoice date"),
        (4, "required", "Creditor reference"),
    ]


def test_today_is_what_the_caller_says() -> None:
    assert findings(HISTORY, invoice_date=["01102026"]) == []
    assert [found["code"] for found in findings(HISTORY, invoice_date=["02102026"])] == ["far_ahead"]
    born = findings(PAYROLL, date_of_birth=["01102026", "02102026"])
    assert [found["code"] for found in born] == ["age", "not_in_future"]


@pytest.mark.parametrize(
    ("column", "type_"), [("creditor_reference", pa.string()), ("invoice_date", pa.date32())]
)
def test_each_field_has_a_pandera_schema_of_its_text_and_its_typed_value(
    column: str, type_: pa.DataType
) -> None:
    schema = ExtractSchema(HISTORY, {"creditor_reference", "invoice_date"}, today=TODAY).fields[column]
    assert {name: each.dtype.type for name, each in schema.pandera.columns.items()} == {
        "text": pd.ArrowDtype(pa.string()),
        "value": pd.ArrowDtype(type_),
    }


@settings(max_examples=examples(10))
@given(st.lists(st.sampled_from(["", " ", "01022024", "31022024", "x", "01022024 "]), min_size=1))
def test_a_value_that_repeats_gets_a_finding_at_every_record_that_holds_it(dates: list[str]) -> None:
    repeated = dates * 3_000  # often enough to be looked at once only
    found = findings(HISTORY, invoice_date=repeated)
    expected = [
        (row, "required" if not text.strip() else "date")
        for row, text in enumerate(repeated, start=2)
        if text.strip() != "01022024"
    ]
    assert [(finding["row"], finding["code"]) for finding in found] == expected


@pytest.mark.parametrize("depth", ["SCHEMA_ONLY", "SCHEMA_AND_DATA"])
def test_validation_cannot_be_switched_off_from_outside(depth: str) -> None:
    from pandera.config import config_context  # noqa: PLC0415, after `specs.pandera_alone`

    with config_context(validation_enabled=False, validation_depth=depth):
        assert [found["code"] for found in findings(PAYROLL, ni_number=["x"])] == ["nino"]


def changed_specification(tmp_path: Path, **change: object) -> Specification:
    content = yaml.safe_load((CATALOGUE / "2026-27" / "creditors-history.yaml").read_text(encoding="utf-8"))
    content["fields"][0] |= change
    file = tmp_path / "changed.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return read_specification(file)


@pytest.mark.parametrize(
    ("checks", "fault"),
    [
        (["nino2"], "no check called 'nino2'"),
        (["not_zero"], "'not_zero' does not suit the format character"),
        (["not_in_future"], "'not_in_future' does not suit the format character"),
    ],
)
def test_a_specification_that_names_an_impossible_check_is_refused(
    tmp_path: Path, checks: list[str], fault: str
) -> None:
    specification = changed_specification(tmp_path, checks=checks)
    with pytest.raises(SpecificationInvalid, match=fault):
        ExtractSchema(specification, {"creditor_reference"}, today=TODAY)


def test_a_check_that_breaks_down_shows_no_value() -> None:
    schema = ExtractSchema(PAYROLL, {"ni_number"}, today=TODAY)
    breaks_down = pandera.Check(lambda series: 1 / len(series[series == "?"]), name="nino")
    schema.fields["ni_number"].pandera.columns["text"].checks = [breaks_down]
    records = batch(ni_number=["QQ123456C"])
    reading, _ = decide_reading(PAYROLL, records)
    with pytest.raises(RuntimeError, match="could not run") as raised:
        BatchCheck(PAYROLL, reading, schema).check(records)
    assert "QQ123456C" not in str(raised.value)
    assert raised.value.__context__ is None


WHOLE_PAYROLL = ExtractSchema(PAYROLL, PAYROLL.by_column, today=TODAY)


@settings(max_examples=15)  # each looks at every field of the payroll with all of its checks
@given(st.lists(st.text() | st.text(st.sampled_from("0123456789./-£ABCQT @"), max_size=12), min_size=1))
def test_any_text_at_all_in_every_field_gets_its_findings(texts: list[str]) -> None:
    records = batch(**{field.column: texts for field in PAYROLL.fields})
    reading, _ = decide_reading(PAYROLL, records)
    for finding in BatchCheck(PAYROLL, reading, WHOLE_PAYROLL).check(records).findings.to_pylist():
        text = texts[finding["row"] - 2]
        assert finding["value"] in text if finding["value"] is not None else not text.strip()
        assert finding["severity"] in set(Severity)
