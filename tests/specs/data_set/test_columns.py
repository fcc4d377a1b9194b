from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from specs.data_set import AcrossContext, AcrossFindings
from specs.data_set.columns import columns

ContextOf = Callable[..., AcrossContext]
Told = Callable[[AcrossFindings], list[tuple[str, str | None, str | None, str]]]


def records_of(column: str, values: list[Any]) -> list[dict[str, Any]]:
    return [{column: value} for value in values]


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        pytest.param(
            "passport_number",
            [None] * 3,
            [("column_blank", "Passport number", "note", "blank in all 3 records")],
            id="blank, may be",
        ),
        pytest.param(
            "ni_number",
            [None] * 3,
            [("column_blank", "National insurance number", "warning", "blank in all 3 records")],
            id="blank, and a key field",
        ),
        pytest.param("date_left", [None] * 3, [], id="blank, as it should be"),
        pytest.param("ni_number", [], [], id="no records"),
        pytest.param(
            "surname",
            ["Able"] * 20,
            [
                (
                    "column_constant",
                    "Surname",
                    "warning",
                    "the same value in all 20 records that fill it",
                )
            ],
            id="everybody has one name",
        ),
        pytest.param("surname", ["Able"] * 19, [], id="a small family business"),
        pytest.param("surname", ["Able"] * 19 + ["Baker"], [], id="varies"),
        pytest.param(
            "title",
            ["Mr"] * 20,
            [("column_constant", "Title", "note", "the same value in all 20 records that fill it")],
            id="one title: a note",
        ),
        pytest.param("teacher_flag", ["T"] * 20, [], id="a flag has one value"),
        pytest.param("department", ["ED"] * 20, [], id="a code may have one value"),
        pytest.param("standard_hours", [3700] * 20, [], id="everybody works full time"),
        pytest.param(
            "ni_number",
            [f"CR12345{place}A" for place in range(9)] * 2 + [None] * 2,
            [
                (
                    "few_filled",
                    "National insurance number",
                    "warning",
                    "filled in 18 of 20 records (90 %); expected in at least 95 %",
                )
            ],
            id="filled too rarely",
        ),
        pytest.param("ni_number", ["CR123456A", "CR123457A"] * 10, [], id="all filled"),
        pytest.param("ni_number", ["CR123456A", None], [], id="too few records for a share"),
        pytest.param("roll_number", ["1"] + [None] * 30, [], id="rare by nature"),
    ],
)
def test_columns_as_a_whole(
    context_of: ContextOf, told: Told, column: str, values: list[Any], expected: list[Any]
) -> None:
    assert told(columns(context_of("payroll", records_of(column, values), columns={column}))) == expected
