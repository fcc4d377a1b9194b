"""Profiles: how complete, how valid and how varied each column is."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engines.duckdb import DuckDBEngine
from specs import profile as profile_module
from specs.catalogues import load_specification
from specs.check_batches import BatchCheck
from specs.check_record import FieldProfile
from specs.parse import decide_reading
from specs.profile import FEW, RunningProfile, different_values_query
from specs.schema import ExtractSchema
from tests.examples import examples
from tests.holding import HoldingEngine

HISTORY = load_specification("creditors-history")
COLUMNS = ["supplier_invoice_number", "remarks"]
CHECK = BatchCheck(
    HISTORY,
    decide_reading(HISTORY, pa.RecordBatch.from_arrays([], names=[]))[0],
    ExtractSchema(HISTORY, COLUMNS, today=date(2026, 10, 1)),
)


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


@settings(deadline=None, max_examples=examples(10))
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


@settings(deadline=None, max_examples=examples(40))
@given(
    st.lists(
        st.lists(st.sampled_from(["A", "B", "A ", "", "Ä", "long value", "C", "D"]), min_size=1, max_size=9)
    ),
    st.randoms(use_true_random=False),
)
def test_profiles_of_parts_add_up_in_any_order(parts: list[list[str]], order: random.Random) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profile_module, "FEW", 3)
        whole = RunningProfile(HISTORY, COLUMNS)
        each = []
        for number, values in enumerate(parts):
            text = pa.record_batch(
                {
                    "source_row": pa.array(range(number * 9, number * 9 + len(values)), pa.int64()),
                    "remarks": values,
                    "supplier_invoice_number": values[::-1],
                }
            )
            checked = CHECK.check(text)
            whole.add(checked.parsed, checked.findings)
            part = RunningProfile(HISTORY, COLUMNS)
            part.add(checked.parsed, checked.findings)
            sent = json.loads(json.dumps(part.to_plain()))
            each.append(RunningProfile.from_plain(HISTORY, sent))
        together = RunningProfile(HISTORY, COLUMNS)
        order.shuffle(each)
        for part in each:
            together.merge(part)
        assert together.to_plain() == whole.to_plain()


def test_many_different_values_are_counted_in_the_records(tmp_path: Path) -> None:
    values = [f"I{number}" for number in range(FEW + 1)] * 2
    made = profiles(
        tmp_path, [{"supplier_invoice_number": values[:700]}, {"supplier_invoice_number": values[700:]}]
    )
    profile = made["supplier_invoice_number"]
    assert (profile.filled, profile.distinct, profile.distinct_is_exact) == (2 * (FEW + 1), FEW + 1, True)
    assert profile.commonest_share is None


def test_what_an_engine_holds_is_counted_exactly_however_many_records_there_are(tmp_path: Path) -> None:
    text = pa.record_batch({"source_row": [2, 3, 4], "remarks": ["A", "B", "B"]})
    checked = BatchCheck(HISTORY, CHECK.reading, ExtractSchema(HISTORY, ["remarks"], today=date(2026, 10, 1)))
    records = checked.check(text)
    profile = RunningProfile(HISTORY, ["remarks"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profile_module, "FEW", 1)
        patch.setattr(profile_module, "EXACT_ROWS", 1)
        profile.add(records.parsed, records.findings)
        engine = HoldingEngine(tmp_path)
        table = pa.Table.from_batches([records.records])
        held = engine.sql_into(tmp_path, "select * from records", records=table)
        (made,) = profile.profiles(3, held, engine)
    assert (made.distinct, made.distinct_is_exact, made.commonest_share) == (2, True, None)


@pytest.mark.parametrize("exactly", [True, False])
def test_an_estimate_is_near_the_exact_number(tmp_path: Path, exactly: bool) -> None:
    pq.write_table(pa.table({"remarks": [f"R{number % 20_000}" for number in range(60_000)]}), tmp_path / "r")
    query = different_values_query(["remarks"], exactly=exactly)
    (row,) = DuckDBEngine().sql(query, records=tmp_path / "r").to_pylist()
    assert row["remarks"] == 20_000 if exactly else row["remarks"] == pytest.approx(20_000, rel=0.1)
