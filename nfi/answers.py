"""How a run did against the answer key of a synthetic sample."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from matching.result import MatchResult

Row = tuple[str, int]
"""Data set, and row in its extract."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that the sample planted: an inconsistency, an innocent look-alike or a fault."""

    kind: str
    name: str
    report: str
    """The report expected to raise it, or the code of the check; blank where nothing should."""
    rows: frozenset[Row]


@dataclass(frozen=True, slots=True)
class Score:
    """How many of one kind were planted, found and explained, and where in the queue they stand."""

    kind: str
    name: str
    planted: int
    found: int
    explained: int
    """Cases in which an innocent explanation was found; 0 for faults."""
    middle_rank: int | None
    """Middle rank of the cases that hold them; None where there is none."""


def read_answers(path: Path) -> list[Answer]:
    """The answer key that `nfi sample` writes, one answer per group, in its order."""
    rows: dict[str, set[Row]] = defaultdict(set)
    said: dict[str, tuple[str, str, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            rows[line["group"]].add((line["dataset"], int(line["row"])))
            said.setdefault(line["group"], (line["kind"], line["name"], line["report"]))
    return [Answer(*said[group], rows=frozenset(members)) for group, members in rows.items()]


def score_cases(answers: Iterable[Answer], result: MatchResult) -> list[Score]:
    """How the queue did: an answer is found where one case holds at least two of its records.

    An answer of one record is found where its report raised a case with it.
    """
    columns = ["rank", "report", "also_in", "explanations"]
    cases = {case["rank"]: case for case in result.cases_file.read(columns).to_pylist()}
    raised = {rank: {case["report"], *case["also_in"]} for rank, case in cases.items()}
    ranks: dict[Row, list[int]] = defaultdict(list)
    for record in result.records_file.read(["rank", "dataset", "source_row"]).to_pylist():
        ranks[record["dataset"], record["source_row"]].append(record["rank"])
    found: dict[tuple[str, str], list[int | None]] = defaultdict(list)
    for answer in answers:
        if answer.kind != "fault":
            found[answer.kind, answer.name].append(_first_case(answer, ranks, raised))
    return [
        Score(
            kind=kind,
            name=name,
            planted=len(held),
            found=len(in_queue := sorted(rank for rank in held if rank)),
            explained=sum(bool(cases[rank]["explanations"]) for rank in in_queue),
            middle_rank=in_queue[len(in_queue) // 2] if in_queue else None,
        )
        for (kind, name), held in found.items()
    ]


def score_findings(answers: Iterable[Answer], findings: dict[str, Path]) -> list[Score]:
    """How the checks did: a fault is found where its check raised a finding on one of its rows.

    Args:
        answers: the answer key.
        findings: data set -> its findings (Parquet).
    """
    raised = {
        (dataset, row, code)
        for dataset, path in findings.items()
        for row, code in _rows_and_codes(pq.read_table(path, columns=["row", "code"]))
    }
    found: dict[str, list[bool]] = defaultdict(list)
    for answer in answers:
        if answer.kind == "fault":
            found[answer.name].append(any((*row, answer.report) in raised for row in answer.rows))
    return [Score("fault", name, len(held), sum(held), 0, None) for name, held in found.items()]


def _first_case(answer: Answer, ranks: Mapping[Row, list[int]], raised: Mapping[int, set[str]]) -> int | None:
    if len(answer.rows) == 1:
        (row,) = answer.rows
        return min((rank for rank in ranks.get(row, ()) if answer.report in raised[rank]), default=None)
    held: dict[int, int] = defaultdict(int)
    for row in answer.rows:
        for rank in ranks.get(row, ()):
            held[rank] += 1
    return min((rank for rank, records in held.items() if records > 1), default=None)


def _rows_and_codes(findings: pa.Table) -> Iterable[tuple[int, str]]:
    return zip(findings["row"].to_pylist(), findings["code"].to_pylist(), strict=True)
