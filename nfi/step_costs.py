"""What each step of a match costs beside the others, so that the time left can be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from statistics import median
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from matching.report import Report
from nfi.time_left import StepCost
from specs.own_yaml import read_own_yaml

PREPARING = "Preparing records"
RANKING = "Ranking cases"
WRITING = "Writing the cases"

_TABLE = Path(__file__).parent / "step_costs.yaml"
_Cost = Annotated[float, Field(ge=0)]


class StepCosts(BaseModel):
    """What one record costs in each step."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    preparing: dict[str, _Cost]
    """By data set."""
    reports: dict[str, _Cost]
    """By report, for each record of the data sets that it is about."""
    ranking: _Cost
    writing: _Cost


@cache
def step_costs() -> StepCosts:
    """The table as it was measured."""
    return StepCosts.model_validate(read_own_yaml(_TABLE))


def expected_costs(reports: Sequence[Report], rows: Mapping[str, int]) -> tuple[StepCost, ...]:
    """The steps of a match in their order, and what each will cost.

    A report that nobody has measured, such as a body's own, counts as much as one in the middle.

    Args:
        reports: what is asked for; those that need a data set that is not there are left out.
        rows: how many records each data set has.
    """
    costs = step_costs()
    total = sum(rows.values())
    middle = median(costs.reports.values())
    preparing = sum(number * costs.preparing.get(dataset, 0.0) for dataset, number in rows.items())
    return (
        (PREPARING, preparing),
        *(
            (report.title, costs.reports.get(report.id, middle) * sum(rows[each] for each in report.data))
            for report in reports
            if rows.keys() >= set(report.data)
        ),
        (RANKING, costs.ranking * total),
        (WRITING, costs.writing * total),
    )
