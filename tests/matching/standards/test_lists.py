"""Standards that give several forms: any of them may agree."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.standards import LISTED, STANDARDS
from matching.standards.slips import lists_of_forms, one_left_out, two_in_order


def forms_of(standard: str, *values: str | None) -> list[str] | None:
    forms: list[str] | None = STANDARDS[standard](*(pa.array([value], pa.string()) for value in values))[
        0
    ].as_py()
    return forms


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Acorn Hire Ltd", ["ACORN HIRE"], id="one name"),
        pytest.param("J Birch t/a Acorn", ["ACORN", "J BIRCH", "J BIRCH ACORN"], id="trading as"),
        pytest.param(
            "J BIRCH TA ACORN", ["ACORN", "J BIRCH", "J BIRCH ACORN"], id="trading as, without stroke"
        ),
        pytest.param("Acorn formerly Birch", ["ACORN", "ACORN BIRCH", "BIRCH"], id="formerly"),
        pytest.param(
            "Acorn c/o Finance House", ["ACORN", "ACORN FINANCE HOUSE"], id="care of is another's name"
        ),
        pytest.param("Acorn (Leeds Branch) Ltd", ["ACORN", "ACORN LEEDS BRANCH"], id="branch in brackets"),
        pytest.param("Acorn - Leeds Depot", ["ACORN", "ACORN LEEDS DEPOT"], id="branch after a dash"),
        pytest.param("Redacted", None, id="placeholder"),
    ],
)
def test_a_company_is_compared_by_each_of_its_names(name: str, expected: list[str] | None) -> None:
    assert forms_of("company_names", name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Mr John Smith", ["SMITH J"], id="title"),
        pytest.param("Smith, John", ["SMITH J"], id="comma"),
        pytest.param("SMITH J", ["SMITH J"], id="initial last"),
        pytest.param("J Smith", ["SMITH J"], id="initial first"),
        pytest.param("John Smith", ["SMITH J"], id="known forename first"),
        pytest.param("Acorn Hire", None, id="no person"),
        pytest.param("Unit 4", None, id="number"),
    ],
)
def test_a_payee_who_may_be_a_person_is_found_by_surname_and_initial(
    name: str, expected: list[str] | None
) -> None:
    found = forms_of("payee_as_person", name)
    assert found == expected or (found is not None and expected is not None and set(expected) <= set(found))


def test_surname_and_initial_of_an_employee_agree_with_those_of_a_payee() -> None:
    employee = STANDARDS["surname_and_initial"](pa.array(["O'Neil"]), pa.array(["Mary Jane"]))
    assert employee.to_pylist() == forms_of("payee_as_person", "Mrs M O'Neil") == ["ONEIL M"]


def test_a_short_forename_may_mean_several() -> None:
    assert {"BILL", "WILLIAM"} <= set(forms_of("forenames_meant", "Bill") or [])
    assert not set(forms_of("forenames_meant", "Anne") or []) & set(forms_of("forenames_meant", "Bill") or [])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("123456", "123465", id="two neighbours swapped"),
        pytest.param("INV-1203", "INV-2103", id="swapped behind letters"),
    ],
)
def test_numbers_with_two_neighbours_swapped_share_a_form(left: str, right: str) -> None:
    assert set(forms_of("invoice_swapped", left) or []) & set(forms_of("invoice_swapped", right) or [])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("123456", "123457", id="another digit"),
        pytest.param("123456", "321456", id="swapped, not neighbours"),
        pytest.param("123456", "12356", id="digit missing"),
    ],
)
def test_numbers_that_differ_otherwise_share_none(left: str, right: str) -> None:
    assert not set(forms_of("invoice_swapped", left) or []) & set(forms_of("invoice_swapped", right) or [])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("123456", "129456", id="one digit wrong"),
        pytest.param("123456", "12346", id="one missing"),
        pytest.param("123456", "1234556", id="one doubled"),
        pytest.param("123456", "124356", id="two swapped"),
    ],
)
def test_numbers_one_slip_apart_share_a_form(left: str, right: str) -> None:
    assert set(forms_of("invoice_near", left) or []) & set(forms_of("invoice_near", right) or [])


def test_numbers_two_slips_apart_share_none_and_short_ones_have_none() -> None:
    assert not set(forms_of("invoice_near", "123456") or []) & set(forms_of("invoice_near", "173956") or [])
    assert forms_of("invoice_near", "1234") is None
    assert forms_of("invoice_swapped", "123") is None


def test_numbers_in_sequence_share_none() -> None:
    assert not set(forms_of("invoice_near", "123456") or []) & set(forms_of("invoice_near", "123457") or [])


NUMBERS = st.lists(st.text(alphabet="0123456789ABNV", min_size=1, max_size=12), max_size=8)


@given(NUMBERS)
def test_forms_of_many_numbers_are_those_of_a_plain_loop(numbers: list[str]) -> None:
    left_out = lists_of_forms(pa.array(numbers, pa.string()), one_left_out, 5).to_pylist()
    in_order = lists_of_forms(pa.array(numbers, pa.string()), two_in_order, 4).to_pylist()
    for number, shorter, ordered in zip(numbers, left_out, in_order, strict=True):
        places = range(len(number) - 1)
        assert set(shorter or ()) == (
            {number, *(number[:at] + number[at + 1 :] for at in places if number[at] != number[at + 1])}
            if len(number) >= 5
            else set()
        )
        assert set(ordered or ()) == (
            {
                number[:at] + "".join(sorted(number[at : at + 2])) + number[at + 2 :] + f"|{at}"
                for at in places
                if number[at] != number[at + 1]
            }
            if len(number) >= 4
            else set()
        )


def test_words_of_a_name_are_found_apart_and_as_one() -> None:
    assert forms_of("name_words", "Smith-Jones") == ["JONES", "SMITH", "SMITHJONES"]
    assert forms_of("name_words", "J & O'Hara Co") == ["OHARA"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param("01632 960123", ["+441632960123"], id="as dialled at home"),
        pytest.param("+44 (0)1632 960123", ["+441632960123"], id="with country and bracketed zero"),
        pytest.param("0044 1632 960123", ["+441632960123"], id="as dialled from abroad"),
        pytest.param("1632960123", ["+441632960123"], id="leading zero lost"),
        pytest.param("01632-960-123 ext. 45", ["+441632960123"], id="extension"),
        pytest.param("07700 900123", ["+447700900123"], id="mobile"),
        pytest.param("+33 1 42 68 53 00", ["+33142685300"], id="abroad"),
        pytest.param("0000 000 0000", None, id="zeros"),
        pytest.param("01111 111111", None, id="one digit throughout"),
        pytest.param("960123", None, id="too short to tell where"),
        pytest.param("not known", None, id="words"),
    ],
)
def test_telephone_numbers_are_compared_as_the_world_dials_them(
    number: str, expected: list[str] | None
) -> None:
    assert forms_of("telephones", number) == expected


def test_any_of_a_person_s_telephones_may_agree() -> None:
    assert forms_of("telephones", "01632 960123", "07700 900123") == ["+441632960123", "+447700900123"]
    assert forms_of("telephones", None, "07700 900123") == ["+447700900123"]


def test_a_street_is_found_with_any_of_its_places() -> None:
    assert forms_of("street_and_town", "14 High St", "Headingley", "Leeds", None, "LS6 4AP") == [
        "14 HIGH STREET HEADINGLEY",
        "14 HIGH STREET LEEDS",
        "14 HIGH STREET LS6",
    ]
    assert forms_of("street_and_town", "High Street", "Leeds", None, None, None) is None


@pytest.mark.parametrize("standard", sorted(LISTED))
@given(texts=st.lists(st.text("ABab01 -&./t", max_size=14), min_size=1, max_size=20))
def test_no_list_holds_a_value_twice(standard: str, texts: list[str]) -> None:
    columns = 3 if standard == "street_and_town" else 1
    lists = STANDARDS[standard](*[pa.array(texts, pa.string())] * columns).to_pylist()
    assert all(each is None or len(set(each)) == len(each) for each in lists)
