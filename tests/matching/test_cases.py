"""A case says what agrees, what differs, what is at risk, and where it stands in the queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.cases import Case, case_key, queue
from matching.explain import Explanation
from matching.report import Report, all_reports
from matching.result import MatchResult

Rows = list[dict[str, Any]]
Matched = Callable[..., MatchResult]
REPORT = all_reports()[0]


def case(
    members: tuple[int, ...] = (1, 2),
    value: int | None = 10_000,
    weights: tuple[float, ...] = (),
    left: int | None = None,
    report: Report = REPORT,
) -> Case:
    return Case(
        report=report,
        members=members,
        key=case_key(report.id, [str(member) for member in members]),
        value_at_risk=value,
        agrees=[],
        differs=[],
        explanations=[Explanation(1, "Because.", left, weight) for weight in weights],
    )


pence = st.one_of(st.none(), st.integers(-(10**9), 10**12))
weights = st.lists(st.floats(0.001, 1.0), max_size=4).map(tuple)


@given(value=pence, found=weights, left=pence)
def test_an_explanation_never_raises_a_case(
    value: int | None, found: tuple[float, ...], left: int | None
) -> None:
    assert (
        case(value=value, weights=(*found, 0.9), left=left).priority
        <= case(value=value, weights=found).priority
    )


@given(value=st.integers(100, 10**12), weight=st.floats(0.001, 0.99), left=pence)
def test_an_explained_case_stands_below_the_same_case_unexplained(
    value: int, weight: float, left: int | None
) -> None:
    explained, plain = case((1, 2), value, (weight,), left), case((3, 4), value)
    assert [kept.members for kept in queue([explained, plain])] == [(3, 4), (1, 2)]


@given(value=pence, left=pence)
def test_what_is_at_risk_is_never_negative_nor_more_than_before(value: int | None, left: int | None) -> None:
    at_risk = case(value=value, weights=(0.5,), left=left).at_risk
    if value is None:
        assert at_risk is None
    else:
        assert at_risk is not None
        assert 0 <= at_risk <= max(value, 0)


@given(st.lists(st.integers(0, 10**12), min_size=2, max_size=6))
def test_of_cases_that_are_else_alike_the_larger_sum_stands_above(values: list[int]) -> None:
    cases = [case((2 * place, 2 * place + 1), value) for place, value in enumerate(values)]
    assert [kept.at_risk for kept in queue(cases)] == pytest.approx(sorted(values, reverse=True), abs=100)


groups = st.lists(
    st.builds(
        case,
        members=st.frozensets(st.integers(1, 9), min_size=2, max_size=6).map(
            lambda members: tuple(sorted(members))
        ),
        value=pence,
        weights=weights,
        report=st.sampled_from(all_reports()),
    ),
    max_size=12,
)


@given(groups)
def test_nothing_is_hidden(cases: list[Case]) -> None:
    kept = queue(cases)
    for each in cases:
        holders = [above for above in kept if set(each.members) <= set(above.members)]
        assert any(holder is each or each.report.id in holder.also_in for holder in holders)
    assert len(cases) == len(kept) + sum(len(each.also_in) for each in kept)


@given(groups, st.randoms(use_true_random=False))
def test_the_queue_does_not_depend_on_the_order_of_cases_with_keys_of_their_own(
    cases: list[Case], random: Any
) -> None:
    own = list({each.key: each for each in cases}.values())
    expected = [each.key for each in queue(own)]
    for each in own:
        each.also_in.clear()
    random.shuffle(own)
    assert [each.key for each in queue(own)] == expected


def test_a_case_inside_another_is_named_there() -> None:
    whole, part = case((1, 2, 3), 900_000), case((1, 3), 100, report=all_reports()[1])
    kept = queue([part, whole])
    assert [each.members for each in kept] == [(1, 2, 3)]
    assert kept[0].also_in == [all_reports()[1].id]


def test_a_case_that_only_overlaps_another_is_kept() -> None:
    assert len(queue([case((1, 2)), case((2, 3))])) == 2


def test_an_empty_queue_stays_empty() -> None:
    assert queue([]) == []


def test_a_case_key_is_that_of_every_other_run() -> None:
    # printf 'same-amount\x1ea\x1eb' | sha256sum | cut -c1-16
    assert case_key("same-amount", ["a", "b"]) == "d5bda525431c484c"
    assert case_key("same-amount", ["ab"]) != case_key("same-amount", ["a", "b"])
    assert case_key("other", ["a", "b"]) != case_key("same-amount", ["a", "b"])


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
    assert found["agrees"] == ["Creditor name: Acorn Glazing Ltd / Acorn Glazings (0.96 alike)"]
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
