"""Sums and hours from text, with Python's Decimal as the oracle."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.amounts import (
    HoursFormat,
    MoneyFormat,
    count_in_decimals,
    count_in_pounds,
    read_hours,
    read_money,
)


def pounds(*texts: str | None) -> Any:
    return read_money(pa.array(texts, pa.string()), MoneyFormat.POUNDS).to_pylist()


def pence(*texts: str | None) -> Any:
    return read_money(pa.array(texts, pa.string()), MoneyFormat.PENCE).to_pylist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12345", 12345),
        ("-500", -500),
        ("+500", 500),
        ("0", 0),
        ("000000012345", 12345),
        pytest.param("999999999999999", 999999999999999, id="fifteen digits"),
        pytest.param("1234567890123456", None, id="sixteen digits"),
        pytest.param("123.45", None, id="decimal point"),
        pytest.param("£123", None, id="pound sign"),
        pytest.param("1,234", None, id="separator"),
        pytest.param("12x", None, id="letter"),
        pytest.param("500-", None, id="sign after it"),
        pytest.param("(500)", None, id="brackets"),
        pytest.param("--5", None, id="two signs"),
        pytest.param("-", None, id="a sign alone"),
        pytest.param("0x1F", None, id="hexadecimal"),
        pytest.param("1e5", None, id="exponent"),
        pytest.param("", None, id="empty"),
        pytest.param("12\n", None, id="line break"),
        pytest.param("\u0661\u0662", None, id="digits of another script"),
    ],
)
def test_a_column_of_pence_holds_digits_and_a_sign(text: str, expected: object) -> None:
    assert pence(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123.45", 12345),
        ("12.5", 1250),
        pytest.param("12", 1200, id="whole pounds"),
        ("-12.50", -1250),
        ("0.00", 0),
        pytest.param(".50", 50, id="no pounds, as Oracle writes it"),
        pytest.param("-.5", -50, id="no pounds, negative"),
        ("£1,234.50", 123450),
        ("39,600.00", 3960000),
        ("1,234,567.89", 123456789),
        ("-£5", -500),
        ("£-5", -500),
        ("£ 5.00", 500),
        pytest.param("\N{MINUS SIGN}5", -500, id="typographic minus"),
        ("12.00-", -1200),
        ("(12.00)", -1200),
        ("(£1,200.00)", -120000),
        ("12.00 CR", -1200),
        ("12.00CR", -1200),
        ("12.00 dr", 1200),
        pytest.param("£\N{NO-BREAK SPACE}5", 500, id="no-break space"),
        pytest.param("12.345", None, id="three decimals"),
        pytest.param("12.5000", 1250, id="zeros after the second decimal"),
        pytest.param("12.", None, id="point without decimals"),
        pytest.param("12,34", None, id="decimal comma"),
        pytest.param("1234,567", None, id="separator in the wrong place"),
        pytest.param("1.234,50", None, id="continental"),
        pytest.param("(-12.00)", None, id="brackets and a sign"),
        pytest.param("-5 CR", None, id="a sign and CR"),
        pytest.param("--5", None, id="two signs"),
        pytest.param("(5", None, id="bracket not closed"),
        pytest.param("5)", None, id="bracket not opened"),
        pytest.param("£123.45p", None, id="pounds and p"),
        pytest.param("$5.00", None, id="another currency"),
        pytest.param("£", None, id="a pound sign alone"),
        pytest.param("CR", None, id="CR alone"),
        pytest.param("nil", None, id="a word"),
        pytest.param("99999999999999", None, id="fourteen digits"),
        pytest.param("", None, id="empty"),
    ],
)
def test_a_column_of_pounds_holds_sums_as_ledgers_print_them(text: str, expected: object) -> None:
    assert pounds(text) == [expected]


def test_a_column_keeps_its_order_when_only_some_sums_are_dressed() -> None:
    assert pounds("1.00", "£2.00", None, "x", "(3.00)", "4") == [100, 200, None, None, -300, 400]


sums = st.decimals(-9_999_999, 9_999_999, places=2, allow_nan=False)


@settings(deadline=None)
@given(st.lists(sums))
def test_sums_written_in_pounds_are_read_back(amounts: list[Decimal]) -> None:
    assert pounds(*(f"{amount:.2f}" for amount in amounts)) == [int(amount * 100) for amount in amounts]


@settings(deadline=None)
@given(st.lists(sums))
def test_sums_written_with_separators_and_brackets_are_read_back(amounts: list[Decimal]) -> None:
    written = [f"(£{-amount:,.2f})" if amount < 0 else f"£{amount:,.2f}" for amount in amounts]
    assert pounds(*written) == [int(amount * 100) for amount in amounts]


@settings(deadline=None)
@given(st.lists(st.integers(-(10**15) + 1, 10**15 - 1)))
def test_pence_are_read_back(amounts: list[int]) -> None:
    assert pence(*map(str, amounts)) == amounts


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789.,-+"), max_size=12))
def test_plain_sums_agree_with_decimal(text: str) -> None:
    plain = re.fullmatch(r"[+-]?\d*(\.\d{1,2})?", text) and any(map(str.isdigit, text))
    if not plain:
        return
    assert pounds(text) == [int(Decimal(text) * 100)]


@settings(deadline=None)
@given(st.lists(st.none() | st.text() | st.text(st.sampled_from("0123456789.,-+£() CRDR"), max_size=14)))
def test_any_text_at_all_gives_a_sum_or_nothing(texts: list[str | None]) -> None:
    for read in (pounds, pence):
        amounts = read(*texts)
        assert len(amounts) == len(texts)
        assert all(
            amount is None or any(map(str.isdigit, text or ""))
            for amount, text in zip(amounts, texts, strict=True)
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1600", 1600),
        ("3750", 3750),
        ("0", 0),
        ("37.5", None),
        ("-5", None),
        ("sixteen", None),
        ("37:30", None),
        pytest.param("370000", None, id="more hours than a week has"),
    ],
)
def test_hours_in_hundredths_hold_digits_only(text: str, expected: object) -> None:
    assert read_hours(pa.array([text]), HoursFormat.HUNDREDTHS).to_pylist() == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16", 1600),
        ("37.5", 3750),
        ("37.50", 3750),
        ("0.25", 25),
        pytest.param("3750", None, id="hundredths among decimals"),
        ("37.125", None),
        ("-5", None),
        ("x", None),
    ],
)
def test_decimal_hours_hold_at_most_two_decimals(text: str, expected: object) -> None:
    assert read_hours(pa.array([text]), HoursFormat.DECIMAL).to_pylist() == [expected]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["12345", "-500"], 0),
        (["12345", "12.50"], 1),
        (["1.5", "1.50"], 2),
        pytest.param(["1,234.50"], 1, id="separators"),
        pytest.param(["(12.50)"], 1, id="brackets"),
        pytest.param(["£12"], 1, id="pound sign"),
        pytest.param(["12.345"], 0, id="three decimals show nothing"),
        pytest.param(["31.03.2024"], 0, id="a date shows nothing"),
        pytest.param([None, ""], 0, id="blank"),
        pytest.param([], 0, id="nothing"),
    ],
)
def test_a_decimal_point_or_a_pound_sign_shows_that_sums_are_in_pounds(
    texts: list[str | None], expected: int
) -> None:
    assert count_in_pounds(pa.array(texts, pa.string())) == expected


def test_a_decimal_point_shows_that_hours_are_decimal() -> None:
    assert count_in_decimals(pa.array(["16", "37.5"])) == 1
    assert count_in_decimals(pa.array(["1600", "3750"])) == 0
