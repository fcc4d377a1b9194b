"""Where two files begin to differ. Every value here is invented."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.submitted.manifest import Dialect, Resource, TableField, TableSchema
from outputs.verify import in_bytes, in_json, in_records
from outputs.written.control_totals import ControlTotals
from outputs.written.written_form import Place
from specs.specification import FieldFormat

FIELDS = tuple(
    TableField(
        name=name,
        type="string",
        description="",
        column=name.lower(),
        field_format=FieldFormat.CHARACTER,
        evidence="inferred",
    )
    for name in ("Plot", "Tenant", "Rent")
)


def resource(**more: Any) -> Resource:
    return Resource(
        name="plots",
        title="",
        description="",
        path="plots.csv",
        bytes=0,
        hash="",
        data_set="plots",
        control_totals=ControlTotals(records=0, fields=()),
        **more,
    )


DELIMITED = resource(dialect=Dialect(delimiter="|"), table_schema=TableSchema(fields=FIELDS))
FIXED = resource(
    fixed_schema=TableSchema(fields=FIELDS),
    places=(
        Place(field="Plot", start=1, width=3),
        Place(field="Tenant", start=5, width=4),
        Place(field="Rent", start=9, width=4),
    ),
)
LINES = [b"Plot|Tenant|Rent\r\n", b'"007"|"Moss | Co"|4250\r\n', b'"012"|"Grant"|\r\n']


@pytest.mark.parametrize(
    ("now", "where", "detail"),
    [
        pytest.param(
            [LINES[0], b'"007"|"Moss | Ko"|4250\r\n', LINES[2]], "row 2, Tenant", "another value", id="value"
        ),
        pytest.param([*LINES[:2], b'"012"|"Grant"|0\r\n'], "row 3, Rent", "another value", id="blank"),
        pytest.param([LINES[0], LINES[2], LINES[1]], "row 2, Plot", "another order", id="order"),
        pytest.param(LINES[:2], "row 3", "3 lines in the package, 2 when made again", id="row lost"),
        pytest.param([*LINES, LINES[2]], "row 4", "3 lines in the package, 4", id="row more"),
        pytest.param([LINES[0], b'"007"|"Moss"\r\n', LINES[2]], "row 2", "another value", id="field lost"),
    ],
)
def test_the_first_row_and_field_are_named(now: list[bytes], where: str, detail: str) -> None:
    found = in_records(LINES, now, DELIMITED)
    assert found.where == where
    assert detail in found.detail
    assert "Moss" not in found.where + found.detail


def test_a_field_of_fixed_width_is_named() -> None:
    then, now = [b"007 Moss4250\r\n"], [b"007 Moss4251\r\n"]
    assert in_records(then, now, FIXED).where == "row 1, Rent"


def test_a_value_longer_than_the_csv_module_takes_is_no_obstacle() -> None:
    long = b"\xc3\xa9" * 200_000
    then, now = (b'"007"|"' + long + b'"|' + rent + b"\r\n" for rent in (b"1", b"2"))
    assert in_records([then], [now], DELIMITED).where == "row 1, Rent"
    assert in_records([b"a\rb|1\r\n"], [b"a\rb|2\r\n"], DELIMITED).where == "row 1"


def test_without_a_description_the_row_is_named() -> None:
    assert in_records([b"a,b\r\n"], [b"a,c\r\n"], None).where == "row 1"


@pytest.mark.parametrize(
    ("then", "now", "where"),
    [
        pytest.param({"a": {"b": 1}}, {"a": {"b": 2}}, "a > b", id="nested"),
        pytest.param({"a": 1}, {"a": 1, "b": 2}, "b", id="key more"),
        pytest.param(
            {"files": [{"name": "x", "rows": 1}, {"name": "y", "rows": 1}]},
            {"files": [{"name": "x", "rows": 1}, {"name": "y", "rows": 2}]},
            "files > y > rows",
            id="named entry",
        ),
        pytest.param({"n": [1, 2]}, {"n": [1, 3]}, "n > 2", id="numbered entry"),
        pytest.param({"n": [1]}, {"n": [1, 3]}, "n > 2", id="entry more"),
        pytest.param({"n": True}, {"n": 1}, "n", id="another type"),
        pytest.param([], {}, "its top", id="another kind"),
    ],
)
def test_the_first_key_is_named(then: object, now: object, where: str) -> None:
    assert in_json(json.dumps(then).encode(), json.dumps(now).encode()).where == where


def test_json_that_says_the_same_in_other_bytes_is_named_by_its_byte() -> None:
    assert in_json(b'{"a": 1}', b'{"a":  1}').where == "byte 7"
    assert in_json(b"{", b"[").where == "byte 1"


@given(st.binary(), st.binary())
def test_the_byte_that_is_named_is_the_first_that_differs(then: bytes, now: bytes) -> None:
    if then == now:
        return
    at = int(in_bytes(then, now).where.removeprefix("byte ").replace(",", "")) - 1
    assert then[:at] == now[:at]
    assert then[at : at + 1] != now[at : at + 1]
