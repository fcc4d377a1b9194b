"""Parquet files. Every value is invented."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.read import ReadingOptions, open_extract
from tests import reading
from tests.examples import examples
from tests.reading import records, records_or_refusal


def saved(folder: Path, columns: dict[str, Any], name: str = "extract.parquet", **how: Any) -> Path:
    path = folder / name
    pq.write_table(pa.table(columns), path, **how)
    return path


def refusal(path: Path, **options: Any) -> str:
    message = reading.refusal(path, ReadingOptions(**options))
    assert path.name in message
    return message


MOMENT = datetime.datetime(2024, 3, 31, 13, 45)


def test_how_a_file_is_cut_into_row_groups_makes_no_row_a_footer(tmp_path: Path) -> None:
    filled = {f"C{place}": ["x"] * 100 + [""] for place in range(7)}
    sums = ["n/a"] * 50 + ["12.50"] * 51  # were it numbers throughout, the last row would be a footer
    for rows in (30, 1_000):
        path = saved(tmp_path, {**filled, "Sum": sums}, row_group_size=rows)
        assert len(records(open_extract(path))) == 101


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        pytest.param(pa.array(["00123", None, " a "]), ["00123", "", " a "], id="text"),
        pytest.param(pa.array(["x", None], pa.large_string()), ["x", ""], id="large text"),
        pytest.param(pa.array(["x", None, "x"]).dictionary_encode(), ["x", "", "x"], id="dictionary"),
        pytest.param(pa.array([1, -2, None], pa.int64()), ["1", "-2", ""], id="whole numbers"),
        pytest.param(pa.array([39.599999999999994, 100.0, None]), ["39.6", "100", ""], id="numbers"),
        pytest.param(pa.array([0.1], pa.float32()), ["0.100000001490116"], id="single precision"),
        pytest.param(
            pa.array([Decimal("12.50"), Decimal("-1234567.00"), None]),
            ["12.50", "-1234567.00", ""],
            id="decimals",
        ),
        pytest.param(pa.array([True, False, None]), ["TRUE", "FALSE", ""], id="truth"),
        pytest.param(pa.array([MOMENT.date(), None]), ["2024-03-31", ""], id="dates"),
        pytest.param(
            pa.array([MOMENT, MOMENT.replace(hour=0, minute=0)]),
            ["2024-03-31 13:45:00", "2024-03-31"],
            id="moments",
        ),
        pytest.param(
            pa.array([MOMENT], pa.timestamp("ns")), ["2024-03-31 13:45:00"], id="moments in nanoseconds"
        ),
        pytest.param(
            pa.array([MOMENT], pa.timestamp("s", "Europe/London")),
            ["2024-03-31 14:45:00+01:00"],
            id="moments with a time zone",
        ),
        pytest.param(pa.array([datetime.time(9, 5)]), ["09:05"], id="times"),
        pytest.param(pa.array([datetime.timedelta(hours=37, minutes=30)]), ["37:30"], id="durations"),
        pytest.param(pa.nulls(2), ["", ""], id="nothing"),
    ],
)
def test_typed_columns_are_spelt_as_cells_of_a_workbook_are(
    tmp_path: Path, values: pa.Array, texts: list[str]
) -> None:
    keys = [f"k{index}" for index in range(len(texts))]
    extract = open_extract(saved(tmp_path, {"key": keys, "value": values}))
    assert records(extract) == [
        (row, key, text) for row, (key, text) in enumerate(zip(keys, texts, strict=True), start=2)
    ]
    assert extract.format.describe() == "Parquet"
    assert (extract.heading_row, extract.titles) == (0, ())


def test_rows_run_on_over_row_groups_and_blank_ones_are_left_out(tmp_path: Path) -> None:
    values = [None if number % 10 == 0 else str(number) for number in range(5_000)]
    extract = open_extract(saved(tmp_path, {"a": values, "b": values}, row_group_size=700))
    assert [row[0] for row in records(extract)] == [n + 2 for n in range(5_000) if n % 10]
    assert extract.blank_rows == 500


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        pytest.param({"a": [[1]]}, "column 'a' holds list<", id="lists"),
        pytest.param({"a": [b"x"]}, "column 'a' holds binary", id="bytes"),
        pytest.param({"a": [{"b": 1}]}, "column 'a' holds struct<", id="structures"),
        pytest.param({"a": pa.array([], pa.string())}, "no records", id="no rows"),
        pytest.param({}, "has no columns", id="no columns"),
        pytest.param({"a": ["x"], " a": ["y"]}, "the same heading more than once: 'a'", id="headings twice"),
    ],
)
def test_a_table_that_is_no_extract_is_refused(tmp_path: Path, columns: dict[str, Any], said: str) -> None:
    assert said in refusal(saved(tmp_path, columns))


@pytest.mark.parametrize(
    "options", [{"sheet": "a"}, {"encoding": "utf-8"}, {"heading_row": 2}, {"delimiter": ","}], ids=str
)
def test_options_that_do_not_fit_are_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    assert "is a Parquet file, so --" in refusal(saved(tmp_path, {"a": ["x"]}), **options)


@settings(deadline=None, max_examples=examples(100))
@given(
    cuts=st.lists(st.tuples(st.integers(4, 900), st.binary(min_size=1, max_size=4)), max_size=4),
    length=st.integers(4, 1200),
)
def test_a_damaged_file_gives_records_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[tuple[int, bytes]], length: int
) -> None:
    path = saved(tmp_path_factory.getbasetemp(), {"a": ["x", "y"], "b": [1.5, None], "c": [MOMENT, None]})
    content = bytearray(path.read_bytes())
    for place, damage in cuts:
        content[place : place + len(damage)] = damage
    path.write_bytes(bytes(content[:length]))
    records_or_refusal(path)


@settings(deadline=None, max_examples=examples(33))
@given(
    rows=st.lists(st.tuples(*[st.text(st.characters(codec="utf-8"), max_size=6)] * 3), min_size=1, max_size=8)
)
def test_any_table_of_text_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    columns = {f"h{index}": list(values) for index, values in enumerate(zip(*rows, strict=True))}
    path = saved(tmp_path_factory.getbasetemp(), columns)
    expected = [(number, *row) for number, row in enumerate(rows, start=2) if any(map(str.strip, row))]
    if expected:
        extract = open_extract(path)
        found = records(extract)
        left_out = {footer.row for footer in extract.footers}
        assert found == [row for row in expected if row[0] not in left_out]
    else:
        assert "no records" in refusal(path)
