"""Checks of a whole data set, with loops over lists as the oracle of the SQL."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from textwrap import dedent

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engines.duckdb import DuckDBEngine
from specs.across import (
    duplicate_key_findings,
    duplicate_key_query,
    first_rows_query,
    missing_reference_findings,
    missing_reference_query,
    totals_row_findings,
)
from specs.parse import record_schema
from specs.specification import load_specification

HISTORY = load_specification("creditors-history")
STANDING = load_specification("creditors-standing")
ENGINE = DuckDBEngine()

Keys = list[tuple[str | None, str | None]]


def written(folder: Path, dataset: str, rows: list[dict[str, object]]) -> Path:
    """Records as a check writes them, rows from 2 on; columns that are not given are blank."""
    numbered = [{"source_row": place} | row for place, row in enumerate(rows, start=2)]
    table = pa.Table.from_pylist(numbered, schema=record_schema(load_specification(dataset)))
    file = folder / f"{dataset}.parquet"
    pq.write_table(table, file)
    return file


def expected_detail(own: int, rows: list[int]) -> str:
    others = [row for row in rows if row != own]
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    return f"also on row{'s' if len(others) > 1 else ''} {', '.join(map(str, others[:3]))}{more}"


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from([None, "A", "a", "B", "C"]), max_size=14))
def test_each_record_whose_key_another_has_is_found_with_its_neighbours(
    tmp_path_factory: pytest.TempPathFactory, keys: list[str | None]
) -> None:
    records = written(
        tmp_path_factory.mktemp("w"), "creditors-history", [{"internal_invoice_number": key} for key in keys]
    )
    rows_of = defaultdict(list)
    for row, key in enumerate(keys, start=2):
        if key is not None:
            rows_of[key].append(row)
    expected = [
        (row, key, expected_detail(row, rows_of[key]))
        for row, key in enumerate(keys, start=2)
        if key is not None and len(rows_of[key]) > 1
    ]
    found = duplicate_key_findings(HISTORY, records, ENGINE).to_pylist()
    assert [(f["row"], f["value"], f["detail"]) for f in found] == expected
    assert all(f["field"] == "Internal/system invoice number" and f["severity"] == "error" for f in found)


PARTS = st.sampled_from([None, "1", "2"])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(PARTS, PARTS), max_size=12))
def test_a_key_of_two_columns_counts_where_the_required_one_is_filled_and_blank_sites_are_equal(
    tmp_path_factory: pytest.TempPathFactory, keys: Keys
) -> None:
    records = written(
        tmp_path_factory.mktemp("w"),
        "creditors-standing",
        [{"creditor_reference": creditor, "site_id": site} for creditor, site in keys],
    )
    expected = [row for row, key in enumerate(keys, start=2) if key[0] is not None and keys.count(key) > 1]
    found = duplicate_key_findings(STANDING, records, ENGINE).to_pylist()
    assert [f["row"] for f in found] == expected
    assert {f["severity"] for f in found} <= {"warning"}, "the key is recalled"


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from([None, "A", "B", "b", "C"]), max_size=10),
    st.lists(st.sampled_from([None, "A", "B", "D"]), max_size=6),
)
def test_each_record_that_refers_to_nothing_is_found(
    tmp_path_factory: pytest.TempPathFactory, references: list[str | None], standing: list[str | None]
) -> None:
    folder = tmp_path_factory.mktemp("w")
    records = written(folder, "creditors-history", [{"creditor_reference": r} for r in references])
    others = written(folder, "creditors-standing", [{"creditor_reference": r} for r in standing])
    expected = [
        (row, reference)
        for row, reference in enumerate(references, start=2)
        if reference is not None and reference not in standing
    ]
    (reference,) = HISTORY.references
    found = missing_reference_findings(HISTORY, reference, records, others, ENGINE).to_pylist()
    assert [(f["row"], f["value"]) for f in found] == expected
    assert all(
        (f["code"], f["severity"], f["detail"]) == ("reference", "warning", "not in creditors-standing")
        for f in found
    )


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(["", "A", "B"]), st.sampled_from(["", "A", "B"])), max_size=12))
def test_of_rows_that_are_the_same_the_first_stays(rows: list[tuple[str, str]]) -> None:
    mapped = pa.table(
        {
            "source_row": pa.array(range(2, len(rows) + 2), pa.int64()),
            "title": pa.array([row[0] for row in rows], pa.string()),
            "group": pa.array([row[1] for row in rows], pa.string()),
        }
    )
    kept = ENGINE.sql(first_rows_query(["title", "group"]), mapped=mapped).column(0).to_pylist()
    assert kept == sorted({row: place for place, row in reversed(list(enumerate(rows, start=2)))}.values())


def test_the_query_for_shared_keys_reads_like_this() -> None:
    assert duplicate_key_query(STANDING) == dedent("""\
        with
        keyed as (              -- one row per record whose key is filled
            select source_row, "creditor_reference", "site_id"
            from records
            where "creditor_reference" is not null
        ),
        repeated as (           -- one row per key that more than one record has
            select "creditor_reference", "site_id", count(*) as key_records
            from keyed
            group by "creditor_reference", "site_id"
            having count(*) > 1
        ),
        placed as (             -- the records of those keys, counted within their key
            select
                keyed.source_row, keyed."creditor_reference", keyed."site_id", repeated.key_records,
                row_number() over (partition by keyed."creditor_reference", keyed."site_id" order by keyed.source_row) as place
            from keyed
            join repeated
                on keyed."creditor_reference" is not distinct from repeated."creditor_reference"
                and keyed."site_id" is not distinct from repeated."site_id"
        ),
        told as (               -- the same records, each with the first rows of its key
            select
                source_row, "creditor_reference" as value, key_records,
                max(case when place = 1 then source_row end) over (partition by "creditor_reference", "site_id") as row_1,
                max(case when place = 2 then source_row end) over (partition by "creditor_reference", "site_id") as row_2,
                max(case when place = 3 then source_row end) over (partition by "creditor_reference", "site_id") as row_3,
                max(case when place = 4 then source_row end) over (partition by "creditor_reference", "site_id") as row_4
            from placed
        )
        select *
        from told
        order by source_row
        """)  # noqa: E501 (as it is generated)


def test_the_query_for_lost_references_reads_like_this() -> None:
    assert missing_reference_query("creditor_reference") == dedent("""\
        select records.source_row, records."creditor_reference" as value
        from records
        where records."creditor_reference" is not null      -- a blank refers to nothing
          and not exists (
            select 1
            from others
            where others."creditor_reference" = records."creditor_reference"
          )
        order by records.source_row
        """)


LEDGER: list[dict[str, object]] = [
    {"creditor_reference": "C1", "invoice_date": date(2026, 4, 1), "total_invoice_amount": 5000},
    {"creditor_reference": "C2", "invoice_date": date(2026, 4, 2), "total_invoice_amount": -700},
]
LEDGER_COLUMNS = ("creditor_reference", "invoice_date", "total_invoice_amount", "vat_amount", "remarks")


@pytest.mark.parametrize(
    ("last", "detail"),
    [
        pytest.param(
            {"total_invoice_amount": 4300},
            "Total invoice amount: what all rows above add up to",
            id="the sum, and nothing else",
        ),
        pytest.param({"creditor_reference": "TOTAL", "total_invoice_amount": 1}, None, id="says so"),
        pytest.param({"remarks": "Grand total", "vat_amount": 3}, None, id="says so elsewhere"),
    ],
)
def test_a_line_of_totals_at_the_end_is_found(
    tmp_path: Path, last: dict[str, object], detail: str | None
) -> None:
    records = written(tmp_path, "creditors-history", [*LEDGER, last])
    (found,) = totals_row_findings(HISTORY, LEDGER_COLUMNS, records, ENGINE).to_pylist()
    assert (found["code"], found["severity"], found["row"], found["field"]) == (
        "totals_row",
        "warning",
        4,
        None,
    )
    assert found["detail"] == detail


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([], id="no records"),
        pytest.param(LEDGER, id="whole records"),
        pytest.param(
            [
                *LEDGER,
                {"creditor_reference": "C3", "invoice_date": date(2026, 4, 3), "total_invoice_amount": 4300},
            ],
            id="a whole record of that sum",
        ),
        pytest.param(
            [
                *LEDGER,
                {"creditor_reference": "Total", "invoice_date": date(2026, 4, 3), "total_invoice_amount": 1},
            ],
            id="a creditor of that name",
        ),
        pytest.param([*LEDGER, {"creditor_reference": "C3", "total_invoice_amount": 1}], id="only no date"),
        pytest.param([LEDGER[0], {"total_invoice_amount": 5000}], id="one record above: no sum"),
        pytest.param([*LEDGER, {"total_invoice_amount": 4300}, LEDGER[0]], id="not the last"),
    ],
)
def test_other_last_records_are_no_line_of_totals(tmp_path: Path, records: list[dict[str, object]]) -> None:
    file = written(tmp_path, "creditors-history", records)
    assert totals_row_findings(HISTORY, LEDGER_COLUMNS, file, ENGINE).num_rows == 0


def test_columns_that_the_extract_has_not_got_make_no_line_of_totals(tmp_path: Path) -> None:
    file = written(tmp_path, "creditors-history", [*LEDGER, {"creditor_reference": "Total"}])
    columns = [name for name in LEDGER_COLUMNS if name == "remarks"]
    assert totals_row_findings(HISTORY, columns, file, ENGINE).num_rows == 0
