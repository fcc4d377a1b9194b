"""The payroll of one body beside that of another: one person on both, and the reasons there may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matching.body import Body
from matching.engines.duckdb import DuckDBEngine
from matching.known_reports import reports_called
from matching.match import match
from matching.result import MatchResult
from specs.specification import Specification

Row = Mapping[str, Any]
numbers = count(1)

ANN = {
    "surname": "Thistle",
    "forenames": "Ann",
    "date_of_birth": date(1980, 2, 1),
    "ni_number": "CR100001A",
    "address_line_1": "7 Orchard Close",
    "post_code": "LS2 9JT",
}
FULL = {"full_part_time": "F", "standard_hours": 3700}


def person(**other: Any) -> dict[str, Any]:
    n = next(numbers)
    return {
        "employee_reference": "E1",
        "surname": f"Sample{chr(65 + n % 26)}",
        "forenames": "Eve",
        "ni_number": f"CR{n * 7_919 % 1_000_000:06d}A",
        "date_of_birth": date(1970, 1, 1 + n % 28),
        "date_started": date(2015, 4, 1),
        "date_last_paid": date(2026, 9, 25),
        "full_part_time": "P",
        "standard_hours": 1800,
        "gross_pay_to_date": 900_000,
        "sort_code": "204523",
        "bank_account": f"{n + 10_000_000}",
    } | other


@pytest.fixture
def between(
    tmp_path: Path,
    checked_table: Callable[[str, Sequence[Row]], pa.Table],
    specifications: dict[str, Specification],
) -> Callable[..., MatchResult]:
    """What one report finds between the payrolls of two bodies."""

    def run(report: str, here: Sequence[Row], there: Sequence[Row]) -> MatchResult:
        bodies = []
        for name, rows in (("Here", here), ("There", there)):
            file = tmp_path / f"{name}.parquet"
            pq.write_table(checked_table("payroll", rows), file)
            bodies.append(Body({"payroll": file}, name=name))
        chosen = reports_called((report,))
        return match(bodies[0], chosen, specifications, DuckDBEngine(), tmp_path, other=bodies[1])

    return run


@pytest.mark.parametrize(
    ("report", "here", "there"),
    [
        pytest.param("payroll-same-nino", ANN, ANN, id="one number, whatever the references"),
        pytest.param(
            "payroll-nino-different-names", ANN, ANN | {"surname": "Vetch"}, id="one number, two names"
        ),
        pytest.param(
            "payroll-two-ni-numbers", ANN, ANN | {"ni_number": "CR900009A"}, id="one person, two numbers"
        ),
        pytest.param("payroll-two-full-time-posts", ANN | FULL, ANN | FULL, id="two full-time posts"),
        pytest.param(
            "payroll-same-bank", {"bank_account": "10000099"}, {"bank_account": "10000099"}, id="one account"
        ),
    ],
)
def test_one_person_on_two_payrolls_is_found(
    between: Callable[..., MatchResult], report: str, here: Row, there: Row
) -> None:
    assert between(report, [person(**here), person()], [person(), person(**there)]).cases.num_rows == 1


def test_what_one_payroll_holds_by_itself_is_left_to_its_own_match(
    between: Callable[..., MatchResult],
) -> None:
    twice = [person(**ANN), person(**ANN, employee_reference="E2")]
    assert between("payroll-same-nino", twice, [person()]).cases.num_rows == 0


@pytest.mark.parametrize(
    ("report", "here", "there", "told"),
    [
        pytest.param(
            "payroll-same-nino",
            ANN,
            ANN | {"standard_hours": 1000},
            "One person in 2 posts: 28.00 hours a week in all, at most one post marked full-time",
            id="two part-time posts",
        ),
        pytest.param(
            "payroll-two-full-time-posts",
            ANN | FULL | {"date_last_paid": date(2026, 5, 29)},
            ANN | FULL | {"date_started": date(2026, 5, 18)},
            "The post that began on 18/05/2026 follows one last paid on 29/05/2026: looks like a move from "
            "one post to another",
            id="changed employer in that month",
        ),
        pytest.param(
            "payroll-two-full-time-posts",
            ANN | FULL | {"department": "Secondments"},
            ANN | FULL,
            "A department reads 'Secondments': looks like a secondment",
            id="seconded",
        ),
    ],
)
def test_the_ordinary_reasons_are_told(
    between: Callable[..., MatchResult], report: str, here: Row, there: Row, told: str
) -> None:
    assert between(report, [person(**here)], [person(**there)]).cases["explanations"].to_pylist() == [[told]]
