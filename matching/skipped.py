"""Why a report cannot run over the records that there are, in words."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from matching.body import Body
from matching.filled import Filled
from matching.records import (
    Prepared,
    enrichments,
    known_fields,
    lacking_in,
    schema_of,
    why_lacking,
)
from matching.report import Report
from specs.engine import Engine
from specs.specification import Specification


def reasons_to_skip(
    reports: Sequence[Report],
    records: Prepared,
    bodies: Sequence[Body],
    specifications: Mapping[str, Specification],
    engine: Engine,
) -> dict[str, str]:
    """The reports that need what there is not, by id, each with the reason.

    Args:
        reports: which are to run; their columns have been looked at.
        records: what `prepared_records` gives.
        bodies: what it was made of.
        specifications: data set -> the specification that its records were checked against.
        engine: where to run.
    """
    named = frozenset(name for report in reports for name in (*report.columns, *report.compared))
    filled = {dataset: Filled.of(records, dataset, named, engine) for dataset in records}
    look = _Look(records, filled, bodies, specifications)
    found = {report.id: look.reason(report) for report in reports}
    return {report: reason for report, reason in found.items() if reason}


class _Look:
    def __init__(
        self,
        records: Prepared,
        filled: Mapping[str, Filled],
        bodies: Sequence[Body],
        specifications: Mapping[str, Specification],
    ) -> None:
        self._records = records
        self._filled = filled
        self._bodies = bodies
        self._fields = known_fields(specifications)
        self._lacking = lacking_in(bodies)

    def reason(self, report: Report) -> str | None:
        """The first reason why a report cannot run."""
        return next(self._reasons(report), None)

    def _reasons(self, report: Report) -> Iterator[str]:
        for dataset in report.data:
            if dataset not in self._records:
                yield f"needs {dataset}, which has not been checked"
                return
        if len(self._bodies) > 1:
            if report.is_about_single_records or not report.between_bodies:
                yield "is about the records of one body, and two are compared here"
            for dataset in report.data:
                if any(dataset not in body.records for body in self._bodies):
                    yield f"needs {dataset} of both bodies"
        for dataset in report.data:
            if self._filled[dataset].rows == 0:
                yield f"needs records of {dataset}, which has none"
        for dataset in report.data:
            there = schema_of(self._records, dataset).names
            for column in report.columns:
                # a column of the other data set; or the value, without which the sums are not known
                if column in there and (column != report.value or column in report.where):
                    yield from self._reasons_of(report, dataset, column)
            compared = [column for column in report.compared if column in there]
            if compared and all(self._filled[dataset].is_blank(column) for column in compared):
                names = ", ".join(
                    dict.fromkeys(name for each in compared for name in self._names(dataset, each))
                )
                yield f"needs one of {names}, and no record of {dataset} has any"

    def _reasons_of(self, report: Report, dataset: str, column: str) -> Iterator[str]:
        blank = self._filled[dataset].is_blank(column)
        if reason := why_lacking(dataset, column, self._lacking, is_blank=blank):
            yield reason
        without: Container[str] = frozenset[str]().union(
            *(body.without.get(dataset, ()) for body in self._bodies)
        )
        if column in report.same and column in without:
            yield f"needs {self._name(column)}, which the file of {dataset} has not got"
        if blank:
            entry = enrichments()[dataset]
            brought_by = {name: up.from_ for up in entry.look_up for name in up.take}
            brought_by |= {up.name: up.from_ for up in entry.add_up}
            for name in entry.origin(column):
                if brought_by.get(name, dataset) not in self._records:
                    yield f"needs {brought_by[name]}, which has not been checked"
            names = " and ".join(self._names(dataset, column))
            yield f"needs {names}, which no record of {dataset} has"

    def _names(self, dataset: str, column: str) -> list[str]:
        """What the columns behind a column are called in the specification."""
        return [self._name(name) for name in enrichments()[dataset].origin(column)]

    def _name(self, column: str) -> str:
        return self._fields[column].name if column in self._fields else column
