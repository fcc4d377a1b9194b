"""Records that agree where each should be its own. All people are invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specs.data_set import AcrossContext, AcrossFindings
from specs.data_set import agreements as module
from specs.data_set import set_apart as apart_module
from specs.data_set.agreements import agreement_keys, agreements
from specs.data_set.set_apart import set_apart
from tests.examples import examples

ContextOf = Callable[..., AcrossContext]
BORN, OTHER_DAY = date(1980, 2, 1), date(1991, 7, 30)


def found_in(context: AcrossContext) -> AcrossFindings:
    return agreements(context, set_apart(context, agreement_keys(context)))


def person(reference: str, **columns: Any) -> dict[str, Any]:
    return {
        "employee_reference": reference,
        "surname": "Able",
        "forenames": "Ann",
        "date_of_birth": BORN,
        "ni_number": "CR123456C",
    } | columns


@pytest.mark.parametrize(
    ("second", "codes"),
    [
        pytest.param({"surname": "Baker"}, ["nino_shared"], id="other surname"),
        pytest.param({"date_of_birth": OTHER_DAY}, ["nino_shared"], id="other date of birth"),
        pytest.param({}, ["person_twice"], id="same person, other reference"),
        pytest.param({"forenames": "Annie"}, ["person_twice"], id="same person, forename spelt otherwise"),
        pytest.param({"ni_number": None}, ["person_twice"], id="same name and date, no number in one"),
        pytest.param({"ni_number": None, "surname": "ABLE"}, ["person_twice"], id="case does not matter"),
        pytest.param({"ni_number": "cr 12 34 56 d", "surname": "Baker"}, ["nino_shared"], id="first eight"),
        pytest.param({"ni_number": "CR654321C"}, [], id="same name and date, but other numbers: two people"),
        pytest.param({"ni_number": None, "date_of_birth": OTHER_DAY}, [], id="only the name"),
        pytest.param({"employee_reference": "1"}, [], id="same reference: the key's business"),
        pytest.param({"surname": None, "employee_reference": "1"}, [], id="a blank differs from nothing"),
        pytest.param({"surname": "A'ble", "employee_reference": "1"}, [], id="punctuation does not differ"),
    ],
)
def test_two_records_of_one_number_or_person(
    context_of: ContextOf, second: dict[str, Any], codes: list[str]
) -> None:
    context = context_of("payroll", [person("1"), person("2") | second])
    found = found_in(context).rows.to_pylist()
    assert [(each["code"], each["row"]) for each in found] == [
        (code, row) for code in codes for row in (2, 3)
    ]
    assert {each["severity"] for each in found} <= {"warning"}


@pytest.mark.parametrize("number", ["TN010280F", "QQ123456C", "11A11111", "ZZ999999D", "unknown"])
def test_what_is_no_national_insurance_number_is_not_shared_by_anyone(
    context_of: ContextOf, number: str
) -> None:
    records = [person("1", ni_number=number), person("2", ni_number=number, surname="Baker")]
    assert found_in(context_of("payroll", records)).rows.num_rows == 0


@pytest.mark.parametrize(
    ("second", "is_found"),
    [
        pytest.param({"surname": "Baker"}, True, id="other surname"),
        pytest.param({"surname": "Baker", "sort_code": "204523"}, True, id="sort code without hyphens"),
        pytest.param({"surname": "Able"}, False, id="same surname"),
        pytest.param({"surname": "Baker", "sort_code": "20-45-24"}, False, id="another branch"),
        pytest.param({"surname": "Baker", "roll_number": "1/2"}, False, id="member of a building society"),
        pytest.param({"surname": "Baker", "bank_account": None}, False, id="no account"),
    ],
)
def test_an_account_of_several_people_is_a_note(
    context_of: ContextOf, second: dict[str, Any], is_found: bool
) -> None:
    first = {"surname": "Able", "sort_code": "20-45-23", "bank_account": "00000012"}
    context = context_of("payroll", [first, first | second])
    found = found_in(context).rows.to_pylist()
    assert [(each["code"], each["severity"], each["field"]) for each in found] == (
        [("account_shared", "note", "Bank account")] * 2 if is_found else []
    )


def test_the_other_rows_are_named_and_what_differs(context_of: ContextOf) -> None:
    records = [person(str(place), surname=f"Able {place}") for place in range(5)]
    records[4]["date_of_birth"] = OTHER_DAY
    found = found_in(context_of("payroll", records)).rows.to_pylist()
    assert found[0]["value"] == "CR123456C"
    assert found[0]["detail"] == "also on rows 3, 4, 5 and 1 more; differs: Surname, Date of birth"
    assert [each["row"] for each in found] == [2, 3, 4, 5, 6]


def test_what_cannot_be_compared_is_said(context_of: ContextOf) -> None:
    found = found_in(context_of("payroll", [person("1")], columns={"employee_reference", "surname"}))
    assert found.rows.num_rows == 0
    assert [each.code for each in found.not_checked] == [
        "nino_shared",
        "person_twice",
        "person_twice",
        "account_shared",
    ]
    assert "no column for National insurance number" in found.not_checked[0].reason


def test_a_rule_goes_by_those_of_its_columns_that_there_are(context_of: ContextOf) -> None:
    records = [person("1"), person("2", surname="Baker")]
    context = context_of("payroll", records, columns={"ni_number", "surname"})
    assert {each["code"] for each in found_in(context).rows.to_pylist()} == {"nino_shared"}


PEOPLE = st.fixed_dictionaries(
    {
        "employee_reference": st.sampled_from(["1", "2", "3", None]),
        "surname": st.sampled_from(["Able", "ABLE", "Baker", None]),
        "forenames": st.sampled_from(["Ann", "Bob"]),
        "date_of_birth": st.sampled_from([BORN, OTHER_DAY, None]),
        "ni_number": st.sampled_from(["CR123456C", "CR123456", "CR111111A", None]),
        "bank_account": st.sampled_from(["00000012", None]),
        "sort_code": st.just("20-45-23"),
        "roll_number": st.sampled_from([None, "R1"]),
    }
)


def differ(records: list[dict[str, Any]], column: str) -> bool:
    values = [str(record[column]).upper() for record in records if record[column] is not None]
    return len(set(values)) > 1


def by_loops(records: list[dict[str, Any]]) -> set[tuple[str, int]]:
    """Code and row of each record that agrees with another, without SQL."""
    found = set()
    for one in records:
        number, account = one["ni_number"], one["bank_account"]
        alike = [
            each for each in records if each["ni_number"] and number and each["ni_number"][:8] == number[:8]
        ]
        if differ(alike, "surname") or differ(alike, "date_of_birth"):
            found.add(("nino_shared", one["row"]))

        def same(each: dict[str, Any], *columns: str, one: dict[str, Any] = one) -> bool:
            return all(
                one[column] is not None and str(each[column]).upper() == str(one[column]).upper()
                for column in columns
            )

        namesakes = [each for each in records if same(each, "surname", "forenames", "date_of_birth")]
        posts = [each for each in alike if same(each, "surname", "date_of_birth")]
        lacking = any(each["ni_number"] is None for each in namesakes)
        if differ(posts, "employee_reference") or (lacking and differ(namesakes, "employee_reference")):
            found.add(("person_twice", one["row"]))
        shared = [each for each in records if each["bank_account"] and account]
        if differ([each for each in shared if each["roll_number"] == one["roll_number"]], "surname"):
            found.add(("account_shared", one["row"]))
    return found


@pytest.mark.parametrize("few", [0, 1_000], ids=["by all that is the same", "by the day"])
@pytest.mark.parametrize("most", [0, apart_module.MOST], ids=["all compared", "set apart"])
@settings(
    deadline=None, max_examples=examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(records=st.lists(PEOPLE, max_size=6))
def test_the_queries_find_what_loops_find(
    context_of: ContextOf,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    few: int,
    records: list[dict[str, Any]],
) -> None:
    monkeypatch.setattr(apart_module, "MOST", most)
    monkeypatch.setattr(module, "_FEW", few)
    found = found_in(context_of("payroll", records)).rows.to_pylist()
    numbered = [record | {"row": row} for row, record in enumerate(records, start=2)]
    told = [(each["code"], each["row"]) for each in found]
    assert set(told) == by_loops(numbered)
    assert len(told) == len(set(told)), "each row once per code"


def test_where_too_many_share_a_number_that_is_said_instead_of_telling_each(
    context_of: ContextOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_TOLD", 2)
    records = [person(str(place), surname=f"Able {place}") for place in range(3)]
    found = found_in(context_of("payroll", records))
    assert found.rows.num_rows == 0
    assert [(each.code, each.reason) for each in found.not_checked] == [
        (
            code,
            "more than 2 records share their National insurance number with another: "
            "look at the column first",
        )
        for code in ("nino_shared", "person_twice")
    ]
