"""Addresses and post codes, however they are written."""

from __future__ import annotations

import pyarrow as pa
import pytest

from matching.standards import STANDARDS

FIELDS = 5


def form_of(standard: str, *values: str) -> str | None:
    filled = (*values[:-1], *[""] * (FIELDS - len(values)), values[-1])
    form: str | None = STANDARDS[standard](*(pa.array([value], pa.string()) for value in filled))[0].as_py()
    return form


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(("14 High St", "Leeds", "LS6 4AP"), ("14 HIGH STREET", "ls64ap"), id="street and case"),
        pytest.param(("14 Acorn Rd.", "LS6 4AP"), ("14, Acorn Road", "LS6 4AP"), id="road"),
        pytest.param(
            ("Flat 2", "14 High St", "LS6 4AP"), ("14 High St", "Flat 2", "LS6 4AP"), id="order of lines"
        ),
        pytest.param(
            ("Flat 2, 14 High St", "LS6 4AP"), ("Flat 2", "14 High St", "LS6 4AP"), id="one line or two"
        ),
        pytest.param(("2/14 High St", "LS6 4AP"), ("Flat 2", "14 High St", "LS6 4AP"), id="Scottish flat"),
        pytest.param(("14 St Johns Rd", "LS6 4AP"), ("14 Saint John's Road", "LS6 4AP"), id="saint"),
        pytest.param(
            ("14 High St Headingley", "LS6 4AP"), ("14 High St", "Headingley", "LS6 4AP"), id="place in line"
        ),
        pytest.param(
            ("Acorn House", "14 High St", "LS6 4AP"), ("14 High St", "LS6 4AP"), id="house name left out"
        ),
        pytest.param(("2nd Floor", "14 High St", "LS6 4AP"), ("14 High St", "LS6 4AP"), id="floor"),
        pytest.param(("PO Box 12", "Leeds", "LS6 4AP"), ("P.O. Box No 12", "LS6 4AP"), id="PO box"),
        pytest.param(("14 a High St", "LS6 4AP"), ("14A High St", "LS6 4AP"), id="letter apart"),
    ],
)
def test_ways_of_writing_one_address_share_a_form(left: tuple[str, ...], right: tuple[str, ...]) -> None:
    assert form_of("address", *left) == form_of("address", *right) is not None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(("14 High St", "LS6 4AP"), ("16 High St", "LS6 4AP"), id="house number"),
        pytest.param(("Flat 2", "14 High St", "LS6 4AP"), ("Flat 3", "14 High St", "LS6 4AP"), id="flat"),
        pytest.param(("14 High St", "LS6 4AP"), ("14 High St", "LS6 4AQ"), id="post code"),
        pytest.param(("14 High St", "LS6 4AP"), ("14 Mill Lane", "LS6 4AP"), id="street"),
        pytest.param(("Acorn House", "LS6 4AP"), ("Birch House", "LS6 4AP"), id="building"),
        pytest.param(("12-14 High St", "LS6 4AP"), ("1214 High St", "LS6 4AP"), id="range of numbers"),
    ],
)
def test_different_addresses_do_not(left: tuple[str, ...], right: tuple[str, ...]) -> None:
    assert form_of("address", *left) != form_of("address", *right)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("14 High St", ""), id="no post code"),
        pytest.param(("High Street", "LS6 4AP"), id="street without number"),
        pytest.param(("", "LS6 4AP"), id="no lines"),
    ],
)
def test_an_address_that_tells_no_premises_has_none(lines: tuple[str, ...]) -> None:
    assert form_of("address", *lines) is None


def test_premises_are_numbers_and_post_code_whatever_the_street() -> None:
    assert form_of("premises", "Flat 2", "14 Hihg St", "LS6 4AP") == "2 14 LS64AP"
    assert form_of("premises", "Acorn House", "LS6 4AP") is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("LSI 4AP", "LS14AP", id="I for 1"),
        pytest.param("LS1O 4AP", "LS104AP", id="O for 0"),
        pytest.param("L0 4AP", "L04AP", id="a real 0"),
        pytest.param("LO 4AP", "L04AP", id="O in a district of one digit"),
        pytest.param("0L1 4AP", "OL14AP", id="0 for O in the area"),
        pytest.param("LS1 AAP", "LS1AAP", id="nothing to mend"),
        pytest.param("SW1A 1AA", "SW1A1AA", id="letter in the district"),
        pytest.param("OX1 1AA", "OX11AA", id="area with O"),
    ],
)
def test_letters_in_place_of_digits_are_mended_in_post_codes(code: str, expected: str) -> None:
    assert STANDARDS["post_code"](pa.array([code]))[0].as_py() == expected
