"""The innocent reasons found for the groups of a report, and what they leave of them."""

from __future__ import annotations

from itertools import islice

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.explain import AT_A_TIME, explained
from matching.records import Records
from specs.engine import Engine


class Reasons:
    """The explanations found for a report's groups, and what they leave of share and value."""

    def __init__(
        self,
        numbers: npt.NDArray[np.int64],
        share: npt.NDArray[np.float64],
        value: npt.NDArray[np.float64],
    ) -> None:
        self._numbers = numbers
        self._value = value
        self._places: list[npt.NDArray[np.int64]] = []
        self._texts: list[pa.Array] = []
        self.share = share

    def take_in(self, name: str, members: pa.Table, records: Records, engine: Engine) -> None:
        """Look for one explanation, and lower the groups for which it holds."""
        reasons = explained(name, members, records, engine)
        while found := list(islice(reasons, AT_A_TIME)):
            places = np.searchsorted(self._numbers, [each.group_no for each in found]).astype(np.int64)
            np.multiply.at(self.share, places, [each.weight for each in found])
            left = [np.inf if each.still_at_risk is None else float(each.still_at_risk) for each in found]
            with np.errstate(invalid="ignore"):  # a value that is not known (NaN) stays so
                np.minimum.at(self._value, places, left)
            self._places.append(places)
            self._texts.append(pa.array([each.text for each in found], pa.string()))

    def value_left(self) -> pa.Array:
        """Pence, never negative; null where the sum is not known."""
        return pa.array(np.maximum(self._value, 0), from_pandas=True).cast(pa.int64())

    def texts(self) -> pa.Array:
        """The list of each group, in the order in which the report names its explanations."""
        places = np.concatenate([np.empty(0, np.int64), *self._places])
        texts = pa.concat_arrays([pa.array([], pa.string()), *self._texts])
        order = np.argsort(places, kind="stable")
        offsets = np.searchsorted(places[order], np.arange(len(self._numbers) + 1)).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), texts.take(pa.array(order)))
