"""What a report says of records that are compared and weighed: its `blocks` and its `compare`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from matching.linkage.keys import KEYS
from matching.linkage.levels import known_comparisons
from specs.specification import Column


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Block(_Entry):
    """Records that agree on all of these keys are compared.

    Where too many agree, those that agree on the keys of `then` as well, one after the other.
    """

    agree: Annotated[tuple[str, ...], Field(min_length=1)]
    then: tuple[str, ...] = ()
    up_to: Annotated[int, Field(gt=0)] | None = None
    """Records in the largest file for which this is worth while: in larger ones, many agree so far by
    chance."""

    @field_validator("agree", "then")
    @classmethod
    def _known_keys(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in KEYS:
                raise ValueError(f"no key called '{name}'; known: {', '.join(KEYS)}")
        return names


class Comparison(_Entry):
    """Columns that are compared together, and how: an entry of comparisons.yaml."""

    by: str
    of: Annotated[tuple[Column, ...], Field(min_length=1)]

    @field_validator("by")
    @classmethod
    def _known_comparison(cls, name: str) -> str:
        if name not in known_comparisons():
            raise ValueError(f"no comparison called '{name}'; known: {', '.join(known_comparisons())}")
        return name
