from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matching.result import CASES, RECORD_KEYS, MatchResult
from outputs.case_blocks import CaseBlock, case_blocks, columns_that_matter
from outputs.workbook_styles import Mark
from tests.outputs.ranked_result import ranked_result

NAMES = {"reference": "Creditor reference", "remarks": "Remarks"}


def result_of(groups: list[list[dict[str, Any]]], **changes: Any) -> MatchResult:
    """Cases 1, 2, 3... with these records."""
    cases = [
        {
            "rank": rank,
            "case": f"case {rank}",
            "report": "report",
            "title": "Report",
            "also_in": [],
            "records": len(group),
            "value_at_risk": None,
            "agrees": [],
            "differs": [],
            "explanations": [],
            "priority": 1.0,
            "share": 0.5,
            "bits": 0.0,
            "evidence": [],
            "saw": [],
            "overlaps": [],
        }
        | changes
        for rank, group in enumerate(groups, start=1)
    ]
    records = [
        {"rank": rank, "case": f"case {rank}", "dataset": "invented", "source_row": row, "raised_by": []}
        | one
        for rank, group in enumerate(groups, start=1)
        for row, one in enumerate(group, start=2)
    ]
    columns = [pa.field(name, pa.string()) for name in NAMES]
    return ranked_result(
        pa.Table.from_pylist(cases, schema=CASES),
        pa.Table.from_pylist(records, schema=pa.schema([*RECORD_KEYS, *columns])),
    )


def blocks_of(result: MatchResult, *, cases: int = 100, records_per_case: int = 100) -> list[CaseBlock]:
    return case_blocks(result, NAMES, cases=cases, records_per_case=records_per_case)


def test_one_value_in_two_records_agrees_and_two_values_differ() -> None:
    (block,) = blocks_of(
        result_of([[{"reference": "1", "remarks": "a"}, {"reference": "1", "remarks": "b"}]])
    )
    assert block.marks == {"reference": Mark.AGREES, "remarks": Mark.DIFFERS}


def test_a_value_that_stands_alone_neither_agrees_nor_differs() -> None:
    (block,) = blocks_of(result_of([[{"reference": "1"}, {"remarks": "a"}]]))
    assert block.marks == {}


def test_a_blank_is_never_marked() -> None:
    (block,) = blocks_of(result_of([[{"reference": "1"}, {"reference": "2"}, {}]]))
    marks = [block.mark("reference", record["reference"]) for record in block.records]
    assert marks == [Mark.DIFFERS, Mark.DIFFERS, Mark.PLAIN]


def test_values_that_the_report_calls_alike_agree_however_they_are_spelt() -> None:
    (block,) = blocks_of(
        result_of(
            [[{"reference": "INV-7"}, {"reference": "inv 7"}]], agrees=["Creditor reference: INV-7 / inv 7"]
        )
    )
    assert block.marks == {"reference": Mark.AGREES}


def test_a_name_that_only_begins_like_a_column_is_another_name() -> None:
    (block,) = blocks_of(
        result_of([[{"remarks": "a"}, {"remarks": "b"}]], agrees=["Remarks of the clerk: a / b"])
    )
    assert block.marks == {"remarks": Mark.DIFFERS}


def test_records_that_are_not_shown_count_for_what_differs() -> None:
    group = [{"reference": "1"}, {"reference": "1"}, {"reference": "2"}]
    (block,) = blocks_of(result_of([group]), records_per_case=2)
    assert (len(block.records), block.left_out) == (2, 1)
    assert block.marks == {"reference": Mark.DIFFERS}


def test_columns_named_by_a_report_come_first_and_empty_ones_not_at_all() -> None:
    blocks = blocks_of(result_of([[{"remarks": "a", "reference": "1"}]], differs=["Remarks: a"]))
    assert columns_that_matter(blocks, NAMES) == ["remarks", "reference"]
    assert columns_that_matter(blocks_of(result_of([[{"remarks": "a"}]])), NAMES) == ["remarks"]


VALUES = st.one_of(st.none(), st.sampled_from(["a", "b"]))
GROUPS = st.lists(
    st.lists(st.fixed_dictionaries({"reference": VALUES, "remarks": VALUES}), min_size=1, max_size=6),
    max_size=6,
)


@given(GROUPS, st.integers(1, 7), st.integers(1, 7))
def test_blocks_agree_with_a_count_by_hand(
    groups: list[list[dict[str, Any]]], cases: int, records_per_case: int
) -> None:
    blocks = blocks_of(result_of(groups), cases=cases, records_per_case=records_per_case)
    assert [block.case["rank"] for block in blocks] == list(range(1, min(len(groups), cases) + 1))
    for block, group in zip(blocks, groups, strict=False):
        assert len(block.records) + block.left_out == len(group)
        shown = [{name: record[name] for name in NAMES} for record in block.records]
        assert shown == group[:records_per_case]
        for name in NAMES:
            values = [one[name] for one in group if one[name] is not None]
            expected = None
            if len(values) > 1:
                expected = Mark.AGREES if len(set(values)) == 1 else Mark.DIFFERS
            assert block.marks.get(name) is expected
