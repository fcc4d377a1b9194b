from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specs.data_set import AcrossContext
from specs.data_set.references import references
from tests.examples import examples

ContextOf = Callable[..., AcrossContext]
SETTINGS = settings(
    deadline=None, max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SETTINGS
@given(
    st.lists(st.sampled_from([None, "A", "B", "b", "C"]), max_size=10),
    st.lists(st.sampled_from([None, "A", "B", "D", "E"]), max_size=6),
)
def test_references_to_nothing_and_records_that_none_refers_to_are_found(
    context_of: ContextOf, used: list[str | None], standing: list[str | None]
) -> None:
    context = context_of(
        "creditors-history",
        [{"creditor_reference": reference} for reference in used],
        others={"creditors-standing": [{"creditor_reference": reference} for reference in standing]},
    )
    found = references(context)
    assert [(each["row"], each["value"]) for each in found.rows.to_pylist()] == [
        (row, reference)
        for row, reference in enumerate(used, start=2)
        if reference is not None and reference not in standing
    ]
    assert {(each["code"], each["severity"], each["detail"]) for each in found.rows.to_pylist()} <= {
        ("reference", "warning", "not in creditors-standing")
    }
    held = {reference for reference in standing if reference is not None}
    unused = held - set(used)
    assert [str(each.detail).split(" in ")[0] for each in found.whole] == (
        [f"{len(unused)} of {len(held)}"] if unused else []
    )


def test_what_no_payment_refers_to_is_told_with_figures_and_the_first_row(context_of: ContextOf) -> None:
    context = context_of(
        "creditors-history",
        [{"creditor_reference": "C1"}],
        others={"creditors-standing": [{"creditor_reference": name} for name in ("C1", "C2", "C3", "C3")]},
    )
    (found,) = references(context).whole
    assert (found.code, found.field, found.severity) == ("unreferenced", "Creditor reference", "note")
    assert found.detail == "2 of 3 in creditors-standing (66.7 %); the first is in its row 3"


def test_references_are_not_checked_before_the_other_data_set_has_been(context_of: ContextOf) -> None:
    found = references(context_of("creditors-history", [{"creditor_reference": "C1"}]))
    assert [each.code for each in found.not_checked] == ["reference", "unreferenced"]
    assert all("creditors-standing has not been checked" in each.reason for each in found.not_checked)
