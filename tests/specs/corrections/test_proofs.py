"""What a column has to show before it is corrected, and what it looks like when nothing is proved."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from specs.corrections import CorrectionSurvey
from specs.dates import date_format
from specs.specification import Specification
from tests.specs.corrections.made_up import HISTORY, PAYROLL, STANDING, TODAY, batch, in_column

CHANCE = random.Random(20261123)


def numbers(digits: int, count: int, first: str = "0123456789") -> list[str]:
    """Invented numbers of one length."""
    return [CHANCE.choice(first) + "".join(CHANCE.choices("0123456789", k=digits - 1)) for _ in range(count)]


def days(count: int, written: str) -> list[str]:
    """Invented dates of birth."""
    return [(date(1955, 1, 1) + timedelta(CHANCE.randrange(18_000))).strftime(written) for _ in range(count)]


def one_zero_taken_off(values: list[str]) -> list[str]:
    """As a spreadsheet shows numbers; values with two zeros in front are left out."""
    return [value.removeprefix("0") for value in values if not value.startswith("00")]


@pytest.mark.parametrize(
    ("column", "specification", "values"),
    [
        pytest.param("sort_code", PAYROLL, numbers(6, 400), id="sort codes"),
        pytest.param("bank_account", PAYROLL, numbers(8, 400), id="account numbers"),
        pytest.param("bank_account", STANDING, numbers(8, 400), id="account numbers of creditors"),
        pytest.param("company_number", STANDING, numbers(8, 400, "00000001")[:400], id="company numbers"),
        pytest.param("home_telephone", PAYROLL, ["01" + rest for rest in numbers(9, 50)], id="telephones"),
        pytest.param("date_of_birth", PAYROLL, days(400, "%d%m%Y"), id="dates of birth"),
    ],
)
def test_zeros_that_a_spreadsheet_took_off_come_back(
    column: str, specification: Specification, values: list[str]
) -> None:
    whole = [value for value in values if not value.startswith(("00", "010", "011", "012"))]
    if column != "company_number":
        whole = [value for value in values if not value.startswith("00")]
    assert in_column(column, one_zero_taken_off(whole), specification) == whole


@pytest.mark.parametrize(
    ("column", "specification", "values"),
    [
        pytest.param(
            "sort_code", PAYROLL, [*numbers(6, 400), "20452"], id="zeros are there: a digit is missing"
        ),
        pytest.param("sort_code", PAYROLL, [*numbers(6, 400, "123456789"), "20452"], id="one slip in 400"),
        pytest.param("sort_code", PAYROLL, one_zero_taken_off(numbers(6, 90)), id="too few to tell"),
        pytest.param("sort_code", PAYROLL, numbers(5, 400, "123456789"), id="none of full length"),
        pytest.param(
            "bank_account",
            PAYROLL,
            [*numbers(8, 300, "123456789"), *numbers(7, 30, "123456789"), *numbers(10, 20)],
            id="numbers of other lengths",
        ),
        pytest.param("bank_account", PAYROLL, [*numbers(8, 300), *numbers(7, 30, "1234")], id="zeros kept"),
        pytest.param("company_number", STANDING, ["1105851", "1299999"] * 60, id="charities' numbers"),
        pytest.param(
            "company_number",
            STANDING,
            [*numbers(8, 100, "1"), *(["1105851", "1200001", "1000000"] * 10)],
            id="charities' numbers among companies'",
        ),
        pytest.param("employee_reference", PAYROLL, [str(n) for n in range(9_700, 12_000)], id="a counter"),
        pytest.param(
            "creditor_reference",
            HISTORY,
            [*numbers(6, 990, "123456789"), *numbers(5, 10, "12345")],
            id="references",
        ),
        pytest.param(
            "passport_number", PAYROLL, [*numbers(9, 300, "123456789"), *numbers(8, 30, "1")], id="passports"
        ),
        pytest.param("home_telephone", PAYROLL, ["7700900123"] * 19, id="too few telephones"),
        pytest.param(
            "home_telephone", PAYROLL, [*(["7700900123"] * 40), *(["2025550123x"] * 5)], id="other telephones"
        ),
        pytest.param(
            "date_of_birth", PAYROLL, [*days(400, "%d%m%Y"), "1041980"], id="dates: a digit is missing"
        ),
        pytest.param(
            "date_of_birth",
            PAYROLL,
            [value.lstrip("0") for value in days(400, "%m%d%Y")],
            id="month first, compact",
        ),
        pytest.param("date_of_birth", PAYROLL, ["10120", "111220"] * 100, id="ddmmyy without its zero"),
    ],
)
def test_nothing_is_filled_up_without_a_proof(
    column: str, specification: Specification, values: list[str]
) -> None:
    assert in_column(column, values, specification) == values


def test_only_one_zero_is_put_back() -> None:
    values = [*numbers(8, 200, "123456789"), *numbers(7, 20, "123456789"), "345678"]
    after = in_column("bank_account", values)
    assert after == [*values[:200], *("0" + value for value in values[200:220]), "345678"]


def test_a_date_that_would_not_be_real_gets_no_zero() -> None:
    values = [*one_zero_taken_off(days(300, "%d%m%Y")), "9991980"]
    assert in_column("date_of_birth", values)[-1] == "9991980"


@pytest.mark.parametrize(
    ("column", "specification"),
    [("employee_reference", PAYROLL), ("creditor_reference", HISTORY), ("bank_account", PAYROLL)],
)
def test_a_decimal_point_behind_every_reference_goes(column: str, specification: Specification) -> None:
    values = numbers(8, 30, "123456789")
    assert in_column(column, [f"{value}.0" for value in values], specification) == values


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(["12345.0"] * 30 + ["12345"], id="one without"),
        pytest.param(["12345.0"] * 30 + ["A1"], id="one that is no number"),
        pytest.param(["12345.0"] * 19, id="too few"),
        pytest.param(["1234567890123456.0"] * 30, id="more digits than are exact"),
        pytest.param(["1.0E+10"] * 30, id="scientific: the digits are lost"),
        pytest.param(["12345.5"] * 30, id="a decimal"),
    ],
)
def test_a_decimal_point_stays_where_not_every_value_has_it(values: list[str]) -> None:
    assert in_column("employee_reference", values) == values


def test_after_the_decimal_point_goes_the_zero_comes_back() -> None:
    phones = ["7" + rest for rest in numbers(9, 30)]
    assert in_column("mobile_telephone", [f"{phone}.0" for phone in phones]) == [f"0{p}" for p in phones]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("%m/%d/%Y", "%d/%m/%Y"),
        ("%m-%d-%Y", "%d-%m-%Y"),
        ("%m/%d/%y", "%d/%m/%y"),
        pytest.param("%m/%d/%Y 00:00", "%d/%m/%Y", id="with midnight"),
        pytest.param("%m/%d/%Y 23:00:00", "%d/%m/%Y 23:00:00", id="with eleven at night"),
    ],
)
def test_a_column_with_the_month_first_is_turned_round(written: str, expected: str) -> None:
    dates = [date(1980, 1, 1) + timedelta(days=37 * place) for place in range(60)]
    after = in_column("date_of_birth", [day.strftime(written) for day in dates])
    assert after == [day.strftime(expected) for day in dates]


def test_single_digits_are_turned_round_too_and_become_two() -> None:
    dates = [date(1980, 1, 1) + timedelta(days=37 * place) for place in range(60)]
    after = in_column("date_of_birth", [f"{day.month}/{day.day}/{day.year}" for day in dates])
    assert after == [day.strftime("%d/%m/%Y") for day in dates]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([*days(60, "%m/%d/%Y"), "13/04/1980"], id="one day first"),
        pytest.param([*days(60, "%m/%d/%Y"), "31-04-1980"], id="one day first, no real day, other separator"),
        pytest.param([*days(60, "01/%m/%Y"), "01/13/1980"], id="first days of months and one slip"),
        pytest.param(["04/05/1980", "01/02/1980"] * 30, id="any order would do"),
        pytest.param(["04/13/1980"] * 19, id="too few"),
        pytest.param(["02/30/1980"] * 60, id="no real days"),
        pytest.param(days(60, "%Y-%m-%d"), id="year first"),
        pytest.param(days(60, "%m.%d.%Y"), id="dots"),
        pytest.param(days(60, "%d/%m/%Y"), id="day first"),
    ],
)
def test_nothing_is_turned_round_without_a_proof(values: list[str]) -> None:
    assert in_column("date_of_birth", values) == values


def test_what_is_no_day_either_way_stays_in_a_column_that_is_turned_round() -> None:
    values = [*days(60, "%m/%d/%Y"), "02/30/1980", "unknown", "04/13/1980 pm"]
    assert in_column("date_of_birth", values)[-3:] == values[-3:]


def test_a_column_of_day_numbers_becomes_dates() -> None:
    # Excel: 1 is 1 January 1900, 43831 is 1 January 2020, and 60 is the day that never was
    after = in_column("date_started", [str(43_831 + place) for place in range(30)])
    assert after == [(date(2020, 1, 1) + timedelta(days=place)).strftime("%d/%m/%Y") for place in range(30)]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(["43831"] * 30 + ["01/01/2020"], id="one date among them"),
        pytest.param(["43831"] * 19, id="too few"),
        pytest.param(["43831"] * 30 + ["99999"], id="one far in the future"),
        pytest.param(["43831.5"] * 30, id="with a time of day"),
        pytest.param(["4383"] * 30, id="too small"),
    ],
)
def test_day_numbers_stay_where_not_every_value_is_one(values: list[str]) -> None:
    assert in_column("date_started", values) == values


def test_a_day_number_that_would_lie_in_the_future_stays_where_that_is_a_finding() -> None:
    values = ["30000"] * 30 + ["47000"]  # 2028: no date of birth
    assert in_column("date_of_birth", values) == ["18/02/1982"] * 30 + ["47000"]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(lambda: days(60, "%m/%d/%Y"), id="month first"),
        pytest.param(lambda: ["43831"] * 60, id="day numbers"),
        pytest.param(lambda: one_zero_taken_off(days(300, "%d%m%Y")), id="without zeros"),
    ],
)
def test_how_dates_are_written_stays_where_the_mapping_says_it(values: Callable[[], list[str]]) -> None:
    records = batch({"date_of_birth": values()})
    survey = CorrectionSurvey(PAYROLL, ["date_of_birth"], today=TODAY, dates=[date_format("mm/dd/yyyy")])
    survey.add(records)
    assert survey.decide().decisions == ()
