"""Why text could not be read: what the detail of such findings says."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.checks import UNREADABLE, Terms
from specs.specification import FieldFormat

TERMS = Terms(today=date(2026, 10, 1))


@pytest.mark.parametrize(
    ("format_", "text", "why"),
    [
        (FieldFormat.DATE, "31022024", "no such day, or a year outside 1850 to 2100"),
        (
            FieldFormat.DATE,
            "02/25/2024",
            "month first? Then look at the others of the column, and set date_format in the mapping",
        ),
        (
            FieldFormat.DATE,
            "2-25-2024",
            "month first? Then look at the others of the column, and set date_format in the mapping",
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
        pytest.param(
            FieldFormat.DATE,
            "43831",
            "a spreadsheet's day number? Format the column as dates and export it again",
            id="1 January 2020 in a spreadsheet",
        ),
        pytest.param(
            FieldFormat.DATE,
            "43831.5",
            "a spreadsheet's day number? Format the column as dates and export it again",
            id="with a time of day",
        ),
        pytest.param(
            FieldFormat.DATE,
            "20120",
            "a leading zero may be missing, or it is a spreadsheet's day number",
            id="2 January 2020, or a day of 1955",
        ),
        (FieldFormat.DATE, "31/12/9999", "a date that systems fill in: leave blank"),
        (FieldFormat.DATE, "9999-12-31 00:00:00", "a date that systems fill in: leave blank"),
        (FieldFormat.DATE, "99991231", "a date that systems fill in: leave blank"),
        (FieldFormat.DATE, "01011753", "a date that systems fill in: leave blank"),
        (FieldFormat.DATE, "1-Jan-0001", "a date that systems fill in: leave blank"),
        (FieldFormat.DATE, "N/A", "a placeholder: leave blank if it is not known"),
        (FieldFormat.DATE, "########", "an error of a spreadsheet, where a value should be"),
        (FieldFormat.MONEY, "#REF!", "an error of a spreadsheet, where a value should be"),
        (FieldFormat.MONEY, "TBC", "a placeholder: leave blank if it is not known"),
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


@settings(deadline=None)
@given(st.lists(st.none() | st.text() | st.text(st.sampled_from("0123456789/-. EJan"), max_size=12)))
def test_any_text_at_all_gets_a_detail_or_none(texts: list[str | None]) -> None:
    for detail in UNREADABLE.values():
        assert len(detail(pa.array(texts, pa.string()), TERMS)) == len(texts)
