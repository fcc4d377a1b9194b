"""Sums of money: size, sign, and VAT beside the total that includes it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.checks import RecordCheck, Terms
from specs.checks.sums import LARGE_SUM, NEGATIVE_SUM, NOT_GREATER, VAT_RATE, VAT_SIGN

TERMS = Terms(
    today=date(2026, 10, 1), limit=1_000, names=("VAT amount", "Total invoice amount", "Invoice date")
)
NOW = date(2026, 3, 31)
Sum = int | None


def of_sums(check: RecordCheck, part: Sum, whole: Sum) -> Any:
    return check.passes([pa.array([part], pa.int64()), pa.array([whole], pa.int64())], TERMS).to_pylist()[0]


def vat_rate(vat: Sum, total: Sum, day: date | None) -> tuple[Any, Any]:
    values = [pa.array([vat], pa.int64()), pa.array([total], pa.int64()), pa.array([day], pa.date32())]
    return VAT_RATE.passes(values, TERMS).to_pylist()[0], VAT_RATE.detail(values, TERMS).to_pylist()[0]


@pytest.mark.parametrize(
    ("pence", "large", "negative"),
    [
        (100_000, True, True),
        (100_001, False, True),
        (-100_001, False, False),
        (0, True, True),
        (-1, True, False),
        (None, None, None),
    ],
)
def test_sums_have_a_likely_size_in_pounds_and_sign(pence: Sum, large: object, negative: object) -> None:
    values = pa.array([pence], pa.int64())
    answers = [check.passes(values, TERMS).to_pylist()[0] for check in (LARGE_SUM, NEGATIVE_SUM)]
    assert answers == [large, negative]


@pytest.mark.parametrize(
    ("part", "whole", "expected", "why"),
    [
        (100, 600, True, None),
        pytest.param(-100, -600, True, None, id="credit note"),
        (600, 600, True, None),
        (601, 600, False, "larger than Total invoice amount"),
        pytest.param(100, 0, False, "Total invoice amount is nought", id="VAT without a total"),
        (0, 0, True, None),
        (None, 600, None, None),
        (100, None, None, None),
    ],
)
def test_a_part_is_not_larger_than_the_whole(
    part: Sum, whole: Sum, expected: object, why: str | None
) -> None:
    assert of_sums(NOT_GREATER, part, whole) is expected
    values = [pa.array([part], pa.int64()), pa.array([whole], pa.int64())]
    assert expected is not False or NOT_GREATER.detail(values, TERMS).to_pylist() == [why]


@pytest.mark.parametrize(
    ("vat", "total", "expected"),
    [
        (100, 600, True),
        (-100, -600, True),
        (-100, 600, False),
        (100, -600, False),
        (0, -600, True),
        (None, 1, None),
    ],
)
def test_vat_has_the_sign_of_its_total(vat: Sum, total: Sum, expected: object) -> None:
    assert of_sums(VAT_SIGN, vat, total) is expected


@pytest.mark.parametrize(
    ("vat", "total", "day", "expected"),
    [
        pytest.param(20_00, 120_00, NOW, True, id="20 %"),
        pytest.param(-20_00, -120_00, NOW, True, id="credit note at 20 %"),
        pytest.param(3_00, 120_00, NOW, True, id="less: a mixture of rates"),
        pytest.param(0, 120_00, NOW, True, id="nil"),
        pytest.param(20_10, 120_00, NOW, True, id="half a per cent over"),
        pytest.param(20_11, 120_00, NOW, False, id="more than half a per cent over"),
        pytest.param(17, 1_00, NOW, True, id="rounded up"),
        pytest.param(18, 1_00, NOW, True, id="a penny over"),
        pytest.param(19, 1_00, NOW, False, id="two pence over"),
        pytest.param(17_50, 117_50, date(2008, 11, 30), True, id="17.5 % before December 2008"),
        pytest.param(17_50, 117_50, date(2008, 12, 1), False, id="15 % since December 2008"),
        pytest.param(17_50, 117_50, date(2010, 1, 1), True, id="17.5 % again in 2010"),
        pytest.param(20_00, 120_00, date(2011, 1, 3), False, id="17.5 % to 3 January 2011"),
        pytest.param(20_00, 120_00, date(2011, 1, 4), True, id="20 % since"),
        pytest.param(20_00, 120_00, None, True, id="no date: the highest rate"),
        pytest.param(30_00, 120_00, None, False, id="no date, over the highest"),
        pytest.param(130_00, 120_00, NOW, True, id="more than the total: the other check's to report"),
        pytest.param(20_00, 0, NOW, True, id="no total: the other check's to report"),
        pytest.param(None, 120_00, NOW, None, id="no VAT"),
        pytest.param(20_00, None, NOW, None, id="total blank"),
    ],
)
def test_vat_is_at_most_the_rate_on_the_day(vat: Sum, total: Sum, day: date | None, expected: object) -> None:
    assert vat_rate(vat, total, day)[0] is expected


@pytest.mark.parametrize(
    ("vat", "total", "day", "why"),
    [
        (30_00, 120_00, NOW, "more than 20 % of the net sum, the standard rate on Invoice date"),
        (30_00, 120_00, date(2009, 6, 1), "more than 15 % of the net sum, the standard rate on Invoice date"),
        (
            30_00,
            120_00,
            date(2010, 6, 1),
            "more than 17.5 % of the net sum, the standard rate on Invoice date",
        ),
        (30_00, 120_00, None, "more than 20 % of the net sum; Invoice date is not known"),
        (120_00, 120_00, NOW, "all of Total invoice amount: import VAT, or an invoice for VAT only?"),
    ],
)
def test_the_detail_says_which_rate_and_on_which_day(
    vat: int, total: int, day: date | None, why: str
) -> None:
    assert vat_rate(vat, total, day)[1] == why


@settings(deadline=None)
@given(st.integers(-(10**15), 10**15), st.fractions(0, Fraction(1, 5)), st.dates(date(2011, 1, 4)))
def test_vat_of_a_net_sum_at_any_rate_up_to_20_per_cent_passes(net: int, rate: Fraction, day: date) -> None:
    vat = round(net * rate)
    assert vat_rate(vat, net + vat, day)[0] is True
    assert of_sums(VAT_SIGN, vat, net + vat) is True
    assert of_sums(NOT_GREATER, vat, net + vat) is True


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(-(10**15), 10**15),
            st.none() | st.integers(-(10**15), 10**15),
            st.none() | st.dates(),
        )
    )
)
def test_any_sums_at_all_get_an_answer(records: list[tuple[Sum, Sum, date | None]]) -> None:
    values = [
        pa.array([vat for vat, _, _ in records], pa.int64()),
        pa.array([total for _, total, _ in records], pa.int64()),
        pa.array([day for _, _, day in records], pa.date32()),
    ]
    for check, count in ((VAT_RATE, 3), (VAT_SIGN, 2), (NOT_GREATER, 2)):
        answers = check.passes(values[:count], TERMS).to_pylist()
        assert len(answers) == len(check.detail(values[:count], TERMS)) == len(records)
        blank = [None in record[:2] for record in records]
        assert all(answer is not False for answer, is_blank in zip(answers, blank, strict=True) if is_blank)
