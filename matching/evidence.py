"""Evidence as lists: for each group what its fields say, and how much that weighs in bits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.columns import DIGITS, array_of
from matching.linkage.levels import known_comparisons
from matching.report import Report
from matching.result import EVIDENCE
from specs.engine import Engine
from specs.quoting import quoted

_OTHERWISE = {"prior": "Before anything is compared", "household": "Correction for people of one household"}


def weighed_pairs(report: Report, pairs: pa.Table, engine: Engine) -> pa.Array:
    """For each group the list of its evidence: what each comparison weighs in its pairs, on average.

    Args:
        report: with `compare`.
        pairs: `group_no`, `bits` and `levels`, as `matching.linkage.linked` gives them.
        engine: where to run.
    """
    titles = {name: known_comparisons()[each.by].title for name, each in report.compare.items()}
    named = [field.name for field in pairs.schema.field("bits").type]
    levels = {field.name for field in pairs.schema.field("levels").type}
    columns = ["group_no"]
    for name in named:
        columns.append(f"avg(bits.{quoted(name)}) as {quoted('bits of ' + name)}")
        if name in levels:
            columns += [
                f"{of}(levels.{quoted(name)}) as {quoted(f'{bound} of {name}')}"
                for bound, of in (("first", "min"), ("last", "max"))
            ]
    table = engine.sql(
        f"select {', '.join(columns)} from pairs group by group_no order by group_no", pairs=pairs
    )
    fields = [titles.get(name, _OTHERWISE.get(name, name)) for name in named]
    bits = [array_of(table, f"bits of {name}").to_numpy() for name in named]
    verdicts = [
        _level(table, name) if name in levels else np.full(table.num_rows, "counted in", dtype=object)
        for name in named
    ]
    for verdict, weight in zip(verdicts, bits, strict=True):
        verdict[weight == 0] = None
    return evidence_lists(fields, verdicts, bits)


def _level(table: pa.Table, name: str) -> npt.NDArray[np.object_]:
    first, last = (
        np.array(table[f"{bound} of {name}"].to_pylist(), dtype=object) for bound in ("first", "last")
    )
    return np.where(first == last, first, "not the same in all pairs")


def evidence_lists(
    fields: Sequence[str],
    verdicts: Sequence[npt.NDArray[np.object_]],
    bits: Sequence[npt.NDArray[np.float64]],
) -> pa.Array:
    """For each row the list of what its fields say (EVIDENCE); a field without a verdict says nothing.

    Args:
        fields: names, for all rows.
        verdicts: for each field an array of texts or None.
        bits: for each field an array of numbers.
    """
    rows = len(bits[0])
    verdict = np.stack(verdicts, axis=1).ravel()
    told = np.array([each is not None for each in verdict], dtype=bool)
    field = np.tile(np.array(fields, dtype=object), rows)
    entries = pa.StructArray.from_arrays(
        [
            pa.array(field[told], pa.string()),
            pa.array(verdict[told], pa.string()),
            pa.array(np.round(np.stack(bits, axis=1).ravel()[told], DIGITS), pa.float64()),
        ],
        fields=list(EVIDENCE),
    )
    offsets = np.concatenate([[0], np.cumsum(told.reshape(rows, len(fields)).sum(axis=1))])
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), entries, type=pa.list_(EVIDENCE))
