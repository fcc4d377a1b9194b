"""What is worked out of sums and dates: slips share a key, and VAT is held against the rate of its day."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.derive.payments import (
    OF_PAYMENTS,
    any_of_these,
    date_either_way,
    rate_that_fits,
    standard_rate,
    sum_slips,
    vat_expected,
    vat_overpaid,
    vat_rates,
    with_and_without_vat,
)

SUMS = st.integers(min_value=1, max_value=10**12)


def slips(pence: int | None) -> set[str]:
    return set(sum_slips(pa.array([pence], pa.int64())).to_pylist()[0] or ())


def sums(*pence: int | None) -> pa.Array:
    return pa.array(pence, pa.int64())


def days(*texts: str | None) -> pa.Array:
    return pa.array([text and date.fromisoformat(text) for text in texts], pa.date32())


@given(pence=SUMS, zeros=st.integers(min_value=1, max_value=3))
def test_a_sum_and_the_same_with_its_decimal_point_moved_share_a_key(pence: int, zeros: int) -> None:
    assert slips(pence) & slips(pence * 10**zeros)


@given(pence=SUMS, place=st.integers(min_value=0, max_value=11))
def test_a_sum_and_the_same_with_two_neighbours_exchanged_share_a_key(pence: int, place: int) -> None:
    written = str(pence)
    if place + 1 >= len(written) or written[place + 1] == "0" == written[0]:
        return
    exchanged = int(written[:place] + written[place + 1] + written[place] + written[place + 2 :])
    if len(str(exchanged)) == len(written):
        assert slips(pence) & slips(exchanged)


@given(left=SUMS, right=SUMS)
def test_sums_share_a_key_only_if_one_slip_lies_between_them(left: int, right: int) -> None:
    one, other = str(left), str(right)
    moved = one.rstrip("0") == other.rstrip("0")
    differ = [place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]]
    exchanged = (
        len(one) == len(other)
        and len(differ) == 2
        and differ[1] == differ[0] + 1
        and one[differ[0]] + one[differ[1]] == other[differ[1]] + other[differ[0]]
    )
    assert bool(slips(left) & slips(right)) == (left == right or moved or exchanged)


@pytest.mark.parametrize("pence", [None, 0, -12_345])
def test_blanks_and_credits_have_no_keys(pence: int | None) -> None:
    assert sum_slips(sums(pence)).to_pylist() == [None]
    assert with_and_without_vat(sums(pence), sums(None), days(None)).to_pylist() == [None]


def test_an_invoice_may_have_been_paid_with_or_without_its_vat() -> None:
    made = with_and_without_vat(
        sums(12_000, 10_500, 11_750, 12_000),
        sums(2_000, 500, None, None),
        days("2025-03-04", "2025-03-04", "2008-03-04", None),
    )
    assert [sorted(set(each)) for each in made.to_pylist()] == [
        ["10000", "12000"],
        ["10000", "10500", "8750"],
        ["10000", "11750"],
        ["12000"],
    ]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param("2025-05-03", "2025-03-05", id="day and month exchanged"),
        pytest.param("2025-03-05", "2025-03-05", id="in order"),
        pytest.param("2025-05-05", None, id="nothing changes"),
        pytest.param("2025-05-13", None, id="no thirteenth month"),
        pytest.param(None, None, id="blank"),
    ],
)
def test_a_date_whose_day_and_month_may_be_exchanged(when: str | None, expected: str | None) -> None:
    assert date_either_way(days(when)).to_pylist() == [expected]


@pytest.mark.parametrize(
    ("when", "rate"),
    [
        ("1991-03-31", None),
        ("2008-11-30", "17.5 %"),
        ("2008-12-01", "15 %"),
        ("2009-12-31", "15 %"),
        ("2010-01-01", "17.5 %"),
        ("2011-01-03", "17.5 %"),
        ("2011-01-04", "20 %"),
        (None, None),
    ],
)
def test_the_rate_is_that_of_the_tax_point(when: str | None, rate: str | None) -> None:
    assert standard_rate(days(when)).to_pylist() == [rate]


@pytest.mark.parametrize(
    ("total", "vat", "expected", "over"),
    [
        pytest.param(12_000, 2_000, 2_000, None, id="the rate"),
        pytest.param(12_001, 2_001, 2_000, None, id="a penny over"),
        pytest.param(1_200_900, 200_900, 200_000, None, id="half a percent over"),
        pytest.param(1_201_100, 201_100, 200_000, 1_100, id="more than half a percent over"),
        pytest.param(12_500, 2_500, 2_000, 500, id="a quarter"),
        pytest.param(10_500, 500, 2_000, None, id="a lower rate"),
        pytest.param(2_000, 2_000, 0, 2_000, id="nothing but VAT"),
        pytest.param(-12_500, -2_500, None, None, id="a credit"),
        pytest.param(12_000, 0, None, None, id="no VAT"),
        pytest.param(12_000, None, None, None, id="VAT not known"),
    ],
)
def test_vat_is_measured_against_the_rate_on_the_rest(
    total: int, vat: int | None, expected: int | None, over: int | None
) -> None:
    columns = sums(total), sums(vat), days("2025-03-04")
    assert vat_expected(*columns).to_pylist() == [expected]
    assert vat_overpaid(*columns).to_pylist() == [over]


def test_vat_may_fit_the_rate_of_other_years() -> None:
    made = rate_that_fits(
        sums(11_750, 11_750, 12_000, 10_000),
        sums(1_750, 1_750, 2_000, 0),
        days(*["2009-06-01", "2008-06-01"] * 2),
    )
    assert made.to_pylist() == ["17.5 %", None, "20 %", None]


def test_keys_of_several_columns_become_one_list() -> None:
    made = any_of_these(pa.array(["A", None, None]), pa.array(["B", "C", None]))
    assert made.to_pylist() == [["A", "B"], ["C"], None]


def test_rates_follow_each_other() -> None:
    starts = [rate.from_ for rate in vat_rates().rates]
    assert starts == sorted(set(starts))


def test_every_function_takes_an_extract_without_records() -> None:
    takes = {"any_of_these": [pa.string()] * 2, "sum_slips": [pa.int64()], "date_either_way": [pa.date32()]}
    takes |= {"standard_rate": [pa.date32()]}
    for name, function in OF_PAYMENTS.items():
        kinds = takes.get(name, [pa.int64(), pa.int64(), pa.date32()])
        assert len(function(*(pa.array([], kind) for kind in kinds))) == 0
