"""Columns that are worked out of several others, of any type, such as the days between two dates.

In: Arrow arrays of one batch, in the order that records.yaml names them. Out: one array of the same length,
null where nothing can be said. Blank columns come as they are: typed, and null throughout.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from matching.derive.payments import OF_PAYMENTS
from matching.derive.people import OF_PEOPLE

DERIVATIONS: dict[str, Callable[..., pa.Array]] = OF_PAYMENTS | OF_PEOPLE
"""The functions that records.yaml may name under `derived`, as `by`."""
