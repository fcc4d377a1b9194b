from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.catalogues import load_specification
from specs.data_set import (
    ControlTotals,
    ControlTotalsInvalid,
    parse_control_totals,
    read_control_totals,
)
from specs.data_set.control_totals import ControlTotal

HISTORY = load_specification("creditors-history")
EXPECTED = ControlTotals(
    rows=1234,
    fields=(
        ControlTotal(field="Total invoice amount", sum=Decimal("12345.67")),
        ControlTotal(field="VAT amount", sum=Decimal("-10"), count=30),
    ),
)


def test_control_totals_on_the_command_line() -> None:
    totals = parse_control_totals(
        ["rows=1,234", "Total invoice amount=£12,345.67", "VAT amount = -10", "VAT amount:count=30"]
    )
    assert totals.rows == 1234
    assert [(each.field, each.sum, each.count) for each in totals.fields] == [
        ("Total invoice amount", Decimal("12345.67"), None),
        ("VAT amount", Decimal("-10"), None),
        ("VAT amount", None, 30),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param(
            "totals.yaml",
            "rows: 1234\nfields:\n  Total invoice amount: 12,345.67\n  VAT amount: {sum: -10, count: 30}\n",
            id="YAML",
        ),
        pytest.param(
            "TOTALS.CSV",
            'Field,Sum,Count\nrows,,1234\nTotal invoice amount,"12,345.67",\nVAT amount,-10,30\n',
            id="CSV",
        ),
        pytest.param(
            "totals.csv",
            "\N{BYTE ORDER MARK}count,field,sum\r\n1234,Records,\r\n,Total invoice amount,12345.67\r\n"
            "30,VAT amount,-10\r\n",
            id="CSV out of a spreadsheet, in another order",
        ),
    ],
)
def test_control_totals_in_a_file(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8", newline="")
    assert read_control_totals(file) == EXPECTED


def test_fields_are_known_by_either_name_in_any_case() -> None:
    totals = parse_control_totals(["total  INVOICE amount=1", "vat_amount=2", "Invoice date:count=3"])
    assert [field.column for field, _total in totals.of_fields(HISTORY)] == [
        "total_invoice_amount",
        "vat_amount",
        "invoice_date",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Total invoice amout=1", "no field 'Total invoice amout'; did you mean 'Total invoice amount'?"),
        ("Invoice date=1", "Invoice date is no column of sums"),
        ("zzz=1", "no field 'zzz'"),
    ],
)
def test_a_field_that_cannot_be_added_up_is_refused(text: str, says: str) -> None:
    with pytest.raises(ControlTotalsInvalid, match=r"^control totals: ") as caught:
        list(parse_control_totals([text]).of_fields(HISTORY))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1234", "is no control total: write rows=1234"),
        ("=12", "is no control total"),
        ("rows=many", "'many' is no number of records such as 1234"),
        ("rows=-1", "is no number of records"),
        ("rows=12.5", "is no number of records"),
        ("VAT amount=12.345", "is no sum such as 12345.67"),
        ("VAT amount=1,23", "is no sum"),
        ("VAT amount=", "is no sum"),
        ("rows:sum=3", "'rows' is a number of records"),
    ],
)
def test_what_is_no_control_total_is_refused_with_how_to_write_one(text: str, says: str) -> None:
    with pytest.raises(ControlTotalsInvalid) as caught:
        parse_control_totals([text])
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("totals.yaml", "- rows"),
        ("totals.yaml", "rows: [1]"),
        ("totals.yaml", "row: 1"),
        ("totals.yaml", "fields: 3"),
        ("totals.yaml", "fields: {VAT amount: {total: 3}}"),
        ("totals.yaml", "fields: {VAT amount: {}}"),
        ("totals.yaml", "a: [open"),
        ("totals.csv", "heading,sum\nVAT amount,3\n"),
        ("totals.csv", "field,sum,count\n,3,\n"),
        ("totals.csv", "field,sum,count\nVAT amount,,\n"),
    ],
)
def test_a_file_of_something_else_is_refused_by_name(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ControlTotalsInvalid, match=rf"^{re.escape(name)}: ") as caught:
        read_control_totals(file)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ControlTotalsInvalid, match=r"^none\.yaml: cannot be read: "):
        read_control_totals(tmp_path / "none.yaml")


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    file.write_bytes(b"field,sum,count\n" + b"VAT amount,1,\n" * 100_000)
    with pytest.raises(ControlTotalsInvalid, match="too large"):
        read_control_totals(file)


@given(st.text() | st.from_regex(r"[a-z :]{1,9}=[-0-9.,]{1,9}"))
def test_any_text_is_a_control_total_or_refused_in_one_line(text: str) -> None:
    try:
        totals = parse_control_totals([text])
    except ControlTotalsInvalid as refused:
        assert "\n" not in str(refused)  # noqa: PT017 (either outcome is right)
    else:
        assert totals.rows is not None or totals.fields


@pytest.mark.parametrize("suffix", [".yaml", ".csv"])
@given(raw=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_control_totals_or_refused(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, raw: bytes
) -> None:
    file = tmp_path_factory.mktemp("totals") / f"totals{suffix}"
    file.write_bytes(raw)
    try:
        read_control_totals(file)
    except ControlTotalsInvalid as refused:
        assert str(refused).startswith(f"totals{suffix}: ")  # noqa: PT017 (either outcome is right)


@given(st.integers(0, 10**12 - 1), st.decimals(-(10**9), 10**9, places=2))
def test_what_is_written_is_what_is_read(rows: int, amount: Decimal) -> None:
    totals = parse_control_totals([f"rows={rows}", f"VAT amount={amount:,.2f}"])
    assert (totals.rows, totals.fields[0].sum) == (rows, amount)
