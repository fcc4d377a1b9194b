"""A report that names a column there is not is refused before anything runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from matching.report import Report, all_reports
from matching.result import MatchResult

Matched = Callable[..., MatchResult]
ROWS: dict[str, list[dict[str, Any]]] = {
    "creditors-history": [{}],
    "creditors-standing": [{}],
    "payroll": [{}],
}


def report(**keys: Any) -> Report:
    shape: dict[str, Any] = {
        "id": "mine",
        "title": "Mine",
        "about": "Mine.",
        "data": ["creditors-history"],
        "same": ["invoice_key"],
        "value": "total_invoice_amount",
        "strength": {"share": 0.5, "evidence": "inferred"},
    }
    return Report.model_validate(shape | keys)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            {"same": ["invoice_kye"]},
            "mine, same: creditors-history has no column 'invoice_kye'; did you mean 'inv",
        ),
        (
            {"different": ["creditor_ref"]},
            "different: creditors-history has no column 'creditor_ref'; did you mean",
        ),
        (
            {"near": {"invoice_dat": "3 days"}},
            "near: creditors-history has no column 'invoice_dat'; did you mean",
        ),
        (
            {"similar": {"creditor_nam": 0.9}},
            "similar: creditors-history has no column 'creditor_nam'; did you",
        ),
        ({"where": {"totl_invoice_amount": {"above": 0}}}, "where: creditors-history has no column"),
        ({"value": "gross"}, "value: creditors-history has no column 'gross'"),
        ({"same": ["zzz"]}, "no column 'zzz'. It has: "),
        (
            {"data": ["creditor-history"]},
            "data: no data set called 'creditor-history'. Known: creditors-history, ",
        ),
        ({"near": {"remarks": "3 days"}}, "near: 'remarks' of creditors-history is not a date"),
        (
            {"similar": {"total_invoice_amount": 0.9}},
            "similar: 'total_invoice_amount' of creditors-history is not",
        ),
        (
            {"where": {"invoice_date": {"above": 0}}},
            "where: 'invoice_date' of creditors-history is not a sum in pence",
        ),
        ({"value": "invoice_date"}, "value: 'invoice_date' of creditors-history is not a sum in pence"),
        (
            {"data": ["payroll", "creditors-standing"], "same": ["nino_key"], "value": "paid"},
            "same: creditors-standing has no column 'nino_key'",
        ),
        (
            {"data": ["payroll", "creditors-standing"], "same": ["bank_key"], "value": "gross"},
            "value: payroll has no column 'gross'",
        ),
    ],
)
def test_what_a_report_cannot_use_is_said_with_report_key_and_column(
    keys: dict[str, Any], said: str, matched: Matched
) -> None:
    result = matched(ROWS, report(**keys))
    (fault,) = result.faults
    assert said in fault
    assert "\n" not in fault
    assert result.reports[0].skipped == fault


def test_a_report_that_cannot_be_used_does_not_stop_the_others(matched: Matched) -> None:
    result = matched(ROWS, report(same=["zzz"]), report(id="sound"))
    assert [each.report for each in result.reports] == ["mine", "sound"]
    assert len(result.faults) == 1
    assert (
        result.reports[1].skipped
        == "needs Suppliers invoice number, which no record of creditors-history has"
    )


def test_the_value_may_stand_in_either_data_set(matched: Matched) -> None:
    shape = {"data": ["payroll", "creditors-standing"], "same": ["bank_key"]}
    for value in ("paid", "gross_pay_to_date"):
        assert matched(ROWS, report(value=value, **shape)).reports[0].report == "mine"


def test_a_data_set_that_was_not_checked_is_not_looked_at(matched: Matched) -> None:
    odd = report(data=["payroll"], same=["no_such_column"])
    assert (
        matched({"creditors-history": [{}]}, odd).reports[0].skipped
        == "needs payroll, which has not been checked"
    )


@pytest.mark.parametrize("chosen", all_reports(), ids=lambda each: each.id)
def test_reports_that_come_with_nfi_can_run(chosen: Report, matched: Matched) -> None:
    assert matched(ROWS, chosen).cases.num_rows == 0
