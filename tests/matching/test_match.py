"""The match as a whole: what runs, what is skipped, what stays the same whatever surrounds it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.body import Body
from matching.engines.duckdb import DuckDBEngine
from matching.groups import groups_of
from matching.known_reports import reports_called
from matching.match import match
from matching.prepare import prepared_records
from matching.report import Report, all_reports
from matching.result import CASES, RECORD_KEYS, MatchResult
from specs.engine import Engine, Table
from specs.specification import Specification
from tests.examples import examples

Row = dict[str, Any]
Rows = list[Row]
Datasets = dict[str, Rows]
Matched = Callable[..., MatchResult]
Checked = Callable[[Mapping[str, Rows]], dict[str, Path]]

WITH_FIXTURES = settings(
    max_examples=examples(2), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
"""For tests that run every report on each example."""
HISTORY_REPORTS = ("same-creditor-invoice-amount", "same-name-invoice-amount", "same-invoice-amount")
EXACT = tuple(report.id for report in all_reports() if not (report.similar or report.compare))

NAMES = ["Acorn Glazing Ltd", "Acorn Glazings", "Birch Care", "Acorn Glazing Limited", "Elm Hire"]
BANKS = ["11111111", "22222222", None]


@st.composite
def bodies(draw: st.DrawFn, steps: tuple[int, ...] = (3, 1000)) -> Datasets:
    """Employees, creditors and payments that often agree, every record with a key of its own."""
    payments = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "creditor_reference": st.sampled_from(["C0", "C1", "C2", "C3"]),
                    "supplier_invoice_number": st.sampled_from(["INV1001", "inv-1001", "7", "RENT", None]),
                    "invoice_date": st.integers(0, 500).map(
                        lambda days: date(2024, 1, 1) + timedelta(days=days)
                    ),
                    "total_invoice_amount": st.sampled_from([10_000, 25_000, -10_000, 99]),
                }
            ),
            max_size=25,
        )
    )
    creditors = [
        {
            "creditor_reference": f"C{number}",
            "creditor_name": draw(st.sampled_from(NAMES)),
            "sort_code": "204523",
            "bank_account": draw(st.sampled_from(BANKS)),
        }
        for number in range(4)
    ]
    people = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "surname": st.sampled_from(["Example", "Exampel", "Glazing"]),
                    "forenames": st.sampled_from(["Ann", "Anne"]),
                    "ni_number": st.sampled_from(["CR123456A", "CR654321B", None]),
                    "date_of_birth": st.sampled_from([date(1980, 2, 1), date(1990, 2, 1)]),
                    "gross_pay_to_date": st.integers(1, 9_999_999),
                    "standard_hours": st.sampled_from([1600, 3700, None]),
                    "post_code": st.sampled_from(["LS1 4AP", None]),
                    "sort_code": st.just("204523"),
                    "bank_account": st.sampled_from(BANKS),
                }
            ),
            max_size=6,
        )
    )
    step = draw(st.sampled_from(steps))
    for number, row in enumerate(payments):
        row["internal_invoice_number"] = f"{number * step}"
    for number, row in enumerate(people):
        row["employee_reference"] = f"E{number}"
    return {"creditors-history": payments, "creditors-standing": creditors, "payroll": people}


def shuffled(datasets: Datasets, random: Random) -> Datasets:
    return {dataset: random.sample(rows, len(rows)) for dataset, rows in datasets.items()}


def without_rank(result: MatchResult) -> list[Row]:
    """The cases by key, without what depends on how many others there are."""
    cases = [
        {name: value for name, value in case.items() if name not in {"rank", "bits", "evidence"}}
        for case in result.cases.to_pylist()
    ]
    return sorted(cases, key=lambda case: str(case["case"]))


@WITH_FIXTURES
@given(datasets=bodies(), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(datasets: Datasets, random: Random, matched: Matched) -> None:
    assert matched(shuffled(datasets, random)).cases == matched(datasets).cases


@WITH_FIXTURES
@given(datasets=bodies(steps=(1000,)))
def test_an_unrelated_creditor_changes_nobody_elses_cases(datasets: Datasets, matched: Matched) -> None:
    """Internal numbers lie far apart here: whether neighbours are lines depends on the whole ledger."""
    before = without_rank(matched(datasets, *EXACT))
    newcomer: Datasets = {
        "creditors-history": [
            {
                "creditor_reference": "NEW",
                "supplier_invoice_number": f"NEW{number}",
                "internal_invoice_number": f"N{number}",
                "invoice_date": date(2024, 5, 5),
                "total_invoice_amount": 123_457,
            }
            for number in (1, 1, 2)
        ],
        "creditors-standing": [{"creditor_reference": "NEW", "creditor_name": "Rowan Legal"}],
        "payroll": [{"employee_reference": "NEW", "surname": "Rowan", "ni_number": "PA123456A"}],
    }
    after = without_rank(matched({name: rows + newcomer[name] for name, rows in datasets.items()}, *EXACT))
    assert [case for case in after if case in before] == before
    theirs = [case for case in after if case not in before]
    assert any("Creditor reference: NEW" in case["agrees"] for case in theirs)
    assert all("NEW" in str(case) or "Rowan" in str(case) for case in theirs)


@WITH_FIXTURES
@given(datasets=bodies(), shift=st.integers(1, 5_000))
def test_cases_keep_their_keys_when_records_move_and_others_come_first(
    datasets: Datasets, shift: int, matched: Matched
) -> None:
    keys = {case["case"] for case in matched(datasets).cases.to_pylist()}
    moved = {
        dataset: [row | {"source_row": place + 2 + shift} for place, row in enumerate(rows)]
        for dataset, rows in datasets.items()
    }
    moved["creditors-history"] += [
        {
            "source_row": 2,
            "creditor_reference": "NEW",
            "total_invoice_amount": 1,
            "internal_invoice_number": "N1",
        }
    ]
    assert {case["case"] for case in matched(moved).cases.to_pylist()} == keys


@WITH_FIXTURES
@given(datasets=bodies())
def test_every_group_stands_whole_in_some_case(
    datasets: Datasets, checked: Checked, matched: Matched, engine: Engine
) -> None:
    result = matched(datasets)
    held: dict[int, set[tuple[str, int]]] = {}
    for record in result.records.to_pylist():
        held.setdefault(record["rank"], set()).add((record["dataset"], record["source_row"]))
    with tempfile.TemporaryDirectory() as folder:
        records = prepared_records([Body(checked(datasets))], engine, Path(folder))
        places = {
            row["record"]: (dataset, row["source_row"])
            for dataset, file in records.items()
            for row in pq.read_table(file, columns=["record", "source_row"]).to_pylist()
        }
        groups = [groups_of(report, records, engine) for report in all_reports() if not report.compare]
    for found in groups:
        members: dict[int, set[tuple[str, int]]] = {}
        for row in found.to_pylist():
            members.setdefault(row["group_no"], set()).add(places[row["record"]])
        for group in members.values():
            assert any(group <= case for case in held.values())


@WITH_FIXTURES
@given(datasets=bodies())
def test_a_result_keeps_its_promises(datasets: Datasets, matched: Matched) -> None:
    result = matched(datasets)
    cases = result.cases.to_pylist()
    assert result.cases.schema == CASES
    assert result.records.schema.names[:5] == RECORD_KEYS.names
    assert [case["rank"] for case in cases] == list(range(1, len(cases) + 1))
    assert [case["priority"] for case in cases] == sorted((case["priority"] for case in cases), reverse=True)
    assert len({case["case"] for case in cases}) == len(cases)
    assert result.records["rank"].to_pylist() == [
        case["rank"] for case in cases for _ in range(case["records"])
    ]
    for case in cases:
        assert case["value_at_risk"] is None or case["value_at_risk"] >= 0
        assert len(set(case["also_in"])) == len(case["also_in"])
    for report in result.reports:
        assert report.explained <= report.cases <= report.records


# determinism


@pytest.fixture(scope="module")
def ledger() -> Datasets:
    """Twelve thousand payments of invented creditors, many of them alike."""
    random = Random(20)
    history = [
        {
            "creditor_reference": f"C{random.randrange(300)}",
            "supplier_invoice_number": random.choice(["RENT", "001", f"A{random.randrange(900)}"]),
            "internal_invoice_number": f"{number}",
            "invoice_date": date(2023, 1, 1) + timedelta(days=random.randrange(800)),
            "total_invoice_amount": random.choice([-1, 1, 1, 1]) * random.choice([10_000, 25_000, 77_777]),
        }
        for number in range(12_000)
    ]
    words = ["Acorn", "Birch", "Cedar", "Elm", "Hazel", "Oak"]
    standing = [
        {
            "creditor_reference": f"C{number}",
            "creditor_name": f"{random.choice(words)} {random.choice(words)} Services",
            "post_code": random.choice(["LS1 4AP", "LS2 9JT"]),
        }
        for number in range(300)
    ]
    return {"creditors-history": history, "creditors-standing": standing}


def test_another_number_of_threads_and_an_engine_that_was_used_before_give_the_same_tables(
    ledger: Datasets, matched: Matched
) -> None:
    several = DuckDBEngine(threads=4)
    expected = matched(ledger, engine=several)
    assert expected.cases.num_rows > 500
    for engine in (DuckDBEngine(threads=1), several):
        result = matched(ledger, engine=engine)
        assert result.reports == expected.reports
        assert result.cases.equals(expected.cases)
        assert result.records.equals(expected.records)
    has_values_of_its_kind(expected)


def has_values_of_its_kind(result: MatchResult) -> None:
    """Pay and supplier records are involved, payments at risk; no case is both."""
    kinds = {report.id: report.value_is for report in all_reports()}
    for case in result.cases.to_pylist():
        other = "value_involved" if kinds[case["report"]] == "at risk" else "value_at_risk"
        assert case[other] is None
    assert {kinds[name] for name in result.cases["report"].to_pylist()} == {"at risk", "involved"}
    for report in result.reports:
        assert report.value_means
        assert (report.value_at_risk is None) == (kinds[report.report] == "involved")


# what cannot run


BANK = {"sort_code": "204523", "bank_account": "12345678"}
PAIR = [
    {
        "creditor_reference": "C1",
        "supplier_invoice_number": "INV1001",
        "internal_invoice_number": f"{n}",
        "total_invoice_amount": 100,
        "invoice_date": date(2025, 1, 1),
    }
    for n in (1, 2)
]


def skipped(result: MatchResult) -> dict[str, str | None]:
    return {report.report: report.skipped for report in result.reports}


def test_a_report_without_its_data_set_is_skipped_with_the_reason(matched: Matched) -> None:
    reasons = skipped(matched({"creditors-history": PAIR}))
    assert reasons["payroll-same-nino"] == "needs payroll, which has not been checked"
    assert reasons["payroll-creditors-bank"] == "needs payroll, which has not been checked"
    assert reasons["similar-creditor-names"] == "needs creditors-standing, which has not been checked"
    assert reasons["same-creditor-invoice-amount"] is None


def test_a_report_on_names_says_whether_the_standing_data_are_missing_or_without_names(
    matched: Matched,
) -> None:
    nameless = {"creditors-history": PAIR, "creditors-standing": [{"creditor_reference": "C1"}]}
    on_names = ("same-name-invoice-amount", "same-invoice-amount")
    reasons = skipped(matched({"creditors-history": PAIR}, *on_names))
    without_names = skipped(matched(nameless, *on_names))
    for report in on_names:
        assert reasons[report] == "needs creditors-standing, which has not been checked"
        assert without_names[report] == "needs Creditor name, which no record of creditors-history has"


def test_a_column_that_is_blank_throughout_skips_its_report_and_no_other(matched: Matched) -> None:
    people = [
        {
            "employee_reference": f"E{n}",
            "surname": "Example",
            "ni_number": None,
            "date_of_birth": date(1980, 1, 1),
        }
        for n in (1, 2)
    ]
    result = matched({"creditors-history": PAIR, "payroll": people})
    reasons = skipped(result)
    assert reasons["payroll-same-nino"] == "needs National insurance number, which no record of payroll has"
    assert reasons["payroll-same-bank"] == (
        "needs Sort code and Bank account and Building society roll number, which no record of payroll has"
    )
    assert {case["report"] for case in result.cases.to_pylist()} == {
        "same-creditor-invoice-amount",
        "same-person",
    }


def test_a_data_set_without_records_leaves_the_other_reports_running(matched: Matched) -> None:
    datasets: Datasets = {
        "creditors-history": PAIR,
        "creditors-standing": [
            {"creditor_reference": f"C{n}", "creditor_name": "Acorn"} | BANK for n in (1, 2)
        ],
        "payroll": [
            {"employee_reference": f"E{n}", "surname": "Example", "ni_number": "CR123456A"} | BANK
            for n in (1, 2)
        ],
    }
    full = {case["report"] for case in matched(datasets).cases.to_pylist()}
    for dataset in datasets:
        result = matched(datasets | {dataset: []})
        left = {case["report"] for case in result.cases.to_pylist()}
        of_it = {report.id for report in all_reports() if dataset in report.data}
        assert left >= full - of_it - {"payroll-creditors-bank"}
        assert not left & of_it
        assert all(reason is not None for report, reason in skipped(result).items() if report in of_it)


def test_nothing_checked_gives_an_empty_result(
    specifications: dict[str, Specification], engine: Engine, tmp_path: Path
) -> None:
    result = match({}, all_reports(), specifications, engine, tmp_path)
    assert (result.cases.num_rows, result.records.num_rows) == (0, 0)
    assert result.records.schema.names == RECORD_KEYS.names
    assert all(report.skipped for report in result.reports)


def test_steps_are_told_as_they_begin(
    checked: Checked, specifications: dict[str, Specification], engine: Engine, tmp_path: Path
) -> None:
    told: list[str] = []
    chosen = reports_called(("same-creditor-invoice-amount",))
    records = checked({"creditors-history": PAIR})
    match(records, chosen, specifications, engine, tmp_path, progress=told.append)
    assert told == ["Preparing records", "Same creditor, invoice number and amount", "Ranking cases"]


def test_a_report_that_an_officer_wrote_runs_like_any_other(matched: Matched) -> None:
    own = Report.model_validate(
        {
            "id": "same-amount-and-date",
            "title": "Same amount on one date",
            "about": "Invented.",
            "data": ["creditors-history"],
            "same": ["total_invoice_amount", "invoice_date"],
            "where": {"total_invoice_amount": {"above": 50}},
            "value": "total_invoice_amount",
            "strength": {"share": 0.2, "evidence": "inferred"},
        }
    )
    (case,) = matched({"creditors-history": PAIR}, own).cases.to_pylist()
    assert case["report"] == "same-amount-and-date"
    assert case["agrees"] == ["Total invoice amount: £1.00", "Invoice date: 01/01/2025"]


def test_a_report_with_several_cases_inside_another_is_named_there_once(matched: Matched) -> None:
    wider = Report.model_validate(
        {
            "id": "same-amount",
            "title": "Same amount",
            "about": "Invented.",
            "data": ["creditors-history"],
            "same": ["total_invoice_amount"],
            "value": "total_invoice_amount",
            "strength": {"share": 0.9, "evidence": "inferred"},
        }
    )
    others = [row | {"supplier_invoice_number": "INV2002"} for row in PAIR]
    result = matched({"creditors-history": PAIR + others}, wider, "same-creditor-invoice-amount")
    (case,) = result.cases.to_pylist()
    assert (case["report"], case["also_in"]) == ("same-amount", ["same-creditor-invoice-amount"])
    assert {report.report: report.cases for report in result.reports}["same-creditor-invoice-amount"] == 2


# size


def test_one_amount_and_number_at_many_creditors_gives_as_many_rows_as_payments(
    tmp_path: Path, checked_table: Callable[[str, Rows], pa.Table], specifications: dict[str, Specification]
) -> None:
    """Fifty thousand payments of one sum under one number would make more than a thousand million pairs."""
    many, creditors = 50_000, 1_250
    empty = checked_table("creditors-history", [])
    filled: dict[str, pa.Array] = {
        "source_row": pa.array(range(2, many + 2), pa.int64()),
        "creditor_reference": pa.array([f"C{n % creditors}" for n in range(many)]),
        "supplier_invoice_number": pa.array(["INV1001"] * many),
        "internal_invoice_number": pa.array([str(n * 50) for n in range(many)]),
        "invoice_date": pa.array([date(2024, 1, 1) + timedelta(days=n % 700) for n in range(many)]),
        "total_invoice_amount": pa.array([25_000] * many, pa.int64()),
    }
    history = pa.table(
        {field.name: filled.get(field.name, pa.nulls(many, field.type)) for field in empty.schema}
    )
    standing = checked_table(
        "creditors-standing",
        [{"creditor_reference": f"C{n}", "creditor_name": f"Firm {n}"} for n in range(creditors)],
    )
    files = {
        "creditors-history": tmp_path / "history.parquet",
        "creditors-standing": tmp_path / "standing.parquet",
    }
    for table, path in zip((history, standing), files.values(), strict=True):
        pq.write_table(table, path)
    engine = CountingEngine()
    result = match(files, reports_called(HISTORY_REPORTS), specifications, engine, tmp_path)
    summaries = {report.report: report for report in result.reports}
    assert summaries["same-creditor-invoice-amount"].cases == creditors
    assert summaries["same-invoice-amount"].cases == 1
    assert all(report.records <= many for report in summaries.values())
    assert engine.most_rows <= 2 * many


class CountingEngine(DuckDBEngine):
    """The embedded engine, with the largest number of rows that any query gave."""

    most_rows = 0

    def sql(self, query: str, **tables: Table) -> pa.Table:
        result = super().sql(query, **tables)
        self.most_rows = max(self.most_rows, result.num_rows)
        return result


def test_a_total_of_sums_that_are_not_known_is_not_nothing(matched: Matched) -> None:
    standing = [
        {"creditor_reference": f"C{n}", "creditor_name": "Acorn Hire", "sort_code": "204523"}
        | {"bank_account": "12345678"}
        for n in (1, 2)
    ]
    (summary,) = matched({"creditors-standing": standing}, "same-bank-account-creditors").reports
    assert (summary.cases, summary.value_involved) == (1, None)
