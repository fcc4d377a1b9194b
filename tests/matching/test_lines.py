"""Lines of one invoice are added up before amounts are compared, and every line is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matching.body import Body
from matching.engines.duckdb import DuckDBEngine
from matching.known_reports import reports_called
from matching.lines import added_up
from matching.match import match
from matching.report import Report
from matching.report_words import statements
from matching.result import MatchResult
from specs.specification import Specification

Matched = Callable[..., MatchResult]
Checked = Callable[[Mapping[str, list[dict[str, Any]]]], dict[str, Path]]
Row = dict[str, Any]

ADDED_UP = "same-creditor-invoice-added-up"
OTHER_REFERENCE = "same-name-invoice-added-up"
ALIKE = "same-creditor-added-up-invoice-alike"
FIRST, AGAIN = date(2025, 3, 4), date(2025, 4, 1)


def entered(*amounts: int, on: date = FIRST, numbered: int = 1000, **other: Any) -> list[Row]:
    """One invoice, a row for each of its lines, under internal numbers in a row."""
    return [
        {
            "creditor_reference": "C1",
            "supplier_invoice_number": "INV10045",
            "internal_invoice_number": f"AP{numbered + place}",
            "invoice_date": on,
            "total_invoice_amount": amount,
        }
        | other
        for place, amount in enumerate(amounts)
    ]


def again(*amounts: int, on: date = AGAIN, numbered: int = 5000, **other: Any) -> list[Row]:
    return entered(*amounts, on=on, numbered=numbered, **other)


def found(result: MatchResult) -> list[list[int]]:
    cases: dict[int, list[int]] = {}
    for row in result.records.to_pylist():
        cases.setdefault(row["rank"], []).append(row["source_row"])
    return list(cases.values())


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        pytest.param(
            (20_000,),
            (5_000, 12_000, 3_000),
            "1 line / 3 lines: £120.00 + £50.00 + £30.00 = £200.00",
            id="the total and lines",
        ),
        pytest.param(
            (12_000, 8_000),
            (15_000, 5_000),
            "2 lines: £120.00 + £80.00 = £200.00 / 2 lines: £150.00 + £50.00 = £200.00",
            id="split in two ways",
        ),
        pytest.param(
            (20_000,),
            (25_000, -5_000),
            "1 line / 2 lines: £250.00 - £50.00 = £200.00",
            id="a credit among the lines",
        ),
        pytest.param(
            (20_000,),
            (2_000,) * 10,
            f"1 line / 10 lines: {' + '.join(['£20.00'] * 8)} + 2 more = £200.00",
            id="too many to spell out",
        ),
    ],
)
def test_an_invoice_that_was_entered_in_two_ways_is_one_case_with_every_line(
    first: tuple[int, ...], second: tuple[int, ...], told: str, matched: Matched
) -> None:
    result = matched({"creditors-history": entered(*first) + again(*second)}, ADDED_UP)
    assert found(result) == [list(range(2, 2 + len(first) + len(second)))]
    (case,) = result.cases.to_pylist()
    assert f"Invoice entered as: {told}" in case["differs"]
    assert "Total invoice amount: £200.00" in case["agrees"]
    assert (case["value_at_risk"], case["records"]) == (20_000, len(first) + len(second))
    assert case["explanations"] == []
    assert result.reports[0].records == case["records"]


def test_lines_that_were_entered_twice_alike_are_one_case(matched: Matched) -> None:
    rows = entered(12_000, 8_000) + again(8_000, 12_000)
    alone = matched({"creditors-history": rows}, ADDED_UP)
    assert alone.cases["agrees"][0].as_py()[-1] == ("Invoice entered as: 2 lines: £120.00 + £80.00 = £200.00")
    result = matched({"creditors-history": rows}, ADDED_UP, "same-creditor-invoice-amount")
    assert found(result) == [[2, 3, 4, 5]]
    assert result.cases["value_at_risk"].to_pylist() == [20_000]
    assert [saw["report"] for saw in result.cases["saw"][0].as_py()] == [
        ADDED_UP,
        "same-creditor-invoice-amount",
    ]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(entered(12_000, 8_000), id="lines of one invoice are no pair"),
        pytest.param(entered(10_000, 10_000), id="nor lines of one amount"),
        pytest.param(entered(20_000) + again(20_000), id="left to the report on single rows"),
        pytest.param(entered(20_000) + again(12_000, 8_001), id="another sum"),
        pytest.param(entered(20_000) + again(12_000, 8_000, creditor_reference="C2"), id="another creditor"),
        pytest.param(
            entered(20_000) + again(12_000, 8_000, supplier_invoice_number="INV10046"), id="another invoice"
        ),
        pytest.param(entered(20_000) + again(12_000, 8_000, on=date(2026, 2, 1)), id="most of a year apart"),
        pytest.param(entered(20_000) + again(12_000) + again(8_000, on=date(2025, 4, 2)), id="other dates"),
        pytest.param(
            entered(20_000)
            + again(12_000, payment_date=date(2025, 4, 9))
            + again(8_000, payment_date=date(2025, 4, 10)),
            id="other payments",
        ),
        pytest.param(
            entered(20_000) + again(12_000, payment_reference="B1") + again(8_000, payment_reference="B2"),
            id="other payment references",
        ),
        pytest.param(entered(20_000) + again(12_000) + again(8_000, numbered=5021), id="keyed elsewhere"),
        pytest.param(
            entered(20_000) + again(12_000) + again(8_000, supplier_invoice_number="INV-10045"),
            id="another spelling of the number",
        ),
        pytest.param(entered(-20_000) + again(-12_000, -8_000), id="credits"),
        pytest.param(
            [row | {"supplier_invoice_number": None} for row in entered(20_000) + again(12_000, 8_000)],
            id="no invoice number",
        ),
        pytest.param([], id="no payments"),
    ],
)
def test_what_is_no_invoice_entered_twice_makes_no_case(rows: list[Row], matched: Matched) -> None:
    assert found(matched({"creditors-history": rows}, ADDED_UP)) == []


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"numbered": 1000}, id="the same day, numbers far apart"),
        pytest.param({"internal_invoice_number": "77"}, id="one internal number for all lines"),
        pytest.param({"internal_invoice_number": None}, id="no internal number"),
        pytest.param({"payment_date": date(2025, 4, 9), "payment_reference": "B1"}, id="one payment"),
        pytest.param({"supplier_invoice_number": "inv-10045"}, id="another spelling of the whole"),
    ],
)
def test_lines_are_those_of_one_payment(other: Row, matched: Matched) -> None:
    rows = entered(20_000, numbered=1) + again(12_000, 8_000, **other)
    assert found(matched({"creditors-history": rows}, ADDED_UP)) == [[2, 3, 4]]


def test_the_same_day_is_enough_where_the_numbers_lie_apart(matched: Matched) -> None:
    rows = entered(20_000) + entered(12_000, 8_000, numbered=1021)
    assert found(matched({"creditors-history": rows}, ADDED_UP)) == [[2, 3, 4]]


def test_an_invoice_through_two_references_of_one_name(matched: Matched) -> None:
    data = {
        "creditors-history": entered(20_000) + again(12_000, 8_000, creditor_reference="C2"),
        "creditors-standing": [
            {"creditor_reference": "C1", "creditor_name": "Larkspur Design Ltd"},
            {"creditor_reference": "C2", "creditor_name": "LARKSPUR DESIGN"},
        ],
    }
    assert found(matched(data, OTHER_REFERENCE)) == [[2, 3, 4]]
    assert found(matched(data, ADDED_UP)) == []


def test_an_invoice_under_a_number_that_was_written_differently(matched: Matched) -> None:
    rows = entered(20_000) + again(12_000, 8_000, supplier_invoice_number="INV10045/A")
    assert found(matched({"creditors-history": rows}, ALIKE)) == [[2, 3, 4]]
    assert found(matched({"creditors-history": rows}, ADDED_UP)) == []


@pytest.mark.parametrize(
    "taken_back",
    [
        pytest.param(again(-20_000, on=date(2025, 4, 20), numbered=9000), id="of the whole"),
        pytest.param(again(-12_000, -8_000, on=date(2025, 4, 20), numbered=9000), id="line by line"),
    ],
)
def test_an_invoice_that_was_credited_has_nothing_left_at_risk(
    taken_back: list[Row], matched: Matched
) -> None:
    rows = entered(20_000) + again(12_000, 8_000) + taken_back
    (case,) = matched({"creditors-history": rows}, ADDED_UP).cases.to_pylist()
    assert case["value_at_risk"] == 0
    assert case["explanations"] == [
        "1 credit of £200.00 to the same creditor, 20/04/2025: 2 payments less 1 credit leave 1"
    ]


def test_a_reused_number_is_counted_in_invoices(matched: Matched) -> None:
    rows = entered(20_000) + again(12_000, 8_000)
    rows += entered(300, 400, on=date(2025, 5, 1), numbered=7000)
    (case,) = matched({"creditors-history": rows}, ADDED_UP).cases.to_pylist()
    assert case["explanations"] == [
        "The same invoice number stands on 1 other payment to the same payee: it may not tell invoices apart"
    ]


def test_pairs_are_of_invoices_by_their_first_lines(
    checked: Checked, specifications: dict[str, Specification], tmp_path: Path
) -> None:
    rows = {"creditors-history": entered(20_000) + again(12_000, 8_000)}
    chosen = reports_called((ADDED_UP,))
    result = match(checked(rows), chosen, specifications, DuckDBEngine(), tmp_path, with_pairs=True)
    assert [(row["left_row"], row["right_row"]) for row in result.pairs.to_pylist()] == [(2, 3)]


def test_lines_of_two_bodies_are_not_added_up(
    tmp_path: Path, checked_table: Callable[..., pa.Table], specifications: dict[str, Specification]
) -> None:
    def body(name: str, rows: list[Row]) -> Body:
        file = tmp_path / f"{name}.parquet"
        pq.write_table(checked_table("creditors-history", rows), file)
        return Body({"creditors-history": file}, name=name)

    def cases(ours: list[Row], theirs: list[Row]) -> int:
        bodies = body("Northwick", ours), body("Othertown", theirs)
        report = Report.model_validate(
            reports_called((ADDED_UP,))[0].model_dump(by_alias=True)
            | {"id": "mine", "near": {}, "between_bodies": True}
        )
        result = match(bodies[0], (report,), specifications, DuckDBEngine(), tmp_path, other=bodies[1])
        return int(result.cases.num_rows)

    assert cases(entered(20_000), again(12_000, 8_000)) == 1
    assert cases(entered(20_000) + again(12_000), again(8_000)) == 0


def test_wholes_are_those_of_a_plain_walk(
    checked: Checked, specifications: dict[str, Specification], tmp_path: Path
) -> None:
    """Against a loop in Python over drawn payments: who belongs together, and what it comes to."""
    from matching.prepare import prepared_records  # noqa: PLC0415  the only test below the match

    rng, numbers = Random(7), count(1)
    rows: list[Row] = [
        {
            "creditor_reference": rng.choice(["C1", "C2", None]),
            "supplier_invoice_number": rng.choice(["A1", "a1", "B2", None]),
            "internal_invoice_number": str(next(numbers) + rng.choice([0, 0, 0, 40])),
            "invoice_date": rng.choice([FIRST, AGAIN]),
            "payment_date": rng.choice([None, AGAIN]),
            "total_invoice_amount": rng.choice([-500, 100, 700]),
            "vat_amount": rng.choice([None, 20]),
        }
        for _ in range(300)
    ]
    shared = ("creditor_reference", "supplier_invoice_number", "invoice_date", "payment_date")
    kept: dict[int, list[Row]] = {}
    last: dict[tuple[Any, ...], tuple[int, int]] = {}
    in_order = sorted(enumerate(rows, start=2), key=lambda e: (int(e[1]["internal_invoice_number"]), e[0]))
    for place, row in in_order:
        key, number = tuple(row[name] for name in shared), int(row["internal_invoice_number"])
        first, before = last.get(key, (place, number - 100))
        known = row["creditor_reference"] and row["supplier_invoice_number"]
        if not known or number - before > 20:
            first = place
        last[key] = first, number
        kept.setdefault(first, []).append(row | {"place": place})
    expected = {
        min(line["place"] for line in lines): (
            sum(line["total_invoice_amount"] for line in lines),
            sum(line["vat_amount"] or 0 for line in lines),
            len(lines),
        )
        for lines in kept.values()
    }

    engine, folder = DuckDBEngine(), tmp_path / "working"
    folder.mkdir()
    records = prepared_records([Body(checked({"creditors-history": rows}))], engine, folder)
    wanted = {"source_row", "total_invoice_amount", "vat_amount", "sum_slip_keys"}
    added = added_up(
        ("creditors-history", "invoice"), records, engine, target=folder / "added-up", wanted=wanted
    )
    held = pq.read_table(added.records["creditors-history"])
    assert "sum_slip_keys" not in held.column_names  # worked out of the amount of one line
    found = {
        row["source_row"]: (
            row["total_invoice_amount"],
            row["vat_amount"] or 0,
            int(row["lines_of_invoice"].split()[0]),
        )
        for row in held.to_pylist()
    }
    assert found == expected
    assert added.lines.num_rows == sum(lines for _, _, lines in expected.values() if lines > 1)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            {"lines_of": "order"},
            "mine, lines_of: creditors-history has no lines of 'order'. Known: invoice",
        ),
        (
            {"data": ["creditors-standing"], "same": ["bank_key"], "value": "paid", "lines_of": "invoice"},
            "mine, lines_of: creditors-standing has no lines of 'invoice'. Known: none",
        ),
        ({"same": ["sum_slip_keys"]}, "mine, same: 'sum_slip_keys' is worked out of one line, not of all"),
        ({"explanations": ["rate_of_other_years"]}, "explanations: 'rate_of_other_years' looks at one line"),
    ],
)
def test_what_cannot_be_added_up_is_said(keys: Row, said: str, matched: Matched) -> None:
    shape: Row = {
        "id": "mine",
        "title": "Mine",
        "about": "Mine.",
        "data": ["creditors-history"],
        "lines_of": "invoice",
        "same": ["invoice_key"],
        "value": "total_invoice_amount",
        "strength": {"share": 0.5, "evidence": "inferred"},
    }
    result = matched({"creditors-history": [{}], "creditors-standing": [{}]}, Report(**(shape | keys)))
    (fault,) = result.faults
    assert said in fault


def test_a_report_says_what_is_added_up() -> None:
    (report,) = reports_called((ADDED_UP,))
    assert dict(statements(report))["Is added up first"] == (
        "The lines of one invoice: the same Creditor reference, Suppliers invoice number, Invoice date, "
        "Payment date and Payment reference number, and Internal/system invoice number at most 20 apart from "
        "line to line",
    )
