"""A council's published ledger, where a copy of it lies beside the project: half a million payments.

What is asserted are sizes and shapes; nothing of the ledger is copied here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from bench.ledger import LEDGER, checked_from_ledger
from bench.match import in_own_process

COMMON_NUMBER = "(select mode(supplier_invoice_number) from payment)"
"""The invoice number of most payments, which an interface gave to tens of thousands of them."""

pytestmark = [
    pytest.mark.skipif(not LEDGER.exists(), reason="no copy of the published ledger in ../shared/data"),
    pytest.mark.xdist_group("real ledger"),  # which is matched once for all of them
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ledger")


@pytest.fixture(scope="module")
def figures(folder: Path) -> dict[str, Any]:
    """What bench.match measures of a ledger; it leaves records, cases and their records in the folder."""
    checked_from_ledger(LEDGER, folder)
    return {side: in_own_process(side, folder) for side in ("match", "count", "duckdb")}


@pytest.fixture(scope="module")
def ask(folder: Path, figures: dict[str, Any]) -> Any:
    """Put a query to the ledger (`payment`), the cases (`a_case`) and their records (`member`)."""
    connection = duckdb.connect()
    names = {"payment": "creditors-history", "a_case": "cases", "member": "case-records"}
    for name, file in names.items():
        connection.execute(f"create view {name} as select * from '{folder / f'{file}.parquet'}'")
    return lambda query: connection.execute(query).fetchall()


def test_no_two_cases_hold_the_same_records(figures: dict[str, Any], ask: Any) -> None:
    assert figures["match"]["rows"]["creditors-history"] > 480_000
    twice = ask(
        "select count(*) from (select rank, dataset, source_row from member group by all having count(*) > 1)"
    )
    assert twice == [(0,)]
    alike = ask(
        "select count(*) from (select held from ("
        "select list((dataset, source_row) order by dataset, source_row) as held from member group by rank"
        ") group by held having count(*) > 1)"
    )
    assert alike == [(0,)]


def test_no_case_is_much_larger_than_the_largest_group(ask: Any) -> None:
    ((largest, seen),) = ask(
        "select max(records), max(list_max(list_transform(saw, lambda each: each.records))) from a_case"
    )
    assert largest <= 2 * seen


def test_a_number_on_tens_of_thousands_of_payments_makes_groups_and_no_pairs(ask: Any) -> None:
    ((payments, pairs),) = ask(
        f"select sum(k), sum(k * (k - 1) // 2) from (select count(*) as k from payment "
        f"where supplier_invoice_number = {COMMON_NUMBER})"
    )
    ((groups, listed),) = ask(
        f"select count(distinct rank), count(*) from member join a_case using (rank) "
        f"where report = 'same-creditor-invoice-amount' and supplier_invoice_number = {COMMON_NUMBER}"
    )
    assert payments > 80_000
    assert pairs > 3_000_000_000
    assert 1_000 < groups < listed <= payments


def test_cases_on_a_number_that_everybody_uses_stand_low_in_the_queue(ask: Any) -> None:
    ((first,),) = ask(f"select min(rank) from member where supplier_invoice_number = {COMMON_NUMBER}")
    assert first > 200


def test_the_lines_of_a_ledger_of_lines_are_told_as_such(ask: Any) -> None:
    ((cases, told),) = ask(
        "select count(*), count(*) filter (array_to_string(explanations, '') like '%lines in%') "
        "from a_case where report = 'same-creditor-invoice-amount'"
    )
    assert told > cases / 2


def test_the_whole_ledger_is_matched_in_less_than_two_gigabytes(figures: dict[str, Any]) -> None:
    assert figures["match"]["peak"] < 2_000


def test_a_self_join_would_list_far_more_pairs_than_there_are_groups(figures: dict[str, Any]) -> None:
    held = {report["report"]: report["cases"] for report in figures["match"]["reports"]}
    assert figures["count"]["narrow"]["pairs"] > 100 * held["same-creditor-invoice-amount"]
    assert figures["count"]["narrow"]["pairs"] == figures["duckdb"]["pairs"]
    assert figures["count"]["wide"]["pairs"] > 10_000 * held["same-invoice-amount"]
