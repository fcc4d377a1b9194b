"""Every value here is invented."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from outputs.submitted.checked_data_set import CheckedDataSet, CheckedRecordsUnusable
from specs.data_set import ControlTotals
from specs.parts import LAST_ROW, Part
from tests.outputs.invented_records import SCHEMA
from tests.outputs.invented_submission import ROWS, allotments, checked_records, typed


@pytest.fixture
def checked(tmp_path: Path) -> CheckedDataSet:
    return allotments(tmp_path)


def plots(checked: CheckedDataSet, part: Part) -> list[str]:
    return [plot for batch in checked.batches(part) for plot in batch["plot"].to_pylist()]


def test_a_data_set_of_one_file_is_all_of_it_without_its_row_numbers(checked: CheckedDataSet) -> None:
    (part,) = checked.parts
    (batch,) = checked.batches(part)
    assert batch.schema.equals(SCHEMA)
    assert batch.equals(typed([*ROWS[:1], ("012", 'Owen "Digger" Price, jnr', *ROWS[1][2:]), *ROWS[2:]]))


def test_records_are_read_anew_each_time(checked: CheckedDataSet) -> None:
    (part,) = checked.parts
    assert plots(checked, part) == plots(checked, part) == ["007", "012", "101"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(((1, 3),), ["007", "012"], id="the first rows"),
        pytest.param(((4, LAST_ROW),), ["101"], id="all from a row on"),
        pytest.param(((2, 2), (4, 4)), ["007", "101"], id="two extracts"),
        pytest.param(((5, 9),), [], id="none"),
    ],
)
def test_a_part_has_the_records_of_its_rows(
    checked: CheckedDataSet, rows: tuple[tuple[int, int], ...], expected: list[str]
) -> None:
    part = Part(number=1, title="some", name="allotments-1", rows=rows)
    other = Part(number=2, title="others", name="allotments-2", rows=())
    assert plots(replace(checked, parts=(part, other)), part) == expected


def test_many_records_come_in_batches(tmp_path: Path) -> None:
    many = [(f"{number}", "A", None, None, None, None) for number in range(150_000)]
    checked = checked_records(tmp_path, {"many.csv": typed(many)})
    batches = [*checked.batches(checked.parts[0])]
    assert len(batches) > 1
    assert pa.Table.from_batches(batches)["plot"].to_pylist() == [plot for plot, *_ in many]


def test_day_and_expected_totals_are_those_of_the_check(checked: CheckedDataSet) -> None:
    assert (checked.day, checked.expected) == (date(2026, 10, 1), None)
    totals = ControlTotals(rows=3)
    made_from = checked.run.made_from | {"expected": totals.model_dump(mode="json")}
    told = replace(checked, run=checked.run.model_copy(update={"made_from": made_from}))
    assert told.expected == totals


def rewritten(change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], object]:
    return lambda path: pq.write_table(change(pq.read_table(path)), path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(lambda path: path.unlink(), "there are no checked records", id="gone"),
        pytest.param(lambda path: path.write_bytes(b"PAR1 Nadia"), "cannot be read", id="no Parquet"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-9]), "cannot be read", id="cut off"),
        pytest.param(
            rewritten(lambda table: table.drop_columns("tenant")),
            "column for 'Tenant' is",
            id="a column less",
        ),
        pytest.param(
            rewritten(lambda table: table.set_column(4, "rent", table["rent"].cast(pa.int32()))),
            "column for 'Rent' is missing or of another type",
            id="another type",
        ),
        pytest.param(
            rewritten(lambda table: table.slice(1)),
            "holds 2 records, and the check counted 3",
            id="a record less",
        ),
    ],
)
def test_records_that_are_not_those_of_the_check_are_refused(
    checked: CheckedDataSet, change: Callable[[Path], object], says: str
) -> None:
    change(checked.records)
    with pytest.raises(CheckedRecordsUnusable) as raised:
        [*checked.batches(checked.parts[0])]
    assert says in str(raised.value)
    assert "nfi check" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "Nadia" not in str(raised.value)
