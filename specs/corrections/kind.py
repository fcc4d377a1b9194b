"""What a correction is: of each value by itself, or of a column that has proved something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from specs.corrections.column_text import ColumnText, Counts
from specs.dates import DEFAULT_DATE_FORMATS, DateFormat
from specs.specification import SpecifiedField


@dataclass(frozen=True, slots=True)
class FieldTerms:
    """What a correction knows besides the values: the field, and how its values will be read."""

    field: SpecifiedField
    today: date
    latest_short_year: int
    """The last of the hundred years that a year of two digits can mean."""
    dates: tuple[DateFormat, ...] = DEFAULT_DATE_FORMATS


Changes = Callable[[pa.Array, FieldTerms], pa.Array]
"""From texts, none of them null, to as many texts: corrected, or as they were."""


@dataclass(frozen=True, slots=True)
class ValueCorrection:
    """A correction that each value decides by itself.

    `may_change` is a cheap look at a column: false only where the correction is sure to change nothing.
    """

    code: str
    changes: Changes
    may_change: Callable[[ColumnText, FieldTerms], bool]


@dataclass(frozen=True, slots=True)
class ColumnCorrection:
    """A correction that only a whole column can prove.

    `counts` looks at a part of the column; the sums over all parts are what `proven` decides by, with the
    limits of corrections.yaml, and what `words` tells. `another_day` marks a correction after which a value
    means another day than it would have been read as.
    """

    code: str
    counts: Callable[[ColumnText, FieldTerms], Counts]
    proven: Callable[[Counts, Mapping[str, int]], bool]
    words: Callable[[Counts], str]
    changes: Changes
    another_day: bool = False


def tally(*counts: int | np.integer) -> Counts:
    """Counts, as they are added up over the parts of a column."""
    return np.array(counts, np.int64)
