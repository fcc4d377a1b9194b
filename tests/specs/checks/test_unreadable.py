"""Why text could not be read: what the detail of such findings says."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from specs.checks import UNREADABLE, Terms
from specs.specification import FieldFormat

TERMS = Terms(allowed=(), today=date(2026, 10, 1))


@pytest.mark.parametrize(
    ("format_", "text", "why"),
    [
        (FieldFormat.DATE, "31022024", "no such day, or a year outside 1850 to 2100"),
        (
            FieldFormat.DATE,
            "02/25/2024",
            "month first? Then others of the column are read wrongly: set date_format in the mapping",
        ),
        (
            FieldFormat.DATE,
            "2-25-2024",
            "month first? Then others of the column are read wrongly: set date_format in the mapping",
        ),
        (FieldFormat.DATE, "13/25/2024", "no such day, or a year outside 1850 to 2100"),
        (FieldFormat.DATE, "01/01/1800", "no such day, or a year outside 1850 to 2100"),
        (FieldFormat.DATE, "1022024", "a leading zero may be missing"),
        (FieldFormat.DATE, "20240331", "year first? Then set date_format to yyyymmdd in the mapping"),
        pytest.param(
            FieldFormat.DATE,
            "31/03/2024",
            "a date, but not written as date_format in the mapping says",
            id="the mapping names another format",
        ),
        (FieldFormat.DATE, "soon", None),
        (FieldFormat.MONEY, "12.50", "pounds, but the column is read as pence"),
        (FieldFormat.MONEY, "12.345", "more than two decimals"),
        (FieldFormat.MONEY, "12x", "letters"),
        (FieldFormat.MONEY, "12,34", None),
        (FieldFormat.HOURS, "37.5", "a decimal point, but the column is read as hundredths of an hour"),
        (FieldFormat.HOURS, "3750", "hundredths of an hour, but the column is read as hours"),
        (FieldFormat.HOURS, "37:30", "hours and minutes"),
        (FieldFormat.HOURS, "sixteen", None),
    ],
)
def test_the_detail_says_what_only_this_value_can_tell(
    format_: FieldFormat, text: str, why: str | None
) -> None:
    assert UNREADABLE[format_](pa.array([text]), TERMS).to_pylist() == [why]
