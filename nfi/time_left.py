"""How long a run of several steps will still take, by what each costs and by its own speed so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

StepCost = tuple[str, float]
"""A step as it is told when it begins, and what it costs beside the others."""

LEAST_SHARE = 0.1
"""Of the whole cost that has to be behind before the speed of a run says anything about the rest."""
LEAST_SECONDS = 10.0
"""Of a run, before which nothing is said of the rest."""
OVERRUN = 1.5
"""Times its expected length from which on a step shows that the table does not fit: then nothing is said."""

_MINUTE, _HOUR = 60, 3600


class TimeLeft:
    """Steps that are passed over (taken up from an earlier run, or not possible) count no more."""

    def __init__(self, costs: Sequence[StepCost], clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to measure.

        Args:
            costs: the steps in the order in which they come.
            clock: seconds.
        """
        self._left = list(costs)
        self._clock = clock
        self._current: StepCost | None = None
        self._began = 0.0
        self._done = 0.0
        """Cost of the steps that are finished, and below, the seconds that they took."""
        self._took = 0.0

    def began(self, step: str) -> None:
        """A step begins; the one before it is finished."""
        now = self._clock()
        if self._current:
            self._done += self._current[1]
            self._took += now - self._began
        self._current, self._began = (step, 0.0), now
        for place, expected in enumerate(self._left):
            if expected[0] == step:
                self._current = expected
                del self._left[: place + 1]
                return

    def seconds(self) -> float | None:
        """How long it will still take; None where that is not known well enough to be told."""
        if not self._current or self._done <= 0:
            return None
        cost, since = self._current[1], self._clock() - self._began
        to_come = sum(each for _, each in self._left)
        whole = self._done + cost + to_come
        if self._took + since < LEAST_SECONDS or self._done < LEAST_SHARE * whole:
            return None
        speed = self._done / self._took if self._took else 0.0
        if not speed or since * speed > OVERRUN * cost + LEAST_SHARE * whole:
            return None
        return (max(cost - since * speed, 0.0) + to_come) / speed


class ShareLeft:
    """Of work that goes on evenly, such as row after row."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to measure."""
        self._clock = clock
        self._began = self._at = clock()
        self._done = 0.0

    def reached(self, share: float) -> None:
        """So much of the whole is done, from 0 to 1."""
        self._done, self._at = min(share, 1.0), self._clock()

    def seconds(self) -> float | None:
        """How long it will still take; None where that is not known well enough to be told."""
        now = self._clock()
        if now - self._began < LEAST_SECONDS or self._done < LEAST_SHARE:
            return None
        to_come = (self._at - self._began) * (1 - self._done) / self._done
        late = now - self._at - to_come
        return None if late > OVERRUN * to_come + LEAST_SECONDS else max(-late, 0.0)


def left_in_words(seconds: float | None) -> str:
    """The time left, as rough as it is: 'about 4 minutes left'; nothing where it is not known."""
    return "" if seconds is None else f"{roughly(seconds)} left"


def roughly(seconds: float) -> str:
    """A length of time as a person would say it: 'about 4 minutes'.

    Never more exact than it can be: half a minute is less than a minute, 23 minutes are 25.
    """
    if seconds < 0.75 * _MINUTE:
        return "less than a minute"
    if seconds < 1.75 * _HOUR:
        minutes = round(seconds / _MINUTE)
        number, unit = minutes if minutes < 12 else 5 * round(minutes / 5), "minute"
    else:
        number, unit = round(seconds / _HOUR), "hour"
    return f"about {number} {unit}{'' if number == 1 else 's'}"
