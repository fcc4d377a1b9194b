"""What stands where there is no value: read from placeholders.yaml beside this file."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from specs.errors import SpecificationInvalid
from specs.plain_yaml import NotPlain, read_plain_yaml
from specs.specification import Evidence, first_problem

PLACEHOLDERS_FILE = Path(__file__).with_name("placeholders.yaml")

Words = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+([ /][A-Z0-9]+)*$")]
Year = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]

_CROSSES_OR_NINES = r"X{2,}|9{5,}"
"""XX or 99999 and longer: keyed to get past a field that must be filled."""


class Placeholders(BaseModel):
    """Words that stand for no value, in any text or in any text but names; and days that do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    evidence: Evidence
    anywhere: Annotated[tuple[Words, ...], Field(min_length=1)]
    not_in_names: tuple[Words, ...]
    dates: tuple[date, ...]
    years_out_of_range: tuple[Year, ...]


@cache
def placeholders() -> Placeholders:
    """The placeholders that nfi knows."""
    return read_placeholders(PLACEHOLDERS_FILE)


def read_placeholders(path: Path) -> Placeholders:
    """The placeholders in a YAML file.

    Raises:
        SpecificationInvalid: not YAML, an unknown or missing key, words that are not in capitals.
    """
    try:
        content, _lines = read_plain_yaml(path.read_bytes(), trusted=path == PLACEHOLDERS_FILE)
        return Placeholders.model_validate(content)
    except NotPlain as fault:
        raise SpecificationInvalid(f"{path.name}: {fault}") from fault
    except ValidationError as fault:
        raise SpecificationInvalid(f"{path.name}: {first_problem(fault)}") from fault


@cache
def placeholder_screen() -> str:
    """What matches every placeholder and little else, for the expressions of Arrow.

    Letters that are not English count as none here: that is fifty times as fast to begin with.
    """
    known = placeholders()
    gap = r"[^0-9A-Za-z]"
    words = "|".join(
        re.escape(each).replace(r"\ ", f"{gap}+") for each in known.anywhere + known.not_in_names
    )
    return rf"^(?:{gap}*(?i:{words}|{_CROSSES_OR_NINES}){gap}*|{gap}+)$"


def is_placeholder(text: pa.Array, *, in_names: bool = False) -> pa.Array:
    """Whether each value stands for none; null for null."""
    may_be = pc.match_substring_regex(text, placeholder_screen())
    if not pc.any(may_be).as_py():
        return may_be
    few = pc.fill_null(may_be, False)
    return pc.replace_with_mask(may_be, few, _is_one(text.filter(few), in_names=in_names))


def _is_one(text: pa.Array, *, in_names: bool) -> pa.Array:
    known = placeholders()
    words = known.anywhere if in_names else known.anywhere + known.not_in_names
    folded = pc.utf8_trim(pc.replace_substring_regex(pc.utf8_upper(text), r"[^\pL\pN/]+", " "), " /")
    return pc.or_(
        pc.is_in(folded, pa.array(["", *words])),
        pc.match_substring_regex(folded, rf"^(?:{_CROSSES_OR_NINES})$"),
    )
