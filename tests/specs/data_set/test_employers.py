from __future__ import annotations

from collections.abc import Callable

import pytest

from specs.data_set import AcrossContext, AcrossFindings
from specs.data_set.employers import employers

ContextOf = Callable[..., AcrossContext]
Told = Callable[[AcrossFindings], list[tuple[str, str | None, str | None, str]]]


def test_several_employers_in_one_file_are_an_error_with_the_names_and_counts(
    context_of: ContextOf, told: Told
) -> None:
    counts = {"Anytown Council": 900, "Anytown Fire": 30, "Anytown  COUNCIL ": 1, "": 7, "C": 1, "D": 1}
    assert told(employers(context_of("payroll", [], employers=counts))) == [
        (
            "several_employers",
            None,
            "error",
            "4 employers: Anytown COUNCIL (901 records), Anytown Fire (30 records), C (1 record) and 1 more",
        )
    ]


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param({"Anytown Council": 2}, id="one"),
        pytest.param(
            {"Anytown Council": 2, " ANYTOWN  COUNCIL": 1, "": 4}, id="one, spelt in two ways, and blanks"
        ),
        pytest.param({}, id="no record"),
    ],
)
def test_one_employer_is_as_it_should_be(context_of: ContextOf, counts: dict[str, int]) -> None:
    assert employers(context_of("payroll", [], employers=counts)) == AcrossFindings()


def test_without_an_employer_heading_it_is_said_that_nobody_looked(context_of: ContextOf) -> None:
    (skipped,) = employers(context_of("payroll", [])).not_checked
    assert skipped.code == "several_employers"
    assert "mapping" in skipped.reason


def test_payments_are_of_no_employer(context_of: ContextOf) -> None:
    counts = {"Anytown Council": 2, "Anytown Fire": 1}
    assert employers(context_of("creditors-history", [], employers=counts)) == AcrossFindings()
