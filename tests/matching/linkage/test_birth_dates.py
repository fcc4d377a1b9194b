from __future__ import annotations

import numpy as np
import pytest

from matching.linkage.birth_dates import measured, packed
from matching.linkage.levels import level_of_unequal, value_levels


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        pytest.param("19801231", "19801230", "one digit", id="last digit"),
        pytest.param(
            "19801231", "19081231", "digits or day and month exchanged", id="digits of the year exchanged"
        ),
        pytest.param(
            "19800504", "19800405", "digits or day and month exchanged", id="day and month exchanged"
        ),
        pytest.param("19800231", "19800213", "digits or day and month exchanged", id="a date of no calendar"),
        pytest.param("19801231", "19801117", "two digits or a few weeks", id="some weeks apart"),
        pytest.param("19801231", "19801106", "same year", id="other day and month"),
        pytest.param("19801231", "19951231", "two parts of three", id="other year"),
        pytest.param("19801231", "19541231", "two parts of three", id="other year by far"),
        pytest.param("19801231", "19640631", "same day or month", id="only the day"),
        pytest.param("19801231", "19640617", "different", id="nothing"),
    ],
)
def test_how_far_two_dates_of_birth_agree(left: str, right: str, level: str) -> None:
    for one, other in ((left, right), (right, left)):
        a, b = (np.array([packed(text)], np.uint32) for text in (one, other))
        its = measured(a, b)
        places = level_of_unequal("birth_date", 1, lambda name, pairs: its[name][pairs])  # noqa: B023
        assert list(value_levels("birth_date"))[places[0]] == level
