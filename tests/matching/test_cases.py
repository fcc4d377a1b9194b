"""A case says what agrees, what differs, what is at risk, and where it stands in the queue."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.cases import evidence_together, priority_of
from matching.engines.duckdb import DuckDBEngine
from matching.found import GROUPS, Found, case_key
from matching.queue import queued
from matching.report import Report
from matching.result import CASES, MatchResult, ReportSummary
from tests.examples import examples

Rows = list[dict[str, Any]]
Matched = Callable[..., MatchResult]
ENGINE = DuckDBEngine()


def report(name: str, same: Sequence[str], share: float = 0.5, value_is: str = "at risk") -> Report:
    return Report.model_validate(
        {
            "id": name,
            "title": name.capitalize(),
            "about": "Invented.",
            "data": ["creditors-standing"],
            "same": list(same),
            "value": "paid",
            "value_is": value_is,
            "strength": {"share": share, "evidence": "inferred"},
        }
    )


BANK = report("bank", ["bank_key"], 0.4)
VAT = report("vat", ["vat_number"], 0.2)
NAME = report("name", ["creditor_name_key"], 0.1)
NAME_AND_PLACE = report("name-and-place", ["creditor_name_key", "post_code_key"], 0.3)


def group(members: Sequence[int], value: int | None = 10_000, share: float | None = None) -> dict[str, Any]:
    """What one report found: record numbers, pence, and the share that explanations leave (None: all)."""
    return {"members": sorted(members), "value": value, "share": share}


def found(by: Report, *groups: Mapping[str, Any]) -> Found:
    rows = [
        {
            "group_no": number,
            "key": case_key(by.id, [str(member) for member in each["members"]]),
            "records": len(each["members"]),
            "value": each["value"],
            "share": by.strength.share if each["share"] is None else each["share"],
            "agrees": [f"Agrees for {by.id}: {number}"],
            "differs": [],
            "explanations": [] if each["share"] is None else ["Because."],
        }
        for number, each in enumerate(groups, start=1)
    ]
    members = [(number, one) for number, each in enumerate(groups, 1) for one in each["members"]]
    table = pa.Table.from_pylist(rows, schema=GROUPS)
    return Found(
        report=by,
        groups=table,
        members=pa.table(
            {
                "group_no": pa.array([number for number, _ in members], pa.int64()),
                "record": pa.array([one for _, one in members], pa.int64()),
            }
        ),
        compared=table.select(["group_no"]),
    )


@dataclass(frozen=True)
class Queue:
    """What a queue has in its files, read."""

    cases: pa.Table
    records: pa.Table
    groups: pa.Table
    summaries: Mapping[str, ReportSummary]


def queue(*each: Found) -> Queue:
    with TemporaryDirectory() as name:
        folder = Path(name)
        aside = [one.laid_aside(folder / f"{one.report.id}.parquet") for one in each]
        made = queued(aside, {}, {}, ENGINE, working=folder, results=folder / "results")
        return Queue(made.cases.read(), made.records.read(), made.groups, made.summaries)


def cases(*each: Found) -> list[dict[str, Any]]:
    return [dict(row) for row in queue(*each).cases.to_pylist()]


# the order of the queue


@given(st.floats(0.001, 1), st.floats(0, 1), st.integers(0, 10**13))
def test_an_explanation_lowers_a_case(share: float, weight: float, value: int) -> None:
    one, less = priority_of(np.array([share, share * weight]), np.array([value, value])).tolist()
    assert less <= one


@given(st.integers(100, 10**12), st.integers(1, 10**12))
def test_of_cases_that_are_else_alike_the_larger_sum_stands_above(value: int, more: int) -> None:
    first, second = cases(found(BANK, group((1, 2), value), group((3, 4), value + more)))
    assert (first["value_at_risk"], second["value_at_risk"]) == (value + more, value)


def test_a_sum_that_is_not_known_counts_as_a_pound() -> None:
    (case,) = cases(found(BANK, group((1, 2), None)))
    assert (case["value_at_risk"], case["priority"]) == (None, 0.4)


def test_an_empty_queue_keeps_its_columns() -> None:
    result = queue(found(BANK))
    assert result.cases.schema == CASES
    assert result.cases.num_rows == result.records.num_rows == result.groups.num_rows == 0
    assert result.summaries["bank"].cases == 0


# one case out of what several reports found


def test_what_two_reports_found_of_the_same_records_is_one_case() -> None:
    (case,) = cases(found(BANK, group((1, 2))), found(VAT, group((1, 2))))
    assert (case["report"], case["also_in"], case["records"]) == ("bank", ["vat"], 2)
    assert [(saw["report"], saw["records"], saw["value"]) for saw in case["saw"]] == [
        ("bank", 2, 10_000),
        ("vat", 2, 10_000),
    ]
    assert case["value_at_risk"] == 10_000


def test_independent_reports_raise_the_evidence() -> None:
    (case,) = cases(found(BANK, group((1, 2))), found(VAT, group((1, 2))))
    assert case["share"] == pytest.approx(1 - 0.6 * 0.8)
    assert case["priority"] == pytest.approx(case["share"] * math.sqrt(100))


def test_reports_that_compare_a_field_in_common_count_once() -> None:
    (case,) = cases(found(NAME, group((1, 2))), found(NAME_AND_PLACE, group((1, 2))))
    assert case["share"] == pytest.approx(0.3)


def test_what_another_report_found_of_a_part_is_no_evidence_for_the_whole() -> None:
    (case,) = cases(found(BANK, group((1, 2, 3), 90_000)), found(VAT, group((1, 2), 100)))
    assert (case["records"], case["share"]) == (3, 0.4)


def test_explanations_weigh_in_each_report_by_itself() -> None:
    (case,) = cases(found(BANK, group((1, 2), share=0.04)), found(VAT, group((1, 2))))
    assert case["share"] == pytest.approx(1 - 0.96 * 0.8)
    (other,) = (saw for saw in case["saw"] if saw["report"] == "bank")
    assert other["explanations"] == ["Because."]


def test_value_is_counted_once_where_records_are_shared_and_added_where_they_are_not() -> None:
    pairs = found(BANK, group((1, 2), 5_000), group((3, 4), 7_000))
    (case,) = cases(pairs, found(NAME, group((1, 2, 3, 4), 11_000, share=0.001)))
    assert case["value_at_risk"] == 12_000
    (saw,) = (saw for saw in case["saw"] if saw["report"] == "bank")
    assert saw["groups"] == 2


def test_a_large_weak_group_does_not_swallow_a_pair_and_says_where_else_its_records_stand() -> None:
    pair, many = cases(found(BANK, group((1, 2))), found(NAME, group(range(1, 41), share=0.001)))
    assert (pair["records"], pair["overlaps"]) == (2, [])
    assert (many["records"], many["overlaps"]) == (40, [f"2 records also in case {pair['case']}, rank 1"])


def test_a_case_keeps_its_key_whatever_explains_it_or_joins_it() -> None:
    alone = cases(found(BANK, group((1, 2))))[0]["case"]
    assert alone == case_key("bank", ["1", "2"])
    explained = found(BANK, group((1, 2), value=1, share=0.0001))
    (case,) = cases(explained, found(VAT, group((1, 2, 3), 10**9)))
    assert (case["report"], case["case"]) == ("vat", alone)


def test_a_case_key_is_that_of_every_other_run() -> None:
    # printf 'same-amount\x1ea\x1eb' | sha256sum | cut -c1-16
    assert case_key("same-amount", ["a", "b"]) == "d5bda525431c484c"
    assert case_key("same-amount", ["ab"]) != case_key("same-amount", ["a", "b"])
    assert case_key("other", ["a", "b"]) != case_key("same-amount", ["a", "b"])


some_groups = st.lists(
    st.builds(
        group,
        members=st.frozensets(st.integers(1, 12), min_size=1, max_size=6),
        value=st.one_of(st.none(), st.integers(0, 10**9)),
        share=st.one_of(st.none(), st.floats(0.001, 0.5)),
    ),
    max_size=6,
    unique_by=lambda each: tuple(each["members"]),
)
everything = st.tuples(*([some_groups] * 4)).map(
    lambda each: [
        found(by, *groups) for by, groups in zip((BANK, VAT, NAME, NAME_AND_PLACE), each, strict=True)
    ]
)


@settings(max_examples=examples(16))
@given(everything)
def test_nothing_is_hidden_and_nothing_is_told_twice(each: list[Found]) -> None:
    result = queue(*each)
    rows = result.cases.to_pylist()
    assert result.groups.num_rows == sum(one.groups.num_rows for one in each)
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert len({row["case"] for row in rows}) == len(rows)
    for one in each:
        summary = result.summaries[one.report.id]
        assert summary.cases == one.groups.num_rows == summary.in_queue + summary.joined
        assert summary.in_queue == sum(row["report"] == one.report.id for row in rows)
    places = {(row["report"], row["group_no"]): row["rank"] for row in result.groups.to_pylist()}
    held: dict[int, set[int]] = {}
    for one in each:
        for row in one.members.to_pylist():
            held.setdefault(places[one.report.id, row["group_no"]], set()).add(row["record"])
    assert [row["records"] for row in rows] == [len(held[row["rank"]]) for row in rows]
    for row in rows:
        names = [saw["report"] for saw in row["saw"]]
        assert names == [row["report"], *row["also_in"]]
        assert len(set(names)) == len(names)
        assert 0 < row["share"] <= 1


@settings(max_examples=examples(10))
@given(everything, st.randoms(use_true_random=False))
def test_the_queue_does_not_depend_on_the_order_of_the_reports(each: list[Found], random: Any) -> None:
    expected = queue(*each).cases
    random.shuffle(each)
    assert queue(*each).cases.equals(expected)


@settings(max_examples=examples(10))
@given(everything, st.integers(1, 3))
def test_a_queue_made_in_small_slices_is_the_same(each: list[Found], slice_: int) -> None:
    expected = queue(*each)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matching.case_rows.SLICE", slice_)
        assert queue(*each).cases.equals(expected.cases)


@given(st.dictionaries(st.sampled_from("abcd"), st.floats(0, 1), min_size=1))
def test_evidence_together_is_at_least_the_strongest_and_at_most_certain(shares: dict[str, float]) -> None:
    own = {name: frozenset({name}) for name in shares}
    together = evidence_together(shares, own)
    assert max(shares.values()) - 1e-12 <= together <= 1
    in_common = {name: frozenset({"x"}) for name in shares}
    assert evidence_together(shares, in_common) == pytest.approx(max(shares.values()))


# what a case says


def payment(**other: Any) -> dict[str, Any]:
    return {
        "creditor_reference": "C1",
        "supplier_invoice_number": "INV10045",
        "total_invoice_amount": 123_456,
    } | other


def only_case(result: MatchResult) -> dict[str, Any]:
    (found,) = result.cases.to_pylist()
    return dict(found)


def test_a_case_spells_out_what_agrees_as_it_stands_in_the_extract(matched: Matched) -> None:
    rows = [
        payment(),
        payment(supplier_invoice_number="inv-10045"),
        payment(supplier_invoice_number="00INV10045"),
    ]
    found = only_case(matched({"creditors-history": rows}, "same-creditor-invoice-amount"))
    assert found["agrees"] == [
        "Creditor reference: C1",
        "Suppliers invoice number: 00INV10045 / INV10045 / inv-10045",
        "Total invoice amount: £1,234.56",
    ]
    assert found["differs"] == []
    assert (found["records"], found["value_at_risk"]) == (3, 246_912)


def test_a_case_spells_out_what_differs_and_how_many_more_there_are(matched: Matched) -> None:
    rows = [payment(creditor_reference=f"C{n}", invoice_date=date(2025, 3, n)) for n in range(1, 8)]
    standing = [{"creditor_reference": f"C{n}", "creditor_name": f"Firm {n}"} for n in range(1, 8)]
    found = only_case(
        matched({"creditors-history": rows, "creditors-standing": standing}, "same-invoice-amount")
    )
    assert found["differs"] == [
        "Creditor reference: C1 / C2 / C3 / C4 and 3 more",
        "Creditor name: Firm 1 / Firm 2 / Firm 3 / Firm 4 and 3 more",
        "Invoice date: 01/03/2025, 02/03/2025, 03/03/2025, 04/03/2025 and 3 more (6 days from first to last)",
    ]


def test_a_case_of_similar_names_says_how_alike_they_are(matched: Matched) -> None:
    standing = [
        {"creditor_reference": "C1", "creditor_name": "Acorn Glazing Ltd"},
        {"creditor_reference": "C2", "creditor_name": "Acorn Glazings"},
    ]
    found = only_case(matched({"creditors-standing": standing}, "similar-creditor-names"))
    (alike,) = found["agrees"]
    assert re.fullmatch(r"Creditor name: Acorn Glazing Ltd / Acorn Glazings \(0\.\d\d alike\)", alike)
    assert found["differs"] == ["Creditor reference: C1 / C2"]


def test_what_a_creditor_was_paid_counts_once_however_many_sites_it_has(matched: Matched) -> None:
    standing = [
        {"creditor_reference": "C1", "site_id": "1", "creditor_name": "Acorn Glazing"},
        {"creditor_reference": "C1", "site_id": "2", "creditor_name": "Acorn Glazing"},
        {"creditor_reference": "C2", "creditor_name": "Acorn Glazing"},
    ]
    history = [
        payment(total_invoice_amount=900_000),
        payment(creditor_reference="C2", total_invoice_amount=5_000),
    ]
    rows = {"creditors-standing": standing, "creditors-history": history}
    found = only_case(matched(rows, "similar-creditor-names"))
    assert (found["records"], found["value_involved"]) == (3, 5_000)


def test_of_an_employee_and_a_creditor_all_that_the_creditor_was_paid_is_involved(matched: Matched) -> None:
    bank = {"sort_code": "204523", "bank_account": "12345678"}
    rows = {
        "payroll": [{"employee_reference": "E1", "surname": "Example", "gross_pay_to_date": 77} | bank],
        "creditors-standing": [
            {"creditor_reference": "C1", "site_id": "1", "creditor_name": "Oak Hire"} | bank,
            {"creditor_reference": "C1", "site_id": "2", "creditor_name": "Oak Hire"} | bank,
        ],
        "creditors-history": [payment(), payment(total_invoice_amount=-456)],
    }
    found = only_case(matched(rows, "payroll-creditors-bank"))
    assert (found["records"], found["value_involved"]) == (3, 123_000)


def test_what_was_paid_is_not_known_without_a_payment_history(matched: Matched) -> None:
    bank = {"sort_code": "204523", "bank_account": "12345678"}
    rows = [{"creditor_reference": f"C{n}"} | bank for n in (1, 2)]
    found = only_case(matched({"creditors-standing": rows}, "same-bank-account-creditors"))
    assert found["value_involved"] is None
    assert found["priority"] == pytest.approx(0.1)


def test_creditors_that_gave_back_more_than_they_got_involve_nothing(matched: Matched) -> None:
    bank = {"sort_code": "204523", "bank_account": "12345678"}
    rows = {
        "creditors-standing": [{"creditor_reference": f"C{n}"} | bank for n in (1, 2)],
        "creditors-history": [payment(creditor_reference=f"C{n}", total_invoice_amount=-500) for n in (1, 2)],
    }
    assert only_case(matched(rows, "same-bank-account-creditors"))["value_involved"] == 0


@pytest.mark.parametrize("internal", [None, "1"], ids=["blank", "used twice"])
def test_cases_keep_keys_of_their_own_where_the_ledgers_own_key_does_not_tell_records_apart(
    internal: str | None, matched: Matched
) -> None:
    rows = [
        payment(internal_invoice_number=internal, total_invoice_amount=amount)
        for amount in (500, 500, 700, 700)
    ]
    keys = matched({"creditors-history": rows}, "same-creditor-invoice-amount").cases["case"].to_pylist()
    assert len(set(keys)) == 2


def test_a_case_tells_of_further_columns_whether_they_agree_or_differ(matched: Matched) -> None:
    person = {"ni_number": "CR123456C", "surname": "Acorn", "gross_pay_to_date": 100}
    records = {
        "payroll": [
            person | {"employee_reference": "E1", "forenames": "Ada", "date_of_birth": date(1980, 2, 1)},
            person | {"employee_reference": "E2", "forenames": "Ida"},
        ]
    }
    found = matched(records, "payroll-same-nino").cases.to_pylist()[0]
    assert "Surname: Acorn" in found["agrees"]
    assert "Forename(s): Ada / Ida" in found["differs"]
    assert not any("Date of birth" in said for said in found["agrees"] + found["differs"])
