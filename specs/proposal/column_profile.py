"""What the values under one heading look like: how many are filled, how different, of which form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from specs.proposal.dates import ColumnDates, dates_in

_SAYS_NOTHING = r"(?i)^(?:n/?a|n/?k|nil|none|null|unknown|not known|not applicable|tbc|-+|\.+|\?+)$"
"""What people and systems write where they have nothing to write."""


@dataclass(frozen=True)
class ColumnProfile:
    """The values under one heading in the records that were looked at."""

    heading: str
    rows: int
    """Records that were looked at."""
    distinct: pa.Array
    """Each text that is filled, once, without surrounding blanks."""
    counts: npt.NDArray[np.int64]
    """How often each occurs."""
    day: date
    """The day of the extract."""

    @property
    def filled(self) -> int:
        """How many values say something."""
        return int(self.counts.sum())

    @property
    def unique(self) -> float:
        """How many different values there are for each that is filled: 1 where none comes twice."""
        return len(self.distinct) / self.filled if self.filled else 0.0

    def share(self, mask: pa.Array | pa.ChunkedArray) -> float:
        """The share of the filled values for which a mask over the distinct ones is true."""
        if not self.filled:
            return 0.0
        true = pc.fill_null(mask, False).to_numpy(zero_copy_only=False)
        return float(self.counts[true].sum() / self.filled)

    def like(self, pattern: str) -> float:
        """The share of the filled values that match a pattern."""
        if pattern not in self._like:
            self._like[pattern] = self.share(pc.match_substring_regex(self.distinct, pattern))
        return self._like[pattern]

    @cached_property
    def _like(self) -> dict[str, float]:
        """By pattern: several kinds of values ask for the same."""
        return {}

    def among(self, words: Iterable[str]) -> float:
        """The share of the filled values that are one of these, whatever the case."""
        lowered = pc.utf8_lower(pc.utf8_rtrim(self.distinct, "."))
        return self.share(pc.is_in(lowered, pa.array(sorted(words))))

    @cached_property
    def words(self) -> list[list[str]]:
        """The words of each distinct value, in small letters."""
        split: list[list[str]] = pc.split_pattern_regex(
            pc.utf8_lower(self.distinct), r"[\s,.()/-]+"
        ).to_pylist()
        return split

    @cached_property
    def dates(self) -> ColumnDates | None:
        """The dates among the values; None where they are no dates."""
        return dates_in(self.distinct, self.counts, self.day) if self.filled else None

    @cached_property
    def uniform(self) -> float:
        """The share of the values that are of one form: letters, figures and signs in the same order.

        Two lengths next to each other count as one: a system's own numbers grow by a figure at times.
        """
        if not self.filled:
            return 0.0
        letters = pc.replace_substring_regex(self.distinct, r"\pL+", "A")
        forms = pc.replace_substring_regex(letters, r"\d+", "9").to_pylist()
        by_form: dict[str, int] = {}
        by_length: dict[int, int] = {}
        for form, length, count in zip(
            forms, pc.utf8_length(self.distinct).to_pylist(), self.counts.tolist(), strict=True
        ):
            by_form[form] = by_form.get(form, 0) + count
            by_length[length] = by_length.get(length, 0) + count
        lengths = max(by_length[length] + by_length.get(length + 1, 0) for length in by_length)
        return min(max(by_form.values()), lengths) / self.filled

    @cached_property
    def first_figures(self) -> float:
        """How many of the ten figures begin a value, as a share: near 1 where numbers come out of a hat."""
        first = pc.utf8_slice_codeunits(self.distinct, 0, 1)
        figures = pc.unique(first.filter(pc.match_substring_regex(first, r"^\d")))
        return len(figures) / 10

    def joined_with(self, other: ColumnProfile) -> ColumnProfile:
        """The values of both, as of one column in two files."""
        both = dict(zip(self.distinct.to_pylist(), self.counts.tolist(), strict=True))
        for text, count in zip(other.distinct.to_pylist(), other.counts.tolist(), strict=True):
            both[text] = both.get(text, 0) + count
        return ColumnProfile(
            self.heading,
            self.rows + other.rows,
            pa.array(list(both), pa.string()),
            np.array(list(both.values()), dtype=np.int64),
            self.day,
        )


def profile_of(heading: str, column: pa.Array, day: date) -> ColumnProfile:
    """The profile of one column of text."""
    text = pc.utf8_trim_whitespace(column)
    said = pc.and_(pc.not_equal(text, ""), pc.invert(pc.match_substring_regex(text, _SAYS_NOTHING)))
    counted = pc.value_counts(text.filter(said))
    return ColumnProfile(
        heading,
        len(column),
        counted.field("values"),
        counted.field("counts").to_numpy(zero_copy_only=False).astype(np.int64),
        day,
    )
