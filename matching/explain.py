"""Innocent explanations found in the data. They lower a case and are shown; they never hide it."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import yaml
from pydantic import BaseModel, ConfigDict, Field

from matching.wording import counted, day, period, pounds
from specs.engine import Engine
from specs.quoting import table_name
from specs.specification import Evidence

_FOLDER = Path(__file__).parent / "explanations"


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
    raw = yaml.safe_load((_FOLDER / "explanations.yaml").read_text(encoding="utf-8"))
    return {name: ExplanationText.model_validate(raw[name]) for name in sorted(raw)}


def explained(
    name: str, members: pa.Table, records: Mapping[str, pa.Table], engine: Engine
) -> Iterator[Explanation]:
    """The groups for which one explanation holds, in the order of their numbers.

    Args:
        name: of the explanation, as in `known_explanations`.
        members: one row per member: `group_no`, `dataset`, and the columns of its record.
        records: every data set's prepared records, for what lies outside the groups.
        engine: where to run.
    """
    query = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    tables = {table_name(dataset): table for dataset, table in records.items()}
    template = known_explanations()[name]
    for row in engine.sql(query, members=members, **tables).to_pylist():
        yield Explanation(
            group_no=row["group_no"],
            text=_Words().vformat(template.text, (), row),
            still_at_risk=row.get("still_at_risk"),
            weight=float(row.get("weight", template.weight)),
        )


class _Words(string.Formatter):
    """Fill in a text: names in _pence as pounds, dates as a person writes them, counts with their noun."""

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> int | str:
        first, _, last = str(key).partition("~")
        value = kwargs[first]
        if value is None:
            return "not known"
        if isinstance(value, date):
            return period(value, kwargs[last]) if last else day(value)
        if isinstance(value, int):
            return pounds(value) if first.endswith("_pence") else value
        return str(value)

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, int):
            return counted(value, format_spec) if format_spec else f"{value:,}"
        return str(value)
