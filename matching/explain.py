"""Innocent explanations found in the data. They lower a case and are shown; they never hide it."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from matching.records import enrichments
from matching.wording import counted, day, period, pounds
from specs.engine import Engine, Table
from specs.own_yaml import read_own_yaml
from specs.quoting import table_name
from specs.specification import Evidence

_FOLDER = Path(__file__).parent / "explanations"
_FACTS = _FOLDER / "facts"

Tables = Mapping[str, Table]
AT_A_TIME = 20_000
"""Explanations that are spelt out at once: as Python has them, a million are gigabytes."""


class ExplanationText(BaseModel):
    """How an explanation reads, and what is left of a case's priority when it is found."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    text: str
    weight: Annotated[float, Field(gt=0, le=1)]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Explanation:
    """One innocent reason for one group."""

    group_no: int
    text: str
    still_at_risk: int | None
    """Pence that stay at risk if the reason holds; None where it does not say."""
    weight: float
    """What is left of the priority, 0 to 1."""


@cache
def known_explanations() -> dict[str, ExplanationText]:
    """The explanations that a report may name, in alphabetical order."""
    raw = read_own_yaml(_FOLDER / "explanations.yaml")
    return {name: ExplanationText.model_validate(raw[name]) for name in sorted(raw)}


@cache
def explanation_query(name: str) -> str:
    """The query that finds an explanation."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


@cache
def fact_queries() -> dict[str, str]:
    """What explanations may ask of all records, such as how often a number was used: table -> query."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(_FACTS.glob("*.sql"))}


@cache
def queries_behind(explanation: str) -> tuple[str, ...]:
    """The query that finds an explanation, and those of the facts that it asks for."""
    query = explanation_query(explanation)
    return query, *(fact_queries()[fact] for fact in sorted(_named(query, fact_queries())))


def facts_for(
    explanations: Iterable[str], records: Tables, engine: Engine, *, target: Path | None = None
) -> dict[str, Table]:
    """What explanations ask of all records: table -> its rows; left out where a data set is not there.

    Args:
        explanations: names, as in `known_explanations`.
        records: every data set's prepared records.
        engine: where to run.
        target: the rows are kept outside memory, in files whose names begin with this: of some facts they
            grow with the records. None: in memory.
    """
    asked = {fact for each in explanations for fact in _named(explanation_query(each), fact_queries())}
    tables = {table_name(dataset): table for dataset, table in records.items()}
    facts: dict[str, Table] = {}
    for fact in sorted(asked):
        query = fact_queries()[fact]
        if _named(query, _data_sets()) <= tables.keys():
            if target:
                facts[fact] = engine.sql_into(target.with_name(f"{target.name}-{fact}"), query, **tables)
            else:
                facts[fact] = engine.sql(query, **tables)
    return facts


def explained(name: str, members: pa.Table, records: Tables, engine: Engine) -> Iterator[Explanation]:
    """The groups for which one explanation holds, in the order of their numbers.

    None does where a data set that the explanation looks at is not there.

    Args:
        name: of the explanation, as in `known_explanations`.
        members: one row per member: `group_no`, `dataset`, and the columns of its record.
        records: every data set's prepared records, for what lies outside the groups; facts, where known.
        engine: where to run.
    """
    query = explanation_query(name)
    tables = {table_name(dataset): table for dataset, table in records.items()}
    needed = _named(query, (*fact_queries(), *_data_sets()))
    if any(fact in fact_queries() for fact in needed - tables.keys()):
        tables |= facts_for([name], records, engine)
    if not needed <= tables.keys():
        return
    template = known_explanations()[name]
    pieces = tuple(_pieces(template.text))
    for batch in engine.sql(query, members=members, **tables).to_batches(max_chunksize=AT_A_TIME):
        for row in batch.to_pylist():
            yield Explanation(
                group_no=row["group_no"],
                text="".join(piece if isinstance(piece, str) else piece.filled_in(row) for piece in pieces),
                still_at_risk=row.get("still_at_risk"),
                weight=float(row.get("weight", template.weight)),
            )


def _named(query: str, tables: Iterable[str]) -> frozenset[str]:
    """Of these tables those that a query speaks of, its comments left out."""
    return frozenset(tables) & frozenset(re.findall(r"\w+", re.sub(r"--.*", "", query)))


@cache
def _data_sets() -> tuple[str, ...]:
    return tuple(table_name(dataset) for dataset in enrichments())


def _pieces(text: str) -> Iterator[str | _Place]:
    """A text as what stands fast and the places to fill in, taken apart once for all groups."""
    for fixed, name, noun, _ in string.Formatter().parse(text):
        yield fixed
        if name is not None:
            first, _, last = name.partition("~")
            yield _Place(first, last, noun or "")


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a text: names in _pence as pounds, dates as a person writes them, counts with their noun."""

    name: str
    last: str
    noun: str

    def filled_in(self, row: Mapping[str, Any]) -> str:
        value = row[self.name]
        if value is None:
            return "not known"
        if isinstance(value, date):
            return period(value, row[self.last]) if self.last else day(value)
        if isinstance(value, int):
            if self.name.endswith("_pence"):
                return pounds(value)
            return counted(value, self.noun) if self.noun else f"{value:,}"
        return str(value)
