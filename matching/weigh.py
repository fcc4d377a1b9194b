"""How surprising it is that records agree: in bits, field by field.

An agreement of b bits comes by accident once in two to the power of b: b is the logarithm of how rare the
value is among the records that have one. So agreeing on a rare amount, name or number counts for more than on
a common one. Fields that tell much the same (weigh.yaml, or keys made of the same column) count once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds
from pydantic import BaseModel, ConfigDict

from matching.columns import array_of
from matching.evidence import evidence_lists
from matching.found import WEIGHED, LaidAside, compared_columns
from matching.groups import each_value_sql
from matching.records import Records, enrichments, known_fields, schema_of
from matching.report import Report
from matching.result import EVIDENCE
from specs.engine import Engine
from specs.own_yaml import read_own_yaml
from specs.quoting import quoted, table_name
from specs.specification import Specification, SpecifiedField

_WEIGH = Path(__file__).parent / "weigh.yaml"

Bits = npt.NDArray[np.float64]
_Column = tuple[str, str]
"""Data set and column."""


class _Weighing(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    told_together: tuple[frozenset[str], ...]


@cache
def _weighing() -> _Weighing:
    return _Weighing.model_validate(read_own_yaml(_WEIGH))


def told_by(report: Report, column: str) -> frozenset[str]:
    """What a column tells: the columns behind it, and all that tell much the same."""
    origins = {name for dataset in report.data for name in enrichments()[dataset].origin(column)}
    together = (each for each in _weighing().told_together if each & origins)
    return frozenset(origins.union(*together))


def weighed(
    found: Sequence[LaidAside],
    records: Records,
    specifications: Mapping[str, Specification],
    engine: Engine,
) -> Iterator[pa.Array]:
    """For each report, for each of its groups, the list of its evidence (EVIDENCE), in the report's order.

    Args:
        found: what the reports found.
        records: every data set's prepared records.
        specifications: data set -> the specification that its records were checked against.
        engine: where to run.
    """
    fields = known_fields(specifications)
    rarity = _Rarity(found, records, engine)
    return (_evidence(each, rarity, fields) for each in found)


def _evidence(found: LaidAside, rarity: _Rarity, fields: Mapping[str, SpecifiedField]) -> pa.Array:
    if WEIGHED in found.columns:
        return array_of(found.said(WEIGHED), WEIGHED)
    columns = _compared(found)
    rows = found.groups.num_rows
    if not columns or not rows or found.report.is_about_single_records:
        return pa.array([[]] * rows, pa.list_(EVIDENCE))
    report, bits, verdicts = found.report, {}, {}
    for column in columns:
        low, high = _bounds(found, column)
        same = pc.fill_null(pc.equal(low, high), False).to_numpy(zero_copy_only=False)
        all_hold = f"all hold {column}"
        held = array_of(found.said(all_hold), all_hold).to_numpy(zero_copy_only=False)
        compared = column in (*report.same, *report.similar, *report.near)
        verdict = "near" if column in report.near else "alike" if column in report.similar else "differs"
        verdicts[column] = np.where(same, "agrees", verdict).astype(object)
        bits[column] = rarity.bits(report, column, low, high)
        if column in report.similar:
            alike = pc.fill_null(found.groups["similarity"], 1.0).to_numpy()
            bits[column] = np.where(same, bits[column], bits[column] * alike)
        if not compared:
            bits[column] = np.where(same & held, bits[column], 0.0)
            verdicts[column][~held] = None
    names = {column: _name(report, column, fields) for column in columns}
    _count_once(_clusters(report, columns), bits, verdicts, names)
    return evidence_lists(
        [names[column] for column in columns],
        [verdicts[column] for column in columns],
        [bits[column] for column in columns],
    )


def _compared(found: LaidAside) -> tuple[str, ...]:
    bounds = (name for name in found.columns if name.startswith(_LOW))
    return compared_columns(found.report, {name.removeprefix(_LOW) for name in bounds})


_LOW, _HIGH = "low of ", "high of "


def _bounds(found: LaidAside, column: str) -> list[pa.Array]:
    """The least and the greatest value of each group."""
    names = (_LOW + column, _HIGH + column)
    said = found.said(*names)
    return [array_of(said, name) for name in names]


def _count_once(
    clusters: Iterable[Sequence[str]],
    bits: Mapping[str, Bits],
    verdicts: Mapping[str, npt.NDArray[np.object_]],
    names: Mapping[str, str],
) -> None:
    """Of the columns that tell much the same, leave the bits to the one that has most."""
    for cluster in clusters:
        most = np.argmax([bits[column] for column in cluster], axis=0)
        for place, column in enumerate(cluster):
            for winner, other in enumerate(cluster):
                told = (most == winner) & (winner != place) & (bits[column] > 0)
                verdicts[column][told] = verdicts[column][told] + f", told by {names[other]}"
            bits[column][most != place] = 0.0


def _clusters(report: Report, columns: Sequence[str]) -> list[list[str]]:
    """The columns, those together that tell much the same."""
    clusters: list[tuple[list[str], set[str]]] = []
    for column in columns:
        told = set(told_by(report, column))
        near = [cluster for cluster in clusters if cluster[1] & told]
        clusters = [cluster for cluster in clusters if cluster not in near]
        clusters.append(
            (
                [*(name for names, _ in near for name in names), column],
                told.union(*(of for _, of in near)),
            )
        )
    return [names for names, _ in clusters]


def _name(report: Report, column: str, fields: Mapping[str, SpecifiedField]) -> str:
    origins = dict.fromkeys(name for dataset in report.data for name in enrichments()[dataset].origin(column))
    known = list(dict.fromkeys(fields[name].name for name in origins if name in fields))
    if not known:
        return column
    return known[0] if len(known) > 3 else " and ".join(known)


class _Rarity:
    """How rare values are, asked once per column for all reports."""

    def __init__(self, found: Iterable[LaidAside], records: Records, engine: Engine) -> None:
        self._records = records
        self._schemas = {dataset: schema_of(records, dataset) for dataset in records}
        self._engine = engine
        comparing: dict[str, list[LaidAside]] = {}
        for each in (one for one in found if WEIGHED not in one.columns):
            for column in _compared(each):
                comparing.setdefault(column, []).append(each)
        self._held: dict[_Column, tuple[pa.Array, npt.NDArray[np.int64]]] = {}
        for column, those in comparing.items():
            values: dict[str, list[pa.Array]] = {}
            for each in those:
                bounds = [pc.unique(bound) for bound in _bounds(each, column)]
                for dataset in self._having(each.report, column):
                    values.setdefault(dataset, []).extend(bounds)
            self._held |= {(name, column): self._count((name, column), its) for name, its in values.items()}
        self._sorted: dict[_Column, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = {}
        """The values of a column in their order, and how many records have one of the first so many."""
        self._in_all: dict[_Column, int] = {}

    def bits(self, report: Report, column: str, low: pa.Array, high: pa.Array) -> Bits:
        """How surprising it is that one more record has a value from `low` to `high`, for each pair of them.

        Texts that differ count as the two values that they are.
        """
        share_of, in_all = np.zeros(len(low)), 0
        differ = pc.fill_null(pc.not_equal(low, high), False).to_numpy(zero_copy_only=False)
        measured = kinds.is_integer(low.type) or kinds.is_date(low.type)
        for dataset in self._having(report, column):
            in_all += self._filled(dataset, column)
            share_of += self._held_by(dataset, column, low)
            if measured and differ.any():
                within = self._within(dataset, column, low, high)
                share_of[differ] += within[differ]
            elif differ.any():
                share_of[differ] += self._held_by(dataset, column, high)[differ]
        known = low.is_valid().to_numpy(zero_copy_only=False)
        share = np.where(known, np.clip(share_of, 1, max(in_all, 1)) / max(in_all, 1), 1.0)
        return np.asarray(-np.log2(share) + 0.0)

    def _having(self, report: Report, column: str) -> list[str]:
        return [name for name in report.data if column in self._schemas[name].names]

    def _filled(self, dataset: str, column: str) -> int:
        if (dataset, column) not in self._in_all:
            found = self._ask(dataset, f"select count({quoted(column)}) as filled from {table_name(dataset)}")
            self._in_all[dataset, column] = found["filled"][0].as_py()
        return self._in_all[dataset, column]

    def _count(self, column: _Column, values: Sequence[pa.Array]) -> tuple[pa.Array, npt.NDArray[np.int64]]:
        """The values that any group holds, and how many records have each."""
        dataset, name = column
        wanted = pa.table({"value": pc.unique(pa.chunked_array(values)).drop_null()})
        is_list = kinds.is_list(self._schemas[dataset].field(name).type)
        each = each_value_sql(dataset, name) if is_list else quoted(name)
        found = self._ask(
            dataset,
            f"select value, count(*) as held from (select {each} as value from {table_name(dataset)}) "
            "join wanted using (value) group by value order by value",
            wanted=wanted,
        )
        return array_of(found, "value"), array_of(found, "held").to_numpy()

    def _ask(self, dataset: str, query: str, **tables: pa.Table) -> pa.Table:
        return self._engine.sql(query, **{table_name(dataset): self._records[dataset]}, **tables)

    def _held_by(self, dataset: str, column: str, values: pa.Array) -> Bits:
        distinct, held = self._held[dataset, column]
        if not len(distinct):
            return np.zeros(len(values))
        places = pc.fill_null(pc.index_in(values, distinct), -1).to_numpy()
        return np.where(places < 0, 0, held[places]).astype(np.float64)

    def _within(self, dataset: str, column: str, low: pa.Array, high: pa.Array) -> Bits:
        """How many records lie no further from `low` than `high` does, besides those that are equal to it."""
        if (dataset, column) not in self._sorted:
            found = self._ask(
                dataset,
                f"select {quoted(column)} as value, count(*) as held from {table_name(dataset)} "
                "where value is not null group by value order by value",
            )
            up_to = np.concatenate([[0], np.cumsum(array_of(found, "held").to_numpy())])
            self._sorted[dataset, column] = _numbers(array_of(found, "value")), up_to
        (values, up_to), least, most = self._sorted[dataset, column], _numbers(low), _numbers(high)
        last, first = (
            np.searchsorted(values, most, "right"),
            np.searchsorted(values, 2 * least - most, "left"),
        )
        return np.asarray(up_to[last] - up_to[first] - self._held_by(dataset, column, low))


def _numbers(values: pa.Array) -> npt.NDArray[np.int64]:
    """Whole numbers, and dates as days; 0 for none."""
    if kinds.is_date(values.type):
        values = values.cast(pa.int32())
    return np.asarray(pc.fill_null(values.cast(pa.int64()), 0).to_numpy(zero_copy_only=False))
