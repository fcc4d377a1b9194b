"""What each record holds of what is compared, and which records hold the same."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.groups import taking_part_sql
from matching.linkage.compare import Numbers
from matching.linkage.definition import Comparison
from matching.linkage.forms import FORMS, Form, form
from matching.records import schema_of
from specs.engine import Engine, Table
from specs.quoting import quoted, quoted_text, table_name

if TYPE_CHECKING:
    from matching.report import Report

DIFFERENT = "different "
"""Before the names of the columns that a report wants to differ."""


@dataclass(frozen=True, slots=True)
class SameContent:
    """Records that hold the same, taken together, in an order that follows from what they hold."""

    example: Numbers
    """For each distinct content, the row of one record that has it."""
    content: Numbers
    """For each row, the number of its content."""

    @property
    def copies(self) -> Numbers:
        """For each distinct content, how many records have it."""
        return np.bincount(self.content, minlength=len(self.example))


def taking_part(report: Report, records: Mapping[str, Table], engine: Engine) -> pa.Table:
    """The records that take part: `record`, `side` (int8) and what is compared, in order of record."""
    schemas = {dataset: schema_of(records, dataset) for dataset in report.data}
    wanted = dict.fromkeys(column for its in report.compare.values() for column in its.of)
    different = ", ".join(f"part.{quoted(name)} as {quoted(DIFFERENT + name)}, " for name in report.different)
    parts = []
    for number, dataset in enumerate(report.data):
        there = schemas[dataset].names
        columns = ", ".join(
            f"its.{quoted(name)}" if name in there else f"cast(null as varchar) as {quoted(name)}"
            for name in wanted
        )
        side = "part.body" if len(report.data) == 1 else str(number)
        parts.append(
            f"select part.record, cast({side} as tinyint) as side, {different}{columns} "
            f"from taking_part as part join {table_name(dataset)} as its using (record) "
            f"where part.dataset = {quoted_text(dataset)}"
        )
    query = (
        f"with taking_part as ({taking_part_sql(report, schemas)}) "
        f"select * from ({' union all by name '.join(parts)}) order by record"
    )
    return engine.sql(query, **{table_name(dataset): records[dataset] for dataset in report.data})


def forms_of(report: Report, taking: pa.Table) -> dict[str, Form]:
    """What is compared of each record; without what no record has."""

    def forms(comparison: Comparison) -> dict[str, Form]:
        columns = [taking[name].combine_chunks() for name in comparison.of]
        if all(column.null_count == len(column) for column in columns):
            return {}
        return {name: form(texts) for name, texts in FORMS[comparison.by](*columns).items()}

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        each = pool.map(forms, report.compare.values())
        return {name: made for one in each for name, made in one.items()}


def held_of(forms: Mapping[str, Form], sides: npt.NDArray[np.int8]) -> SameContent:
    """Which records hold the same, numbered by what that is."""
    total = sides.astype(np.uint64)
    with np.errstate(over="ignore"):
        for place, name in enumerate(sorted(forms), start=1):
            total = total * np.uint64(0x9E3779B97F4A7C15) + forms[name].content() * np.uint64(2 * place + 1)
    _, example, content = np.unique(total, return_index=True, return_inverse=True)
    return SameContent(example.astype(np.int64), content.astype(np.int64))
