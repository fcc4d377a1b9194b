"""One report run over the records, from looking for groups to what they have to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from matching.found import LaidAside, found_by
from matching.groups import groups_of
from matching.kept_steps import Step
from matching.ledgers import Ledger
from matching.lines import line_by_line, only_with_lines
from matching.linkage.linked import linked
from matching.pairs import Grouped, Linked
from matching.report import Report
from specs.engine import Engine
from specs.specification import Specification


@dataclass(frozen=True, slots=True)
class ReportRun:
    """What came of one report."""

    found: LaidAside
    pairs: Grouped | Linked | None = None
    """What its pairs are made of; None where they were not asked for."""
    model: Mapping[str, Any] | None = None
    """What a report that weighs has learned, as JSON has it."""

    def as_step(self) -> Step:
        """The same to be kept."""
        tables = {"groups": self.found.groups, "members": self.found.members}
        match self.pairs:
            case Grouped(_, members, shares):
                tables |= {"paired members": members, "paired shares": shares}
            case Linked(_, pairs):
                tables |= {"pairs": pairs}
        return Step(tables, {"said": self.found.file}, said=self.model)

    @classmethod
    def of_step(cls, report: Report, step: Step) -> Self:
        """What `as_step` gave for a report."""
        tables = step.tables
        pairs: Grouped | Linked | None = None
        if "pairs" in tables:
            pairs = Linked(report, tables["pairs"])
        elif "paired members" in tables:
            pairs = Grouped(report, tables["paired members"], tables["paired shares"])
        found = LaidAside(report, tables["groups"], tables["members"], step.files["said"])
        return cls(found, pairs, step.said)


def run_report(
    report: Report,
    ledger: Ledger,
    specifications: Mapping[str, Specification],
    engine: Engine,
    folder: Path,
    *,
    two_bodies: bool,
    with_pairs: bool,
) -> ReportRun:
    """Run one report.

    Args:
        report: what to look for.
        ledger: what it looks at.
        specifications: data set -> the specification that its records were checked against.
        engine: where to run.
        folder: gets a working file.
        two_bodies: whether only what is found between two bodies counts.
        with_pairs: whether its pairs of records are asked for.
    """
    model, weighed = None, None
    if report.compare:
        its = linked(report, ledger.records, engine)
        groups, model, weighed = its.groups, its.model, its.pairs
    else:
        keys = (frozenset(specifications[each].key.columns) for each in report.data)
        between = frozenset[str]().union(*keys) if two_bodies else None
        groups = groups_of(report, ledger.records, engine, between_bodies=between)
        if report.lines_of:
            groups = only_with_lines(groups, ledger.lines, engine)
    found = found_by(report, groups, ledger.known, specifications, engine, pairs=weighed)
    pairs: Grouped | Linked | None = None
    if with_pairs and weighed is not None:
        pairs = Linked(report, weighed)
    elif with_pairs:
        pairs = Grouped(report, found.members, found.groups.select(["group_no", "share"]))
    if report.lines_of:
        found = line_by_line(found, ledger.lines, engine)
    return ReportRun(found.laid_aside(folder / f"report-{report.id}.parquet"), pairs, model)
