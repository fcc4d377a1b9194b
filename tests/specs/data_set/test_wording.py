from __future__ import annotations

from datetime import date

import pytest

from specs.data_set.wording import (
    day_in_words,
    hundredths_in_words,
    listed,
    pounds_in_words,
    records_in_words,
    share_in_words,
)


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 7, "0 %"),
        (1, 1_000_000, "less than 0.1 %"),
        (1, 8, "12.5 %"),
        (1, 4, "25 %"),
        (999_999, 1_000_000, "more than 99.9 %"),
        (7, 7, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(part: int, whole: int, words: str) -> None:
    assert share_in_words(part, whole) == words


@pytest.mark.parametrize(
    ("pence", "words"), [(-123_456, "-£1,234.56"), (5, "£0.05"), (-5, "-£0.05"), (100_000, "£1,000.00")]
)
def test_pence_read_as_pounds(pence: int, words: str) -> None:
    assert pounds_in_words(pence) == words
    assert hundredths_in_words(pence) == words.replace("£", "")


def test_counts_days_and_lists() -> None:
    assert [records_in_words(count) for count in (0, 1, 1_204)] == ["0 records", "1 record", "1,204 records"]
    assert day_in_words(date(2012, 10, 8)) == "8 October 2012"
    assert listed(["a", "b", "c"]) == "a, b, c"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
