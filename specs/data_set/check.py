"""The check of a data set as a whole: every question that needs all of its records."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from specs.data_set.agreements import agreement_keys, agreements
from specs.data_set.amounts import amounts
from specs.data_set.codes import codes
from specs.data_set.columns import columns
from specs.data_set.context import AcrossContext, AcrossFindings
from specs.data_set.default_dates import default_dates
from specs.data_set.employers import employers
from specs.data_set.expected import control_totals, previous_extract, trailer_count
from specs.data_set.keys import duplicate_keys, record_keys
from specs.data_set.period import period
from specs.data_set.references import references
from specs.data_set.set_apart import set_apart
from specs.data_set.sums import data_set_sums
from specs.data_set.texts import texts
from specs.data_set.totals_row import totals_row

_PARTS: tuple[Callable[[AcrossContext], AcrossFindings], ...] = (
    employers,
    period,
    columns,
    texts,
    default_dates,
    codes,
)
_PARTS_ON_SUMS = (amounts, control_totals, previous_extract)


def check_across(context: AcrossContext) -> AcrossFindings:
    """Everything that can be found in a data set as a whole.

    What is looked for, and how much it matters, stands in the specification. The same records give the
    same findings, whatever the engine and however its threads run.

    Raises:
        ControlTotalsInvalid: a control total of a field that the specification has not got.
        NfiError: as the engine raises it: not enough memory, no space for working files.
    """
    sums = data_set_sums(context)
    apart = set_apart(context, [*record_keys(context), *agreement_keys(context)])
    found = [
        trailer_count(context),
        totals_row(context),
        duplicate_keys(context, apart),
        references(context),
        agreements(context, apart),
    ]
    found += [part(context) for part in _PARTS]
    found += [part(context, sums) for part in _PARTS_ON_SUMS]
    rows = pa.concat_tables([each.rows for each in found])
    in_order_of_rows = pc.sort_indices(rows, sort_keys=[("row", "ascending"), ("code", "ascending")])
    return AcrossFindings(
        rows=rows.take(in_order_of_rows),
        whole=tuple(finding for each in found for finding in each.whole),
        not_checked=tuple(reason for each in found for reason in each.not_checked),
    )
