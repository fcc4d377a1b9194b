"""What each check is called, how much it matters and what it says: read from checks.yaml beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from specs.errors import SpecificationInvalid
from specs.plain_yaml import NotPlain, read_plain_yaml
from specs.specification import Evidence, Severity, first_problem

Words = Annotated[str, StringConstraints(min_length=1)]

CHECKS_FILE = Path(__file__).with_name("checks.yaml")


class CheckDescription(BaseModel):
    """One check in words for people. `severity` is 'specified' where the specification sets it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
    title: Words
    severity: Severity | Literal["specified"]
    message: Words
    guidance: Words
    evidence: Evidence


@cache
def check_descriptions() -> dict[str, CheckDescription]:
    """Every check that can raise a finding, by code, in the order of checks.yaml."""
    return read_check_descriptions(CHECKS_FILE)


def read_check_descriptions(path: Path) -> dict[str, CheckDescription]:
    """The descriptions in a YAML file, by code, in the file's order.

    Raises:
        SpecificationInvalid: not YAML; an unknown, missing, empty or repeated key; a code given twice; an
            error that rests on recalled evidence. The message names the file and the key.
    """
    try:
        content, _lines = read_plain_yaml(path.read_bytes(), trusted=path == CHECKS_FILE)
        entries = TypeAdapter(list[CheckDescription]).validate_python(content)
    except NotPlain as fault:
        raise SpecificationInvalid(f"{path.name}: {fault}") from fault
    except ValidationError as fault:
        raise SpecificationInvalid(f"{path.name}: {first_problem(fault)}") from fault
    descriptions = {entry.code: entry for entry in entries}
    for entry in entries:
        if descriptions[entry.code] is not entry:
            raise SpecificationInvalid(f"{path.name}: {entry.code}: code given twice")
        if entry.severity is Severity.ERROR and entry.evidence in {"recalled", "not confirmed"}:
            raise SpecificationInvalid(f"{path.name}: {entry.code}: an error needs better evidence than that")
    return descriptions
