"""Lists that reports look at only where other columns agree are made only there, and change no group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from matching.body import Body
from matching.groups import groups_of
from matching.prepare import only_with, prepared_records
from matching.records import enrichments
from matching.report import Report
from specs.catalogues import load_specification
from specs.engine import Engine

Checked = Callable[[Mapping[str, list[dict[str, Any]]]], dict[str, Path]]
SHARED = ("creditor_reference", "total_invoice_amount")
PAYMENTS = [
    {"creditor_reference": reference, "supplier_invoice_number": number, "total_invoice_amount": amount}
    for reference, number, amount in (
        ("C1", "INV12345", 500),
        ("C1", "INV12435", 500),
        ("C1", "INV99999", 700),
        ("C2", "INV12345", 500),
        (None, "INV12345", 500),
        (None, "INV12345", 500),
    )
]


def report(**keys: Any) -> Report:
    """A report over the payments, with a list-valued key."""
    shape = {
        "id": "invented",
        "title": "Invented",
        "about": "Invented.",
        "data": ["creditors-history"],
        "same": [*SHARED, "invoice_swapped_keys"],
        "value": "total_invoice_amount",
        "strength": {"share": 0.5, "evidence": "inferred"},
    }
    return Report.model_validate(shape | keys)


def test_a_list_is_made_where_another_payment_shares_the_rest(
    checked: Checked, engine: Engine, tmp_path: Path
) -> None:
    bodies = [Body(checked({"creditors-history": PAYMENTS}))]
    sets = only_with([report()], ())
    assert sets["creditors-history"] == {"invoice_swapped_keys": frozenset([SHARED])}
    folders = [tmp_path / name for name in ("some", "all")]
    for folder in folders:
        folder.mkdir()
    needed = {"invoice_swapped_keys", "invoice_key"}
    some = prepared_records(bodies, engine, folders[0], needed=needed, only_with=sets)
    everywhere = prepared_records(bodies, engine, folders[1], needed=needed)
    table = pq.read_table(some["creditors-history"]).sort_by("record")
    made = [each is not None for each in table["invoice_swapped_keys"].to_pylist()]
    assert made == [True, True, False, False, False, False]
    assert table.schema.equals(pq.read_schema(everywhere["creditors-history"]))
    found = groups_of(report(), some, engine)
    assert found.equals(groups_of(report(), everywhere, engine))
    assert found.num_rows == 2


def test_a_list_that_anything_else_asks_for_is_made_for_all() -> None:
    assert only_with([report(same=["invoice_swapped_keys"])], ())["creditors-history"] == {}
    assert only_with([report(also_tell=["invoice_swapped_keys"])], ())["creditors-history"] == {}
    assert only_with([report()], {"invoice_swapped_keys"})["creditors-history"] == {}
    assert only_with([report(), report(same=["invoice_swapped_keys"])], ())["creditors-history"] == {}


@pytest.mark.parametrize("dataset", enrichments())
def test_keys_of_nothing_but_blanks_are_those_of_a_blank_beside_others(
    dataset: str, checked: Checked, engine: Engine, tmp_path: Path
) -> None:
    """Where a whole batch is blank, a key is worked out once: with the same outcome."""

    def keys(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
        (tmp_path / name).mkdir()
        made = prepared_records([Body(checked({dataset: rows}))], engine, tmp_path / name)[dataset]
        names = ["source_row", *enrichments()[dataset].keys]
        return sorted(pq.read_table(made).select(names).to_pylist(), key=lambda row: row["source_row"])

    columns = {column for its in enrichments()[dataset].keys.values() for of in its.values() for column in of}
    own = load_specification(dataset).by_column
    filled = {name: "Ann 1" for name in columns if name in own}
    assert keys([{}, {}], "blank") == keys([{}, {}, filled], "mixed")[:2]
