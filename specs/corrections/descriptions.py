"""What each correction is called, what it does, why it is safe and where it applies: corrections.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from specs.errors import SpecificationInvalid
from specs.plain_yaml import NotPlain, read_plain_yaml
from specs.specification import Evidence, FieldFormat, SpecifiedField, first_problem

Words = Annotated[str, StringConstraints(min_length=1)]

CORRECTIONS_FILE = Path(__file__).parents[1] / "corrections.yaml"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldsMeant(_Entry):
    """Which fields of a specification a correction applies to: all that fit every key that is given."""

    formats: tuple[FieldFormat, ...] = ()
    checks: tuple[Words, ...] = ()
    """Checks of `specs.checks`, one of which the field names."""
    names: tuple[Words, ...] = ()
    """Words, one of which stands in the field's published name, in capitals or not."""
    except_checks: tuple[Words, ...] = ()
    except_names: tuple[Words, ...] = ()

    def include(self, field: SpecifiedField) -> bool:
        """Whether the correction applies to a field."""
        checks = {use.name for use in field.checks}
        name = field.name.casefold()
        return (
            (not self.formats or field.format in self.formats)
            and (not self.checks or not checks.isdisjoint(self.checks))
            and (not self.names or any(words in name for words in self.names))
            and checks.isdisjoint(self.except_checks)
            and not any(words in name for words in self.except_names)
        )


class CorrectionExamples(_Entry):
    """Values that the correction changes, with what becomes of them, and values that it leaves alone."""

    changed: tuple[tuple[str, str], ...] = ()
    kept: tuple[str, ...] = ()


class CorrectionDescription(_Entry):
    """One correction in words for people. `proof` is empty where each value decides by itself."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
    title: Words
    does: Words
    safe_because: Words
    proof: str = ""
    fields: FieldsMeant
    limits: dict[str, int] = {}
    """The numbers of the proof: `values`, how many must be there; `one_in`, one value in so many."""
    evidence: Evidence
    examples: CorrectionExamples = CorrectionExamples()


@cache
def correction_descriptions() -> dict[str, CorrectionDescription]:
    """Every correction, by code, in the order in which they are made."""
    return read_correction_descriptions(CORRECTIONS_FILE)


def read_correction_descriptions(path: Path) -> dict[str, CorrectionDescription]:
    """The descriptions in a YAML file, by code, in the file's order.

    Raises:
        SpecificationInvalid: not YAML; an unknown, missing, empty or repeated key; a code given twice. The
            message names the file and the key.
    """
    try:
        content, _lines = read_plain_yaml(path.read_bytes(), trusted=path == CORRECTIONS_FILE)
        entries = TypeAdapter(list[CorrectionDescription]).validate_python(content)
    except NotPlain as fault:
        raise SpecificationInvalid(f"{path.name}: {fault}") from fault
    except ValidationError as fault:
        raise SpecificationInvalid(f"{path.name}: {first_problem(fault)}") from fault
    descriptions = {entry.code: entry for entry in entries}
    for entry in entries:
        if descriptions[entry.code] is not entry:
            raise SpecificationInvalid(f"{path.name}: {entry.code}: code given twice")
    return descriptions
