"""Is the data set as a whole what the specification asks for? From typed records in Parquet to findings.

One module for each kind of question, asked in SQL of all records: `check_across` puts them all. What to look
for stands in the specification under `across:`, in its key and in its references; a query names its steps
and says what one row of a step is. Identifiers in queries come from a specification, whose model lets
through only lower-case letters, digits and underscores; no query holds a value of an extract.
"""

from __future__ import annotations

from specs.data_set.check import check_across
from specs.data_set.code import Code
from specs.data_set.context import AcrossContext, AcrossFindings
from specs.data_set.control_totals import (
    ControlTotals,
    ControlTotalsInvalid,
    parse_control_totals,
    read_control_totals,
)
from specs.finding import WholeFinding

__all__ = [
    "AcrossContext",
    "AcrossFindings",
    "Code",
    "ControlTotals",
    "ControlTotalsInvalid",
    "WholeFinding",
    "check_across",
    "parse_control_totals",
    "read_control_totals",
]
