"""What kind of thing stands under a heading, by its values alone. All values are invented."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.proposal.column_profile import ColumnProfile, profile_of
from specs.proposal.from_values import KINDS
from tests.examples import examples

DAY = date(2026, 10, 5)
MOST, COULD_BE = 0.8, 0.5


def profile(values: list[str]) -> ColumnProfile:
    return profile_of("Column1", pa.array(values, pa.string()), DAY)


def dates(first: date, *, step: int, count: int = 80) -> list[str]:
    return [(first + timedelta(days=step * number)).strftime("%d/%m/%Y") for number in range(count)]


def numbers(first: int, *, step: int = 1, count: int = 80, form: str = "{}") -> list[str]:
    return [form.format(first + step * number) for number in range(count)]


SPREAD = numbers(1_234_567, step=1_213_131, form="{:08d}")
"""Eight figures that begin with any of the ten."""

VALUES: dict[str, list[str]] = {
    "ni_number": ["CR123456C", "CR 22 33 44 A", "cr123457d"] * 20,
    "post_code": ["LS1 4AP", "ls14ap", "SW1A 1AA"] * 20,
    "email": ["a.n.other@example.org", "accounts@example.com"] * 20,
    "sort_code": ["20-45-23", "60-12-34"] * 20,
    "account_number": SPREAD,
    "vat_number": ["GB 949 0001 38", "949000138"] * 20,
    "company_number": ["01203270", "SC123456", "8911274"] * 20,
    "telephone": ["01632 960123", "07700 900123", "020 7946 0018"] * 20,
    "landline": ["01632 960123", "(01632) 960124", "+44 1632 960125"] * 20,
    "mobile": ["07700 900123", "+44 7700 900124", "7700900125"] * 20,
    "birth_date": dates(date(1960, 1, 3), step=190),
    "start_date": dates(date(2009, 2, 1), step=80),
    "recent_date": ["28/08/2026", "25/09/2026", "24/09/2026"] * 20,
    "date": dates(date(2025, 1, 1), step=3),
    "money": ["39,600.00", "-30258.12", "£12.50", "(4.00)"] * 20,
    "hours": ["37", "37.00", "18.5", "36.25", "37.5", "16"] * 20,
    "sex": ["M", "F", "Female"] * 20,
    "title": ["Mr", "Mrs.", "MISS", "Dr"] * 20,
    "full_part_time": ["F", "P", "P", "C"] * 20,
    "teacher": ["T"] * 20,
    "forename": ["Susan", "David", "Mary Ann", "Krzysztof", "Mohammed", "Emma"] * 20,
    "surname": ["Smith", "Jones", "O'Brien", "Patel", "Oyelaran", "Taylor-Hill"] * 20,
    "organisation_name": ["Wexel Pest Control Ltd", "Pemley Care", "Borough Council", "J Bloggs & Sons"] * 20,
    "address_line": ["12 High Street", "3a Station Road", "Flat 4 Elm Court", "98 Saddlers Way"] * 20,
    "own_reference": numbers(10_000_001),
    "others_reference": ["INV-0045", "SI/22/199", "4471", "2101-002-000057", "CH1048A", "77123"] * 20,
    "party_reference": ["S122316", "S100044", "S100044"] * 20,
    "payment_method": ["BACS", "Cheque", "CHAPS"] * 20,
    "one_employer": ["Borough of Anywhere"] * 60,
}


@pytest.mark.parametrize("kind", VALUES)
def test_values_of_a_kind_are_known_by_themselves(kind: str) -> None:
    least = 0.6 if kind in {"party_reference", "one_employer"} else MOST
    assert KINDS[kind].test(profile(VALUES[kind])) >= least


@pytest.mark.parametrize(
    ("kind", "others"),
    [
        pytest.param("account_number", ["own_reference", "birth_date", "sort_code"], id="account"),
        pytest.param("sort_code", ["account_number", "date", "hours"], id="sort code"),
        pytest.param("birth_date", ["start_date", "recent_date", "money"], id="birth"),
        pytest.param("own_reference", ["others_reference", "party_reference", "surname"], id="own number"),
        pytest.param("others_reference", ["own_reference", "date", "organisation_name"], id="others' number"),
        pytest.param("forename", ["surname", "organisation_name", "email"], id="forename"),
        pytest.param("surname", ["organisation_name", "email", "title"], id="surname"),
        pytest.param("sex", ["full_part_time", "title"], id="sex"),
        pytest.param("full_part_time", ["sex"], id="hours worked"),
        pytest.param("vat_number", ["telephone", "money"], id="VAT number"),
        pytest.param("mobile", ["money", "account_number"], id="mobile"),
        pytest.param("money", ["date", "recent_date", "surname"], id="money"),
    ],
)
def test_values_of_another_kind_are_not_taken_for_it(kind: str, others: list[str]) -> None:
    assert {other: KINDS[kind].test(profile(VALUES[other])) > COULD_BE for other in others} == dict.fromkeys(
        others, False
    )


def test_many_wrong_values_leave_the_others_to_tell() -> None:
    assert KINDS["ni_number"].test(profile(["CR123456C"] * 6 + ["unreadable"] * 4)) == pytest.approx(0.6)


@pytest.mark.parametrize("nothing", ["", "  ", "N/A", "n/a", "NULL", "-", "None", "TBC"])
def test_what_says_nothing_is_not_filled(nothing: str) -> None:
    assert profile([nothing, "x"]).filled == 1


def test_profiles_of_two_files_add_up() -> None:
    both = profile(["a", "b", "a"]).joined_with(profile(["b", "c", ""]))
    assert dict(zip(both.distinct.to_pylist(), both.counts.tolist(), strict=True)) == {"a": 2, "b": 2, "c": 1}
    assert (both.rows, both.filled, both.unique) == (6, 5, 0.6)


@settings(deadline=None, max_examples=examples(20))
@given(st.lists(st.text(max_size=14), max_size=12))
def test_of_any_text_each_kind_says_a_number_from_nought_to_one(values: list[str]) -> None:
    looked_at = profile(values)
    for kind in KINDS.values():
        assert 0 <= kind.test(looked_at) <= 1.0001
