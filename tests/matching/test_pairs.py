"""Pairs of a match: of small groups all, of large ones each record with the first."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from matching.body import Body
from matching.engines.duckdb import DuckDBEngine
from matching.match import match
from matching.pairs import LARGEST_IN_FULL, PAIRS
from matching.report import Report
from matching.result import MatchResult
from specs.specification import Specification

Rows = Mapping[str, list[dict[str, Any]]]
Pairs = Callable[..., MatchResult]


def report(**keys: Any) -> Report:
    shape: dict[str, Any] = {
        "id": "mine",
        "title": "Mine",
        "about": "Mine.",
        "data": ["creditors-history"],
        "same": ["invoice_key"],
        "value": "total_invoice_amount",
        "strength": {"share": 0.8, "evidence": "inferred"},
    }
    return Report.model_validate(shape | keys)


@pytest.fixture
def pairs(
    checked: Callable[[Rows], dict[str, Path]], specifications: dict[str, Specification], tmp_path: Path
) -> Pairs:
    def run(rows: Rows, *reports: Report) -> MatchResult:
        result = match(checked(rows), reports, specifications, DuckDBEngine(), tmp_path, with_pairs=True)
        assert result.pairs.schema.equals(PAIRS)
        return result

    return run


def rows_of(result: MatchResult) -> list[tuple[int, int]]:
    table = result.pairs
    return list(zip(table["left_row"].to_pylist(), table["right_row"].to_pylist(), strict=True))


def invoices(*numbers: str) -> Rows:
    return {
        "creditors-history": [
            {"supplier_invoice_number": each, "total_invoice_amount": 500} for each in numbers
        ]
    }


def test_a_small_group_gives_all_its_pairs_with_the_share_of_its_report(pairs: Pairs) -> None:
    result = pairs(invoices("A1", "B2", "A1", "A-1"), report())
    assert rows_of(result) == [(2, 4), (2, 5), (4, 5)]
    for pair in result.pairs.to_pylist():
        assert (pair["rank"], pair["report"], pair["probability"]) == (1, "mine", 0.8)
        assert pair["weight"] == pytest.approx(math.log2(4))
        assert (pair["left_body"], pair["right_body"]) == (0, 0)


def test_an_explanation_lowers_the_pairs_of_its_group(pairs: Pairs) -> None:
    (pair,) = pairs(invoices("7", "7"), report(explanations=["weak_reference"])).pairs.to_pylist()
    assert pair["probability"] == pytest.approx(0.8 * 0.3)


def test_of_a_large_group_each_record_is_paired_with_the_first(pairs: Pairs) -> None:
    exact = pairs(invoices(*["A1"] * LARGEST_IN_FULL), report())
    assert exact.pairs.num_rows == LARGEST_IN_FULL * (LARGEST_IN_FULL - 1) // 2
    larger = pairs(invoices(*["A1"] * (LARGEST_IN_FULL + 1)), report())
    assert rows_of(larger) == [(2, row) for row in range(3, LARGEST_IN_FULL + 3)]


def test_pairs_come_in_the_order_of_the_cases_and_once_per_report(pairs: Pairs) -> None:
    rows = invoices("A1", "A1", "B2", "B2")
    for row in rows["creditors-history"][2:]:
        row["total_invoice_amount"] = 90_000
    result = pairs(rows, report(), report(id="other", same=["invoice_key", "total_invoice_amount"]))
    found = [(pair["rank"], pair["report"], pair["left_row"]) for pair in result.pairs.to_pylist()]
    assert found == [(1, "mine", 4), (1, "other", 4), (2, "mine", 2), (2, "other", 2)]


@pytest.mark.parametrize("order", [["payroll", "creditors-standing"], ["creditors-standing", "payroll"]])
def test_of_two_data_sets_the_first_that_the_report_names_is_left(order: list[str], pairs: Pairs) -> None:
    account = {"sort_code": "112233", "bank_account": "12345678"}
    rows: Rows = {"payroll": [account, account], "creditors-standing": [account]}
    result = pairs(rows, report(data=order, same=["bank_key"], value="paid"))
    expected = [(2, 2), (3, 2)] if order[0] == "payroll" else [(2, 2), (2, 3)]
    assert rows_of(result) == expected
    assert {(pair["left_dataset"], pair["right_dataset"]) for pair in result.pairs.to_pylist()} == {
        tuple(order)
    }


def test_many_records_of_two_data_sets_are_each_paired_with_the_first_of_the_other(pairs: Pairs) -> None:
    account = {"sort_code": "112233", "bank_account": "12345678"}
    rows: Rows = {"payroll": [account] * 40, "creditors-standing": [account] * 3}
    result = pairs(rows, report(data=["payroll", "creditors-standing"], same=["bank_key"], value="paid"))
    assert rows_of(result) == [(2, 2), (2, 3), (2, 4), *((row, 2) for row in range(3, 42))]


def test_single_records_make_cases_and_no_pairs(pairs: Pairs) -> None:
    result = pairs(invoices("A1", "B2"), report(same=[], where={"total_invoice_amount": {"above": 0}}))
    assert result.cases.num_rows == 2
    assert result.pairs.num_rows == 0


def test_pairs_are_listed_only_where_they_are_asked_for(
    checked: Callable[[Rows], dict[str, Path]], specifications: dict[str, Specification], tmp_path: Path
) -> None:
    result = match(checked(invoices("A1", "A1")), [report()], specifications, DuckDBEngine(), tmp_path)
    assert (result.cases.num_rows, result.pairs.num_rows) == (1, 0)


def test_between_two_bodies_pairs_are_across_only(
    checked: Callable[[Rows], dict[str, Path]], specifications: dict[str, Specification], tmp_path: Path
) -> None:
    ours = checked({"payroll": [{"employee_reference": "7", "ni_number": "CR000001A"}] * 2})
    ours = {dataset: path.rename(tmp_path / f"ours-{path.name}") for dataset, path in ours.items()}
    theirs = checked({"payroll": [{"employee_reference": "7", "ni_number": "CR000001A"}]})
    payroll: dict[str, Any] = {"data": ["payroll"], "value": "gross_pay_to_date"}
    shape = report(same=["nino_key"], different=["employee_reference"], **payroll)
    single = report(id="single", same=[], where={"ni_number": {"blank": False}}, **payroll)
    result = match(
        Body(ours, name="Anytown"),
        [shape, single],
        specifications,
        DuckDBEngine(),
        tmp_path,
        other=Body(theirs, name="Othertown"),
        with_pairs=True,
    )
    assert rows_of(result) == [(2, 2), (3, 2)]
    assert [(p["left_body"], p["right_body"]) for p in result.pairs.to_pylist()] == [(0, 1), (0, 1)]
    assert result.records["body_name"].to_pylist() == ["Anytown", "Othertown", "Anytown"]
    assert result.records["source_row"].to_pylist() == [2, 2, 3]
    assert result.reports[1].skipped == "is about the records of one body, and two are compared here"
