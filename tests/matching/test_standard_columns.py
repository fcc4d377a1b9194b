"""Records that lack a column which the match counts on, or hold it in another format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matching.body import Body
from matching.match import match
from matching.prepare import prepared_records
from matching.report import all_reports
from matching.standard_columns import completed, lacking_columns
from specs.engine import Engine
from specs.specification import Specification

CheckedTable = Callable[[str, list[dict[str, Any]]], pa.Table]


@pytest.fixture
def written(tmp_path: Path, checked_table: CheckedTable) -> Callable[..., Path]:
    """One checked record of a data set, without some columns, and with others in place of them."""

    def write(dataset: str, *gone: str, **other: pa.Array) -> Path:
        table = checked_table(dataset, [{"source_row": 2}]).drop_columns(list(gone))
        for name, values in other.items():
            table = table.append_column(name, values)
        pq.write_table(table, tmp_path / f"{dataset}.parquet")
        return tmp_path / f"{dataset}.parquet"

    return write


def test_records_that_lack_nothing_stay_where_they_are(written: Callable[..., Path], engine: Engine) -> None:
    path = written("payroll", extra=pa.array(["x"]))
    assert lacking_columns("payroll", path) == {}
    assert completed("payroll", path, path.with_name("other"), engine) == path


def test_what_is_lacking_is_said_in_words_and_becomes_blank(
    written: Callable[..., Path], checked_table: CheckedTable, engine: Engine
) -> None:
    path = written("payroll", "sex", "date_of_birth", date_of_birth=pa.array(["1980"]))
    assert lacking_columns("payroll", path) == {
        "sex": "payroll has no field for Sex",
        "date_of_birth": "the specification of payroll does not have Date of birth as a date",
    }
    table = pq.read_table(completed("payroll", path, path.with_name("other"), engine))
    standard = checked_table("payroll", []).schema
    assert {field.name: field.type for field in table.schema} == {
        field.name: field.type for field in standard
    }
    assert (table["sex"].to_pylist(), table["date_of_birth"].to_pylist()) == ([None], [None])


def test_a_creditor_whose_payments_have_no_sum_was_paid_nobody_knows_what(
    written: Callable[..., Path], engine: Engine, tmp_path: Path
) -> None:
    files = {
        "creditors-history": written("creditors-history", "total_invoice_amount"),
        "creditors-standing": written("creditors-standing"),
    }
    standing = prepared_records([Body(files)], engine, tmp_path)["creditors-standing"]
    assert pq.read_table(standing)["paid"].to_pylist() == [None]


def test_a_name_that_the_payments_have_themselves_comes_before_one_looked_up(
    written: Callable[..., Path], engine: Engine, tmp_path: Path
) -> None:
    files = {
        "creditors-history": written("creditors-history", creditor_name=pa.array(["Acorn Hire Ltd"])),
        "creditors-standing": written("creditors-standing", "creditor_name"),
    }
    history = pq.read_table(prepared_records([Body(files)], engine, tmp_path)["creditors-history"])
    assert history["creditor_name"].to_pylist() == ["Acorn Hire Ltd"]
    assert history["creditor_name_key"].to_pylist() == ["ACORN HIRE"]


@pytest.mark.parametrize("dataset", ["creditors-history", "creditors-standing", "payroll"])
def test_a_match_over_records_that_have_one_column_only_skips_every_report_of_them(
    dataset: str,
    written: Callable[..., Path],
    specifications: dict[str, Specification],
    checked_table: CheckedTable,
    engine: Engine,
    tmp_path: Path,
) -> None:
    held = specifications[dataset]
    kept = held.key.columns[0]
    gone = [name for name in checked_table(dataset, []).column_names if name not in {kept, "source_row"}]
    own = held.model_copy(
        update={
            "fields": (held.by_column[kept],),
            "key": held.key.model_copy(update={"columns": (kept,)}),
        }
    )
    own.__dict__.pop("by_column", None)
    result = match({dataset: written(dataset, *gone)}, all_reports(), {dataset: own}, engine, tmp_path)
    assert all(report.skipped for report in result.reports)
    assert result.cases.num_rows == 0
