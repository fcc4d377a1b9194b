"""Text that a spreadsheet would run as a formula, told and made harmless in CSV files for people."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
"""First characters that make a spreadsheet run a text. Source: OWASP, CSV injection."""

_RUNS_AS_FORMULA = f"^[{re.escape(FORMULA_STARTS)}]"
_PLAIN_NUMBER = r"^[+-]?\d[\d.,]*$"


def not_as_formula(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text with an apostrophe before what a spreadsheet would run as a formula; numbers stay as they are."""
    risky = pc.and_(
        pc.match_substring_regex(text, _RUNS_AS_FORMULA),
        pc.invert(pc.match_substring_regex(text, _PLAIN_NUMBER)),
    )
    return pc.if_else(pc.fill_null(risky, False), pc.binary_join_element_wise("'", text, ""), text)
