"""What reports look at: the records, or those with the lines of one whole added up first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyarrow as pa

from matching.explain import facts_for, queries_behind
from matching.found import wanted_columns
from matching.kept_steps import KeptSteps, Step
from matching.lines import AddedUp, Whole, added_up
from matching.records import Prepared, Records
from matching.report import Report
from specs.engine import Engine, Table
from specs.specification import Specification


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the reports with the same whole, or with none, look at."""

    records: Prepared
    known: Records
    """The same, and what explanations ask of all of them."""
    lines: pa.Table
    """Of wholes of several lines; see `matching.lines.AddedUp`."""


class Ledgers:
    """The ledgers of a match, each made when the first report asks for it."""

    def __init__(
        self,
        reports: Sequence[Report],
        records: Prepared,
        specifications: Mapping[str, Specification],
        engine: Engine,
        *,
        folder: Path,
        kept: KeptSteps,
    ) -> None:
        """Say what there is.

        Args:
            reports: all that run.
            records: every data set's prepared records.
            specifications: data set -> the specification that its records were checked against.
            engine: where to run.
            folder: for working files.
            kept: what an earlier run has made of them.
        """
        self._reports = reports
        self._records = records
        self._specifications = specifications
        self._engine = engine
        self._folder = folder
        self._kept = kept
        self._made: dict[Whole | None, Ledger] = {}

    def of(self, report: Report) -> Ledger:
        """What a report looks at."""
        whole = _whole(report)
        if whole not in self._made:
            self._made[whole] = self._ledger(whole)
        return self._made[whole]

    def _ledger(self, whole: Whole | None) -> Ledger:
        name = f"ledger-{'-'.join(whole or ())}"
        made = _Made.of_step(self._kept.taken_up(name, self._folder), whole, self._records)
        if made is None:
            made = self._making(whole)
            if step := made.as_step(whole):
                self._kept.keep(name, step)
        return Ledger(made.added.records, {**made.added.records, **made.facts}, made.added.lines)

    def _making(self, whole: Whole | None) -> _Made:
        its = [report for report in self._reports if _whole(report) == whole]
        added = AddedUp(self._records, lines=pa.table({}))
        if whole:
            wanted = named_by(its).union(*(wanted_columns(report, self._specifications) for report in its))
            target = self._folder / f"{'-'.join(whole)}-added-up"
            added = added_up(whole, self._records, self._engine, target=target, wanted=wanted)
        asked = {explanation for report in its for explanation in report.explanations}
        facts = self._folder / f"facts-{'-'.join(whole or ())}"
        return _Made(added, facts_for(asked, added.records, self._engine, target=facts))


_LINES, _FACT = "lines", "fact "


@dataclass(frozen=True, slots=True)
class _Made:
    """A ledger as it is kept."""

    added: AddedUp
    facts: Mapping[str, Table]

    def as_step(self, whole: Whole | None) -> Step | None:
        """The same to be kept; None where an engine keeps the records where only this run finds them."""
        stored = {_FACT + name: each for name, each in self.facts.items()}
        if whole:
            stored[whole[0]] = self.added.records[whole[0]]
        files = {name: each for name, each in stored.items() if isinstance(each, Path)}
        return Step({_LINES: self.added.lines}, files) if len(files) == len(stored) else None

    @classmethod
    def of_step(cls, step: Step | None, whole: Whole | None, records: Prepared) -> Self | None:
        if step is None:
            return None
        facts = {
            name.removeprefix(_FACT): each for name, each in step.files.items() if name.startswith(_FACT)
        }
        added = {name: each for name, each in step.files.items() if not name.startswith(_FACT)}
        return cls(AddedUp({**records, **added}, step.tables[_LINES]), facts)


def _whole(report: Report) -> Whole | None:
    """The data set and name of the whole whose lines a report has added up first."""
    return (report.data[0], report.lines_of) if report.lines_of else None


def named_by(reports: Sequence[Report]) -> frozenset[str]:
    """Every name that a report, or the query of an explanation that it asks for, speaks of."""
    named = {
        column for report in reports for column in (*report.columns, *report.compared, *report.also_tell)
    }
    return frozenset(named | named_by_explanations(reports))


def named_by_explanations(reports: Sequence[Report]) -> frozenset[str]:
    """Every name that the query of an explanation that a report asks for speaks of."""
    asked = {explanation for report in reports for explanation in report.explanations}
    queries = (query for name in asked for query in queries_behind(name))
    return frozenset(word for query in queries for word in re.findall(r"\w+", query))
