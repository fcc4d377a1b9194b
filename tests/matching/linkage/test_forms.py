"""What is compared of a record: columns in plain form, one after the other."""

from __future__ import annotations

import pyarrow as pa
import pytest

from matching.linkage.forms import FORMS


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(("1 High St.", "Leeds"), "1 HIGH ST LEEDS", id="both"),
        pytest.param((None, "Leeds"), "LEEDS", id="the first blank"),
        pytest.param(("1 High St.", None), "1 HIGH ST", id="the second blank"),
        pytest.param(("-", "Leeds"), "LEEDS", id="nothing but a mark"),
        pytest.param((None, None), None, id="all blank"),
        pytest.param(("-", ""), None, id="nothing in any"),
    ],
)
@pytest.mark.parametrize(
    "others", [[], [("2 Low Rd", "York")], [(None, "York")]], ids=["alone", "full", "gap"]
)
def test_lines_stand_one_after_the_other_without_gaps(
    lines: tuple[str | None, ...], expected: str | None, others: list[tuple[str | None, ...]]
) -> None:
    columns = [pa.array(column, pa.string()) for column in zip(lines, *others, strict=True)]
    blank = pa.nulls(1 + len(others), pa.string())
    address = FORMS["address"](*columns, blank, blank)["address"]
    assert address.to_pylist()[0] == expected
    assert len(address) == 1 + len(others)
