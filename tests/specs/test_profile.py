"""Profiles: how complete, how valid and how varied each column is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engines.duckdb import DuckDBEngine
from specs.catalogues import load_specification
from specs.check_batches import BatchCheck
from specs.check_record import FieldProfile
from specs.parse import decide_reading
from specs.profile import FEW, RunningProfile, different_values_query
from specs.schema import ExtractSchema

HISTORY = load_specification("creditors-history")


def profiles(folder: Path, batches: Sequence[dict[str, list[str]]]) -> dict[str, FieldProfile]:
    """The profiles of records that come in these batches, by column name."""
    columns = list(batches[0])
    records, profile = [], RunningProfile(HISTORY, columns)
    first_row = 2
    for batch in batches:
        rows = len(batch[columns[0]])
        text = pa.record_batch(
            {"source_row": pa.array(range(first_row, first_row + rows), pa.int64()), **batch}
        )
        first_row += rows
        reading, _ = decide_reading(HISTORY, text)
        checked = BatchCheck(
            HISTORY, reading, ExtractSchema(HISTORY, columns, today=date(2026, 10, 1))
        ).check(text)
        profile.add(checked.parsed, checked.findings)
        records.append(checked.records)
    pq.write_table(pa.Table.from_batches(records), folder / "records.parquet")
    made = profile.profiles(first_row - 2, folder / "records.parquet", DuckDBEngine())
    columns_by_name = {field.name: field.column for field in HISTORY.fields}
    return {columns_by_name[each.field]: each for each in made}


def test_a_profile_counts_what_is_filled_valid_and_different(tmp_path: Path) -> None:
    made = profiles(
        tmp_path,
        [
            {
                "creditor_reference": ["C1", "C1", "", " C2 "],
                "invoice_date": ["31032024", "31022024", "", "31032024"],
            }
        ],
    )
    assert made == {
        "creditor_reference": FieldProfile(
            field="Creditor reference",
            filled=3,
            valid=3,
            distinct=2,
            distinct_is_exact=True,
            shortest=2,
            longest=2,
            commonest_share=2 / 3,
        ),
        "invoice_date": FieldProfile(
            field="Invoice date",
            filled=3,
            valid=2,
            distinct=2,
            distinct_is_exact=True,
            commonest_share=2 / 3,
        ),
    }


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.sampled_from(["A", "B", "A ", "", "Ä", "long value"]), min_size=1, max_size=40),
    st.integers(1, 40),
)
def test_where_batches_are_cut_shows_in_no_profile(
    tmp_path_factory: pytest.TempPathFactory, values: list[str], size: int
) -> None:
    folder = tmp_path_factory.mktemp("profile")
    cut = [{"remarks": values[start : start + size]} for start in range(0, len(values), size)]
    assert profiles(folder, cut) == profiles(folder, [{"remarks": values}])


def test_many_different_values_are_counted_in_the_records(tmp_path: Path) -> None:
    values = [f"I{number}" for number in range(FEW + 1)] * 2
    made = profiles(
        tmp_path, [{"supplier_invoice_number": values[:700]}, {"supplier_invoice_number": values[700:]}]
    )
    profile = made["supplier_invoice_number"]
    assert (profile.filled, profile.distinct, profile.distinct_is_exact) == (2 * (FEW + 1), FEW + 1, True)
    assert profile.commonest_share is None


@pytest.mark.parametrize("exactly", [True, False])
def test_an_estimate_is_near_the_exact_number(tmp_path: Path, exactly: bool) -> None:
    pq.write_table(pa.table({"remarks": [f"R{number % 20_000}" for number in range(60_000)]}), tmp_path / "r")
    query = different_values_query(["remarks"], exactly=exactly)
    (row,) = DuckDBEngine().sql(query, records=tmp_path / "r").to_pylist()
    assert row["remarks"] == 20_000 if exactly else row["remarks"] == pytest.approx(20_000, rel=0.1)
